//! The types of plain scalars, as YAML 1.1 and PyYAML's `SafeLoader` tell them.
//!
//! Source: the type repository of YAML 1.1 (yaml.org/type), narrowed to what PyYAML 6 accepts: `y` and `n` are
//! texts, a float needs a dot and the exponent of a float needs a sign.

use std::fmt;
use std::sync::Arc;

use glueline_base::Value;

/// The type that a scalar has once it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// Nothing, `~` or `null`.
    Null,
    /// `yes`, `no`, `on`, `off`, `true`, `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a dot, an infinity or not-a-number.
    Float,
    /// A day or a moment; Python gets a `date` or a `datetime`, [`Value`] the text.
    Date,
    /// Bytes in base 64, tagged `!!binary`.
    Binary,
    /// A text.
    Str,
    /// `<<`, which merges mappings and is no value.
    Merge,
    /// `=`, which YAML 1.1 reserves and PyYAML refuses as a value.
    Reserved,
}

/// The type of a plain scalar without a tag.
pub(crate) fn kind_of_plain(text: &str) -> ScalarKind {
    let Some(first) = text.bytes().next() else {
        return ScalarKind::Null;
    };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => ScalarKind::Null,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if bool_of(text).is_some() => {
            ScalarKind::Bool
        }
        b'<' if text == "<<" => ScalarKind::Merge,
        b'=' if text == "=" => ScalarKind::Reserved,
        b'0'..=b'9' | b'+' | b'-' | b'.' => kind_of_number(text),
        _ => ScalarKind::Str,
    }
}

fn kind_of_number(text: &str) -> ScalarKind {
    if is_float(text) {
        ScalarKind::Float
    } else if is_int(text) {
        ScalarKind::Int
    } else if Timestamp::matches(text) {
        ScalarKind::Date
    } else {
        ScalarKind::Str
    }
}

/// The value of a text that is read as a type; `None` where Python raises an error instead.
pub(crate) fn value_of(kind: ScalarKind, text: &str) -> Option<Value> {
    match kind {
        ScalarKind::Null => Some(Value::Null),
        ScalarKind::Bool => bool_of_any_case(text).map(Value::Bool),
        ScalarKind::Int => int_of(text),
        ScalarKind::Float => float_of(text).map(Value::Float),
        ScalarKind::Date => Timestamp::parse(text)
            .filter(Timestamp::is_valid)
            .map(|timestamp| Value::Date(timestamp.to_string().into())),
        ScalarKind::Str => Some(Value::Str(Arc::from(text))),
        ScalarKind::Binary => Some(Value::Unknown),
        ScalarKind::Merge | ScalarKind::Reserved => None,
    }
}

fn bool_of(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// With the tag `!!bool`, any casing will do.
fn bool_of_any_case(text: &str) -> Option<bool> {
    bool_of(&text.to_lowercase())
}

fn is_int(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(binary) = digits.strip_prefix("0b") {
        return !binary.is_empty() && binary.bytes().all(|b| matches!(b, b'0' | b'1' | b'_'));
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return !hexadecimal.is_empty() && hexadecimal.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    }
    if let Some(octal) = digits.strip_prefix('0') {
        return octal.bytes().all(|b| matches!(b, b'0'..=b'7' | b'_'));
    }
    let (whole, sixties) = digits.split_once(':').unwrap_or((digits, "0"));
    is_decimal(whole) && sixties.split(':').all(is_sixtieth)
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return false;
    };
    if let Some((hours, sixties)) = whole.split_once(':') {
        return is_decimal(hours)
            && sixties.split(':').all(is_sixtieth)
            && is_digits_or_underscores(fraction);
    }
    let (fraction, exponent) = match fraction.find(['e', 'E']) {
        Some(at) => (fraction.get(..at).unwrap_or(""), fraction.get(at + 1..)),
        None => (fraction, None),
    };
    if exponent.is_some_and(|exponent| !is_signed_exponent(exponent)) {
        return false;
    }
    if whole.is_empty() {
        // `+.5` is a text: only without a sign may the dot come first.
        unsigned.len() == text.len() && is_decimal(fraction)
    } else {
        is_decimal(whole) && is_digits_or_underscores(fraction)
    }
}

fn is_decimal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && is_digits_or_underscores(text)
}

fn is_digits_or_underscores(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn is_sixtieth(text: &str) -> bool {
    match text.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
        _ => false,
    }
}

