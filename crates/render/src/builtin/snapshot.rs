//! Snapshots: hashes, keys and strategies.

pub(super) mod check;
pub(super) mod run;
pub(super) mod staging;

use glueline_template::{Error, Value};

use super::call::{Call, not_implemented};
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::new("snapshot_hash_arguments", Run::Write("", "")),
    Row::code("default__snapshot_hash_arguments", |call| hash(call, "varchar")),
    Row::code("spark__snapshot_hash_arguments", |call| hash(call, "string")),
    Row::code("glue__snapshot_hash_arguments", |call| hash(call, "string")),
    Row::new("snapshot_string_as_time", Run::Write("", "")),
    Row::code("default__snapshot_string_as_time", not_implemented),
    Row::text("spark__snapshot_string_as_time", "to_timestamp('{timestamp}')"),
    Row::text("glue__snapshot_string_as_time", "to_timestamp('{timestamp}')"),
    Row::new("get_true_sql", Run::Write("\n  ", "\n")),
    Row::text("default__get_true_sql", "TRUE"),
    Row::code("get_snapshot_table_column_names", |_| {
        let names = [
            "dbt_valid_to",
            "dbt_valid_from",
            "dbt_scd_id",
            "dbt_updated_at",
            "dbt_is_deleted",
        ];
        Ok(Value::dict(names.map(|name| (name, Value::str(name)))))
    }),
    Row::code("get_dbt_valid_to_current", |call| {
        let updated = call.attr(&call.arg("strategy"), "updated_at")?;
        let column = call.attr(&call.arg("columns"), "dbt_valid_to")?;
        let current = match call.config("dbt_valid_to_current")? {
            current if current.truth() => current,
            _ => "null".into(),
        };
        Ok(call.fill_with(
            "\n  \n  coalesce(nullif({updated}, {updated}), {current})\n  as {column}\n",
            &[("updated", &updated), ("column", &column), ("current", &current)],
        ))
    }),
    Row::code("unique_key_fields", |call| {
        let key = call.arg("unique_key");
        if !is_list(&key) {
            return Ok(call.fill("\n    \n        {unique_key} as dbt_unique_key\n    \n"));
        }
        let keys = call.iterate(&key)?.into_iter().enumerate().map(|(index, key)| {
            let number = format!(" as dbt_unique_key_{}", index + 1);
            fill::concat(["\n            ".into(), key, number.into()])
        });
        Ok(around_keys(" ,\n        ", "\n        ", keys))
    }),
    Row::code("unique_key_join_on", |call| {
        if !is_list(&call.arg("unique_key")) {
            return Ok(call.fill(
                "\n    \n        {identifier}.dbt_unique_key = {from_identifier}.dbt_unique_key\n    \n",
            ));
        }
        let mut pairs = Vec::new();
        for number in 1..=call.iterate(&call.arg("unique_key"))?.len() {
            let sides = ["identifier", "from_identifier"].map(|side| {
                let name = format!("{}.dbt_unique_key_{number}", call.plain(side));
                Value::str(name.trim())
            });
            let equals = call.ask("equals", sides.to_vec())?;
            pairs.push(fill::concat(["\n\t    \n\t    \n\t    ".into(), equals]));
        }
        Ok(around_keys(" and\n        ", "\n        ", pairs.into_iter()))
    }),
    Row::code("unique_key_is_null", |call| Ok(key_is(call, "null"))),
    Row::code("unique_key_is_not_null", |call| Ok(key_is(call, "not null"))),
    Row::new("build_snapshot_table", Run::Write("", "\n")),
    Row::code("default__build_snapshot_table", build_table),
    Row::code("strategy_dispatch", strategy_dispatch),
    Row::code("snapshot_timestamp_strategy", timestamp_strategy),
];

fn is_list(value: &Value) -> bool {
    matches!(value, Value::List(_))
}

fn hash(call: &Call<'_>, kind: &str) -> Result<Value, Error> {
    let parts = call.iterate(&call.arg("args"))?.into_iter().map(|part| {
        let end = format!(" as {kind} ), '')\n        ");
        fill::concat(["coalesce(cast(".into(), part, end.into()])
    });
    let parts = fill::join(" || '|' || ", parts);
    Ok(fill::concat(["md5(".into(), parts, ")".into()]))
}

/// Keys of a list, one for each turn of a loop.
fn around_keys(between: &str, after: &str, keys: impl Iterator<Item = Value>) -> Value {
    fill::concat([
        "\n    \n        ".into(),
        fill::join(between, keys),
        after.into(),
        "\n    \n".into(),
    ])
}

