//! `ast.literal_eval()`.

use crate::{Dict, Value};

use super::{dicts, numbers, sets};

const DEEPEST: usize = 100;

/// The value of a text that is a Python literal: numbers, texts, lists, tuples, dicts, sets, `None`, `True` and `False`.
pub fn literal_eval(text: &str) -> Option<Value> {
    let mut reader = Reader {
        text: text.trim_start_matches([' ', '\t']),
        at: 0,
        depth: 0,
        brackets: 0,
    };
    let value = reader.tuple_or_value(None)?;
    reader.space();
    // Trailing newlines end the expression.
    let rest = reader.rest().trim_matches(['\n', '\r', ' ', '\t', '\u{c}']);
    (rest.is_empty() || rest.starts_with('#') && !rest.contains('\n')).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Newlines are spaces within brackets only.
    brackets: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\u{c}') => self.at += 1,
                Some('\n' | '\r') if self.brackets > 0 => self.at += 1,
                Some('#') if self.brackets > 0 => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                Some('\\') if self.rest().starts_with("\\\n") => self.at += 2,
                _ => return,
            }
        }
    }

    /// Values up to a closing bracket, or to the end; one value without a comma is itself.
    fn tuple_or_value(&mut self, close: Option<char>) -> Option<Value> {
        let mut items = Vec::new();
        let mut comma = false;
        loop {
            self.space();
            let ended = match close {
                Some(close) => self.take(close),
                None => {
                    !items.is_empty()
                        && (self.peek().is_none() || matches!(self.peek(), Some('\n' | '\r' | '#')))
                }
            };
            if ended {
                break;
            }
            if !items.is_empty() && !comma {
                return None;
            }
            items.push(self.value()?);
            comma = self.take(',');
            if !comma && close.is_none() {
                break;
            }
        }
        match (items.len(), comma) {
            (1, false) => items.pop(),
            (0, _) if close.is_none() => None,
            _ => Some(Value::tuple(items)),
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.space();
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = match self.peek()? {
            '[' => self.bracket(|reader| reader.items(']').map(Value::list)),
            '(' => self.bracket(|reader| reader.tuple_or_value(Some(')'))),
            '{' => self.bracket(Self::dict_or_set),
            '-' => self.signed(true),
            '+' => self.signed(false),
            '0'..='9' | '.' => self.number(),
            _ => self.word_or_text(),
        };
        self.depth -= 1;
        value
    }

    fn bracket(&mut self, read: impl FnOnce(&mut Self) -> Option<Value>) -> Option<Value> {
        self.at += 1;
        self.brackets += 1;
        let value = read(self);
        self.brackets -= 1;
        value
    }

    fn items(&mut self, close: char) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.value()?);
            if !self.take(',') {
                return self.take(close).then_some(items);
            }
        }
        Some(items)
    }

    fn dict_or_set(&mut self) -> Option<Value> {
        let dict = Dict::default();
        if self.take('}') {
            return Some(Value::Dict(dict.into()));
        }
        let first = self.value()?;
        if !self.take(':') {
            let mut items = vec![first];
            if self.take(',') {
                items.extend(self.items('}')?);
            } else if !self.take('}') {
                return None;
            }
            return Some(Value::Set(sets::of(items).ok()?.into()));
        }
        let mut key = first;
        loop {
            let value = self.value()?;
            dict.insert(dicts::key(&key).ok()?, key, value);
            let comma = self.take(',');
            if self.take('}') {
                return Some(Value::Dict(dict.into()));
            }
            if !comma {
                return None;
            }
            key = self.value()?;
            if !self.take(':') {
                return None;
            }
        }
    }

    fn signed(&mut self, negative: bool) -> Option<Value> {
        self.at += 1;
        self.space();
        let value = match self.peek()? {
            '-' => self.depth_limited(true)?,
            '+' => self.depth_limited(false)?,
            _ => self.number()?,
        };
        Some(match value {
            Value::Int(value) if negative => Value::Int(value.checked_neg()?),
            Value::Float(value) if negative => Value::Float(-value),
            other => other,
        })
    }

    fn depth_limited(&mut self, negative: bool) -> Option<Value> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = self.signed(negative);
        self.depth -= 1;
        value
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let mut end = 0;
        let mut previous = ' ';
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        for c in rest.chars() {
            let sign_of_exponent = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E') && !is_hex;
            if !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.') || sign_of_exponent) {
                break;
            }
            previous = c;
            end += c.len_utf8();
        }
        let text = rest.get(..end)?;
        self.at += end;
        if let Ok(Some(value)) = numbers::parse_int(text, 0) {
            return Some(Value::Int(value));
        }
        let is_decimal = text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && !is_hex;
        let has_point = text.contains(['.', 'e', 'E']);
        (is_decimal && has_point)
            .then(|| numbers::parse_float(text))
            .flatten()
            .map(Value::Float)
    }

    fn word_or_text(&mut self) -> Option<Value> {
        let rest = self.rest();
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(rest, |end| rest.get(..end).unwrap_or(""));
        self.at += word.len();
        match word {
            "None" => return Some(Value::None),
            "True" => return Some(Value::Bool(true)),
            "False" => return Some(Value::Bool(false)),
            "set" => {
                return (self.take('(') && self.take(')')).then(|| Value::Set(crate::Set::default().into()));
            }
            _ => {}
        }
        let mut out = String::new();
        self.text_literal(word, &mut out)?;
        // Texts side by side are one.
        loop {
            let mark = self.at;
            self.space();
            let rest = self.rest();
            let end = rest.find(['\'', '"']).unwrap_or(rest.len());
            let prefix = rest
                .get(..end)
                .filter(|prefix| end < rest.len() && is_prefix(prefix));
            let Some(prefix) = prefix else {
                self.at = mark;
                return Some(Value::from(out));
            };
            self.at += prefix.len();
            self.text_literal(prefix, &mut out)?;
        }
    }

    fn text_literal(&mut self, prefix: &str, out: &mut String) -> Option<()> {
        if !is_prefix(prefix) {
            return None;
        }
        let raw = prefix.contains(['r', 'R']);
        let quote = self.peek().filter(|c| matches!(c, '\'' | '"'))?;
        let long = self.rest().starts_with(&quote.to_string().repeat(3));
        self.at += if long { 3 } else { 1 };
        loop {
            let rest = self.rest();
            let c = rest.chars().next()?;
            if c == quote && (!long || rest.starts_with(&quote.to_string().repeat(3))) {
                self.at += if long { 3 } else { 1 };
                return Some(());
            }
            if c == '\n' && !long {
                return None;
            }
            self.at += c.len_utf8();
            if c != '\\' {
                out.push(c);
                continue;
            }
            let escaped = self.peek()?;
            self.at += escaped.len_utf8();
            if raw {
                out.push('\\');
                out.push(escaped);
            } else {
                self.escape(escaped, out)?;
            }
        }
    }

    fn escape(&mut self, c: char, out: &mut String) -> Option<()> {
        let made = match c {
            '\n' => return Some(()),
            '\\' | '\'' | '"' => c,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            '0'..='7' => {
                let mut code = c.to_digit(8)?;
                for _ in 0..2 {
                    if let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) {
                        code = code * 8 + digit;
                        self.at += 1;
                    }
                }
                char::from_u32(code)?
            }
            'N' => return None,
            other => {
                out.push('\\');
                other
            }
        };
        out.push(made);
        Some(())
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let text = self.rest().get(..digits)?;
        self.at += digits;
        char::from_u32(u32::from_str_radix(text, 16).ok()?)
    }
}

fn is_prefix(prefix: &str) -> bool {
    matches!(prefix, "" | "r" | "R" | "u" | "U")
}
