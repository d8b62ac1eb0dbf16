//! Python's `dict` and its views.

use std::sync::Arc;

use crate::{Args, Cx, Dict, Error, ErrorKind, Key, Native, Value};

use super::{iterate, params};

pub(crate) const DICT_METHODS: &[&str] = &[
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

/// The key of a value, or Python's `TypeError`.
pub(crate) fn key(value: &Value) -> Result<Key, Error> {
    Key::of(value)
        .ok_or_else(|| Error::type_error(format!("unhashable type: '{}'", unhashable(value).type_name())))
}

/// The part of a value that cannot be hashed.
fn unhashable(value: &Value) -> &Value {
    match value {
        Value::Tuple(items) => items
            .iter()
            .find(|item| Key::of(item).is_none())
            .map_or(value, unhashable),
        other => other,
    }
}

/// Python's `KeyError`.
pub(crate) fn key_error(key: &Value) -> Error {
    Error::new(ErrorKind::Python("KeyError"), super::repr(key))
}

/// Takes in the entries of a dict, or of pairs: `dict.update()`.
pub(crate) fn update(cx: &Cx, dict: &Dict, from: &Value) -> Result<(), Error> {
    match from {
        Value::Dict(other) => {
            let entries: Vec<_> = other
                .lock()
                .iter()
                .map(|(key, entry)| (key.clone(), entry.clone()))
                .collect();
            cx.spend(entries.len() as u64)?;
            for (key, (written, value)) in entries {
                dict.insert(key, written, value);
            }
            Ok(())
        }
        other => {
            for (index, pair) in iterate::iterate(cx, other)?.into_iter().enumerate() {
                cx.spend(1)?;
                let parts = iterate::iterate(cx, &pair).map_err(|_| {
                    Error::type_error(format!(
                        "cannot convert dictionary update sequence element #{index} to a sequence"
                    ))
                })?;
                let [written, value] = parts.as_slice() else {
                    return Err(Error::value_error(format!(
                        "dictionary update sequence element #{index} has length {}; 2 is required",
                        parts.len()
                    )));
                };
                dict.insert(key(written)?, written.clone(), value.clone());
            }
            Ok(())
        }
    }
}

/// `dict(...)`, or `d.update(...)` of a dict.
pub(crate) fn update_with(cx: &Cx, dict: &Dict, function: &str, args: Args) -> Result<(), Error> {
    let given = args.positional.len();
    if given > 1 {
        return Err(Error::type_error(format!(
            "{function} expected at most 1 argument, got {given}"
        )));
    }
    if let Some(from) = args.positional.first() {
        update(cx, dict, from)?;
    }
    for (name, value) in args.keywords {
        dict.insert_str(&name, value);
    }
    Ok(())
}

/// A method of a dict.
pub(crate) fn dict_method(cx: &Cx, dict: &Arc<Dict>, name: &str, args: Args) -> Option<Result<Value, Error>> {
    if !DICT_METHODS.contains(&name) {
        return None;
    }
    Some(perform(cx, dict, name, args))
}

fn perform(cx: &Cx, dict: &Arc<Dict>, name: &str, args: Args) -> Result<Value, Error> {
    let qualified = format!("dict.{name}");
    match name {
        "get" => {
            let [wanted, default] = params::places::<2>(args, &qualified, 1)?;
            let found = dict.get(&key(&wanted.unwrap_or_default())?);
            Ok(found.or(default).unwrap_or_default())
        }
        "setdefault" => {
            let [wanted, default] = params::places::<2>(args, &qualified, 1)?;
            let (wanted, default) = (wanted.unwrap_or_default(), default.unwrap_or_default());
            let key = key(&wanted)?;
            if let Some(found) = dict.get(&key) {
                return Ok(found);
            }
            dict.insert(key, wanted, default.clone());
            Ok(default)
        }
        "pop" => {
            let [wanted, default] = params::places::<2>(args, &qualified, 1)?;
            let wanted = wanted.unwrap_or_default();
            let taken = dict.lock().shift_remove(&key(&wanted)?);
            taken
                .map(|(_, value)| value)
                .or(default)
                .ok_or_else(|| key_error(&wanted))
        }
        "popitem" => {
            params::none(&args, &qualified)?;
            let taken = dict.lock().pop();
            taken
                .map(|(_, (key, value))| Value::tuple(vec![key, value]))
                .ok_or_else(|| key_error(&Value::str("popitem(): dictionary is empty")))
        }
        "update" => {
            update_with(cx, dict, "update", args)?;
            Ok(Value::None)
        }
        "clear" => {
            params::none(&args, &qualified)?;
            drop(std::mem::take(&mut *dict.lock()));
            Ok(Value::None)
        }
        "copy" => {
            params::none(&args, &qualified)?;
            let copy = Dict::default();
            update(cx, &copy, &Value::Dict(dict.clone()))?;
            Ok(Value::Dict(copy.into()))
        }
        "fromkeys" => from_keys(cx, args),
        _ => {
            params::none(&args, &qualified)?;
            let part = match name {
                "keys" => Part::Keys,
                "values" => Part::Values,
                _ => Part::Items,
            };
            Ok(Value::native(View {
                dict: dict.clone(),
                part,
            }))
        }
    }
}

/// `dict.fromkeys(keys, value)`.
pub(crate) fn from_keys(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [keys, value] = params::places::<2>(args, "dict.fromkeys", 1)?;
    let (made, value) = (Dict::default(), value.unwrap_or_default());
    for written in iterate::iterate(cx, &keys.unwrap_or_default())? {
        made.insert(key(&written)?, written, value.clone());
    }
    Ok(Value::Dict(made.into()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Keys,
    Values,
    Items,
}

/// `dict.keys()`, `dict.values()` or `dict.items()`: shows the dict as it is when looked at.
#[derive(Debug)]
pub(crate) struct View {
    dict: Arc<Dict>,
    part: Part,
}

impl View {
    /// `item in view`, where the view is of keys.
    pub(crate) fn contains_key(&self, item: &Value) -> Option<Result<bool, Error>> {
        (self.part == Part::Keys).then(|| Ok(self.dict.get(&key(item)?).is_some()))
    }

    fn values(&self) -> Vec<Value> {
        self.dict
            .items()
            .into_iter()
            .map(|(key, value)| match self.part {
                Part::Keys => key,
                Part::Values => value,
                Part::Items => Value::tuple(vec![key, value]),
            })
            .collect()
    }
}

/// What a set, or a view that is like one, holds.
pub(crate) fn set_keys(value: &Value) -> Option<Vec<Key>> {
    let items = match value {
        Value::Set(set) => return Some(set.lock().keys().cloned().collect()),
        other => other
            .downcast::<View>()
            .filter(|view| view.part != Part::Values)?
            .values(),
    };
    items.iter().map(Key::of).collect()
}

/// `left - right` where one side is a view that is like a set.
pub(crate) fn difference(cx: &Cx, left: &Value, right: &Value) -> Option<Result<Value, Error>> {
    let is_view = |value: &Value| {
        value
            .downcast::<View>()
            .is_some_and(|view| view.part != Part::Values)
    };
    if !is_view(left) && !is_view(right) {
        return None;
    }
    let items = |value: &Value| iterate::iterate(cx, value).and_then(super::sets::of);
    Some(items(left).and_then(|left| {
        let right = items(right)?;
        left.lock().retain(|key, _| !right.contains(key));
        Ok(Value::Set(left.into()))
    }))
}

impl Native for View {
    fn type_name(&self) -> &'static str {
        match self.part {
            Part::Keys => "dict_keys",
            Part::Values => "dict_values",
            Part::Items => "dict_items",
        }
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok((name == "mapping").then(|| Value::Dict(self.dict.clone())))
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        if self.part == Part::Values || name != "isdisjoint" {
            return None;
        }
        Some((|| {
            let other = iterate::iterate(cx, &params::one(args.clone(), "isdisjoint")?)?;
            let own = self.values();
            Ok(Value::Bool(
                !own.iter()
                    .any(|item| other.iter().any(|other| super::equal(item, other))),
            ))
        })())
    }

    fn text(&self) -> String {
        format!(
            "{}({})",
            self.type_name(),
            super::repr(&Value::list(self.values()))
        )
    }

    fn truth(&self) -> bool {
        !self.dict.is_empty()
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.values())
    }

    fn len(&self) -> Option<usize> {
        Some(self.dict.len())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        if self.part == Part::Values {
            return None;
        }
        let other = set_keys(other)?;
        let own: Option<Vec<Key>> = self.values().iter().map(Key::of).collect();
        let own = own?;
        Some(own.len() == other.len() && own.iter().all(|key| other.contains(key)))
    }

    fn key(&self) -> Option<Arc<str>> {
        // Views are not hashable.
        None
    }
}
