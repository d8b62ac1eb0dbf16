//! `text % values` (`Objects/unicodeobject.c`, `PyUnicode_Format`).

use std::iter::Peekable;
use std::str::Chars;

use super::{char_count, check_length};
use crate::python::{attributes, format, numbers, params};
use crate::{Cx, Error, Str, Value};

/// `format % values`.
pub(crate) fn percent(cx: &Cx, format: &Str, values: &Value) -> Result<Value, Error> {
    let plain = format.plain();
    if !plain.contains('%') {
        let left_over = match values {
            Value::Tuple(items) => !items.is_empty(),
            other => !is_mapping(other),
        };
        return if left_over {
            Err(not_all_converted())
        } else {
            Ok(Value::Str(format.clone()))
        };
    }
    let mut formatter = Formatter {
        cx,
        values: Values::of(values),
        chars: plain.chars().peekable(),
        index: 0,
        literal: String::new(),
        parts: Vec::new(),
    };
    formatter.run()?;
    let parts = formatter.parts;
    check_length(cx, parts.iter().map(|part| part.marked().len()).sum())?;
    Ok(Value::Str(Str::plain_from("").join(&parts)))
}

fn not_all_converted() -> Error {
    Error::type_error("not all arguments converted during string formatting")
}

/// Whether Python takes a value for a mapping here: what can be subscripted, but for tuples and texts.
fn is_mapping(value: &Value) -> bool {
    match value {
        Value::Dict(_) | Value::List(_) | Value::Undefined(_) => true,
        Value::Native(object) => object.is_subscriptable(),
        _ => false,
    }
}

struct Values {
    single: Value,
    tuple: Option<std::sync::Arc<[Value]>>,
    used: usize,
    /// Whether a value was looked up by name, so that nothing can be left over.
    is_mapping: bool,
}

impl Values {
    fn of(value: &Value) -> Self {
        Self {
            single: value.clone(),
            tuple: match value {
                Value::Tuple(items) => Some(items.clone()),
                _ => None,
            },
            used: 0,
            is_mapping: is_mapping(value),
        }
    }

    fn next(&mut self) -> Result<Value, Error> {
        let value = match &self.tuple {
            Some(items) => items.get(self.used).cloned(),
            None if self.used == 0 => Some(self.single.clone()),
            None => None,
        };
        self.used += 1;
        value.ok_or_else(|| Error::type_error("not enough arguments for format string"))
    }

    fn all_used(&self) -> bool {
        match &self.tuple {
            Some(items) => self.used >= items.len(),
            None => self.used > 0 || self.is_mapping,
        }
    }
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the format")]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

struct Formatter<'a> {
    cx: &'a Cx,
    values: Values,
    chars: Peekable<Chars<'a>>,
    /// The number of characters read, for messages.
    index: usize,
    literal: String,
    parts: Vec<Str>,
}

