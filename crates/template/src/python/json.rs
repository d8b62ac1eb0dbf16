//! JSON as Python's `json` reads and writes it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::{Error, Key, Value};

use super::compare;
use super::repr::float;

const DEEPEST: usize = 200;
const MOST_BYTES: usize = 96 << 20;

/// `json.dumps(value, sort_keys=...)`.
pub fn to_json(value: &Value, sort_keys: bool) -> Result<String, Error> {
    dumps(value, sort_keys, None)
}

/// `json.dumps(value, sort_keys=..., indent=...)`.
pub(crate) fn dumps(value: &Value, sort_keys: bool, indent: Option<&str>) -> Result<String, Error> {
    let mut writer = Writer {
        out: String::new(),
        sort_keys,
        indent,
        depth: 0,
        open: HashSet::new(),
    };
    writer.value(value)?;
    Ok(writer.out)
}

struct Writer<'a> {
    out: String,
    sort_keys: bool,
    indent: Option<&'a str>,
    depth: usize,
    open: HashSet<*const ()>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Result<(), Error> {
        if self.out.len() > MOST_BYTES {
            return Err(Error::new(crate::ErrorKind::Limit, "the JSON text grew too long"));
        }
        match value {
            Value::None => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => self.out.push_str(&value.to_string()),
            Value::Float(value) => self.out.push_str(&number(*value)),
            Value::Str(text) => quote(&text.plain(), &mut self.out),
            Value::List(list) => {
                self.within(Arc::as_ptr(list).cast(), |writer| writer.list(&list.items()))?;
            }
            Value::Tuple(items) => self.within(Arc::as_ptr(items).cast(), |writer| writer.list(items))?,
            Value::Dict(dict) => self.within(Arc::as_ptr(dict).cast(), |writer| writer.dict(dict.items()))?,
            Value::Native(object) => match object.json() {
                Some(value) => self.value(&value)?,
                None => return Err(not_serializable(value)),
            },
            Value::Set(_) | Value::Undefined(_) => return Err(not_serializable(value)),
        }
        Ok(())
    }

    fn within(
        &mut self,
        container: *const (),
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !self.open.insert(container) {
            return Err(Error::value_error("Circular reference detected"));
        }
        if self.depth >= DEEPEST {
            return Err(Error::new(
                crate::ErrorKind::Python("RecursionError"),
                "maximum recursion depth exceeded while encoding a JSON object",
            ));
        }
        self.depth += 1;
        write(self)?;
        self.depth -= 1;
        self.open.remove(&container);
        Ok(())
    }

    fn list(&mut self, items: &[Value]) -> Result<(), Error> {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            self.value(item)?;
        }
        self.close(items.is_empty(), ']');
        Ok(())
    }

    fn dict(&mut self, mut entries: Vec<(Value, Value)>) -> Result<(), Error> {
        if self.sort_keys {
            let mut fault = None;
            entries.sort_by(|(left, _), (right, _)| {
                compare::order(left, right).unwrap_or_else(|error| {
                    fault.get_or_insert(error);
                    std::cmp::Ordering::Equal
                })
            });
            if let Some(error) = fault {
                return Err(error);
            }
        }
        self.out.push('{');
        for (index, (key, value)) in entries.iter().enumerate() {
            self.separate(index);
            match key {
                Value::Str(text) => quote(&text.plain(), &mut self.out),
                Value::None => self.out.push_str("\"null\""),
                Value::Bool(value) => self.out.push_str(if *value { "\"true\"" } else { "\"false\"" }),
                Value::Int(value) => self.out.push_str(&format!("\"{value}\"")),
                Value::Float(value) => self.out.push_str(&format!("\"{}\"", number(*value))),
                other => {
                    return Err(Error::type_error(format!(
                        "keys must be str, int, float, bool or None, not {}",
                        other.type_name()
                    )));
                }
            }
            self.out.push_str(": ");
            self.value(value)?;
        }
        self.close(entries.is_empty(), '}');
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        match (self.indent, index) {
            (None, 0) => {}
            (None, _) => self.out.push_str(", "),
            (Some(_), 0) => self.line(self.depth),
            (Some(_), _) => {
                self.out.push(',');
                self.line(self.depth);
            }
        }
    }

    fn close(&mut self, is_empty: bool, bracket: char) {
        if self.indent.is_some() && !is_empty {
            self.line(self.depth - 1);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str(self.indent.unwrap_or(""));
        }
    }
}

