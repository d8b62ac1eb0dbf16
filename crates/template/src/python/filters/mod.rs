//! Jinja2's filters (`jinja2/filters.py`), and those that dbt adds.

mod lazy;
mod markup;
mod pprint;
mod sequences;
mod sizes;
mod sorting;
mod text;
mod urlize;
mod wrap;

use crate::{Args, Cx, Error, ErrorKind, Str, Value};

use super::{attributes, numbers, params, to_str};

/// What a filter does: the value is the first argument.
type Filter = fn(&Cx, Args) -> Result<Value, Error>;

fn find(name: &str) -> Option<Filter> {
    Some(match name {
        "abs" => abs,
        "as_bool" | "as_native" | "as_number" | "as_text" => |_, args| params::one(args, "<lambda>"),
        "attr" => attr,
        "batch" => lazy::batch,
        "capitalize" => text::capitalize,
        "center" => text::center,
        "count" | "length" => sequences::length,
        "d" | "default" => default,
        "dictsort" => sorting::dictsort,
        "e" | "escape" | "forceescape" => markup::escape_filter,
        "filesizeformat" => sizes::filesizeformat,
        "first" => sequences::first,
        "float" => float,
        "format" => text::format,
        "groupby" => sorting::groupby,
        "indent" => text::indent,
        "int" => int,
        "is_list" => is_list,
        "items" => lazy::items,
        "join" => sequences::join,
        "last" => sequences::last,
        "list" => sequences::list,
        "lower" => text::lower,
        "map" => lazy::map,
        "max" => sorting::max,
        "min" => sorting::min,
        "pprint" => pprint::pprint,
        "random" => |_, _| Err(Error::unsupported("the filter random gives a random item")),
        "reject" => lazy::reject,
        "rejectattr" => lazy::rejectattr,
        "replace" => text::replace,
        "reverse" => sequences::reverse,
        "round" => round,
        "safe" | "string" => string,
        "select" => lazy::select,
        "selectattr" => lazy::selectattr,
        "slice" => lazy::slice,
        "sort" => sorting::sort,
        "striptags" => markup::striptags,
        "sum" => sequences::sum,
        "title" => text::title,
        "tojson" => markup::tojson,
        "trim" => text::trim,
        "truncate" => text::truncate,
        "unique" => lazy::unique,
        "upper" => text::upper,
        "urlencode" => markup::urlencode,
        "urlize" => urlize::urlize,
        "wordcount" => text::wordcount,
        "wordwrap" => wrap::wordwrap,
        "xmlattr" => markup::xmlattr,
        _ => return None,
    })
}

/// Whether there is a filter of this name: Jinja2's own, and dbt's `as_bool`, `as_native`, `as_number`, `as_text`, `is_list`.
pub(crate) fn has_filter(name: &str) -> bool {
    find(name).is_some()
}

/// `value | name(args)`.
pub(crate) fn filter(cx: &Cx, name: &str, value: &Value, mut args: Args) -> Result<Value, Error> {
    let filter = find(name).ok_or_else(|| {
        Error::new(
            ErrorKind::Python("TemplateRuntimeError"),
            format!("No filter named {}.", super::repr(&Value::str(name))),
        )
    })?;
    args.positional.insert(0, value.clone());
    filter(cx, args)
}

/// Jinja2's `FilterArgumentError`.
fn argument_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Python("FilterArgumentError"), message)
}

/// A text as the filters take it: `soft_str()`.
fn soft(value: Option<Value>) -> Str {
    to_str(&value.unwrap_or_default())
}

/// Whether a value of Python's own is known to have no method `items`.
fn has_no_items(value: &Value) -> bool {
    matches!(
        value.type_name(),
        "range" | "generator" | "dict_keys" | "dict_values" | "dict_items"
    )
}

fn truth(value: Option<Value>, default: bool) -> bool {
    value.map_or(default, |value| value.truth())
}

fn string(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(Value::Str(to_str(&params::one(args, "soft_str")?)))
}

