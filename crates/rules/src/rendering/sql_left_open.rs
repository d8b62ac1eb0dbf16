//! `sql-left-open`.

use super::report::{Findings, is_sent, known};
use super::sql::{self, Token};
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "sql-left-open",
    Sql,
    Error,
    "sql_left_open.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut findings = Findings::default();
    for (node, life, compiled, code) in known(cx) {
        // dbt-glue puts the SQL into a literal of Python, which reads backslashes before Spark does.
        if !is_sent(&node) || code.contains('\\') {
            continue;
        }
        let (tokens, open) = sql::tokens(code);
        let (start, message) = if let Some(open) = open {
            let what = open.what;
            (
                open.start,
                format!("The {what} that opens here is never closed in the rendered SQL."),
            )
        } else if let Some((start, message)) = parentheses(&tokens) {
            (start, message)
        } else {
            continue;
        };
        let message = format!("{message} Spark answers with a `ParseException`.");
        let at = sql::place(cx.project, compiled, start, start + 1).unwrap_or(node.node.at);
        findings.add(node.node, life, at, message);
    }
    findings.report(cx, &RULE.meta, sink);
}

/// The first parenthesis that has no partner.
fn parentheses(tokens: &[Token<'_>]) -> Option<(usize, String)> {
    let mut open = Vec::new();
    for token in tokens {
        if token.is_symbol("(") {
            open.push(token.start);
        } else if token.is_symbol(")") && open.pop().is_none() {
            let message = "The `)` here closes nothing in the rendered SQL.";
            return Some((token.start, message.to_owned()));
        }
    }
    let start = open.last().copied()?;
    Some((
        start,
        "The `(` here is never closed in the rendered SQL.".to_owned(),
    ))
}
