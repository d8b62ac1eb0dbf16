//! Macros of dbt-glue before staging relations knew whether they are views (`macros/adapters.sql` of 1.9.0 to 1.10.11).

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::super::call::Call;
use super::super::merge::{bare, is_one_of};
use super::super::statements::run;
use super::super::{Row, fill};
use super::Older;

const fn row(name: &'static str, code: fn(&Call<'_>) -> Result<Value, Error>) -> Older {
    Older {
        until: Change::TypedStaging,
        row: Row::code(name, code),
    }
}

pub(super) const MACROS: &[Older] = &[
    row("glue__drop_relation", drop_relation),
    row("glue__drop_view", |call| {
        let (is_iceberg, purge) = dropping(call)?;
        let place = call.arg("relation");
        let is_view = !is_iceberg || !call.has(Change::IcebergViewsAreTables)?;
        drop(
            call,
            "drop_view",
            is_view.then_some("\n      drop view if exists "),
            &place,
            purge,
        )
    }),
    row("glue__create_temporary_view", |call| {
        let relation = call.arg("relation");
        let format = call.config_or("file_format", "parquet".into())?;
        if !call.has(Change::IcebergStaging)? {
            let place = bare(call, &relation)?;
            let text = "create or replace temporary view {place} as\n    {sql}\n";
            return Ok(call.fill_with(text, &[("place", &place)]));
        }
        let (text, place) = if is_one_of(&format, &["iceberg"]) {
            let text = "create or replace table {place} using iceberg as {sql}\n  \n";
            (text, in_catalog(call, relation, format)?)
        } else {
            let text = "\n    create or replace temporary view {place} as {sql}\n  \n";
            (text, bare(call, &relation)?)
        };
        Ok(call.fill_with(text, &[("place", &place)]))
    }),
    row("glue__create_table_as", create_table),
];

/// Whether the format is Iceberg's or that of S3 tables, and how tables of the format are dropped.
fn dropping(call: &Call<'_>) -> Result<(bool, &'static str), Error> {
    let format = call.config_or("file_format", "parquet".into())?;
    let is_s3 = is_one_of(&format, &["s3tables"]) && call.has(Change::S3Tables)?;
    let purge = if is_s3 { " purge" } else { "" };
    Ok((is_s3 || is_one_of(&format, &["iceberg"]), purge))
}

/// Drops a view where a text for that is given, else a table.
fn drop(
    call: &Call<'_>,
    name: &str,
    view: Option<&'static str>,
    place: &Value,
    purge: &'static str,
) -> Result<Value, Error> {
    let sql = match (view, purge) {
        (Some(start), _) => fill::concat([start.into(), place.clone()]),
        (None, "") => fill::concat(["drop table if exists ".into(), place.clone()]),
        (None, purge) => fill::concat(["drop table if exists ".into(), place.clone(), purge.into()]),
    };
    run(call, name, sql, &[("auto_begin", false.into())])?;
    Ok("\n".into())
}

fn drop_relation(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let (is_iceberg, purge) = dropping(call)?;
    let format = call.config_or("file_format", "parquet".into())?;
    let is_view = fill::plain(&call.attr(&relation, "type")?) == "view";
    if is_view && (!is_iceberg || !call.has(Change::IcebergViewsAreTables)?) {
        // Whatever is given, the model's own relation is dropped.
        let this = call.cx.lookup("this");
        let start = "\n          drop view if exists ";
        return drop(call, "drop_relation", Some(start), &this, purge);
    }
    let place = if is_iceberg && call.has(Change::IcebergStaging)? {
        in_catalog(call, relation, format)?
    } else {
        relation
    };
    drop(call, "drop_relation", None, &place, purge)
}

fn in_catalog(call: &Call<'_>, relation: Value, format: Value) -> Result<Value, Error> {
    call.ask("glue__make_target_relation", vec![relation, format])
}

fn create_table(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let temporary = call.arg("temporary");
    // Until 1.9.0 any true value meant a view.
    if matches!(temporary, Value::Bool(true)) || temporary.truth() && !call.has(Change::IcebergStaging)? {
        let view = call.ask("create_temporary_view", vec![relation, call.arg("sql")])?;
        return Ok(fill::concat([view]));
    }
    let format = call.config("file_format")?;
    let (is_iceberg, _) = dropping(call)?;
    let properties = call.config_or("table_properties", Value::dict::<&str>([]))?;
    let place = if is_iceberg && call.has(Change::IcebergStaging)? {
        in_catalog(call, relation, format.clone())?
    } else {
        relation
    };
    let create = if is_iceberg || is_one_of(&format, &["delta"]) {
        "create or replace table"
    } else {
        "create table\n      "
    };
    let contract = call.config("contract")?;
    let checked = if call.attr(&contract, "enforced")?.truth() {
        let checked = call.ask("get_assert_columns_equivalent", vec![call.arg("sql")])?;
        fill::concat(["\n          ".into(), checked, "\n        ".into()])
    } else {
        "".into()
    };
    let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
    let clauses = [
        call.ask("glue__file_format_clause", Vec::new())?,
        label("partition_cols", "partitioned by")?,
        label("clustered_cols", "clustered by")?,
        call.ask("set_table_properties", vec![properties])?,
        call.ask("glue__location_clause", Vec::new())?,
        call.ask("comment_clause", Vec::new())?,
        "as".into(),
        call.stamped("sql")?,
    ];
    let mut text = vec![call.fill_with(
        "{create} {place}\n        \n        {checked}",
        &[
            ("create", &create.into()),
            ("place", &place),
            ("checked", &checked),
        ],
    )];
    for clause in clauses {
        text.extend(["\n    ".into(), clause]);
    }
    Ok(fill::concat(text))
}
