//! Python's `str`.

mod case;
mod classes;
mod percent;
mod pieces;
mod search;

use std::borrow::Cow;

use crate::{Args, Cx, Error, ErrorKind, Str, Value};

use super::{format, iterate, lists, params, str_format};

pub(crate) use case::{lower, upper};
pub(crate) use classes::{decimal_digit, is_lower, is_space, is_upper};
pub(crate) use percent::{ascii, percent};
pub(crate) use pieces::{lines, replace, split_lines, trim};

pub(crate) const METHODS: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// A method of a text.
pub(crate) fn method(cx: &Cx, text: &Str, name: &str, args: Args) -> Option<Result<Value, Error>> {
    let text_of = |text: String| Value::Str(Str::plain_from(&text));
    let plain = text.plain();
    Some(match name {
        "upper" | "lower" | "capitalize" | "casefold" | "swapcase" | "title" => {
            params::none(&args, &format!("str.{name}")).map(|()| case::convert(name, text))
        }
        _ if name.starts_with("is") => {
            params::none(&args, &format!("str.{name}")).map(|()| Value::Bool(classes::is(name, &plain)))
        }
        "strip" | "lstrip" | "rstrip" => strip(text, name, args),
        "split" | "rsplit" => pieces::split(cx, text, name, args),
        "splitlines" => args.bind("splitlines", ["keepends"], 0).map(|[keep]| {
            let keep = keep.is_some_and(|keep| keep.truth());
            Value::list(
                pieces::split_lines(text, keep)
                    .into_iter()
                    .map(Value::Str)
                    .collect(),
            )
        }),
        "partition" | "rpartition" => pieces::partition(text, name, args),
        "removeprefix" | "removesuffix" => pieces::remove_affix(text, name, args),
        "replace" => pieces::replace_method(cx, text, args),
        "join" => join(cx, text, args),
        "count" | "find" | "index" | "rfind" | "rindex" => search::find(&plain, name, args),
        "startswith" | "endswith" => search::affix(&plain, name, args),
        "center" | "ljust" | "rjust" => pad(cx, text, name, args),
        "zfill" => zfill(cx, &plain, args).map(text_of),
        "expandtabs" => expand_tabs(cx, &plain, args).map(text_of),
        "format" => str_format::format(cx, &plain, &args).map(text_of),
        "format_map" => str_format::format_map(cx, &plain, args).map(text_of),
        "translate" => search::translate(cx, &plain, args).map(text_of),
        "maketrans" => search::make_translation(args),
        "encode" => super::bytes::encode(&plain, args),
        _ => return None,
    })
}

/// The number of characters.
pub(crate) fn char_count(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

/// The byte where a character starts, the end of the text where there are fewer.
pub(crate) fn byte_of(text: &str, chars: usize) -> usize {
    if text.is_ascii() {
        return chars.min(text.len());
    }
    text.char_indices()
        .nth(chars)
        .map_or(text.len(), |(byte, _)| byte)
}

/// Fails where a text would grow beyond the limit of the rendering.
pub(crate) fn check_length(cx: &Cx, bytes: usize) -> Result<(), Error> {
    let limit = cx.limits().text;
    cx.spend(bytes as u64 / 1024)?;
    if bytes > limit {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("the text grew beyond {limit} bytes"),
        ));
    }
    Ok(())
}

/// `text[index]`.
pub(crate) fn item(text: &Str, key: &Value) -> Result<Value, Error> {
    let index = match key {
        Value::Int(index) => *index,
        Value::Bool(index) => i64::from(*index),
        other => {
            return Err(Error::type_error(format!(
                "string indices must be integers, not '{}'",
                other.type_name()
            )));
        }
    };
    let plain = text.plain();
    let place = lists::place(index, char_count(&plain));
    let place = place.ok_or_else(|| lists::index_error("string index out of range"))?;
    let start = byte_of(&plain, place);
    let length = plain
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    Ok(Value::Str(text.slice(start..start + length)))
}

/// `text[start:stop:step]`.
pub(crate) fn slice(text: &Str, start: &Value, stop: &Value, step: &Value) -> Result<Str, Error> {
    let plain = text.plain();
    let places = lists::slice_places(char_count(&plain), start, stop, step)?;
    if places.step == 1 {
        let bound = |place: i64| byte_of(&plain, usize::try_from(place).unwrap_or(0));
        let (from, to) = (bound(places.next), bound(places.stop));
        return Ok(text.slice(from..to.max(from)));
    }
    let chars: Vec<char> = plain.chars().collect();
    let picked: String = places.filter_map(|place| chars.get(place)).collect();
    Ok(Str::plain_from(&picked))
}

