//! `datetime.datetime`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::{Args, Cx, Error, Native, Value};

use super::date::Date;
use super::delta::{DAY, Delta, SECOND};
use super::time::{self, Time};
use super::zone::{self, Zone};
use super::{bind, calendar, number, out_of_range, strftime};
use crate::python::params;

const DAY_MICROS: i64 = 86_400_000_000;

/// A day and a time of it.
#[derive(Debug, Clone)]
pub(super) struct DateTime {
    pub(super) date: Date,
    /// Microseconds since midnight.
    pub(super) micros: i64,
    pub(super) zone: Option<Zone>,
}

impl DateTime {
    pub(super) const fn of(date: Date, micros: i64, zone: Option<Zone>) -> Self {
        Self { date, micros, zone }
    }

    pub(super) fn with_zone(&self, zone: Option<Zone>) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Microseconds from the start of the calendar, on the wall clock.
    fn wall(&self) -> i128 {
        i128::from(self.date.ordinal) * DAY + i128::from(self.micros)
    }

    /// Seconds from 1970 on, on the wall clock.
    pub(super) fn wall_seconds(&self) -> i64 {
        (self.date.ordinal - calendar::EPOCH) * 86_400 + self.micros / 1_000_000
    }

    /// The moment that lies so many microseconds after the start of the calendar.
    fn from_wall(wall: i128, zone: Option<Zone>) -> Result<Self, Error> {
        let days =
            i64::try_from(wall.div_euclid(DAY)).map_err(|_| out_of_range("date value out of range"))?;
        Ok(Self {
            date: Date::from_ordinal(days)?,
            micros: i64::try_from(wall.rem_euclid(DAY)).unwrap_or(0),
            zone,
        })
    }

    /// Microseconds from 1970 on as UTC.
    pub(super) fn from_timestamp(micros: i128, zone: Option<&Zone>) -> Result<Self, Error> {
        let start = i128::from(calendar::EPOCH) * DAY;
        let utc =
            Self::from_wall(start + micros, None).map_err(|_| Error::value_error("year is out of range"))?;
        match zone {
            None => Ok(utc),
            Some(zone) => utc.with_zone(Some(Zone::PytzUtc)).in_zone(zone),
        }
    }

    fn offset(&self) -> Option<i128> {
        Some(i128::from(self.zone.as_ref()?.seconds()) * SECOND)
    }

    /// The same moment in another zone. A moment without one is taken to be in UTC.
    pub(super) fn in_zone(&self, zone: &Zone) -> Result<Self, Error> {
        let utc = self.wall() - self.offset().unwrap_or(0);
        let second = (utc - i128::from(calendar::EPOCH) * DAY).div_euclid(SECOND);
        let there = zone.at(i64::try_from(second).unwrap_or(0));
        Self::from_wall(utc + i128::from(there.seconds()) * SECOND, Some(there))
    }

    pub(super) fn iso(&self, separator: char, spec: &str) -> Result<String, Error> {
        let clock = time::iso_format(self.micros, spec)?;
        let offset = self
            .zone
            .as_ref()
            .map_or_else(String::new, |zone| zone::offset_text(zone.seconds()));
        Ok(format!("{}{separator}{clock}{offset}", self.date.iso_format()))
    }

    /// Whether there is a zone, and the moment as it is compared.
    fn comparable(&self) -> (bool, i128) {
        (self.zone.is_some(), self.wall() - self.offset().unwrap_or(0))
    }

    #[expect(clippy::cast_precision_loss, reason = "as Python's timestamp()")]
    fn timestamp(&self) -> f64 {
        // Without a zone Python asks the machine's; here that is UTC.
        let micros = self.comparable().1 - i128::from(calendar::EPOCH) * DAY;
        micros as f64 / 1e6
    }

