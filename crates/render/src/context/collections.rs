//! Functions on JSON, YAML, sets and lists (`dbt/context/base.py`).

use std::sync::{Arc, Mutex, PoisonError};

use glueline_template::{Args, Cx, Dict, Error, ErrorKind, Key, Native, Set, Value, to_str};

use super::basics::{attribute_error, text_of};
use super::{from_file, yaml};

/// The function of a name.
pub(super) fn function(name: &str) -> Option<Value> {
    Some(match name {
        "fromjson" => Value::function("fromjson", fromjson),
        "tojson" => Value::function("tojson", tojson),
        "fromyaml" => Value::function("fromyaml", fromyaml),
        "toyaml" => Value::function("toyaml", toyaml),
        "set" => Value::function("_set", set),
        "set_strict" => Value::function("set_strict", set_strict),
        "zip" => Value::function("_zip", zip),
        "zip_strict" => Value::function("zip_strict", zip_strict),
        "diff_of_two_dicts" => Value::function("diff_of_two_dicts", diff_of_two_dicts),
        _ => return None,
    })
}

fn flag(value: Option<Value>) -> bool {
    value.is_some_and(|value| value.truth())
}

/// Whether `except ValueError` would catch it.
fn is_value_error(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Python("ValueError" | "JSONDecodeError" | "UnicodeDecodeError" | "UnicodeEncodeError")
    )
}

fn fromjson(_: &Cx, args: Args) -> Result<Value, Error> {
    let [text, default] = args.bind("BaseContext.fromjson", ["string", "default"], 1)?;
    let text = text.unwrap_or_default();
    let Some(read) = text.as_str() else {
        return Err(Error::type_error(format!(
            "the JSON object must be str, bytes or bytearray, not {}",
            text.type_name()
        )));
    };
    Ok(glueline_template::from_json(&read).unwrap_or_else(|_| default.unwrap_or_default()))
}

fn tojson(_: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default, sort_keys] =
        args.bind("BaseContext.tojson", ["value", "default", "sort_keys"], 1)?;
    match glueline_template::to_json(&value.unwrap_or_default(), flag(sort_keys)) {
        Ok(text) => Ok(Value::from(text)),
        Err(error) if is_value_error(&error) => Ok(default.unwrap_or_default()),
        Err(error) => Err(error),
    }
}

fn fromyaml(_: &Cx, args: Args) -> Result<Value, Error> {
    let [text, default] = args.bind("BaseContext.fromyaml", ["value", "default"], 1)?;
    let default = default.unwrap_or_default();
    let text = match text.unwrap_or_default() {
        Value::Str(text) => text,
        Value::Undefined(undefined) => return Err(Error::undefined(undefined.message.clone())),
        // PyYAML asks for `.read`, which raises an `AttributeError`.
        _ => return Ok(default),
    };
    let text = text.plain();
    let tree = glueline_yaml::parse(&text);
    if !tree.errors.is_empty() {
        return Ok(default);
    }
    Ok(tree
        .root()
        .map_or(Value::None, |root| from_file(&root.to_value(YAML_BUDGET).value)))
}

/// Values that one text of YAML may expand to.
const YAML_BUDGET: usize = 200_000;

fn toyaml(_: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default, sort_keys] =
        args.bind("BaseContext.toyaml", ["value", "default", "sort_keys"], 1)?;
    Ok(match yaml::dump(&value.unwrap_or_default(), flag(sort_keys)) {
        Some(text) => Value::from(text),
        // `RepresenterError` is a `YAMLError`.
        None => default.unwrap_or_default(),
    })
}

fn collected(cx: &Cx, value: &Value) -> Result<Value, Error> {
    let set = Set::default();
    for item in cx.iterate(value)? {
        let Some(key) = Key::of(&item) else {
            return Err(Error::type_error(format!(
                "unhashable type: '{}'",
                item.type_name()
            )));
        };
        set.insert(key, item);
    }
    Ok(Value::Set(Arc::new(set)))
}

fn set(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, default] = args.bind("BaseContext._set", ["value", "default"], 1)?;
    match collected(cx, &value.unwrap_or_default()) {
        Err(error) if error.kind() == ErrorKind::Type => Ok(default.unwrap_or_default()),
        made => made,
    }
}

fn set_strict(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("BaseContext.set_strict", ["value"], 1)?;
    collected(cx, &value.unwrap_or_default()).map_err(|error| match error.kind() {
        ErrorKind::Type => Error::compilation(error.message()),
        _ => error,
    })
}

fn zipped(cx: &Cx, lists: &[Value]) -> Result<Value, Error> {
    let lists: Vec<Vec<Value>> = lists
        .iter()
        .map(|list| cx.iterate(list))
        .collect::<Result<_, _>>()?;
    let rows = lists.iter().map(Vec::len).min().unwrap_or(0);
    cx.spend(rows as u64)?;
    let mut columns: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let rows = (0..rows).map(|_| Value::tuple(columns.iter_mut().filter_map(Iterator::next).collect()));
    Ok(Value::native(Zip {
        rows: Mutex::new(rows.collect()),
    }))
}

