//! Functions of texts.

use super::{Call, Rule, Verdict, value};
use crate::types::operators::{self, Binary, unexpected_input};
use crate::types::{DataType, Input, Operand, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "Concat" => |call| operators::concat(call.types).map(super::Output::Value),
        "StringTrimBoth" => |call| all(call, &Input::String, &DataType::String),
        "Right" => |call| each(call, &[Input::String, Input::Int], &DataType::String),
        "Elt" => elt,
        "Decode" => decode,
        "ToBinary" | "TryToBinary" => |call| all(call, &Input::String, &DataType::Binary),
        "TryAesDecrypt" => |call| {
            let inputs = [
                Input::Binary,
                Input::Binary,
                Input::String,
                Input::String,
                Input::Binary,
            ];
            each(call, &inputs, &DataType::Binary)
        },
        "Overlay" => |call| alike(call, 2),
        "BitmapCount" => |call| only(call, &Input::Binary, &DataType::BigInt),
        "BitmapOrAgg" => |call| only(call, &Input::Binary, &DataType::Binary),
        _ => return None,
    })
}

/// Every argument is cast to that.
fn all(call: &Call<'_, '_>, input: &Input, result: &DataType) -> Verdict {
    for (position, ty) in call.types.iter().enumerate() {
        if input.implicit(ty).is_none() {
            return Err(unexpected_input(position, input, ty));
        }
    }
    value(result.clone())
}

/// The first of so many arguments, which are all of one type.
fn alike(call: &Call<'_, '_>, count: usize) -> Verdict {
    let types = call.types.get(..count).unwrap_or_default();
    let sure = types.iter().all(DataType::is_certain);
    if sure && types.windows(2).any(|pair| pair.first() != pair.last()) {
        return Err(operators::different_data(call.function.name, types));
    }
    value(call.ty(0).clone())
}

/// The argument is that.
fn only(call: &Call<'_, '_>, input: &Input, result: &DataType) -> Verdict {
    match call.ty(0) {
        ty if input.accepts(ty) => value(result.clone()),
        other => Err(unexpected_input(0, input, other)),
    }
}

/// Every argument is cast to its own input.
fn each(call: &Call<'_, '_>, inputs: &[Input], result: &DataType) -> Verdict {
    for (position, (input, ty)) in inputs.iter().zip(call.types).enumerate() {
        if input.implicit(ty).is_none() {
            return Err(unexpected_input(position, input, ty));
        }
    }
    value(result.clone())
}

/// One of the texts that follow, by its number.
fn elt(call: &Call<'_, '_>) -> Verdict {
    const INPUT: Input = Input::OneOf(&[Input::String, Input::Binary]);
    if Input::Int.implicit(call.ty(0)).is_none() {
        return Err(unexpected_input(0, &Input::Int, call.ty(0)));
    }
    let choices = call.types.get(1..).unwrap_or_default();
    if !choices.is_empty() && choices.iter().all(|ty| *ty == DataType::Binary) {
        return value(DataType::Binary);
    }
    for (position, ty) in choices.iter().enumerate() {
        if Input::String.implicit(ty).is_none() {
            return Err(unexpected_input(position + 1, &INPUT, ty));
        }
    }
    value(DataType::String)
}

/// The text of bytes in a character set; with more arguments, what stands behind the value that is equal.
fn decode(call: &Call<'_, '_>) -> Verdict {
    if call.arguments.len() == 2 {
        return each(call, &[Input::Binary, Input::String], &DataType::String);
    }
    let Some((sought, rest)) = call.arguments.split_first() else {
        return value(DataType::Unknown);
    };
    let (pairs, other) = rest.as_chunks::<2>();
    let mut results: Vec<&DataType> = Vec::with_capacity(pairs.len() + 1);
    for [candidate, result] in pairs {
        operators::binary(Binary::NullSafeEqual, &Operand::of(sought.ty.clone()), candidate)?;
        results.push(&result.ty);
    }
    // What nothing is equal to is a null text where no other result is given.
    match other {
        [] => results.push(&DataType::String),
        other => results.extend(other.iter().map(|operand| &operand.ty)),
    }
    match common::widest(results.iter().copied()) {
        Some(ty) => value(ty),
        None => {
            let types: Vec<DataType> = results.into_iter().cloned().collect();
            Err(operators::different_data("casewhen", &types))
        }
    }
}
