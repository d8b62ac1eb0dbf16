//! `format(value, spec)`: Python's format specification mini-language (`Python/formatter_unicode.c`).

use crate::{Error, Value};

use super::numbers;
use super::strings::char_count;

#[derive(Debug, Clone)]
struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

/// `format(value, spec)`. No width or precision beyond `limit` is taken.
pub(crate) fn format(value: &Value, spec: &str, limit: usize) -> Result<String, Error> {
    match value {
        Value::Native(object) => match object.format(spec) {
            Some(formatted) => formatted,
            None if spec.is_empty() => Ok(super::to_str(value).plain().into_owned()),
            None => Err(unsupported(value)),
        },
        _ if spec.is_empty() => Ok(super::to_str(value).plain().into_owned()),
        Value::Str(text) => format_text(&text.plain(), &Spec::parse(spec, limit, "str")?),
        Value::Int(_) | Value::Bool(_) => {
            let number = super::params::int(value)?;
            let spec = Spec::parse(spec, limit, value.type_name())?;
            match spec.kind {
                Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                    format_float(numbers::Number::Int(number).float(), &spec)
                }
                _ => format_int(number, &spec, value.type_name()),
            }
        }
        Value::Float(number) => format_float(*number, &Spec::parse(spec, limit, "float")?),
        other => Err(unsupported(other)),
    }
}

fn unsupported(value: &Value) -> Error {
    Error::type_error(format!(
        "unsupported format string passed to {}.__format__",
        value.type_name()
    ))
}

impl Spec {
    fn parse(text: &str, limit: usize, type_name: &str) -> Result<Self, Error> {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        let peek = |at: usize| chars.get(at).copied();
        let mut spec = Self {
            fill: ' ',
            align: None,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            zero: false,
            width: 0,
            grouping: None,
            precision: None,
            kind: None,
        };
        let is_align = |c: Option<char>| c.filter(|c| matches!(c, '<' | '>' | '=' | '^'));
        let mut has_fill = false;
        if let (Some(fill), Some(align)) = (peek(0), is_align(peek(1))) {
            (spec.fill, spec.align, at) = (fill, Some(align), 2);
            has_fill = true;
        } else if let Some(align) = is_align(peek(0)) {
            (spec.align, at) = (Some(align), 1);
        }
        if let Some(sign @ ('+' | '-' | ' ')) = peek(at) {
            (spec.sign, at) = (Some(sign), at + 1);
        }
        if peek(at) == Some('z') {
            (spec.no_negative_zero, at) = (true, at + 1);
        }
        if peek(at) == Some('#') {
            (spec.alternate, at) = (true, at + 1);
        }
        if !has_fill && peek(at) == Some('0') {
            (spec.fill, spec.zero, at) = ('0', true, at + 1);
        }
        let number = |at: &mut usize| -> Result<Option<usize>, Error> {
            let mut number: Option<usize> = None;
            while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
                let next = number
                    .unwrap_or(0)
                    .saturating_mul(10)
                    .saturating_add(digit as usize);
                if next > limit {
                    return Err(Error::value_error("Too many decimal digits in format string"));
                }
                (number, *at) = (Some(next), *at + 1);
            }
            Ok(number)
        };
        spec.width = number(&mut at)?.unwrap_or(0);
        if let Some(grouping @ (',' | '_')) = peek(at) {
            (spec.grouping, at) = (Some(grouping), at + 1);
            match (grouping, peek(at)) {
                (',', Some(',')) => return Err(Error::value_error("Cannot specify ',' with ','.")),
                (',', Some('_')) | ('_', Some(',')) => {
                    return Err(Error::value_error("Cannot specify both ',' and '_'."));
                }
                ('_', Some('_')) => return Err(Error::value_error("Cannot specify '_' with '_'.")),
                _ => {}
            }
        }
        if peek(at) == Some('.') {
            at += 1;
            spec.precision = Some(
                number(&mut at)?.ok_or_else(|| Error::value_error("Format specifier missing precision"))?,
            );
        }
        if at < chars.len() {
            (spec.kind, at) = (peek(at), at + 1);
        }
        if at < chars.len() {
            return Err(Error::value_error(format!(
                "Invalid format specifier '{text}' for object of type '{type_name}'"
            )));
        }
        spec.check_grouping()?;
        Ok(spec)
    }

    fn check_grouping(&self) -> Result<(), Error> {
        match (self.grouping, self.kind) {
            (None, _) | (_, None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | 'F' | '%')) => Ok(()),
            (Some('_'), Some('b' | 'o' | 'x' | 'X')) => Ok(()),
            (Some(grouping), Some(kind)) => Err(Error::value_error(format!(
                "Cannot specify '{grouping}' with '{kind}'."
            ))),
        }
    }

    fn unknown(&self, type_name: &str) -> Error {
        let kind = self.kind.unwrap_or(' ');
        Error::value_error(format!(
            "Unknown format code '{kind}' for object of type '{type_name}'"
        ))
    }

    /// Fills up to the width.
    fn pad(&self, sign: &str, body: &str, default: char) -> String {
        let align = self
            .align
            .unwrap_or(if self.zero && default == '>' { '=' } else { default });
        let missing = self.width.saturating_sub(sign.len() + char_count(body));
        let fill = |count: usize| self.fill.to_string().repeat(count);
        match align {
            '<' => format!("{sign}{body}{}", fill(missing)),
            '^' => format!("{}{sign}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
            '=' => format!("{sign}{}{body}", fill(missing)),
            _ => format!("{}{sign}{body}", fill(missing)),
        }
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        }
    }

    /// Digits with separators, and with zeros that are separated, too.
    fn grouped(&self, sign_length: usize, digits: &str, rest: &str) -> String {
        let Some(separator) = self.grouping else {
            return format!("{digits}{rest}");
        };
        let size = if matches!(self.kind, Some('b' | 'o' | 'x' | 'X')) {
            4
        } else {
            3
        };
        let mut digits = digits.to_owned();
        let group = |digits: &str| {
            let mut out = String::new();
            for (index, c) in digits.chars().enumerate() {
                if index > 0 && (digits.len() - index).is_multiple_of(size) {
                    out.push(separator);
                }
                out.push(c);
            }
            out
        };
        let mut out = group(&digits);
        let pads_with_zeros = self.fill == '0'
            && matches!(self.align, None | Some('='))
            && (self.zero || self.align == Some('='));
        while pads_with_zeros && sign_length + out.len() + rest.len() < self.width {
            let missing = self.width - (sign_length + out.len() + rest.len());
            digits.insert_str(0, &"0".repeat((missing * size / (size + 1)).max(1)));
            out = group(&digits);
        }
        out + rest
    }
}

