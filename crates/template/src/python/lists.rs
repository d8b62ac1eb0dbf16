//! Python's `list` and `tuple`: places, slices and methods.

use std::sync::Arc;

use crate::{Args, Cx, Error, ErrorKind, List, Value};

use super::compare::{self, equal};
use super::{iterate, params};

pub(crate) const LIST_METHODS: &[&str] = &[
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort",
];
pub(crate) const TUPLE_METHODS: &[&str] = &["count", "index"];

/// The place that an index means, counted from the end where it is negative; `None` where there is none.
pub(crate) fn place(index: i64, count: usize) -> Option<usize> {
    let index = if index < 0 {
        count.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?
    } else {
        usize::try_from(index).ok()?
    };
    (index < count).then_some(index)
}

/// Python's `IndexError`.
pub(crate) fn index_error(message: &str) -> Error {
    Error::new(ErrorKind::Python("IndexError"), message)
}

/// The places that a slice means, in its order: `slice.indices()`.
pub(crate) fn slice_places(count: usize, start: &Value, stop: &Value, step: &Value) -> Result<Places, Error> {
    let bound = |value: &Value| match value {
        Value::None => Ok(None),
        Value::Int(value) => Ok(Some(*value)),
        Value::Bool(value) => Ok(Some(i64::from(*value))),
        _ => Err(Error::type_error(
            "slice indices must be integers or None or have an __index__ method",
        )),
    };
    let step = bound(step)?.unwrap_or(1);
    if step == 0 {
        return Err(Error::value_error("slice step cannot be zero"));
    }
    let length = i64::try_from(count).unwrap_or(i64::MAX);
    let (lowest, highest) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clamp = |value: Option<i64>, default: i64| match value {
        None => default,
        Some(value) if value < 0 => (value.saturating_add(length)).max(lowest),
        Some(value) => value.min(highest),
    };
    let (start_default, stop_default) = if step < 0 {
        (highest, lowest)
    } else {
        (lowest, highest)
    };
    Ok(Places {
        next: clamp(bound(start)?, start_default),
        stop: clamp(bound(stop)?, stop_default),
        step,
    })
}

/// The places of a slice, in order.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) next: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let more = if self.step > 0 {
            self.next < self.stop
        } else {
            self.next > self.stop
        };
        let place = usize::try_from(self.next).ok().filter(|_| more)?;
        self.next = self.next.saturating_add(self.step);
        Some(place)
    }
}

/// A slice of items.
pub(crate) fn slice(items: &[Value], start: &Value, stop: &Value, step: &Value) -> Result<Vec<Value>, Error> {
    let places = slice_places(items.len(), start, stop, step)?;
    Ok(places.filter_map(|place| items.get(place).cloned()).collect())
}

/// `list[index]` or `tuple[index]`.
pub(crate) fn item(kind: &str, items: &[Value], key: &Value) -> Result<Value, Error> {
    let index = match key {
        Value::Int(index) => *index,
        Value::Bool(index) => i64::from(*index),
        other => {
            return Err(Error::type_error(format!(
                "{kind} indices must be integers or slices, not {}",
                other.type_name()
            )));
        }
    };
    place(index, items.len())
        .and_then(|index| items.get(index).cloned())
        .ok_or_else(|| index_error(&format!("{kind} index out of range")))
}

/// A method of a list.
pub(crate) fn list_method(cx: &Cx, list: &Arc<List>, name: &str, args: Args) -> Option<Result<Value, Error>> {
    if !LIST_METHODS.contains(&name) {
        return None;
    }
    Some(change(cx, list, name, args))
}