fn zip(cx: &Cx, mut args: Args) -> Result<Value, Error> {
    let default = args.take_keyword("default");
    if let Some((keyword, _)) = args.keywords.first() {
        return Err(Error::type_error(format!(
            "BaseContext._zip() got an unexpected keyword argument '{keyword}'"
        )));
    }
    match zipped(cx, &args.positional) {
        Err(error) if error.kind() == ErrorKind::Type => Ok(default.unwrap_or_default()),
        made => made,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the type of functions")]
fn zip_strict(cx: &Cx, args: Args) -> Result<Value, Error> {
    if let Some((keyword, _)) = args.keywords.first() {
        return Err(Error::type_error(format!(
            "BaseContext.zip_strict() got an unexpected keyword argument '{keyword}'"
        )));
    }
    zipped(cx, &args.positional).map_err(|error| match error.kind() {
        ErrorKind::Type => Error::compilation(error.message()),
        _ => error,
    })
}

/// What Python's `zip()` gives: rows to go through once.
#[derive(Debug)]
struct Zip {
    rows: Mutex<Vec<Value>>,
}

impl Native for Zip {
    fn type_name(&self) -> &'static str {
        "zip"
    }

    fn items(&self) -> Option<Vec<Value>> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        Some(std::mem::take(&mut *rows))
    }

    fn len(&self) -> Option<usize> {
        None
    }

    fn text(&self) -> String {
        "<zip object at 0x0>".to_owned()
    }
}

/// What the lists of one dict hold that those of the other do not, whatever the case.
fn diff_of_two_dicts(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [first, second] = args.bind("BaseContext.diff_of_two_dicts", ["dict_a", "dict_b"], 2)?;
    let entries = |value: Option<Value>| match value.unwrap_or_default() {
        Value::Dict(dict) => Ok(dict.items()),
        Value::Undefined(undefined) => Err(Error::undefined(undefined.message.clone())),
        other => Err(attribute_error(format!(
            "'{}' object has no attribute 'items'",
            other.type_name()
        ))),
    };
    let folded = |value: &Value| Ok::<_, Error>(text_of(value, "casefold")?.to_lowercase());
    let mut lowered: Vec<(String, Vec<String>)> = Vec::new();
    for (key, values) in entries(second)? {
        let values = cx.iterate(&values)?;
        let values = values.iter().map(folded).collect::<Result<_, _>>()?;
        lowered.push((folded(&key)?, values));
    }
    let first = match first.unwrap_or_default() {
        Value::Dict(dict) => dict.items(),
        other => return Err(not_a_dict(cx, &other)?),
    };
    let diff = Dict::default();
    for (key, values) in first {
        let name = folded(&key)?;
        let Some(hashed) = Key::of(&key) else { continue };
        let Some((_, other)) = lowered.iter().rev().find(|(found, _)| *found == name) else {
            diff.insert(hashed, key, values);
            continue;
        };
        let mut kept = Vec::new();
        for value in cx.iterate(&values)? {
            if !other.contains(&folded(&value)?) {
                kept.push(value);
            }
        }
        if !kept.is_empty() {
            diff.insert(hashed, key, Value::list(kept));
        }
    }
    Ok(Value::Dict(Arc::new(diff)))
}

/// What Python says where the first of two dicts is none: it goes through it before it asks for anything else.
fn not_a_dict(cx: &Cx, value: &Value) -> Result<Error, Error> {
    let items = cx.iterate(value)?;
    Ok(match items.first() {
        Some(Value::Str(_)) => Error::type_error("string indices must be integers, not 'str'"),
        _ => Error::type_error("list indices must be integers or slices, not str"),
    })
}

/// JSON with sorted keys, indented by four, as dbt's messages show vars: `json.dumps(sort_keys=True, indent=4)`.
pub(super) fn pretty_json(value: &Value) -> String {
    let mut out = String::new();
    pretty(value, 0, &mut out);
    out
}

fn pretty(value: &Value, depth: usize, out: &mut String) {
    let indent = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&" ".repeat(depth * 4));
    };
    match value {
        Value::Dict(dict) if !dict.is_empty() => {
            let mut entries = dict.items();
            entries.sort_by_key(|(key, _)| to_str(key).to_plain());
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                indent(depth + 1, out);
                pretty(&Value::Str(to_str(key)), depth + 1, out);
                out.push_str(": ");
                pretty(value, depth + 1, out);
            }
            indent(depth, out);
            out.push('}');
        }
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.items().iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                indent(depth + 1, out);
                pretty(item, depth + 1, out);
            }
            indent(depth, out);
            out.push(']');
        }
        other => out.push_str(&glueline_template::to_json(other, true).unwrap_or_default()),
    }
}
