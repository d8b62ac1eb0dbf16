//! Comments that silence a rule: `glueline: allow(rule-id)`.
//!
//! `-- glueline: allow(id)` in SQL, `{# glueline: allow(id) #}` in Jinja, `# glueline: allow(id)` in YAML and Python; on
//! the line itself or alone on the line before; `allow-file(id)` anywhere in a file. Several ids are separated by commas.

use glueline_base::{LineIndex, Spanned, TextRange, TextSize, range};

/// One id in one comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowed<'a> {
    /// The id as written.
    pub(crate) id: Spanned<&'a str>,
    /// The line it speaks for, from 1; `None` for the whole file.
    pub(crate) line: Option<u32>,
}

const MARK: &str = "glueline: allow";

/// Every id that comments of a file allow.
pub(crate) fn read(text: &str) -> Vec<Allowed<'_>> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let rest = text.get(at + MARK.len()..).unwrap_or_default();
        let (whole_file, open) = match rest.strip_prefix("-file(") {
            Some(list) => (true, list),
            None => match rest.strip_prefix('(') {
                Some(list) => (false, list),
                None => continue,
            },
        };
        let Some(list) = open.split([')', '\n']).next() else {
            continue;
        };
        let start = text.len() - open.len();
        let line_start = text
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1);
        let Some(opener) = text.get(line_start..at).and_then(comment_start) else {
            continue;
        };
        let line = index
            .line_column(TextSize::new(u32::try_from(at).unwrap_or(u32::MAX)))
            .line;
        let alone = opener.trim().is_empty();
        let line = (!whole_file).then_some(if alone { line + 1 } else { line });
        found.extend(ids(list, start).map(|id| Allowed { id, line }));
    }
    found
}

/// What stands before the comment on its line, if `before` ends in the opening of a comment.
fn comment_start(before: &str) -> Option<&str> {
    let before = before.trim_end();
    ["--", "{#-", "{#", "#", "/*"]
        .iter()
        .find_map(|mark| before.strip_suffix(mark))
}

fn ids(list: &str, start: usize) -> impl Iterator<Item = Spanned<&str>> {
    let mut at = start;
    list.split(',').filter_map(move |part| {
        let lead = part.len() - part.trim_start().len();
        let id = part.trim();
        let from = at + lead;
        at += part.len() + 1;
        (!id.is_empty()).then(|| Spanned::new(id, range(from, from + id.len())))
    })
}

/// The range of the id, for the report that it is of no use.
pub(crate) const fn place(allowed: &Allowed<'_>) -> TextRange {
    allowed.id.range
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(&str, Option<u32>)> {
        read(text)
            .into_iter()
            .map(|allowed| (allowed.id.value, allowed.line))
            .collect()
    }

    #[test]
    fn comments_of_every_language_speak_for_their_line_or_the_next() {
        assert_eq!(lines("select 1 -- glueline: allow(a)\n"), [("a", Some(1))]);
        assert_eq!(
            lines("-- glueline: allow(a, b-c)\nselect 1"),
            [("a", Some(2)), ("b-c", Some(2))]
        );
        assert_eq!(
            lines("  {# glueline: allow(a) #}\n{{ config() }}"),
            [("a", Some(2))]
        );
        assert_eq!(lines("{{ x }} {#- glueline: allow(a) -#}"), [("a", Some(1))]);
        assert_eq!(lines("a: 1 # glueline: allow(x)"), [("x", Some(1))]);
        assert_eq!(lines("\n\n# glueline: allow-file(x)\n"), [("x", None)]);
    }

    #[test]
    fn what_is_no_comment_allows_nothing() {
        assert!(lines("select 'glueline: allow(a)'").is_empty());
        assert!(lines("-- glueline: allow a").is_empty());
        assert!(lines("-- glueline: allow(").is_empty());
    }

    #[test]
    fn ids_are_placed() {
        let text = "-- glueline: allow(é, b)";
        let found = read(text);
        assert_eq!(glueline_base::slice(text, found[1].id.range), "b");
    }
}
