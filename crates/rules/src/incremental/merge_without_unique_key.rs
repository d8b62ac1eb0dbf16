//! `merge-without-unique-key`.

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "merge-without-unique-key",
    Data,
    Error,
    "merge_without_unique_key.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !model::is_falsy(cx, "unique_key")
        || !model::merges_with_sql(cx)
        || model::replaces(cx, &["get_merge_sql"])
    {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`{}` merges without a `unique_key`: from the second run on the statement says `merge ... on FALSE`, so that \
         nothing is updated and all rows of the query are inserted again. Name the key, or use `append`.",
        cx.node.name
    );
    let at = model::beside(cx, &["incremental_strategy", "file_format", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}
