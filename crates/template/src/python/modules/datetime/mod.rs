//! Python's `datetime`, and `pytz`.

mod calendar;
mod date;
mod delta;
mod moment;
mod strftime;
mod strptime;
mod time;
mod types;
mod zone;

use crate::{Args, Error, ErrorKind, Value};

use crate::python::numbers;
use crate::python::params;

/// The names that dbt hands out of `datetime`.
pub(super) fn module() -> Value {
    Value::dict([
        ("date", Value::native(types::Type::Date)),
        ("datetime", Value::native(types::Type::DateTime)),
        ("time", Value::native(types::Type::Time)),
        ("timedelta", Value::native(types::Type::Delta)),
        ("tzinfo", Value::native(types::Type::TzInfo)),
    ])
}

/// A day, or a moment, of the text that it prints as; `None` where that is neither.
pub(crate) fn of_text(text: &str) -> Option<Value> {
    if text.len() == "2000-01-01".len() {
        date::Date::parse(text).map(Value::native)
    } else {
        moment::DateTime::parse(text).map(Value::native)
    }
}

/// Whether a value is a day or a moment.
pub(crate) fn is_date(value: &Value) -> bool {
    value.downcast::<date::Date>().is_some() || value.downcast::<moment::DateTime>().is_some()
}

/// The names that dbt hands out of `pytz`.
pub(super) fn pytz() -> Value {
    zone::module()
}

/// A whole number as a value.
fn int(value: i128) -> Value {
    i64::try_from(value).map_or(Value::None, Value::Int)
}

/// A whole number argument.
fn number(value: &Value) -> Result<i64, Error> {
    params::int(value)
}

/// Binds arguments with the messages of functions written in C.
fn bind<const N: usize>(
    args: Args,
    function: &str,
    names: [&str; N],
    required: usize,
) -> Result<[Option<Value>; N], Error> {
    let given = args.positional.len() + args.keywords.len();
    if given > N {
        return Err(Error::type_error(format!(
            "{function} takes at most {N} arguments ({given} given)"
        )));
    }
    for (place, name) in names.iter().enumerate().take(required) {
        if place >= args.positional.len() && args.keyword(name).is_none() {
            return Err(Error::type_error(format!(
                "{function} missing required argument '{name}' (pos {})",
                place + 1
            )));
        }
    }
    if let Some((name, _)) = args.keywords.iter().find(|(name, _)| !names.contains(&&**name)) {
        return Err(Error::type_error(format!(
            "'{name}' is an invalid keyword argument for {}",
            if function == "function" {
                "this function"
            } else {
                function
            }
        )));
    }
    args.bind(function, names, required)
}

fn out_of_range(message: &str) -> Error {
    Error::new(ErrorKind::Python("OverflowError"), message)
}

/// A number of seconds since 1970, as whole microseconds.
#[expect(clippy::cast_possible_truncation, reason = "the size is tested")]
fn micros_of_timestamp(value: &Value) -> Result<i128, Error> {
    match value {
        Value::Float(seconds) if seconds.abs() < 1e13 => {
            let whole = seconds.floor();
            Ok(whole as i128 * delta::SECOND + ((seconds - whole) * 1e6).round_ties_even() as i128)
        }
        Value::Float(seconds) => {
            numbers::truncated(*seconds).and(Err(Error::value_error("year is out of range")))
        }
        other => Ok(i128::from(number(other)?) * delta::SECOND),
    }
}

/// What Python says where two objects cannot be ordered.
pub(crate) fn order_error(left: &Value, right: &Value) -> Option<Error> {
    let is_time = |value: &Value| {
        value.downcast::<moment::DateTime>().is_some()
            || value.downcast::<time::Time>().is_some()
            || value.downcast::<date::Date>().is_some()
    };
    if !is_time(left) || !is_time(right) {
        return None;
    }
    let message = match (left.type_name(), right.type_name()) {
        (first, second) if first != second => {
            if first == "datetime.time" || second == "datetime.time" {
                return None;
            }
            "can't compare datetime.datetime to datetime.date".to_owned()
        }
        ("datetime.time", _) => "can't compare offset-naive and offset-aware times".to_owned(),
        _ => "can't compare offset-naive and offset-aware datetimes".to_owned(),
    };
    Some(Error::type_error(message))
}