fn format_text(text: &str, spec: &Spec) -> Result<String, Error> {
    if !matches!(spec.kind, None | Some('s')) {
        return Err(spec.unknown("str"));
    }
    if spec.sign.is_some() {
        return Err(Error::value_error(if spec.sign == Some(' ') {
            "Space not allowed in string format specifier"
        } else {
            "Sign not allowed in string format specifier"
        }));
    }
    if spec.alternate {
        return Err(Error::value_error(
            "Alternate form (#) not allowed in string format specifier",
        ));
    }
    if let Some(grouping) = spec.grouping {
        return Err(Error::value_error(format!(
            "Cannot specify '{grouping}' with 's'."
        )));
    }
    if spec.align == Some('=') {
        return Err(Error::value_error(
            "'=' alignment not allowed in string format specifier",
        ));
    }
    let text: String = match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    Ok(spec.pad("", &text, '<'))
}

fn format_int(number: i64, spec: &Spec, type_name: &str) -> Result<String, Error> {
    if spec.precision.is_some() {
        return Err(Error::value_error(
            "Precision not allowed in integer format specifier",
        ));
    }
    let size = number.unsigned_abs();
    let (digits, prefix) = match spec.kind {
        None | Some('d' | 'n') => (size.to_string(), ""),
        Some('b') => (format!("{size:b}"), "0b"),
        Some('o') => (format!("{size:o}"), "0o"),
        Some('x') => (format!("{size:x}"), "0x"),
        Some('X') => (format!("{size:X}"), "0X"),
        Some('c') => {
            if spec.sign.is_some() {
                return Err(Error::value_error(
                    "Sign not allowed with integer format specifier 'c'",
                ));
            }
            let c = u32::try_from(number)
                .ok()
                .and_then(char::from_u32)
                .ok_or_else(|| {
                    Error::new(
                        crate::ErrorKind::Python("OverflowError"),
                        "%c arg not in range(0x110000)",
                    )
                })?;
            return Ok(spec.pad("", &c.to_string(), '<'));
        }
        Some(_) => return Err(spec.unknown(type_name)),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = format!("{}{prefix}", spec.sign_of(number < 0));
    let body = spec.grouped(sign.len(), &digits, "");
    Ok(spec.pad(&sign, &body, '>'))
}

fn format_float(number: f64, spec: &Spec) -> Result<String, Error> {
    let digits = match spec.kind {
        None => match spec.precision {
            None => super::repr::float(number.abs()),
            Some(precision) => general_with_point(number.abs(), precision, spec.alternate),
        },
        Some('%') => {
            let digits = float_digits(
                number.abs() * 100.0,
                'f',
                spec.precision.unwrap_or(6),
                spec.alternate,
            );
            format!("{digits}%")
        }
        Some('n') => float_digits(number.abs(), 'g', spec.precision.unwrap_or(6), spec.alternate),
        Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => {
            float_digits(number.abs(), kind, spec.precision.unwrap_or(6), spec.alternate)
        }
        Some(_) => return Err(spec.unknown("float")),
    };
    let is_zero = !digits
        .bytes()
        .any(|digit| matches!(digit, b'1'..=b'9' | b'i' | b'I'));
    let negative = number.is_sign_negative() && !number.is_nan() && !(spec.no_negative_zero && is_zero);
    let sign = spec.sign_of(negative);
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = digits.split_at_checked(whole).unwrap_or((&digits, ""));
    let body = spec.grouped(sign.len(), whole, rest);
    Ok(spec.pad(sign, &body, '>'))
}

/// No type, but a precision: as `g`, with a digit behind the point at least, and an exponent one digit earlier.
fn general_with_point(number: f64, precision: usize, alternate: bool) -> String {
    if !number.is_finite() {
        return float_digits(number, 'g', precision, alternate);
    }
    let precision = precision.max(1);
    let scientific = format!("{number:.*e}", precision - 1);
    let exponent: i64 = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let highest = i64::try_from(precision).unwrap_or(i64::MAX) - 1;
    if exponent < -4 || (exponent >= highest && number != 0.0) {
        let (digits, _) = scientific.split_once('e').unwrap_or((&scientific, ""));
        let digits = if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.')
        } else {
            digits
        };
        return format!(
            "{digits}e{}{:02}",
            if exponent < 0 { '-' } else { '+' },
            exponent.abs()
        );
    }
    let mut text = float_digits(number, 'g', precision, alternate);
    if !text.contains(['.', 'e']) {
        text.push_str(".0");
    }
    text
}

