//! Indexes, which neither dbt-spark nor dbt-glue has.

use super::call::Call;
use super::{Row, Run};
use glueline_template::{Error, Value};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("get_create_index_sql"),
    Row::code("default__get_create_index_sql", |_| Ok(Value::None)),
    Row::new("create_indexes", Run::Write("", "")),
    Row::code("default__create_indexes", create),
    Row::new("get_drop_index_sql", Run::Write("", "")),
    Row::code("default__get_drop_index_sql", |call| {
        missing(call, "get_drop_index_sql")
    }),
    Row::new("get_show_indexes_sql", Run::Write("", "")),
    Row::code("default__get_show_indexes_sql", |call| {
        missing(call, "get_show_indexes_sql")
    }),
];

/// dbt never closes the quote.
fn missing(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    call.refuse(format!("`{name} has not been implemented for this adapter."))
}

fn create(call: &Call<'_>) -> Result<Value, Error> {
    let indexes = call.config_or("indexes", Value::list(Vec::new()))?;
    let mut text = String::new();
    for index in call.iterate(&indexes)? {
        let sql = call.ask("get_create_index_sql", vec![call.arg("relation"), index])?;
        text += "\n    \n    ";
        if sql.truth() {
            call.ask("run_query", vec![sql])?;
            text += "\n      \n    ";
        }
        text += "\n  ";
    }
    text += "\n";
    Ok(text.into())
}
