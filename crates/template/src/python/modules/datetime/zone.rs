//! Time zones: those of `pytz`, and the fixed offsets that Python reads from texts.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use crate::{Args, Cx, Error, ErrorKind, Native, Value};

use super::calendar;
use super::date::Date;
use super::delta::{Delta, SECOND};
use super::moment::DateTime;
use super::time;
use crate::python::{params, repr};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The data of `pytz` end with the year 2037: what comes later is as the winter before.
const LAST_SECOND: i64 = 2_145_916_799;

/// A time zone; one of `pytz` is at a time either of the offsets that its place has had.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// `datetime.timezone` of an offset in seconds.
    Offset(i32),
    /// `pytz.utc`.
    PytzUtc,
    /// `pytz.FixedOffset`, in minutes.
    PytzFixed(i32),
    /// `pytz.timezone(name)`.
    Place(Place),
}

#[derive(Debug, Clone)]
pub(super) struct Place {
    name: Arc<str>,
    zone: TimeZone,
    /// Seconds, in whole minutes as `pytz` rounds them.
    offset: i32,
    is_summer: bool,
    abbreviation: Arc<str>,
}

/// The zone that is passed as `tzinfo`.
pub(super) fn of(value: Option<Value>) -> Result<Option<Zone>, Error> {
    match params::given(value) {
        None => Ok(None),
        Some(value) => match value.downcast::<Zone>() {
            Some(zone) => Ok(Some(zone.clone())),
            None => Err(Error::type_error(format!(
                "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                value.type_name()
            ))),
        },
    }
}

/// `+HH:MM`, with seconds where there are some.
pub(super) fn offset_text(offset: i32) -> String {
    let (sign, size) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let seconds = if size % 60 == 0 {
        String::new()
    } else {
        format!(":{:02}", size % 60)
    };
    format!("{sign}{:02}:{:02}{seconds}", size / 3600, size / 60 % 60)
}

fn whole_minutes(seconds: i32) -> i32 {
    (seconds + 30).div_euclid(60) * 60
}

impl Zone {
    pub(super) const fn utc() -> Self {
        Self::Offset(0)
    }

    pub(super) const fn offset(seconds: i32) -> Self {
        Self::Offset(seconds)
    }

    /// The offset from UTC in seconds, where it does not depend on the day.
    pub(super) const fn fixed_offset(&self) -> Option<i32> {
        match self {
            Self::Place(_) => None,
            other => Some(other.seconds()),
        }
    }

    /// The offset from UTC in seconds.
    pub(super) const fn seconds(&self) -> i32 {
        match self {
            Self::Offset(seconds) => *seconds,
            Self::PytzUtc => 0,
            Self::PytzFixed(minutes) => *minutes * 60,
            Self::Place(place) => place.offset,
        }
    }

    /// What `tzname()` gives.
    pub(super) fn abbreviation(&self) -> Option<String> {
        match self {
            Self::Offset(0) | Self::PytzUtc => Some("UTC".to_owned()),
            Self::Offset(seconds) => Some(format!("UTC{}", offset_text(*seconds))),
            Self::PytzFixed(_) => None,
            Self::Place(place) => Some(place.abbreviation.to_string()),
        }
    }

    /// The zone as it is at a second since 1970.
    pub(super) fn at(&self, second: i64) -> Self {
        let Self::Place(place) = self else {
            return self.clone();
        };
        let timestamp = jiff::Timestamp::from_second(second.min(LAST_SECOND)).unwrap_or_default();
        let info = place.zone.to_offset_info(timestamp);
        Self::Place(Place {
            offset: whole_minutes(info.offset().seconds()),
            is_summer: info.dst().is_dst(),
            abbreviation: info.abbreviation().into(),
            ..place.clone()
        })
    }

