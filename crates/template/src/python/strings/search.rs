//! Looking for texts within texts, and translation of characters.

use crate::{Args, Cx, Dict, Error, Key, Value};

use super::{byte_of, char_count};
use crate::python::{attributes, dicts, lists, params};

/// The part of a text between two places that `find` and its kin take, in bytes; `None` where the start lies behind.
fn window(text: &str, start: Option<&Value>, stop: Option<&Value>) -> Result<Option<(usize, usize)>, Error> {
    let count = char_count(text);
    if start.is_none() && stop.is_none() {
        return Ok(Some((0, text.len())));
    }
    let places = lists::slice_places(
        count,
        start.unwrap_or(&Value::None),
        stop.unwrap_or(&Value::None),
        &Value::None,
    )?;
    let beyond =
        matches!(start, Some(Value::Int(start)) if *start > i64::try_from(count).unwrap_or(i64::MAX));
    if places.next > places.stop || beyond {
        return Ok(None);
    }
    let bound = |place: i64| byte_of(text, usize::try_from(place).unwrap_or(0));
    Ok(Some((bound(places.next), bound(places.stop))))
}

/// `count`, `find`, `index`, `rfind` and `rindex`.
pub(crate) fn find(text: &str, name: &str, args: Args) -> Result<Value, Error> {
    let [wanted, start, stop] = params::places::<3>(args, &format!("str.{name}"), 1)?;
    let wanted = wanted.unwrap_or_default();
    let Value::Str(wanted) = &wanted else {
        return Err(Error::type_error(format!(
            "must be str, not {}",
            wanted.type_name()
        )));
    };
    let wanted = wanted.plain();
    let window = window(text, start.as_ref(), stop.as_ref())?;
    let part = window.and_then(|(start, stop)| Some((start, text.get(start..stop)?)));
    if name == "count" {
        let count = part.map_or(0, |(_, part)| part.matches(&*wanted).count());
        return Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let found = part.and_then(|(offset, part)| {
        let place = if name.starts_with('r') {
            part.rfind(&*wanted)
        } else {
            part.find(&*wanted)
        };
        Some(offset + place?)
    });
    match found {
        Some(place) => {
            let chars = char_count(text.get(..place).unwrap_or(""));
            Ok(Value::Int(i64::try_from(chars).unwrap_or(i64::MAX)))
        }
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => Err(Error::value_error("substring not found")),
    }
}

/// `startswith` and `endswith`.
pub(crate) fn affix(text: &str, name: &str, args: Args) -> Result<Value, Error> {
    let [affixes, start, stop] = params::places::<3>(args, &format!("str.{name}"), 1)?;
    let affixes = affixes.unwrap_or_default();
    let part = window(text, start.as_ref(), stop.as_ref())?.and_then(|(start, stop)| text.get(start..stop));
    let matches = |affix: &str| {
        part.is_some_and(|part| {
            if name == "startswith" {
                part.starts_with(affix)
            } else {
                part.ends_with(affix)
            }
        })
    };
    match &affixes {
        Value::Str(affix) => Ok(Value::Bool(matches(&affix.plain()))),
        Value::Tuple(affixes) => {
            for affix in affixes.iter() {
                let Value::Str(affix) = affix else {
                    return Err(Error::type_error(format!(
                        "tuple for {name} must only contain str, not {}",
                        affix.type_name()
                    )));
                };
                if matches(&affix.plain()) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        other => Err(Error::type_error(format!(
            "{name} first arg must be str or a tuple of str, not {}",
            other.type_name()
        ))),
    }
}

/// `translate(table)`.
pub(crate) fn translate(cx: &Cx, text: &str, args: Args) -> Result<String, Error> {
    let table = params::one(args, "str.translate")?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        cx.spend(1)?;
        match attributes::subscript(cx, &table, &Value::Int(i64::from(u32::from(c)))) {
            Ok(Value::None) => {}
            Ok(Value::Int(code)) => {
                let made = u32::try_from(code).ok().and_then(char::from_u32);
                out.push(
                    made.ok_or_else(|| Error::value_error("character mapping must be in range(0x110000)"))?,
                );
            }
            Ok(Value::Str(made)) => out.push_str(&made.plain()),
            Ok(_) => {
                return Err(Error::type_error(
                    "character mapping must return integer, None or str",
                ));
            }
            Err(error) if matches!(error.kind(), crate::ErrorKind::Python("KeyError" | "IndexError")) => {
                out.push(c);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

/// `maketrans(x, y, z)`.
pub(crate) fn make_translation(args: Args) -> Result<Value, Error> {
    let [from, to, without] = params::places::<3>(args, "str.maketrans", 1)?;
    let table = Dict::default();
    let set = |code: char, value: Value| {
        let code = i64::from(u32::from(code));
        table.insert(Key::Int(code), Value::Int(code), value);
    };
    match (from.unwrap_or_default(), to) {
        (Value::Dict(dict), None) => {
            for (key, value) in dict.items() {
                match &key {
                    Value::Str(text) => {
                        let plain = text.plain();
                        let mut chars = plain.chars();
                        match (chars.next(), chars.next()) {
                            (Some(c), None) => set(c, value),
                            _ => {
                                return Err(Error::value_error(
                                    "string keys in translate table must be of length 1",
                                ));
                            }
                        }
                    }
                    other => table.insert(dicts::key(other)?, other.clone(), value),
                }
            }
        }
        (_, None) => {
            return Err(Error::type_error(
                "if you give only one argument to maketrans it must be a dict",
            ));
        }
        (from, Some(to)) => {
            let from = params::text(&from, "maketrans() argument 1")?;
            let to = params::text(&to, "maketrans() argument 2")?;
            if from.chars().count() != to.chars().count() {
                return Err(Error::value_error(
                    "the first two maketrans arguments must have equal length",
                ));
            }
            for (from, to) in from.chars().zip(to.chars()) {
                set(from, Value::Int(i64::from(u32::from(to))));
            }
            if let Some(without) = without {
                for c in params::text(&without, "maketrans() argument 3")?.chars() {
                    set(c, Value::None);
                }
            }
        }
    }
    Ok(Value::Dict(table.into()))
}
