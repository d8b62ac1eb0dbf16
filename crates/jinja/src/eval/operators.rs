//! Arithmetic and comparison.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{MapEntry, Value};

use super::{Evaluator, weight};
use crate::{BinaryOp, CompareOp};

impl Evaluator<'_> {
    /// An operator applied to known operands; `%` of a text aside.
    pub(super) fn arithmetic(&mut self, op: BinaryOp, left: Value, right: Value) -> Option<Value> {
        match (op, integer_of_bool(left), integer_of_bool(right)) {
            (op, Value::Int(left), Value::Int(right)) => integers(op, left, right),
            (op, left @ (Value::Int(_) | Value::Float(_)), right @ (Value::Int(_) | Value::Float(_))) => {
                floats(op, as_float(&left)?, as_float(&right)?)
            }
            (BinaryOp::Add, Value::Str(left), Value::Str(right)) => {
                self.spend(left.len() + right.len())?;
                Some(Value::Str([&*left, &*right].concat().into()))
            }
            (BinaryOp::Add, Value::List(mut left), Value::List(right)) => {
                left.extend(right);
                Some(Value::List(left))
            }
            (BinaryOp::Mul, Value::Str(text), Value::Int(times))
            | (BinaryOp::Mul, Value::Int(times), Value::Str(text)) => {
                let times = usize::try_from(times).unwrap_or(0);
                self.spend(text.len().checked_mul(times)?)?;
                Some(Value::Str(text.repeat(times).into()))
            }
            (BinaryOp::Mul, Value::List(items), Value::Int(times))
            | (BinaryOp::Mul, Value::Int(times), Value::List(items)) => {
                let times = usize::try_from(times).unwrap_or(0);
                let length = items.len().checked_mul(times)?;
                let each: usize = items.iter().map(|item| weight(&item.value)).sum();
                self.spend(each.checked_mul(times)?)?;
                Some(Value::List(items.into_iter().cycle().take(length).collect()))
            }
            _ => None,
        }
    }
}

/// A boolean as the whole number that Python takes it for.
pub(super) fn integer_of_bool(value: Value) -> Value {
    match value {
        Value::Bool(value) => Value::Int(i64::from(value)),
        other => other,
    }
}

/// Compares known values; `None` where Python would fail or a part is not known.
pub(super) fn compare(op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    let ordered = |wanted: fn(Ordering) -> bool| order(left, right).map(wanted);
    match op {
        CompareOp::Eq => equal(left, right),
        CompareOp::Ne => equal(left, right).map(|equal| !equal),
        CompareOp::Lt => ordered(Ordering::is_lt),
        CompareOp::Le => ordered(Ordering::is_le),
        CompareOp::Gt => ordered(Ordering::is_gt),
        CompareOp::Ge => ordered(Ordering::is_ge),
        CompareOp::In => contains(right, left),
        CompareOp::NotIn => contains(right, left).map(|contains| !contains),
    }
}

/// Whether two values are equal, as Python sees it.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::List(left), Value::List(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all_equal(
                left.iter()
                    .zip(right)
                    .map(|(left, right)| (&left.value, &right.value)),
            )
        }
        (Value::Map(left), Value::Map(right)) => {
            let (left, right) = (by_key(left), by_key(right));
            if !left.keys().eq(right.keys()) {
                return Some(false);
            }
            all_equal(left.into_values().zip(right.into_values()))
        }
        (Value::Int(left), Value::Int(right)) => Some(left == right),
        (left, right) if is_number(left) && is_number(right) => order(left, right).map(Ordering::is_eq),
        _ => Some(left == right),
    }
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_))
}

/// The entries of a mapping by key; where a key is written twice, the last one counts.
fn by_key(entries: &[MapEntry]) -> BTreeMap<(&Arc<str>, bool), &Value> {
    entries
        .iter()
        .map(|entry| ((&entry.key.value, entry.typed.is_some()), &entry.value.value))
        .collect()
}

fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut all = Some(true);
    for (left, right) in pairs {
        match equal(left, right) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        _ => as_float(left)?.partial_cmp(&as_float(right)?),
    }
}

/// Whether `needle in haystack`.
fn contains(haystack: &Value, needle: &Value) -> Option<bool> {
    match (haystack, needle) {
        (Value::Str(haystack), Value::Str(needle)) => Some(haystack.contains(&**needle)),
        (Value::Map(entries), Value::Str(_)) => Some(entries.iter().any(|entry| entry.is_under(needle))),
        (Value::List(items), needle) => {
            let mut found = Some(false);
            for item in items {
                match equal(&item.value, needle) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => found = None,
                }
            }
            found
        }
        _ => None,
    }
}

fn integers(op: BinaryOp, left: i64, right: i64) -> Option<Value> {
    let value = match op {
        BinaryOp::Add => left.checked_add(right)?,
        BinaryOp::Sub => left.checked_sub(right)?,
        BinaryOp::Mul => left.checked_mul(right)?,
        BinaryOp::Pow if right >= 0 => left.checked_pow(u32::try_from(right).ok()?)?,
        // Python rounds towards minus infinity and gives the remainder the sign of the divisor.
        BinaryOp::FloorDiv => {
            let quotient = left.checked_div(right)?;
            let exact = left.checked_rem(right)? == 0;
            if !exact && (left < 0) != (right < 0) {
                quotient - 1
            } else {
                quotient
            }
        }
        BinaryOp::Mod => {
            let rest = left.checked_rem(right)?;
            if rest != 0 && (rest < 0) != (right < 0) {
                rest + right
            } else {
                rest
            }
        }
        BinaryOp::Div | BinaryOp::Pow => {
            return floats(op, as_float(&Value::Int(left))?, as_float(&Value::Int(right))?);
        }
    };
    Some(Value::Int(value))
}

fn floats(op: BinaryOp, left: f64, right: f64) -> Option<Value> {
    let divides = matches!(op, BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod);
    if divides && right == 0.0 {
        return None;
    }
    let value = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Mul => left * right,
        BinaryOp::Div => left / right,
        BinaryOp::FloorDiv => (left / right).floor(),
        BinaryOp::Mod => left - right * (left / right).floor(),
        BinaryOp::Pow => left.powf(right),
    };
    value.is_finite().then_some(Value::Float(value))
}

/// A number as a float; `None` for what is no number, or too large to be told from its neighbours.
#[expect(
    clippy::cast_precision_loss,
    reason = "only numbers that a float holds exactly"
)]
fn as_float(value: &Value) -> Option<f64> {
    const EXACT: i64 = 1 << 53;
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) if (-EXACT..=EXACT).contains(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}
