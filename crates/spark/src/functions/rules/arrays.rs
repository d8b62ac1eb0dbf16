//! Functions of arrays.

use super::{Call, Rule, Verdict, value};
use crate::types::operators::{different_data, not_orderable, unexpected_input, unexpected_type};
use crate::types::{DataType, Field, Input, Mismatch, cast, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "CreateArray" => create,
        "ArrayRepeat" => |call| value(DataType::array(call.ty(0).clone())),
        "ArrayMax" | "ArrayMin" => extreme,
        "ArrayDistinct" | "SortArray" => ordered,
        "ArrayCompact" | "Shuffle" => |call| array(call, 0).and_then(|_| value(call.ty(0).clone())),
        "ArraySize" => |call| array(call, 0).and_then(|_| value(DataType::Int)),
        "ArrayContains" => |call| searched(call, true, &DataType::Boolean),
        "ArrayPosition" => |call| searched(call, true, &DataType::BigInt),
        "ArrayRemove" => |call| searched(call, true, &DataType::Unknown),
        "ArrayAppend" | "ArrayPrepend" => |call| searched(call, false, &DataType::Unknown),
        "ArrayInsert" => insert,
        "ArrayUnion" | "ArrayIntersect" | "ArrayExcept" => |call| both(call, &DataType::Unknown),
        "ArraysOverlap" => |call| both(call, &DataType::Boolean),
        "ArraysZip" => zip,
        "Flatten" => flatten,
        "Get" => get,
        "Sequence" => sequence,
        "Slice" => |call| array(call, 0).and_then(|_| value(call.ty(0).clone())),
        _ => return None,
    })
}

/// The elements of the array that an argument is.
fn array<'c>(call: &Call<'c, '_>, position: usize) -> Result<&'c DataType, Mismatch> {
    static VOID: DataType = DataType::Void;
    static UNKNOWN: DataType = DataType::Unknown;
    match call.ty(position) {
        DataType::Array(element) => Ok(element),
        DataType::Void => Ok(&VOID),
        DataType::Unknown => Ok(&UNKNOWN),
        other => Err(unexpected_input(position, &Input::Array, other)),
    }
}

fn create(call: &Call<'_, '_>) -> Verdict {
    match common::widest(call.types) {
        Some(element) => value(DataType::array(element)),
        None => Err(different_data("array", call.types)),
    }
}

fn extreme(call: &Call<'_, '_>) -> Verdict {
    let element = array(call, 0)?;
    if cast::is_orderable(element) {
        value(element.clone())
    } else {
        Err(not_orderable(call.function.name, element))
    }
}

fn ordered(call: &Call<'_, '_>) -> Verdict {
    let element = array(call, 0)?;
    if cast::is_orderable(element) {
        value(call.ty(0).clone())
    } else {
        Err(not_orderable(call.function.name, element))
    }
}

/// An array and something that could be one of its elements. `result` is what the call gives, unknown standing for the array.
fn searched(call: &Call<'_, '_>, compares: bool, result: &DataType) -> Verdict {
    let given = call.ty(1);
    if *given == DataType::Void && compares {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.NULL_TYPE",
            format!(
                "Null typed values cannot be used as arguments of `{}`.",
                call.function.name
            ),
        ));
    }
    let DataType::Array(element) = call.ty(0) else {
        return match call.ty(0) {
            DataType::Unknown => value(result.clone()),
            other => Err(array_wanted(call, other)),
        };
    };
    let widen = if call.function.class == "ArrayContains" {
        common::wider_without_strings
    } else {
        common::tightest
    };
    let Some(common) = widen(element, given) else {
        return Err(different_elements(call));
    };
    if compares && !cast::is_orderable(&common) {
        return Err(not_orderable(call.function.name, &common));
    }
    value(if result.is_unknown() {
        DataType::array(common)
    } else {
        result.clone()
    })
}

fn array_wanted(call: &Call<'_, '_>, found: &DataType) -> Mismatch {
    if *found == DataType::Void {
        return Mismatch::new(
            "DATATYPE_MISMATCH.NULL_TYPE",
            format!(
                "Null typed values cannot be used as arguments of `{}`.",
                call.function.name
            ),
        );
    }
    if call.function.class == "ArrayRemove" {
        return different_elements(call);
    }
    unexpected_type(0, "\"ARRAY\"", found)
}