fn change(cx: &Cx, list: &Arc<List>, name: &str, args: Args) -> Result<Value, Error> {
    let qualified = format!("list.{name}");
    match name {
        "append" => list.push(params::one(args, &qualified)?),
        "extend" => {
            let items = iterate::iterate(cx, &params::one(args, &qualified)?)?;
            cx.spend(items.len() as u64)?;
            list.lock().extend(items);
        }
        "insert" => {
            let [index, item] = params::places::<2>(args, &qualified, 2)?;
            let index = params::int_or(index.as_ref(), 0)?;
            let mut items = list.lock();
            let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let index = if index < 0 {
                (index.saturating_add(count)).max(0)
            } else {
                index.min(count)
            };
            items.insert(usize::try_from(index).unwrap_or(0), item.unwrap_or_default());
        }
        "pop" => {
            let [index] = params::places::<1>(args, &qualified, 0)?;
            let index = params::int_or(index.as_ref(), -1)?;
            let mut items = list.lock();
            if items.is_empty() {
                return Err(index_error("pop from empty list"));
            }
            let index = place(index, items.len()).ok_or_else(|| index_error("pop index out of range"))?;
            return Ok(items.remove(index));
        }
        "remove" => {
            let item = params::one(args, &qualified)?;
            let index = list.items().iter().position(|other| equal(other, &item));
            let index = index.ok_or_else(|| Error::value_error("list.remove(x): x not in list"))?;
            let mut items = list.lock();
            if index < items.len() {
                items.remove(index);
            }
        }
        "clear" => {
            params::none(&args, &qualified)?;
            // What is taken out is dropped after the lock is.
            drop(std::mem::take(&mut *list.lock()));
        }
        "reverse" => {
            params::none(&args, &qualified)?;
            list.lock().reverse();
        }
        "copy" => {
            params::none(&args, &qualified)?;
            return Ok(Value::list(list.items()));
        }
        "sort" => sort(cx, list, args)?,
        "index" => {
            return index_of(&list.items(), args, &qualified, |item| {
                format!("{item} is not in list")
            });
        }
        _ => return count_of(&list.items(), args, &qualified),
    }
    Ok(Value::None)
}

fn sort(cx: &Cx, list: &Arc<List>, mut args: Args) -> Result<(), Error> {
    if !args.positional.is_empty() {
        return Err(Error::type_error("sort() takes no positional arguments"));
    }
    let key = params::given(args.take_keyword("key"));
    let reverse = args
        .take_keyword("reverse")
        .is_some_and(|reverse| reverse.truth());
    if let Some((name, _)) = args.keywords.first() {
        return Err(Error::type_error(format!(
            "'{name}' is an invalid keyword argument for sort()"
        )));
    }
    let mut keyed = Vec::new();
    for item in list.items() {
        let by = match &key {
            Some(key) => cx.call(key, Args::of(vec![item.clone()]))?,
            None => item.clone(),
        };
        keyed.push((by, item));
    }
    let sorted = compare::sort(cx, keyed, reverse)?;
    *list.lock() = sorted;
    Ok(())
}

fn index_of(
    items: &[Value],
    args: Args,
    qualified: &str,
    missing: impl Fn(String) -> String,
) -> Result<Value, Error> {
    let [item, start, stop] = params::places::<3>(args, qualified, 1)?;
    let item = item.unwrap_or_default();
    let (start, stop) = (start.unwrap_or_default(), stop.unwrap_or_default());
    let mut places = slice_places(items.len(), &start, &stop, &Value::None)?;
    let found = places.find(|place| {
        items
            .get(*place)
            .is_some_and(|other| compare::same(other, &item) || equal(other, &item))
    });
    found
        .and_then(|place| i64::try_from(place).ok())
        .map(Value::Int)
        .ok_or_else(|| Error::value_error(missing(super::repr(&item))))
}

fn count_of(items: &[Value], args: Args, qualified: &str) -> Result<Value, Error> {
    let item = params::one(args, qualified)?;
    let count = items.iter().filter(|other| equal(other, &item)).count();
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// A method of a tuple.
pub(crate) fn tuple_method(items: &[Value], name: &str, args: Args) -> Option<Result<Value, Error>> {
    match name {
        "index" => Some(index_of(items, args, "tuple.index", |_| {
            "tuple.index(x): x not in tuple".to_owned()
        })),
        "count" => Some(count_of(items, args, "tuple.count")),
        _ => None,
    }
}
