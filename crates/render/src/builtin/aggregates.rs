//! Aggregates: `any_value`, `bool_or`, `listagg`.

use glueline_template::{Error, Value};

use super::Default::{None as Nothing, Str as Text};
use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("any_value"),
    Row::text("default__any_value", "any_value({expression})"),
    Row::text("spark__any_value", "first({expression})"),
    Row::dispatch("bool_or"),
    Row::text("default__bool_or", "bool_or({expression})"),
    Row::text("spark__bool_or", "max({expression})"),
    Row::dispatch("listagg").with(&[
        ("delimiter_text", Text("','")),
        ("order_by_clause", Nothing),
        ("limit_num", Nothing),
    ]),
    Row::code("default__listagg", |call| Ok(default_listagg(call))),
    Row::code("spark__listagg", spark_listagg),
];

fn default_listagg(call: &Call<'_>) -> Value {
    let ordered = call.arg("order_by_clause").truth();
    let order = call.fill(if ordered {
        "within group ({order_by_clause})"
    } else {
        ""
    });
    let text = if call.arg("limit_num").truth() {
        "array_to_string(\n        array_slice(\n            array_agg(\n                {measure}\n            ){order}\n            \
         ,0\n            ,{limit_num}\n        ),\n        {delimiter_text}\n        )"
    } else {
        "\n    listagg(\n        {measure},\n        {delimiter_text}\n        )\n        {order}"
    };
    call.fill_with(text, &[("order", &order)])
}

fn spark_listagg(call: &Call<'_>) -> Result<Value, Error> {
    if call.arg("order_by_clause").truth() {
        call.raise(
            "warn",
            "order_by_clause is not supported for listagg on Spark/Databricks",
        )?;
    }
    let list = call.fill(" collect_list({measure}) ");
    let limited = call.arg("limit_num").truth();
    let collected = if limited {
        call.fill_with(" slice({list}, 1, {limit_num}) ", &[("list", &list)])
    } else {
        list
    };
    Ok(fill::concat([
        " array_join(".into(),
        collected,
        call.fill(", {delimiter_text}) "),
    ]))
}