fn key_is(call: &Call<'_>, what: &str) -> Value {
    let number = if is_list(&call.arg("unique_key")) {
        "_1"
    } else {
        ""
    };
    let text = format!("\n    \n        {{identifier}}.dbt_unique_key{number} is {what}\n    \n");
    call.fill(&text)
}

/// The columns that dbt adds to a snapshot, by what they are for.
fn column_names(call: &Call<'_>) -> Result<Value, Error> {
    match call.config("snapshot_table_column_names")? {
        names if names.truth() => Ok(names),
        _ => call.ask("get_snapshot_table_column_names", Vec::new()),
    }
}

fn build_table(call: &Call<'_>) -> Result<Value, Error> {
    let columns = column_names(call)?;
    let strategy = call.arg("strategy");
    let valid_to = call.ask(
        "get_dbt_valid_to_current",
        vec![strategy.clone(), columns.clone()],
    )?;
    let records = fill::plain(&call.attr(&strategy, "hard_deletes")?) == "new_record";
    let text = if records {
        "\n    \n\n    select *,\n        {scd} as {scd_id},\n        {updated} as {updated_at},\n        {updated} as {valid_from},\n        \
         {valid_to}, 'False' as {is_deleted}\n      from (\n        {sql}\n    ) sbq\n\n"
    } else {
        "\n    \n\n    select *,\n        {scd} as {scd_id},\n        {updated} as {updated_at},\n        {updated} as {valid_from},\n        \
         {valid_to}from (\n        {sql}\n    ) sbq\n\n"
    };
    Ok(call.fill_with(
        text,
        &[
            ("scd", &call.attr(&strategy, "scd_id")?),
            ("updated", &call.attr(&strategy, "updated_at")?),
            ("scd_id", &call.attr(&columns, "dbt_scd_id")?),
            ("updated_at", &call.attr(&columns, "dbt_updated_at")?),
            ("valid_from", &call.attr(&columns, "dbt_valid_from")?),
            ("is_deleted", &call.attr(&columns, "dbt_is_deleted")?),
            ("valid_to", &valid_to),
        ],
    ))
}

fn strategy_dispatch(call: &Call<'_>) -> Result<Value, Error> {
    let whole = call.plain("name");
    let (package, name) = match whole.split_once('.') {
        Some((package, name)) => (Some(package), name),
        None => (None, &*whole),
    };
    let search = format!("snapshot_{name}_strategy");
    let found = match package {
        None => call.cx.lookup(&search),
        Some(package) => match call.cx.lookup(package) {
            Value::Undefined(_) => {
                return call.refuse(format!(
                    "Could not find package '{package}', called with '{whole}'"
                ));
            }
            namespace => call.item(&namespace, &search)?,
        },
    };
    if found.is_undefined() {
        return call.refuse(format!(
            "The specified strategy macro '{name}' was not found in package '{}'",
            package.unwrap_or("None")
        ));
    }
    Ok(found)
}

fn timestamp_strategy(call: &Call<'_>) -> Result<Value, Error> {
    let key = call.config("unique_key")?;
    let updated = call.config("updated_at")?;
    let deletes = hard_deletes(call)?;
    let columns = column_names(call)?;
    let from = call.attr(&columns, "dbt_valid_from")?;
    let changed = call.fill_with(
        "({snapshotted_rel}.{from} < {current_rel}.{updated})",
        &[("from", &from), ("updated", &updated)],
    );
    strategy(call, key, updated, changed, deletes)
}

/// What becomes of rows that are gone from the source: `ignore`, `invalidate` or `new_record`.
fn hard_deletes(call: &Call<'_>) -> Result<Value, Error> {
    let config = call.cx.lookup("config");
    call.method("adapter", "get_hard_deletes_behavior", vec![config])
}

/// What a strategy gives.
fn strategy(
    call: &Call<'_>,
    key: Value,
    updated: Value,
    changed: Value,
    deletes: Value,
) -> Result<Value, Error> {
    let invalidate = deletes.as_str().as_deref() == Some("invalidate");
    let class = call.path("api", &["Relation"])?;
    let hashed = call.invoke(&class, "scd_args", vec![key.clone(), updated.clone()], Vec::new())?;
    Ok(Value::dict([
        ("unique_key", key),
        ("updated_at", updated),
        ("row_changed", changed),
        ("scd_id", call.ask("snapshot_hash_arguments", vec![hashed])?),
        ("invalidate_hard_deletes", invalidate.into()),
        ("hard_deletes", deletes),
    ]))
}
