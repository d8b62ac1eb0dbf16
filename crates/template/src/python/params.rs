//! Arguments of Python's own functions, with the messages of CPython.

use crate::{Args, Error, Value};

/// No argument at all.
pub(crate) fn none(args: &Args, function: &str) -> Result<(), Error> {
    no_keywords(args, function)?;
    match args.positional.len() {
        0 => Ok(()),
        given => Err(Error::type_error(format!(
            "{function}() takes no arguments ({given} given)"
        ))),
    }
}

/// Exactly one argument, by place.
pub(crate) fn one(args: Args, function: &str) -> Result<Value, Error> {
    no_keywords(&args, function)?;
    let given = args.positional.len();
    let mut items = args.positional.into_iter();
    match (items.next(), given) {
        (Some(value), 1) => Ok(value),
        _ => Err(Error::type_error(format!(
            "{function}() takes exactly one argument ({given} given)"
        ))),
    }
}

/// From `least` to `N` arguments, by place. `function` is `type.name`; messages name it without the type.
pub(crate) fn places<const N: usize>(
    args: Args,
    function: &str,
    least: usize,
) -> Result<[Option<Value>; N], Error> {
    no_keywords(&args, function)?;
    let given = args.positional.len();
    let name = function.rsplit('.').next().unwrap_or(function);
    if given < least || given > N {
        let (bound, how) = if given < least {
            (least, "least")
        } else {
            (N, "most")
        };
        let how = if least == N {
            String::new()
        } else {
            format!("at {how} ")
        };
        let plural = if bound == 1 { "" } else { "s" };
        return Err(Error::type_error(format!(
            "{name} expected {how}{bound} argument{plural}, got {given}"
        )));
    }
    let mut items = args.positional.into_iter();
    Ok(std::array::from_fn(|_| items.next()))
}

fn no_keywords(args: &Args, function: &str) -> Result<(), Error> {
    if args.keywords.is_empty() {
        Ok(())
    } else {
        Err(Error::type_error(format!(
            "{function}() takes no keyword arguments"
        )))
    }
}

/// A whole number, where Python asks for one.
pub(crate) fn int(value: &Value) -> Result<i64, Error> {
    match value {
        Value::Int(value) => Ok(*value),
        Value::Bool(value) => Ok(i64::from(*value)),
        other => Err(Error::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            other.type_name()
        ))),
    }
}

/// A whole number or, where nothing is passed, a default.
pub(crate) fn int_or(value: Option<&Value>, default: i64) -> Result<i64, Error> {
    value.map_or(Ok(default), int)
}

/// A text, where Python asks for one: `replace() argument 1 must be str, not int`.
pub(crate) fn text(value: &Value, what: &str) -> Result<String, Error> {
    match value {
        Value::Str(text) => Ok(text.plain().into_owned()),
        other => Err(Error::type_error(format!(
            "{what} must be str, not {}",
            type_word(other)
        ))),
    }
}

/// How messages name the type of a value that is not what was asked for.
pub(crate) fn type_word(value: &Value) -> &str {
    match value {
        Value::None => "None",
        other => other.type_name(),
    }
}

/// A value that stands for the absence of a choice: not passed, or `None`.
pub(crate) fn given(value: Option<Value>) -> Option<Value> {
    value.filter(|value| !value.is_none())
}
