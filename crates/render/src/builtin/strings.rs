//! Texts in SQL.

use glueline_template::{Error, Value};

use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("concat"),
    Row::code("default__concat", |call| {
        Ok(fill::join(" || ", call.iterate(&call.arg("fields"))?))
    }),
    Row::code("spark__concat", |call| {
        let fields = fill::join(", ", call.iterate(&call.arg("fields"))?);
        Ok(call.fill_with("concat({list})", &[("list", &fields)]))
    }),
    Row::dispatch("hash"),
    Row::code("default__hash", |call| {
        let string = call.column_class("translate_type", vec!["string".into()])?;
        Ok(call.fill_with("md5(cast({field} as {string}))", &[("string", &string)]))
    }),
    Row::dispatch("length"),
    Row::text("default__length", "\n\n    length(\n        {expression}\n    )"),
    Row::dispatch("position"),
    Row::text(
        "default__position",
        "\n\n    position(\n        {substring_text} in {string_text}\n    )",
    ),
    Row::dispatch("replace"),
    Row::text(
        "default__replace",
        "\n\n    replace(\n        {field},\n        {old_chars},\n        {new_chars}\n    )\n\n\n",
    ),
    Row::dispatch("right"),
    Row::text(
        "default__right",
        "\n\n    right(\n        {string_text},\n        {length_expression}\n    )",
    ),
    Row::dispatch("split_part"),
    Row::text(
        "default__split_part",
        "\n\n    split_part(\n        {string_text},\n        {delimiter_text},\n        {part_number}\n        )\n\n",
    ),
    Row::text(
        "_split_part_negative",
        "\n\n    split_part(\n        {string_text},\n        {delimiter_text},\n          length({string_text})\n          \
         - length(\n              replace({string_text},  {delimiter_text}, '')\n          ) + 2 + {part_number}\n        )\n\n",
    ),
    Row::code("spark__split_part", split_part),
    Row::dispatch("string_literal"),
    Row::text("default__string_literal", "'{value}'"),
    Row::dispatch("escape_single_quotes"),
    Row::code("default__escape_single_quotes", |call| {
        Ok(call.plain("expression").replace('\'', "''").into())
    }),
    Row::code("spark__escape_single_quotes", |call| {
        Ok(call.plain("expression").replace('\'', "\\'").into())
    }),
];

/// Spark's `split` takes a regular expression, and the parts are counted from zero.
fn split_part(call: &Call<'_>) -> Result<Value, Error> {
    let delimiter = call.fill(
        "\n\n        -- escape if starts with a special character\n        case when regexp_extract({delimiter_text}, \
         '([^A-Za-z0-9])(.*)', 1) != '_'\n            then concat('\\\\', {delimiter_text})\n            else \
         {delimiter_text} end\n\n    ",
    );
    let index = match call.arg("part_number") {
        Value::Int(number) if number < 0 => None,
        Value::Int(number) => Some(Value::Int((number - 1).max(0))),
        Value::Bool(_) => Some(Value::Int(0)),
        Value::Float(number) if number < 0.0 => None,
        Value::Float(number) if number > 0.0 => Some(Value::Float(number - 1.0)),
        Value::Float(number) => Some(Value::Float(number)),
        Value::Undefined(why) => return Err(Error::undefined(why.message.clone())),
        other => {
            return Err(Error::type_error(format!(
                "'>=' not supported between instances of '{}' and 'int'",
                other.type_name()
            )));
        }
    };
    Ok(match index {
        Some(index) => call.fill_with(
            "\n\n        split(\n            {string_text},\n            {delimiter}\n            )[({index})]\n\n        ",
            &[("delimiter", &delimiter), ("index", &index)],
        ),
        None => call.fill_with(
            "\n\n        split(\n            {string_text},\n            {delimiter}\n            )[(\n                \
             length({string_text})\n                - length(\n                    replace({string_text},  \
             {delimiter_text}, '')\n                ) + 1 + {part_number}\n            )]\n\n        ",
            &[("delimiter", &delimiter)],
        ),
    })
}
