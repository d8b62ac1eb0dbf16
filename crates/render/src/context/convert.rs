//! Values of templates as dbt copies and names them.

use glueline_template::{Key, Value};

/// A copy that shares nothing with what it is copied from: what dbt's `to_dict()` and `deepcopy` give.
pub(crate) fn deep_copy(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::list(items.items().iter().map(deep_copy).collect()),
        Value::Dict(entries) => {
            let copy = glueline_template::Dict::default();
            for (key, value) in entries.items() {
                if let Some(hashed) = Key::of(&key) {
                    copy.insert(hashed, key, deep_copy(&value));
                }
            }
            Value::Dict(std::sync::Arc::new(copy))
        }
        other => other.clone(),
    }
}

/// What Python prints for `type(value)`.
pub(crate) fn class_of(value: &Value) -> String {
    match value {
        Value::Undefined(_) => "<class 'jinja2.runtime.Undefined'>".to_owned(),
        other => format!("<class '{}'>", other.type_name()),
    }
}
