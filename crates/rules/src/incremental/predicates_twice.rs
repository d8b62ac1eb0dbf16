//! `predicates-twice`.

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "predicates-twice",
    Ineffective,
    Warning,
    "predicates_twice.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let (Some(old), Some(new)) = (
        model::truthy(cx, "predicates"),
        model::truthy(cx, "incremental_predicates"),
    ) else {
        return;
    };
    if old.value.value == new.value.value || !model::merges_with_sql(cx) {
        return;
    }
    let message = "`predicates` is set too, and wins: `incremental_predicates` is not read. Join the two lists under \
                   `incremental_predicates`.";
    let finding = model::at_setting(cx, &RULE.meta, new, new.key_at(), message);
    sink.push(finding.related(old.key_at(), "this one is read"));
}
