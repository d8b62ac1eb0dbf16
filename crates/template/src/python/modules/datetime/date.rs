//! `datetime.date`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::{Args, Cx, Error, Native, Value};

use super::delta::{DAY, Delta};
use super::moment::DateTime;
use super::{bind, calendar, number, out_of_range, strftime};
use crate::python::params;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    /// Days from the first of January of the year 1, which is 1.
    pub(super) ordinal: i64,
}

impl Date {
    pub(super) fn new(year: i64, month: i64, day: i64) -> Result<Self, Error> {
        if !(1..=9999).contains(&year) {
            return Err(Error::value_error(format!("year {year} is out of range")));
        }
        if !(1..=12).contains(&month) {
            return Err(Error::value_error("month must be in 1..12"));
        }
        if !(1..=calendar::days_in_month(year, month)).contains(&day) {
            return Err(Error::value_error("day is out of range for month"));
        }
        Ok(Self {
            ordinal: calendar::ordinal(year, month, day),
        })
    }

    pub(super) fn from_ordinal(ordinal: i64) -> Result<Self, Error> {
        if (1..=calendar::LAST).contains(&ordinal) {
            Ok(Self { ordinal })
        } else {
            Err(out_of_range("date value out of range"))
        }
    }

    pub(super) fn parts(self) -> (i64, i64, i64) {
        calendar::date_of(self.ordinal)
    }

    pub(super) fn iso_format(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `YYYY-MM-DD`, `YYYYMMDD`, or a week of ISO 8601.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse::<i64>().ok())
                .flatten()
        };
        let year = digits(0..4)?;
        let separated = text.get(4..5) == Some("-");
        let rest = if separated { 5 } else { 4 };
        if text.get(rest..=rest) == Some("W") {
            let week = digits(rest + 1..rest + 3)?;
            let weekday = match (text.len() - rest, separated) {
                (3, _) => 1,
                (5, true) if text.get(rest + 3..rest + 4) == Some("-") => digits(rest + 4..rest + 5)?,
                (4, false) => digits(rest + 3..rest + 4)?,
                _ => return None,
            };
            let fits = (1..=53).contains(&week) && (1..=7).contains(&weekday);
            return fits.then(|| Self {
                ordinal: calendar::from_iso(year, week, weekday),
            });
        }
        let (month, day) = match (text.len(), separated) {
            (10, true) if text.get(7..8) == Some("-") => (digits(5..7)?, digits(8..10)?),
            (8, false) => (digits(4..6)?, digits(6..8)?),
            _ => return None,
        };
        Self::new(year, month, day).ok()
    }

    /// What is wrong with a text that has the form of a day.
    pub(super) fn fault(text: &str) -> Option<Error> {
        let mut parts = text.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        Self::new(year, month, day).err()
    }

    /// The attributes and methods that a `datetime` has, too.
    pub(super) fn common_attr(self, name: &str) -> Option<Value> {
        let (year, month, day) = self.parts();
        Some(Value::Int(match name {
            "year" => year,
            "month" => month,
            "day" => day,
            _ => return None,
        }))
    }

    pub(super) fn common_method(self, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let made = match name {
            "weekday" => Value::Int(calendar::weekday(self.ordinal)),
            "isoweekday" => Value::Int(calendar::weekday(self.ordinal) + 1),
            "toordinal" => Value::Int(self.ordinal),
            "isocalendar" => {
                let (year, week, weekday) = calendar::iso(self.ordinal);
                Value::native(IsoCalendar([year, week, weekday]))
            }
            _ => return None,
        };
        Some(params::none(args, name).map(|()| made))
    }
}

impl Native for Date {
    fn type_name(&self) -> &'static str {
        "datetime.date"
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "min" | "max" | "resolution" => super::types::Type::Date.attr(cx, name)?,
            _ => self.common_attr(name),
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        &[
            "ctime",
            "isocalendar",
            "isoformat",
            "isoweekday",
            "replace",
            "strftime",
            "toordinal",
            "weekday",
        ]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if let Some(result) = self.common_method(name, args) {
            return Some(result);
        }
        let at_midnight = || DateTime::of(*self, 0, None);
        Some(match name {
            "isoformat" => params::none(args, "date.isoformat").map(|()| Value::from(self.iso_format())),
            "ctime" => Ok(Value::from(strftime::format(
                &at_midnight(),
                "%a %b %e %H:%M:%S %Y",
            ))),
            "strftime" => strftime::method(&at_midnight(), args.clone()),
            "replace" => {
                bind(args.clone(), "replace()", ["year", "month", "day"], 0).and_then(|[year, month, day]| {
                    let (own_year, own_month, own_day) = self.parts();
                    let or = |value: Option<Value>, own| value.map_or(Ok(own), |value| number(&value));
                    Self::new(or(year, own_year)?, or(month, own_month)?, or(day, own_day)?)
                        .map(Value::native)
                })
            }
            "timetuple" => Err(Error::unsupported("date.timetuple() is not supported")),
            _ => return None,
        })
    }

    fn text(&self) -> String {
        self.iso_format()
    }

    fn repr(&self) -> String {
        let (year, month, day) = self.parts();
        format!("datetime.date({year}, {month}, {day})")
    }

    fn format(&self, spec: &str) -> Option<Result<String, Error>> {
        Some(Ok(if spec.is_empty() {
            self.text()
        } else {
            strftime::format(&DateTime::of(*self, 0, None), spec)
        }))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>() == Some(self))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other.downcast::<Self>()?))
    }

    fn binary(&self, op: &str, other: &Value, swapped: bool) -> Option<Result<Value, Error>> {
        if let (Some(other), "-") = (other.downcast::<Self>(), op) {
            let (left, right) = if swapped { (other, self) } else { (self, other) };
            return Some(Delta::value(i128::from(left.ordinal - right.ordinal) * DAY));
        }
        let days = i64::try_from(other.downcast::<Delta>()?.0.div_euclid(DAY)).unwrap_or(i64::MAX);
        let ordinal = match op {
            "+" => self.ordinal.saturating_add(days),
            "-" if !swapped => self.ordinal.saturating_sub(days),
            _ => return None,
        };
        Some(Self::from_ordinal(ordinal).map(Value::native))
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}

/// What `isocalendar()` gives: a tuple with names.
#[derive(Debug)]
struct IsoCalendar([i64; 3]);

impl Native for IsoCalendar {
    fn type_name(&self) -> &'static str {
        "datetime.IsoCalendarDate"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let [year, week, weekday] = self.0;
        Ok(match name {
            "year" => Some(Value::Int(year)),
            "week" => Some(Value::Int(week)),
            "weekday" => Some(Value::Int(weekday)),
            _ => None,
        })
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        Some(crate::python::lists::item(
            "tuple",
            &self.items().unwrap_or_default(),
            key,
        ))
    }

    fn text(&self) -> String {
        let [year, week, weekday] = self.0;
        format!("datetime.IsoCalendarDate(year={year}, week={week}, weekday={weekday})")
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.0.iter().map(|part| Value::Int(*part)).collect())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let own = Value::tuple(self.items()?);
        Some(match other.downcast::<Self>() {
            Some(other) => other.0 == self.0,
            None => crate::python::equal(&own, other),
        })
    }
}

/// The `min`, `max` and `resolution` of a type.
pub(super) fn limits(name: &str) -> Option<Value> {
    Some(match name {
        "min" => Value::native(Date { ordinal: 1 }),
        "max" => Value::native(Date {
            ordinal: calendar::LAST,
        }),
        "resolution" => Value::native(Delta(DAY)),
        _ => return None,
    })
}
