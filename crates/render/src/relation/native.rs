//! Relations as templates see them.

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, Native, Value, repr};

use super::parts::{PolicyObject, get};
use super::{Bound, Class, Policy, Relation, RelationType, ephemeral_name, fields, runtime_error};

/// The methods of the class, for those who take one without calling it.
const METHODS: &[&str] = &[
    "add_ephemeral_prefix",
    "create",
    "get",
    "get_default_include_policy",
    "get_default_quote_policy",
    "include",
    "incorporate",
    "information_schema",
    "information_schema_only",
    "items",
    "keys",
    "matches",
    "quote",
    "quoted",
    "render",
    "render_event_time_filtered",
    "render_limited",
    "replace",
    "replace_path",
    "scd_args",
    "to_dict",
    "values",
    "without_identifier",
];

impl Native for Relation {
    fn type_name(&self) -> &'static str {
        self.class_name()
    }

    fn qualified_type_name(&self) -> String {
        let module = match self.class {
            Class::Spark => "dbt.adapters.glue.relation",
            Class::InformationSchema(_) => "dbt.adapters.base.relation",
        };
        format!("{module}.{}", self.class_name())
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let text = |part: &Option<Arc<str>>| Value::from(part.as_deref());
        let flag = |flag: Option<bool>| flag.map_or(Value::None, Value::Bool);
        let is = |kind| Value::Bool(self.kind == Some(kind));
        Ok(Some(match name {
            "database" => text(&self.path.database),
            "schema" => text(&self.path.schema),
            "identifier" | "name" | "table" => text(&self.path.identifier),
            "type" => Value::from(self.kind.map(RelationType::name)),
            "path" => Value::native(self.path.clone()),
            "is_table" => is(RelationType::Table),
            "is_view" => is(RelationType::View),
            "is_cte" => is(RelationType::Cte),
            "is_materialized_view" => is(RelationType::MaterializedView),
            "is_pointer" => is(RelationType::PointerTable),
            "is_function" => is(RelationType::Function),
            "can_be_renamed" | "can_be_replaced" => Value::Bool(false),
            "is_delta" => flag(self.is_delta),
            "is_hudi" => flag(self.is_hudi),
            "information" => text(&self.information),
            "limit" => self.limit.map_or(Value::None, Value::Int),
            "dbt_created" => Value::Bool(self.dbt_created),
            "require_alias" => Value::Bool(self.require_alias),
            "catalog" => text(&self.catalog),
            "event_time_filter" => Value::None,
            "quote_character" => Value::from(self.quote_character().to_string()),
            "quote_policy" => Value::native(PolicyObject {
                class: "Policy",
                policy: self.quote,
            }),
            "include_policy" => Value::native(PolicyObject {
                class: "SparkIncludePolicy",
                policy: self.include,
            }),
            "renameable_relations" | "replaceable_relations" => Value::Set(Arc::default()),
            _ if METHODS.contains(&name) => Value::native(Bound {
                object: self.clone().into(),
                class: self.class_name(),
                name: name.into(),
            }),
            _ => return Ok(class_attr(name)),
        }))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        let name = key.as_str()?;
        self.attr(cx, &name).transpose()
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        METHODS
            .contains(&name)
            .then(|| self.method(cx, name, args.clone()))
    }

    fn text(&self) -> String {
        if self.kind == Some(RelationType::Function) {
            self.render()
        } else {
            self.render_filtered()
        }
    }

    fn repr(&self) -> String {
        format!("<{} {}>", self.type_name(), self.render())
    }

    fn is_mapping(&self) -> bool {
        true
    }

    fn no_items(&self) -> Option<Error> {
        Some(self.no_dict())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>().is_some_and(|other| other == self))
    }
}

