//! Snapshots: the strategy that compares columns, and the types of times.

use glueline_template::{Error, Value, equal};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::{hard_deletes, strategy};

pub(in crate::builtin) const MACROS: &[Row] = &[
    Row::code("snapshot_check_all_get_existing_columns", existing_columns),
    Row::code("snapshot_check_strategy", check_strategy),
    Row::code("get_updated_at_column_data_type", |call| {
        let columns = call.ask("get_column_schema_from_query", call.values())?;
        let mut found = Value::None;
        for column in call.iterate(&columns)? {
            let name = fill::plain(&call.attr(&column, "column")?);
            if name == "dbt_updated_at" || name == "DBT_UPDATED_AT" {
                found = call.attr(&column, "dtype")?;
            }
        }
        Ok(if found.truth() { found } else { Value::None })
    }),
    Row::code("check_time_data_types", |call| {
        let updated = call.ask("get_updated_at_column_data_type", call.values())?;
        let now = call.ask("get_snapshot_get_time_data_type", Vec::new())?;
        if now.is_none() || updated.is_none() || equal(&now, &updated) {
            return Ok("\n  \n  \n  \n".into());
        }
        let warned = call.method(
            "exceptions",
            "warn_snapshot_timestamp_data_types",
            vec![now, updated],
        )?;
        Ok(call.fill_with("\n  \n  \n  \n  \n  {warned}\n  \n  \n", &[("warned", &warned)]))
    }),
];

/// The columns of the config `check_cols` that the snapshot already has, and whether there are others.
fn existing_columns(call: &Call<'_>) -> Result<Value, Error> {
    if !call.arg("target_exists").truth() {
        // The name that dbt returns here is set further down only.
        return Ok(Value::tuple(vec![
            false.into(),
            Value::undefined_name("query_columns"),
        ]));
    }
    let node = call.arg("node");
    let place = [
        ("database", "database"),
        ("schema", "schema"),
        ("identifier", "alias"),
    ];
    let mut named = Vec::new();
    for (name, key) in place {
        named.push((name, call.attr(&node, key)?));
    }
    let target = call.method_with("adapter", "get_relation", named)?;
    let names = queried_columns(call, &node)?;
    let known = call.method("adapter", "get_columns_in_relation", vec![target])?;
    let mut existing = Vec::new();
    for column in call.iterate(&known)? {
        existing.push(call.attr(&column, "name")?);
    }
    let mut added = false;
    let mut both = Vec::new();
    for name in call.iterate(&names)? {
        if existing.iter().any(|known| equal(known, &name)) {
            both.push(call.method("adapter", "quote", vec![name])?);
        } else {
            added = true;
        }
    }
    Ok(Value::tuple(vec![added.into(), Value::list(both)]))
}

/// The columns to compare, as the query names them.
fn queried_columns(call: &Call<'_>, node: &Value) -> Result<Value, Error> {
    let config = call.arg("check_cols_config");
    let code = call.item(node, "compiled_code")?;
    if config.as_str().as_deref() == Some("all") {
        return call.ask("get_columns_in_query", vec![code]);
    }
    let columns = match &config {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Vec::new(),
        columns => call.iterate(columns)?,
    };
    if columns.is_empty() {
        let written = fill::plain(&config);
        call.refuse(format!("Invalid value for 'check_cols': {written}"))?;
        return Ok(Value::undefined_name("query_columns"));
    }
    let query = call.fill_with(
        "select {columns} from (\n                {code}\n            ) subq",
        &[("columns", &fill::join(", ", columns)), ("code", &code)],
    );
    call.ask("get_columns_in_query", vec![query])
}

fn check_strategy(call: &Call<'_>) -> Result<Value, Error> {
    let config = call.config("check_cols")?;
    let key = call.config("unique_key")?;
    let deletes = hard_deletes(call)?;
    let updated = match call.config("updated_at")? {
        updated if updated.truth() => updated,
        _ => call.ask("snapshot_get_time", Vec::new())?,
    };
    let args = vec![call.arg("node"), call.arg("target_exists"), config];
    let found = call.ask("snapshot_check_all_get_existing_columns", args)?;
    let mut found = call.iterate(&found)?.into_iter();
    let (added, columns) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
    let changed = if added.truth() {
        call.ask("get_true_sql", Vec::new())?
    } else {
        let compared = call.iterate(&columns)?.into_iter().map(|column| {
            call.fill_with(
                "{snapshotted_rel}.{column} != {current_rel}.{column}
        or
        (
            (({snapshotted_rel}.{column} is null) and not ({current_rel}.{column} is null))
            or
            ((not {snapshotted_rel}.{column} is null) and ({current_rel}.{column} is null))
        )",
                &[("column", &column)],
            )
        });
        fill::join(" or ", compared)
    };
    let changed = fill::concat(["(".into(), changed, ")".into()]);
    strategy(call, key, updated, changed, deletes)
}
