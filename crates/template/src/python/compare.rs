//! Equality, order and membership.

use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

use super::iterate;
use super::params::int;
use crate::{Cx, Error, Key, Value};

/// Comparisons of values within values end here, so that lists which hold each other many times over cannot take forever.
const MOST_STEPS: u32 = 20_000_000;
const DEEPEST: u32 = 150;

/// Whether two values are equal (`==`).
pub fn equal(left: &Value, right: &Value) -> bool {
    equal_within(left, right, &Cell::new(MOST_STEPS), 0)
}

fn equal_within(left: &Value, right: &Value, steps: &Cell<u32>, depth: u32) -> bool {
    if steps.get() == 0 || depth > DEEPEST {
        return false;
    }
    steps.set(steps.get() - 1);
    let all = |left: &[Value], right: &[Value]| {
        left.len() == right.len()
            && left
                .iter()
                .zip(right)
                .all(|(left, right)| same(left, right) || equal_within(left, right, steps, depth + 1))
    };
    match (left, right) {
        (Value::Native(object), other) => match object.equals(other) {
            Some(equal) => equal,
            None => match other {
                Value::Native(second) => second.equals(left).unwrap_or_else(|| same(left, right)),
                _ => false,
            },
        },
        (other, Value::Native(object)) => object.equals(other).unwrap_or(false),
        (Value::Undefined(_), Value::Undefined(_)) | (Value::None, Value::None) => true,
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            Arc::ptr_eq(left, right) || all(&left.items(), &right.items())
        }
        (Value::Tuple(left), Value::Tuple(right)) => all(left, right),
        (Value::Set(left), Value::Set(right)) => {
            Arc::ptr_eq(left, right) || {
                let keys: Vec<Key> = left.lock().keys().cloned().collect();
                keys.len() == right.len() && keys.iter().all(|key| right.contains(key))
            }
        }
        (Value::Dict(left), Value::Dict(right)) => {
            Arc::ptr_eq(left, right) || {
                let entries: Vec<_> = left
                    .lock()
                    .iter()
                    .map(|(key, (_, value))| (key.clone(), value.clone()))
                    .collect();
                entries.len() == right.len()
                    && entries.iter().all(|(key, value)| {
                        right.get(key).is_some_and(|other| {
                            same(value, &other) || equal_within(value, &other, steps, depth + 1)
                        })
                    })
            }
        }
        _ => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => left.order(right) == Some(Ordering::Equal),
            _ => false,
        },
    }
}

/// Python's `is`.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::None, Value::None) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        // CPython keeps small whole numbers once.
        (Value::Int(left), Value::Int(right)) => left == right && (-5..=256).contains(left),
        (Value::Undefined(left), Value::Undefined(right)) => Arc::ptr_eq(left, right),
        (Value::Str(left), Value::Str(right)) => left == right,
        (Value::List(left), Value::List(right)) => Arc::ptr_eq(left, right),
        (Value::Tuple(left), Value::Tuple(right)) => Arc::ptr_eq(left, right),
        (Value::Dict(left), Value::Dict(right)) => Arc::ptr_eq(left, right),
        (Value::Set(left), Value::Set(right)) => Arc::ptr_eq(left, right),
        (Value::Native(left), Value::Native(right)) => {
            std::ptr::addr_eq(Arc::as_ptr(left), Arc::as_ptr(right))
        }
        _ => false,
    }
}

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    const fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Int(*value as i64),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::Float(*value),
            _ => return None,
        })
    }

    fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(&right)),
            (Self::Float(left), Self::Float(right)) => left.partial_cmp(&right),
            (Self::Int(left), Self::Float(right)) => int_with_float(left, right),
            (Self::Float(left), Self::Int(right)) => int_with_float(right, left).map(Ordering::reverse),
        }
    }
}

