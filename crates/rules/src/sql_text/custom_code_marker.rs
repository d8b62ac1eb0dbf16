//! `custom-code-marker`.

use glueline_base::Severity;

use super::texts::{find, is_always_rendered, is_sent};
use glueline_render::AS_IT_STANDS;

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "custom-code-marker",
    Fails,
    Error,
    "custom_code_marker.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !is_sent(cx) {
        return;
    }
    let Some(at) = find(cx, AS_IT_STANDS) else { return };
    let text = cx.project.files().text(at.file);
    let severity = if is_always_rendered(text, at.range.start()) {
        Severity::Error
    } else {
        Severity::Warning
    };
    let message = format!(
        "With `{AS_IT_STANDS}` anywhere in it, even in a comment, dbt-glue runs the whole statement as Python. The statement \
         of this {} begins with SQL, so that it fails with `SyntaxError`. Take the word out.",
        cx.node.kind
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}