fn is_signed_exponent(text: &str) -> bool {
    text.strip_prefix(['+', '-'])
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn int_of(text: &str) -> Option<Value> {
    let text = text.replace('_', "");
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let (digits, radix) = if digits == "0" {
        (digits, 10)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        (binary, 2)
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        (hexadecimal, 16)
    } else if digits.starts_with('0') {
        (digits, 8)
    } else if digits.contains(':') {
        return sexagesimal(digits, negative);
    } else {
        (digits, 10)
    };
    // With a tag, Python's `int` and `float` see the text as it is, and mind no blanks around it.
    let digits = digits.trim();
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // Python's whole numbers have no limit; one that does not fit here is not known.
    let value = i128::from_str_radix(digits, radix).map(|value| if negative { -value } else { value });
    Some(
        value
            .ok()
            .and_then(|value| i64::try_from(value).ok())
            .map_or(Value::Unknown, Value::Int),
    )
}

fn sexagesimal(digits: &str, negative: bool) -> Option<Value> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits.split(':').all(is_number) {
        return None;
    }
    let value = digits.split(':').try_fold(0_i64, |sum, part| {
        let part: i64 = part.parse().ok()?;
        sum.checked_mul(60)?.checked_add(part)
    });
    Some(value.map_or(Value::Unknown, |value| {
        Value::Int(if negative { -value } else { value })
    }))
}

fn float_of(text: &str) -> Option<f64> {
    let text = text.replace('_', "").to_lowercase();
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    match digits {
        ".inf" => return Some(sign * f64::INFINITY),
        ".nan" => return Some(f64::NAN),
        _ => {}
    }
    let value = digits.split(':').try_fold(0.0, |sum: f64, part| {
        let part: f64 = part.trim().parse().ok()?;
        Some(sum.mul_add(60.0, part))
    })?;
    Some(sign * value)
}

/// A day, with or without a time.
#[derive(Debug, Clone, Copy)]
struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    /// Hours, minutes, seconds and microseconds.
    time: Option<[u32; 4]>,
    /// The sign, hours and minutes from Greenwich.
    offset: Option<(char, [u32; 2])>,
}

/// As Python prints what PyYAML makes of it (`construct_yaml_timestamp` of its `constructor.py`).
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        let Some([hour, minute, second, micros]) = self.time else {
            return Ok(());
        };
        write!(f, " {hour:02}:{minute:02}:{second:02}")?;
        if micros > 0 {
            write!(f, ".{micros:06}")?;
        }
        match self.offset {
            None => Ok(()),
            Some((_, [0, 0])) => f.write_str("+00:00"),
            Some((sign, [hours, minutes])) => {
                let minutes = hours * 60 + minutes;
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

impl Timestamp {
    /// Whether a plain scalar looks like a date: without a time, month and day need two digits each.
    fn matches(text: &str) -> bool {
        Self::parse(text)
            .is_some_and(|timestamp| timestamp.time.is_some() || text.len() == "2000-01-01".len())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let year = take_digits(&mut rest, 4, 4)?;
        let month = take_part(&mut rest, '-', 1)?;
        let day = take_part(&mut rest, '-', 1)?;
        let mut timestamp = Self {
            year,
            month,
            day,
            time: None,
            offset: None,
        };
        if rest.is_empty() {
            return Some(timestamp);
        }
        rest = match rest.strip_prefix(['T', 't']) {
            Some(after) => after,
            None => Some(strip_blanks(rest)).filter(|after| after.len() < rest.len())?,
        };
        let hour = take_digits(&mut rest, 1, 2)?;
        let minute = take_part(&mut rest, ':', 2)?;
        let second = take_part(&mut rest, ':', 2)?;
        let mut micros = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = fraction.bytes().take(fraction.len() - rest.len());
            let places = digits.chain(std::iter::repeat(b'0')).take(6);
            micros = places.fold(0, |micros, digit| micros * 10 + u32::from(digit - b'0'));
        }
        timestamp.time = Some([hour, minute, second, micros]);
        if rest.is_empty() {
            return Some(timestamp);
        }
        rest = strip_blanks(rest);
        if rest == "Z" {
            timestamp.offset = Some(('+', [0, 0]));
            return Some(timestamp);
        }
        let sign = rest.chars().next()?;
        rest = rest.strip_prefix(['+', '-'])?;
        let hours = take_digits(&mut rest, 1, 2)?;
        let minutes = if rest.is_empty() {
            0
        } else {
            take_part(&mut rest, ':', 2)?
        };
        timestamp.offset = Some((sign, [hours, minutes]));
        rest.is_empty().then_some(timestamp)
    }

    /// Whether Python's `datetime` accepts it.
    fn is_valid(&self) -> bool {
        let leap =
            self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return false,
        };
        let [hour, minute, second, _] = self.time.unwrap_or_default();
        let [hours, minutes] = self.offset.map_or([0, 0], |(_, offset)| offset);
        self.year > 0
            && (1..=days).contains(&self.day)
            && hour < 24
            && minute < 60
            && second < 60
            && hours * 60 + minutes < 24 * 60
    }
}

fn strip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// Takes as many digits as there are, within limits.
fn take_digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (digits, after) = rest.split_at_checked(count)?;
    *rest = after;
    digits.parse().ok()
}

