//! Values as written in YAML, Jinja and Python, with where each part stands.

use std::sync::Arc;

use text_size::TextRange;

use crate::Spanned;

/// A value and the bytes it was written with.
pub type Node = Spanned<Value>;

/// One entry of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct MapEntry {
    /// The key, as text: other keys are shown as dbt would print them.
    pub key: Spanned<Arc<str>>,
    /// What the key is, where it is a scalar and no text.
    pub typed: Option<Box<Value>>,
    /// The value.
    pub value: Node,
}

/// What a piece of YAML, a Jinja expression or a Python literal stands for.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`, `none`, `None`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Str(Arc<str>),
    /// A day, or a day and a time, as Python prints it: `2024-01-31`, `2024-01-31 10:00:00+00:00`.
    Date(Arc<str>),
    /// A list or tuple.
    List(Vec<Node>),
    /// A mapping, in the order written. Where a key is written twice, the last one counts.
    Map(Vec<MapEntry>),
    /// Something that cannot be known without running it. Nothing may be concluded from it.
    #[default]
    Unknown,
}

impl MapEntry {
    /// An entry under a text.
    pub const fn named(key: Spanned<Arc<str>>, value: Node) -> Self {
        Self {
            key,
            typed: None,
            value,
        }
    }

    /// The same entry with another value.
    #[must_use]
    pub fn with(&self, value: Node) -> Self {
        Self {
            key: self.key.clone(),
            typed: self.typed.clone(),
            value,
        }
    }

    /// The key as a value.
    pub fn key_value(&self) -> Node {
        let typed = self.typed.as_deref().cloned();
        let value = typed.unwrap_or_else(|| Value::Str(self.key.value.clone()));
        Spanned::new(value, self.key.range)
    }

    /// Whether Python finds the entry under a key: `1` and `'1'` are two.
    pub fn is_under(&self, key: &Value) -> bool {
        match (&self.typed, key) {
            (None, Value::Str(text)) => *text == self.key.value,
            (Some(typed), key) => **typed == *key,
            (None, _) => false,
        }
    }

    /// An entry under whatever its key is.
    pub fn of(key: Node, value: Node) -> Self {
        match key.value {
            Value::Str(text) => Self::named(Spanned::new(text, key.range), value),
            other => Self {
                key: Spanned::new(other.display().into(), key.range),
                typed: (!matches!(other, Value::Unknown | Value::List(_) | Value::Map(_)))
                    .then(|| Box::new(other)),
                value,
            },
        }
    }
}

impl Value {
    /// A text value.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// The text, if it is one; of a date, that which it prints as: most of dbt takes it for that.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::Date(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_map(&self) -> Option<&[MapEntry]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a mapping under a key; the last one where it is written twice.
    pub fn entry(&self, key: &str) -> Option<&MapEntry> {
        self.as_map()?.iter().rev().find(|entry| &*entry.key.value == key)
    }

    /// The value of a mapping under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Whether the value, and every part of it, is known.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(|item| item.value.is_known()),
            Self::Map(entries) => entries.iter().all(|entry| entry.value.value.is_known()),
            _ => true,
        }
    }

    /// Whether Python would take the value for true; `None` where it is not known.
    pub fn truthy(&self) -> Option<bool> {
        Some(match self {
            Self::Unknown => return None,
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Date(_) => true,
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
        })
    }

    /// What the value is, in words: `a text`, `a list`, ...
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Str(_) => "a text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
            Self::Unknown => "an expression",
        }
    }

    /// How Python prints the value with `repr`, as dbt's messages show it.
    pub fn repr(&self) -> String {
        match self {
            Self::Null => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => python_float(*value),
            Self::Str(text) => python_str_repr(text),
            Self::Date(text) => python_date_repr(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.value.repr()).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|entry| {
                        let key = entry.typed.as_ref().map(|key| key.repr());
                        let key = key.unwrap_or_else(|| python_str_repr(&entry.key.value));
                        format!("{key}: {}", entry.value.value.repr())
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Self::Unknown => "...".to_owned(),
        }
    }

    /// How Python prints the value with `str`: as [`Value::repr`], but a text as it is.
    pub fn display(&self) -> String {
        match self {
            Self::Str(text) | Self::Date(text) => text.to_string(),
            other => other.repr(),
        }
    }
}

impl Spanned<Value> {
    /// A value that cannot be known, at a range.
    pub const fn unknown(range: TextRange) -> Self {
        Self {
            value: Value::Unknown,
            range,
        }
    }
}

fn python_float(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else {
        // Rust's `Debug` prints the shortest digits that read back, as Python does, with `1.0` and not `1`.
        format!("{value:?}")
    }
}

/// `datetime.date(2024, 1, 31)`; a time has its seconds and their fraction only where there are some.
fn python_date_repr(text: &str) -> String {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    let list = |numbers: &[u32]| {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        numbers.join(", ")
    };
    let Some((day, time)) = text.split_once(' ') else {
        return format!("datetime.date({})", list(&numbers(text)));
    };
    let zone = time.find(['+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone).unwrap_or((time, ""));
    let mut parts = numbers(day);
    let clock = numbers(clock);
    let seconds = clock.get(2..).unwrap_or_default();
    parts.extend(clock.iter().take(2));
    if seconds.iter().any(|part| *part != 0) {
        parts.extend(seconds);
    }
    let zone = match (zone.get(..1), &*numbers(zone)) {
        (Some(_), [0, 0]) => ", tzinfo=datetime.timezone.utc".to_owned(),
        (Some("+"), [hours, minutes, ..]) => {
            let seconds = hours * 3600 + minutes * 60;
            format!(", tzinfo=datetime.timezone(datetime.timedelta(seconds={seconds}))")
        }
        (Some(_), [hours, minutes, ..]) => {
            // A span before Greenwich is a day less, and seconds that are none.
            let seconds = 86_400 - (hours * 3600 + minutes * 60);
            format!(", tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds={seconds}))")
        }
        _ => String::new(),
    };
    format!("datetime.datetime({}{zone})", list(&parts))
}

fn python_str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
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
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range;

    #[test]
    fn values_print_as_in_python() {
        let at = |value| Spanned::new(value, range(0, 0));
        let list = Value::List(vec![
            at(Value::Bool(true)),
            at(Value::Null),
            at(Value::Float(4.0)),
            at(Value::str("it's")),
        ]);
        assert_eq!(list.repr(), "[True, None, 4.0, \"it's\"]");
        assert_eq!(Value::str("a").display(), "a");
        for (date, want) in [
            ("2024-01-31", "datetime.date(2024, 1, 31)"),
            ("2024-01-31 10:00:00", "datetime.datetime(2024, 1, 31, 10, 0)"),
            (
                "2024-01-31 10:00:01.500000+00:00",
                "datetime.datetime(2024, 1, 31, 10, 0, 1, 500000, tzinfo=datetime.timezone.utc)",
            ),
            (
                "2024-01-31 10:00:00-05:30",
                "datetime.datetime(2024, 1, 31, 10, 0, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))",
            ),
        ] {
            let value = Value::Date(date.into());
            assert_eq!((&*value.repr(), &*value.display()), (want, date));
        }
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let at = |value| Spanned::new(value, range(0, 0));
        let key = || Spanned::new(Arc::from("k"), range(0, 0));
        let map = Value::Map(vec![
            MapEntry::named(key(), at(Value::Int(1))),
            MapEntry::named(key(), at(Value::Int(2))),
        ]);
        assert_eq!(map.get("k").map(|node| node.value.clone()), Some(Value::Int(2)));
    }
}