fn is_list(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(Value::Bool(matches!(
        params::one(args, "is_list")?,
        Value::List(_)
    )))
}

fn default(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default, boolean] = args.bind("do_default", ["value", "default_value", "boolean"], 1)?;
    let value = value.unwrap_or_default();
    if value.is_undefined() || (truth(boolean, false) && !value.truth()) {
        return Ok(default.unwrap_or_else(|| Value::str("")));
    }
    Ok(value)
}

fn attr(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [object, name] = args.bind("do_attr", ["obj", "name"], 2)?;
    let (object, name) = (object.unwrap_or_default(), name.unwrap_or_default());
    let text = params::text(&name, "attribute name")?;
    if let Value::Undefined(undefined) = &object {
        return Err(Error::undefined(undefined.message.clone()));
    }
    Ok(attributes::attribute(cx, &object, &text)?.unwrap_or_else(|| attributes::missing(&object, &name)))
}

fn abs(_cx: &Cx, args: Args) -> Result<Value, Error> {
    match params::one(args, "abs")? {
        Value::Bool(value) => Ok(Value::Int(i64::from(value))),
        Value::Int(value) => numbers::fits(value.checked_abs()),
        Value::Float(value) => Ok(Value::Float(value.abs())),
        other => match &other {
            Value::Native(object) => object.binary("abs", &Value::None, false),
            _ => None,
        }
        .unwrap_or_else(|| {
            Err(Error::type_error(format!(
                "bad operand type for abs(): '{}'",
                other.type_name()
            )))
        }),
    }
}

fn is_refused(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Type | ErrorKind::Python("ValueError"))
}

fn int(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default, base] = args.bind("do_int", ["value", "default", "base"], 1)?;
    let (value, default) = (value.unwrap_or_default(), default.unwrap_or(Value::Int(0)));
    let whole = match &value {
        Value::Str(text) => {
            let base = params::int_or(base.as_ref(), 10)?;
            numbers::parse_int(&text.plain(), base)
                .and_then(|whole| whole.ok_or_else(|| Error::value_error("invalid literal for int()")))
        }
        other => numbers::to_int(other),
    };
    match whole {
        Ok(whole) => return Ok(Value::Int(whole)),
        Err(error) if is_refused(&error) => {}
        Err(error) => return Err(error),
    }
    let truncated = numbers::to_float(&value).and_then(numbers::truncated);
    match truncated {
        Ok(whole) => Ok(Value::Int(whole)),
        Err(error) if is_refused(&error) || error.kind() == ErrorKind::Python("OverflowError") => Ok(default),
        Err(error) => Err(error),
    }
}

fn float(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default] = args.bind("do_float", ["value", "default"], 1)?;
    match numbers::to_float(&value.unwrap_or_default()) {
        Ok(value) => Ok(Value::Float(value)),
        Err(error) if is_refused(&error) => Ok(default.unwrap_or(Value::Float(0.0))),
        Err(error) => Err(error),
    }
}

fn round(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, precision, method] = args.bind("do_round", ["value", "precision", "method"], 1)?;
    let value = value.unwrap_or_default();
    let precision = params::int_or(precision.as_ref(), 0)?;
    let method = method.unwrap_or_else(|| Value::str("common"));
    let method = method.as_str().unwrap_or_default();
    if method == "common" {
        return numbers::round_value(&value, precision);
    }
    if method != "ceil" && method != "floor" {
        return Err(argument_error("method must be common, ceil or floor"));
    }
    let scale = super::binary(cx, "**", &Value::Int(10), &Value::Int(precision))?;
    let whole = match super::binary(cx, "*", &value, &scale)? {
        Value::Float(scaled) => {
            let scaled = if method == "ceil" {
                scaled.ceil()
            } else {
                scaled.floor()
            };
            Value::Int(numbers::truncated(scaled)?)
        }
        whole @ (Value::Int(_) | Value::Bool(_)) => whole,
        other => {
            return Err(Error::type_error(format!(
                "must be real number, not {}",
                other.type_name()
            )));
        }
    };
    super::binary(cx, "/", &whole, &scale)
}