impl Relation {
    pub(super) const fn class_name(&self) -> &'static str {
        match self.class {
            Class::Spark => "SparkRelation",
            Class::InformationSchema(_) => "InformationSchema",
        }
    }

    fn method(&self, cx: &Cx, name: &str, args: Args) -> Result<Value, Error> {
        Ok(match name {
            "render" => Value::from(self.render()),
            "render_limited" => Value::from(self.render_limited()),
            "render_event_time_filtered" => {
                let [rendered] = args.bind(name, ["rendered"], 0)?;
                rendered
                    .filter(Value::truth)
                    .unwrap_or_else(|| Value::from(self.render()))
            }
            "include" => {
                let mut changed = self.clone();
                change_policy(&mut changed.include, "include", args)?;
                if changed.class == Class::Spark && changed.include.database && changed.include.schema {
                    return Err(runtime_error(
                        "Got a spark relation with schema and database set to include, but only one can be set",
                    ));
                }
                changed.into()
            }
            "quote" => {
                let mut changed = self.clone();
                change_policy(&mut changed.quote, "quote", args)?;
                changed.into()
            }
            "replace" => {
                let mut changed = self.clone();
                changed.replace(&args.keywords)?;
                changed.into()
            }
            "incorporate" => {
                let mut changed = self.clone();
                changed.set_fields(args.keywords.iter().map(|(name, value)| (&**name, value)))?;
                changed.into()
            }
            "replace_path" => {
                let mut changed = self.clone();
                changed.replace_path(&args.keywords)?;
                changed.into()
            }
            "without_identifier" => self.without_identifier().into(),
            "information_schema" => {
                let [view] = args.bind(name, ["view_name"], 0)?;
                let view = view.and_then(|view| Some(Arc::from(&*view.as_str()?)));
                self.information_schema(view).into()
            }
            "information_schema_only" => self.information_schema(None).into(),
            "matches" => self.matches(args)?,
            "get" => {
                let key = args.positional.first().or_else(|| args.keyword("key"));
                match key.and_then(Value::as_str).as_deref() {
                    Some("metadata") => Value::dict([("type", Value::from(self.type_name()))]),
                    _ => get(self, cx, &args)?,
                }
            }
            "to_dict" => {
                let [omit_none] = args.bind(name, ["omit_none"], 0)?;
                self.to_dict(omit_none.is_some_and(|omit| omit.truth()))
            }
            "quoted" => {
                let [identifier] = args.bind(name, ["identifier"], 1)?;
                Value::from(self.quoted(&glueline_template::to_str(&identifier.unwrap_or_default()).plain()))
            }
            "items" | "keys" | "values" => return Err(self.no_dict()),
            _ => return class_method(name, args, Policy::NONE).unwrap_or_else(|| Ok(Value::None)),
        })
    }

    /// What dbt says where a relation is taken for a dict (`DataclassNotDictError`).
    fn no_dict(&self) -> Error {
        Error::compilation(format!(
            "The object (\"{}\") was used as a dictionary. This capability has been removed from objects of this type.",
            self.text()
        ))
    }

    /// Whether the relation has the parts given. Only the case of letters being different is an error.
    fn matches(&self, args: Args) -> Result<Value, Error> {
        let wanted = args.bind("matches", ["database", "schema", "identifier"], 0)?;
        let mut exact = true;
        let mut about = true;
        let mut is_empty = true;
        let mut searched = self.clone();
        for ((name, part), wanted) in self.path.parts().into_iter().zip(wanted) {
            let wanted = wanted.filter(|wanted| !wanted.is_none());
            let wanted = wanted.as_ref().and_then(Value::as_str);
            if let Some(slot) = searched.path.part_mut(name) {
                *slot = wanted.as_deref().map(Arc::from);
            }
            let Some(wanted) = wanted else { continue };
            is_empty = false;
            let lowered = wanted.to_lowercase();
            let own = part.as_deref().unwrap_or("none").to_lowercase();
            exact &= part.as_deref() == Some(&*wanted);
            let mark = self.quote_character();
            about &= own.trim_matches(mark) == lowered.trim_matches(mark);
        }
        if is_empty {
            return Err(runtime_error(
                "Tried to match relation, but no search path was passed!",
            ));
        }
        if about && !exact {
            let (searched, found) = (searched.render(), self.render());
            return Err(Error::compilation(format!(
                "When searching for a relation, dbt found an approximate match. Instead of guessing \n\
                 which relation to use, dbt will move on. Please delete {found}, or rename it to be less ambiguous.\n\
                 Searched for: {searched}\nFound: {found}"
            )));
        }
        Ok(Value::Bool(exact))
    }
}

