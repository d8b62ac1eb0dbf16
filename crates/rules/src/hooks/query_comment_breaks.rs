//! `query-comment-breaks`.

use glueline_base::{Diagnostic, FileRange, Spanned, Value, slice};
use glueline_jinja::Piece;
use glueline_project::Project;

use super::hook;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};
use glueline_python::Escape;

pub(crate) static RULE: Rule = rule!(
    "query-comment-breaks",
    Fails,
    Error,
    "query_comment_breaks.md",
    Check::Project(check), Link: "DbtRuntimeError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let Some(comment) = comment(cx.project) else {
        return;
    };
    let Some(text) = comment.value.as_str() else {
        return;
    };
    let Some((at, length, why)) = fault(text) else {
        return;
    };
    let whole = FileRange {
        file: cx.project.project_file().file,
        range: comment.range,
    };
    let place = hook::part(cx.project, whole, text, at, length).unwrap_or(whole);
    let found = Diagnostic::new(&RULE.meta, place, why);
    // dbt itself looks for the end of a comment alone.
    let stop = found.stop.filter(|_| text.get(at..at + length) == Some("*/"));
    sink.push(found.stop(stop));
}

/// The text of `query-comment`, as it is written: it is rendered for each node.
fn comment(project: &Project) -> Option<&Spanned<Value>> {
    let root = &project.project_file().value.value;
    let setting = root.get("query-comment").or_else(|| root.get("query_comment"))?;
    match &setting.value {
        Value::Map(_) => setting.value.get("comment"),
        _ => Some(setting),
    }
}

/// The first thing that no node survives. Only what is written outside of Jinja is sure to be sent.
fn fault(text: &str) -> Option<(usize, usize, &'static str)> {
    let template = glueline_jinja::parse(text);
    template.body.iter().find_map(|piece| {
        let Piece::Text(range) = piece else { return None };
        let (start, part) = (usize::from(range.start()), slice(text, *range));
        if let Some(at) = part.find("*/") {
            let why = "A query comment cannot contain `*/`: dbt stops with `query comment contains illegal value`, and no \
                       command runs.";
            return Some((start + at, 2, why));
        }
        if let Some(at) = part.find("'''") {
            let why = "Three quotes in a row end the Python text that dbt-glue sends each statement in: every node fails. \
                       Use other quotes.";
            return Some((start + at, 3, why));
        }
        let (at, length) = broken_escape(part)?;
        let why = "Python reads this backslash as the start of an escape that is not complete: every node fails with a \
                   syntax error inside of the session. Double it.";
        Some((start + at, length, why))
    })
}

fn broken_escape(text: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    while let Some(offset) = text.get(at..)?.find('\\') {
        at += offset;
        let (escape, length) = glueline_python::escape(text.get(at..)?);
        if escape == Escape::Fault {
            return Some((at, length));
        }
        at += length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_comment_is_found() {
        let cases = [
            ("plain", None),
            ("run by {{ target.name }}", None),
            ("a */ b", Some((2, 2))),
            ("{{ '*/' }}", None),
            ("{{ x }} it's '''odd'''", Some((13, 3))),
            (r"path \N here", Some((5, 2))),
            (r"path \\N here", None),
            (r"a \d b", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                fault(text).map(|(at, length, _)| (at, length)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn torn_comments_are_read() {
        let text = r"é {{ x }} \x4 '''  */ \U0001 {% if";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            if let Some((at, length, _)) = fault(text.get(..end).unwrap()) {
                assert!(text.is_char_boundary(at) && at + length <= end);
            }
        }
    }
}