/// The digits of a float that is not negative, in one of the formats `e f g` or their upper case.
pub(crate) fn float_digits(number: f64, kind: char, precision: usize, alternate: bool) -> String {
    let upper = kind.is_ascii_uppercase();
    let text = if number.is_nan() {
        "nan".to_owned()
    } else if number.is_infinite() {
        "inf".to_owned()
    } else {
        match kind.to_ascii_lowercase() {
            'e' => {
                let scientific = format!("{number:.precision$e}");
                let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
                let point = if alternate && precision == 0 { "." } else { "" };
                format!("{digits}{point}{}", exponent_text(exponent))
            }
            'f' => {
                let point = if alternate && precision == 0 { "." } else { "" };
                format!("{number:.precision$}{point}")
            }
            _ => general(number, precision.max(1), alternate),
        }
    };
    if upper { text.to_uppercase() } else { text }
}

fn exponent_text(exponent: &str) -> String {
    let exponent: i64 = exponent.parse().unwrap_or(0);
    format!("e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(number: f64, precision: usize, alternate: bool) -> String {
    let scientific = format!("{number:.*e}", precision - 1);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i64 = exponent.parse().unwrap_or(0);
    let limit = i64::try_from(precision).unwrap_or(i64::MAX);
    let without_zeros = |text: String| {
        if alternate || !text.contains('.') {
            text
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    if power < -4 || power >= limit {
        return without_zeros(digits.to_owned()) + &exponent_text(exponent);
    }
    let decimals = usize::try_from(limit - 1 - power).unwrap_or(0);
    let mut text = format!("{number:.decimals$}");
    if alternate && !text.contains('.') {
        text.push('.');
    }
    without_zeros(text)
}
