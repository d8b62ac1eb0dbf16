//! What relations are made of.

use std::sync::Arc;

use glueline_base::Value as BaseValue;
use glueline_template::{Args, Cx, Error, Native, Value};

/// What a relation is in the catalog (`dbt/adapters/contracts/relation.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationType {
    Table,
    View,
    Cte,
    MaterializedView,
    Ephemeral,
    External,
    PointerTable,
    Function,
}

impl RelationType {
    /// Every type with the name that the class of relations gives it.
    pub(crate) const ALL: [(Self, &'static str); 8] = [
        (Self::Table, "Table"),
        (Self::View, "View"),
        (Self::Cte, "CTE"),
        (Self::MaterializedView, "MaterializedView"),
        (Self::Ephemeral, "Ephemeral"),
        (Self::External, "External"),
        (Self::PointerTable, "PointerTable"),
        (Self::Function, "Function"),
    ];

    /// dbt's word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::Cte => "cte",
            Self::MaterializedView => "materialized_view",
            Self::Ephemeral => "ephemeral",
            Self::External => "external",
            Self::PointerTable => "pointer_table",
            Self::Function => "function",
        }
    }

    /// The type of a word.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .map(|(kind, _)| kind)
            .find(|kind| kind.name() == name)
    }
}

/// Which parts of a name are quoted, or written at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) database: bool,
    pub(crate) schema: bool,
    pub(crate) identifier: bool,
}

impl Policy {
    /// No part.
    pub(crate) const NONE: Self = Self {
        database: false,
        schema: false,
        identifier: false,
    };

    /// The flag of a part.
    pub(crate) fn part_mut(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "database" => &mut self.database,
            "schema" => &mut self.schema,
            "identifier" => &mut self.identifier,
            _ => return None,
        })
    }

    /// Takes over what a `quoting:` of YAML says; what is null or no boolean is left as it was.
    pub(crate) fn read(&mut self, quoting: &BaseValue) {
        for name in PARTS {
            let said = quoting.get(name).map(|node| &node.value);
            if let (Some(BaseValue::Bool(said)), Some(flag)) = (said, self.part_mut(name)) {
                *flag = *said;
            }
        }
    }

    /// Takes over what a dict, or another policy, says; what is `None` is left as it was.
    pub(crate) fn merge(&mut self, value: &Value) {
        if let Some(policy) = value.downcast::<PolicyObject>() {
            *self = policy.policy;
            return;
        }
        let Value::Dict(dict) = value else { return };
        for name in PARTS {
            let said = dict.get_str(name).filter(|said| !said.is_none());
            if let (Some(said), Some(flag)) = (said, self.part_mut(name)) {
                *flag = said.truth();
            }
        }
    }

    /// The flags by name.
    pub(crate) fn to_dict(self) -> Value {
        Value::dict([
            ("database", Value::Bool(self.database)),
            ("schema", Value::Bool(self.schema)),
            ("identifier", Value::Bool(self.identifier)),
        ])
    }
}

/// The names of the parts, in the order in which they are written.
pub(super) const PARTS: [&str; 3] = ["database", "schema", "identifier"];

/// What a dataclass of Python says of an argument that is none of its fields.
pub(super) fn unexpected(class: &str, name: &str) -> Error {
    Error::type_error(format!(
        "{class}.__init__() got an unexpected keyword argument '{name}'"
    ))
}

/// A [`Policy`] as templates see it.
#[derive(Debug)]
pub(crate) struct PolicyObject {
    pub(crate) class: &'static str,
    pub(crate) policy: Policy,
}

impl Native for PolicyObject {
    fn type_name(&self) -> &'static str {
        self.class
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let mut policy = self.policy;
        Ok(policy.part_mut(name).map(|flag| Value::Bool(*flag)))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        self.attr(cx, &key.as_str()?).transpose()
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        match name {
            "to_dict" => Some(Ok(self.policy.to_dict())),
            "get" => Some(get(self, cx, args)),
            "replace" | "incorporate" => {
                let mut policy = self.policy;
                for (key, value) in &args.keywords {
                    match policy.part_mut(key) {
                        Some(flag) => *flag = value.truth(),
                        None if name == "replace" => return Some(Err(unexpected(self.class, key))),
                        None => {}
                    }
                }
                Some(Ok(Value::native(Self { policy, ..*self })))
            }
            _ => None,
        }
    }

    fn text(&self) -> String {
        let word = |flag: bool| if flag { "True" } else { "False" };
        format!(
            "{}(database={}, schema={}, identifier={})",
            self.class,
            word(self.policy.database),
            word(self.policy.schema),
            word(self.policy.identifier)
        )
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>()?.policy == self.policy)
    }
}

/// Where a relation is. Any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path {
    pub(crate) database: Option<Arc<str>>,
    pub(crate) schema: Option<Arc<str>>,
    pub(crate) identifier: Option<Arc<str>>,
}

impl Path {
    /// A part by its name.
    pub(crate) fn part_mut(&mut self, name: &str) -> Option<&mut Option<Arc<str>>> {
        Some(match name {
            "database" => &mut self.database,
            "schema" => &mut self.schema,
            "identifier" => &mut self.identifier,
            _ => return None,
        })
    }

    /// The parts with their names.
    pub(crate) fn parts(&self) -> [(&'static str, &Option<Arc<str>>); 3] {
        [
            ("database", &self.database),
            ("schema", &self.schema),
            ("identifier", &self.identifier),
        ]
    }

    /// The parts by name.
    pub(crate) fn to_dict(&self) -> Value {
        Value::dict(
            self.parts()
                .map(|(name, part)| (name, Value::from(part.as_deref()))),
        )
    }
}

impl Native for Path {
    fn type_name(&self) -> &'static str {
        "Path"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let found = self.parts().into_iter().find(|(part, _)| *part == name);
        Ok(found.map(|(_, part)| Value::from(part.as_deref())))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        self.attr(cx, &key.as_str()?).transpose()
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        match name {
            "to_dict" => Some(Ok(self.to_dict())),
            "get" => Some(get(self, cx, args)),
            _ => None,
        }
    }

    fn text(&self) -> String {
        let parts = self.parts().map(|(name, part)| {
            let value = glueline_template::repr(&Value::from(part.as_deref()));
            format!("{name}={value}")
        });
        format!("Path({})", parts.join(", "))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>()? == self)
    }
}

/// `get(key, default)` of an object whose items are its attributes.
pub(super) fn get(object: &dyn Native, cx: &Cx, args: &Args) -> Result<Value, Error> {
    let [key, default] = args.clone().bind("get", ["key", "default"], 1)?;
    let key = key.as_ref().and_then(Value::as_str).unwrap_or_default();
    let found = object.attr(cx, &key)?.filter(|value| !value.is_undefined());
    Ok(found.or(default).unwrap_or_default())
}

/// A method of an object, not called yet.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) object: Value,
    pub(crate) class: &'static str,
    pub(crate) name: Arc<str>,
}

impl Native for Bound {
    fn type_name(&self) -> &'static str {
        "method"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        cx.call_method(&self.object, &self.name, args)
    }

    fn text(&self) -> String {
        format!(
            "<bound method {}.{} of {}>",
            self.class,
            self.name,
            glueline_template::repr(&self.object)
        )
    }
}
