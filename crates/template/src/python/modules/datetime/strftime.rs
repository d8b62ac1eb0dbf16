//! `strftime`, as glibc writes it in the C locale.

use crate::{Args, Error, Value};

use super::calendar::{self, DAYS, MONTHS};
use super::moment::DateTime;
use super::time;
use crate::python::params;

/// `strftime(format)`.
pub(super) fn method(moment: &DateTime, args: Args) -> Result<Value, Error> {
    let [pattern] = args.bind("strftime", ["format"], 1)?;
    let pattern = pattern.unwrap_or_default();
    let pattern = params::text(&pattern, "strftime() argument 1")?;
    if pattern.len() > 100_000 {
        return Err(Error::unsupported("such a long format is not supported"));
    }
    Ok(Value::from(format(moment, &pattern)))
}

/// The moment in a format.
pub(super) fn format(moment: &DateTime, pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut written = String::from("%");
        let (mut pad, mut upper) = (None, false);
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '_' | '0' | '^' | '#')) {
            written.push(flag);
            match flag {
                '^' | '#' => upper = true,
                flag => pad = Some(flag),
            }
        }
        let mut width = 0;
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            written.push(digit);
            width = (width * 10 + digit.to_digit(10).unwrap_or(0) as usize).min(100);
        }
        let directive = chars.next();
        written.extend(directive);
        let done = directive.and_then(|directive| written_as(moment, directive));
        let Some(done) = done else {
            out.push_str(&written);
            continue;
        };
        out.push_str(&done.padded(pad, width, upper));
    }
    out
}

/// What a directive gives: a text, or a number with how it is filled up.
enum Done {
    Text(String),
    Number(i64, usize, char),
}

impl Done {
    fn padded(self, pad: Option<char>, width: usize, upper: bool) -> String {
        match self {
            Self::Text(text) => {
                let text = if upper { text.to_uppercase() } else { text };
                let fill = if pad == Some('0') { "0" } else { " " };
                let missing = width.saturating_sub(text.chars().count());
                fill.repeat(missing) + &text
            }
            Self::Number(number, digits, fill) => {
                let fill = match pad {
                    Some('-') => return number.to_string(),
                    Some('_') => ' ',
                    Some('0') => '0',
                    _ => fill,
                };
                let text = number.to_string();
                let missing = width.max(digits).saturating_sub(text.len());
                fill.to_string().repeat(missing) + &text
            }
        }
    }
}

fn name(names: &'static [&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or("")
}

fn written_as(moment: &DateTime, directive: char) -> Option<Done> {
    let ordinal = moment.date.ordinal;
    let (year, month, day) = moment.date.parts();
    let [hour, minute, second, micros] = time::parts(moment.micros);
    let weekday = calendar::weekday(ordinal);
    let day_of_year = calendar::day_of_year(ordinal);
    let text = |text: &str| Some(Done::Text(text.to_owned()));
    let number = |number, digits| Some(Done::Number(number, digits, '0'));
    let spaced = |number, digits| Some(Done::Number(number, digits, ' '));
    let short = |name: &str| text(name.get(..3).unwrap_or(name));
    let within = |pattern: &str| Some(Done::Text(format(moment, pattern)));
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    match directive {
        '%' => text("%"),
        'n' => text("\n"),
        't' => text("\t"),
        'a' => short(name(&DAYS, weekday)),
        'A' => text(name(&DAYS, weekday)),
        'b' | 'h' => short(name(&MONTHS, month)),
        'B' => text(name(&MONTHS, month)),
        'c' => within("%a %b %e %H:%M:%S %Y"),
        'C' => number(year / 100, 2),
        'd' => number(day, 2),
        'D' | 'x' => within("%m/%d/%y"),
        'e' => spaced(day, 2),
        'f' => text(&format!("{micros:06}")),
        'F' => within("%Y-%m-%d"),
        'g' => number(calendar::iso(ordinal).0 % 100, 2),
        'G' => number(calendar::iso(ordinal).0, 1),
        'H' => number(hour, 2),
        'I' => number(twelve, 2),
        'j' => number(day_of_year, 3),
        'k' => spaced(hour, 2),
        'l' => spaced(twelve, 2),
        'm' => number(month, 2),
        'M' => number(minute, 2),
        'p' => text(if hour < 12 { "AM" } else { "PM" }),
        'P' => text(if hour < 12 { "am" } else { "pm" }),
        'r' => within("%I:%M:%S %p"),
        'R' => within("%H:%M"),
        's' => text(&moment.wall_seconds().to_string()),
        'S' => number(second, 2),
        'T' | 'X' => within("%H:%M:%S"),
        'u' => number(weekday + 1, 1),
        'U' => number((day_of_year + 6 - (weekday + 1) % 7) / 7, 2),
        'V' => number(calendar::iso(ordinal).1, 2),
        'w' => number((weekday + 1) % 7, 1),
        'W' => number((day_of_year + 6 - weekday) / 7, 2),
        'y' => number(year % 100, 2),
        'Y' => number(year, 1),
        'z' => text(&moment.zone.as_ref().map_or_else(String::new, |zone| {
            super::zone::offset_text(zone.seconds()).replace(':', "")
        })),
        'Z' => text(
            &moment
                .zone
                .as_ref()
                .and_then(super::zone::Zone::abbreviation)
                .unwrap_or_default(),
        ),
        _ => None,
    }
}
