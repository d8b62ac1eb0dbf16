//! `config` (`dbt/context/providers.py`, `ParseConfigObject` and `RuntimeConfigObject`).

use std::sync::Arc;

use glueline_project::ResourceType;
use glueline_template::{Args, Cx, Dict, Error, Key, Native, Value, to_str};

use super::basics::bind_method;
use super::convert::class_of;
use super::exceptions::required_config;
use crate::host::{Batch, NodeHost, Phase};
use crate::info::Record;
use crate::renderer::Shared;

/// `config`: to be called, and asked with its methods.
#[derive(Debug)]
pub(super) struct ConfigObject;

impl Native for ConfigObject {
    fn type_name(&self) -> &'static str {
        "RuntimeConfigObject"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RuntimeConfigObject".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(match name {
            "get" => Value::function("get", get),
            "require" => Value::function("require", require),
            "meta_get" => Value::function("meta_get", meta_get),
            "meta_require" => Value::function("meta_require", meta_require),
            "set" => Value::function("set", set),
            "persist_relation_docs" => Value::function("persist_relation_docs", |cx, args| {
                bind_method(args, "RuntimeConfigObject.persist_relation_docs", ["self"], 1)?;
                persisted(cx, "relation")
            }),
            "persist_column_docs" => Value::function("persist_column_docs", |cx, args| {
                bind_method(args, "RuntimeConfigObject.persist_column_docs", ["self"], 1)?;
                persisted(cx, "columns")
            }),
            "model" => cx.lookup("model"),
            _ => return Ok(None),
        }))
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        call(cx, args)
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RuntimeConfigObject object>".to_owned()
    }
}

/// Sets configs. Only parsing takes notice of them.
fn call(cx: &Cx, args: Args) -> Result<Value, Error> {
    let host = NodeHost::of(cx)?;
    if host.executes() {
        return Ok(Value::str(""));
    }
    let invalid = || Error::compilation("Invalid inline model config");
    let entries: Vec<(Arc<str>, Value)> = match (args.positional.as_slice(), args.keywords.as_slice()) {
        ([Value::Dict(options)], []) => options
            .items()
            .into_iter()
            .map(|(key, value)| (to_str(&key).to_plain(), value))
            .collect(),
        ([], [_, ..]) => args.keywords,
        _ => return Err(invalid()),
    };
    for (old, new) in [("pre_hook", "pre-hook"), ("post_hook", "post-hook")] {
        let has = |key: &str| entries.iter().any(|(found, _)| &**found == key);
        if has(old) && has(new) {
            return Err(Error::compilation(format!(
                "Invalid config, has conflicting keys \"{old}\" and \"{new}\""
            )));
        }
    }
    let place = cx.place();
    let mut captured = host.captured();
    captured
        .configs
        .extend(entries.into_iter().map(|(key, value)| (key, value, place)));
    Ok(Value::str(""))
}

fn set(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [_, name, value] = bind_method(args, "RuntimeConfigObject.set", ["self", "name", "value"], 3)?;
    let dict = Dict::default();
    let name = name.unwrap_or_default();
    if let Some(key) = Key::of(&name) {
        dict.insert(key, name, value.unwrap_or_default());
    }
    call(cx, Args::of(vec![Value::Dict(Arc::new(dict))]))
}

/// The config of the node or hook that is rendered, as it is after parsing; nothing where neither is.
pub(super) fn of_subject(host: &NodeHost) -> Option<Arc<Dict>> {
    if let Some(operation) = host.operation() {
        return Some(crate::info::of_operation(&host.shared.project, operation));
    }
    if let Some(part) = &host.part {
        return Some(match part.input() {
            Some(_) => crate::info::of_input(),
            None => part.test().config.clone(),
        });
    }
    let node = host.node_id()?;
    let config = Shared::info(&host.shared, node).config.clone();
    let Some(batch) = host.batch() else {
        return Some(config);
    };
    let of_batch = Dict::default();
    for (key, value) in config.items() {
        if let Some(hashed) = Key::of(&key) {
            of_batch.insert(hashed, key, value);
        }
    }
    add_bounds(&of_batch, batch);
    Some(Arc::new(of_batch))
}

/// What dbt adds to the config of a model for a batch.
pub(super) fn add_bounds(config: &Dict, batch: &Batch) {
    config.insert_str("__dbt_internal_microbatch_event_time_start", batch.start.clone());
    config.insert_str("__dbt_internal_microbatch_event_time_end", batch.end.clone());
}

