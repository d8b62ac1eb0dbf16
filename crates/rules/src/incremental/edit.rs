//! Writing config the way its surroundings are written: keyword arguments, mappings, YAML.

use glueline_base::{FileRange, TextRange, Value, range, slice};
use glueline_project::{Contribution, FileKind};

use crate::context::NodeCx;

/// How a setting is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// `config(key='value')` in SQL.
    Jinja,
    /// `config({'key': 'value'})` in SQL.
    JinjaMap,
    /// `dbt.config(key="value")`.
    Python,
    /// `key: value`.
    Yaml,
}

fn notation(cx: &NodeCx<'_>, set: &Contribution) -> Notation {
    match cx.project.files().info(set.file).kind {
        FileKind::PythonModel => Notation::Python,
        FileKind::Properties | FileKind::ProjectFile => Notation::Yaml,
        _ if written(cx, set, set.key.range).starts_with(['\'', '"']) => Notation::JinjaMap,
        _ => Notation::Jinja,
    }
}

/// A part of a setting as it stands in its file.
pub(crate) fn written<'a>(cx: &NodeCx<'a>, set: &Contribution, part: TextRange) -> &'a str {
    slice(cx.project.files().text(set.file), part)
}

/// A text, as it is written where a setting stands.
pub(crate) fn text(cx: &NodeCx<'_>, set: &Contribution, value: &str) -> String {
    quoted(notation(cx, set), value)
}

/// A boolean, as it is written where a setting stands.
pub(crate) fn boolean(cx: &NodeCx<'_>, set: &Contribution, value: bool) -> &'static str {
    match (notation(cx, set), value) {
        (Notation::Python, true) => "True",
        (Notation::Python, false) => "False",
        (_, true) => "true",
        (_, false) => "false",
    }
}

fn quoted(notation: Notation, value: &str) -> String {
    let escaped = || value.replace('\\', "\\\\");
    match notation {
        Notation::Python => format!("\"{}\"", escaped().replace('"', "\\\"")),
        Notation::Jinja | Notation::JinjaMap => format!("'{}'", escaped().replace('\'', "\\'")),
        Notation::Yaml if is_plain_yaml(value) => value.to_owned(),
        Notation::Yaml => format!("'{}'", value.replace('\'', "''")),
    }
}

/// Whether YAML reads a bare word as that text: a name that no YAML reader takes for a boolean, a number or null.
fn is_plain_yaml(value: &str) -> bool {
    let special = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !special.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// A list of texts, as it is written where a setting stands.
pub(crate) fn list<'a>(
    cx: &NodeCx<'_>,
    set: &Contribution,
    items: impl IntoIterator<Item = &'a str>,
) -> String {
    let notation = notation(cx, set);
    let items: Vec<String> = items.into_iter().map(|item| quoted(notation, item)).collect();
    format!("[{}]", items.join(", "))
}

/// Where to insert what sets another key to a text right behind a setting, and what to insert. `None` where the place
/// is not certain.
pub(crate) fn another(
    cx: &NodeCx<'_>,
    set: &Contribution,
    key: &str,
    value: &str,
) -> Option<(FileRange, String)> {
    if matches!(set.value.value, Value::List(_) | Value::Map(_) | Value::Null) {
        return None;
    }
    let notation = notation(cx, set);
    let value = quoted(notation, value);
    let gap = gap_before(cx, set);
    let text = match notation {
        Notation::Jinja | Notation::Python => format!(",{gap}{key}={value}"),
        Notation::JinjaMap => format!(",{gap}'{key}': {value}"),
        Notation::Yaml => yaml_entry(cx, set, key, &value)?,
    };
    Some((set.value_at(), text))
}

/// What stands between the comma before a setting and the setting: a line break where it has a line of its own.
fn gap_before(cx: &NodeCx<'_>, set: &Contribution) -> String {
    let file = cx.project.files().text(set.file);
    gap(file, usize::from(set.key.range.start()))
}

fn gap(file: &str, key: usize) -> String {
    let before = file.get(..key).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.len() == before.len() || !line.trim().is_empty() {
        return " ".to_owned();
    }
    let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
    format!("{newline}{line}")
}

fn yaml_entry(cx: &NodeCx<'_>, set: &Contribution, key: &str, value: &str) -> Option<String> {
    let file = cx.project.files().text(set.file);
    let start = usize::from(set.key.range.start());
    let line_start = file.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let before = file.get(line_start..start)?;
    let plus = if written(cx, set, set.key.range).starts_with('+') {
        "+"
    } else {
        ""
    };
    if !before.trim().is_empty() {
        let in_flow = before.contains('{');
        return in_flow.then(|| format!(", {plus}{key}: {value}"));
    }
    let whole = slice(file, range(start, usize::from(set.value.range.end())));
    if whole.contains('\n') {
        return None;
    }
    let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
    Some(format!("{newline}{before}{plus}{key}: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_as_their_neighbours_do() {
        for (file, expected) in [
            ("{{ config(a=1) }}", " "),
            ("{{ config(\n    a=1\n) }}", "\n    "),
            ("{{ config(\r\n\ta=1\r\n) }}", "\r\n\t"),
            ("{{ config(\n    b=2, a=1\n) }}", " "),
        ] {
            assert_eq!(gap(file, file.find("a=1").unwrap()), expected, "{file}");
        }
    }

    #[test]
    fn texts_are_quoted_as_their_surroundings_ask() {
        assert_eq!(quoted(Notation::Jinja, "it's"), "'it\\'s'");
        assert_eq!(quoted(Notation::Python, "a\"b"), "\"a\\\"b\"");
        assert_eq!(quoted(Notation::Yaml, "append"), "append");
        assert_eq!(quoted(Notation::Yaml, "False"), "'False'");
        assert_eq!(quoted(Notation::Yaml, "2"), "'2'");
        assert_eq!(quoted(Notation::Yaml, "it's"), "'it''s'");
    }
}
