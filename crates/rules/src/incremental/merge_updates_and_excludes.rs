//! `merge-updates-and-excludes`.

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "merge-updates-and-excludes",
    Fails,
    Error,
    "merge_updates_and_excludes.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let (Some(update), Some(exclude)) = (
        model::truthy(cx, "merge_update_columns"),
        model::truthy(cx, "merge_exclude_columns"),
    ) else {
        return;
    };
    if !model::merges_with_sql(cx) || model::replaces(cx, &["get_merge_sql", "get_merge_update_columns"]) {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`{}` has both `merge_update_columns` and `merge_exclude_columns`: the first run creates the table, every run \
         after it fails. Keep one of the two.",
        cx.node.name
    );
    let finding = cx
        .diagnostic(&RULE.meta, exclude.key_at(), message)
        .severity(severity);
    sink.push(finding.related(update.key_at(), "the other one"));
}
