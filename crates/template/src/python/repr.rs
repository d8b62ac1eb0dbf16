//! `str()` and `repr()`.

use std::cell::Cell;
use std::sync::Arc;

use crate::{Str, Value};

/// Texts stop growing here, so that lists which hold each other many times over cannot take all memory.
const MOST_BYTES: usize = 96 << 20;
/// How deep values may nest before `...` stands for the rest; Python raises `RecursionError` somewhat later.
const DEEPEST: usize = 150;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// `str(value)`, with the marks that a text carries.
pub fn to_str(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        Value::Undefined(_) => Str::plain_from(""),
        Value::Native(object) => Str::plain_from(&nested(|| object.text())),
        other => Str::plain_from(&repr(other)),
    }
}

/// `repr(value)`.
pub fn repr(value: &Value) -> String {
    let mut printer = Printer {
        out: String::new(),
        open: Vec::new(),
    };
    printer.value(value);
    printer.out
}

/// Runs code that may print values within values, `...` where they nest too deep.
fn nested(print: impl FnOnce() -> String) -> String {
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        return "...".to_owned();
    }
    DEPTH.set(depth + 1);
    let text = print();
    DEPTH.set(depth);
    text
}

struct Printer {
    out: String,
    /// The containers being printed, to find one within itself.
    open: Vec<*const ()>,
}

impl Printer {
    fn value(&mut self, value: &Value) {
        if self.out.len() > MOST_BYTES {
            return;
        }
        match value {
            Value::Undefined(_) => self.out.push_str("Undefined"),
            Value::None => self.out.push_str("None"),
            Value::Bool(true) => self.out.push_str("True"),
            Value::Bool(false) => self.out.push_str("False"),
            Value::Int(value) => self.out.push_str(&value.to_string()),
            Value::Float(value) => self.out.push_str(&float(*value)),
            Value::Str(value) => quote(&value.plain(), &mut self.out),
            Value::List(list) => self.within(Arc::as_ptr(list).cast(), "[...]", |printer| {
                printer.sequence("[", &list.items(), "]");
            }),
            Value::Tuple(items) => self.within(Arc::as_ptr(items).cast(), "(...)", |printer| {
                let close = if items.len() == 1 { ",)" } else { ")" };
                printer.sequence("(", items, close);
            }),
            Value::Set(set) if set.is_empty() => self.out.push_str("set()"),
            Value::Set(set) => self.within(Arc::as_ptr(set).cast(), "set(...)", |printer| {
                printer.sequence("{", &set.items(), "}");
            }),
            Value::Dict(dict) => self.within(Arc::as_ptr(dict).cast(), "{...}", |printer| {
                printer.out.push('{');
                for (index, (key, value)) in dict.items().iter().enumerate() {
                    printer.comma(index);
                    printer.value(key);
                    printer.out.push_str(": ");
                    printer.value(value);
                }
                printer.out.push('}');
            }),
            Value::Native(object) => self.out.push_str(&nested(|| object.repr())),
        }
    }

    fn within(&mut self, container: *const (), again: &str, print: impl FnOnce(&mut Self)) {
        let depth = DEPTH.get();
        if self.open.contains(&container) || depth >= DEEPEST {
            self.out.push_str(again);
            return;
        }
        DEPTH.set(depth + 1);
        self.open.push(container);
        print(self);
        self.open.pop();
        DEPTH.set(depth);
    }

    fn sequence(&mut self, open: &str, items: &[Value], close: &str) {
        self.out.push_str(open);
        for (index, item) in items.iter().enumerate() {
            self.comma(index);
            self.value(item);
        }
        self.out.push_str(close);
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(", ");
        }
    }
}

/// `repr()` of a float: the shortest digits that read back, with an exponent from 1e16 on and below 1e-4.
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let mut text = value.to_string();
    if !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// `repr()` of a text.
pub(crate) fn quote(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c if is_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ 0..=0xFF => out.push_str(&format!("\\x{code:02x}")),
                code @ 0x100..=0xFFFF => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push(quote);
}

/// Python's `str.isprintable` of one character. Rust escapes the same characters in debug output, but combining ones only
/// at the start of a text.
pub(crate) fn is_printable(c: char) -> bool {
    if matches!(c, '\'' | '"' | '\\') {
        return true;
    }
    let text: String = ['a', c].into_iter().collect();
    text.escape_debug().nth(1) == Some(c)
}

/// As [`is_printable`], with the space.
pub(crate) fn is_printable_or_space(c: char) -> bool {
    c == ' ' || is_printable(c)
}
