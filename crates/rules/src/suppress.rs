//! Comments that silence a rule: `glueline: allow(rule-id)`.
//!
//! `-- glueline: allow(id)` in SQL, `{# glueline: allow(id) #}` in Jinja, `# glueline: allow(id)` in YAML and Python; on
//! the line itself or alone on the line before; `allow-file(id)` anywhere in a file. Several ids are separated by commas.
//! No comment can stand between the lines of a `{{ }}`: alone on the line before, it speaks for all of them.

use std::ops::RangeInclusive;

use glueline_base::{Diagnostic, LineIndex, Spanned, TextRange, TextSize, range};
use glueline_jinja::{Context, Output, Visitor};

/// One id in one comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowed<'a> {
    /// The id as written.
    pub(crate) id: Spanned<&'a str>,
    /// The lines it speaks for, from 1; `None` for the whole file.
    pub(crate) lines: Option<RangeInclusive<u32>>,
}

const MARK: &str = "glueline: allow";

/// Every id that comments of a file allow.
pub(crate) fn read(text: &str) -> Vec<Allowed<'_>> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    let line_of = |offset: usize| {
        index
            .line_column(TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX)))
            .line
    };
    let mut tags: Option<Vec<TextRange>> = None;
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
        let Some(list) = open.split([')', '(', '\n']).next() else {
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
        let line = line_of(at);
        // A byte order mark stands before the first line, not on it.
        let lines = if !opener.trim_start_matches('\u{FEFF}').trim().is_empty() {
            line..=line
        } else if let Some(start) = tag_on_next_line(text, at) {
            let tags = tags.get_or_insert_with(|| output_tags(text));
            let tag = tags.iter().find(|tag| usize::from(tag.start()) == start);
            line + 1..=tag.map_or(line + 1, |tag| line_of(usize::from(tag.end())))
        } else {
            line + 1..=line + 1
        };
        let lines = (!whole_file).then_some(lines);
        found.extend(ids(list, start).map(|id| Allowed {
            id,
            lines: lines.clone(),
        }));
    }
    found
}

/// Takes out of the findings of a file what its comments allow; what is left of the comments allows nothing.
pub(crate) fn apply<'a>(text: &'a str, found: &mut Vec<Diagnostic>) -> Vec<Allowed<'a>> {
    let mut allowed = read(text);
    if allowed.is_empty() {
        return allowed;
    }
    let index = LineIndex::new(text);
    let mut used = vec![false; allowed.len()];
    found.retain(|diagnostic| {
        let first = index.line_column(diagnostic.at.range.start()).line;
        let mut keep = true;
        for (allowed, used) in allowed.iter().zip(&mut used) {
            let speaks_here = allowed.lines.as_ref().is_none_or(|lines| lines.contains(&first));
            if speaks_here && allowed.id.value == diagnostic.rule {
                *used = true;
                keep = false;
            }
        }
        keep
    });
    let mut used = used.into_iter();
    allowed.retain(|_| used.next() == Some(false));
    allowed
}

/// Takes out of the findings of a file what its comments allow.
pub fn without_allowed(text: &str, found: &mut Vec<Diagnostic>) {
    apply(text, found);
}

/// Where a `{{` begins the line below an offset.
fn tag_on_next_line(text: &str, at: usize) -> Option<usize> {
    let next = at + text.get(at..)?.find('\n')? + 1;
    let below = text.get(next..)?;
    let start = below.trim_start_matches([' ', '\t']);
    start.starts_with("{{").then(|| text.len() - start.len())
}

/// Every `{{ }}` of a text.
fn output_tags(text: &str) -> Vec<TextRange> {
    struct Outputs(Vec<TextRange>);
    impl<'t, 'a> Visitor<'t, 'a> for Outputs {
        fn output(&mut self, output: &'t Output<'a>, _context: &Context<'t, 'a>) {
            self.0.push(output.range);
        }
    }
    let mut outputs = Outputs(Vec::new());
    glueline_jinja::walk(&glueline_jinja::parse(text), &mut outputs);
    outputs.0
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

    fn all_lines(text: &str) -> Vec<(&str, Option<RangeInclusive<u32>>)> {
        read(text)
            .into_iter()
            .map(|allowed| (allowed.id.value, allowed.lines))
            .collect()
    }

    /// The first lines.
    fn lines(text: &str) -> Vec<(&str, Option<u32>)> {
        let first = |lines: RangeInclusive<u32>| *lines.start();
        all_lines(text)
            .into_iter()
            .map(|(id, lines)| (id, lines.map(first)))
            .collect()
    }

    #[test]
    fn a_comment_before_a_tag_speaks_for_all_its_lines() {
        let config = "{{\n  config(\n    a={'b': {}}\n  )\n}}\nselect 1\n";
        let below = |text: &str| all_lines(text)[0].1.clone().unwrap();
        for comment in ["-- glueline: allow(a)", "{# glueline: allow(a) #}"] {
            assert_eq!(below(&format!("{comment}\n{config}")), 2..=6);
            assert_eq!(
                below(&format!("{comment}\r\n{}", config.replace('\n', "\r\n"))),
                2..=6
            );
            assert_eq!(
                below(&format!("{{% if x %}}\n  {comment}\n  {config}{{% endif %}}")),
                3..=7
            );
            assert_eq!(below(&format!("{comment}\n\n{config}")), 2..=2);
            assert_eq!(below(&format!("{comment}\n{{{{ torn")), 2..=2);
        }
        assert_eq!(below(&format!("select 1 -- glueline: allow(a)\n{config}")), 1..=1);
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
        assert_eq!(lines("\u{FEFF}-- glueline: allow(a)\nselect 1"), [("a", Some(2))]);
    }

    #[test]
    fn what_is_no_comment_allows_nothing() {
        assert!(lines("select 'glueline: allow(a)'").is_empty());
        assert!(lines("-- glueline: allow a").is_empty());
        assert!(lines("-- glueline: allow(").is_empty());
        // A list that is not closed ends before the next one, however often that is.
        assert_eq!(
            lines("-- glueline: allow(-- glueline: allow(b)"),
            [("-- glueline: allow", Some(2)), ("b", Some(1))]
        );
    }

    #[test]
    fn ids_are_placed() {
        let text = "-- glueline: allow(é, b)";
        let found = read(text);
        assert_eq!(glueline_base::slice(text, found[1].id.range), "b");
    }
}
