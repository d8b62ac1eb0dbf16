//! `next-query-marker`.

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

/// The word at which dbt-glue's session code cuts a statement (`dbt/adapters/glue/gluedbapi/connection.py`, `SqlWrapper2.execute`).
const MARKER: &str = "dbt_next_query";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !is_sent(cx) {
        return;
    }
    let Some(at) = find(cx, MARKER) else { return };
    let message = format!(
        "dbt-glue cuts every statement at `{MARKER}`, also in a comment or a literal. What stands before it makes the \
         {}, what follows is run by itself and its result is dropped. Use a hook for a second statement.",
        cx.node.kind
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
