//! What Python does with the arguments of the adapter's methods, where they are not what the methods want.

use glueline_template::{Cx, Error, ErrorKind, Value, equal, repr, to_str};

/// Python's `AttributeError`.
pub(super) fn no_attribute(value: &Value, name: &str) -> Error {
    let message = match value {
        Value::Undefined(undefined) => return Error::undefined(undefined.message.clone()),
        other => format!("'{}' object has no attribute '{name}'", other.type_name()),
    };
    Error::new(ErrorKind::Python("AttributeError"), message)
}

/// Python's `KeyError`.
pub(super) fn no_key(key: &str) -> Error {
    Error::new(ErrorKind::Python("KeyError"), repr(&Value::str(key)))
}

/// An attribute of an object.
pub(super) fn attr(cx: &Cx, object: &Value, name: &str) -> Result<Value, Error> {
    match object {
        Value::Native(_) => cx.attr(object, name),
        other => Err(no_attribute(other, name)),
    }
}

/// What a value prints as.
pub(super) fn text(value: &Value) -> String {
    to_str(value).plain().into_owned()
}

/// An attribute of an object, as a text.
pub(super) fn text_attr(cx: &Cx, object: &Value, name: &str) -> Result<String, Error> {
    attr(cx, object, name).map(|found| text(&found))
}

/// `value.items()`.
pub(super) fn items(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    match value {
        Value::Dict(dict) => Ok(dict.items()),
        other => Err(no_attribute(other, "items")),
    }
}

/// `value.get(key, default)`.
pub(super) fn get(value: &Value, key: &str, default: impl Into<Value>) -> Result<Value, Error> {
    match value {
        Value::Dict(dict) => Ok(dict.get_str(key).unwrap_or_else(|| default.into())),
        other => Err(no_attribute(other, "get")),
    }
}

/// `text in container`.
pub(super) fn contains(cx: &Cx, container: &Value, wanted: &str) -> Result<bool, Error> {
    match container {
        Value::Str(text) => Ok(text.plain().contains(wanted)),
        Value::Dict(dict) => Ok(dict.get_str(wanted).is_some()),
        Value::List(_) | Value::Tuple(_) | Value::Set(_) => {
            let wanted = Value::str(wanted);
            Ok(cx.iterate(container)?.iter().any(|item| equal(item, &wanted)))
        }
        other => Err(Error::type_error(format!(
            "argument of type '{}' is not iterable",
            other.type_name()
        ))),
    }
}

/// `separator.join(value)`.
pub(super) fn join(cx: &Cx, separator: &str, value: &Value) -> Result<String, Error> {
    let Ok(items) = cx.iterate(value) else {
        return Err(Error::type_error("can only join an iterable"));
    };
    let mut joined = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::Str(text) => joined.push(text.plain().into_owned()),
            other => {
                return Err(Error::type_error(format!(
                    "sequence item {index}: expected str instance, {} found",
                    other.type_name()
                )));
            }
        }
    }
    Ok(joined.join(separator))
}

/// `{**value}`.
pub(super) fn spread(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    match value {
        Value::Dict(dict) => Ok(dict.items()),
        other => Err(Error::type_error(format!(
            "'{}' object is not a mapping",
            other.type_name()
        ))),
    }
}

/// What botocore says of a part of a request that is of another type than it wants (`botocore/validate.py`).
pub(super) fn invalid_type(part: &str, value: &Value, wanted: &str) -> String {
    format!(
        "Invalid type for parameter {part}, value: {}, type: <class '{}'>, valid types: {wanted}",
        text(value),
        value.type_name()
    )
}
