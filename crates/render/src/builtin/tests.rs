//! Generic tests, and the query around every test.

use glueline_template::{Error, Value};

use super::Default::Bool;
use super::call::Call;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::new("test_unique", Run::Write("\n    \n    ", "\n")),
    Row::text(
        "default__test_unique",
        "\n\nselect\n    {column_name} as unique_field,\n    count(*) as n_records\n\nfrom {model}\nwhere {column_name} is not \
         null\ngroup by {column_name}\nhaving count(*) > 1\n\n",
    ),
    Row::new("test_not_null", Run::Write("\n    \n    ", "\n")),
    Row::code("default__test_not_null", |call| {
        let stored = call.ask("should_store_failures", Vec::new())?.truth();
        let columns = if stored { "*".into() } else { call.arg("column_name") };
        Ok(call.fill_with(
            "\n\n\n\nselect {columns}\nfrom {model}\nwhere {column_name} is null\n\n",
            &[("columns", &columns)],
        ))
    }),
    Row::code("test_accepted_values", |call| {
        let text = call.ask("glue__test_accepted_values", call.values())?;
        Ok(call.fill_with("\n    {text}\n", &[("text", &text)]))
    })
    .with(&[("quote", Bool(true))]),
    Row::code("default__test_accepted_values", |call| {
        accepted_values(
            call,
            "\n\nwith all_values as (\n\n    select\n        {column_name} as value_field,\n        count(*) as n_records\n\n    \
             from {model}\n    group by {column_name}\n\n)\n\nselect *\nfrom all_values\n",
        )
    })
    .with(&[("quote", Bool(true))]),
    Row::code("glue__test_accepted_values", |call| {
        accepted_values(
            call,
            "\n\nselect *\nfrom (\n    select\n        {column_name} as value_field,\n        count(*) as n_records\n\n    \
             from {model}\n    group by {column_name}\n) all_values\n",
        )
    })
    .with(&[("quote", Bool(true))]),
    Row::code("test_relationships", |call| {
        let text = call.ask("glue__test_relationships", call.values())?;
        Ok(call.fill_with("\n    {text}\n", &[("text", &text)]))
    }),
    Row::text(
        "default__test_relationships",
        "\n\nwith child as (\n    select {column_name} as from_field\n    from {model}\n    where {column_name} is not \
         null\n),\n\nparent as (\n    select {field} as to_field\n    from {to}\n)\n\nselect\n    from_field\n\nfrom child\nleft \
         join parent\n    on child.from_field = parent.to_field\n\nwhere parent.to_field is null\n\n",
    ),
    Row::text(
        "glue__test_relationships",
        "\n\nselect\n    from_field\n\nfrom (\n    select {column_name} as from_field\n    from {model}\n    where {column_name} \
         is not null\n) child\nleft join (\n    select {field} as to_field\n    from {to}\n) parent\non child.from_field = \
         parent.to_field\n\nwhere parent.to_field is null\n\n",
    ),
    Row::dispatch("get_where_subquery"),
    Row::code("default__get_where_subquery", |call| {
        let filter = call.config_or("where", "".into())?;
        if filter.truth() {
            return Ok(call.fill_with(
                "(select * from {relation} where {filter}) dbt_subquery",
                &[("filter", &filter)],
            ));
        }
        Ok(call.arg("relation"))
    }),
    Row::new("get_test_sql", Run::Write("", "")),
    Row::code("default__get_test_sql", |call| {
        let limited = !call.arg("limit").is_none();
        let limit = call.fill(if limited { "limit {limit}" } else { "" });
        Ok(call.fill_with(
            "select\n      {fail_calc} as failures,\n      {fail_calc} {warn_if} as should_warn,\n      {fail_calc} {error_if} as \
             should_error\n    from (\n      {main_sql}\n      {end}\n    ) dbt_internal_test",
            &[("end", &limit)],
        ))
    }),
    Row::code("get_limit_subquery_sql", |call| {
        Ok(fill::concat([call.dispatch("get_limit_sql", call.values())?]))
    }),
    Row::code("default__get_limit_sql", |call| {
        let limited = !call.arg("limit").is_none();
        Ok(call.fill(if limited { "\n  {sql}\n  \n  limit {limit}" } else { "\n  {sql}\n  " }))
    }),
    Row::code("get_show_sql", |call| {
        let limited = call.ask(
            "get_limit_subquery_sql",
            vec![call.arg("compiled_code"), call.arg("limit")],
        )?;
        let header = match call.arg("sql_header") {
            Value::None => "".into(),
            header => header,
        };
        Ok(fill::concat([header, "\n  ".into(), limited, "\n".into()]))
    }),
];

fn accepted_values(call: &Call<'_>, start: &str) -> Result<Value, Error> {
    let quote = if call.arg("quote").truth() { "'" } else { "" };
    let values = call.iterate(&call.arg("values"))?;
    let values = values
        .into_iter()
        .map(|value| fill::concat([quote.into(), value, quote.into()]));
    Ok(fill::concat([
        call.fill(start),
        "where value_field not in (\n    ".into(),
        fill::join(",", values),
        "\n)\n\n".into(),
    ]))
}
