//! The types themselves: what is called to make an object, and their class methods.

use crate::{Args, Cx, Error, Native, Value};

use super::date::{self, Date};
use super::moment::{self, DateTime};
use super::time::{self, Time};
use super::zone::{self, Zone};
use super::{bind, calendar, delta, micros_of_timestamp, number, strptime};
use crate::python::{params, repr};

/// A type of the module `datetime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Date,
    DateTime,
    Time,
    Delta,
    TzInfo,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Time => "time",
            Self::Delta => "timedelta",
            Self::TzInfo => "tzinfo",
        }
    }

    fn day(self, date: Date) -> Value {
        if self == Self::Date {
            Value::native(date)
        } else {
            Value::native(DateTime::of(date, 0, None))
        }
    }

    /// A class method; `None` where there is none of this name.
    fn class_method(self, cx: &Cx, name: &str, args: Args) -> Option<Result<Value, Error>> {
        Some(match (self, name) {
            (Self::Date | Self::DateTime, "today") => {
                params::none(&args, "today").and_then(|()| self.now(cx, None))
            }
            (Self::DateTime, "utcnow") => params::none(&args, "utcnow").and_then(|()| self.now(cx, None)),
            (Self::DateTime, "now") => args
                .bind("now", ["tz"], 0)
                .and_then(|[zone]| self.now(cx, zone::of(zone)?.as_ref())),
            (Self::Date | Self::DateTime, "fromtimestamp") | (Self::DateTime, "utcfromtimestamp") => args
                .bind(name, ["timestamp", "tz"], 1)
                .and_then(|[timestamp, zone]| {
                    let micros = micros_of_timestamp(&timestamp.unwrap_or_default())?;
                    let made = DateTime::from_timestamp(micros, zone::of(zone)?.as_ref())?;
                    Ok(if self == Self::Date {
                        Value::native(made.date)
                    } else {
                        Value::native(made)
                    })
                }),
            (Self::Date | Self::DateTime, "fromordinal") => {
                params::one(args, "fromordinal").and_then(|ordinal| {
                    let ordinal = number(&ordinal)?;
                    if ordinal < 1 {
                        return Err(Error::value_error("ordinal must be >= 1"));
                    }
                    Date::from_ordinal(ordinal).map(|date| self.day(date))
                })
            }
            (Self::Date | Self::DateTime, "fromisocalendar") => args
                .bind(name, ["year", "week", "day"], 3)
                .and_then(|[year, week, day]| {
                    let part = |value: Option<Value>| number(&value.unwrap_or_default());
                    let (year, week, day) = (part(year)?, part(week)?, part(day)?);
                    let is_in_year = week != 53 || calendar::iso(calendar::from_iso(year, 53, 1)).0 == year;
                    if !(1..=53).contains(&week) || !is_in_year {
                        return Err(Error::value_error(format!("Invalid week: {week}")));
                    }
                    if !(1..=7).contains(&day) {
                        return Err(Error::value_error(format!(
                            "Invalid day: {day} (range is [1, 7])"
                        )));
                    }
                    Date::from_ordinal(calendar::from_iso(year, week, day)).map(|date| self.day(date))
                }),
            (Self::Date | Self::DateTime | Self::Time, "fromisoformat") => {
                params::one(args, "fromisoformat").and_then(|text| self.read_iso(&text))
            }
            (Self::DateTime, "strptime") => {
                params::places::<2>(args, "strptime", 2).and_then(|[text, format]| {
                    let text = params::text(&text.unwrap_or_default(), "strptime() argument 1")?;
                    let format = params::text(&format.unwrap_or_default(), "strptime() argument 2")?;
                    strptime::parse(&text, &format).map(Value::native)
                })
            }
            (Self::DateTime, "combine") => args
                .bind(name, ["date", "time", "tzinfo"], 2)
                .and_then(|[day, clock, zone]| combine(day, clock, zone)),
            _ => return None,
        })
    }

    fn now(self, cx: &Cx, zone: Option<&Zone>) -> Result<Value, Error> {
        let (seconds, micros) = cx.now()?;
        let micros = i128::from(seconds) * delta::SECOND + i128::from(micros);
        let now = DateTime::from_timestamp(micros, zone)?;
        Ok(if self == Self::Date {
            Value::native(now.date)
        } else {
            Value::native(now)
        })
    }

    fn read_iso(self, value: &Value) -> Result<Value, Error> {
        let Value::Str(text) = value else {
            return Err(Error::type_error("fromisoformat: argument must be str"));
        };
        let plain = text.plain();
        let made = match self {
            Self::Date => Date::parse(&plain).map(Value::native),
            Self::Time => time::parse(plain.strip_prefix('T').unwrap_or(&plain))
                .map(|(micros, zone)| Value::native(Time { micros, zone })),
            _ => DateTime::parse(&plain).map(Value::native),
        };
        made.ok_or_else(|| {
            let day = if self == Self::Time {
                None
            } else {
                Date::fault(&plain)
            };
            day.unwrap_or_else(|| Error::value_error(format!("Invalid isoformat string: {}", repr(value))))
        })
    }
}

