//! Filters and tests.

use glueline_base::{MapEntry, Node, Spanned, TextRange, Value};

use super::literal::python_literal;
use super::methods::distinct;
use super::numbers::{Number, to_float, to_int};
use super::{Evaluator, known, operators, weight};
use crate::{Arg, CompareOp, Expr, Filter};

impl Evaluator<'_> {
    /// `base | name(args)`
    pub(super) fn filter(&mut self, base: &Expr<'_>, filter: &Filter<'_>) -> Option<Value> {
        let node = self.node(base);
        let value = known(node.value)?;
        let args = self.args(&filter.args)?;
        let name = filter.name.value;
        match name {
            "default" | "d" => {
                // What is known is defined; only `boolean=true` lets a false value give way.
                let boolean = args.get(1, "boolean").map_or(Some(false), Value::truthy)?;
                if boolean && !value.truthy()? {
                    return known(args.get(0, "default_value").cloned().unwrap_or(Value::str("")));
                }
                Some(value)
            }
            "replace" => {
                let old = args.get(0, "old")?.as_str()?.to_owned();
                let new = args.get(1, "new")?.as_str()?.to_owned();
                let count = match args.get(2, "count") {
                    None | Some(Value::Null) => None,
                    Some(count) => Some(count.as_int()?),
                };
                let text = self.display(&value)?.into_owned();
                self.replace(&text, &old, &new, count)
            }
            "trim" if args.fit(1, &["chars"]) => {
                let text = self.display(&value)?.into_owned();
                match args.get(0, "chars") {
                    None | Some(Value::Null) => self.text(text.trim()),
                    Some(chars) => {
                        let chars = chars.as_str()?;
                        self.text(text.trim_matches(|c| chars.contains(c)))
                    }
                }
            }
            "join" if args.fit(1, &["d"]) => {
                let separator = match args.get(0, "d") {
                    None => String::new(),
                    Some(separator) => self.display(separator)?.into_owned(),
                };
                let items = self.items(&value, node.range)?;
                self.join(&separator, &items, false)
            }
            "int" | "float" => {
                if args.get(1, "base").is_some() {
                    return None;
                }
                let (number, otherwise) = if name == "int" {
                    (to_int(&value), Value::Int(0))
                } else {
                    (to_float(&value), Value::Float(0.0))
                };
                match number {
                    Number::Is(number) => Some(number),
                    Number::Not => known(args.get(0, "default").cloned().unwrap_or(otherwise)),
                    Number::Unknown => None,
                }
            }
            _ if args.fit(0, &[]) => self.plain_filter(name, value, node.range),
            _ => None,
        }
    }

    /// A filter without arguments.
    fn plain_filter(&mut self, name: &str, value: Value, range: TextRange) -> Option<Value> {
        match name {
            "lower" | "upper" | "string" => {
                let text = self.display(&value)?.into_owned();
                match name {
                    "lower" => self.text(text.to_lowercase()),
                    "upper" => self.text(text.to_uppercase()),
                    _ => self.text(text),
                }
            }
            "list" => self.items(&value, range).map(Value::List),
            "length" | "count" => {
                let length = match &value {
                    Value::Str(text) => text.chars().count(),
                    Value::List(items) => items.len(),
                    Value::Map(entries) => distinct(entries).len(),
                    _ => return None,
                };
                Some(Value::Int(i64::try_from(length).ok()?))
            }
            "first" => known(self.items(&value, range)?.first()?.value.clone()),
            "last" => known(self.items(&value, range)?.last()?.value.clone()),
            "as_text" | "as_bool" | "as_native" | "as_number" if !self.scope.native() => Some(value),
            "as_text" => {
                let text = self.display(&value)?.into_owned();
                self.text(text)
            }
            "as_bool" => literal_or_itself(value, range).filter(|value| matches!(value, Value::Bool(_))),
            "as_number" => literal_or_itself(value, range)
                .filter(|value| matches!(value, Value::Int(_) | Value::Float(_))),
            "as_native" => literal_or_itself(value, range),
            _ => None,
        }
    }

    /// The items that looping over a value gives.
    fn items(&mut self, value: &Value, range: TextRange) -> Option<Vec<Node>> {
        let text = |text: String| Spanned::new(Value::str(text), range);
        match value {
            Value::List(items) => {
                self.spend(weight(value))?;
                Some(items.clone())
            }
            Value::Str(string) => {
                self.spend(string.len() * size_of::<Node>())?;
                Some(string.chars().map(|c| text(c.to_string())).collect())
            }
            Value::Map(entries) => {
                self.spend(entries.len() * size_of::<Node>())?;
                let keys = distinct(entries).into_iter().map(MapEntry::key_value);
                Some(keys.collect())
            }
            _ => None,
        }
    }

    /// `base is name(args)`
    pub(super) fn test(&mut self, base: &Expr<'_>, name: &str, args: &[Arg<'_>]) -> Option<bool> {
        let value = self.value(base)?;
        let args = self.args(args)?;
        let compared = match name {
            "eq" | "equalto" => Some(CompareOp::Eq),
            "ne" => Some(CompareOp::Ne),
            "lt" | "lessthan" => Some(CompareOp::Lt),
            "le" => Some(CompareOp::Le),
            "gt" | "greaterthan" => Some(CompareOp::Gt),
            "ge" => Some(CompareOp::Ge),
            "in" => Some(CompareOp::In),
            _ => None,
        };
        if let Some(op) = compared {
            return operators::compare(op, &value, args.get(0, "")?);
        }
        let is_number = matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_));
        Some(match name {
            "defined" => true,
            "undefined" => false,
            "none" => value == Value::Null,
            "string" => matches!(value, Value::Str(_)),
            "boolean" => matches!(value, Value::Bool(_)),
            "true" => value == Value::Bool(true),
            "false" => value == Value::Bool(false),
            "integer" => matches!(value, Value::Int(_)),
            "float" => matches!(value, Value::Float(_)),
            // A boolean is a number to Python.
            "number" => is_number,
            "mapping" => matches!(value, Value::Map(_)),
            "sequence" | "iterable" => matches!(value, Value::Str(_) | Value::List(_) | Value::Map(_)),
            "odd" => value.as_int()? % 2 != 0,
            "even" => value.as_int()? % 2 == 0,
            "divisibleby" => value.as_int()?.checked_rem(args.get(0, "num")?.as_int()?)? == 0,
            _ => return None,
        })
    }
}

/// What the text of a value is the Python literal of, else the value's text. A text that has quotes or brackets
/// but is no literal known here may be one that Python knows.
fn literal_or_itself(value: Value, range: TextRange) -> Option<Value> {
    let Value::Str(text) = &value else {
        return Some(value);
    };
    let literal = python_literal(text, range);
    if literal.is_none() && !text.contains(['\'', '"', '{', '[']) {
        return Some(value);
    }
    literal
}
