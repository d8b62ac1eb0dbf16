//! `strptime` (`Lib/_strptime.py`).

use fancy_regex::{Captures, Regex};

use crate::{Error, Value};

use super::calendar::{self, DAYS, MONTHS};
use super::date::Date;
use super::moment::DateTime;
use super::time;
use super::zone::Zone;
use crate::python::repr;

/// Reads a text by a format.
pub(super) fn parse(text: &str, format: &str) -> Result<DateTime, Error> {
    let (pattern, directives) = pattern(format)?;
    let regex = Regex::new(&format!("(?i)\\A(?:{pattern})"))
        .map_err(|error| Error::unsupported(format!("the format {format:?} cannot be read: {error}")))?;
    let found = regex.captures(text).ok().flatten();
    let Some(found) = found else {
        return Err(Error::value_error(format!(
            "time data {} does not match format {}",
            repr(&Value::str(text)),
            repr(&Value::str(format))
        )));
    };
    let end = found.get(0).map_or(0, |whole| whole.end());
    if let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        return Err(Error::value_error(format!("unconverted data remains: {rest}")));
    }
    let mut fields = Fields::default();
    for (index, directive) in directives.iter().enumerate() {
        let value = group(&found, index + 1);
        fields.read(*directive, value)?;
    }
    fields.moment()
}

fn group<'a>(found: &Captures<'a>, index: usize) -> &'a str {
    found.get(index).map_or("", |group| group.as_str())
}

/// The format as a regular expression, with what each of its groups is.
fn pattern(format: &str) -> Result<(String, Vec<char>), Error> {
    let mut out = String::new();
    let mut directives = Vec::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            out.push_str("\\s+");
            continue;
        }
        if c != '%' {
            out.push_str(&fancy_regex::escape(c.encode_utf8(&mut [0; 4])));
            continue;
        }
        let Some(directive) = chars.next() else {
            return Err(Error::value_error(
                format!("stray %% in format '{format}'").replace("%%", "%"),
            ));
        };
        match directive {
            '%' => out.push('%'),
            'c' | 'x' | 'X' => {
                let within = match directive {
                    'c' => "%a %b %d %H:%M:%S %Y",
                    'x' => "%m/%d/%y",
                    _ => "%H:%M:%S",
                };
                let (within, more) = pattern(within)?;
                out.push_str(&within);
                directives.extend(more);
            }
            directive => {
                if directives.contains(&directive) {
                    return Err(Error::new(
                        crate::ErrorKind::Python("error"),
                        format!("redefinition of group name '{directive}'"),
                    ));
                }
                let group = group_of(directive).ok_or_else(|| {
                    Error::value_error(format!("'{directive}' is a bad directive in format '{format}'"))
                })?;
                out.push_str(&group);
                directives.push(directive);
            }
        }
    }
    Ok((out, directives))
}

fn group_of(directive: char) -> Option<String> {
    let names = |names: &[&str], short: bool| {
        let mut names: Vec<&str> = names
            .iter()
            .filter(|name| !name.is_empty())
            .map(|name| {
                if short {
                    name.get(..3).unwrap_or(name)
                } else {
                    name
                }
            })
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        format!("({})", names.join("|"))
    };
    Some(match directive {
        'd' => r"(3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])".to_owned(),
        'f' => "([0-9]{1,6})".to_owned(),
        'H' => r"(2[0-3]|[0-1]\d|\d)".to_owned(),
        'I' => "(1[0-2]|0[1-9]|[1-9])".to_owned(),
        'G' | 'Y' => r"(\d\d\d\d)".to_owned(),
        'j' => r"(36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])".to_owned(),
        'm' => "(1[0-2]|0[1-9]|[1-9])".to_owned(),
        'M' => r"([0-5]\d|\d)".to_owned(),
        'S' => r"(6[0-1]|[0-5]\d|\d)".to_owned(),
        'U' | 'W' => r"(5[0-3]|[0-4]\d|\d)".to_owned(),
        'w' => "([0-6])".to_owned(),
        'u' => "([1-7])".to_owned(),
        'V' => r"(5[0-3]|0[1-9]|[1-4]\d|\d)".to_owned(),
        'y' => r"(\d\d)".to_owned(),
        'z' => r"([+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|Z)".to_owned(),
        'A' => names(&DAYS, false),
        'a' => names(&DAYS, true),
        'B' => names(&MONTHS, false),
        'b' => names(&MONTHS, true),
        'p' => "(am|pm)".to_owned(),
        'Z' => "(utc|gmt)".to_owned(),
        _ => return None,
    })
}

