//! Python's `range`, as Jinja2's sandbox hands it out.

use std::sync::Arc;

use crate::{Args, Cx, Error, ErrorKind, Native, Value};

use super::params;

/// The sandbox's `MAX_RANGE` (`jinja2/sandbox.py`).
const MAX_RANGE: i128 = 100_000;

/// A `range` object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

impl Range {
    pub(crate) fn count(&self) -> usize {
        let (start, stop, step) = (
            i128::from(self.start),
            i128::from(self.stop),
            i128::from(self.step),
        );
        let distance = if step > 0 { stop - start } else { start - stop };
        let size = step.abs().max(1);
        usize::try_from((distance + size - 1).max(0) / size).unwrap_or(usize::MAX)
    }

    /// The number at a place, which must be within.
    pub(crate) fn at(&self, index: usize) -> i64 {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        self.start.saturating_add(self.step.saturating_mul(index))
    }

    pub(crate) fn contains(&self, value: i64) -> bool {
        let within = if self.step > 0 {
            (self.start..self.stop).contains(&value)
        } else {
            value <= self.start && value > self.stop
        };
        within && (i128::from(value) - i128::from(self.start)) % i128::from(self.step) == 0
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        (0..self.count())
            .map(|index| Value::Int(self.at(index)))
            .collect()
    }
}

/// `range(stop)`, `range(start, stop)` or `range(start, stop, step)`.
pub(crate) fn make(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let given = args.positional.len();
    let [first, second, third] = params::places::<3>(args, "range", 1)?;
    let number = |value: Option<Value>, default| params::int_or(value.as_ref(), default);
    let range = if given == 1 {
        Range {
            start: 0,
            stop: number(first, 0)?,
            step: 1,
        }
    } else {
        Range {
            start: number(first, 0)?,
            stop: number(second, 0)?,
            step: number(third, 1)?,
        }
    };
    if range.step == 0 {
        return Err(Error::value_error("range() arg 3 must not be zero"));
    }
    if range.count() as i128 > MAX_RANGE {
        return Err(Error::new(
            ErrorKind::Python("OverflowError"),
            format!("Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MAX_RANGE})."),
        ));
    }
    Ok(Value::native(range))
}

impl Native for Range {
    fn type_name(&self) -> &'static str {
        "range"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "start" => Some(Value::Int(self.start)),
            "stop" => Some(Value::Int(self.stop)),
            "step" => Some(Value::Int(self.step)),
            _ => None,
        })
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        let index = match key {
            Value::Int(index) => *index,
            Value::Bool(index) => i64::from(*index),
            other => {
                return Some(Err(Error::type_error(format!(
                    "range indices must be integers or slices, not {}",
                    other.type_name()
                ))));
            }
        };
        Some(
            super::lists::place(index, self.count())
                .map(|index| Value::Int(self.at(index)))
                .ok_or_else(|| {
                    Error::new(ErrorKind::Python("IndexError"), "range object index out of range")
                }),
        )
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if !matches!(name, "index" | "count") {
            return None;
        }
        let value = match params::one(args.clone(), &format!("range.{name}")) {
            Ok(value) => value,
            Err(error) => return Some(Err(error)),
        };
        let found = params::int(&value).ok().filter(|value| self.contains(*value));
        Some(match (name, found) {
            ("count", found) => Ok(Value::Int(i64::from(found.is_some()))),
            (_, Some(found)) => Ok(Value::Int((found - self.start) / self.step)),
            (_, None) => Err(Error::value_error(format!(
                "{} is not in range",
                super::repr(&value)
            ))),
        })
    }

    fn is_subscriptable(&self) -> bool {
        true
    }

    fn text(&self) -> String {
        if self.step == 1 {
            format!("range({}, {})", self.start, self.stop)
        } else {
            format!("range({}, {}, {})", self.start, self.stop, self.step)
        }
    }

    fn truth(&self) -> bool {
        self.count() > 0
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.values())
    }

    fn len(&self) -> Option<usize> {
        Some(self.count())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<Self>()?;
        let count = self.count();
        Some(
            count == other.count()
                && (count == 0 || self.start == other.start)
                && (count < 2 || self.step == other.step),
        )
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(self.text().into())
    }
}
