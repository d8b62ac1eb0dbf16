//! Functions of numbers.

use super::super::arguments::integer;
use super::{Call, Rule, Verdict, value};
use crate::types::cast::has_map;
use crate::types::operators::{self, Binary, unexpected_input};
use crate::types::{DataType, Input, Mismatch, Operand, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "Round" | "BRound" => |call| rounded(call, call.ty(0)),
        "Ceil" | "Floor" | "CeilExpressionBuilder" | "FloorExpressionBuilder" => to_whole,
        "RoundCeil" | "RoundFloor" => to_whole,
        "TryAdd" => |call| operation(call, Binary::Add),
        "TrySubtract" => |call| operation(call, Binary::Subtract),
        "TryMultiply" => |call| operation(call, Binary::Multiply),
        "TryDivide" => |call| operation(call, Binary::Divide),
        "Remainder" | "Pmod" => |call| operation(call, Binary::Remainder),
        "IntegralDivide" => |call| operation(call, Binary::IntegralDivide),
        "And" | "Or" => |call| operation(call, Binary::And),
        "UnaryMinus" | "UnaryPositive" => |call| sign(call),
        "ToNumber" | "TryToNumber" => to_number,
        "NaNvl" => |call| value(common::tightest(call.ty(0), call.ty(1)).unwrap_or(DataType::Double)),
        "NTile" => buckets,
        "Murmur3Hash" | "XxHash64" => hashed,
        _ => return None,
    })
}

fn operation(call: &Call<'_, '_>, op: Binary) -> Verdict {
    let operand = |at: usize| {
        call.argument(at)
            .cloned()
            .unwrap_or(Operand::of(DataType::Unknown))
    };
    operators::binary(op, &operand(0), &operand(1)).map(super::Output::Value)
}

fn sign(call: &Call<'_, '_>) -> Verdict {
    let operand = call
        .argument(0)
        .cloned()
        .unwrap_or(Operand::of(DataType::Unknown));
    operators::negate(&operand).map(super::Output::Value)
}

/// A decimal keeps as many digits behind the point as are asked for, and may need one more before it.
fn rounded(call: &Call<'_, '_>, ty: &DataType) -> Verdict {
    let DataType::Decimal(precision, scale) = ty else {
        return value(ty.clone());
    };
    let places = match call.argument(1) {
        None => Some(0),
        places => integer(places),
    };
    let Some(places) = places else {
        return value(DataType::Unknown);
    };
    let whole = i64::from(*precision) - i64::from(*scale) + 1;
    let (precision, scale) = if places < 0 {
        (whole.max(places.saturating_neg().saturating_add(1)), 0)
    } else {
        let scale = places.min(i64::from(*scale));
        (whole + scale, scale)
    };
    let digits = |number: i64| u8::try_from(number.min(38)).unwrap_or(0);
    value(DataType::Decimal(digits(precision), digits(scale)))
}

/// `ceil` and `floor`: whole numbers, or so many places of a decimal.
fn to_whole(call: &Call<'_, '_>) -> Verdict {
    const INPUT: Input = Input::OneOf(&[Input::Double, Input::Decimal, Input::BigInt]);
    let given = &call
        .argument(0)
        .map_or(DataType::Unknown, |argument| argument.ty.clone());
    if call.arguments.len() == 2 {
        let ty = Input::Decimal
            .implicit(given)
            .ok_or_else(|| unexpected_input(0, &Input::Decimal, given))?;
        return if given.is_unknown() {
            value(DataType::Unknown)
        } else {
            rounded(call, &ty)
        };
    }
    match INPUT.implicit(given) {
        Some(DataType::Unknown) => value(DataType::Unknown),
        Some(DataType::Decimal(precision, 0)) => value(DataType::Decimal(precision, 0)),
        Some(DataType::Decimal(precision, scale)) => {
            value(DataType::Decimal((precision - scale + 1).min(38), 0))
        }
        Some(_) => value(DataType::BigInt),
        None => Err(unexpected_input(0, &INPUT, given)),
    }
}

fn buckets(call: &Call<'_, '_>) -> Verdict {
    match call.types.first() {
        None | Some(DataType::Int | DataType::Void | DataType::Unknown) => value(DataType::Int),
        // What is no constant is refused for that.
        Some(_)
            if call
                .argument(0)
                .is_some_and(|argument| argument.foldable == Some(false)) =>
        {
            value(DataType::Int)
        }
        Some(other) => Err(unexpected_input(0, &Input::Int, other)),
    }
}

fn hashed(call: &Call<'_, '_>) -> Verdict {
    if let Some(position) = call.types.iter().position(has_map) {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.HASH_MAP_TYPE",
            format!(
                "Input to the function `{}` cannot contain elements of the \"MAP\" type.",
                call.function.name
            ),
        )
        .at(position));
    }
    value(if call.function.class == "XxHash64" {
        DataType::BigInt
    } else {
        DataType::Int
    })
}

/// As many digits as the format has.
fn to_number(call: &Call<'_, '_>) -> Verdict {
    let Some(format) = super::super::arguments::text(call.argument(1)) else {
        return value(DataType::Unknown);
    };
    let (before, after) = format.split_once(['.', 'D', 'd']).unwrap_or((format, ""));
    let digits = |part: &str| part.chars().filter(|c| matches!(c, '0' | '9')).count();
    let (before, after) = (digits(before), digits(after));
    match (u8::try_from(before + after), u8::try_from(after)) {
        (Ok(precision @ 1..=38), Ok(scale)) => value(DataType::Decimal(precision, scale)),
        _ => value(DataType::Unknown),
    }
}