    /// What `fromisoformat` reads.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let separator = match text.len() {
            0..7 => return None,
            7.. => {
                // The date is as long as it can be read.
                let ends = [10, 8, 7];
                ends.into_iter().find(|end| {
                    let date = text.get(..*end).and_then(Date::parse);
                    date.is_some() && (text.len() == *end || text.is_char_boundary(*end))
                })?
            }
        };
        let date = Date::parse(text.get(..separator)?)?;
        let mut rest = text.get(separator..)?.chars();
        if rest.next().is_none() {
            return Some(Self::of(date, 0, None));
        }
        let (micros, zone) = time::parse(rest.as_str())?;
        Some(Self::of(date, micros, zone))
    }

    fn replace(&self, args: Args) -> Result<Value, Error> {
        let names = [
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "microsecond",
            "tzinfo",
            "fold",
        ];
        let given = bind(args, "replace()", names, 0)?;
        let [year, month, day, hour, minute, second, micro, zone, _] = given;
        let (own_year, own_month, own_day) = self.date.parts();
        let [own_hour, own_minute, own_second, own_micro] = time::parts(self.micros);
        let or = |value: Option<Value>, own: i64| value.map_or(Ok(own), |value| number(&value));
        let date = Date::new(or(year, own_year)?, or(month, own_month)?, or(day, own_day)?)?;
        let micros = time::micros(
            or(hour, own_hour)?,
            or(minute, own_minute)?,
            or(second, own_second)?,
            or(micro, own_micro)?,
        )?;
        let zone = match zone {
            None => self.zone.clone(),
            zone => zone::of(zone)?,
        };
        Ok(Value::native(Self::of(date, micros, zone)))
    }

    fn method(&self, name: &str, args: Args) -> Result<Value, Error> {
        match name {
            "isoformat" => {
                let [separator, spec] = args.bind(name, ["sep", "timespec"], 0)?;
                let separator = separator.map_or(Ok("T".to_owned()), |value| {
                    params::text(&value, "isoformat() argument 1")
                })?;
                let mut chars = separator.chars();
                let (Some(separator), None) = (chars.next(), chars.next()) else {
                    return Err(Error::type_error(
                        "isoformat() argument 1 must be a unicode character, not str",
                    ));
                };
                let spec = spec.map_or(Ok("auto".to_owned()), |value| params::text(&value, "timespec"))?;
                self.iso(separator, &spec).map(Value::from)
            }
            "strftime" => strftime::method(self, args),
            "replace" => self.replace(args),
            "astimezone" => {
                let [zone] = args.bind(name, ["tz"], 0)?;
                let zone = zone::of(zone)?.unwrap_or_else(Zone::utc);
                self.in_zone(&zone).map(Value::native)
            }
            _ => {
                params::none(&args, &format!("datetime.{name}"))?;
                Ok(match name {
                    "date" => Value::native(self.date),
                    "time" => Value::native(Time {
                        micros: self.micros,
                        zone: None,
                    }),
                    "timetz" => Value::native(Time {
                        micros: self.micros,
                        zone: self.zone.clone(),
                    }),
                    "timestamp" => Value::Float(self.timestamp()),
                    "ctime" => Value::from(strftime::format(self, "%a %b %e %H:%M:%S %Y")),
                    "utcoffset" => match self.offset() {
                        Some(offset) => Delta::value(offset)?,
                        None => Value::None,
                    },
                    "dst" => self.zone.as_ref().map_or(Value::None, Zone::summer_time),
                    "tzname" => self
                        .zone
                        .as_ref()
                        .and_then(Zone::abbreviation)
                        .map_or(Value::None, Value::from),
                    _ => return Err(Error::unsupported(format!("datetime.{name}() is not supported"))),
                })
            }
        }
    }
}

const METHODS: &[&str] = &[
    "astimezone",
    "ctime",
    "date",
    "dst",
    "isocalendar",
    "isoformat",
    "isoweekday",
    "replace",
    "strftime",
    "time",
    "timestamp",
    "timetuple",
    "timetz",
    "toordinal",
    "tzname",
    "utcoffset",
    "utctimetuple",
    "weekday",
];

