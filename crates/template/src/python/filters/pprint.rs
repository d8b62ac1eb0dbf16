//! `pprint` (`Lib/pprint.py`).

use std::cmp::Ordering;
use std::sync::Arc;

use crate::{Args, Cx, Dict, Error, Value};

use crate::python::strings::{self, char_count};
use crate::python::{compare, params, repr};

const WIDTH: usize = 80;
const DEEPEST: usize = 60;

pub(super) fn pprint(cx: &Cx, args: Args) -> Result<Value, Error> {
    let value = sorted(&params::one(args, "do_pprint")?, 0);
    let mut printer = Printer {
        cx,
        out: String::new(),
    };
    printer.value(&value, 0, 0, 1)?;
    Ok(Value::from(printer.out))
}

fn by_order(left: &Value, right: &Value) -> Ordering {
    compare::order(left, right).unwrap_or_else(|_| left.type_name().cmp(right.type_name()))
}

/// The value with the entries of its dicts and sets in order.
fn sorted(value: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return value.clone();
    }
    let all = |items: &[Value]| {
        items
            .iter()
            .map(|item| sorted(item, depth + 1))
            .collect::<Vec<_>>()
    };
    match value {
        Value::List(list) => Value::list(all(&list.items())),
        Value::Tuple(items) => Value::tuple(all(items)),
        Value::Dict(dict) => {
            let mut entries: Vec<_> = dict
                .lock()
                .iter()
                .map(|(key, entry)| (key.clone(), entry.clone()))
                .collect();
            entries.sort_by(|(_, (left, _)), (_, (right, _))| by_order(left, right));
            let made = Dict::default();
            for (key, (written, value)) in entries {
                made.insert(key, written, sorted(&value, depth + 1));
            }
            Value::Dict(Arc::new(made))
        }
        other => other.clone(),
    }
}

struct Printer<'a> {
    cx: &'a Cx,
    out: String,
}

impl Printer<'_> {
    fn value(&mut self, value: &Value, indent: usize, allowance: usize, level: usize) -> Result<(), Error> {
        let text = repr(value);
        self.cx.spend(1 + text.len() as u64 / 64)?;
        strings::check_length(self.cx, self.out.len() + text.len())?;
        let fits = char_count(&text) + indent + allowance <= WIDTH;
        match value {
            Value::Dict(dict) if !fits && !dict.is_empty() => {
                self.out.push('{');
                let entries = dict.items();
                for (index, (key, value)) in entries.iter().enumerate() {
                    let key = repr(key);
                    self.separate(index, indent + 1);
                    self.out.push_str(&key);
                    self.out.push_str(": ");
                    let rest = if index + 1 == entries.len() {
                        allowance + 1
                    } else {
                        1
                    };
                    self.value(value, indent + char_count(&key) + 3, rest, level + 1)?;
                }
                self.out.push('}');
                Ok(())
            }
            Value::List(list) if !fits => self.items(("[", "]"), &list.items(), indent, allowance, level),
            Value::Tuple(items) if !fits => {
                let close = if items.len() == 1 { ",)" } else { ")" };
                self.items(("(", close), items, indent, allowance, level)
            }
            Value::Set(set) if !fits && !set.is_empty() => {
                let mut items = set.items();
                items.sort_by(by_order);
                self.items(("{", "}"), &items, indent, allowance, level)
            }
            Value::Str(text) if !fits && !text.is_empty() => {
                self.text(&text.plain(), indent, allowance, level);
                Ok(())
            }
            _ => {
                self.out.push_str(&text);
                Ok(())
            }
        }
    }

    fn items(
        &mut self,
        (open, close): (&str, &str),
        items: &[Value],
        indent: usize,
        allowance: usize,
        level: usize,
    ) -> Result<(), Error> {
        self.out.push_str(open);
        for (index, item) in items.iter().enumerate() {
            self.separate(index, indent + 1);
            let rest = if index + 1 == items.len() {
                allowance + close.len()
            } else {
                1
            };
            self.value(item, indent + 1, rest, level + 1)?;
        }
        self.out.push_str(close);
        Ok(())
    }

    fn separate(&mut self, index: usize, indent: usize) {
        if index > 0 {
            self.out.push(',');
            self.line(indent);
        }
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
    }

    /// A text that is longer than a line, in pieces side by side.
    fn text(&mut self, text: &str, indent: usize, allowance: usize, level: usize) {
        let (indent, allowance) = if level == 1 {
            (indent + 1, allowance + 1)
        } else {
            (indent, allowance)
        };
        let width = WIDTH.saturating_sub(indent);
        let quoted = |text: &str| repr(&Value::str(text));
        let lines = strings::lines(text);
        let mut chunks = Vec::new();
        for (index, (line, end)) in lines.iter().enumerate() {
            let last_line = index + 1 == lines.len();
            let line = text.get(line.start..*end).unwrap_or("");
            let whole = quoted(line);
            let limit = if last_line {
                width.saturating_sub(allowance)
            } else {
                width
            };
            if char_count(&whole) <= limit {
                chunks.push(whole);
                continue;
            }
            let parts = words(line);
            let mut current = String::new();
            for (place, part) in parts.iter().enumerate() {
                let candidate = format!("{current}{part}");
                let is_last = place + 1 == parts.len() && last_line;
                let limit = if is_last {
                    width.saturating_sub(allowance)
                } else {
                    width
                };
                if char_count(&quoted(&candidate)) > limit {
                    if !current.is_empty() {
                        chunks.push(quoted(&current));
                    }
                    (*part).clone_into(&mut current);
                } else {
                    current = candidate;
                }
            }
            if !current.is_empty() {
                chunks.push(quoted(&current));
            }
        }
        let in_brackets = level == 1 && chunks.len() > 1;
        if in_brackets {
            self.out.push('(');
        }
        for (index, chunk) in chunks.iter().enumerate() {
            if index > 0 {
                self.line(indent);
            }
            self.out.push_str(chunk);
        }
        if in_brackets {
            self.out.push(')');
        }
    }
}

/// Words, each with the spaces behind it.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.find(strings::is_space).unwrap_or(rest.len());
        let behind = rest.get(word..).unwrap_or("");
        let spaces = behind.len() - behind.trim_start_matches(strings::is_space).len();
        let (word, after) = rest.split_at_checked(word + spaces).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}
