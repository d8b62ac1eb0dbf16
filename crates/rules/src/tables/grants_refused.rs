//! `grants-refused`.

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "grants-refused",
    Access,
    Warning,
    "grants_refused.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "grants") else {
        return;
    };
    let message = if model::is_sql_model(cx, "table") || model::is_sql_model(cx, "view") || cx.is_snapshot() {
        "Spark on Glue knows no `grant`: the statement that dbt-glue sends for `grants`, after the data is written, is \
         refused with `Operation not allowed: grant`. Use `lf_grants`, or permissions of Lake Formation."
    } else if cx.is_incremental() {
        "Incremental models of dbt-glue do not look at `grants`: nobody gets access by it. Use `lf_grants`, or permissions \
         of Lake Formation."
    } else {
        return;
    };
    if !model::replaces(cx, &["apply_grants", "get_grant_sql"]) {
        sink.push(model::at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}
