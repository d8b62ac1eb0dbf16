//! Filters for HTML, URLs and JSON.

use crate::{Args, Cx, Error, Str, Value};

use super::{soft, truth};
use crate::python::{attributes, iterate, json, params, repr, strings, to_str};

/// `markupsafe.escape()`.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '>' => out.push_str("&gt;"),
            '<' => out.push_str("&lt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn escape_filter(cx: &Cx, args: Args) -> Result<Value, Error> {
    let text = to_str(&params::one(args, "escape")?);
    let plain = text.plain();
    strings::check_length(cx, plain.len().saturating_mul(5))?;
    Ok(Value::str(escape(&plain)))
}

pub(super) fn tojson(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, indent] = args.bind("do_tojson", ["value", "indent"], 1)?;
    let indent = match params::given(indent) {
        None => None,
        Some(Value::Str(indent)) => Some(indent.plain().into_owned()),
        Some(other) => Some(" ".repeat(usize::try_from(params::int(&other)?).unwrap_or(0).min(1000))),
    };
    // Jinja2's policy `json.dumps_kwargs` sorts the keys.
    let text = json::dumps(&value.unwrap_or_default(), true, indent.as_deref())?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\'' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    Ok(Value::str(out))
}

pub(super) fn striptags(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("do_striptags", ["value"], 1)?;
    let text = soft(value);
    let mut rest = text.plain().into_owned();
    for (open, close) in [("<!--", "-->"), ("<", ">")] {
        let mut out = String::with_capacity(rest.len());
        let mut left = rest.as_str();
        while let Some((before, from)) = left.split_once(open) {
            let Some((_, after)) = from.split_once(close) else {
                break;
            };
            out.push_str(before);
            left = after;
        }
        out.push_str(left);
        rest = out;
    }
    let words: Vec<&str> = rest
        .split(strings::is_space)
        .filter(|word| !word.is_empty())
        .collect();
    Ok(Value::str(unescape(&words.join(" "))))
}

/// The named entities that occur in practice, and all that are written as numbers.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        out.push_str(before);
        let entity = from
            .split_once(';')
            .and_then(|(name, after)| Some((entity(name)?, after)));
        match entity {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "copy" => '©',
        "reg" => '®',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "raquo" => '»',
        "laquo" => '«',
        _ => return None,
    })
}

/// `urllib.parse.quote()`.
fn url_quote(value: &Value, for_query: bool) -> String {
    let text = to_str(value);
    let mut out = String::new();
    for byte in text.plain().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b'/' if !for_query => out.push('/'),
            b' ' if for_query => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub(super) fn urlencode(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("do_urlencode", ["value"], 1)?;
    let value = value.unwrap_or_default();
    if matches!(value, Value::Str(_)) || !iterate::is_iterable(&value) {
        return Ok(Value::from(url_quote(&value, false)));
    }
    let pairs = match &value {
        Value::Dict(dict) => dict.items(),
        other => {
            let mut pairs = Vec::new();
            for pair in iterate::iterate(cx, other)? {
                if !iterate::is_iterable(&pair) {
                    return Err(Error::type_error(format!(
                        "cannot unpack non-iterable {} object",
                        pair.type_name()
                    )));
                }
                match iterate::iterate(cx, &pair)?.as_slice() {
                    [key, value] => pairs.push((key.clone(), value.clone())),
                    parts if parts.len() > 2 => {
                        return Err(Error::value_error("too many values to unpack (expected 2)"));
                    }
                    parts => {
                        return Err(Error::value_error(format!(
                            "not enough values to unpack (expected 2, got {})",
                            parts.len()
                        )));
                    }
                }
            }
            pairs
        }
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", url_quote(key, true), url_quote(value, true)))
        .collect();
    Ok(Value::from(pairs.join("&")))
}

pub(super) fn xmlattr(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, autospace] = args.bind("do_xmlattr", ["d", "autospace"], 1)?;
    let items = super::sorting::pairs(cx, &value.unwrap_or_default())?;
    let mut parts = Vec::new();
    for pair in iterate::iterate(cx, &items)? {
        let key = attributes::item(cx, &pair, &Value::Int(0))?;
        let value = attributes::item(cx, &pair, &Value::Int(1))?;
        if value.is_none() || value.is_undefined() {
            continue;
        }
        let name = params::text(&key, "attribute name")?;
        if name.contains(|c: char| c.is_ascii_whitespace() || matches!(c, '\u{b}' | '/' | '>' | '=')) {
            return Err(Error::value_error(format!(
                "Invalid character in attribute name: {}",
                repr(&key)
            )));
        }
        parts.push(format!(
            "{}=\"{}\"",
            escape(&name),
            escape(&strings::printed(&value))
        ));
    }
    let text = parts.join(" ");
    let space = if truth(autospace, true) && !text.is_empty() {
        " "
    } else {
        ""
    };
    Ok(Value::Str(Str::plain_from(&format!("{space}{text}"))))
}
