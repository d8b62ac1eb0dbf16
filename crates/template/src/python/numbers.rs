//! Python's `int` and `float`: arithmetic, reading and rounding.

use crate::{Args, Cx, Error, ErrorKind, Value};

use super::params;

/// A number as operators see it; a boolean is a whole number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Int(i64::from(*value)),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::Float(*value),
            _ => return None,
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "as Python's float(): the nearest float"
    )]
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// Whether a float is just this number, as Python's `==` asks.
#[expect(clippy::float_cmp, reason = "that is the question")]
pub(crate) fn is_exactly(value: f64, wanted: f64) -> bool {
    value == wanted
}

/// The result of whole number arithmetic that may not fit.
pub(crate) fn fits(result: Option<i64>) -> Result<Value, Error> {
    result.map(Value::Int).ok_or_else(too_large)
}

/// A whole number beyond 64 bits.
pub(crate) fn too_large() -> Error {
    Error::unsupported("whole numbers beyond 64 bits are not supported")
}

fn zero_division(message: &str) -> Error {
    Error::new(ErrorKind::Python("ZeroDivisionError"), message)
}

fn overflow(message: &str) -> Error {
    Error::new(ErrorKind::Python("OverflowError"), message)
}

/// `left op right` of two numbers.
pub(crate) fn arithmetic(op: &str, left: Number, right: Number) -> Result<Value, Error> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => ints(op, left, right),
        _ => floats(op, left.float(), right.float()),
    }
}

fn ints(op: &str, left: i64, right: i64) -> Result<Value, Error> {
    match op {
        "+" => fits(left.checked_add(right)),
        "-" => fits(left.checked_sub(right)),
        "*" => fits(left.checked_mul(right)),
        "/" if right == 0 => Err(zero_division("division by zero")),
        "/" => Ok(Value::Float(divide(left, right))),
        "//" if right == 0 => Err(zero_division("integer division or modulo by zero")),
        "//" => fits(floor_div(left, right)),
        "%" if right == 0 => Err(zero_division("integer modulo by zero")),
        "%" => Ok(Value::Int(modulo(left, right))),
        _ => power(left, right),
    }
}

/// True division, rounded once.
#[expect(clippy::cast_precision_loss, reason = "both are below 2**53 where it matters")]
fn divide(left: i64, right: i64) -> f64 {
    let exact = 1_i64 << 53;
    let is_exact = |value: i64| (-exact..=exact).contains(&value);
    if !(is_exact(left) && is_exact(right)) && left % right == 0 {
        return (left.checked_div(right)).map_or(left as f64 / right as f64, |quotient| quotient as f64);
    }
    left as f64 / right as f64
}

fn floor_div(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let inexact = left.checked_rem(right)? != 0;
    Some(if inexact && ((left < 0) != (right < 0)) {
        quotient - 1
    } else {
        quotient
    })
}

pub(crate) fn modulo(left: i64, right: i64) -> i64 {
    let rest = left.checked_rem(right).unwrap_or(0);
    if rest != 0 && ((rest < 0) != (right < 0)) {
        rest + right
    } else {
        rest
    }
}

fn power(base: i64, exponent: i64) -> Result<Value, Error> {
    if exponent < 0 {
        return floats("**", Number::Int(base).float(), Number::Int(exponent).float());
    }
    match base {
        0 | 1 => return Ok(Value::Int(if exponent == 0 { 1 } else { base })),
        -1 => return Ok(Value::Int(if exponent % 2 == 0 { 1 } else { -1 })),
        _ => {}
    }
    let exponent = u32::try_from(exponent).ok();
    fits(exponent.and_then(|exponent| base.checked_pow(exponent)))
}

fn floats(op: &str, left: f64, right: f64) -> Result<Value, Error> {
    let is_zero = right == 0.0;
    Ok(Value::Float(match op {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" if is_zero => return Err(zero_division("float division by zero")),
        "/" => left / right,
        "//" if is_zero => return Err(zero_division("float floor division by zero")),
        "//" => floor_mod(left, right).0,
        "%" if is_zero => return Err(zero_division("float modulo")),
        "%" => floor_mod(left, right).1,
        _ => return float_power(left, right),
    }))
}

/// CPython's `float_divmod` (`Objects/floatobject.c`).
fn floor_mod(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(right);
    } else if (right < 0.0) != (rest < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    let floored = if quotient == 0.0 {
        0.0_f64.copysign(left / right)
    } else {
        let floored = quotient.floor();
        if quotient - floored > 0.5 {
            floored + 1.0
        } else {
            floored
        }
    };
    (floored, rest)
}