fn different_elements(call: &Call<'_, '_>) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
        format!(
            "Input to `{}` should have been \"ARRAY\" followed by a value with same element type, but it's [\"{}\", \"{}\"].",
            call.function.name,
            call.ty(0).sql(),
            call.types.last().unwrap_or(call.ty(0)).sql()
        ),
    )
}

fn insert(call: &Call<'_, '_>) -> Verdict {
    let element = array(call, 0)?;
    if let Some(position) = call.argument(1)
        && !(position.ty.is_integral() || matches!(position.ty, DataType::Unknown | DataType::Void))
    {
        return Err(different_elements(call));
    }
    match common::tightest(element, call.ty(2)) {
        Some(element) => value(DataType::array(element)),
        None => Err(different_elements(call)),
    }
}

/// Two arrays of what is or can be made one type. `result` is what the call gives, unknown standing for the wider array.
fn both(call: &Call<'_, '_>, result: &DataType) -> Verdict {
    let (left, right) = (call.ty(0), call.ty(1));
    let arrays = [left, right]
        .into_iter()
        .all(|ty| matches!(ty, DataType::Array(_) | DataType::Unknown));
    let common = if arrays {
        common::tightest(left, right)
    } else {
        None
    };
    let Some(common) = common else {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES",
            format!(
                "Input to function `{}` should have been two \"ARRAY\" with same element type, but it's [\"{}\", \"{}\"].",
                call.function.name,
                left.sql(),
                right.sql()
            ),
        ));
    };
    if let DataType::Array(element) = &common
        && !cast::is_orderable(element)
    {
        return Err(not_orderable(call.function.name, element));
    }
    value(if result.is_unknown() {
        common
    } else {
        result.clone()
    })
}

/// Structs of the elements at the same place, named as the arguments are, or by their number.
fn zip(call: &Call<'_, '_>) -> Verdict {
    let mut fields = Vec::with_capacity(call.arguments.len());
    for (position, argument) in call.arguments.iter().enumerate() {
        let element = array(call, position)?;
        let name = argument
            .name
            .map_or_else(|| position.to_string(), ToOwned::to_owned);
        fields.push(Field::new(name, element.clone()));
    }
    value(DataType::array(DataType::structure(fields)))
}

fn flatten(call: &Call<'_, '_>) -> Verdict {
    match call.ty(0) {
        DataType::Array(inner) if matches!(inner.as_ref(), DataType::Array(_)) => {
            value(inner.as_ref().clone())
        }
        DataType::Array(inner) if inner.is_unknown() => value(DataType::Unknown),
        DataType::Unknown => value(DataType::Unknown),
        other => Err(unexpected_type(0, "\"ARRAY\" of \"ARRAY\"", other)),
    }
}

fn get(call: &Call<'_, '_>) -> Verdict {
    let element = array(call, 0)?;
    match call.ty(1) {
        ty if ty.is_integral() || matches!(ty, DataType::Void | DataType::Unknown) => value(element.clone()),
        other => Err(unexpected_input(1, &Input::Integral, other)),
    }
}

/// From a whole number, a date or a time to another, by steps.
fn sequence(call: &Call<'_, '_>) -> Verdict {
    use DataType as T;
    let (start, stop) = (call.ty(0), call.ty(1));
    let fits = |ty: &DataType| {
        ty.is_integral() || matches!(ty, T::Timestamp | T::TimestampNtz | T::Date | T::Unknown)
    };
    match common::wider(start, stop) {
        Some(common) if fits(&common) && steps(&common, call.types.get(2)) => value(T::array(common)),
        _ => Err(Mismatch::new(
            "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
            "`sequence` uses the wrong parameter type. The start and stop must have one type, and the step must fit it: \
             (\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\") with an \"INTERVAL\", or an integral type with the same.",
        )),
    }
}

/// Whether a step fits what it steps through.
fn steps(through: &DataType, step: Option<&DataType>) -> bool {
    match (through, step) {
        (_, None | Some(DataType::Unknown | DataType::Void)) | (DataType::Unknown, _) => true,
        (through, Some(step)) if through.is_integral() => step.is_integral(),
        (_, Some(step)) => step.is_ansi_interval() || *step == DataType::Interval,
    }
}
