//! Functions that take a lambda. The type of such an argument is that of the lambda's body.

use super::{Call, Rule, Verdict, value};
use crate::types::operators::{not_orderable, unexpected_input, unexpected_type};
use crate::types::{DataType, Input, Mismatch, cast, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "ArrayTransform" => |call| {
            collection(call, 0, &Input::Array)?;
            value(DataType::array(call.ty(1).clone()))
        },
        "ArrayFilter" => |call| kept(call, &Input::Array),
        "MapFilter" => |call| kept(call, &Input::Map),
        "ArrayExists" | "ArrayForAll" => {
            |call| kept(call, &Input::Array).and_then(|_| value(DataType::Boolean))
        }
        "ArraySort" => sorted,
        "ArrayAggregate" => aggregated,
        "ZipWith" => |call| {
            collection(call, 0, &Input::Array)?;
            collection(call, 1, &Input::Array)?;
            value(DataType::array(call.ty(2).clone()))
        },
        "TransformKeys" => |call| transformed(call, true),
        "TransformValues" => |call| transformed(call, false),
        "MapZipWith" => zipped,
        _ => return None,
    })
}

fn collection(call: &Call<'_, '_>, position: usize, input: &Input) -> Result<(), Mismatch> {
    // `null` is not cast for these
    let written = call.argument(position).map(|argument| &argument.ty);
    match written
        .filter(|ty| **ty == DataType::Void)
        .unwrap_or_else(|| call.ty(position))
    {
        ty if *ty != DataType::Void && input.accepts(ty) => Ok(()),
        other => Err(unexpected_input(position, input, other)),
    }
}

/// The collection itself; the lambda says what is kept of it.
fn kept(call: &Call<'_, '_>, input: &Input) -> Verdict {
    collection(call, 0, input)?;
    match call.ty(1) {
        DataType::Boolean | DataType::Void | DataType::Unknown => value(call.ty(0).clone()),
        other => Err(unexpected_input(1, &Input::Boolean, other)),
    }
}

fn sorted(call: &Call<'_, '_>) -> Verdict {
    collection(call, 0, &Input::Array)?;
    if let Some(by) = call.types.get(1)
        && !matches!(by, DataType::Int | DataType::Unknown)
    {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE",
            format!(
                "The `array_sort` requires return \"INT\" type, but the actual is \"{}\" type.",
                by.sql()
            ),
        ));
    }
    match call.ty(0) {
        DataType::Array(element) if call.types.len() == 1 && !cast::is_orderable(element) => {
            Err(not_orderable("array_sort", element))
        }
        ty => value(ty.clone()),
    }
}

/// What is carried along has the type of what it starts with.
fn aggregated(call: &Call<'_, '_>) -> Verdict {
    collection(call, 0, &Input::Array)?;
    let (start, merged) = (call.ty(1), call.ty(2));
    if !start.may_equal(merged) && *merged != DataType::Void {
        return Err(unexpected_type(2, &format!("\"{}\"", start.sql()), merged));
    }
    value(call.types.get(3).unwrap_or(start).clone())
}

fn transformed(call: &Call<'_, '_>, keys: bool) -> Verdict {
    collection(call, 0, &Input::Map)?;
    let made = call.ty(1).clone();
    value(match call.ty(0) {
        DataType::Map(entry) if keys => {
            if cast::has_map(&made) {
                return Err(super::maps::bad_key(&made));
            }
            DataType::map(made, entry.1.clone())
        }
        DataType::Map(entry) => DataType::map(entry.0.clone(), made),
        _ => DataType::Unknown,
    })
}

fn zipped(call: &Call<'_, '_>) -> Verdict {
    collection(call, 0, &Input::Map)?;
    collection(call, 1, &Input::Map)?;
    let made = call.ty(2).clone();
    match (call.ty(0), call.ty(1)) {
        (DataType::Map(left), DataType::Map(right)) => match common::wider(&left.0, &right.0) {
            Some(key) => value(DataType::map(key, made)),
            None => Err(Mismatch::new(
                "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES",
                format!(
                    "Input to the `map_zip_with` should have been two maps with compatible key types, but it's [\"{}\", \"{}\"].",
                    left.0.sql(),
                    right.0.sql()
                ),
            )),
        },
        _ => value(DataType::Unknown),
    }
}
