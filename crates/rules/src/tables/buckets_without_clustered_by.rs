//! `buckets-without-clustered-by`.

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "buckets-without-clustered-by",
    Ineffective,
    Warning,
    "buckets_without_clustered_by.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "buckets") else {
        return;
    };
    if !cx.config("clustered_by").is_unset()
        || !is_created_as_select(cx)
        || model::replaces(cx, &["clustered_cols"])
    {
        return;
    }
    let message = "`buckets` does nothing without `clustered_by`: dbt-glue leaves the clause out without a word. Name the \
                   columns to cluster by, or take it out.";
    sink.push(model::at_setting(cx, &RULE.meta, set, set.key_at(), message));
}
