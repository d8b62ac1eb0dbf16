//! Session settings in a node's `meta`: which names they are, and what dbt-glue does with a value it cannot use.
//!
//! `open` in `dbt/adapters/glue/connections.py` puts a truthy value in the place of the credential, unchecked. What then
//! happens to a value of the wrong type was tried key by key with dbt-glue 1.12.4: some are written into a text and do
//! no harm, others stop the node.

use glueline_base::Value;

use crate::profile_key;

/// Names that people use in `meta` for notes of their own, and that are settings of the session all the same.
pub const NOTES_IN_META: &[&str] = &["connections", "location", "packages", "region", "schema", "tags"];

/// What a setting has to be for the session to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaValue {
    /// A whole number; a boolean counts as 1.
    Integer,
    /// Any number.
    Number,
    /// A text.
    Text,
    /// A text of pairs: `a=1,b=2`. A piece without `=` fails.
    Pairs,
    /// The ARN of a role: `botocore` takes no text shorter than 20 characters.
    Role,
    /// A retry mode of `botocore`.
    RetryMode,
}

/// The settings that stop a node when their value is not of this kind. Those that are not listed never do.
const NEEDS: &[(&str, MetaValue)] = &[
    ("boto_retry_max_attempts", MetaValue::Number),
    ("boto_retry_mode", MetaValue::RetryMode),
    ("connections", MetaValue::Text),
    ("default_arguments", MetaValue::Pairs),
    ("group_session_id", MetaValue::Text),
    ("idle_timeout", MetaValue::Integer),
    ("query_timeout_in_minutes", MetaValue::Integer),
    ("region", MetaValue::Text),
    ("role_arn", MetaValue::Role),
    ("session_provisioning_timeout_in_seconds", MetaValue::Number),
    ("tags", MetaValue::Pairs),
    ("worker_type", MetaValue::Text),
    ("workers", MetaValue::Integer),
];

/// Whether a key of `meta` overrides a setting of the profile and opens a session for the node.
pub fn is_session_setting(name: &str) -> bool {
    profile_key(name).is_some_and(|key| key.profile.meta_override && key.name != "group_session_id")
}

/// What a key of `meta` has to hold for the session to start; `None` where anything will do.
pub fn meta_needs(name: &str) -> Option<MetaValue> {
    let at = NEEDS.binary_search_by_key(&name, |(key, _)| *key).ok()?;
    NEEDS.get(at).map(|(_, needs)| *needs)
}

impl MetaValue {
    /// Whether the session starts with a value; `None` where that cannot be known.
    pub fn accepts(self, value: &Value) -> Option<bool> {
        Some(match (self, value) {
            (_, Value::Unknown) => return None,
            (Self::Integer, _) => matches!(value, Value::Int(_) | Value::Bool(_)),
            (Self::Number, _) => matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_)),
            (Self::Text, _) => matches!(value, Value::Str(_)),
            (Self::Pairs, Value::Str(text)) => text.split(',').all(|pair| pair.contains('=')),
            (Self::Role, Value::Str(text)) => text.chars().count() >= 20,
            (Self::RetryMode, Value::Str(text)) => {
                profile_key("boto_retry_mode").is_none_or(|key| key.allows(text))
            }
            (Self::Pairs | Self::Role | Self::RetryMode, _) => false,
        })
    }

    /// The kind in words, to complete "it has to be ...".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Pairs => "a text such as `key=value,key=value`",
            Self::Role => "the ARN of a role",
            Self::RetryMode => "`legacy`, `standard` or `adaptive`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_setting_that_meta_overrides() {
        assert!(NEEDS.is_sorted_by_key(|(name, _)| *name) && NOTES_IN_META.is_sorted());
        for name in NEEDS.iter().map(|(name, _)| name).chain(NOTES_IN_META) {
            assert!(
                profile_key(name).is_some_and(|key| key.profile.meta_override),
                "{name}"
            );
        }
        assert!(is_session_setting("tags") && !is_session_setting("owner"));
        assert!(!is_session_setting("database") && !is_session_setting("group_session_id"));
    }

    #[test]
    fn values_are_taken_as_the_adapter_takes_them() {
        let accepts = |name: &str, value: Value| meta_needs(name).unwrap().accepts(&value);
        let cases = [
            ("workers", Value::Int(5), Some(true)),
            ("role_arn", Value::str("GlueRole"), Some(false)),
            (
                "role_arn",
                Value::str("arn:aws:iam::123456789012:role/Glue"),
                Some(true),
            ),
            ("boto_retry_mode", Value::str("foo"), Some(false)),
            ("boto_retry_mode", Value::str("legacy"), Some(true)),
            ("workers", Value::Bool(true), Some(true)),
            ("workers", Value::str("50"), Some(false)),
            ("workers", Value::Float(5.5), Some(false)),
            ("workers", Value::Unknown, None),
            (
                "session_provisioning_timeout_in_seconds",
                Value::Float(120.5),
                Some(true),
            ),
            ("boto_retry_max_attempts", Value::str("10"), Some(false)),
            ("worker_type", Value::Int(2), Some(false)),
            ("tags", Value::str("pii"), Some(false)),
            ("tags", Value::str("a=b"), Some(true)),
            ("tags", Value::str("a=b,"), Some(false)),
            ("tags", Value::List(Vec::new()), Some(false)),
        ];
        for (name, value, expected) in cases {
            assert_eq!(accepts(name, value.clone()), expected, "{name} {value:?}");
        }
        assert!(meta_needs("conf").is_none());
    }
}
