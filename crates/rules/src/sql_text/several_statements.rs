//! `several-statements`.

use glueline_base::FileRange;
use glueline_project::Resolution;

use super::semicolons;
use super::texts::{is_always_rendered, is_sent};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "several-statements",
    Sql,
    Error,
    "several_statements.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    if !text.contains(';') || !is_sent(cx) {
        return;
    }
    let found = semicolons::of(cx, facts);
    let Some(first) = found.iter().find(|semicolon| !semicolon.is_last) else {
        return;
    };
    // Where an ephemeral model is put before it, dbt drops the second statement itself: another rule.
    if !is_always_rendered(text, first.range.start()) || reads_ephemeral(cx) {
        return;
    }
    let message = format!(
        "SQL goes on after this `;`. Spark takes one statement at a time, and a {} is one: `PARSE_SYNTAX_ERROR`. Move \
         the other statement into a hook, one for each.",
        cx.node.kind
    );
    sink.push(cx.diagnostic(
        &RULE.meta,
        FileRange {
            file,
            range: first.range,
        },
        message,
    ));
}

/// Whether the node reads an ephemeral model, or may do so.
fn reads_ephemeral(cx: &NodeCx<'_>) -> bool {
    cx.node.dependencies.iter().any(|dependency| {
        let Resolution::Node(read) = dependency.resolution else {
            return false;
        };
        let (project, node) = (cx.project, cx.project.node(read));
        matches!(NodeCx { project, node }.materialized(), None | Some("ephemeral"))
    })
}
