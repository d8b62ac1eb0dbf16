//! Python's values, as templates see them.

mod dict;
mod key;
mod list;
mod set_order;
mod text;

use std::sync::Arc;

pub use dict::{Dict, Set};
pub use key::Key;
pub use list::List;
pub use text::Str;

use crate::Native;

/// A value of a template, with Python's types. Copies of lists, dicts and sets are the same object, as in Python.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// What a name that nothing defines stands for; prints as nothing, and most uses are an error.
    Undefined(Arc<Undefined>),
    /// `None`.
    #[default]
    None,
    /// `bool`.
    Bool(bool),
    /// `int`; numbers beyond 64 bits are not supported and end in an error.
    Int(i64),
    /// `float`.
    Float(f64),
    /// `str`.
    Str(Str),
    /// `list`.
    List(Arc<List>),
    /// `tuple`.
    Tuple(Arc<[Value]>),
    /// `dict`.
    Dict(Arc<Dict>),
    /// `set`.
    Set(Arc<Set>),
    /// Anything else: a function, a relation, a date.
    Native(Arc<dyn Native>),
}

/// Drops values without recursion: lists within lists may be nested deeper than the stack is.
fn dismantle(mut values: Vec<Value>) {
    while let Some(value) = values.pop() {
        match value {
            Value::List(list) => {
                if let Some(list) = Arc::into_inner(list) {
                    values.append(&mut list.lock());
                }
            }
            Value::Dict(dict) => {
                if let Some(dict) = Arc::into_inner(dict) {
                    let entries = std::mem::take(&mut *dict.lock());
                    values.extend(entries.into_values().map(|(_, value)| value));
                }
            }
            Value::Tuple(mut items) => {
                if let Some(items) = Arc::get_mut(&mut items) {
                    values.extend(items.iter_mut().map(std::mem::take));
                }
            }
            _ => {}
        }
    }
}

/// Whether dropping a value may drop others.
const fn holds_others(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Dict(_) | Value::Tuple(_))
}

/// Why a value is undefined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undefined {
    /// What Jinja2 says when it is used: `'x' is undefined`.
    pub message: String,
    /// Whether it may be called and looked into, as dbt lets it while it parses a node (`dbt_common/clients/jinja.py`,
    /// `create_undefined`).
    pub is_lenient: bool,
}

impl Value {
    /// A text without marks.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Str::plain_from(text.as_ref()))
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(List::new(items)))
    }

    /// A tuple.
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::Tuple(items.into())
    }

    /// A dict with texts as keys.
    pub fn dict<K: AsRef<str>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        let dict = Dict::default();
        for (key, value) in entries {
            dict.insert_str(key.as_ref(), value);
        }
        Self::Dict(Arc::new(dict))
    }

    /// An object.
    pub fn native(object: impl Native + 'static) -> Self {
        Self::Native(Arc::new(object))
    }

    /// A name that nothing defines.
    pub fn undefined_name(name: &str) -> Self {
        Self::undefined(format!("'{name}' is undefined"))
    }

    /// An undefined value with what Jinja2 says when it is used.
    pub fn undefined(message: String) -> Self {
        Self::Undefined(Arc::new(Undefined {
            message,
            is_lenient: false,
        }))
    }

    /// An undefined name that may be called and looked into.
    pub(crate) fn lenient_name(name: &str) -> Self {
        Self::Undefined(Arc::new(Undefined {
            message: format!("'{name}' is undefined"),
            is_lenient: true,
        }))
    }

    /// Whether it is undefined, and may be called and looked into.
    pub(crate) fn is_lenient(&self) -> bool {
        matches!(self, Self::Undefined(undefined) if undefined.is_lenient)
    }

    /// Whether it is undefined.
    pub const fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined(_))
    }

    /// Whether it is `None`.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The text if it is a `str`, without marks.
    pub fn as_str(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Str(text) => Some(text.plain()),
            _ => None,
        }
    }

    /// The object, if it is one of this type.
    pub fn downcast<T: Native + 'static>(&self) -> Option<&T> {
        match self {
            Self::Native(object) => (&**object as &dyn std::any::Any).downcast_ref(),
            _ => None,
        }
    }

    /// Whether Python takes it for true.
    pub fn truth(&self) -> bool {
        match self {
            Self::Undefined(_) | Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Tuple(items) => !items.is_empty(),
            Self::Dict(dict) => !dict.is_empty(),
            Self::Set(set) => !set.is_empty(),
            Self::Native(object) => object.truth(),
        }
    }

    /// Python's name of the type: `type(x).__name__`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Undefined(_) => "Undefined",
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Native(object) => object.type_name(),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(Str::plain_from(&text))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::None, Self::str)
    }
}
