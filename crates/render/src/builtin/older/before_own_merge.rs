//! Macros of dbt-glue before 1.9.0, when incremental models were staged in tables and Iceberg was written by Python code
//! (`macros/adapters.sql`, `materializations/incremental/` and `materializations/table/` of 1.7.0 to 1.8.6).

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value};

use super::super::Default::None as Nothing;
use super::super::call::Call;
use super::super::merge::{is_one_of, names};
use super::super::statements::run;
use super::super::{Row, fill};
use super::Older;
use super::incremental::incremental;
use super::table::table;

const fn row(name: &'static str, code: fn(&Call<'_>) -> Result<Value, Error>) -> Older {
    Older {
        until: Change::StagesInSession,
        row: Row::code(name, code),
    }
}

pub(super) const MACROS: &[Older] = &[
    row("materialization_incremental_glue", incremental),
    row("materialization_table_glue", table),
    row("glue__drop_relation", drop_relation),
    row("glue__create_table_as", create_table),
    row("glue__create_view_as", |call| {
        call.has(Change::ReplacesViews)?;
        let checked = contract(call)?.unwrap_or_else(|| "".into());
        Ok(call.fill_with(
            "{checked}DROP VIEW IF EXISTS {relation}\n    dbt_next_query\n    create view {relation}\n        as\n    {sql}\n",
            &[("checked", &checked)],
        ))
    }),
    row("glue__location_clause", |call| {
        location(call, &call.cx.lookup("this"))
    }),
    row("get_insert_into_sql", |call| {
        let columns = columns_of(call, "target_relation")?;
        Ok(call.fill_with(
            "insert into table {target_relation}\n    select {columns} from {source_relation}\n",
            &[("columns", &columns)],
        ))
    }),
    row("get_insert_overwrite_sql", |call| {
        let columns = columns_of(call, "source_relation")?;
        let partition = call.ask_with("partition_cols", Vec::new(), vec![("label", "partition".into())])?;
        Ok(call.fill_with(
            "set hive.exec.dynamic.partition.mode=nonstrict\n    dbt_next_query\n    \
             insert overwrite table {target_relation}\n    {partition}\n    select {columns} from {source_relation}\n",
            &[("columns", &columns), ("partition", &partition)],
        ))
    }),
    row("dbt_glue_get_incremental_sql", |call| {
        let [target, source] = ["target", "source"].map(|name| call.arg(name));
        let sql = match call.plain("strategy").as_str() {
            "append" => call.ask("get_insert_into_sql", vec![source, target])?,
            "insert_overwrite" => call.ask("get_insert_overwrite_sql", vec![source, target])?,
            "merge" => {
                let columns = vec![("dest_columns", Value::None)];
                call.ask_with(
                    "get_merge_sql",
                    vec![target, source, call.arg("unique_key")],
                    columns,
                )?
            }
            strategy => call.refuse(format!(
                "No known SQL for the incremental strategy provided: {strategy}"
            ))?,
        };
        Ok(fill::concat(["\n    ".into(), sql]))
    }),
    Older {
        until: Change::StagesInSession,
        row: Row::code("get_merge_sql", |call| {
            call.has(Change::OwnMerge)?;
            let sql = call.dispatch("get_merge_sql", call.values())?;
            // dbt's own macro tells of an argument that it once had.
            Ok(fill::concat([
                "-- back compat for old kwarg name\n  \n  ".into(),
                sql,
            ]))
        })
        .with(&[("incremental_predicates", Nothing)]),
    },
    row("spark__alter_relation_add_remove_columns", add_columns),
];

/// What a contract asks to be checked first.
fn contract(call: &Call<'_>) -> Result<Option<Value>, Error> {
    let contract = call.config("contract")?;
    if !call.attr(&contract, "enforced")?.truth() {
        return Ok(None);
    }
    let checked = call.ask("get_assert_columns_equivalent", vec![call.arg("sql")])?;
    Ok(Some(checked))
}

/// The names of a relation's columns, one behind the other.
fn columns_of(call: &Call<'_>, relation: &str) -> Result<Value, Error> {
    let columns = call.method("adapter", "get_columns_in_relation", vec![call.arg(relation)])?;
    Ok(fill::join(", ", names(call, &columns)?))
}

