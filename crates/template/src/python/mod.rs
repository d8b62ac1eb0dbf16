//! What Python and Jinja2 do with values: attributes, methods, operators, filters, tests, printing.
//!
//! Names and messages are those of CPython 3.11 and Jinja2 3.1.

use crate::{Args, Cx, Error, Str, Value};

/// `value.name`, as Jinja2 looks it up: the attribute, else the item (`jinja2/environment.py`, `getattr`).
/// What is missing is an undefined value that says so.
pub(crate) fn attr(cx: &Cx, value: &Value, name: &str) -> Result<Value, Error> {
    let _ = (cx, value);
    Err(Error::unsupported(format!("attribute {name}")))
}

/// `value[key]`, as Jinja2 looks it up: the item, else the attribute (`jinja2/environment.py`, `getitem`).
pub(crate) fn item(cx: &Cx, value: &Value, key: &Value) -> Result<Value, Error> {
    let _ = (cx, value, key);
    Err(Error::unsupported("item"))
}

/// `value[start:stop:step]`; what is not written is `None`.
pub(crate) fn slice(cx: &Cx, value: &Value, start: &Value, stop: &Value, step: &Value) -> Result<Value, Error> {
    let _ = (cx, value, start, stop, step);
    Err(Error::unsupported("slice"))
}

/// `value.name(args)`.
pub(crate) fn call_method(cx: &Cx, value: &Value, name: &str, args: Args) -> Result<Value, Error> {
    let _ = (cx, value, args);
    Err(Error::unsupported(format!("method {name}")))
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

/// `left op right` for `+ - * / // % **`.
pub(crate) fn binary(cx: &Cx, op: &str, left: &Value, right: &Value) -> Result<Value, Error> {
    let _ = (cx, left, right);
    Err(Error::unsupported(format!("operator {op}")))
}

/// `left op right` for `== != < <= > >= in`, and `not in`.
pub(crate) fn compare(cx: &Cx, op: &str, left: &Value, right: &Value) -> Result<bool, Error> {
    let _ = (cx, left, right);
    Err(Error::unsupported(format!("comparison {op}")))
}

/// `-value` or `+value`.
pub(crate) fn unary(cx: &Cx, op: &str, value: &Value) -> Result<Value, Error> {
    let _ = (cx, value);
    Err(Error::unsupported(format!("operator {op}")))
}

/// What a loop over a value goes through.
pub(crate) fn iterate(cx: &Cx, value: &Value) -> Result<Vec<Value>, Error> {
    let _ = (cx, value);
    Err(Error::unsupported("loop"))
}

/// Whether two values are equal.
pub fn equal(left: &Value, right: &Value) -> bool {
    let _ = (left, right);
    false
}

/// `str(value)`, with the marks that a text carries.
pub fn to_str(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        other => Str::plain_from(&repr(other)),
    }
}

/// `repr(value)`.
pub fn repr(value: &Value) -> String {
    format!("{value:?}")
}

/// Whether there is a filter of this name: Jinja2's own, and dbt's `as_bool`, `as_native`, `as_number`, `as_text`, `is_list`.
pub(crate) fn has_filter(name: &str) -> bool {
    let _ = name;
    true
}

/// `value | name(args)`.
pub(crate) fn filter(cx: &Cx, name: &str, value: &Value, args: Args) -> Result<Value, Error> {
    let _ = (cx, value, args);
    Err(Error::unsupported(format!("filter {name}")))
}

/// Whether there is a test of this name.
pub(crate) fn has_test(name: &str) -> bool {
    let _ = name;
    true
}

/// `value is name(args)`.
pub(crate) fn test(cx: &Cx, name: &str, value: &Value, args: Args) -> Result<bool, Error> {
    let _ = (cx, value, args);
    Err(Error::unsupported(format!("test {name}")))
}

/// Jinja2's own global functions: `range`, `dict`, `lipsum`, `cycler`, `joiner`, `namespace`.
pub(crate) fn global(name: &str) -> Option<Value> {
    let _ = name;
    None
}

/// A module of Python that dbt hands to templates: `datetime`, `pytz`, `re`, `itertools`.
pub fn module(name: &str) -> Option<Value> {
    let _ = name;
    None
}

/// What Jinja2's `namespace()` gives: an object whose attributes can be set.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    values: crate::Dict,
}

impl Namespace {
    /// Sets an attribute.
    pub(crate) fn set(&self, name: &str, value: Value) {
        self.values.insert_str(name, value);
    }
}

impl crate::Native for Namespace {
    fn type_name(&self) -> &'static str {
        "Namespace"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(self.values.get_str(name))
    }

    fn text(&self) -> String {
        "<Namespace>".to_owned()
    }
}
