//! Functions that make rows.

use super::super::arguments::integer;
use super::{Call, Output, Rule, Verdict};
use crate::types::operators::{unexpected_input, unexpected_type};
use crate::types::{DataType, Field, Input, Mismatch, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "Explode" | "GeneratorOuter" => |call| match call.function.name {
            "posexplode_outer" => exploded(call, true),
            "inline_outer" => inlined(call),
            _ => exploded(call, false),
        },
        "PosExplode" => |call| exploded(call, true),
        "Inline" => inlined,
        "JsonTuple" => json_tuple,
        "Stack" => stack,
        _ => return None,
    })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last word of a rule, which may refuse"
)]
fn rows(fields: Vec<Field>) -> Verdict {
    Ok(Output::Rows(Some(fields)))
}

/// A row for each element, or for each entry.
fn exploded(call: &Call<'_, '_>, numbered: bool) -> Verdict {
    const INPUT: Input = Input::OneOf(&[Input::Array, Input::Map]);
    let mut fields = if numbered {
        vec![Field::new("pos", DataType::Int)]
    } else {
        Vec::new()
    };
    match call.ty(0) {
        DataType::Array(element) => fields.push(Field::new("col", element.as_ref().clone())),
        DataType::Map(entry) => {
            fields.push(Field::new("key", entry.0.clone()));
            fields.push(Field::new("value", entry.1.clone()));
        }
        DataType::Unknown => return Ok(Output::Rows(None)),
        other => return Err(unexpected_input(0, &INPUT, other)),
    }
    rows(fields)
}

/// A row for each struct of an array, a column for each of its fields.
fn inlined(call: &Call<'_, '_>) -> Verdict {
    match call.ty(0) {
        DataType::Array(element) => match element.as_ref() {
            DataType::Struct(fields) => rows(fields.to_vec()),
            DataType::Unknown => Ok(Output::Rows(None)),
            _ => Err(unexpected_type(0, "\"ARRAY<STRUCT>\"", call.ty(0))),
        },
        DataType::Unknown => Ok(Output::Rows(None)),
        other => Err(unexpected_type(0, "\"ARRAY<STRUCT>\"", other)),
    }
}

fn json_tuple(call: &Call<'_, '_>) -> Verdict {
    if call.arguments.len() < 2 {
        return Err(Mismatch::new(
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
            format!(
                "The `json_tuple` requires > 1 parameters but the actual number is {}.",
                call.arguments.len()
            ),
        ));
    }
    for (position, ty) in call.types.iter().enumerate() {
        if !ty.is_string() && !matches!(ty, DataType::Unknown) {
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.NON_STRING_TYPE",
                "all arguments of the function `json_tuple` must be strings.",
            )
            .at(position));
        }
    }
    let names = 0..call.arguments.len() - 1;
    rows(
        names
            .map(|number| Field::new(format!("c{number}"), DataType::String))
            .collect(),
    )
}

/// So many rows of the values that follow, one row after the other.
fn stack(call: &Call<'_, '_>) -> Verdict {
    match call.ty(0) {
        DataType::Int | DataType::Void | DataType::Unknown => {}
        other => return Err(unexpected_input(0, &Input::Int, other)),
    }
    let Some(count) = integer(call.argument(0))
        .and_then(|count| usize::try_from(count).ok())
        .filter(|&count| count > 0)
    else {
        return Ok(Output::Rows(None));
    };
    let values = call.types.get(1..).unwrap_or_default();
    let width = values.len().div_ceil(count).max(1);
    let mut fields: Vec<Field> = Vec::new();
    for row in values.chunks(width) {
        for (column, ty) in row.iter().enumerate() {
            match fields.get_mut(column) {
                None => fields.push(Field::new(format!("col{column}"), ty.clone())),
                Some(field) if field.ty == DataType::Void || *ty == DataType::Void => {
                    field.ty = common::tightest(&field.ty, ty).unwrap_or(DataType::Unknown);
                }
                Some(field) if field.ty.may_equal(ty) => {}
                Some(field) => {
                    return Err(Mismatch::new(
                        "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES",
                        format!(
                            "The data type of the column ({column}) do not have the same type: \"{}\" and \"{}\".",
                            field.ty.sql(),
                            ty.sql()
                        ),
                    ));
                }
            }
        }
    }
    rows(fields)
}