#[derive(Default)]
struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: i64,
    half: Option<bool>,
    minute: i64,
    second: i64,
    micros: i64,
    day_of_year: Option<i64>,
    /// Monday is 0.
    weekday: Option<i64>,
    /// The week of the year, and whether it starts on Monday.
    week: Option<(i64, bool)>,
    iso_year: Option<i64>,
    iso_week: Option<i64>,
    offset: Option<i32>,
}

impl Fields {
    fn read(&mut self, directive: char, value: &str) -> Result<(), Error> {
        let number = value.trim().parse::<i64>().unwrap_or(0);
        let index = |names: &[&str]| {
            let found = names.iter().position(|name| {
                !name.is_empty()
                    && (name.eq_ignore_ascii_case(value)
                        || name
                            .get(..3)
                            .is_some_and(|short| short.eq_ignore_ascii_case(value)))
            });
            found.and_then(|found| i64::try_from(found).ok())
        };
        match directive {
            'Y' => self.year = Some(number),
            'y' => {
                self.year = Some(if number <= 68 {
                    2000 + number
                } else {
                    1900 + number
                });
            }
            'm' => self.month = Some(number),
            'B' | 'b' => self.month = index(&MONTHS),
            'd' => self.day = Some(number),
            'H' => self.hour = number,
            'I' => {
                self.hour = number % 12;
                self.half.get_or_insert(false);
            }
            'p' => self.half = Some(value.eq_ignore_ascii_case("pm")),
            'M' => self.minute = number,
            'S' => self.second = number,
            'f' => self.micros = format!("{value:0<6}").parse().unwrap_or(0),
            'A' | 'a' => self.weekday = index(&DAYS),
            'w' => self.weekday = Some((number + 6) % 7),
            'u' => self.weekday = Some(number - 1),
            'j' => self.day_of_year = Some(number),
            'U' => self.week = Some((number, false)),
            'W' => self.week = Some((number, true)),
            'G' => self.iso_year = Some(number),
            'V' => self.iso_week = Some(number),
            'z' => self.offset = Some(offset(value)?),
            _ => {}
        }
        Ok(())
    }

    fn moment(&self) -> Result<DateTime, Error> {
        let date = self.date()?;
        let hour = if self.half == Some(true) && self.hour < 12 {
            self.hour + 12
        } else {
            self.hour
        };
        let micros = time::micros(hour, self.minute, self.second, self.micros)?;
        Ok(DateTime::of(date, micros, self.offset.map(Zone::offset)))
    }

    fn date(&self) -> Result<Date, Error> {
        if let (Some(year), Some(week), Some(weekday)) = (self.iso_year, self.iso_week, self.weekday) {
            return Date::from_ordinal(calendar::from_iso(year, week, weekday + 1));
        }
        let year = self.year.unwrap_or(1900);
        if let (Some((week, from_monday)), Some(weekday), None) = (self.week, self.weekday, self.day_of_year)
            && self.year.is_some()
        {
            let first = calendar::ordinal(year, 1, 1);
            let (first_day, weekday) = if from_monday {
                (calendar::weekday(first), weekday)
            } else {
                ((calendar::weekday(first) + 1) % 7, (weekday + 1) % 7)
            };
            let offset = (7 - first_day) % 7;
            let days = if week == 0 {
                weekday - first_day
            } else {
                offset + 7 * (week - 1) + weekday
            };
            return Date::from_ordinal(first + days);
        }
        if let (Some(day), None, None) = (self.day_of_year, self.month, self.day) {
            return Date::from_ordinal(calendar::ordinal(year, 1, 1) + day - 1);
        }
        Date::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }
}

fn offset(text: &str) -> Result<i32, Error> {
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    let part = |range: std::ops::Range<usize>| {
        digits
            .get(range)
            .and_then(|part| part.parse::<i32>().ok())
            .unwrap_or(0)
    };
    let size = part(0..2) * 3600 + part(2..4) * 60 + part(4..6);
    if size >= 86_400 {
        return Err(Error::value_error(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)",
        ));
    }
    Ok(if text.starts_with('-') { -size } else { size })
}
