//! `next-query-marker`.

use glueline_render::SPLITS;

use super::texts::{find, is_sent};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "next-query-marker",
    Sql,
    Warning,
    "next_query_marker.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !is_sent(cx) {
        return;
    }
    let Some(at) = find(cx, SPLITS) else { return };
    let message = format!(
        "dbt-glue cuts every statement at `{SPLITS}`, also in a comment or a literal. What stands before it makes the \
         {}, what follows is run by itself and its result is dropped. Use a hook for a second statement.",
        cx.node.kind
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