fn combine(day: Option<Value>, clock: Option<Value>, zone: Option<Value>) -> Result<Value, Error> {
    let (day, clock) = (day.unwrap_or_default(), clock.unwrap_or_default());
    let date = day
        .downcast::<Date>()
        .copied()
        .or_else(|| day.downcast::<DateTime>().map(|moment| moment.date));
    let wrong = |place: usize, wanted: &str, value: &Value| {
        Error::type_error(format!(
            "combine() argument {place} must be {wanted}, not {}",
            params::type_word(value)
        ))
    };
    let date = date.ok_or_else(|| wrong(1, "datetime.date", &day))?;
    let clock_of = clock
        .downcast::<Time>()
        .ok_or_else(|| wrong(2, "datetime.time", &clock))?;
    let zone = if zone.is_some() {
        zone::of(zone)?
    } else {
        clock_of.zone.clone()
    };
    Ok(Value::native(DateTime::of(date, clock_of.micros, zone)))
}

/// A class method that is held without being called.
#[derive(Debug)]
struct ClassMethod(Type, String);

impl Native for ClassMethod {
    fn type_name(&self) -> &'static str {
        "builtin_function_or_method"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let called = self.0.class_method(cx, &self.1, args);
        called.unwrap_or_else(|| Err(Error::unsupported(format!("{}() is not supported", self.1))))
    }

    fn text(&self) -> String {
        format!("<built-in method {} of type object at 0x7f0000000000>", self.1)
    }
}

impl Native for Type {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let limit = match self {
            Self::Date => date::limits(name),
            Self::DateTime => moment::limits(name),
            Self::Time => time::limits(name),
            Self::Delta => delta::limits(name),
            Self::TzInfo => None,
        };
        let methods = [
            "combine",
            "fromisocalendar",
            "fromisoformat",
            "fromordinal",
            "fromtimestamp",
            "now",
            "strptime",
            "today",
            "utcfromtimestamp",
            "utcnow",
        ];
        let has_methods = matches!(self, Self::Date | Self::DateTime) && methods.contains(&name)
            || *self == Self::Time && name == "fromisoformat";
        Ok(limit.or_else(|| has_methods.then(|| Value::native(ClassMethod(*self, name.to_owned())))))
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        match self {
            Self::Date => {
                let [year, month, day] = bind(args, "function", ["year", "month", "day"], 3)?;
                let part = |value: Option<Value>| number(&value.unwrap_or_default());
                Date::new(part(year)?, part(month)?, part(day)?).map(Value::native)
            }
            Self::DateTime => moment::make(args),
            Self::Time => time::make(args),
            Self::Delta => delta::make(cx, args),
            Self::TzInfo => Err(Error::unsupported("objects of tzinfo itself are not supported")),
        }
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if let Some(result) = self.class_method(cx, name, args.clone()) {
            return Some(result);
        }
        // `date.strftime(day, format)`: a method, called on the type.
        let (first, rest) = args.positional.split_first()?;
        let Value::Native(object) = first else { return None };
        let rest = Args {
            positional: rest.to_vec(),
            keywords: args.keywords.clone(),
        };
        object.call_method(cx, name, &rest)
    }

    fn text(&self) -> String {
        format!("<class 'datetime.{}'>", self.name())
    }
}