/// Whether `config.get` and its kin answer nothing but an empty text: while a node is parsed. Macros that make names run before
/// anything is executed, too, but read what there is.
fn is_silent(host: &NodeHost) -> bool {
    host.phase == Phase::Parse && host.is_parsed()
}

fn find(host: &NodeHost, name: &Value) -> Option<Value> {
    let key = Key::of(name)?;
    let config = of_subject(host)?;
    let property = match name.as_str().as_deref() {
        Some("snapshot_table_column_names") => snapshot_columns(host, &config),
        _ => None,
    };
    property.or_else(|| config.get(&key))
}

/// What the columns are called that dbt adds to a snapshot: a property of `SnapshotConfig`, made of the config
/// `snapshot_meta_column_names` (`dbt/artifacts/resources/v1/snapshot.py`).
fn snapshot_columns(host: &NodeHost, config: &Dict) -> Option<Value> {
    let node = host.shared.project.node(host.node_id()?);
    if node.kind != ResourceType::Snapshot {
        return None;
    }
    let chosen = config.get_str("snapshot_meta_column_names")?;
    let chosen = match chosen.downcast::<Record>() {
        Some(record) => record.to_dict(true),
        None => chosen,
    };
    let names = [
        "dbt_valid_from",
        "dbt_valid_to",
        "dbt_scd_id",
        "dbt_updated_at",
        "dbt_is_deleted",
    ];
    Some(Value::dict(names.map(|name| {
        let own = match &chosen {
            Value::Dict(chosen) => chosen.get_str(name).filter(Value::truth),
            _ => None,
        };
        (name, own.unwrap_or_else(|| Value::str(name)))
    })))
}

fn find_meta(host: &NodeHost, name: &Value) -> Option<Value> {
    let key = Key::of(name)?;
    match of_subject(host)?.get_str("meta")? {
        Value::Dict(meta) => meta.get(&key),
        _ => None,
    }
}

type Find = fn(&NodeHost, &Value) -> Option<Value>;

fn lookup(cx: &Cx, args: Args, function: &str, find: Find) -> Result<Value, Error> {
    let params = ["self", "name", "default", "validator"];
    let [_, name, default, validator] = bind_method(args, function, params, 2)?;
    let host = NodeHost::of(cx)?;
    if is_silent(host) {
        return Ok(Value::str(""));
    }
    let found = find(host, &name.unwrap_or_default());
    let value = found.unwrap_or_else(|| default.clone().unwrap_or_default());
    let validator = validator.filter(|validator| !validator.is_none());
    if let (Some(validator), Some(true)) = (validator, default.map(|default| !default.is_none())) {
        cx.call(&validator, Args::of(vec![value.clone()]))?;
    }
    Ok(value)
}

fn demand(cx: &Cx, args: Args, function: &str, find: Find) -> Result<Value, Error> {
    let [_, name, validator] = bind_method(args, function, ["self", "name", "validator"], 2)?;
    let host = NodeHost::of(cx)?;
    if is_silent(host) {
        return Ok(Value::str(""));
    }
    let name = name.unwrap_or_default();
    let Some(value) = find(host, &name) else {
        let id = host.names().map_or_else(|| "".into(), |(unique_id, _)| unique_id);
        return Err(required_config(&id, &to_str(&name).plain()));
    };
    if let Some(validator) = validator.filter(|validator| !validator.is_none()) {
        cx.call(&validator, Args::of(vec![value.clone()]))?;
    }
    Ok(value)
}

fn get(cx: &Cx, args: Args) -> Result<Value, Error> {
    lookup(cx, args, "RuntimeConfigObject.get", find)
}

fn meta_get(cx: &Cx, args: Args) -> Result<Value, Error> {
    lookup(cx, args, "RuntimeConfigObject.meta_get", find_meta)
}

fn require(cx: &Cx, args: Args) -> Result<Value, Error> {
    demand(cx, args, "RuntimeConfigObject.require", find)
}

fn meta_require(cx: &Cx, args: Args) -> Result<Value, Error> {
    demand(cx, args, "RuntimeConfigObject.meta_require", find_meta)
}

fn persisted(cx: &Cx, part: &str) -> Result<Value, Error> {
    let host = NodeHost::of(cx)?;
    if is_silent(host) {
        return Ok(Value::Bool(false));
    }
    match find(host, &Value::str("persist_docs")) {
        None => Ok(Value::Bool(false)),
        Some(Value::Dict(docs)) => Ok(docs.get_str(part).unwrap_or(Value::Bool(false))),
        Some(other) => Err(Error::compilation(format!(
            "Invalid value provided for 'persist_docs'. Expected dict but received {}",
            class_of(&other)
        ))),
    }
}
