//! What dbt asks of the columns of relations that are there, and what it does to relations by macros of its own
//! (`dbt/adapters/base/impl.py`, `dbt/adapters/sql/impl.py`).

use glueline_template::{Args, Cx, Error, Value};

use super::python::{get, no_attribute, no_key, text};
use super::relations::{columns_in, expect_relation, schema_and_name};
use crate::column::Column;
use crate::host::NodeHost;
use crate::run::apart;

/// The columns of a relation.
fn columns(cx: &Cx, host: &NodeHost, relation: &Value) -> Result<Vec<Column>, Error> {
    let (schema, name) = schema_and_name(cx, relation)?;
    columns_in(cx, host, &schema, &name)
}

/// Makes columns wider where another relation's are. Those that `describe` gives have no width to compare, so that nothing comes of it.
pub(super) fn expand_target_column_types(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    const METHOD: &str = "expand_target_column_types";
    let bound = args.bind(
        "BaseAdapter.expand_target_column_types",
        ["from_relation", "to_relation"],
        2,
    )?;
    let [from, to] = bound.map(Option::unwrap_or_default);
    expect_relation(METHOD, "from_relation", &from)?;
    expect_relation(METHOD, "to_relation", &to)?;
    if host.run().is_some() {
        columns(cx, host, &from)?;
        columns(cx, host, &to)?;
    }
    Ok(Value::None)
}

/// Refuses a relation that lacks the columns of snapshots.
pub(super) fn valid_snapshot_target(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "BaseAdapter.valid_snapshot_target",
        ["relation", "column_names"],
        1,
    )?;
    let [relation, names] = bound.map(Option::unwrap_or_default);
    if host.run().is_some() {
        refuse_without(cx, host, &relation, &names)?;
    }
    Ok(Value::None)
}

fn refuse_without(cx: &Cx, host: &NodeHost, relation: &Value, names: &Value) -> Result<(), Error> {
    expect_relation("valid_snapshot_target", "relation", relation)?;
    let known = lowered(&columns(cx, host, relation)?);
    let mut missing = Vec::new();
    for column in ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"] {
        let wanted = named(names, column)?;
        if wanted.truth() && !known.contains(&text(&wanted).to_lowercase()) {
            missing.push(text(&wanted));
        }
    }
    refuse(&missing)
}

/// As [`valid_snapshot_target`], and the column for rows that are gone where the strategy writes such.
pub(super) fn assert_valid_snapshot_target_given_strategy(
    cx: &Cx,
    host: &NodeHost,
    args: Args,
) -> Result<Value, Error> {
    let bound = args.bind(
        "BaseAdapter.assert_valid_snapshot_target_given_strategy",
        ["relation", "column_names", "strategy"],
        3,
    )?;
    let [relation, names, strategy] = bound.map(Option::unwrap_or_default);
    if host.run().is_none() {
        return Ok(Value::None);
    }
    refuse_without(cx, host, &relation, &names)?;
    let deletes = get(&strategy, "hard_deletes", Value::None)?;
    if deletes.as_str().as_deref() == Some("new_record") {
        let known = lowered(&columns(cx, host, &relation)?);
        let wanted = text(&named(&names, "dbt_is_deleted")?);
        if !known.contains(&wanted) {
            refuse(&[wanted])?;
        }
    }
    Ok(Value::None)
}

fn lowered(columns: &[Column]) -> Vec<String> {
    columns
        .iter()
        .map(|column| text(column.name()).to_lowercase())
        .collect()
}

/// What a column of snapshots is called here.
fn named(names: &Value, column: &str) -> Result<Value, Error> {
    match names {
        Value::Dict(names) if !names.is_empty() => names.get_str(column).ok_or_else(|| no_key(column)),
        _ => Ok(column.into()),
    }
}

fn refuse(missing: &[String]) -> Result<(), Error> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::compilation(format!(
        "Snapshot target is missing configured columns (missing \"{}\"). See https://docs.getdbt.com/docs/build/snapshots\
         #snapshot-meta-fields for more information.",
        missing.join("\", \"")
    )))
}

/// Calls a macro as the adapter does: as what belongs to no node, so that no config is known to it.
fn execute_macro(host: &NodeHost, name: &str, keywords: Vec<(&str, Value)>) -> Result<Value, Error> {
    let keywords = keywords.into_iter().map(|(name, value)| (name.into(), value));
    let args = Args {
        positional: Vec::new(),
        keywords: keywords.collect(),
    };
    let (done, _) = apart(host, |cx| cx.call(&cx.lookup(name), args));
    done.map(|_| Value::None)
}

/// Drops a relation by the macro of that name.
pub(super) fn drop_relation(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("SQLAdapter.drop_relation", ["relation"], 1)?;
    let relation = relation.unwrap_or_default();
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let Some(found) = relation.downcast::<crate::relation::Relation>() else {
        return Err(no_attribute(&relation, "type"));
    };
    if found.kind.is_none() {
        return Err(Error::compilation(format!(
            "Tried to drop relation {}, but its type is null.",
            text(&relation)
        )));
    }
    execute_macro(host, "drop_relation", vec![("relation", relation)])
}

/// Empties a relation by the macro of that name.
pub(super) fn truncate_relation(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("SQLAdapter.truncate_relation", ["relation"], 1)?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let relation = relation.unwrap_or_default();
    execute_macro(host, "truncate_relation", vec![("relation", relation)])
}

/// Gives a relation another name by the macro of that name.
pub(super) fn rename_relation(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("SQLAdapter.rename_relation", ["from_relation", "to_relation"], 2)?;
    let [from, to] = bound.map(Option::unwrap_or_default);
    if host.run().is_none() {
        return Ok(Value::None);
    }
    refuse_null_rename(host, &from, &to)?;
    execute_macro(
        host,
        "rename_relation",
        vec![("from_relation", from), ("to_relation", to)],
    )
}

/// dbt's cache refuses a relation that is none.
fn refuse_null_rename(host: &NodeHost, from: &Value, to: &Value) -> Result<(), Error> {
    if !from.is_none() && !to.is_none() {
        return Ok(());
    }
    let name = |relation: &Value| match relation {
        Value::None => "null relation".to_owned(),
        relation => text(relation),
    };
    Err(Error::compilation(format!(
        "Attempted to rename {} to {} for {}",
        name(from),
        name(to),
        connection(host)
    )))
}

/// What the connection of a node is called: as the node.
fn connection(host: &NodeHost) -> String {
    host.names()
        .map_or_else(|| "<None>".to_owned(), |(unique_id, _)| unique_id.to_string())
}

/// Keeps dbt's cache, and prints as nothing.
pub(super) fn cache_added(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("BaseAdapter.cache_added", ["relation"], 1)?;
    refuse_null(host, relation, "cache")
}

/// Keeps dbt's cache, and prints as nothing.
pub(super) fn cache_dropped(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("BaseAdapter.cache_dropped", ["relation"], 1)?;
    refuse_null(host, relation, "drop")
}

fn refuse_null(host: &NodeHost, relation: Option<Value>, deed: &str) -> Result<Value, Error> {
    if relation.unwrap_or_default().is_none() {
        return Err(Error::compilation(format!(
            "Attempted to {deed} a null relation for {}",
            connection(host)
        )));
    }
    Ok(Value::str(""))
}

/// Keeps dbt's cache, and prints as nothing.
pub(super) fn cache_renamed(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("BaseAdapter.cache_renamed", ["from_relation", "to_relation"], 2)?;
    let [from, to] = bound.map(Option::unwrap_or_default);
    refuse_null_rename(host, &from, &to)?;
    Ok(Value::str(""))
}