/// `include()` and `quote()`: what is not said, or `None`, stays.
fn change_policy(policy: &mut Policy, name: &str, args: Args) -> Result<(), Error> {
    let flags = args.bind(
        &format!("BaseRelation.{name}"),
        ["database", "schema", "identifier"],
        0,
    )?;
    for (part, flag) in super::parts::PARTS.into_iter().zip(flags) {
        let flag = flag.filter(|flag| !flag.is_none());
        if let (Some(flag), Some(slot)) = (flag, policy.part_mut(part)) {
            *slot = flag.truth();
        }
    }
    Ok(())
}

/// What the class itself has behind a dot: `api.Relation.View`.
pub(crate) fn class_attr(name: &str) -> Option<Value> {
    if name == "get_relation_type" {
        return Some(Value::native(RelationTypes));
    }
    type_named(name)
}

fn type_named(name: &str) -> Option<Value> {
    RelationType::ALL
        .into_iter()
        .find(|(_, word)| *word == name)
        .map(|(kind, _)| Value::from(kind.name()))
}

/// The methods of the class itself: `api.Relation.create()`. `quote` is what is quoted where the call does not say.
pub(crate) fn class_method(name: &str, args: Args, quote: Policy) -> Option<Result<Value, Error>> {
    Some(match name {
        "create" => create(args, quote),
        "add_ephemeral_prefix" => args.bind(name, ["name"], 1).map(|[name]| {
            let name = glueline_template::to_str(&name.unwrap_or_default());
            Value::from(ephemeral_name(&name.plain()))
        }),
        "scd_args" => args
            .bind(name, ["primary_key", "updated_at"], 2)
            .map(|[key, updated_at]| {
                let mut columns = match key.unwrap_or_default() {
                    Value::List(keys) => keys.items(),
                    key => vec![key],
                };
                columns.push(updated_at.unwrap_or_default());
                Value::list(columns)
            }),
        "get_default_quote_policy" => Ok(Value::native(PolicyObject {
            class: "SparkQuotePolicy",
            policy: Policy::NONE,
        })),
        "get_default_include_policy" => Ok(Value::native(PolicyObject {
            class: "SparkIncludePolicy",
            policy: super::INCLUDE,
        })),
        _ => return None,
    })
}

/// `Relation.create(database, schema, identifier, type, ...)`.
fn create(args: Args, quote: Policy) -> Result<Value, Error> {
    let names = ["database", "schema", "identifier", "type"];
    if args.positional.len() > names.len() {
        return Err(Error::type_error(format!(
            "BaseRelation.create() takes from 1 to 5 positional arguments but {} were given",
            args.positional.len() + 1
        )));
    }
    let mut given: Vec<(Arc<str>, Value)> = names
        .iter()
        .map(|name| Arc::from(*name))
        .zip(args.positional)
        .collect();
    for (name, value) in args.keywords {
        if given.iter().any(|(known, _)| *known == name) {
            return Err(Error::type_error(format!(
                "BaseRelation.create() got multiple values for argument '{name}'"
            )));
        }
        given.push((name, value));
    }
    let mut relation = Relation::create(super::Path::default(), None, quote);
    let path = Value::dict(
        given
            .iter()
            .filter(|(name, _)| super::parts::PARTS.contains(&&**name))
            .map(|(name, value)| (&**name, value.clone())),
    );
    relation.set_fields([("path", &path)])?;
    let others = given.iter().map(|(name, value)| (&**name, value));
    relation.set_fields(others.filter(|(name, _)| *name != "path"))?;
    Ok(relation.into())
}

/// The enumeration of types.
#[derive(Debug)]
struct RelationTypes;

impl Native for RelationTypes {
    fn type_name(&self) -> &'static str {
        "EnumType"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(type_named(name))
    }

    fn call(&self, _cx: &Cx, args: Args) -> Result<Value, Error> {
        let [value] = args.bind("RelationType", ["value"], 1)?;
        let value = value.unwrap_or_default();
        match fields::relation_type(&value) {
            Ok(Some(kind)) => Ok(Value::from(kind.name())),
            _ => Err(Error::value_error(format!(
                "{} is not a valid RelationType",
                repr(&value)
            ))),
        }
    }

    fn text(&self) -> String {
        "<enum 'RelationType'>".to_owned()
    }
}
