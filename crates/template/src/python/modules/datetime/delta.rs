//! `datetime.timedelta`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::{Args, Cx, Error, ErrorKind, Native, Value};

use super::int;
use crate::python::numbers::{self, Number};
use crate::python::params;

pub(super) const SECOND: i128 = 1_000_000;
pub(super) const DAY: i128 = 86_400 * SECOND;
const MOST_DAYS: i128 = 999_999_999;

/// A length of time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delta(pub(super) i128);

impl Delta {
    pub(super) fn value(micros: i128) -> Result<Value, Error> {
        let days = micros.div_euclid(DAY);
        if days.abs() > MOST_DAYS {
            return Err(Error::new(
                ErrorKind::Python("OverflowError"),
                format!("days={days}; must have magnitude <= {MOST_DAYS}"),
            ));
        }
        Ok(Value::native(Self(micros)))
    }

    fn parts(self) -> (i128, i128, i128) {
        let rest = self.0.rem_euclid(DAY);
        (self.0.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }

    #[expect(clippy::cast_precision_loss, reason = "as Python's total_seconds()")]
    fn seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// `timedelta(days, seconds, microseconds, milliseconds, minutes, hours, weeks)`.
pub(super) fn make(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = [
        "days",
        "seconds",
        "microseconds",
        "milliseconds",
        "minutes",
        "hours",
        "weeks",
    ];
    let units = [DAY, SECOND, 1, 1000, 60 * SECOND, 3600 * SECOND, 7 * DAY];
    let given = args.bind("timedelta", names, 0)?;
    let mut micros: i128 = 0;
    let mut fraction = 0.0;
    for ((value, unit), name) in given.into_iter().zip(units).zip(names) {
        let Some(value) = value else { continue };
        match Number::of(&value) {
            Some(Number::Int(count)) => micros += i128::from(count).saturating_mul(unit),
            Some(Number::Float(count)) => {
                let (whole, rest) = scaled(count, unit)?;
                micros += whole;
                fraction += rest;
            }
            None => {
                return Err(Error::type_error(format!(
                    "unsupported type for timedelta {name} component: {}",
                    value.type_name()
                )));
            }
        }
    }
    // A half goes to the even neighbour of the sum.
    let half = numbers::is_exactly(fraction.abs(), 0.5) && micros % 2 != 0;
    let more = if half {
        rounded(fraction * 2.0)
    } else {
        rounded(fraction)
    };
    Delta::value(micros + more)
}

/// A float of units as whole microseconds, and what is left of one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the size is tested; units are far below 2**53"
)]
fn scaled(count: f64, unit: i128) -> Result<(i128, f64), Error> {
    if count.is_nan() {
        return Err(Error::value_error("cannot convert float NaN to integer"));
    }
    if count.abs() > 1e15 {
        return Err(Error::new(
            ErrorKind::Python("OverflowError"),
            "date value out of range",
        ));
    }
    let whole = count.trunc() as i128 * unit;
    let rest = count.fract() * unit as f64;
    Ok((whole + rest.trunc() as i128, rest.fract()))
}

/// To the nearest whole number, ties to even.
#[expect(clippy::cast_possible_truncation, reason = "the callers' numbers are small")]
fn rounded(value: f64) -> i128 {
    value.round_ties_even() as i128
}

/// Division of whole numbers to the nearest, ties to even.
fn divide_nearest(top: i128, bottom: i128) -> i128 {
    let (quotient, rest) = (top.div_euclid(bottom), top.rem_euclid(bottom));
    let (twice, size) = (rest * 2, bottom.abs());
    let up = match twice.cmp(&size) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => quotient % 2 != 0,
    };
    if up { quotient + bottom.signum() } else { quotient }
}

impl Native for Delta {
    fn type_name(&self) -> &'static str {
        "datetime.timedelta"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let (days, seconds, micros) = self.parts();
        Ok(match name {
            "days" => Some(int(days)),
            "seconds" => Some(int(seconds)),
            "microseconds" => Some(int(micros)),
            _ => limits(name),
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        &["total_seconds"]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        (name == "total_seconds")
            .then(|| params::none(args, "timedelta.total_seconds").map(|()| Value::Float(self.seconds())))
    }

    fn text(&self) -> String {
        let (days, seconds, micros) = self.parts();
        let mut out = String::new();
        if days != 0 {
            let plural = if days.abs() == 1 { "" } else { "s" };
            out.push_str(&format!("{days} day{plural}, "));
        }
        out.push_str(&format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ));
        if micros != 0 {
            out.push_str(&format!(".{micros:06}"));
        }
        out
    }

    fn repr(&self) -> String {
        let (days, seconds, micros) = self.parts();
        let parts: Vec<String> = [("days", days), ("seconds", seconds), ("microseconds", micros)]
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|(name, count)| format!("{name}={count}"))
            .collect();
        let parts = if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(", ")
        };
        format!("datetime.timedelta({parts})")
    }

    fn truth(&self) -> bool {
        self.0 != 0
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>()?.0 == self.0)
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other.downcast::<Self>()?))
    }

    #[expect(clippy::cast_precision_loss, reason = "as Python divides timedeltas")]
    fn binary(&self, op: &str, other: &Value, swapped: bool) -> Option<Result<Value, Error>> {
        let zero = || {
            Error::new(
                ErrorKind::Python("ZeroDivisionError"),
                "integer division or modulo by zero",
            )
        };
        match op {
            "neg" => return Some(Self::value(-self.0)),
            "pos" => return Some(Self::value(self.0)),
            "abs" => return Some(Self::value(self.0.abs())),
            _ => {}
        }
        if let Some(other) = other.downcast::<Self>() {
            let (left, right) = if swapped {
                (other.0, self.0)
            } else {
                (self.0, other.0)
            };
            return Some(match op {
                "+" => Self::value(left + right),
                "-" => Self::value(left - right),
                "/" | "//" | "%" if right == 0 => Err(zero()),
                "/" => Ok(Value::Float(left as f64 / right as f64)),
                "//" => Ok(int(floor_div(left, right))),
                "%" => Self::value(left - floor_div(left, right) * right),
                _ => return None,
            });
        }
        match (op, Number::of(other)?) {
            ("*", Number::Int(count)) => Some(Self::value(self.0.saturating_mul(i128::from(count)))),
            ("*", Number::Float(count)) => Some(times(self.0, count)),
            ("//" | "/", Number::Int(0)) if !swapped => Some(Err(zero())),
            ("//", Number::Int(count)) if !swapped => Some(Self::value(floor_div(self.0, i128::from(count)))),
            ("/", Number::Int(count)) if !swapped => {
                Some(Self::value(divide_nearest(self.0, i128::from(count))))
            }
            ("/", Number::Float(count)) if !swapped && count != 0.0 => Some(times(self.0, 1.0 / count)),
            _ => None,
        }
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}

fn floor_div(left: i128, right: i128) -> i128 {
    let quotient = left / right;
    if left % right != 0 && (left < 0) != (right < 0) {
        quotient - 1
    } else {
        quotient
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "beyond that, the result is out of range anyway"
)]
fn times(micros: i128, count: f64) -> Result<Value, Error> {
    Delta::value((micros as f64 * count).round_ties_even() as i128)
}

/// The `min`, `max` and `resolution` of the type.
pub(super) fn limits(name: &str) -> Option<Value> {
    Some(Value::native(match name {
        "min" => Delta(-MOST_DAYS * DAY),
        "max" => Delta((MOST_DAYS + 1) * DAY - 1),
        "resolution" => Delta(1),
        _ => return None,
    }))
}