fn float_power(base: f64, exponent: f64) -> Result<Value, Error> {
    if base == 0.0 && exponent < 0.0 {
        return Err(zero_division("0.0 cannot be raised to a negative power"));
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        return Err(Error::unsupported("complex numbers are not supported"));
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(overflow("(34, 'Numerical result out of range')"));
    }
    Ok(Value::Float(result))
}

/// `int(text, base)`; `None` where the text is no whole number of that base.
pub(crate) fn parse_int(text: &str, base: i64) -> Result<Option<i64>, Error> {
    let text = text.trim_matches(super::strings::is_space);
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or("")),
        Some(b'+') => (false, text.get(1..).unwrap_or("")),
        _ => (false, text),
    };
    let lower: String = digits
        .chars()
        .map(plain_digit)
        .collect::<String>()
        .to_ascii_lowercase();
    let prefix = |prefix: &str, of: i64| {
        (base == of || base == 0)
            .then(|| lower.strip_prefix(prefix))
            .flatten()
            .map(|rest| (rest, of))
    };
    let prefixed = prefix("0x", 16)
        .or_else(|| prefix("0o", 8))
        .or_else(|| prefix("0b", 2));
    let (mut digits, radix) = prefixed.unwrap_or((&lower, if base == 0 { 10 } else { base }));
    if prefixed.is_some() {
        digits = digits.strip_prefix('_').unwrap_or(digits);
    } else if base == 0
        && digits.starts_with('0')
        && digits.bytes().any(|digit| !matches!(digit, b'0' | b'_'))
    {
        return Ok(None);
    }
    let Some(digits) = without_underscores(digits) else {
        return Ok(None);
    };
    let Ok(radix @ 2..=36) = u32::try_from(radix) else {
        return Err(Error::value_error("int() base must be >= 2 and <= 36, or 0"));
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Ok(None);
    }
    let value = i128::from_str_radix(&digits, radix).map_err(|_| too_large())?;
    let value = if negative { -value } else { value };
    i64::try_from(value).map(Some).map_err(|_| too_large())
}

/// A decimal digit of any script as ASCII.
fn plain_digit(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    super::strings::decimal_digit(c)
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

/// Digits without `_`, which may stand between two digits only.
fn without_underscores(digits: &str) -> Option<String> {
    let bad = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!bad).then(|| digits.replace('_', ""))
}

/// `float(text)`; `None` where the text is no number.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text: String = text
        .trim_matches(super::strings::is_space)
        .chars()
        .map(plain_digit)
        .collect();
    let bytes = text.as_bytes();
    for (index, _) in text.match_indices('_') {
        let digit_at = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        if !digit_at(index.checked_sub(1)) || !digit_at(Some(index + 1)) {
            return None;
        }
    }
    let text = text.replace('_', "");
    text.parse().ok()
}

/// `int(value)` of a value that is no text.
pub(crate) fn to_int(value: &Value) -> Result<i64, Error> {
    match value {
        Value::Int(value) => Ok(*value),
        Value::Bool(value) => Ok(i64::from(*value)),
        Value::Float(value) => truncated(*value),
        Value::Str(text) => {
            let plain = text.plain();
            parse_int(&plain, 10)?.ok_or_else(|| {
                Error::value_error(format!(
                    "invalid literal for int() with base 10: {}",
                    super::repr(&Value::str(&plain))
                ))
            })
        }
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Err(Error::type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            other.type_name()
        ))),
    }
}

/// A float as a whole number, towards zero.
#[expect(clippy::cast_possible_truncation, reason = "the range is tested")]
pub(crate) fn truncated(value: f64) -> Result<i64, Error> {
    if value.is_nan() {
        return Err(Error::value_error("cannot convert float NaN to integer"));
    }
    if value.is_infinite() {
        return Err(overflow("cannot convert float infinity to integer"));
    }
    if value.abs() >= 9.223_372_036_854_775e18 {
        return Err(too_large());
    }
    Ok(value as i64)
}

/// `float(value)`.
pub(crate) fn to_float(value: &Value) -> Result<f64, Error> {
    match value {
        Value::Str(text) => {
            let plain = text.plain();
            parse_float(&plain).ok_or_else(|| {
                Error::value_error(format!(
                    "could not convert string to float: {}",
                    super::repr(&Value::str(&plain))
                ))
            })
        }
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Number::of(other).map(Number::float).ok_or_else(|| {
            Error::type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                other.type_name()
            ))
        }),
    }
}

