//! JSON without what nobody may read.

use glueline_template::{Value as Made, to_json, to_str};
use serde_json::Value;

/// What stands in the place of a secret, as in dbt's own logs.
const MASK: &str = "*****";

/// Keys whose values name things and never hold what a profile or the environment says; a secret that happens to be a name would
/// otherwise make them mean nothing.
const NAMES: [&str; 8] = [
    "unique_id",
    "resource_type",
    "fqn",
    "depends_on",
    "refs",
    "sources",
    "checksum",
    "status",
];

/// How deep a value may be that JSON cannot hold as it is.
const DEEPEST: usize = 8;

/// Writes values as JSON, with secrets masked.
#[derive(Debug)]
pub(crate) struct Writer {
    secrets: Vec<Secret>,
}

#[derive(Debug)]
struct Secret {
    plain: String,
    /// As the two writers of JSON spell it.
    spelt: [String; 2],
}

impl Writer {
    /// `secrets` are those of [`glueline_plan::secrets`].
    pub(crate) fn new(secrets: Vec<String>) -> Self {
        let inner = |quoted: String| quoted.trim_matches('"').to_owned();
        let secrets = secrets.into_iter().map(|plain| Secret {
            spelt: [
                inner(Value::from(plain.as_str()).to_string()),
                inner(to_json(&Made::str(&plain), false).unwrap_or_default()),
            ],
            plain,
        });
        Self {
            secrets: secrets.collect(),
        }
    }

    /// A value of templates. What JSON has no form for, an object in the config of a node for one, is written as it prints.
    pub(crate) fn made(&self, value: &Made) -> String {
        self.masked(lenient(value, 0))
    }

    /// A value.
    pub(crate) fn json(&self, value: &Value) -> String {
        self.masked(value.to_string())
    }

    fn masked(&self, text: String) -> String {
        let holds = |secret: &Secret| {
            let mut spelt = secret.spelt.iter();
            spelt.any(|spelt| text.contains(&**spelt))
        };
        if !self.secrets.iter().any(holds) {
            return text;
        }
        let Ok(mut value) = serde_json::from_str(&text) else {
            return text;
        };
        self.mask(&mut value);
        value.to_string()
    }

    fn mask(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                for secret in &self.secrets {
                    if text.contains(&*secret.plain) {
                        *text = text.replace(&*secret.plain, MASK);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask(item)),
            Value::Object(entries) => {
                for (key, value) in entries {
                    if !NAMES.contains(&&**key) {
                        self.mask(value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn lenient(value: &Made, depth: usize) -> String {
    if let Ok(text) = to_json(value, false) {
        return text;
    }
    let quoted = |text: &str| Value::from(text).to_string();
    match value {
        Made::Dict(dict) if depth < DEEPEST => {
            let entries = dict.items().into_iter().map(|(key, value)| {
                let key = quoted(&to_str(&key).plain());
                format!("{key}: {}", lenient(&value, depth + 1))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Made::List(list) if depth < DEEPEST => {
            let items = list.items();
            let items = items.iter().map(|item| lenient(item, depth + 1));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        other => quoted(&to_str(other).plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_values_and_not_in_names() {
        let writer = Writer::new(vec!["hunter\"2\u{e9}".to_owned()]);
        let value =
            serde_json::json!({"unique_id": "hunter\"2\u{e9}", "message": "it is hunter\"2\u{e9}!", "n": 1});
        assert_eq!(
            writer.json(&value),
            "{\"unique_id\":\"hunter\\\"2\u{e9}\",\"message\":\"it is *****!\",\"n\":1}"
        );
        let made = Made::dict([("message", Made::str("hunter\"2\u{e9}"))]);
        assert_eq!(writer.made(&made), r#"{"message":"*****"}"#);
    }

    #[test]
    fn what_json_has_no_form_for_is_written_as_it_prints() {
        let writer = Writer::new(Vec::new());
        let inner = Made::list(vec![Made::function("f", |_, _| Ok(Made::None)), Made::Int(1)]);
        let text = writer.made(&Made::dict([("a", inner), ("b", Made::Bool(true))]));
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["a"][1], 1);
        assert!(read["a"][0].is_string());
        assert_eq!(read["b"], true);
    }
}
