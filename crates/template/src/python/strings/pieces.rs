//! Operations that keep pieces of a text: stripping, splitting, replacing. Pieces keep their marks.

use std::ops::Range;

use crate::{Args, Cx, Error, Str, Value};

use super::{check_length, is_space};
use crate::python::params;

/// Strips spaces, or any of the characters, from the sides.
pub(crate) fn trim(text: &Str, chars: Option<&str>, (left, right): (bool, bool)) -> Str {
    let plain = text.plain();
    let strips = |c: char| chars.map_or_else(|| is_space(c), |chars| chars.contains(c));
    let without_start = if left {
        plain.trim_start_matches(strips)
    } else {
        &plain
    };
    let start = plain.len() - without_start.len();
    let inner = if right {
        without_start.trim_end_matches(strips)
    } else {
        without_start
    };
    if inner.len() == plain.len() {
        return text.clone();
    }
    text.slice(start..start + inner.len())
}

/// `split` and `rsplit`.
pub(crate) fn split(cx: &Cx, text: &Str, name: &str, args: Args) -> Result<Value, Error> {
    let [separator, most] = args.bind(name, ["sep", "maxsplit"], 0)?;
    let most = usize::try_from(params::int_or(most.as_ref(), -1)?).unwrap_or(usize::MAX);
    let plain = text.plain();
    let from_end = name == "rsplit";
    let ranges = match params::given(separator) {
        None if from_end => split_spaces_from_end(&plain, most),
        None => split_spaces(&plain, most),
        Some(Value::Str(separator)) => {
            let separator = separator.plain();
            if separator.is_empty() {
                return Err(Error::value_error("empty separator"));
            }
            split_at(&plain, &separator, most, from_end)
        }
        Some(other) => {
            return Err(Error::type_error(format!(
                "must be str or None, not {}",
                other.type_name()
            )));
        }
    };
    cx.spend(ranges.len() as u64)?;
    Ok(Value::list(
        text.slices(&ranges).into_iter().map(Value::Str).collect(),
    ))
}

fn split_at(text: &str, separator: &str, most: usize, from_end: bool) -> Vec<Range<usize>> {
    let mut places: Vec<usize> = if from_end {
        text.rmatch_indices(separator)
            .take(most)
            .map(|(place, _)| place)
            .collect()
    } else {
        text.match_indices(separator)
            .take(most)
            .map(|(place, _)| place)
            .collect()
    };
    places.sort_unstable();
    let mut start = 0;
    let mut ranges = Vec::with_capacity(places.len() + 1);
    for place in places {
        ranges.push(start..place);
        start = place + separator.len();
    }
    ranges.push(start..text.len());
    ranges
}

fn split_spaces(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        if ranges.len() == most {
            ranges.push(start..text.trim_end_matches(is_space).len().max(start));
            // CPython keeps the spaces at the end of what is left over.
            if let Some(last) = ranges.last_mut() {
                last.end = text.len();
            }
            return ranges;
        }
        let length = rest.find(is_space).unwrap_or(rest.len());
        ranges.push(start..start + length);
        rest = rest.get(length..).unwrap_or("").trim_start_matches(is_space);
    }
    ranges
}

fn split_spaces_from_end(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if ranges.len() == most {
            ranges.push(0..rest.len());
            break;
        }
        let start = rest
            .char_indices()
            .rfind(|(_, c)| is_space(*c))
            .map_or(0, |(place, c)| place + c.len_utf8());
        ranges.push(start..rest.len());
        rest = rest.get(..start).unwrap_or("").trim_end_matches(is_space);
    }
    ranges.reverse();
    ranges
}

/// The lines of a text, each with where it ends without and with its line ending.
pub(crate) fn lines(text: &str) -> Vec<(Range<usize>, usize)> {
    let mut lines = Vec::new();
    let (mut start, mut chars) = (0, text.char_indices().peekable());
    while let Some((place, c)) = chars.next() {
        if !matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            continue;
        }
        let mut end = place + c.len_utf8();
        if c == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        lines.push((start..place, end));
        start = end;
    }
    if start < text.len() {
        lines.push((start..text.len(), text.len()));
    }
    lines
}

/// `splitlines`.
pub(crate) fn split_lines(text: &Str, keep_ends: bool) -> Vec<Str> {
    let plain = text.plain();
    let ranges: Vec<_> = lines(&plain)
        .into_iter()
        .map(|(line, end)| if keep_ends { line.start..end } else { line })
        .collect();
    text.slices(&ranges)
}

/// `partition` and `rpartition`.
pub(crate) fn partition(text: &Str, name: &str, args: Args) -> Result<Value, Error> {
    let separator = params::one(args, &format!("str.{name}"))?;
    let Value::Str(separator) = &separator else {
        return Err(Error::type_error(format!(
            "must be str, not {}",
            separator.type_name()
        )));
    };
    let (plain, wanted) = (text.plain(), separator.plain());
    if wanted.is_empty() {
        return Err(Error::value_error("empty separator"));
    }
    let empty = || Str::plain_from("");
    let found = if name == "partition" {
        plain.find(&*wanted)
    } else {
        plain.rfind(&*wanted)
    };
    let parts = match found {
        Some(place) => [
            text.slice(0..place),
            separator.clone(),
            text.slice(place + wanted.len()..plain.len()),
        ],
        None if name == "partition" => [text.clone(), empty(), empty()],
        None => [empty(), empty(), text.clone()],
    };
    Ok(Value::tuple(parts.into_iter().map(Value::Str).collect()))
}

/// `removeprefix` and `removesuffix`.
pub(crate) fn remove_affix(text: &Str, name: &str, args: Args) -> Result<Value, Error> {
    let affix = params::one(args, &format!("str.{name}"))?;
    let affix = params::text(&affix, &format!("{name}() argument"))?;
    let plain = text.plain();
    let range = if name == "removeprefix" {
        plain.starts_with(&affix).then(|| affix.len()..plain.len())
    } else {
        plain.ends_with(&affix).then(|| 0..plain.len() - affix.len())
    };
    Ok(Value::Str(
        range.map_or_else(|| text.clone(), |range| text.slice(range)),
    ))
}

/// `replace(old, new, count)`.
pub(crate) fn replace_method(cx: &Cx, text: &Str, args: Args) -> Result<Value, Error> {
    let [old, new, count] = params::places::<3>(args, "str.replace", 2)?;
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    params::text(&old, "replace() argument 1")?;
    params::text(&new, "replace() argument 2")?;
    let count = params::int_or(count.as_ref(), -1)?;
    match (&old, &new) {
        (Value::Str(old), Value::Str(new)) => replace(cx, text, &old.plain(), new, count).map(Value::Str),
        _ => Ok(Value::None),
    }
}

/// The text with all, or the first `count`, occurrences of a text replaced.
pub(crate) fn replace(cx: &Cx, text: &Str, old: &str, new: &Str, count: i64) -> Result<Str, Error> {
    let plain = text.plain();
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let places: Vec<usize> = plain
        .match_indices(old)
        .take(most)
        .map(|(place, _)| place)
        .collect();
    if places.is_empty() {
        return Ok(text.clone());
    }
    cx.spend(places.len() as u64)?;
    check_length(
        cx,
        plain
            .len()
            .saturating_add(places.len().saturating_mul(new.marked().len())),
    )?;
    let mut ranges = Vec::with_capacity(places.len() + 1);
    let mut start = 0;
    for place in places {
        ranges.push(start..place);
        start = place + old.len();
    }
    ranges.push(start..plain.len());
    Ok(new.join(&text.slices(&ranges)))
}
