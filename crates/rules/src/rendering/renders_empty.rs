//! `renders-empty`.

use glueline_project::{NodeId, ResourceType};

use super::report::{Findings, is_sent, known};
use super::sql;
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "renders-empty",
    Sql,
    Error,
    "renders_empty.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut findings = Findings::default();
    for (node, life, _, code) in known(cx) {
        if !may_be_empty(code) || !is_sent(&node) {
            continue;
        }
        let (tokens, open) = sql::tokens(code);
        if open.is_some() || tokens.iter().any(|token| !token.is_symbol(";")) {
            continue;
        }
        // dbt passes over a file without anything in it.
        if node.node.generic_test.is_none() && cx.project.files().text(node.node.file()).trim().is_empty() {
            continue;
        }
        let kind = node.node.kind;
        let is_ephemeral = kind == ResourceType::Model && node.materialized() == Some("ephemeral");
        let is_read = |id: &NodeId| cx.is_compiled(*id);
        if is_ephemeral && !cx.project.graph().children(node.node.id).iter().any(is_read) {
            continue;
        }
        let printed = if code.trim().is_empty() {
            "nothing"
        } else {
            "no SQL but comments"
        };
        let follows = match kind {
            ResourceType::Model if is_ephemeral => {
                "dbt puts empty parentheses into what reads it, and Spark refuses them"
            }
            ResourceType::Model => {
                "dbt-glue sends a `create ... as` with nothing behind it, and Spark refuses it"
            }
            _ => "dbt puts empty parentheses into its statement, and Spark refuses them",
        };
        let message = format!(
            "The {kind} `{}` renders to {printed}: {follows} with `PARSE_SYNTAX_ERROR`. Write a query that is there in every \
             case, or switch the {kind} off with `enabled: false`.",
            node.node.name
        );
        findings.add(node.node, life, node.node.at, message);
    }
    findings.report(cx, &RULE.meta, sink);
}

/// Whether a text starts with nothing that is SQL: most need no closer look.
fn may_be_empty(code: &str) -> bool {
    let start = code.trim_start();
    start.is_empty() || ["--", "/*", ";"].iter().any(|none| start.starts_with(none))
}