/// Python compares a whole number with a float without rounding the whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the float is whole and within the range of the type"
)]
fn int_with_float(left: i64, right: f64) -> Option<Ordering> {
    if right.is_nan() {
        return None;
    }
    if right >= 9.3e18 {
        return Some(Ordering::Less);
    }
    if right <= -9.3e18 {
        return Some(Ordering::Greater);
    }
    let whole = right.trunc() as i128;
    Some(i128::from(left).cmp(&whole).then_with(|| {
        if right.fract() > 0.0 {
            Ordering::Less
        } else if right.fract() < 0.0 {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }))
}

/// `left op right` for `== != < <= > >= in`, and `not in`.
pub(crate) fn compare(cx: &Cx, op: &str, left: &Value, right: &Value) -> Result<bool, Error> {
    match op {
        "==" => Ok(equal(left, right)),
        "!=" => Ok(!equal(left, right)),
        "in" => contains(cx, right, left),
        "not in" => contains(cx, right, left).map(|found| !found),
        _ => ordered(op, left, right),
    }
}

/// `left op right` for `< <= > >=`.
pub(crate) fn ordered(op: &str, left: &Value, right: &Value) -> Result<bool, Error> {
    if let (Some(left), Some(right)) = (super::dicts::set_keys(left), super::dicts::set_keys(right)) {
        let within = |small: &[Key], large: &[Key]| small.iter().all(|key| large.contains(key));
        return Ok(match op {
            "<" => left.len() < right.len() && within(&left, &right),
            "<=" => within(&left, &right),
            ">" => left.len() > right.len() && within(&right, &left),
            _ => within(&right, &left),
        });
    }
    let order = order_with(op, left, right, 0)?;
    Ok(match (op, order) {
        (_, None) => false,
        ("<", Some(order)) => order.is_lt(),
        ("<=", Some(order)) => order.is_le(),
        (">", Some(order)) => order.is_gt(),
        (_, Some(order)) => order.is_ge(),
    })
}

/// How two values are ordered (`<`), as `sorted()` asks. What Python cannot order is its `TypeError`.
pub fn order(left: &Value, right: &Value) -> Result<Ordering, Error> {
    Ok(order_with("<", left, right, 0)?.unwrap_or(Ordering::Equal))
}

/// The order, or `None` beside a `nan`.
fn order_with(op: &str, left: &Value, right: &Value, depth: u32) -> Result<Option<Ordering>, Error> {
    if depth > DEEPEST {
        return Err(Error::new(
            crate::ErrorKind::Python("RecursionError"),
            "maximum recursion depth exceeded in comparison",
        ));
    }
    let lexical = |left: &[Value], right: &[Value]| {
        for (left, right) in left.iter().zip(right) {
            if !same(left, right) && !equal(left, right) {
                return order_with(op, left, right, depth + 1);
            }
        }
        Ok(Some(left.len().cmp(&right.len())))
    };
    match (left, right) {
        (Value::Str(left), Value::Str(right)) => return Ok(Some(left.plain().cmp(&right.plain()))),
        (Value::List(left), Value::List(right)) => return lexical(&left.items(), &right.items()),
        (Value::Tuple(left), Value::Tuple(right)) => return lexical(left, right),
        (Value::Undefined(undefined), _) | (_, Value::Undefined(undefined)) => {
            return Err(Error::undefined(undefined.message.clone()));
        }
        _ => {}
    }
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return Ok(left.order(right));
    }
    if let Value::Native(object) = left
        && let Some(order) = object.compare(right)
    {
        return Ok(Some(order));
    }
    if let Value::Native(object) = right
        && let Some(order) = object.compare(left)
    {
        return Ok(Some(order.reverse()));
    }
    if let Some(error) = super::modules::order_error(left, right) {
        return Err(error);
    }
    Err(Error::type_error(format!(
        "'{op}' not supported between instances of '{}' and '{}'",
        left.type_name(),
        right.type_name()
    )))
}

/// `item in container`.
pub(crate) fn contains(cx: &Cx, container: &Value, item: &Value) -> Result<bool, Error> {
    match container {
        Value::Str(text) => match item {
            Value::Str(part) => Ok(text.plain().contains(&*part.plain())),
            other => Err(Error::type_error(format!(
                "'in <string>' requires string as left operand, not {}",
                other.type_name()
            ))),
        },
        Value::Dict(dict) => Ok(dict.get(&super::dicts::key(item)?).is_some()),
        Value::Set(set) => Ok(set.contains(&super::dicts::key(item)?)),
        Value::List(list) => Ok(list
            .items()
            .iter()
            .any(|other| same(other, item) || equal(other, item))),
        Value::Tuple(items) => Ok(items.iter().any(|other| same(other, item) || equal(other, item))),
        Value::Undefined(_) => Ok(false),
        Value::Native(object) => {
            if let Some(range) = container.downcast::<super::range::Range>() {
                return Ok(int(item).is_ok_and(|item| range.contains(item)));
            }
            if let Some(iter) = container.downcast::<iterate::Iter>() {
                while let Some(other) = iter.next(cx)? {
                    cx.spend(1)?;
                    if equal(&other, item) {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            if let Some(found) = container
                .downcast::<super::dicts::View>()
                .and_then(|view| view.contains_key(item))
            {
                return found;
            }
            match object.items() {
                Some(items) => Ok(items.iter().any(|other| same(other, item) || equal(other, item))),
                None => Err(not_iterable(container)),
            }
        }
        other => Err(not_iterable(other)),
    }
}

fn not_iterable(value: &Value) -> Error {
    Error::type_error(format!(
        "argument of type '{}' is not iterable",
        value.type_name()
    ))
}

/// Sorts by keys as `sorted(key=..., reverse=...)` does: stable, and the first pair that cannot be ordered is the error.
pub(crate) fn sort(cx: &Cx, items: Vec<(Value, Value)>, reverse: bool) -> Result<Vec<Value>, Error> {
    cx.spend(items.len() as u64)?;
    let mut items = items;
    let mut fault = None;
    if reverse {
        items.reverse();
    }
    items.sort_by(|(left, _), (right, _)| {
        if fault.is_some() {
            return Ordering::Equal;
        }
        match order(left, right) {
            Ok(order) => order,
            Err(error) => {
                fault = Some(error);
                Ordering::Equal
            }
        }
    });
    if let Some(error) = fault {
        return Err(error);
    }
    if reverse {
        items.reverse();
    }
    Ok(items.into_iter().map(|(_, item)| item).collect())
}
