//! Reads what macro files say: which macros they define, and which configs they and Python code look up.

use std::collections::{BTreeMap, BTreeSet};

use crate::python::{split_top, string_literal};

/// A macro as its file defines it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Macro {
    /// The name that dbt gives it: tests and materializations have prefixes and suffixes.
    pub(crate) name: String,
    /// The names of its parameters.
    pub(crate) parameters: Vec<String>,
}

/// The macros, tests and materializations of a file, in order.
pub(crate) fn macros(source: &str) -> Vec<Macro> {
    let source = without_comments(source);
    let mut found = Vec::new();
    let mut rest = source.as_str();
    while let Some((_, after)) = rest.split_once("{%") {
        let (tag, next) = split_tag(after);
        if let Some(defined) = definition(tag.trim_start_matches(['-', '+']).trim()) {
            found.push(defined);
        }
        rest = next;
    }
    found
}

/// The configs that a text looks up, each with its first default: `config.get('x', 'y')`, `config.require('x')`,
/// `config["x"]`, `["config"].get("x")` and `.get("config", {}).get("x")`, in SQL and in Python.
pub(crate) fn config_reads(source: &str) -> BTreeMap<String, Option<String>> {
    let mut reads = BTreeMap::new();
    for call in [
        "config.get(",
        "config.require(",
        "config.meta_get(",
        "config['",
        "config[\"",
        "['config'].get(",
        "[\"config\"].get(",
        "['config']['",
        "[\"config\"][\"",
        ".get(\"config\", {}).get(",
        ".get('config', {}).get(",
    ] {
        let mut rest = source;
        while let Some((before, after)) = rest.split_once(call) {
            rest = after;
            // `session_config['x']` and `_create_session_config["x"]` are no configs of nodes.
            let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if !whole && call.starts_with("config") {
                continue;
            }
            if let Some((name, default)) = first_arguments(after, call) {
                let slot = reads.entry(name).or_insert(None);
                if slot.is_none() {
                    *slot = default;
                }
            }
        }
    }
    reads
}

/// The texts in the list that follows a phrase: `accepted_formats = ['a', 'b']`.
pub(crate) fn list_after(source: &str, phrase: &str) -> Option<BTreeSet<String>> {
    let (_, after) = source.split_once(phrase)?;
    let list: BTreeSet<String> = crate::python::string_list(after).into_iter().collect();
    (!list.is_empty()).then_some(list)
}

fn first_arguments(after: &str, call: &str) -> Option<(String, Option<String>)> {
    if !call.ends_with('(') {
        let name: String = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || "_-".contains(*c))
            .collect();
        let closed = after.get(name.len()..)?.starts_with(['\'', '"']);
        return (closed && !name.is_empty()).then_some((name, None));
    }
    let end = closing(after)?;
    let parts = split_top(after.get(..end)?, ',');
    let name = string_literal(parts.first()?)?;
    let default = parts
        .get(1)
        .filter(|part| !part.starts_with("validator"))
        .map(|part| part.strip_prefix("default=").unwrap_or(part).trim().to_owned());
    Some((name, default))
}

/// Where the bracket closes that stands before the text.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (1_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn definition(tag: &str) -> Option<Macro> {
    let (word, rest) = tag.split_once(char::is_whitespace)?;
    let rest = rest.trim();
    match word {
        "macro" => {
            let (name, arguments) = rest.split_once('(')?;
            Some(Macro {
                name: name.trim().to_owned(),
                parameters: parameters(arguments),
            })
        }
        "test" | "data_test" => {
            let (name, arguments) = rest.split_once('(')?;
            Some(Macro {
                name: format!("test_{}", name.trim()),
                parameters: parameters(arguments),
            })
        }
        "materialization" => {
            let parts = split_top(rest, ',');
            let name = parts.first()?;
            let adapter = parts
                .iter()
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| key.trim() == "adapter")
                .and_then(|(_, value)| string_literal(value))
                .unwrap_or_else(|| "default".to_owned());
            Some(Macro {
                name: format!("materialization_{name}_{adapter}"),
                parameters: Vec::new(),
            })
        }
        _ => None,
    }
}

fn parameters(arguments: &str) -> Vec<String> {
    let end = closing(arguments).unwrap_or(arguments.len());
    split_top(arguments.get(..end).unwrap_or(""), ',')
        .into_iter()
        .filter_map(|part| part.split('=').next())
        .map(|name| name.trim().to_owned())
        .collect()
}

/// The inside of a tag and what follows it; a `%}` inside a text does not end it.
fn split_tag(after: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in after.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '%') if after.get(at..).is_some_and(|rest| rest.starts_with("%}")) => {
                let tag = after.get(..at).unwrap_or("").trim_end_matches(['-', '+']);
                return (tag, after.get(at + 2..).unwrap_or(""));
            }
            (None, _) => {}
        }
    }
    // A tag that is not closed, often for a lone apostrophe: go on behind the opening.
    ("", after)
}

fn without_comments(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{#") {
        out.push_str(before);
        rest = after.split_once("#}").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
{# {% macro hidden() %} #}
{% macro a(x, y=none, z=f('1, 2')) -%} it's {%- endmacro %}
{%- macro spaced(
    one,
    two = "%}"
) %}{% set q = config.get('file_format', default='parquet') %}{% endmacro %}
{% test positive(model, column_name) %}{% endtest %}
{% materialization table, adapter = 'glue', supported_languages=['sql', 'python'] %}
{% materialization view, default -%}
{% set other = config.get("persist", validator=validation.any[list]) or config.require('unique_key') %}
"#;

    #[test]
    fn macros_have_names_and_parameters() {
        let found: Vec<_> = macros(SOURCE)
            .into_iter()
            .map(|defined| format!("{}({})", defined.name, defined.parameters.join(",")))
            .collect();
        assert_eq!(
            found,
            [
                "a(x,y,z)",
                "spaced(one,two)",
                "test_positive(model,column_name)",
                "materialization_table_glue()",
                "materialization_view_default()",
            ]
        );
    }

    #[test]
    fn reads_of_configs() {
        let reads = |text: &str| {
            config_reads(text)
                .into_iter()
                .map(|(name, default)| format!("{name}={}", default.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            reads(SOURCE),
            ["file_format='parquet'", "persist=", "unique_key="]
        );
        assert_eq!(
            reads("m['config']['timeout'] or m[\"config\"].get(\"x\", 60 * 60)"),
            ["timeout=", "x=60 * 60"]
        );
        assert_eq!(
            reads("p.get(\"config\", {}).get(\"packages\", [])"),
            ["packages=[]"]
        );
        assert_eq!(
            reads("self._create_session_config[\"workers\"] my_config.get('y')"),
            Vec::<String>::new()
        );
        assert_eq!(
            reads("config.get(name) config.get('a' config['b"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn lists_after_a_phrase() {
        let list = list_after("x accepted = ['b', 'a'] y", "accepted =").unwrap();
        assert_eq!(list.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(list_after("x", "accepted ="), None);
        assert_eq!(list_after("accepted = 3", "accepted ="), None);
    }

    #[test]
    fn torn_files_are_no_trouble() {
        for at in 0..=SOURCE.len() {
            let (Some(head), Some(tail)) = (SOURCE.get(..at), SOURCE.get(at..)) else {
                continue;
            };
            assert!(macros(head).len() <= 5);
            assert!(macros(tail).len() <= 6);
            assert!(config_reads(tail).len() <= 3);
        }
    }
}
