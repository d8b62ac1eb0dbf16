//! Texts with places for values.

use glueline_template::{Str, Value, to_str};

/// Values written one behind the other, with the marks of where they come from.
pub(super) fn concat(parts: impl IntoIterator<Item = Value>) -> Value {
    join("", parts)
}

/// Values written one behind the other with a text between them: the filter `join`.
pub(super) fn join(between: &str, parts: impl IntoIterator<Item = Value>) -> Value {
    let parts: Vec<Str> = parts.into_iter().map(|part| to_str(&part)).collect();
    Value::Str(Str::plain_from(between).join(&parts))
}

/// A piece of a text with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// The name between braces.
    Place(&'a str),
}

/// The pieces of a text. Braces around anything but a name are text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest
        .get(from..)
        .and_then(|tail| tail.find('{'))
        .map(|at| at + from)
    {
        let name = rest
            .get(open + 1..)
            .and_then(|tail| tail.find('}').and_then(|end| tail.get(..end)))
            .filter(|name| is_name(name));
        let Some(name) = name else {
            from = open + 1;
            continue;
        };
        pieces.push(Piece::Text(rest.get(..open).unwrap_or_default()));
        pieces.push(Piece::Place(name));
        rest = rest.get(open + name.len() + 2..).unwrap_or_default();
        from = 0;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The names of the places in a text.
#[cfg(test)]
pub(super) fn names(text: &str) -> Vec<&str> {
    let places = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Place(name) => Some(name),
        Piece::Text(_) => None,
    });
    places.collect()
}

/// A text with its places filled. A place without a value stays as it is written.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<Value>) -> Value {
    concat(pieces(text).into_iter().flat_map(|piece| match piece {
        Piece::Text(text) => vec![Value::str(text)],
        Piece::Place(name) => match value(name) {
            Some(value) => vec![value],
            None => vec![Value::str("{"), Value::str(name), Value::str("}")],
        },
    }))
}

/// The filter `trim`.
pub(super) fn trim(value: &Value) -> Value {
    let text = to_str(value);
    let plain = text.plain();
    let start = plain.len() - plain.trim_start().len();
    let length = plain.trim().len();
    Value::Str(text.slice(start..start + length))
}

/// What a value is written as, without marks.
pub(super) fn plain(value: &Value) -> String {
    to_str(value).plain().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_names_between_braces() {
        let value = |name: &str| (name == "a").then(|| Value::str("{a}"));
        for (text, expected) in [
            ("", ""),
            ("x{a}y{a}", "x{a}y{a}"),
            ("{a", "{a"),
            ("{{a}}", "{{a}}"),
            ("{b}{a}", "{b}{a}"),
            ("[0-9]{4}{a}", "[0-9]{4}{a}"),
            ("{\"k\": {a}}", "{\"k\": {a}}"),
            ("\u{e9}{a}\u{e9}", "\u{e9}{a}\u{e9}"),
        ] {
            assert_eq!(plain(&fill(text, value)), expected);
        }
        assert_eq!(
            plain(&fill("x{a}{b}{", |name| (name == "a").then(|| 1.into()))),
            "x1{b}{"
        );
    }

    #[test]
    fn trim_takes_white_space_from_both_ends() {
        for (text, expected) in [
            ("", ""),
            (" \n", ""),
            (" a b\t", "a b"),
            ("\u{a0}\u{e9} ", "\u{e9}"),
        ] {
            assert_eq!(plain(&trim(&Value::str(text))), expected);
        }
    }
}
