//! Making and taking apart texts.

use std::sync::Arc;

use glueline_base::{Node, Spanned, Value};

use super::Evaluator;
use crate::{Expr, ExprKind};

impl Evaluator<'_> {
    /// `format % values`, for `%s`, `%d`, `%i` and `%%`.
    pub(super) fn percent(&mut self, format: &str, values: &Expr<'_>) -> Option<Value> {
        let node = self.node(values);
        let values = match (&values.kind, node.value) {
            (ExprKind::Tuple(_), Value::List(items)) => items,
            // Only a tuple is several values, and a list that is not written here may be one.
            (ExprKind::List(_), list) => vec![Spanned::new(list, node.range)],
            (_, Value::List(_)) => return None,
            (_, value) => vec![Spanned::new(value, node.range)],
        };
        let mut values = values.iter();
        let mut out = String::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            let (before, field) = rest.split_at_checked(at)?;
            out.push_str(before);
            let kind = field.chars().nth(1)?;
            match (kind, if kind == '%' { None } else { values.next() }) {
                ('%', _) => out.push('%'),
                ('s', Some(value)) => out.push_str(&self.display(&value.value)?),
                ('d' | 'i', Some(value)) => match &value.value {
                    number @ (Value::Int(_) | Value::Bool(_)) => {
                        let number = super::operators::integer_of_bool(number.clone());
                        out.push_str(&self.display(&number)?);
                    }
                    _ => return None,
                },
                _ => return None,
            }
            rest = field.get(1 + kind.len_utf8()..)?;
        }
        out.push_str(rest);
        if values.next().is_some() {
            return None;
        }
        self.text(out)
    }

    /// `format.format(...)`, for fields without attributes, conversions and widths.
    pub(super) fn format(&mut self, format: &str, args: &[Node], kwargs: &[(&str, Node)]) -> Option<Value> {
        let mut out = String::new();
        let mut rest = format;
        let mut counted = args.iter();
        let mut numbered = false;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, field) = rest.split_at_checked(at)?;
            out.push_str(before);
            if let Some(doubled) = ["{{", "}}"].iter().find(|doubled| field.starts_with(**doubled)) {
                out.push_str(doubled.get(1..)?);
                rest = field.get(2..)?;
                continue;
            }
            let inside = field.strip_prefix('{')?;
            let (name, after) = inside.split_once('}')?;
            let value = if name.is_empty() {
                // Python does not let `{}` stand beside `{0}`.
                counted.next().filter(|_| !numbered)?
            } else if let Ok(index) = name.parse::<usize>() {
                numbered = true;
                args.get(index).filter(|_| counted.len() == args.len())?
            } else {
                &kwargs.iter().find(|(keyword, _)| *keyword == name)?.1
            };
            out.push_str(&self.display(&value.value)?);
            rest = after;
        }
        out.push_str(rest);
        self.text(out)
    }

    /// `text.replace(old, new, count)`
    pub(super) fn replace(&mut self, text: &str, old: &str, new: &str, count: Option<i64>) -> Option<Value> {
        let most = count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(usize::MAX);
        let found = text.matches(old).count().min(most);
        self.spend(text.len() + found.checked_mul(new.len())?)?;
        Some(Value::Str(text.replacen(old, new, found).into()))
    }

    /// `separator.join(items)`
    pub(super) fn join(&mut self, separator: &str, items: &[Node], only_texts: bool) -> Option<Value> {
        let mut out = String::new();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.spend(separator.len())?;
                out.push_str(separator);
            }
            if only_texts && item.value.as_str().is_none() {
                return None;
            }
            out.push_str(&self.display(&item.value)?);
        }
        Some(Value::Str(out.into()))
    }

    /// `text.split(separator, most)`; without a separator at white space.
    pub(super) fn split(&mut self, text: &Node, separator: Option<&str>, most: Option<i64>) -> Option<Value> {
        let range = text.range;
        let text = text.value.as_str()?;
        let most = most.and_then(|most| usize::try_from(most).ok());
        let parts: Vec<&str> = match (separator, most) {
            (Some(""), _) | (None, Some(_)) => return None,
            (Some(separator), Some(most)) => text.splitn(most.saturating_add(1), separator).collect(),
            (Some(separator), None) => text.split(separator).collect(),
            (None, None) => text.split_whitespace().collect(),
        };
        self.spend(text.len() + parts.len() * size_of::<Node>())?;
        let node = |part: &str| Spanned::new(Value::Str(Arc::from(part)), range);
        Some(Value::List(parts.into_iter().map(node).collect()))
    }
}
