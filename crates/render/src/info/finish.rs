//! Configs as dbt hands them out: some as objects, some adjusted to others.

use std::sync::Arc;

use glueline_project::ResourceType;
use glueline_template::{Dict, Value, from_json};

use super::{Record, fields};

/// Turns joined configs into what `config.get()` gives.
pub(super) fn finish(kind: ResourceType, config: &Dict) {
    let replace = |key: &str, change: &dyn Fn(Value) -> Value| {
        if let Some(value) = config.get_str(key) {
            config.insert_str(key, change(value));
        }
    };
    replace("static_analysis", &|value| match value {
        Value::Bool(true) => Value::str("on"),
        Value::Bool(false) => Value::str("off"),
        other => other,
    });
    if kind == ResourceType::Test {
        test(config);
        return;
    }
    if kind == ResourceType::Source {
        replace("freshness", &|value| source_freshness(&value));
        return;
    }
    replace("pre_hook", &|value| hooks(&value));
    replace("post_hook", &|value| hooks(&value));
    replace("docs", &|value| {
        object(
            "Docs",
            &value,
            [("show", Value::Bool(true)), ("node_color", Value::None)],
        )
    });
    replace("contract", &|value| {
        object(
            "ContractConfig",
            &value,
            [
                ("enforced", Value::Bool(false)),
                ("alias_types", Value::Bool(true)),
            ],
        )
    });
    replace("latest_version_pointer", &|value| match value {
        Value::Bool(_) => Record::value(
            "LatestVersionPointer",
            [("enabled", value), ("alias", Value::None)],
        ),
        value => object(
            "LatestVersionPointer",
            &value,
            [("enabled", Value::None), ("alias", Value::None)],
        ),
    });
    if kind == ResourceType::Model {
        replace("freshness", &|value| model_freshness(&value));
    }
    replace("snapshot_meta_column_names", &|value| {
        let names = [
            "dbt_valid_to",
            "dbt_valid_from",
            "dbt_scd_id",
            "dbt_updated_at",
            "dbt_is_deleted",
        ];
        object(
            "SnapshotMetaColumnNames",
            &value,
            names.map(|name| (name, Value::None)),
        )
    });
}

/// An object of the entries of a mapping that a class knows; anything but a mapping stays as it is.
fn object<const N: usize>(class: &'static str, value: &Value, fields: [(&'static str, Value); N]) -> Value {
    let Value::Dict(dict) = value else {
        return value.clone();
    };
    Record::value(
        class,
        fields.map(|(name, default)| (name, dict.get_str(name).unwrap_or(default))),
    )
}

/// Hooks, each a text, a text that holds JSON, or a mapping (`dbt/hooks.py`, `get_hook_dict`).
fn hooks(value: &Value) -> Value {
    let made = super::merge::listed(value).into_iter().map(|hook| {
        let read = match hook.as_str() {
            Some(text) if text.trim_start().starts_with('{') => from_json(&text).unwrap_or(hook),
            _ => hook,
        };
        let hook = match read {
            Value::Dict(_) => read,
            other => Value::dict([("sql", other)]),
        };
        object(
            "Hook",
            &hook,
            [
                ("sql", Value::None),
                ("transaction", Value::Bool(true)),
                ("index", Value::None),
            ],
        )
    });
    Value::list(made.collect())
}

fn model_freshness(value: &Value) -> Value {
    let Value::Dict(freshness) = value else {
        return Value::None;
    };
    let Some(after) = freshness.get_str("build_after") else {
        return Value::None;
    };
    let after = object(
        "ModelBuildAfter",
        &after,
        [
            ("count", Value::None),
            ("period", Value::None),
            ("updates_on", Value::str("any")),
        ],
    );
    Record::value("ModelFreshness", [("build_after", after)])
}

fn source_freshness(value: &Value) -> Value {
    let Value::Dict(freshness) = value else {
        return Value::None;
    };
    let time = |key: &str| {
        let written = freshness.get_str(key).unwrap_or_else(|| Value::dict::<&str>([]));
        object(
            "Time",
            &written,
            [("count", Value::None), ("period", Value::None)],
        )
    };
    Record::value(
        "FreshnessThreshold",
        [
            ("warn_after", time("warn_after")),
            ("error_after", time("error_after")),
            ("filter", freshness.get_str("filter").unwrap_or_default()),
        ],
    )
}

/// `store_failures_as` and `store_failures` say one thing (`TestConfig.finalize_and_validate`).
fn test(config: &Dict) {
    let failures = config.get_str("store_failures").unwrap_or_default();
    let kind = config.get_str("store_failures_as").unwrap_or_default();
    match (kind.as_str().as_deref(), failures) {
        (None, Value::Bool(true)) => config.insert_str("store_failures_as", Value::str("table")),
        (None, Value::Bool(false)) => config.insert_str("store_failures_as", Value::str("ephemeral")),
        (None, _) => {}
        (Some(kind), _) => config.insert_str("store_failures", Value::Bool(kind != "ephemeral")),
    }
}

/// Configs as the manifest holds them.
pub(super) fn to_dict(kind: ResourceType, config: &Dict, omit_none: bool) -> Value {
    let fields = fields::of(kind);
    let dict = Dict::default();
    for (key, value) in config.items() {
        let Some(name) = key.as_str() else { continue };
        let field = fields.iter().find(|field| field.name == name);
        if omit_none && field.is_some() && value.is_none() {
            continue;
        }
        let key = field.map_or(&*name, |field| field.key());
        dict.insert_str(key, plain(&value, omit_none));
    }
    Value::Dict(Arc::new(dict))
}

fn plain(value: &Value, omit_none: bool) -> Value {
    match value {
        Value::List(items) => Value::list(items.items().iter().map(|item| plain(item, omit_none)).collect()),
        other => match other.downcast::<Record>() {
            Some(record) => record.to_dict(omit_none),
            None => crate::context::deep_copy(other),
        },
    }
}
