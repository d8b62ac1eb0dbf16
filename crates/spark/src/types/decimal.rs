//! Precision and scale of decimals: at most 38 digits, and a result that needs more gives up digits behind the point, down to six.

use super::{DataType, Literal, Operand};

/// Digits in all, and of these behind the point.
pub type Digits = (u8, u8);

const MOST: u8 = 38;
/// Digits behind the point that a result keeps at the cost of those before it.
const KEPT: i16 = 6;

/// The decimal that holds every value of a type of whole numbers.
pub const fn of_integral(ty: &DataType) -> Option<Digits> {
    match ty {
        DataType::TinyInt => Some((3, 0)),
        DataType::SmallInt => Some((5, 0)),
        DataType::Int => Some((10, 0)),
        DataType::BigInt => Some((20, 0)),
        _ => None,
    }
}

/// The decimal that a number without a binary fraction is.
pub const fn exact(ty: &DataType) -> Option<Digits> {
    match ty {
        DataType::Decimal(precision, scale) => Some((*precision, *scale)),
        other => of_integral(other),
    }
}

/// As [`exact`], a whole number that is a literal having no more digits than it is written with.
pub fn of_operand(operand: &Operand<'_>) -> Option<Digits> {
    match (&operand.ty, operand.literal) {
        (DataType::Decimal(..), _) => exact(&operand.ty),
        // Spark forgets the narrowest
        (ty, Some(Literal::Integer(value))) if ty.is_integral() && *ty != DataType::TinyInt => {
            let digits = value.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
            Some((u8::try_from(digits).unwrap_or(MOST), 0))
        }
        (ty, _) => exact(ty),
    }
}

/// The decimal that holds both, cut to 38 digits.
pub fn wider(left: Digits, right: Digits) -> Digits {
    let scale = left.1.max(right.1);
    let whole = (left.0 - left.1.min(left.0)).max(right.0 - right.1.min(right.0));
    ((whole + scale).min(MOST), scale.min(MOST))
}

/// The decimal of a sum or a difference.
pub fn sum(left: Digits, right: Digits) -> Digits {
    let scale = wide(left.1).max(wide(right.1));
    let whole = (wide(left.0) - wide(left.1)).max(wide(right.0) - wide(right.1));
    adjusted(whole + scale + 1, scale)
}

/// The decimal of a product.
pub fn product(left: Digits, right: Digits) -> Digits {
    adjusted(wide(left.0) + wide(right.0) + 1, wide(left.1) + wide(right.1))
}

/// The decimal of a quotient.
pub fn quotient(left: Digits, right: Digits) -> Digits {
    let whole = wide(left.0) - wide(left.1) + wide(right.1);
    let scale = KEPT.max(wide(left.1) + wide(right.0) + 1);
    adjusted(whole + scale, scale)
}

/// The decimal of a remainder.
pub fn remainder(left: Digits, right: Digits) -> Digits {
    let scale = wide(left.1).max(wide(right.1));
    let whole = (wide(left.0) - wide(left.1)).min(wide(right.0) - wide(right.1));
    adjusted(whole + scale, scale)
}

/// That many digits, at most 38, so that the total of a sum or an average fits.
pub fn bounded(precision: u8, scale: u8) -> Digits {
    (precision.min(MOST), scale.min(MOST))
}

fn adjusted(precision: i16, scale: i16) -> Digits {
    let most = wide(MOST);
    if precision <= most {
        return (narrow(precision), narrow(scale));
    }
    let whole = precision - scale;
    (MOST, narrow((most - whole).max(scale.min(KEPT))))
}

const fn wide(digits: u8) -> i16 {
    digits as i16
}

fn narrow(digits: i16) -> u8 {
    u8::try_from(digits).unwrap_or(0).min(MOST)
}
