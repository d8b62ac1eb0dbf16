//! S3 Tables take no `create table as`: an empty table is made, then filled (`macros/adapters.sql` of dbt-glue).

use glueline_template::{Error, Value};

use super::Row;
use super::call::Call;
use super::fill;
use super::statements::{run, run_made};
use crate::run::STAGED;

pub(super) const MACROS: &[Row] = &[
    Row::code("glue__create_s3_table_with_insert", create),
    Row::code("glue__format_columns_from_describe", |call| {
        let mut columns = Vec::new();
        for row in call.iterate(&call.arg("describe_result"))? {
            let name = call.cx.item(&row, &0.into())?;
            let kind = call.cx.item(&row, &1.into())?;
            if name.truth() && kind.truth() && !fill::plain(&name).starts_with('#') {
                columns.push(fill::join(" ", [name, kind]));
            }
        }
        Ok(fill::join(",\n    ", columns))
    }),
];

fn create(call: &Call<'_>) -> Result<Value, Error> {
    let properties = call.config_or("table_properties", Value::dict::<&str>([]))?;
    let place = call.ask(
        "glue__make_target_relation",
        vec![call.arg("relation"), "s3tables".into()],
    )?;
    let later = [("auto_begin", false.into())];
    let query = |call: &Call<'_>| call.ask("add_iceberg_timestamp_column", vec![call.arg("sql")]);
    run_made(call, "create_temp_view", &later, move |call| {
        let view = format!("create or replace temporary view {STAGED} as ");
        Ok(fill::concat([view.into(), query(call)?]))
    })?;
    let described = call.ask("run_query", vec![format!("describe {STAGED}").into()])?;
    let columns = call.ask("glue__format_columns_from_describe", vec![described])?;
    let of = place.clone();
    run_made(call, "create_s3_table", &later, move |call| {
        let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
        Ok(call.fill_with(
            "create or replace table {place} ({columns})\n    {partitioned}\n    {clustered}\n    {properties}\n    {comment}",
            &[
                ("place", &of),
                ("columns", &columns),
                ("partitioned", &label("partition_cols", "partitioned by")?),
                ("clustered", &label("clustered_cols", "clustered by")?),
                ("properties", &call.ask("set_table_properties", vec![properties.clone()])?),
                ("comment", &call.ask("comment_clause", Vec::new())?),
            ],
        ))
    })?;
    let query = query(call)?;
    run(
        call,
        "cleanup_temp_view",
        format!("drop view if exists {STAGED}").into(),
        &later,
    )?;
    Ok(call.fill_with(
        "\n  \n\n  \n  \n\n  \n  insert into {place} {query}\n\n  \n  ",
        &[("place", &place), ("query", &query)],
    ))
}