/// Where a relation is put.
pub(super) fn location(call: &Call<'_>, relation: &Value) -> Result<Value, Error> {
    let custom = call.config("custom_location")?;
    if !custom.is_none() {
        return Ok(call.fill_with("\n    location '{custom}'", &[("custom", &custom)]));
    }
    let clause = call.method("adapter", "get_location", vec![relation.clone()])?;
    if !is_one_of(&call.config("file_format")?, &["iceberg"]) {
        return Ok(clause);
    }
    // For Iceberg, the path is joined without a slash behind it.
    let clause = fill::plain(&clause);
    let bare = clause.strip_suffix("/'").map(|path| format!("{path}'"));
    Ok(format!("\n      {}", bare.unwrap_or(clause)).into())
}

/// What is dropped is asked of the catalog.
fn drop_relation(call: &Call<'_>) -> Result<Value, Error> {
    let kind = call.method("adapter", "get_table_type", vec![call.arg("relation")])?;
    let text = match kind.as_str().as_deref() {
        None => "drop table if exists {relation}",
        Some("iceberg_table") => "drop table if exists glue_catalog.{relation}",
        Some(_) => "\n        drop {kind} if exists {relation}",
    };
    let sql = call.fill_with(text, &[("kind", &kind)]);
    run(call, "drop_relation", sql, &[("auto_begin", false.into())])?;
    Ok("\n".into())
}

fn create_table(call: &Call<'_>) -> Result<Value, Error> {
    let (relation, sql) = (call.arg("relation"), call.arg("sql"));
    if call.arg("temporary").truth() {
        let view = call.ask("create_temporary_view", vec![relation, sql])?;
        return Ok(fill::concat([view]));
    }
    let format = call.config("file_format")?;
    let properties = call.config_or("table_properties", Value::dict::<&str>([]))?;
    let create = if !call.host()?.version().has(Change::ReplacesTables) {
        "create table"
    } else if is_one_of(&format, &["delta", "iceberg"]) {
        "\n\n  create or replace table"
    } else {
        "\n\n  create table\n    "
    };
    let checked = match contract(call)? {
        Some(checked) => fill::concat(["\n        ".into(), checked, "\n      ".into()]),
        None => "".into(),
    };
    let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
    let clauses = [
        label("partition_cols", "partitioned by")?,
        label("clustered_cols", "clustered by")?,
        call.ask("set_table_properties", vec![properties])?,
        call.ask("glue__location_clause", Vec::new())?,
        call.ask("comment_clause", Vec::new())?,
        "as".into(),
        sql,
    ];
    let mut text = vec![call.fill_with(
        "{create} {relation}\n    \t\n      {checked}\n  {format}",
        &[
            ("create", &create.into()),
            ("checked", &checked),
            ("format", &call.ask("glue__file_format_clause", Vec::new())?),
        ],
    )];
    for clause in clauses {
        text.extend(["\n\t".into(), clause]);
    }
    Ok(fill::concat(text))
}

/// dbt-spark's own, which expects rows of a statement that gives none.
fn add_columns(call: &Call<'_>) -> Result<Value, Error> {
    if call.arg("remove_columns").truth() {
        let is = |format: &str| Ok::<_, Error>(call.attr(&call.arg("relation"), format)?.truth());
        let platform = match (is("is_delta")?, is("is_iceberg")?) {
            (true, _) => "Delta Lake",
            (false, true) => "Iceberg",
            _ => "Apache Spark",
        };
        call.refuse(format!(
            "{platform} does not support dropping columns from tables"
        ))?;
    }
    let added = match call.arg("add_columns") {
        Value::None => Vec::new(),
        columns => call.iterate(&columns)?,
    };
    let count = added.len();
    let kind = call.attr(&call.arg("relation"), "type")?;
    let start = if count > 0 { "add columns" } else { "" };
    let mut text = vec![call.fill_with(
        "alter {kind} {relation}\n\n        {start} \n            ",
        &[("kind", &kind), ("start", &start.into())],
    )];
    for (index, column) in added.iter().enumerate() {
        text.extend([
            "\n               ".into(),
            call.attr(column, "name")?,
            " ".into(),
            call.attr(column, "data_type")?,
            if index + 1 < count { "," } else { "" }.into(),
            "\n            ".into(),
        ]);
    }
    call.cx
        .call(&call.cx.lookup("run_query"), Args::of(vec![fill::concat(text)]))?;
    Ok("".into())
}
