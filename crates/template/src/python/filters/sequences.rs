//! Filters that go through a sequence at once.

use crate::{Args, Cx, Error, Value};

use super::argument_error;
use super::sorting::Getter;
use crate::python::iterate::{self, Iter};
use crate::python::{attributes, binary, params, strings, to_str};

pub(super) fn length(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let length = iterate::length(&params::one(args, "len")?)?;
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

pub(super) fn list(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("sync_do_list", ["value"], 1)?;
    let items = iterate::iterate(cx, &value.unwrap_or_default())?;
    cx.spend(items.len() as u64)?;
    Ok(Value::list(items))
}

pub(super) fn first(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("sync_do_first", ["seq"], 1)?;
    let first = iterate::steps(cx, &value.unwrap_or_default())?(cx)?;
    Ok(first.unwrap_or_else(|| Value::undefined("No first item, sequence was empty.".to_owned())))
}

pub(super) fn last(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("do_last", ["seq"], 1)?;
    let value = value.unwrap_or_default();
    let items = reversible(cx, &value)?
        .ok_or_else(|| Error::type_error(format!("'{}' object is not reversible", value.type_name())))?;
    let last = items.last().cloned();
    Ok(last.unwrap_or_else(|| Value::undefined("No last item, sequence was empty.".to_owned())))
}

/// The items, where Python's `reversed()` takes the value.
fn reversible(cx: &Cx, value: &Value) -> Result<Option<Vec<Value>>, Error> {
    match value {
        // `Undefined` has `__len__` and a `__getitem__` that is never called.
        Value::Undefined(_) => Ok(Some(Vec::new())),
        Value::Set(_) => Ok(None),
        Value::Native(object) if object.len().is_none() => Ok(None),
        other if iterate::is_iterable(other) => iterate::iterate(cx, other).map(Some),
        _ => Ok(None),
    }
}

pub(super) fn reverse(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("do_reverse", ["value"], 1)?;
    let value = value.unwrap_or_default();
    if let Value::Str(_) = value {
        return attributes::slice(cx, &value, &Value::None, &Value::None, &Value::Int(-1));
    }
    if let Some(items) = reversible(cx, &value)? {
        let kind = match &value {
            Value::List(_) => "list_reverseiterator",
            Value::Dict(_) => "dict_reversekeyiterator",
            Value::Native(object) => match object.type_name() {
                "range" => "range_iterator",
                "dict_items" => "dict_reverseitemiterator",
                "dict_keys" => "dict_reversekeyiterator",
                "dict_values" => "dict_reversevalueiterator",
                _ => "reversed",
            },
            _ => "reversed",
        };
        let mut items = items.into_iter().rev();
        return Ok(Iter::iterator(kind, Box::new(move |_| Ok(items.next()))));
    }
    if !iterate::is_iterable(&value) {
        return Err(argument_error("argument must be iterable"));
    }
    let mut items = iterate::iterate(cx, &value)?;
    items.reverse();
    Ok(Value::list(items))
}

pub(super) fn join(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, separator, attribute] = args.bind("sync_do_join", ["value", "d", "attribute"], 1)?;
    let separator = to_str(&separator.unwrap_or_else(|| Value::str("")));
    let value = value.unwrap_or_default();
    let getter = params::given(attribute).map(|attribute| Getter::new(&attribute, None, true));
    let mut parts = Vec::new();
    for item in iterate::iterate(cx, &value)? {
        let item = match &getter {
            Some(getter) => getter.get(cx, &item)?,
            None => item,
        };
        parts.push(to_str(&item));
    }
    strings::join_parts(cx, &separator, &parts).map(Value::Str)
}

pub(super) fn sum(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, attribute, start] = args.bind("sync_do_sum", ["iterable", "attribute", "start"], 1)?;
    let getter = params::given(attribute).map(|attribute| Getter::new(&attribute, None, true));
    let mut total = start.unwrap_or(Value::Int(0));
    let items = iterate::iterate(cx, &value.unwrap_or_default())?;
    if let Value::Str(_) = total {
        return Err(Error::type_error(
            "sum() can't sum strings [use ''.join(seq) instead]",
        ));
    }
    for item in items {
        cx.spend(1)?;
        let item = match &getter {
            Some(getter) => getter.get(cx, &item)?,
            None => item,
        };
        total = binary(cx, "+", &total, &item)?;
    }
    Ok(total)
}
