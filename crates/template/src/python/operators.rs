//! `+ - * / // % **`, and signs.

use crate::{Cx, Error, Str, Value};

use super::numbers::{self, Number};
use super::strings;

/// `left op right` for `+ - * / // % **`.
pub(crate) fn binary(cx: &Cx, op: &str, left: &Value, right: &Value) -> Result<Value, Error> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return numbers::arithmetic(op, left, right);
    }
    if op == "-"
        && let Some(difference) = super::dicts::difference(cx, left, right)
    {
        return difference;
    }
    match (op, left) {
        // Formatting comes before what the right side may say.
        ("%", Value::Str(format)) => return strings::percent(cx, format, right),
        (_, Value::Undefined(undefined)) => return Err(Error::undefined(undefined.message.clone())),
        _ => {}
    }
    if let Value::Undefined(undefined) = right {
        return Err(Error::undefined(undefined.message.clone()));
    }
    if let Value::Native(object) = left
        && let Some(result) = object.binary(op, right, false)
    {
        return result;
    }
    if let Value::Native(object) = right
        && let Some(result) = object.binary(op, left, true)
    {
        return result;
    }
    match (op, left, right) {
        ("+", Value::Str(left), Value::Str(right)) => {
            let made = left.concat(right);
            strings::check_length(cx, made.marked().len())?;
            Ok(Value::Str(made))
        }
        ("+", Value::List(left), Value::List(right)) => {
            let mut items = left.items();
            items.extend(right.items());
            cx.spend(items.len() as u64)?;
            Ok(Value::list(items))
        }
        ("+", Value::Tuple(left), Value::Tuple(right)) => {
            cx.spend((left.len() + right.len()) as u64)?;
            Ok(Value::tuple(left.iter().chain(right.iter()).cloned().collect()))
        }
        ("+", Value::Str(_) | Value::List(_) | Value::Tuple(_), other) => {
            let kind = left.type_name();
            Err(Error::type_error(format!(
                "can only concatenate {kind} (not \"{}\") to {kind}",
                other.type_name()
            )))
        }
        ("-", Value::Set(left), Value::Set(right)) => {
            let set = crate::Set::default();
            let entries: Vec<_> = left
                .lock()
                .iter()
                .map(|(key, item)| (key.clone(), item.clone()))
                .collect();
            for (key, item) in entries {
                if !right.contains(&key) {
                    set.insert(key, item);
                }
            }
            Ok(Value::Set(set.into()))
        }
        ("*", sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)), count)
        | ("*", count, sequence @ (Value::Str(_) | Value::List(_) | Value::Tuple(_))) => {
            repeat(cx, sequence, count)
        }
        _ => {
            let op = if op == "**" { "** or pow()" } else { op };
            Err(Error::type_error(format!(
                "unsupported operand type(s) for {op}: '{}' and '{}'",
                left.type_name(),
                right.type_name()
            )))
        }
    }
}

fn repeat(cx: &Cx, sequence: &Value, count: &Value) -> Result<Value, Error> {
    let count = match count {
        Value::Int(count) => usize::try_from(*count).unwrap_or(0),
        Value::Bool(count) => usize::from(*count),
        other => {
            return Err(Error::type_error(format!(
                "can't multiply sequence by non-int of type '{}'",
                other.type_name()
            )));
        }
    };
    let repeated = |items: &[Value]| -> Result<Vec<Value>, Error> {
        let total = items.len().saturating_mul(count);
        cx.spend(total as u64)?;
        Ok(items.iter().cycle().take(total).cloned().collect())
    };
    match sequence {
        Value::List(list) => Ok(Value::list(repeated(&list.items())?)),
        Value::Tuple(items) => Ok(Value::tuple(repeated(items)?)),
        Value::Str(text) => {
            strings::check_length(cx, text.marked().len().saturating_mul(count))?;
            let parts = std::iter::repeat_n(text, if text.is_empty() { 0 } else { count });
            Ok(Value::Str(Str::plain_from("").join(parts)))
        }
        other => Ok(other.clone()),
    }
}

/// `-value` or `+value`.
pub(crate) fn unary(cx: &Cx, op: &str, value: &Value) -> Result<Value, Error> {
    match (op, Number::of(value)) {
        ("-", Some(Number::Int(value))) => numbers::fits(value.checked_neg()),
        ("-", Some(Number::Float(value))) => Ok(Value::Float(-value)),
        (_, Some(Number::Int(value))) => Ok(Value::Int(value)),
        (_, Some(Number::Float(value))) => Ok(Value::Float(value)),
        (_, None) => {
            if let Value::Undefined(undefined) = value {
                return Err(Error::undefined(undefined.message.clone()));
            }
            if let Value::Native(object) = value
                && let Some(result) =
                    object.binary(if op == "-" { "neg" } else { "pos" }, &Value::None, false)
            {
                let _ = cx;
                return result;
            }
            Err(Error::type_error(format!(
                "bad operand type for unary {op}: '{}'",
                value.type_name()
            )))
        }
    }
}
