//! `invalid-python-escape`.

use glueline_base::{FileRange, Fix, Severity, TextRange, range, slice};

use super::texts::{is_always_rendered, is_sent, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};
use glueline_python::{Escape, escape as python};

pub(crate) static RULE: Rule = rule!(
    "invalid-python-escape",
    Fails,
    Error,
    "invalid_python_escape.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    if !text.contains('\\') || !is_sent(cx) {
        return;
    }
    for place in of_node(cx.node, facts).flat_map(|part| faults(text, part)) {
        let written = slice(text, place);
        let certain = is_always_rendered(text, place.start());
        let message = format!(
            "`{written}` is no escape that Python knows, and dbt-glue pastes this SQL into a Python text: the statement \
             fails with `SyntaxError`, even from within a comment. Double the backslash."
        );
        let at = FileRange { file, range: place };
        let severity = if certain {
            Severity::Error
        } else {
            Severity::Warning
        };
        let fix = Fix::needs_consent("Double the backslash").insert_before(at, "\\");
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity).fix(fix));
    }
}

/// The escapes of one text at which Python gives up.
fn faults(text: &str, part: TextRange) -> Vec<TextRange> {
    let written = slice(text, part);
    let start = usize::from(part.start());
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = written.get(at..).and_then(|rest| rest.find('\\')) {
        at += next;
        let (escape, length) = python(written.get(at..).unwrap_or_default());
        if escape == Escape::Fault {
            let place = range(start + at, start + at + length);
            found.push(place);
        }
        at += length;
    }
    found
}
