//! Python's `set`.

use std::sync::Arc;

use crate::{Args, Cx, Error, Key, Set, Value};

use super::{dicts, iterate, params};

pub(crate) const SET_METHODS: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];

/// A set of these items.
pub(crate) fn of(items: Vec<Value>) -> Result<Set, Error> {
    let set = Set::default();
    for item in items {
        set.insert(dicts::key(&item)?, item);
    }
    Ok(set)
}

fn entries(set: &Set) -> Vec<(Key, Value)> {
    set.lock()
        .iter()
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect()
}

fn collect(entries: impl IntoIterator<Item = (Key, Value)>) -> Set {
    let set = Set::default();
    for (key, item) in entries {
        set.insert(key, item);
    }
    set
}

/// A method of a set.
pub(crate) fn set_method(cx: &Cx, set: &Arc<Set>, name: &str, args: Args) -> Option<Result<Value, Error>> {
    if !SET_METHODS.contains(&name) {
        return None;
    }
    Some(perform(cx, set, name, args))
}

fn perform(cx: &Cx, set: &Arc<Set>, name: &str, args: Args) -> Result<Value, Error> {
    let qualified = format!("set.{name}");
    match name {
        "add" => {
            let item = params::one(args, &qualified)?;
            set.insert(dicts::key(&item)?, item);
            Ok(Value::None)
        }
        "discard" | "remove" => {
            let item = params::one(args, &qualified)?;
            let taken = set.lock().shift_remove(&dicts::key(&item)?);
            if taken.is_none() && name == "remove" {
                return Err(dicts::key_error(&item));
            }
            Ok(Value::None)
        }
        "pop" => {
            params::none(&args, &qualified)?;
            let taken = set.lock().shift_remove_index(0);
            taken
                .map(|(_, item)| item)
                .ok_or_else(|| dicts::key_error(&Value::str("pop from an empty set")))
        }
        "clear" => {
            params::none(&args, &qualified)?;
            drop(std::mem::take(&mut *set.lock()));
            Ok(Value::None)
        }
        "copy" => {
            params::none(&args, &qualified)?;
            Ok(Value::Set(collect(entries(set)).into()))
        }
        "isdisjoint" | "issubset" | "issuperset" => {
            let other = of(iterate::iterate(cx, &params::one(args, &qualified)?)?)?;
            let (small, large) = if name == "issuperset" {
                (&other, &**set)
            } else {
                (&**set, &other)
            };
            let within = |(key, _): &(Key, Value)| large.contains(key);
            let all = entries(small);
            Ok(Value::Bool(match name {
                "isdisjoint" => !all.iter().any(within),
                _ => all.iter().all(within),
            }))
        }
        _ => {
            if !args.keywords.is_empty() {
                return Err(Error::type_error(format!(
                    "{qualified}() takes no keyword arguments"
                )));
            }
            let others = args
                .positional
                .iter()
                .map(|other| of(iterate::iterate(cx, other)?))
                .collect::<Result<Vec<_>, _>>()?;
            let made = combine(name, set, &others);
            cx.spend(made.len() as u64)?;
            if !name.ends_with("update") {
                return Ok(Value::Set(made.into()));
            }
            let items = std::mem::take(&mut *made.lock());
            *set.lock() = items;
            Ok(Value::None)
        }
    }
}

fn combine(name: &str, set: &Set, others: &[Set]) -> Set {
    let own = entries(set);
    match name {
        "union" | "update" => collect(own.into_iter().chain(others.iter().flat_map(entries))),
        "difference" | "difference_update" => collect(
            own.into_iter()
                .filter(|(key, _)| !others.iter().any(|other| other.contains(key))),
        ),
        "intersection" | "intersection_update" => collect(
            own.into_iter()
                .filter(|(key, _)| others.iter().all(|other| other.contains(key))),
        ),
        _ => {
            let other = others.first().map(entries).unwrap_or_default();
            let known = collect(other.clone());
            collect(
                own.into_iter()
                    .filter(|(key, _)| !known.contains(key))
                    .chain(other.into_iter().filter(|(key, _)| !set.contains(key))),
            )
        }
    }
}