/// Takes a separator and one or two digits.
fn take_part(rest: &mut &str, separator: char, least: usize) -> Option<u32> {
    *rest = rest.strip_prefix(separator)?;
    take_digits(rest, least, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_plain(texts: &[&str], kind: ScalarKind) {
        for text in texts {
            assert_eq!(kind_of_plain(text), kind, "{text:?}");
        }
    }

    #[test]
    fn words_have_types_in_some_casings_only() {
        assert_plain(&["", "~", "null", "Null", "NULL"], ScalarKind::Null);
        assert_plain(&["yes", "No", "TRUE", "off", "On", "false"], ScalarKind::Bool);
        let texts = [
            "y", "n", "nULL", "yEs", "tRUE", "none", "None", "~~", "==", "<<<", "<",
        ];
        assert_plain(&texts, ScalarKind::Str);
        assert_plain(&["<<"], ScalarKind::Merge);
        assert_plain(&["="], ScalarKind::Reserved);
    }

    #[test]
    fn numbers_look_as_in_yaml_1_1() {
        let ints = [
            "0",
            "-0",
            "+12",
            "1_000",
            "017",
            "0_",
            "0x1F",
            "-0b101",
            "1:30",
            "190:20:30",
        ];
        assert_plain(&ints, ScalarKind::Int);
        let floats = [
            "1.", "1.5", "08.", "-.inf", "+.Inf", ".5", ".NaN", "1.e+5", "1.5E-3", "1:30.5", "6_8.5_",
        ];
        assert_plain(&floats, ScalarKind::Float);
        let texts = [
            "1e5", "1.5e3", "0o17", "09", "+.5", "-.nan", ".", "-", "1:60", "0x", "1.2.3", "._5", "12a", "_1",
        ];
        assert_plain(&texts, ScalarKind::Str);
    }

    #[test]
    fn numbers_have_the_values_that_python_gives_them() {
        let ints = [
            ("0", 0),
            ("017", 15),
            ("1_000", 1000),
            ("-0x1F", -31),
            ("0b1_01", 5),
            ("1:30", 90),
            ("-1:00:01", -3601),
            ("9223372036854775807", i64::MAX),
        ];
        for (text, value) in ints {
            assert_eq!(value_of(ScalarKind::Int, text), Some(Value::Int(value)), "{text}");
        }
        let floats = [
            ("1.", 1.0),
            ("-.5", -0.5),
            ("1:30.5", 90.5),
            ("1.5e+3", 1500.0),
            (".inf", f64::INFINITY),
        ];
        for (text, value) in floats {
            assert_eq!(
                value_of(ScalarKind::Float, text),
                Some(Value::Float(value)),
                "{text}"
            );
        }
        assert_eq!(
            value_of(ScalarKind::Int, "9223372036854775808"),
            Some(Value::Unknown)
        );
        for text in ["0b", "0b_", "0x_", "", "abc", "-", "089"] {
            assert_eq!(value_of(ScalarKind::Int, text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_told_from_texts_and_from_days_that_never_were() {
        let is_valid = |text: &&str| value_of(ScalarKind::Date, text).is_some();
        let dates = [
            "2024-02-29",
            "2024-1-2 3:04:05",
            "2024-01-02T03:04:05.678 +05:30",
            "2024-01-02t03:04:05Z",
        ];
        assert_plain(&dates, ScalarKind::Date);
        assert!(dates.iter().all(is_valid));
        for (text, printed) in [
            ("2024-02-29", "2024-02-29"),
            ("2024-1-2 3:04:05", "2024-01-02 03:04:05"),
            ("2024-01-02 3:04:05.", "2024-01-02 03:04:05"),
            (
                "2024-01-02T03:04:05.678 +05:30",
                "2024-01-02 03:04:05.678000+05:30",
            ),
            (
                "2024-01-02T03:04:05.1234567-1",
                "2024-01-02 03:04:05.123456-01:00",
            ),
            ("2024-01-02T03:04:05 -00:00", "2024-01-02 03:04:05+00:00"),
            ("2024-01-02T03:04:05 +01:90", "2024-01-02 03:04:05+02:30"),
            ("2024-01-02t03:04:05Z", "2024-01-02 03:04:05+00:00"),
        ] {
            assert_eq!(
                value_of(ScalarKind::Date, text),
                Some(Value::Date(printed.into()))
            );
        }
        let impossible = [
            "2023-02-29",
            "2024-13-01",
            "0000-01-01",
            "2024-04-31",
            "2024-01-02 24:00:00",
            "2024-01-02 00:60:00",
            "2024-01-02 00:00:00+24:00",
        ];
        assert_plain(&impossible, ScalarKind::Date);
        assert!(!impossible.iter().any(is_valid));
        let texts = [
            "2024-1-2",
            "2024-01-02T",
            "2024-01-02 03:04",
            "24-01-02",
            "2024-01-02x",
        ];
        assert_plain(&texts, ScalarKind::Str);
    }
}
