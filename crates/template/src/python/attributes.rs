//! What stands behind a dot or in brackets, as Jinja2's sandbox looks it up (`jinja2/sandbox.py`).

use std::sync::Arc;

use crate::{Args, Cx, Error, ErrorKind, Native, Value};

use super::{dicts, lists, numbers, range, sets, strings};

/// `value.name`: the attribute, else the item.
pub(crate) fn attr(cx: &Cx, value: &Value, name: &str) -> Result<Value, Error> {
    if let (Value::Undefined(undefined), false) = (value, OF_EVERY_OBJECT.contains(&name)) {
        return Err(Error::undefined(undefined.message.clone()));
    }
    if let Some(found) = attribute(cx, value, name)? {
        return Ok(found);
    }
    let key = Value::str(name);
    match subscript(cx, value, &key) {
        Ok(found) => Ok(found),
        Err(error) if is_lookup(&error) => Ok(missing(value, &key)),
        Err(error) => Err(error),
    }
}

/// `value[key]`: the item, else the attribute.
pub(crate) fn item(cx: &Cx, value: &Value, key: &Value) -> Result<Value, Error> {
    if let Value::Undefined(undefined) = value {
        return Err(Error::undefined(undefined.message.clone()));
    }
    match subscript(cx, value, key) {
        Ok(found) => return Ok(found),
        Err(error) if is_lookup(&error) => {}
        Err(error) => return Err(error),
    }
    if let Some(name) = key.as_str()
        && let Some(found) = attribute(cx, value, &name)?
    {
        return Ok(found);
    }
    Ok(missing(value, key))
}

/// Python's `value[key]` and its errors.
pub(crate) fn subscript(cx: &Cx, value: &Value, key: &Value) -> Result<Value, Error> {
    match value {
        Value::Dict(dict) => dict.get(&dicts::key(key)?).ok_or_else(|| dicts::key_error(key)),
        Value::List(list) => match key {
            // Without a copy of the list.
            Value::Int(index) => {
                let items = list.lock();
                lists::place(*index, items.len())
                    .and_then(|place| items.get(place).cloned())
                    .ok_or_else(|| lists::index_error("list index out of range"))
            }
            _ => lists::item("list", &list.items(), key),
        },
        Value::Tuple(items) => lists::item("tuple", items, key),
        Value::Str(text) => strings::item(text, key),
        Value::Native(object) => object
            .item(cx, key)
            .unwrap_or_else(|| Err(not_subscriptable(value))),
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Err(not_subscriptable(other)),
    }
}

fn not_subscriptable(value: &Value) -> Error {
    Error::type_error(format!("'{}' object is not subscriptable", value.type_name()))
}

/// Whether Jinja2 takes an error for "there is none": `TypeError` and `LookupError`.
fn is_lookup(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Type | ErrorKind::Python("KeyError" | "IndexError" | "LookupError" | "AttributeError")
    )
}

/// Python's `getattr()`, where there is such an attribute.
pub(crate) fn attribute(cx: &Cx, value: &Value, name: &str) -> Result<Option<Value>, Error> {
    let found = match value {
        Value::Native(object) => object.attr(cx, name)?,
        Value::Int(value) => numbers::int_attr(*value, name),
        Value::Bool(value) => numbers::int_attr(i64::from(*value), name),
        Value::Float(value) => numbers::float_attr(*value, name),
        Value::Tuple(items) => group(items, name),
        _ => None,
    };
    if found.is_some() {
        return Ok(found);
    }
    if methods(value).contains(&name) {
        return Ok(Some(Value::native(Method {
            base: value.clone(),
            name: name.into(),
        })));
    }
    if OF_EVERY_OBJECT.contains(&name) {
        return Ok(Some(Value::undefined(format!(
            "access to attribute '{name}' of '{}' object is unsafe.",
            value.type_name()
        ))));
    }
    Ok(None)
}

/// What the `groupby` filter gives are named tuples; here they are pairs of anything and a list.
fn group(items: &[Value], name: &str) -> Option<Value> {
    match (items, name) {
        ([grouper, Value::List(_)], "grouper") => Some(grouper.clone()),
        ([_, list @ Value::List(_)], "list") => Some(list.clone()),
        _ => None,
    }
}

/// Attributes that every object of Python has, and that the sandbox hands out as an undefined value.
const OF_EVERY_OBJECT: &[&str] = &[
    "__class__",
    "__delattr__",
    "__dir__",
    "__doc__",
    "__eq__",
    "__format__",
    "__ge__",
    "__getattribute__",
    "__gt__",
    "__hash__",
    "__init__",
    "__init_subclass__",
    "__le__",
    "__lt__",
    "__ne__",
    "__new__",
    "__reduce__",
    "__reduce_ex__",
    "__repr__",
    "__setattr__",
    "__sizeof__",
    "__str__",
    "__subclasshook__",
];

