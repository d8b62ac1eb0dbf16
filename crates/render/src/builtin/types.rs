//! Names of data types.

use super::Row;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("type_string"),
    Row::code("default__type_string", |call| translate(call, "string")),
    Row::text("spark__type_string", "STRING"),
    Row::dispatch("type_timestamp"),
    Row::code("default__type_timestamp", |call| translate(call, "timestamp")),
    Row::dispatch("type_float"),
    Row::code("default__type_float", |call| translate(call, "float")),
    Row::dispatch("type_numeric"),
    Row::code("default__type_numeric", |call| {
        call.column_class("numeric_type", vec!["numeric".into(), 28.into(), 6.into()])
    }),
    Row::dispatch("type_bigint"),
    Row::code("default__type_bigint", |call| translate(call, "bigint")),
    Row::dispatch("type_int"),
    Row::code("default__type_int", |call| translate(call, "integer")),
    Row::dispatch("type_boolean"),
    Row::code("default__type_boolean", |call| translate(call, "boolean")),
];

fn translate(
    call: &super::call::Call<'_>,
    kind: &str,
) -> Result<glueline_template::Value, glueline_template::Error> {
    call.column_class("translate_type", vec![kind.into()])
}
