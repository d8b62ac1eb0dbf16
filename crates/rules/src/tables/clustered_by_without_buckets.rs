//! `clustered-by-without-buckets`.

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "clustered-by-without-buckets",
    Ineffective,
    Warning,
    "clustered_by_without_buckets.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "clustered_by") else {
        return;
    };
    if !cx.config("buckets").is_unset()
        || !is_created_as_select(cx)
        || model::replaces(cx, &["clustered_cols"])
    {
        return;
    }
    let message = "`clustered_by` does nothing without `buckets`: dbt-glue leaves the clause out without a word. Set \
                   `buckets` to the number of files per partition.";
    sink.push(model::at_setting(cx, &RULE.meta, set, set.key_at(), message));
}
