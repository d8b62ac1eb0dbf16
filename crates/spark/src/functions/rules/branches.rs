//! Functions that give one of their arguments.

use super::{Call, Rule, Verdict, value};
use crate::types::operators::{self, Binary, different_data, not_orderable, unexpected_input};
use crate::types::{DataType, Input, Mismatch, Operand, cast, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "Coalesce" | "Nvl" => |call| widest(call, "coalesce", call.types),
        "Nvl2" => |call| widest(call, "if", call.types.get(1..).unwrap_or_default()),
        "If" => when_true,
        "NullIf" => null_if,
        "EqualNull" => |call| compare(call, Binary::NullSafeEqual),
        "Greatest" | "Least" => extreme,
        "CaseWhen" => case_when,
        "In" => within,
        "Cast" => cast_to,
        "AssertTrue" => |call| condition(call).and_then(|()| value(DataType::Void)),
        _ => return None,
    })
}

fn widest(_: &Call<'_, '_>, function: &str, types: &[DataType]) -> Verdict {
    match common::widest(types) {
        Some(ty) => value(ty),
        None => Err(different_data(function, types)),
    }
}

fn condition(call: &Call<'_, '_>) -> Result<(), Mismatch> {
    match call.ty(0) {
        DataType::Boolean | DataType::Void | DataType::Unknown => Ok(()),
        other => Err(unexpected_input(0, &Input::Boolean, other)),
    }
}

fn when_true(call: &Call<'_, '_>) -> Verdict {
    condition(call)?;
    widest(call, "if", call.types.get(1..).unwrap_or_default())
}

fn null_if(call: &Call<'_, '_>) -> Verdict {
    compare(call, Binary::Equal)?;
    value(call.ty(0).clone())
}

fn compare(call: &Call<'_, '_>, op: Binary) -> Verdict {
    let operand = |at: usize| {
        call.argument(at)
            .cloned()
            .unwrap_or(Operand::of(DataType::Unknown))
    };
    operators::binary(op, &operand(0), &operand(1)).map(super::Output::Value)
}

fn extreme(call: &Call<'_, '_>) -> Verdict {
    match common::widest_without_strings(call.types) {
        None => Err(different_data(call.function.name, call.types)),
        Some(ty) if cast::is_orderable(&ty) => value(ty),
        Some(ty) => Err(not_orderable(call.function.name, &ty)),
    }
}

/// `when(condition, value, condition, value, other)`
fn case_when(call: &Call<'_, '_>) -> Verdict {
    let (pairs, rest) = call.types.as_chunks::<2>();
    let conditions: Vec<DataType> = pairs.iter().map(|[condition, _]| condition.clone()).collect();
    let values: Vec<DataType> = pairs.iter().map(|[_, value]| value.clone()).collect();
    operators::case(&conditions, &values, rest.first()).map(super::Output::Value)
}

fn within(call: &Call<'_, '_>) -> Verdict {
    match call.arguments.split_first() {
        Some((first, items)) => operators::in_list(first, items).map(super::Output::Value),
        None => value(DataType::Unknown),
    }
}

/// `int(x)`, `date(x)`: a cast by the name of the type.
fn cast_to(call: &Call<'_, '_>) -> Verdict {
    match crate::types::parse(call.function.name) {
        Ok(to) => operators::cast(call.ty(0), &to).map(super::Output::Value),
        Err(_) => value(DataType::Unknown),
    }
}