/// `round(value, digits)` of a float: the decimal that is nearest to the exact value.
pub(crate) fn round(value: f64, digits: i64) -> f64 {
    if !value.is_finite() || digits > 323 {
        return value;
    }
    match usize::try_from(digits) {
        Ok(digits) => format!("{value:.digits$}").parse().unwrap_or(value),
        Err(_) => round_up_front(value, digits.unsigned_abs()),
    }
}

/// Rounds to tens, hundreds and so on, ties to even.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "both are exact below 2**53, where such rounding matters"
)]
fn round_up_front(value: f64, digits: u64) -> f64 {
    let Some(unit) = u32::try_from(digits)
        .ok()
        .and_then(|digits| 10_i128.checked_pow(digits))
    else {
        return 0.0_f64.copysign(value);
    };
    if value.abs() > 1e37 {
        return value;
    }
    let whole = value.trunc() as i128;
    let rounded = round_int(whole, unit, value.fract() != 0.0);
    (rounded as f64).copysign(value)
}

/// The multiple of a unit that is nearest, ties to even; `more` says that the number lies somewhat further from zero.
fn round_int(value: i128, unit: i128, more: bool) -> i128 {
    let size = value.abs();
    let rest = size % unit;
    let down = size - rest;
    let up = match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => more || (down / unit) % 2 == 1,
    };
    let rounded = if up { down + unit } else { down };
    if value < 0 { -rounded } else { rounded }
}

/// `round(value, digits)` of a number.
pub(crate) fn round_value(value: &Value, digits: i64) -> Result<Value, Error> {
    match Number::of(value) {
        Some(Number::Float(value)) => Ok(Value::Float(round(value, digits))),
        Some(Number::Int(value)) if digits >= 0 => Ok(Value::Int(value)),
        Some(Number::Int(value)) => {
            let unit = u32::try_from(digits.unsigned_abs())
                .ok()
                .and_then(|digits| 10_i128.checked_pow(digits));
            Ok(Value::Int(unit.map_or(0, |unit| {
                i64::try_from(round_int(i128::from(value), unit, false)).unwrap_or(value)
            })))
        }
        None => Err(Error::type_error(format!(
            "type {} doesn't define __round__ method",
            value.type_name()
        ))),
    }
}

pub(crate) const INT_METHODS: &[&str] = &["as_integer_ratio", "bit_count", "bit_length", "conjugate"];
pub(crate) const FLOAT_METHODS: &[&str] = &["as_integer_ratio", "conjugate", "hex", "is_integer"];

/// An attribute of a whole number.
pub(crate) fn int_attr(value: i64, name: &str) -> Option<Value> {
    match name {
        "numerator" | "real" => Some(Value::Int(value)),
        "denominator" => Some(Value::Int(1)),
        "imag" => Some(Value::Int(0)),
        _ => None,
    }
}

/// An attribute of a float.
pub(crate) fn float_attr(value: f64, name: &str) -> Option<Value> {
    match name {
        "real" => Some(Value::Float(value)),
        "imag" => Some(Value::Float(0.0)),
        _ => None,
    }
}

/// A method of a whole number.
pub(crate) fn int_method(_cx: &Cx, value: i64, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    let done = match name {
        "bit_length" => Value::Int(i64::from(64 - value.unsigned_abs().leading_zeros())),
        "bit_count" => Value::Int(i64::from(value.unsigned_abs().count_ones())),
        "as_integer_ratio" => Value::tuple(vec![Value::Int(value), Value::Int(1)]),
        "conjugate" => Value::Int(value),
        _ => return None,
    };
    Some(params::none(args, &format!("int.{name}")).map(|()| done))
}

/// A method of a float.
pub(crate) fn float_method(_cx: &Cx, value: f64, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    let done = match name {
        "is_integer" => Ok(Value::Bool(value.is_finite() && value.fract() == 0.0)),
        "conjugate" => Ok(Value::Float(value)),
        "as_integer_ratio" => ratio(value),
        "hex" => Err(Error::unsupported("float.hex() is not supported")),
        _ => return None,
    };
    Some(params::none(args, &format!("float.{name}")).and(done))
}

fn ratio(value: f64) -> Result<Value, Error> {
    let (mut top, mut bottom) = (value, 1_i64);
    while top.fract() != 0.0 {
        top *= 2.0;
        bottom = bottom.checked_mul(2).ok_or_else(too_large)?;
    }
    Ok(Value::tuple(vec![
        Value::Int(truncated(top)?),
        Value::Int(bottom),
    ]))
}
