//! Jinja2's tests (`jinja2/tests.py`).

use crate::{Args, Cx, Error, ErrorKind, Value};

use super::{attributes, compare, filters, iterate, operators, strings};

const NAMES: &[&str] = &[
    "!=",
    "<",
    "<=",
    "==",
    ">",
    ">=",
    "boolean",
    "callable",
    "defined",
    "divisibleby",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sameas",
    "sequence",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// Whether there is a test of this name.
pub(crate) fn has_test(name: &str) -> bool {
    NAMES.contains(&name)
}

/// `value is name(args)`.
pub(crate) fn test(cx: &Cx, name: &str, value: &Value, args: Args) -> Result<bool, Error> {
    if !has_test(name) {
        return Err(Error::new(
            ErrorKind::Python("TemplateRuntimeError"),
            format!("No test named {}.", super::repr(&Value::str(name))),
        ));
    }
    let wanted = match name {
        "divisibleby" => Some("num"),
        "sameas" => Some("other"),
        "in" => Some("seq"),
        "!=" | "<" | "<=" | "==" | ">" | ">=" | "eq" | "equalto" | "ge" | "greaterthan" | "gt" | "le"
        | "lessthan" | "lt" | "ne" => Some("b"),
        _ => None,
    };
    let mut args = args;
    args.positional.insert(0, value.clone());
    let Some(wanted) = wanted else {
        args.bind(&format!("test_{name}"), ["value"], 1)?;
        return alone(cx, name, value);
    };
    let other = if wanted == "b" {
        let name = operator(name).1;
        let [_, other] = super::params::places::<2>(args, name, 2)?;
        other.unwrap_or_default()
    } else {
        let [_, other] = args.bind(&format!("test_{name}"), ["value", wanted], 2)?;
        other.unwrap_or_default()
    };
    match name {
        "divisibleby" => rest_is(cx, value, &other, 0),
        "sameas" => Ok(compare::same(value, &other)),
        "in" => compare::contains(cx, &other, value),
        _ => compare::compare(cx, operator(name).0, value, &other),
    }
}

/// The operator of a test, and its name in Python's module `operator`.
fn operator(name: &str) -> (&'static str, &'static str) {
    match name {
        "!=" | "ne" => ("!=", "ne"),
        "<" | "lt" | "lessthan" => ("<", "lt"),
        "<=" | "le" => ("<=", "le"),
        ">" | "gt" | "greaterthan" => (">", "gt"),
        ">=" | "ge" => (">=", "ge"),
        _ => ("==", "eq"),
    }
}

fn rest_is(cx: &Cx, value: &Value, by: &Value, rest: i64) -> Result<bool, Error> {
    let found = operators::binary(cx, "%", value, by)?;
    Ok(compare::equal(&found, &Value::Int(rest)))
}

fn alone(cx: &Cx, name: &str, value: &Value) -> Result<bool, Error> {
    let text = || strings::printed(value);
    Ok(match name {
        "boolean" => matches!(value, Value::Bool(_)),
        "callable" => attributes::is_callable(value),
        "defined" => !value.is_undefined(),
        "undefined" => value.is_undefined(),
        "escaped" => false,
        "even" => return rest_is(cx, value, &Value::Int(2), 0),
        "odd" => return rest_is(cx, value, &Value::Int(2), 1),
        "false" => matches!(value, Value::Bool(false)),
        "true" => matches!(value, Value::Bool(true)),
        "filter" | "test" => {
            super::dicts::key(value)?;
            let has = if name == "test" {
                has_test
            } else {
                filters::has_filter
            };
            value.as_str().is_some_and(|name| has(&name))
        }
        "float" => matches!(value, Value::Float(_)),
        "integer" => matches!(value, Value::Int(_)),
        "iterable" => iterate::is_iterable(value),
        "lower" => strings::is_lower(&text()),
        "upper" => strings::is_upper(&text()),
        "mapping" => match value {
            Value::Dict(_) => true,
            Value::Native(object) => object.is_mapping(),
            _ => false,
        },
        "none" => value.is_none(),
        "number" => matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_)),
        "sequence" => match value {
            Value::Undefined(_) | Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Dict(_) => true,
            Value::Native(object) => object.len().is_some() && object.item(cx, &Value::Int(0)).is_some(),
            _ => false,
        },
        _ => matches!(value, Value::Str(_)),
    })
}