impl Formatter<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while let Some(c) = self.next() {
            if c == '%' {
                self.conversion()?;
            } else {
                self.literal.push(c);
            }
        }
        self.flush();
        if self.values.all_used() {
            Ok(())
        } else {
            Err(not_all_converted())
        }
    }

    fn next(&mut self) -> Option<char> {
        self.index += 1;
        self.chars.next()
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.parts.push(Str::plain_from(&self.literal));
            self.literal.clear();
        }
    }

    fn conversion(&mut self) -> Result<(), Error> {
        let mut by_name = None;
        if self.chars.next_if_eq(&'(').is_some() {
            self.index += 1;
            by_name = Some(self.named()?);
        }
        let how = self.flags()?;
        while self.chars.next_if(|c| matches!(c, 'h' | 'l' | 'L')).is_some() {
            self.index += 1;
        }
        let kind = self
            .next()
            .ok_or_else(|| Error::value_error("incomplete format"))?;
        if kind == '%' {
            self.literal.push('%');
            return Ok(());
        }
        let value = match by_name {
            Some(value) => value,
            None => self.values.next()?,
        };
        let text = match kind {
            's' if how.width == 0 && how.precision.is_none() => {
                self.flush();
                self.parts.push(super::super::to_str(&value));
                return Ok(());
            }
            's' => self.padded_text(&super::printed(&value), &how)?,
            'r' => self.padded_text(&super::super::repr(&value), &how)?,
            'a' => self.padded_text(&ascii(&super::super::repr(&value)), &how)?,
            'c' => self.padded_text(&character(&value)?, &how)?,
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => Self::whole(kind, &value, &how)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => Self::float(kind, &value, &how)?,
            other => {
                return Err(Error::value_error(format!(
                    "unsupported format character '{}' (0x{:x}) at index {}",
                    if (' '..='~').contains(&other) { other } else { '?' },
                    u32::from(other),
                    self.index - 1
                )));
            }
        };
        self.literal.push_str(&text);
        Ok(())
    }

    fn named(&mut self) -> Result<Value, Error> {
        if !self.values.is_mapping {
            return Err(Error::type_error("format requires a mapping"));
        }
        let (mut name, mut depth) = (String::new(), 1);
        loop {
            let Some(c) = self.next() else {
                return Err(Error::value_error("incomplete format key"));
            };
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            name.push(c);
        }
        attributes::subscript(self.cx, &self.values.single, &Value::str(name))
    }

    fn flags(&mut self) -> Result<Conversion, Error> {
        let mut how = Conversion::default();
        while let Some(c) = self.chars.next_if(|c| matches!(c, '-' | '+' | ' ' | '#' | '0')) {
            self.index += 1;
            match c {
                '-' => how.left = true,
                '+' => how.plus = true,
                ' ' => how.space = true,
                '#' => how.alternate = true,
                _ => how.zero = true,
            }
        }
        if let Some(width) = self.number()? {
            how.left |= width < 0;
            how.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        }
        if self.chars.next_if_eq(&'.').is_some() {
            self.index += 1;
            how.precision = Some(usize::try_from(self.number()?.unwrap_or(0)).unwrap_or(0));
        }
        check_length(self.cx, how.width.max(how.precision.unwrap_or(0)))?;
        Ok(how)
    }

    fn number(&mut self) -> Result<Option<i64>, Error> {
        if self.chars.next_if_eq(&'*').is_some() {
            self.index += 1;
            return match self.values.next()? {
                Value::Int(number) => Ok(Some(number)),
                _ => Err(Error::type_error("* wants int")),
            };
        }
        let mut number: Option<i64> = None;
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            self.index += 1;
            let digit = i64::from(digit.to_digit(10).unwrap_or(0));
            let next = number
                .unwrap_or(0)
                .checked_mul(10)
                .and_then(|number| number.checked_add(digit));
            number = Some(next.ok_or_else(|| Error::value_error("width too big"))?);
        }
        Ok(number)
    }

    fn padded_text(&self, text: &str, how: &Conversion) -> Result<String, Error> {
        let text: String = match how.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        let missing = how.width.saturating_sub(char_count(&text));
        check_length(self.cx, text.len() + missing)?;
        let spaces = " ".repeat(missing);
        Ok(if how.left { text + &spaces } else { spaces + &text })
    }

    fn whole(kind: char, value: &Value, how: &Conversion) -> Result<String, Error> {
        let number = match value {
            Value::Int(_) | Value::Bool(_) => params::int(value)?,
            Value::Float(number) if matches!(kind, 'd' | 'i' | 'u') => numbers::truncated(*number)?,
            Value::Undefined(undefined) if matches!(kind, 'd' | 'i' | 'u') => {
                return Err(Error::undefined(undefined.message.clone()));
            }
            other => {
                let needed = if matches!(kind, 'd' | 'i' | 'u') {
                    "a real number"
                } else {
                    "an integer"
                };
                return Err(Error::type_error(format!(
                    "%{kind} format: {needed} is required, not {}",
                    other.type_name()
                )));
            }
        };
        let size = number.unsigned_abs();
        let (digits, prefix) = match kind {
            'x' => (format!("{size:x}"), "0x"),
            'X' => (format!("{size:X}"), "0X"),
            'o' => (format!("{size:o}"), "0o"),
            _ => (size.to_string(), ""),
        };
        let zeros = how.precision.unwrap_or(0).saturating_sub(digits.len());
        let digits = "0".repeat(zeros) + &digits;
        let prefix = if how.alternate { prefix } else { "" };
        Ok(padded_number(number < 0, prefix, &digits, how))
    }

    fn float(kind: char, value: &Value, how: &Conversion) -> Result<String, Error> {
        let number = numbers::Number::of(value)
            .map(numbers::Number::float)
            .ok_or_else(|| match value {
                Value::Undefined(undefined) => Error::undefined(undefined.message.clone()),
                other => Error::type_error(format!("must be real number, not {}", other.type_name())),
            })?;
        let digits = format::float_digits(number.abs(), kind, how.precision.unwrap_or(6), how.alternate);
        let mut how = Conversion { ..*how };
        how.zero &= number.is_finite();
        Ok(padded_number(
            number.is_sign_negative() && !number.is_nan(),
            "",
            &digits,
            &how,
        ))
    }
}

fn padded_number(negative: bool, prefix: &str, digits: &str, how: &Conversion) -> String {
    let sign = match (negative, how.plus, how.space) {
        (true, _, _) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let missing = how.width.saturating_sub(sign.len() + prefix.len() + digits.len());
    match (how.left, how.zero) {
        (true, _) => format!("{sign}{prefix}{digits}{}", " ".repeat(missing)),
        (_, true) => format!("{sign}{prefix}{}{digits}", "0".repeat(missing)),
        _ => format!("{}{sign}{prefix}{digits}", " ".repeat(missing)),
    }
}

fn character(value: &Value) -> Result<String, Error> {
    match value {
        Value::Int(_) | Value::Bool(_) => u32::try_from(params::int(value)?)
            .ok()
            .and_then(char::from_u32)
            .map(String::from)
            .ok_or_else(|| {
                Error::new(
                    crate::ErrorKind::Python("OverflowError"),
                    "%c arg not in range(0x110000)",
                )
            }),
        Value::Str(text) if char_count(&text.plain()) == 1 => Ok(text.plain().into_owned()),
        _ => Err(Error::type_error("%c requires int or char")),
    }
}

/// `ascii()`: what is not ASCII is escaped.
pub(crate) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            0..=0x7F => out.push(c),
            code @ 0x80..=0xFF => out.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xFFFF => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out
}
