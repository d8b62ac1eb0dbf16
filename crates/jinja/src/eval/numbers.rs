//! Numbers out of other values, as the filters `int` and `float` make them.

use glueline_base::Value;

use super::operators::integer_of_bool;

/// What a value is as a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    /// A number.
    Is(Value),
    /// No number, so that the filter's default counts.
    Not,
    /// Not known.
    Unknown,
}

/// `value | int`: texts of floats count too.
pub(super) fn to_int(value: &Value) -> Number {
    if let Value::Int(_) | Value::Bool(_) = value {
        return Number::Is(integer_of_bool(value.clone()));
    }
    if let Value::Str(text) = value
        && is_whole(text.trim())
    {
        return match text.trim().parse() {
            Ok(value) => Number::Is(Value::Int(value)),
            Err(_) => Number::Unknown,
        };
    }
    match to_float(value) {
        Number::Is(Value::Float(value)) => truncated(value),
        other => other,
    }
}

/// `value | float`
pub(super) fn to_float(value: &Value) -> Number {
    let text = match value {
        Value::Unknown => return Number::Unknown,
        Value::Float(_) => return Number::Is(value.clone()),
        Value::Int(_) | Value::Bool(_) => integer_of_bool(value.clone()).display(),
        Value::Str(text) => text.trim().to_owned(),
        Value::Null | Value::Date(_) | Value::List(_) | Value::Map(_) => return Number::Not,
    };
    // Python takes underscores, the digits of other scripts, `nan` and `inf`, too.
    let unsigned = text.trim_start_matches(['+', '-']);
    let special = ["nan", "inf", "infinity"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word));
    if text.contains('_') || !text.is_ascii() || special {
        return Number::Unknown;
    }
    match text.parse() {
        Ok(value) => Number::Is(Value::Float(value)),
        Err(_) => Number::Not,
    }
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The whole number before the point; unknown where a float no longer tells whole numbers apart.
fn truncated(value: f64) -> Number {
    const EXACT: f64 = 9e15;
    if value.abs() > EXACT || value.is_nan() {
        return Number::Unknown;
    }
    match format!("{:.0}", value.trunc()).parse() {
        Ok(value) => Number::Is(Value::Int(value)),
        Err(_) => Number::Unknown,
    }
}
