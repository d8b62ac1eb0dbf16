//! What tests against recordings share.

use serde_json::Value;

/// JSON as Python writes it with its keys sorted.
pub(crate) fn sorted(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), sorted(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(sorted).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
