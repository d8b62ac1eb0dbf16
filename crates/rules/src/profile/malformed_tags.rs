//! `malformed-tags`.

use super::arguments;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "malformed-tags",
    Fails,
    Error,
    "malformed_tags.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    arguments::report_faults(cx, sink, &RULE.meta, "tags");
}