/// `datetime(year, month, day, hour, minute, second, microsecond, tzinfo)`.
pub(super) fn make(args: Args) -> Result<Value, Error> {
    let names = [
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "microsecond",
        "tzinfo",
        "fold",
    ];
    let [year, month, day, hour, minute, second, micro, zone, _] = bind(args, "function", names, 3)?;
    let or_zero = |value: Option<Value>| value.map_or(Ok(0), |value| number(&value));
    let date = Date::new(or_zero(year)?, or_zero(month)?, or_zero(day)?)?;
    let micros = time::micros(
        or_zero(hour)?,
        or_zero(minute)?,
        or_zero(second)?,
        or_zero(micro)?,
    )?;
    Ok(Value::native(DateTime::of(date, micros, zone::of(zone)?)))
}

/// The `min`, `max` and `resolution` of the type.
pub(super) fn limits(name: &str) -> Option<Value> {
    Some(match name {
        "min" => Value::native(DateTime::of(Date { ordinal: 1 }, 0, None)),
        "max" => Value::native(DateTime::of(
            Date {
                ordinal: calendar::LAST,
            },
            DAY_MICROS - 1,
            None,
        )),
        "resolution" => Value::native(Delta(1)),
        _ => return None,
    })
}

impl Native for DateTime {
    fn type_name(&self) -> &'static str {
        "datetime.datetime"
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "tzinfo" => Some(self.zone.clone().map_or(Value::None, Value::native)),
            "hour" | "minute" | "second" | "microsecond" | "fold" => Time {
                micros: self.micros,
                zone: None,
            }
            .attr(cx, name)?,
            "min" | "max" | "resolution" => limits(name),
            _ => self.date.common_attr(name),
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        METHODS
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if let Some(result) = self.date.common_method(name, args) {
            return Some(result);
        }
        if METHODS.contains(&name) {
            return Some(self.method(name, args.clone()));
        }
        // What the type itself can do, an object of it can do, too.
        super::types::Type::DateTime.call_method(cx, name, args)
    }

    fn text(&self) -> String {
        self.iso(' ', "auto").unwrap_or_default()
    }

    fn repr(&self) -> String {
        let (year, month, day) = self.date.parts();
        let [hour, minute, second, micros] = time::parts(self.micros);
        let mut out = format!("datetime.datetime({year}, {month}, {day}, {hour}, {minute}");
        if second != 0 || micros != 0 {
            out.push_str(&format!(", {second}"));
        }
        if micros != 0 {
            out.push_str(&format!(", {micros}"));
        }
        if let Some(zone) = &self.zone {
            out.push_str(&format!(", tzinfo={}", zone.repr()));
        }
        out.push(')');
        out
    }

    fn format(&self, spec: &str) -> Option<Result<String, Error>> {
        Some(Ok(if spec.is_empty() {
            self.text()
        } else {
            strftime::format(self, spec)
        }))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(
            other
                .downcast::<Self>()
                .is_some_and(|other| other.comparable() == self.comparable()),
        )
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let (own, other) = (self.comparable(), other.downcast::<Self>()?.comparable());
        (own.0 == other.0).then(|| own.1.cmp(&other.1))
    }

    fn binary(&self, op: &str, other: &Value, swapped: bool) -> Option<Result<Value, Error>> {
        if let (Some(other), "-") = (other.downcast::<Self>(), op) {
            let (left, right) = if swapped { (other, self) } else { (self, other) };
            let (left, right) = (left.comparable(), right.comparable());
            if left.0 != right.0 {
                return Some(Err(Error::type_error(
                    "can't subtract offset-naive and offset-aware datetimes",
                )));
            }
            return Some(Delta::value(left.1 - right.1));
        }
        let micros = other.downcast::<Delta>()?.0;
        let wall = match op {
            "+" => self.wall() + micros,
            "-" if !swapped => self.wall() - micros,
            _ => return None,
        };
        Some(Self::from_wall(wall, self.zone.clone()).map(Value::native))
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}