fn methods(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Str(_) => strings::METHODS,
        Value::List(_) => lists::LIST_METHODS,
        Value::Tuple(_) => lists::TUPLE_METHODS,
        Value::Dict(_) => dicts::DICT_METHODS,
        Value::Set(_) => sets::SET_METHODS,
        Value::Int(_) | Value::Bool(_) => numbers::INT_METHODS,
        Value::Float(_) => numbers::FLOAT_METHODS,
        Value::Native(object) => object.methods(),
        _ => &[],
    }
}

/// The undefined value for an attribute or item that is not there (`jinja2/runtime.py`, `Undefined._undefined_message`).
pub(crate) fn missing(value: &Value, key: &Value) -> Value {
    let owner = match value {
        Value::None => "None".to_owned(),
        Value::Native(object) => format!("{} object", object.qualified_type_name()),
        other => format!("{} object", other.type_name()),
    };
    Value::undefined(match key {
        Value::Str(_) => format!(
            "{} has no attribute {}",
            super::repr(&Value::str(owner)),
            super::repr(key)
        ),
        _ => format!("{owner} has no element {}", super::repr(key)),
    })
}

/// `value.name(args)`.
pub(crate) fn call_method(cx: &Cx, value: &Value, name: &str, args: Args) -> Result<Value, Error> {
    if !matches!(value, Value::Native(_)) && methods(value).contains(&name) {
        return builtin_method(cx, value, name, args);
    }
    if let Value::Native(object) = value
        && let Some(result) = object.call_method(cx, name, &args)
    {
        return result;
    }
    let method = attr(cx, value, name)?;
    call(cx, &method, args)
}

fn builtin_method(cx: &Cx, value: &Value, name: &str, args: Args) -> Result<Value, Error> {
    let result = match value {
        Value::Str(text) => strings::method(cx, text, name, args),
        Value::List(list) => lists::list_method(cx, list, name, args),
        Value::Tuple(items) => lists::tuple_method(items, name, args),
        Value::Dict(dict) => dicts::dict_method(cx, dict, name, args),
        Value::Set(set) => sets::set_method(cx, set, name, args),
        Value::Int(value) => numbers::int_method(cx, *value, name, &args),
        Value::Bool(value) => numbers::int_method(cx, i64::from(*value), name, &args),
        Value::Float(value) => numbers::float_method(cx, *value, name, &args),
        _ => None,
    };
    result.unwrap_or_else(|| Err(Error::unsupported(format!("{name}() is not supported"))))
}

/// `value(args)`.
pub(crate) fn call(cx: &Cx, value: &Value, args: Args) -> Result<Value, Error> {
    match value {
        Value::Native(object) => object.call(cx, args),
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Err(Error::type_error(format!(
            "'{}' object is not callable",
            other.type_name()
        ))),
    }
}

/// `value[start:stop:step]`; what is not written is `None`.
pub(crate) fn slice(
    cx: &Cx,
    value: &Value,
    start: &Value,
    stop: &Value,
    step: &Value,
) -> Result<Value, Error> {
    match value {
        Value::Str(text) => strings::slice(text, start, stop, step).map(Value::Str),
        Value::List(list) => {
            let made = lists::slice(&list.items(), start, stop, step)?;
            cx.spend(made.len() as u64)?;
            Ok(Value::list(made))
        }
        Value::Tuple(items) => lists::slice(items, start, stop, step).map(Value::tuple),
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        Value::Dict(_) => Err(Error::type_error("unhashable type: 'slice'")),
        Value::Native(object) => {
            if let Some(range) = value.downcast::<range::Range>() {
                let places = lists::slice_places(range.count(), start, stop, step)?;
                return Ok(Value::native(range::Range {
                    start: range.start.saturating_add(range.step.saturating_mul(places.next)),
                    stop: range.start.saturating_add(range.step.saturating_mul(places.stop)),
                    step: range.step.saturating_mul(places.step),
                }));
            }
            match (object.item(cx, &Value::Int(0)), object.items()) {
                (Some(Ok(_)), Some(items)) => lists::slice(&items, start, stop, step).map(Value::tuple),
                _ => Err(not_subscriptable(value)),
            }
        }
        other => Err(not_subscriptable(other)),
    }
}

/// A method that is held without being called.
#[derive(Debug)]
pub(crate) struct Method {
    base: Value,
    name: Arc<str>,
}

impl Native for Method {
    fn type_name(&self) -> &'static str {
        "builtin_function_or_method"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        call_method(cx, &self.base, &self.name, args)
    }

    fn text(&self) -> String {
        format!(
            "<built-in method {} of {} object at 0x7f0000000000>",
            self.name,
            self.base.type_name()
        )
    }
}

/// Whether Python's `callable()` says yes.
pub(crate) fn is_callable(value: &Value) -> bool {
    match value {
        // Jinja2's `Undefined` has a `__call__` that fails.
        Value::Undefined(_) => true,
        Value::Native(object) => object.is_callable(),
        _ => false,
    }
}