fn strip(text: &Str, name: &str, args: Args) -> Result<Value, Error> {
    let [chars] = params::places::<1>(args, &format!("str.{name}"), 0)?;
    let chars = match params::given(chars) {
        None => None,
        Some(Value::Str(chars)) => Some(chars.plain().into_owned()),
        Some(_) => return Err(Error::type_error(format!("{name} arg must be None or str"))),
    };
    let sides = (name != "rstrip", name != "lstrip");
    Ok(Value::Str(trim(text, chars.as_deref(), sides)))
}

fn join(cx: &Cx, separator: &Str, args: Args) -> Result<Value, Error> {
    let items = params::one(args, "str.join")?;
    let items = iterate::iterate(cx, &items).map_err(|error| {
        if iterate::is_iterable(&items) {
            error
        } else {
            Error::type_error("can only join an iterable")
        }
    })?;
    let mut parts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        match item {
            Value::Str(text) => parts.push(text.clone()),
            other => {
                return Err(Error::type_error(format!(
                    "sequence item {index}: expected str instance, {} found",
                    other.type_name()
                )));
            }
        }
    }
    join_parts(cx, separator, &parts).map(Value::Str)
}

/// Texts with another between them.
pub(crate) fn join_parts(cx: &Cx, separator: &Str, parts: &[Str]) -> Result<Str, Error> {
    cx.spend(parts.len() as u64)?;
    let total: usize = parts
        .iter()
        .map(|part| part.marked().len() + separator.marked().len())
        .sum();
    check_length(cx, total)?;
    Ok(separator.join(parts))
}

/// Text filled up to a width: `center`, `ljust` and `rjust`.
fn pad(cx: &Cx, text: &Str, name: &str, args: Args) -> Result<Value, Error> {
    let [width, fill] = params::places::<2>(args, &format!("str.{name}"), 1)?;
    let width = params::int_or(width.as_ref(), 0)?;
    let fill = match fill {
        None => ' ',
        Some(fill) => fill_char(&fill)?,
    };
    let length = char_count(&text.plain());
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(length);
    check_length(cx, missing)?;
    let left = match name {
        "ljust" => 0,
        "rjust" => missing,
        // CPython puts the odd one to the left if the width is odd.
        _ => missing / 2 + (missing & usize::try_from(width).unwrap_or(0) & 1),
    };
    let side = |count: usize| Str::plain_from(&fill.to_string().repeat(count));
    Ok(Value::Str(side(left).concat(text).concat(&side(missing - left))))
}

fn fill_char(value: &Value) -> Result<char, Error> {
    let Value::Str(text) = value else {
        return Err(Error::type_error(format!(
            "The fill character must be a unicode character, not {}",
            value.type_name()
        )));
    };
    let plain = text.plain();
    let mut chars = plain.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(Error::type_error(
            "The fill character must be exactly one character long",
        )),
    }
}

fn zfill(cx: &Cx, text: &str, args: Args) -> Result<String, Error> {
    let width = params::int(&params::one(args, "str.zfill")?)?;
    let missing = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(char_count(text));
    check_length(cx, missing)?;
    let zeros = "0".repeat(missing);
    Ok(match text.strip_prefix(['+', '-']) {
        Some(rest) => format!("{}{zeros}{rest}", text.get(..1).unwrap_or("")),
        None => format!("{zeros}{text}"),
    })
}

fn expand_tabs(cx: &Cx, text: &str, args: Args) -> Result<String, Error> {
    let [size] = args.bind("expandtabs", ["tabsize"], 0)?;
    let size = usize::try_from(params::int_or(size.as_ref(), 8)?).unwrap_or(0);
    check_length(cx, text.matches('\t').count().saturating_mul(size))?;
    let (mut out, mut column) = (String::new(), 0);
    for c in text.chars() {
        match c {
            '\t' => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    Ok(out)
}

/// `format(value, spec)` as a text.
pub(crate) fn formatted(cx: &Cx, value: &Value, spec: &str) -> Result<String, Error> {
    let text = format::format(value, spec, cx.limits().text)?;
    check_length(cx, text.len())?;
    Ok(text)
}

/// A text that is printed into another: `str(value)` without marks.
pub(crate) fn printed(value: &Value) -> Cow<'static, str> {
    Cow::Owned(super::to_str(value).plain().into_owned())
}
