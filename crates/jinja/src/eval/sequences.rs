//! Indexing and slicing.

use glueline_base::{TextRange, Value};

use super::{Evaluator, known, weight};
use crate::{Expr, ExprKind};

impl Evaluator<'_> {
    /// `base[index]`
    pub(super) fn item(&mut self, base: &Expr<'_>, index: &Expr<'_>, range: TextRange) -> Option<Value> {
        let Some(value) = self.value(base) else {
            let Value::Str(key) = self.value(index)? else {
                return None;
            };
            return self.at_path(base, &key, range);
        };
        if let ExprKind::Slice { parts } = &index.kind {
            let [start, stop, step] = &**parts;
            return self.slice(&value, [start.as_ref(), stop.as_ref(), step.as_ref()]);
        }
        match (&value, self.value(index)?) {
            (Value::Map(entries), key) => {
                let found = entries.iter().rev().find(|entry| entry.is_under(&key));
                found.and_then(|entry| known(entry.value.value.clone()))
            }
            (Value::List(items), Value::Int(index)) => {
                let item = items.get(place(index, items.len())?)?;
                known(item.value.clone())
            }
            (Value::Str(text), Value::Int(index)) => {
                self.spend(text.len())?;
                let count = text.chars().count();
                let c = text.chars().nth(place(index, count)?)?;
                self.text(c.to_string())
            }
            _ => None,
        }
    }

    fn slice(&mut self, value: &Value, parts: [Option<&Expr<'_>>; 3]) -> Option<Value> {
        let mut bounds = [None; 3];
        for (bound, part) in bounds.iter_mut().zip(parts) {
            if let Some(part) = part {
                *bound = match self.value(part)? {
                    Value::Int(value) => Some(value),
                    Value::Null => None,
                    _ => return None,
                };
            }
        }
        match value {
            Value::List(items) => {
                self.spend(weight(value))?;
                let chosen = places(items.len(), bounds)?.into_iter();
                Some(Value::List(
                    chosen.filter_map(|place| items.get(place).cloned()).collect(),
                ))
            }
            Value::Str(text) => {
                self.spend(text.len() * size_of::<char>())?;
                let chars: Vec<char> = text.chars().collect();
                let chosen = places(chars.len(), bounds)?.into_iter();
                let text: String = chosen.filter_map(|place| chars.get(place)).collect();
                Some(Value::Str(text.into()))
            }
            _ => None,
        }
    }
}

/// Where an index leads; a negative one counts from the end.
fn place(index: i64, length: usize) -> Option<usize> {
    let index = if index < 0 {
        index.checked_add(i64::try_from(length).ok()?)?
    } else {
        index
    };
    usize::try_from(index).ok().filter(|place| *place < length)
}

/// The places that Python's slice of start, stop and step takes.
fn places(length: usize, [start, stop, step]: [Option<i64>; 3]) -> Option<Vec<usize>> {
    let length = i64::try_from(length).ok()?;
    let step = step.unwrap_or(1);
    let (lowest, highest) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let bound = |given: Option<i64>, default: i64| match given {
        None => default,
        Some(value) if value < 0 => value.saturating_add(length).max(lowest),
        Some(value) => value.min(highest),
    };
    let (first, last) = if step < 0 {
        (highest, lowest)
    } else {
        (lowest, highest)
    };
    let (mut at, stop) = (bound(start, first), bound(stop, last));
    if step == 0 {
        return None;
    }
    let mut out = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        out.extend(usize::try_from(at).ok());
        at = at.saturating_add(step);
    }
    Some(out)
}