    /// A zone of `pytz` by its name.
    fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(Self::PytzUtc);
        }
        let zone = DATABASE.get(name).ok()?;
        let name: Arc<str> = zone.iana_name().unwrap_or(name).into();
        let place = Self::Place(Place {
            name,
            zone,
            offset: 0,
            is_summer: false,
            abbreviation: "".into(),
        });
        // Before it is used on a date, a zone of pytz is at the first of its offsets.
        Some(place.at(i64::from(i32::MIN) * 20))
    }

    /// `localize()`: the wall clock's time in this zone.
    fn localize(&self, moment: &DateTime, is_summer: Option<bool>) -> Result<DateTime, Error> {
        let Self::Place(place) = self else {
            return Ok(moment.with_zone(Some(self.clone())));
        };
        let wall = moment
            .civil()
            .ok_or_else(|| Error::value_error("year is out of range"))?;
        let (before, after, error) = match place.zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, offset, ""),
            AmbiguousOffset::Gap { before, after } => (before, after, "NonExistentTimeError"),
            AmbiguousOffset::Fold { before, after } => (after, before, "AmbiguousTimeError"),
        };
        // Both faults of pytz: in a gap the winter's offset stands before it, in a fold behind it.
        let offset = match is_summer {
            Some(true) => after,
            Some(false) => before,
            None if !error.is_empty() => {
                let class = if error == "AmbiguousTimeError" {
                    "AmbiguousTimeError"
                } else {
                    "NonExistentTimeError"
                };
                return Err(Error::new(ErrorKind::Python(class), moment.text()));
            }
            None => before,
        };
        let second = moment.wall_seconds() - i64::from(offset.seconds());
        let mut zone = self.at(second);
        if let Self::Place(place) = &mut zone
            && place.offset != whole_minutes(offset.seconds())
        {
            // Within a gap the offset asked for is the one on the other side.
            let side = if offset == before {
                second - 7200
            } else {
                second + 7200
            };
            if let Self::Place(other) = self.at(side) {
                *place = other;
            }
        }
        Ok(moment.with_zone(Some(zone)))
    }
}

/// `zone.localize(dt)`, `normalize`, `fromutc` and what every `tzinfo` has.
fn method(zone: &Zone, name: &str, args: Args) -> Result<Value, Error> {
    let moment = |value: Option<Value>| {
        let value = value.unwrap_or_default();
        value.downcast::<DateTime>().cloned().ok_or_else(|| {
            Error::new(
                ErrorKind::Python("AttributeError"),
                format!("'{}' object has no attribute 'tzinfo'", value.type_name()),
            )
        })
    };
    match name {
        "localize" => {
            let [value, is_summer] = args.bind(name, ["dt", "is_dst"], 1)?;
            let value = moment(value)?;
            if value.zone.is_some() {
                return Err(Error::value_error("Not naive datetime (tzinfo is already set)"));
            }
            let is_summer = is_summer.map_or(Some(false), |value| (!value.is_none()).then(|| value.truth()));
            zone.localize(&value, is_summer).map(Value::native)
        }
        "normalize" => {
            let [value, _] = args.bind(name, ["dt", "is_dst"], 1)?;
            let value = moment(value)?;
            if value.zone.is_none() {
                return Err(Error::value_error("Naive time - no tzinfo set"));
            }
            value.in_zone(zone).map(Value::native)
        }
        "fromutc" => {
            let [value] = args.bind(name, ["dt"], 1)?;
            moment(value)?
                .with_zone(Some(Zone::PytzUtc))
                .in_zone(zone)
                .map(Value::native)
        }
        _ => {
            let [value, _] = args.bind(name, ["dt", "is_dst"], 1)?;
            let value = params::given(value);
            let there = match (value, zone) {
                (None, Zone::Place(_)) => return Ok(Value::None),
                (None, zone) => zone.clone(),
                (Some(value), Zone::Place(_)) => {
                    let value = moment(Some(value))?;
                    match &value.zone {
                        None => zone.localize(&value, Some(false))?.zone.unwrap_or_else(Zone::utc),
                        Some(_) => zone.clone(),
                    }
                }
                (Some(_), zone) => zone.clone(),
            };
            Ok(match name {
                "utcoffset" => Delta::value(i128::from(there.seconds()) * SECOND)?,
                "dst" => there.summer_time(),
                _ => there.abbreviation().map_or(Value::None, Value::from),
            })
        }
    }
}

impl Zone {
    /// What `dst()` gives.
    pub(super) fn summer_time(&self) -> Value {
        match self {
            Self::Offset(_) => Value::None,
            Self::Place(place) if place.is_summer => Value::native(Delta(3600 * SECOND)),
            _ => Value::native(Delta(0)),
        }
    }
}

impl Native for Zone {
    fn type_name(&self) -> &str {
        match self {
            Self::Offset(_) => "datetime.timezone",
            Self::PytzUtc => "UTC",
            Self::PytzFixed(_) => "_FixedOffset",
            Self::Place(place) => &place.name,
        }
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok((name == "zone").then(|| match self {
            Self::PytzUtc => Value::str("UTC"),
            Self::Place(place) => Value::str(&place.name),
            _ => Value::None,
        }))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["dst", "fromutc", "localize", "normalize", "tzname", "utcoffset"]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let is_pytz = !matches!(self, Self::Offset(_));
        let known = matches!(name, "utcoffset" | "dst" | "tzname" | "fromutc")
            || is_pytz && matches!(name, "localize" | "normalize");
        known.then(|| method(self, name, args.clone()))
    }

