//! `api`: the classes of relations and columns.

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, ErrorKind, Native, Value};

use crate::column::ColumnClass;
use crate::relation::{Bound, Policy, class_attr, class_method, project_quoting};
use crate::renderer::Shared;

/// The value of `api` (`dbt/context/providers.py`, `api`).
pub(crate) fn api(shared: &Arc<Shared>) -> Value {
    Value::dict([
        ("Relation", relation_class(shared)),
        ("Column", Value::native(ColumnClass)),
    ])
}

/// The class of relations as templates get it: what it makes is quoted as the project says (`RelationProxy`).
pub(crate) fn relation_class(shared: &Arc<Shared>) -> Value {
    Value::native(RelationClass {
        quote: project_quoting(&shared.project),
    })
}

#[derive(Debug, Clone, Copy)]
struct RelationClass {
    quote: Policy,
}

/// The methods of the class, for those who take one without calling it.
const METHODS: [&str; 6] = [
    "add_ephemeral_prefix",
    "create",
    "create_from",
    "get_default_include_policy",
    "get_default_quote_policy",
    "scd_args",
];

impl Native for RelationClass {
    fn type_name(&self) -> &'static str {
        "RelationProxy"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RelationProxy".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        if METHODS.contains(&name) {
            return Ok(Some(Value::native(Bound {
                object: Value::native(*self),
                class: "RelationProxy",
                name: name.into(),
            })));
        }
        Ok(class_attr(name))
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if name == "create_from" {
            return Some(create_from(args.clone()));
        }
        class_method(name, args.clone(), self.quote).or_else(|| unbound(cx, name, args))
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RelationProxy object>".to_owned()
    }
}

/// A method of objects called on the class: the object comes first.
fn unbound(cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    let (object, rest) = args.positional.split_first()?;
    object.downcast::<crate::relation::Relation>()?;
    let rest = Args {
        positional: rest.to_vec(),
        keywords: args.keywords.clone(),
    };
    Some(cx.call_method(object, name, rest))
}

/// `create_from` needs objects that no template has: dicts lack the attributes that it reads.
fn create_from(args: Args) -> Result<Value, Error> {
    let [_, relation, _] = args.bind(
        "SparkRelation.create_from",
        ["quoting", "relation_config", "quote_policy"],
        2,
    )?;
    Err(Error::new(
        ErrorKind::Python("AttributeError"),
        format!(
            "'{}' object has no attribute 'quoting_dict'",
            relation.unwrap_or_default().type_name()
        ),
    ))
}
