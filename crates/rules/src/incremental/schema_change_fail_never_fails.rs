//! `schema-change-fail-never-fails`.

use glueline_catalog::SchemaChange;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "schema-change-fail-never-fails",
    Ineffective,
    Warning,
    "schema_change_fail_never_fails.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("on_schema_change").set() else {
        return;
    };
    if set.value.value.as_str() != Some(SchemaChange::Fail.name())
        || !cx.is_incremental()
        || model::has_contract(cx) != Some(false)
    {
        return;
    }
    let message = "`on_schema_change: fail` never fails on dbt-glue: no columns are compared, and one that is new in the \
                   query is left out without a word. Compare them in a test, or use `append_new_columns` on `iceberg`.";
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message));
}
