//! `jinja-left-in-sql`.

use super::report::{Findings, is_sent, known};
use super::sql::{self, Kind};
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "jinja-left-in-sql",
    Sql,
    Error,
    "jinja_left_in_sql.md",
    Check::Rendered(check)
);

/// What opens a piece of Jinja.
const OPENS: [&str; 3] = ["{{", "{%", "{#"];

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut findings = Findings::default();
    for (node, life, compiled, code) in known(cx) {
        if !OPENS.iter().any(|open| code.contains(open)) || !is_sent(&node) {
            continue;
        }
        let (tokens, _) = sql::tokens(code);
        let left = tokens.iter().find(|token| {
            let rest = code.get(token.start..).unwrap_or_default();
            token.kind == Kind::Symbol && OPENS.iter().any(|open| rest.starts_with(open))
        });
        let Some(left) = left else { continue };
        let shown: String = code
            .get(left.start..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| *c != '\n')
            .take(40)
            .collect();
        let message = format!(
            "Jinja is left in the rendered SQL: `{}`. dbt does not render again what an \
             expression prints, and Spark refuses the braces with `PARSE_SYNTAX_ERROR`. Put the text together with `~` instead.",
            shown.trim_end()
        );
        let at = sql::place(cx.project, compiled, left.start, left.start + 2).unwrap_or(node.node.at);
        findings.add(node.node, life, at, message);
    }
    findings.report(cx, &RULE.meta, sink);
}
