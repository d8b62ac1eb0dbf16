//! Arrays.

use glueline_template::{Error, Value};

use super::Default::{Computed, List};
use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("array_append"),
    Row::text("default__array_append", "array_append({array}, {new_element})"),
    Row::code("spark__array_append", spark_append),
    Row::dispatch("array_concat"),
    Row::text("default__array_concat", "array_cat({array_1}, {array_2})"),
    Row::text("spark__array_concat", "concat({array_1}, {array_2})"),
    Row::code("array_construct", construct).with(&[("inputs", List), ("data_type", Computed)]),
    Row::code("default__array_construct", default_construct),
    Row::code("spark__array_construct", |call| {
        Ok(call.fill_with("array( {items} )", &[("items", &items(call)?)]))
    }),
];

fn spark_append(call: &Call<'_>) -> Result<Value, Error> {
    let one = Value::list(vec![call.arg("new_element")]);
    let one = call.ask("array_construct", vec![one])?;
    call.ask("array_concat", vec![call.arg("array"), one])
        .map(|value| fill::concat([value]))
}

fn construct(call: &Call<'_>) -> Result<Value, Error> {
    let data_type = match call.arg("data_type") {
        Value::Undefined(_) => call.column_class("translate_type", vec!["integer".into()])?,
        data_type => data_type,
    };
    call.dispatch("array_construct", vec![call.arg("inputs"), data_type])
}

fn default_construct(call: &Call<'_>) -> Result<Value, Error> {
    if call.iterate(&call.arg("inputs"))?.is_empty() {
        return Ok(call.fill("\n    array[]::{data_type}[]\n    "));
    }
    Ok(call.fill_with("\n    array[ {items} ]\n    ", &[("items", &items(call)?)]))
}

fn items(call: &Call<'_>) -> Result<Value, Error> {
    Ok(fill::join(" , ", call.iterate(&call.arg("inputs"))?))
}
