//! What an incremental strategy writes.

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::Default::None as Nothing;
use super::Row;
use super::call::Call;
use super::fill;
use super::merge::{bare, in_catalog, is_one_of, names};
use super::relations::is_managed;

pub(super) const MACROS: &[Row] = &[
    Row::code("get_insert_into_sql", |call| {
        let columns = column_names(call)?;
        let changing = call.config_or("on_schema_change", "ignore".into())?;
        let format = call.config_or("file_format", "parquet".into())?;
        let [target, mut source] = in_catalog(call, ["target_relation", "source_relation"])?;
        if !is_managed(call, &format)? && is_one_of(&changing, &["ignore"]) {
            source = bare(call, &source)?;
        }
        Ok(call.fill_with(
            "insert into table {target} select {columns} from {source}",
            &[("target", &target), ("columns", &columns), ("source", &source)],
        ))
    }),
    Row::code("get_insert_overwrite_sql", |call| {
        let columns = column_names(call)?;
        let format = call.config_or("file_format", "parquet".into())?;
        let [target, mut source] = in_catalog(call, ["target_relation", "source_relation"])?;
        let managed = is_managed(call, &format)?;
        let viewed = call.host()?.version().has(Change::ReadsStagedView);
        if !managed && call.has(Change::ReadsStagedView)? {
            source = bare(call, &source)?;
        }
        let partition = call.ask_with("partition_cols", Vec::new(), vec![("label", "partition".into())])?;
        Ok(call.fill_with(
            "set hive.exec.dynamic.partition.mode=nonstrict\n    dbt_next_query\n    insert overwrite table {target}\n    \
             {partition}\n    select {columns} from {source}{end}",
            &[
                ("target", &target),
                ("partition", &partition),
                ("columns", &columns),
                ("source", &source),
                ("end", &if viewed { " \n" } else { "\n" }.into()),
            ],
        ))
    }),
    Row::code("dbt_glue_get_incremental_sql", |call| {
        let pair = vec![call.arg("source"), call.arg("target")];
        match call.plain("strategy").as_str() {
            "append" => indented(call.ask("get_insert_into_sql", pair)?),
            "insert_overwrite" => indented(call.ask("get_insert_overwrite_sql", pair)?),
            "merge" => {
                let args = [
                    "target",
                    "source",
                    "unique_key",
                    "dest_columns",
                    "incremental_predicates",
                ];
                let merge = call.ask("get_merge_sql", args.map(|name| call.arg(name)).to_vec())?;
                Ok(fill::concat([merge]))
            }
            _ => unknown(call),
        }
    })
    .with(&[("dest_columns", Nothing)]),
    Row::code("dbt_spark_get_incremental_sql", |call| {
        let mut args = vec![call.arg("source"), call.arg("target")];
        match call.plain("strategy").as_str() {
            "append" => indented(call.ask("get_insert_into_sql", args)?),
            strategy @ ("insert_overwrite" | "microbatch") => {
                if strategy == "microbatch" && !call.config("partition_by")?.truth() {
                    let grain = fill::plain(&call.config("batch_size")?);
                    call.refuse(format!(
                        "dbt-spark 'microbatch' incremental strategy requires a `partition_by` config.\n      \
                         Ensure you are using a `partition_by` column that is of grain {grain}."
                    ))?;
                }
                args.push(call.arg("existing"));
                indented(call.ask("get_insert_overwrite_sql", args)?)
            }
            "merge" => {
                let args = ["target", "source", "unique_key"].map(|name| call.arg(name));
                let named = vec![
                    ("dest_columns", Value::None),
                    ("incremental_predicates", call.arg("incremental_predicates")),
                ];
                indented(call.ask_with("get_merge_sql", args.to_vec(), named)?)
            }
            _ => unknown(call),
        }
    }),
    Row::dispatch("get_incremental_append_sql"),
    Row::code("default__get_incremental_append_sql", |call| {
        write(
            call,
            "get_insert_into_sql",
            &["target_relation", "temp_relation", "dest_columns"],
        )
    }),
    Row::dispatch("get_incremental_delete_insert_sql"),
    Row::code("default__get_incremental_delete_insert_sql", |call| {
        write(call, "get_delete_insert_merge_sql", WITH_KEY)
    }),
    Row::dispatch("get_incremental_merge_sql"),
    Row::code("default__get_incremental_merge_sql", |call| {
        write(call, "get_merge_sql", WITH_KEY)
    }),
    Row::dispatch("get_incremental_insert_overwrite_sql"),
    Row::code("default__get_incremental_insert_overwrite_sql", |call| {
        let keys = [
            "target_relation",
            "temp_relation",
            "dest_columns",
            "incremental_predicates",
        ];
        write(call, "get_insert_overwrite_merge_sql", &keys)
    }),
    Row::dispatch("get_incremental_default_sql"),
    Row::code("default__get_incremental_default_sql", |call| {
        call.ask("get_incremental_append_sql", call.values())
    }),
    Row::dispatch("get_incremental_microbatch_sql"),
    Row::code("default__get_incremental_microbatch_sql", |call| {
        let kind = fill::plain(&call.method("adapter", "type", Vec::new())?);
        let message = format!("microbatch materialization strategy not implemented for adapter {kind}");
        call.raise("raise_not_implemented", message)
    }),
];

/// What a strategy with a key takes from its dict.
const WITH_KEY: &[&str] = &[
    "target_relation",
    "temp_relation",
    "unique_key",
    "dest_columns",
    "incremental_predicates",
];

/// Calls a macro with entries of the dict that strategies are given.
fn write(call: &Call<'_>, name: &str, keys: &[&str]) -> Result<Value, Error> {
    let dict = call.arg("arg_dict");
    let args: Result<Vec<_>, _> = keys.iter().map(|key| call.item(&dict, key)).collect();
    call.ask(name, args?)
}

/// The names of the target's columns, one behind the other.
fn column_names(call: &Call<'_>) -> Result<Value, Error> {
    let target = call.arg("target_relation");
    let columns = call.method("adapter", "get_columns_in_relation", vec![target])?;
    Ok(fill::join(", ", names(call, &columns)?))
}

#[expect(clippy::unnecessary_wraps, reason = "the type of what a macro gives")]
fn indented(sql: Value) -> Result<Value, Error> {
    Ok(fill::concat(["\n    ".into(), sql]))
}

fn unknown(call: &Call<'_>) -> Result<Value, Error> {
    let strategy = call.plain("strategy");
    call.refuse(format!(
        "No known SQL for the incremental strategy provided: {strategy}"
    ))
}
