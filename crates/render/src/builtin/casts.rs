//! Casts.

use glueline_template::{Error, Value};

use super::Row;
use super::call::Call;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("cast"),
    Row::text("default__cast", "\n    cast({field} as {type})\n"),
    Row::new("cast_bool_to_text", super::Run::Write("\n  ", "\n")),
    Row::code("default__cast_bool_to_text", |call| {
        let string = call.column_class("translate_type", vec!["string".into()])?;
        Ok(call.fill_with("\n    cast({field} as {string})\n", &[("string", &string)]))
    }),
    Row::dispatch("safe_cast"),
    Row::text("default__safe_cast", "\n    \n    cast({field} as {type})\n"),
    Row::code("spark__safe_cast", spark_safe_cast),
    Row::code("cast_from_string_unsupported_for", |call| {
        Ok(nested(call, &call.arg("type"))?.into())
    }),
];

/// Spark cannot cast a text to a nested type; there the field is written without the quotes around it.
fn spark_safe_cast(call: &Call<'_>) -> Result<Value, Error> {
    let mut field = call.arg("field");
    let unsupported = call.ask("cast_from_string_unsupported_for", vec![call.arg("type")])?;
    if unsupported.truth()
        && let Some(text) = field.as_str()
    {
        let bare = text.trim_matches('"').trim_matches('\'').to_owned();
        field = bare.into();
    }
    Ok(call.fill_with("cast({clean} as {type})\n", &[("clean", &field)]))
}

fn nested(call: &Call<'_>, kind: &Value) -> Result<bool, Error> {
    let lower = call
        .cx
        .call_method(kind, "lower", glueline_template::Args::default())?;
    let lower = super::fill::plain(&lower);
    Ok(["struct", "array", "map"]
        .iter()
        .any(|kind| lower.starts_with(kind)))
}
