//! The names and ids that dbt gives to generic tests (`dbt/parser/generic_test_builders.py`,
//! `dbt/parser/schema_generic_tests.py`).

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{Spanned, Value};
use md5::{Digest, Md5};

use crate::facts::properties::TestUse;

/// What a generic test is put on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    /// The resource's name: the model's, or the source table's.
    pub(crate) name: &'a str,
    /// The version of a model.
    pub(crate) version: Option<&'a str>,
    /// The source's name, for a source table.
    pub(crate) source: Option<&'a str>,
    /// The column, for a test of a column.
    pub(crate) column: Option<&'a str>,
}

/// A generic test as dbt names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The node's name.
    pub(crate) name: Arc<str>,
    /// The last part of its unique id.
    pub(crate) hash: String,
    /// The alias, where the name is too long for one.
    pub(crate) alias: Option<Arc<str>>,
}

/// Keys of a test that are configs and not arguments (`TestBuilder.CONFIG_ARGS`).
pub const CONFIG_ARGUMENTS: [&str; 15] = [
    "severity",
    "tags",
    "enabled",
    "where",
    "limit",
    "warn_if",
    "error_if",
    "fail_calc",
    "store_failures",
    "store_failures_as",
    "sql_header",
    "meta",
    "database",
    "schema",
    "alias",
];

/// Names a test.
pub(crate) fn name(use_: &TestUse, target: Target<'_>) -> Named {
    let (namespace, test) = match use_.test.value.split_once('.') {
        Some((namespace, test)) => (Some(namespace), test),
        None => (None, &*use_.test.value),
    };
    let column = target.column.map(Value::str);
    let mut arguments: Vec<(&str, &Value)> = use_
        .arguments
        .iter()
        .map(|(key, value)| (&*key.value, &value.value))
        .filter(|(key, _)| !CONFIG_ARGUMENTS.contains(key))
        // The column that a test stands at goes before one that is written (`extract_test_args`).
        .filter(|(key, _)| column.is_none() || *key != "column_name")
        .chain(column.iter().map(|column| ("column_name", column)))
        .collect();
    arguments.sort_by_key(|(key, _)| *key);
    arguments.dedup_by_key(|(key, _)| *key);

    let (name, alias) = match &use_.name {
        Some(name) => (name.value.clone(), None),
        None => synthesized(namespace, test, target, &arguments),
    };
    let hash = hash(&name, namespace, test, target, &arguments);
    Named { name, hash, alias }
}

fn synthesized(
    namespace: Option<&str>,
    test: &str,
    target: Target<'_>,
    arguments: &[(&str, &Value)],
) -> (Arc<str>, Option<Arc<str>>) {
    let kind = if target.source.is_some() {
        format!("source_{test}")
    } else {
        test.to_owned()
    };
    let kind = namespace.map_or(kind.clone(), |namespace| format!("{namespace}_{kind}"));
    let resource = match (target.source, target.version) {
        (Some(source), _) => format!("{source}_{}", target.name),
        (None, Some(version)) => format!("{}_v{version}", target.name),
        (None, None) => target.name.to_owned(),
    };
    let identifier = format!("{kind}_{resource}");
    let parts: Vec<String> = arguments
        .iter()
        .flat_map(|(_, value)| flat(value))
        .map(|part| clean(&part))
        .collect();
    let full = format!("{identifier}_{}", parts.join("__"));
    if full.chars().count() < 64 {
        return (full.into(), None);
    }
    let start: String = identifier.chars().take(30).collect();
    let short = format!("{start}_{}", md5_hex(&full));
    (full.into(), Some(short.into()))
}

fn flat(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().map(|item| item.value.display()).collect(),
        Value::Map(entries) => entries.iter().map(|entry| entry.value.value.display()).collect(),
        other => vec![other.display()],
    }
}

/// Every run of characters outside `[0-9a-zA-Z_]` becomes one `_`.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_run = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
            in_run = false;
        } else if !in_run {
            out.push('_');
            in_run = true;
        }
    }
    out
}

