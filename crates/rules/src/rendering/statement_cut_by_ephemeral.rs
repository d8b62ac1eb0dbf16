//! `statement-cut-by-ephemeral`.

use super::report::{Findings, is_sent, known};
use super::sql;
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};
use crate::run::is_own;

pub(crate) static RULE: Rule = rule!(
    "statement-cut-by-ephemeral",
    Data,
    Error,
    "statement_cut_by_ephemeral.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    let mut findings = Findings::default();
    for (node, life, compiled, _) in known(cx) {
        let Some(cut) = compiled.cut().filter(|_| is_sent(&node)) else {
            continue;
        };
        let (tokens, open) = sql::tokens(cut.rest);
        if open.is_none() && tokens.iter().all(|token| token.is_symbol(";")) {
            continue;
        }
        let message = format!(
            "dbt drops everything behind this `;`: `{}` reads an ephemeral model, and where dbt puts one into SQL it keeps \
             the first statement alone. A {} is one statement; move the others into hooks.",
            node.node.name, node.node.kind
        );
        let at = cut.places.into_iter().find(|place| is_own(project, place.file));
        findings.add(node.node, life, at.unwrap_or(node.node.at), message);
    }
    findings.report(cx, &RULE.meta, sink);
}
