//! Literal values, as Python's `ast.literal_eval` takes them.

use std::sync::Arc;

use glueline_base::{MapEntry, Node, Spanned, Value};

use crate::strings::{Decoded, decode};
use crate::tokens::{Kind, MAX_DEPTH, Span, Tokens};

/// A value and whether `literal_eval` takes it.
pub(crate) struct Literal {
    pub(crate) node: Node,
    pub(crate) is_literal: bool,
}

/// The value of an expression.
pub(crate) fn read(tokens: &Tokens<'_>, span: Span) -> Literal {
    let mut reader = Reader {
        tokens,
        is_literal: true,
    };
    let node = reader.node(span, 0);
    Literal {
        node,
        is_literal: reader.is_literal,
    }
}

struct Reader<'a, 't> {
    tokens: &'a Tokens<'t>,
    is_literal: bool,
}

impl Reader<'_, '_> {
    fn node(&mut self, span: Span, depth: usize) -> Node {
        let value = self.value(span, depth);
        if value.is_none() {
            self.is_literal = false;
        }
        Spanned::new(value.unwrap_or_default(), self.tokens.range_of(span))
    }

    /// `None` where the expression is no literal.
    fn value(&mut self, span: Span, depth: usize) -> Option<Value> {
        let tokens = self.tokens;
        let first = span.start;
        if depth > MAX_DEPTH || first >= span.end {
            return None;
        }
        let is_single = tokens.after(first) == span.end;
        match tokens.kind_at(first)? {
            Kind::Str => self.strings(span),
            Kind::Number if is_single => Some(number(tokens.text_at(first))),
            Kind::Name if is_single => match tokens.text_at(first) {
                "None" => Some(Value::Null),
                "True" => Some(Value::Bool(true)),
                "False" => Some(Value::Bool(false)),
                _ => None,
            },
            Kind::Open if is_single => self.display(first, depth),
            Kind::Operator if is_single && tokens.text_at(first) == "..." => Some(Value::Unknown),
            Kind::Operator | Kind::Number => self.signed(span),
            Kind::Name if tokens.text_at(first) == "set" => {
                // `set()` is the one call that counts as a literal.
                let is_empty_call = tokens.opener_at(first + 1) == "(" && first + 3 == span.end;
                is_empty_call.then_some(Value::Unknown)
            }
            _ => None,
        }
    }

    /// One string, or several that stand side by side.
    fn strings(&mut self, span: Span) -> Option<Value> {
        let mut whole: Option<Arc<str>> = Some(Arc::from(""));
        for token in span.start..span.end {
            if self.tokens.kind_at(token) != Some(Kind::Str) {
                return None;
            }
            match decode(self.tokens.text_at(token)) {
                Decoded::Formatted => return None,
                Decoded::Opaque => whole = None,
                Decoded::Text(text) => {
                    whole = whole.map(|before| {
                        if before.is_empty() {
                            text
                        } else {
                            Arc::from(format!("{before}{text}"))
                        }
                    });
                }
            }
        }
        Some(whole.map_or(Value::Unknown, Value::Str))
    }

    /// `-1`, `+1`, and complex numbers like `1-2j`.
    fn signed(&mut self, span: Span) -> Option<Value> {
        let tokens = self.tokens;
        let is_number = |at: usize| at < span.end && tokens.kind_at(at) == Some(Kind::Number);
        let is_sign = |at: usize| matches!(tokens.text_at(at), "+" | "-");
        let length = span.end - span.start;
        let last = span.end - 1;
        if length == 2 && is_sign(span.start) && is_number(last) {
            let value = number(tokens.text_at(last));
            return Some(if tokens.text_at(span.start) == "-" {
                negated(value)
            } else {
                value
            });
        }
        let is_complex = matches!(length, 3 | 4)
            && is_number(last)
            && tokens.text_at(last).ends_with(['j', 'J'])
            && is_sign(last - 1)
            && is_number(last - 2)
            && (length == 3 || is_sign(span.start));
        is_complex.then_some(Value::Unknown)
    }

    /// A list, tuple, mapping or set, or an expression in parentheses.
    fn display(&mut self, open: usize, depth: usize) -> Option<Value> {
        let tokens = self.tokens;
        let inside = tokens.inside(open);
        // A comprehension is no literal.
        if tokens.find(inside, "for").is_some() {
            return None;
        }
        let parts: Vec<_> = tokens.split(inside, ",").collect();
        // A comma may follow the last item.
        let (items, has_comma) = match parts.split_last() {
            Some((last, before)) if last.start == last.end => (before, true),
            _ => (parts.as_slice(), parts.len() > 1),
        };
        match (tokens.text_at(open), items) {
            ("(", [only]) if !has_comma => self.value(*only, depth + 1),
            ("(" | "[", items) => Some(Value::List(
                items.iter().map(|item| self.node(*item, depth + 1)).collect(),
            )),
            (_, items) => Some(self.map_or_set(items, depth)),
        }
    }

    fn map_or_set(&mut self, items: &[Span], depth: usize) -> Value {
        let mut entries = Vec::with_capacity(items.len());
        let mut is_known = true;
        for item in items {
            let Some(colon) = self.tokens.find(*item, ":") else {
                self.node(*item, depth + 1);
                is_known = false;
                continue;
            };
            let key = self.node(Span { end: colon, ..*item }, depth + 1);
            if matches!(key.value, Value::List(_) | Value::Map(_)) {
                // Tuples can be keys, lists and mappings cannot; neither has a name.
                self.is_literal &= self.tokens.opener_at(item.start) == "(";
            }
            let value = Span {
                start: colon + 1,
                ..*item
            };
            let value = self.node(value, depth + 1);
            is_known &= key.value != Value::Unknown;
            entries.push(MapEntry::of(key, value));
        }
        // A set, or a mapping with a key that cannot be told.
        if is_known {
            Value::Map(entries)
        } else {
            Value::Unknown
        }
    }
}

fn number(text: &str) -> Value {
    let digits = text.replace('_', "");
    let lower = digits.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).map_or(Value::Unknown, Value::Int);
        }
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().map_or(Value::Unknown, Value::Int);
    }
    // What is left is a float, a complex number or a fault.
    digits.parse().map_or(Value::Unknown, Value::Float)
}

fn negated(value: Value) -> Value {
    match value {
        Value::Int(value) => Value::Int(-value),
        Value::Float(value) => Value::Float(-value),
        other => other,
    }
}