    fn text(&self) -> String {
        match self {
            Self::PytzUtc | Self::Offset(_) => self.abbreviation().unwrap_or_default(),
            Self::PytzFixed(_) => self.repr(),
            Self::Place(place) => place.name.to_string(),
        }
    }

    fn repr(&self) -> String {
        match self {
            Self::Offset(0) => "datetime.timezone.utc".to_owned(),
            Self::Offset(seconds) => {
                format!(
                    "datetime.timezone({})",
                    Delta(i128::from(*seconds) * SECOND).repr()
                )
            }
            Self::PytzUtc => "<UTC>".to_owned(),
            Self::PytzFixed(minutes) => format!("pytz.FixedOffset({minutes})"),
            Self::Place(place) if place.is_static() => format!("<StaticTzInfo '{}'>", place.name),
            Self::Place(place) => {
                let season = if place.is_summer { "DST" } else { "STD" };
                format!(
                    "<DstTzInfo '{}' {}{} {season}>",
                    place.name,
                    place.abbreviation,
                    signed(place.offset)
                )
            }
        }
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<Self>()?;
        Some(self.repr() == other.repr())
    }

    fn compare(&self, _other: &Value) -> Option<Ordering> {
        None
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}

/// The offset as `pytz` prints it: with a sign where it lies east.
fn signed(seconds: i32) -> String {
    let text = Delta(i128::from(seconds) * SECOND).text();
    if seconds > 0 { format!("+{text}") } else { text }
}

impl Place {
    /// Whether the place has had one offset only.
    fn is_static(&self) -> bool {
        self.zone.following(jiff::Timestamp::MIN).next().is_none()
    }
}

fn unknown(name: &Value) -> Error {
    Error::new(ErrorKind::Python("UnknownTimeZoneError"), repr(name))
}

fn timezone(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [name] = args.bind("timezone", ["zone"], 1)?;
    let name = name.unwrap_or_default();
    match &name {
        Value::None => Err(Error::new(ErrorKind::Python("UnknownTimeZoneError"), "None")),
        Value::Str(text) => Zone::named(&text.plain())
            .map(Value::native)
            .ok_or_else(|| unknown(&name)),
        other => Err(Error::new(
            ErrorKind::Python("AttributeError"),
            format!("'{}' object has no attribute 'upper'", other.type_name()),
        )),
    }
}

fn fixed_offset(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [minutes] = args.bind("FixedOffset", ["offset"], 1)?;
    let minutes = params::int(&minutes.unwrap_or_default())?;
    if minutes == 0 {
        return Ok(Value::native(Zone::PytzUtc));
    }
    match i32::try_from(minutes) {
        Ok(minutes) if minutes.abs() < 1440 => Ok(Value::native(Zone::PytzFixed(minutes))),
        _ => Err(Error::new(
            ErrorKind::Python("ValueError"),
            "absolute offset is too large",
        )),
    }
}

/// The names that dbt hands out: those of `pytz.__all__`.
pub(super) fn module() -> Value {
    let unsupported: crate::Body = |_, _| Err(Error::unsupported("this part of pytz is not supported"));
    Value::dict([
        ("timezone", Value::function("timezone", timezone)),
        ("utc", Value::native(Zone::PytzUtc)),
        ("FixedOffset", Value::function("FixedOffset", fixed_offset)),
        (
            "country_timezones",
            Value::function("country_timezones", unsupported),
        ),
        ("country_names", Value::function("country_names", unsupported)),
    ])
}

impl DateTime {
    /// The wall clock's time as the time zone database knows it.
    fn civil(&self) -> Option<civil::DateTime> {
        let (year, month, day) = Date {
            ordinal: self.date.ordinal,
        }
        .parts();
        let [hour, minute, second, micros] = time::parts(self.micros);
        // Later years are as the last one that pytz knows.
        let year = if self.date.ordinal > calendar::ordinal(2037, 12, 31) {
            2037.min(year)
        } else {
            year
        };
        let small = |value: i64| i8::try_from(value).ok();
        civil::DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            i32::try_from(micros).ok()? * 1000,
        )
        .ok()
    }
}
