//! `datetime.time`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::{Args, Cx, Error, Native, Value};

use super::date::Date;
use super::delta::{Delta, SECOND};
use super::moment::DateTime;
use super::zone::{self, Zone};
use super::{bind, calendar, number, strftime};
use crate::python::params;

/// A time of day.
#[derive(Debug, Clone)]
pub(super) struct Time {
    /// Microseconds since midnight.
    pub(super) micros: i64,
    pub(super) zone: Option<Zone>,
}

/// Microseconds of a time of day.
pub(super) fn micros(hour: i64, minute: i64, second: i64, micros: i64) -> Result<i64, Error> {
    for (value, limit, what) in [(hour, 23, "hour"), (minute, 59, "minute"), (second, 59, "second")] {
        if !(0..=limit).contains(&value) {
            return Err(Error::value_error(format!("{what} must be in 0..{limit}")));
        }
    }
    if !(0..1_000_000).contains(&micros) {
        return Err(Error::value_error("microsecond must be in 0..999999"));
    }
    Ok(((hour * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

/// Hour, minute, second and microsecond.
pub(super) const fn parts(micros: i64) -> [i64; 4] {
    let seconds = micros / 1_000_000;
    [
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        micros % 1_000_000,
    ]
}

/// `HH:MM:SS.ffffff`, as `isoformat(timespec)` asks for it.
pub(super) fn iso_format(of_day: i64, spec: &str) -> Result<String, Error> {
    let [hour, minute, second, micros] = parts(of_day);
    Ok(match (spec, micros) {
        ("auto", 0) | ("seconds", _) => format!("{hour:02}:{minute:02}:{second:02}"),
        ("auto" | "microseconds", _) => format!("{hour:02}:{minute:02}:{second:02}.{micros:06}"),
        ("milliseconds", _) => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micros / 1000),
        ("minutes", _) => format!("{hour:02}:{minute:02}"),
        ("hours", _) => format!("{hour:02}"),
        _ => return Err(Error::value_error("Unknown timespec value")),
    })
}

/// A time of day and an offset, as `fromisoformat` reads them.
pub(super) fn parse(text: &str) -> Option<(i64, Option<Zone>)> {
    let sign = text.find(['+', '-', 'Z']);
    let (clock, offset) = text.split_at_checked(sign.unwrap_or(text.len()))?;
    let of_day = parse_clock(clock)?;
    let zone = match offset {
        "" => None,
        "Z" => Some(Zone::utc()),
        offset => {
            let size = parse_clock(offset.get(1..)?)? / 1_000_000;
            let size = i32::try_from(size).ok()?;
            Some(Zone::offset(if offset.starts_with('-') { -size } else { size }))
        }
    };
    Some((of_day, zone))
}

fn parse_clock(text: &str) -> Option<i64> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = if clock.contains(':') {
        clock.split(':').collect()
    } else {
        (0..clock.len())
            .step_by(2)
            .map(|start| clock.get(start..start + 2).unwrap_or(""))
            .collect()
    };
    if parts.is_empty() || parts.len() > 3 || parts.iter().any(|part| part.len() != 2 || !is_number(part)) {
        return None;
    }
    let part = |index: usize| parts.get(index).map_or(Some(0), |part| part.parse::<i64>().ok());
    let fraction = match fraction {
        None => 0,
        Some(fraction) if parts.len() == 3 && !fraction.is_empty() && is_number(fraction) => {
            let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
            digits.parse().ok()?
        }
        Some(_) => return None,
    };
    micros(part(0)?, part(1)?, part(2)?, fraction).ok()
}

impl Time {
    fn iso(&self, spec: &str) -> Result<String, Error> {
        let clock = iso_format(self.micros, spec)?;
        Ok(clock
            + &self
                .zone
                .as_ref()
                .and_then(Zone::fixed_offset)
                .map_or_else(String::new, zone::offset_text))
    }

    /// A moment of a day that does not matter, for `strftime`.
    fn in_a_day(&self) -> DateTime {
        DateTime::of(
            Date {
                ordinal: calendar::ordinal(1900, 1, 1),
            },
            self.micros,
            self.zone.clone(),
        )
    }

    fn comparable(&self) -> (bool, i64) {
        let offset = self.zone.as_ref().and_then(Zone::fixed_offset);
        (
            offset.is_some(),
            self.micros - i64::from(offset.unwrap_or(0)) * 1_000_000,
        )
    }
}

/// `time(hour, minute, second, microsecond, tzinfo)`.
pub(super) fn make(args: Args) -> Result<Value, Error> {
    let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
    let [hour, minute, second, micro, zone] = bind(args, "function", names, 0)?;
    let or_zero = |value: Option<Value>| value.map_or(Ok(0), |value| number(&value));
    let time = Time {
        micros: micros(
            or_zero(hour)?,
            or_zero(minute)?,
            or_zero(second)?,
            or_zero(micro)?,
        )?,
        zone: zone::of(zone)?,
    };
    Ok(Value::native(time))
}

/// The `min`, `max` and `resolution` of the type.
pub(super) fn limits(name: &str) -> Option<Value> {
    let at = |micros| Value::native(Time { micros, zone: None });
    Some(match name {
        "min" => at(0),
        "max" => at(86_400_000_000 - 1),
        "resolution" => Value::native(Delta(1)),
        _ => return None,
    })
}

impl Native for Time {
    fn type_name(&self) -> &'static str {
        "datetime.time"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let [hour, minute, second, micros] = parts(self.micros);
        Ok(match name {
            "hour" => Some(Value::Int(hour)),
            "minute" => Some(Value::Int(minute)),
            "second" => Some(Value::Int(second)),
            "microsecond" => Some(Value::Int(micros)),
            "fold" => Some(Value::Int(0)),
            "tzinfo" => Some(self.zone.clone().map_or(Value::None, Value::native)),
            _ => limits(name),
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        &["dst", "isoformat", "replace", "strftime", "tzname", "utcoffset"]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let args = args.clone();
        Some(match name {
            "isoformat" if args.keywords.len() > 1 => Err(Error::type_error(format!(
                "isoformat() takes at most 1 keyword argument ({} given)",
                args.keywords.len()
            ))),
            "isoformat" => args.bind("isoformat", ["timespec"], 0).and_then(|[spec]| {
                let spec = spec.map_or(Ok("auto".to_owned()), |spec| params::text(&spec, "timespec"))?;
                self.iso(&spec).map(Value::from)
            }),
            "strftime" => strftime::method(&self.in_a_day(), args),
            "tzname" => params::none(&args, "time.tzname").map(|()| {
                let name = self.zone.as_ref().filter(|zone| zone.fixed_offset().is_some());
                name.and_then(Zone::abbreviation).map_or(Value::None, Value::from)
            }),
            "dst" => params::none(&args, "time.dst").map(|()| {
                let zone = self.zone.as_ref().filter(|zone| zone.fixed_offset().is_some());
                zone.map_or(Value::None, Zone::summer_time)
            }),
            "utcoffset" => params::none(&args, "time.utcoffset").and_then(|()| {
                let offset = self.zone.as_ref().and_then(Zone::fixed_offset);
                offset.map_or(Ok(Value::None), |offset| {
                    Delta::value(i128::from(offset) * SECOND)
                })
            }),
            "replace" => {
                let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
                bind(args, "replace()", names, 0).and_then(|[hour, minute, second, micro, zone]| {
                    let own = parts(self.micros);
                    let or = |value: Option<Value>, own| value.map_or(Ok(own), |value| number(&value));
                    let [own_hour, own_minute, own_second, own_micro] = own;
                    Ok(Value::native(Self {
                        micros: micros(
                            or(hour, own_hour)?,
                            or(minute, own_minute)?,
                            or(second, own_second)?,
                            or(micro, own_micro)?,
                        )?,
                        zone: match zone {
                            None => self.zone.clone(),
                            zone => zone::of(zone)?,
                        },
                    }))
                })
            }
            _ => return None,
        })
    }

    fn text(&self) -> String {
        self.iso("auto").unwrap_or_default()
    }

    fn repr(&self) -> String {
        let [hour, minute, second, micros] = parts(self.micros);
        let mut out = format!("datetime.time({hour}, {minute}");
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
            strftime::format(&self.in_a_day(), spec)
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

    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}
