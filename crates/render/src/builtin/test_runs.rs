//! The materializations of tests: data tests and unit tests.

use glueline_template::{Args, Dict, Error, Value};
use std::sync::Arc;

use super::Row;
use super::call::Call;
use super::fill;
use super::materialize::with_type;
use super::statements::run_made;

pub(super) const MACROS: &[Row] = &[
    Row::code("materialization_test_default", data_test),
    Row::code("materialization_unit_default", unit_test),
];

/// The config `sql_header`, where the project's flags let tests have one; else nothing.
fn header(call: &Call<'_>) -> Result<Value, Error> {
    if !call
        .path("flags", &["REQUIRE_SQL_HEADER_IN_TEST_CONFIGS"])?
        .truth()
    {
        return Ok("".into());
    }
    let header = call.config("sql_header")?;
    Ok(if header.truth() { header } else { "".into() })
}

/// The statement whose result is the test's, as a macro gives it.
fn run_main(
    call: &Call<'_>,
    text: &'static str,
    header: Value,
    sql: impl Fn(&Call<'_>) -> Result<Value, Error> + Send + Sync + 'static,
) -> Result<(), Error> {
    run_made(call, "main", &[("fetch_result", true.into())], move |call| {
        let sql = sql(call)?;
        Ok(call.fill_with(text, &[("header", &header), ("sql", &sql)]))
    })?;
    Ok(())
}

fn data_test(call: &Call<'_>) -> Result<Value, Error> {
    let limit = call.config("limit")?;
    let header = header(call)?;
    let args = vec![call.cx.lookup("sql"), limit];
    let limited = call.ask("get_limit_subquery_sql", args)?;
    let limited = call.fill_with("\n    {limited}\n  ", &[("limited", &limited)]);
    let mut relations = Vec::new();
    let mut counted = limited;
    if call.ask("should_store_failures", Vec::new())?.truth() {
        let stored = store_failures(call, &header, &counted)?;
        counted = call.fill_with(
            "\n        select *\n        from {stored}\n    ",
            &[("stored", &stored)],
        );
        relations.push(stored);
        call.method("adapter", "commit", Vec::new())?;
    }
    let mut args = vec![counted];
    for key in ["fail_calc", "warn_if", "error_if"] {
        args.push(call.config(key)?);
    }
    run_main(call, "{header}\n    \n    {sql}", header, move |call| {
        call.ask_with("get_test_sql", args.clone(), vec![("limit", Value::None)])
    })?;
    Ok(Value::dict([("relations", Value::list(relations))]))
}

/// Keeps the rows that fail in a relation of their own.
fn store_failures(call: &Call<'_>, header: &Value, query: &Value) -> Result<Value, Error> {
    let place = || -> Result<Vec<(&'static str, Value)>, Error> {
        Ok(vec![
            ("database", call.cx.lookup("database")),
            ("schema", call.cx.lookup("schema")),
            ("identifier", call.item(&call.cx.lookup("model"), "alias")?),
        ])
    };
    let old = call.method_with("adapter", "get_relation", place()?)?;
    let kind = match call.config("store_failures_as")? {
        Value::None => "table".into(),
        kind => kind,
    };
    let written = fill::plain(&kind);
    if !["table", "view"].contains(&written.as_str()) {
        call.refuse(format!(
            "'{written}' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']"
        ))?;
    }
    let mut named = place()?;
    named.push(("type", kind));
    let target = call.create_relation(named)?;
    if old.truth() {
        call.method("adapter", "drop_relation", vec![old])?;
    }
    let (header, args) = (header.clone(), vec![target.clone(), query.clone()]);
    run_made(call, "", &[("auto_begin", true.into())], move |call| {
        let create = call.ask("get_create_sql", args.clone())?;
        Ok(call.fill_with(
            "\n        {header}\n        {create}\n    ",
            &[("header", &header), ("create", &create)],
        ))
    })?;
    Ok(target)
}

fn unit_test(call: &Call<'_>) -> Result<Value, Error> {
    let header = header(call)?;
    let sql = call.cx.lookup("sql");
    let rows = call.config("expected_rows")?;
    let names = match call.iterate(&rows)?.first() {
        Some(row) => call.cx.call_method(row, "keys", Args::default())?,
        None => call.ask("get_columns_in_query", vec![sql.clone()])?,
    };
    let this = call.cx.lookup("this");
    let target = with_type(call, &this, "table".into())?;
    let temporary = call.ask("make_temp_relation", vec![target])?;
    let empty = call.ask("get_empty_subquery_sql", vec![sql.clone()])?;
    let create = call.ask(
        "get_create_table_as_sql",
        vec![true.into(), temporary.clone(), empty],
    )?;
    call.ask("run_query", vec![create])?;
    let columns = call.method("adapter", "get_columns_in_relation", vec![temporary.clone()])?;
    let (types, quoted) = (Dict::default(), Dict::default());
    for column in call.iterate(&columns)? {
        let name = fill::plain(&call.attr(&column, "name")?).to_lowercase();
        types.insert_str(&name, call.attr(&column, "data_type")?);
        quoted.insert_str(&name, call.attr(&column, "quoted")?);
    }
    let (types, quoted) = (Value::Dict(Arc::new(types)), Value::Dict(Arc::new(quoted)));
    let mut expected_names = Vec::new();
    for name in call.iterate(&names)? {
        expected_names.push(call.item(&quoted, &fill::plain(&name).to_lowercase())?);
    }
    let expected = match call.config("expected_sql")? {
        expected if expected.truth() => expected,
        _ => call.ask("get_expected_sql", vec![rows, types, quoted])?,
    };
    let args = vec![sql, expected, Value::list(expected_names)];
    let compared = call.ask("get_unit_test_sql", args)?;
    run_main(call, "{header}\n    {sql}", header, move |_| Ok(compared.clone()))?;
    call.method("adapter", "drop_relation", vec![temporary])?;
    Ok(Value::dict([("relations", Value::list(Vec::new()))]))
}
