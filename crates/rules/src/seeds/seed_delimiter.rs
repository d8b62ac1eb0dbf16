//! `seed-delimiter`.

use super::seed;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-delimiter",
    Fails,
    Error,
    "seed_delimiter.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !is_refused(cx) || !seed::is_loaded(cx) {
        return;
    }
    let Some(set) = cx.config("delimiter").set() else {
        return;
    };
    let message = "`delimiter` must be one character: the seed fails with `\"delimiter\" must be a 1-character string`.";
    sink.push(at_setting(cx, &RULE.meta, set, set.value_at(), message));
}

/// Whether Python's `csv` refuses the delimiter. Values of other types stop dbt earlier.
pub(crate) fn is_refused(cx: &NodeCx<'_>) -> bool {
    cx.text("delimiter").is_some_and(|text| text.chars().count() != 1)
}
