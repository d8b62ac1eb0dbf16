//! `upper-case-name`.

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "upper-case-name",
    Ineffective,
    Warning,
    "upper_case_name.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    for (name, chosen) in super::node::names(cx).into_iter().flatten() {
        if !name.bytes().any(|b| b.is_ascii_uppercase()) {
            continue;
        }
        let message = format!(
            "The Glue Data Catalog keeps names in lower case, and dbt-glue compares them as they are written: `{name}` is \
             not recognised in lists of what exists. Write `{}`.",
            name.to_lowercase()
        );
        sink.push(super::node::name_finding(cx, &RULE.meta, chosen, message));
    }
}
