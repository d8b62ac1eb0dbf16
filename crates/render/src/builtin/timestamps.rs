//! The current time.

use super::{Row, Run};

pub(super) const MACROS: &[Row] = &[
    Row::new("current_timestamp", Run::Write("", "")),
    Row::code("default__current_timestamp", super::call::not_implemented),
    Row::text("spark__current_timestamp", "current_timestamp()"),
    Row::new("snapshot_get_time", Run::Write("", "")),
    Row::code("default__snapshot_get_time", |call| {
        let now = call.ask("current_timestamp", Vec::new())?;
        Ok(call.fill_with("\n    {now}\n", &[("now", &now)]))
    }),
    Row::text("glue__snapshot_get_time", "current_timestamp()"),
    Row::dispatch("current_timestamp_backcompat"),
    Row::text(
        "default__current_timestamp_backcompat",
        "\n    current_timestamp::timestamp\n",
    ),
    Row::dispatch("current_timestamp_in_utc_backcompat"),
    Row::code("default__current_timestamp_in_utc_backcompat", |call| {
        call.dispatch("current_timestamp_backcompat", Vec::new())
    }),
    Row::code("get_snapshot_get_time_data_type", |call| {
        let now = call.dispatch("snapshot_get_time", Vec::new())?;
        let sql = call.fill_with("select {now} as dbt_snapshot_time", &[("now", &now)]);
        let columns = call.ask("get_column_schema_from_query", vec![sql])?;
        let first = call.cx.item(&columns, &0.into())?;
        let kind = call.attr(&first, "dtype")?;
        Ok(if kind.truth() {
            kind
        } else {
            glueline_template::Value::None
        })
    }),
];