fn not_serializable(value: &Value) -> Error {
    Error::type_error(format!(
        "Object of type {} is not JSON serializable",
        value.type_name().rsplit('.').next().unwrap_or_default()
    ))
}

fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        float(value)
    }
}

/// A text in quotes, everything beyond ASCII escaped.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

/// `json.loads(text)`.
pub fn from_json(text: &str) -> Result<Value, Error> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    reader.space();
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.fault("Extra data", reader.at));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Python's `JSONDecodeError`.
    fn fault(&self, message: &str, at: usize) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let chars = before.chars().count();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Error::new(
            crate::ErrorKind::Python("JSONDecodeError"),
            format!("{message}: line {line} column {column} (char {chars})"),
        )
    }

    fn value(&mut self) -> Result<Value, Error> {
        let rest = self.rest();
        for (word, value) in [
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        if self.depth >= DEEPEST {
            return Err(Error::new(
                crate::ErrorKind::Python("RecursionError"),
                "maximum recursion depth exceeded while decoding a JSON object",
            ));
        }
        self.depth += 1;
        let value = match self.peek() {
            Some(b'"') => self.string().map(Value::from),
            Some(b'[') => self.list(),
            Some(b'{') => self.dict(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.fault("Expecting value", self.at)),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Result<Value, Error> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::list(items));
        }
        loop {
            self.space();
            items.push(self.value()?);
            self.space();
            if self.take(b']') {
                return Ok(Value::list(items));
            }
            if !self.take(b',') {
                return Err(self.fault("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn dict(&mut self) -> Result<Value, Error> {
        self.at += 1;
        let dict = crate::Dict::default();
        self.space();
        if self.take(b'}') {
            return Ok(Value::Dict(dict.into()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.fault("Expecting property name enclosed in double quotes", self.at));
            }
            let key = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.fault("Expecting ':' delimiter", self.at));
            }
            self.space();
            let value = self.value()?;
            dict.insert(Key::str(&key), Value::str(&key), value);
            self.space();
            if self.take(b'}') {
                return Ok(Value::Dict(dict.into()));
            }
            if !self.take(b',') {
                return Err(self.fault("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits();
        }
        let whole = self.at;
        if self.text.get(start..whole) == Some("-") {
            return Err(self.fault("Expecting value", start));
        }
        let mark = self.at;
        if self.take(b'.') && self.digits() == 0 {
            self.at = mark;
        }
        let mark = self.at;
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                self.at = mark;
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        if self.at == whole {
            return text
                .parse()
                .map(Value::Int)
                .map_err(|_| super::numbers::too_large());
        }
        Ok(Value::Float(text.parse().unwrap_or(f64::NAN)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, Error> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.fault("Unterminated string starting at", start));
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => self.escape(start, &mut out)?,
                '\0'..='\u{1f}' => return Err(self.fault("Invalid control character at", self.at)),
                c => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, start: usize, out: &mut String) -> Result<(), Error> {
        let at = self.at;
        self.at += 1;
        let Some(c) = self.rest().chars().next() else {
            return Err(self.fault("Unterminated string starting at", start));
        };
        self.at += c.len_utf8();
        out.push(match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut unit = self.unit(at)?;
                if (0xD800..0xDC00).contains(&unit) && self.rest().starts_with("\\u") {
                    let mark = self.at;
                    self.at += 2;
                    match self.unit(mark)? {
                        low @ 0xDC00..0xE000 => unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00),
                        _ => self.at = mark,
                    }
                }
                char::from_u32(unit).unwrap_or('\u{FFFD}')
            }
            _ => return Err(self.fault("Invalid \\escape", at)),
        });
        Ok(())
    }

    fn unit(&mut self, at: usize) -> Result<u32, Error> {
        let digits = self
            .rest()
            .get(..4)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        unit.ok_or_else(|| self.fault("Invalid \\uXXXX escape", at + 1))
    }
}
