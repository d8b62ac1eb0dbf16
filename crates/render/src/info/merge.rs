//! How layers of configs join (`dbt_common/contracts/config/base.py`, `_merge_field_value`).

use std::sync::Arc;

use glueline_template::{Dict, Key, Value, to_str};

use super::fields::Merge;

/// The value of a config after another layer of it.
pub(super) fn merge(how: Merge, before: &Value, after: Value) -> Value {
    match how {
        Merge::Clobber => after,
        Merge::Append => {
            let mut items = listed(before);
            items.extend(listed(&after));
            Value::list(items)
        }
        Merge::Update => match (before, &after) {
            (Value::Dict(before), Value::Dict(after)) => {
                let joined = Dict::default();
                for (key, value) in before.items().into_iter().chain(after.items()) {
                    if let Some(hashed) = Key::of(&key) {
                        joined.insert(hashed, key, value);
                    }
                }
                Value::Dict(Arc::new(joined))
            }
            // dbt fails; what is written last is the best guess of what is meant.
            _ => after,
        },
        Merge::DictKeyAppend => match (before, &after) {
            (Value::Dict(before), Value::Dict(after)) => append_by_key(before, after),
            _ => after,
        },
    }
}

fn append_by_key(before: &Dict, after: &Dict) -> Value {
    let joined = Dict::default();
    for (key, value) in before.items() {
        joined.insert_str(&to_str(&key).plain(), Value::list(listed(&value)));
    }
    for (key, value) in after.items() {
        let key = to_str(&key).plain().into_owned();
        let bare = key.trim_start_matches('+');
        let mut items = match joined.get_str(bare) {
            Some(known) if bare.len() < key.len() => listed(&known),
            _ => Vec::new(),
        };
        items.extend(listed(&value));
        joined.insert_str(bare, Value::list(items));
    }
    Value::Dict(Arc::new(joined))
}

/// A list as its items; anything else as one.
pub(super) fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.items(),
        other => vec![other.clone()],
    }
}
