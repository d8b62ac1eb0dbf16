//! Values of YAML files as values of templates, and back.

use glueline_base::{MapEntry, Spanned, Value as Base};

use std::sync::Arc;

use crate::{Dict, Key, Value};

/// The value of a template for a value of a YAML file. What is not known becomes an undefined value.
pub fn from_base(value: &Base) -> Value {
    match value {
        Base::Null => Value::None,
        Base::Bool(value) => Value::Bool(*value),
        Base::Int(value) => Value::Int(*value),
        Base::Float(value) => Value::Float(*value),
        Base::Str(text) => Value::str(text),
        Base::Date(text) => super::modules::datetime::of_text(text).unwrap_or_else(|| Value::str(text)),
        Base::List(items) => Value::list(items.iter().map(|item| from_base(&item.value)).collect()),
        Base::Map(entries) => {
            let dict = Dict::default();
            for entry in entries {
                insert(&dict, entry, from_base(&entry.value.value));
            }
            Value::Dict(Arc::new(dict))
        }
        Base::Unknown => Value::undefined("the value is not known without running it".to_owned()),
    }
}

/// Sets a value under the key of an entry of a YAML file.
pub fn insert(dict: &Dict, entry: &MapEntry, value: Value) {
    let typed = entry.typed.as_deref().map(from_base);
    match typed.and_then(|key| Some((Key::of(&key)?, key))) {
        Some((key, written)) => dict.insert(key, written, value),
        None => dict.insert_str(&entry.key.value, value),
    }
}

/// The value as other crates know it, without places. Objects that YAML has no form for are not known.
pub fn to_base(value: &Value) -> Base {
    to_base_within(value, 0)
}

fn to_base_within(value: &Value, depth: usize) -> Base {
    if depth > 100 {
        return Base::Unknown;
    }
    let list = |items: &[Value]| {
        Base::List(
            items
                .iter()
                .map(|item| Spanned::new(to_base_within(item, depth + 1), glueline_base::range(0, 0)))
                .collect(),
        )
    };
    match value {
        Value::None => Base::Null,
        Value::Bool(value) => Base::Bool(*value),
        Value::Int(value) => Base::Int(*value),
        Value::Float(value) => Base::Float(*value),
        Value::Str(text) => Base::Str(text.to_plain()),
        Value::List(items) => list(&items.items()),
        Value::Tuple(items) => list(items),
        Value::Dict(dict) => Base::Map(
            dict.items()
                .iter()
                .map(|(key, value)| {
                    let key = match key {
                        Value::Str(text) => Base::Str(text.to_plain()),
                        other => match to_base_within(other, depth + 1) {
                            Base::Unknown => Base::Str(super::to_str(other).to_plain()),
                            key => key,
                        },
                    };
                    let none = glueline_base::range(0, 0);
                    MapEntry::of(
                        Spanned::new(key, none),
                        Spanned::new(to_base_within(value, depth + 1), none),
                    )
                })
                .collect(),
        ),
        value if super::modules::datetime::is_date(value) => Base::Date(super::to_str(value).to_plain()),
        Value::Undefined(_) | Value::Set(_) | Value::Native(_) => Base::Unknown,
    }
}
