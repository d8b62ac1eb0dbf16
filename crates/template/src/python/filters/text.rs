//! Filters on texts.

use crate::{Args, Cx, Error, ErrorKind, Str, Value};

use super::{argument_error, soft, truth};
use crate::python::strings::{self, byte_of, char_count};
use crate::python::{binary, call_method, params, to_str};

/// The one argument of a filter that takes nothing but the value.
fn only(args: Args, function: &str, name: &'static str) -> Result<Str, Error> {
    let [value] = args.bind(function, [name], 1)?;
    Ok(soft(value))
}

fn case(cx: &Cx, text: Str, method: &str) -> Result<Value, Error> {
    call_method(cx, &Value::Str(text), method, Args::default())
}

pub(super) fn upper(cx: &Cx, args: Args) -> Result<Value, Error> {
    case(cx, only(args, "do_upper", "s")?, "upper")
}

pub(super) fn lower(cx: &Cx, args: Args) -> Result<Value, Error> {
    case(cx, only(args, "do_lower", "s")?, "lower")
}

pub(super) fn capitalize(cx: &Cx, args: Args) -> Result<Value, Error> {
    case(cx, only(args, "do_capitalize", "s")?, "capitalize")
}

/// Words start in upper case; unlike `str.title()`, only spaces, brackets and hyphens separate them.
pub(super) fn title(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let text = only(args, "do_title", "s")?;
    let plain = text.plain();
    let mut out = String::with_capacity(plain.len());
    let mut word = String::new();
    let is_break = |c: char| matches!(c, '-' | '(' | '{' | '[' | '<') || strings::is_space(c);
    let finish = |word: &mut String, out: &mut String| {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            out.push_str(&strings::upper(first.encode_utf8(&mut [0; 4])));
            out.push_str(&strings::lower(chars.as_str()));
        }
        word.clear();
    };
    for c in plain.chars() {
        if is_break(c) {
            finish(&mut word, &mut out);
            out.push(c);
        } else {
            word.push(c);
        }
    }
    finish(&mut word, &mut out);
    Ok(Value::str(out))
}

pub(super) fn center(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, width] = args.bind("do_center", ["value", "width"], 1)?;
    let width = width.unwrap_or(Value::Int(80));
    call_method(cx, &Value::Str(soft(value)), "center", Args::of(vec![width]))
}

pub(super) fn trim(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, chars] = args.bind("do_trim", ["value", "chars"], 1)?;
    call_method(
        cx,
        &Value::Str(soft(value)),
        "strip",
        Args::of(vec![chars.unwrap_or_default()]),
    )
}

pub(super) fn replace(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [text, old, new, count] = args.bind("do_replace", ["s", "old", "new", "count"], 3)?;
    let count = params::given(count).map_or(Ok(-1), |count| params::int(&count))?;
    strings::replace(cx, &soft(text), &soft(old).plain(), &soft(new), count).map(Value::Str)
}

pub(super) fn format(cx: &Cx, args: Args) -> Result<Value, Error> {
    let mut positional = args.positional.into_iter();
    let text = Value::Str(soft(positional.next()));
    let rest: Vec<Value> = positional.collect();
    if !rest.is_empty() && !args.keywords.is_empty() {
        return Err(argument_error(
            "can't handle positional and keyword arguments at the same time",
        ));
    }
    let values = if args.keywords.is_empty() {
        Value::tuple(rest)
    } else {
        Value::dict(args.keywords)
    };
    binary(cx, "%", &text, &values)
}

pub(super) fn indent(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [text, width, first, blank] = args.bind("do_indent", ["s", "width", "first", "blank"], 1)?;
    let indention = match width.unwrap_or(Value::Int(4)) {
        Value::Str(text) => text,
        other => to_str(&binary(cx, "*", &Value::str(" "), &other)?),
    };
    let text = text.unwrap_or_default();
    let Value::Str(text) = &text else {
        return Err(match &text {
            Value::Undefined(undefined) => Error::undefined(undefined.message.clone()),
            Value::List(_) => Error::new(
                ErrorKind::Python("AttributeError"),
                "'list' object has no attribute 'splitlines'",
            ),
            Value::Tuple(_) => Error::type_error("can only concatenate tuple (not \"str\") to tuple"),
            other => Error::type_error(format!(
                "unsupported operand type(s) for +=: '{}' and 'str'",
                other.type_name()
            )),
        });
    };
    let newline = Str::plain_from("\n");
    let lines = strings::split_lines(&text.concat(&newline), false);
    let total = lines.len().saturating_mul(indention.marked().len());
    strings::check_length(cx, text.marked().len().saturating_add(total))?;
    let mut parts: Vec<Str> = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        if index > 0 {
            parts.push(newline.clone());
        }
        let indented = if index == 0 {
            truth(first.clone(), false)
        } else {
            truth(blank.clone(), false) || !line.is_empty()
        };
        if indented {
            parts.push(indention.clone());
        }
        parts.push(line);
    }
    Ok(Value::Str(Str::plain_from("").join(&parts)))
}

pub(super) fn truncate(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["s", "length", "killwords", "end", "leeway"];
    let [text, length, kill_words, end, leeway] = args.bind("do_truncate", names, 1)?;
    let length = params::int_or(length.as_ref(), 255)?;
    let end = end.map_or_else(|| Str::plain_from("..."), |end| to_str(&end));
    // Jinja2's policy `truncate.leeway`.
    let leeway = params::given(leeway).map_or(Ok(5), |leeway| params::int(&leeway))?;
    let end_length = i64::try_from(char_count(&end.plain())).unwrap_or(i64::MAX);
    let assertion = |message: String| Error::new(ErrorKind::Python("AssertionError"), message);
    if length < end_length {
        return Err(assertion(format!(
            "expected length >= {end_length}, got {length}"
        )));
    }
    if leeway < 0 {
        return Err(assertion(format!("expected leeway >= 0, got {leeway}")));
    }
    let text = text.unwrap_or_default();
    let Value::Str(text) = &text else {
        crate::python::iterate::length(&text)?;
        return Ok(text);
    };
    let plain = text.plain();
    if char_count(&plain) as u64 <= length.saturating_add(leeway).unsigned_abs() {
        return Ok(Value::Str(text.clone()));
    }
    let cut = byte_of(&plain, usize::try_from(length - end_length).unwrap_or(0));
    let kept = plain.get(..cut).unwrap_or("");
    let kept = if truth(kill_words, false) {
        kept
    } else {
        kept.rsplit_once(' ').map_or(kept, |(kept, _)| kept)
    };
    Ok(Value::Str(text.slice(0..kept.len()).concat(&end)))
}

pub(super) fn wordcount(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let text = only(args, "do_wordcount", "s")?;
    let plain = text.plain();
    let words = plain
        .split(|c: char| c != '_' && !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    Ok(Value::Int(i64::try_from(words.count()).unwrap_or(i64::MAX)))
}