fn hash(
    name: &str,
    namespace: Option<&str>,
    test: &str,
    target: Target<'_>,
    arguments: &[(&str, &Value)],
) -> String {
    let call = match (target.source, target.version) {
        (Some(source), _) => format!("source('{source}', '{}')", target.name),
        (None, Some(version)) => format!("ref('{}', version='{version}')", target.name),
        (None, None) => format!("ref('{}')", target.name),
    };
    let model = Value::str(format!("{{{{ get_where_subquery({call}) }}}}"));
    let mut kwargs: Vec<(&str, &Value)> = arguments.to_vec();
    kwargs.push(("model", &model));
    kwargs.sort_by_key(|(key, _)| *key);
    let mut metadata = String::from("{'kwargs': {");
    for (index, (key, value)) in kwargs.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let _ = write!(
            metadata,
            "{separator}{}: {}",
            Value::str(*key).repr(),
            hashable(value)
        );
    }
    let namespace = namespace.unwrap_or("None");
    let _ = write!(
        metadata,
        "}}, 'name': {}, 'namespace': {}}}",
        quoted(test),
        quoted(namespace)
    );
    let full = md5_hex(&format!("{name}{metadata}"));
    full.chars().skip(full.len() - 10).collect()
}

fn quoted(text: &str) -> String {
    Value::str(text).repr()
}

/// Mappings sorted, and every scalar as text.
fn hashable(value: &Value) -> String {
    match value {
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| hashable(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let mut sorted: Vec<(&str, &Spanned<Value>)> = entries
                .iter()
                .map(|entry| (&*entry.key.value, &entry.value))
                .collect();
            sorted.sort_by_key(|(key, _)| *key);
            let entries: Vec<_> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), hashable(&value.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        scalar => quoted(&scalar.display()),
    }
}

/// The MD5 of a text in hexadecimal digits.
pub(crate) fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(32), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[cfg(test)]
mod tests {
    use glueline_base::range;

    use super::*;

    fn at<T>(value: T) -> Spanned<T> {
        Spanned::new(value, range(0, 0))
    }

    fn test_use(test: &str, arguments: Vec<(&str, Value)>) -> TestUse {
        TestUse {
            test: at(test.into()),
            name: None,
            arguments: arguments
                .into_iter()
                .map(|(key, value)| (at(key.into()), at(value)))
                .collect(),
            config: None,
            range: range(0, 0),
        }
    }

    #[test]
    fn names_and_hashes_are_dbts() {
        let people = |column| Target {
            name: "people",
            version: None,
            source: None,
            column: Some(column),
        };
        let values = Value::List(vec![
            at(Value::str("a")),
            at(Value::str("b")),
            at(Value::str("c")),
        ]);
        // Recorded from dbt-core 1.12.6.
        let named = name(
            &test_use("accepted_values", vec![("values", values)]),
            people("status"),
        );
        assert_eq!(&*named.name, "accepted_values_people_status__a__b__c");
        assert_eq!(named.hash, "0f36ad19f6");
        let named = name(&test_use("not_null", vec![]), people("id"));
        assert_eq!((&*named.name, &*named.hash), ("not_null_people_id", "213240d336"));
        let model = Target {
            name: "inv",
            column: None,
            ..people("")
        };
        let column = || vec![("column_name", Value::str("id"))];
        let named = name(&test_use("unique", column()), model);
        assert_eq!((&*named.name, &*named.hash), ("unique_inv_id", "16a52d92ed"));
        let named = name(&test_use("not_null", column()), people("id"));
        assert_eq!((&*named.name, &*named.hash), ("not_null_people_id", "213240d336"));
    }

    #[test]
    fn a_long_name_gets_a_short_alias() {
        let target = Target {
            name: "a_model_with_quite_a_long_name",
            version: Some("2"),
            source: None,
            column: Some("x"),
        };
        let named = name(
            &test_use(
                "relationships",
                vec![("to", Value::str("ref('another_long_name')"))],
            ),
            target,
        );
        assert!(
            named
                .name
                .starts_with("relationships_a_model_with_quite_a_long_name_v2_x__ref_another_long_name_")
        );
        assert_eq!(named.alias.unwrap().chars().count(), 63);
    }
}
