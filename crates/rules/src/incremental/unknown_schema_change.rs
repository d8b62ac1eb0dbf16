//! `unknown-schema-change`.

use glueline_base::{Fix, nearest};
use glueline_catalog::SchemaChange;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-schema-change",
    Ineffective,
    Warning,
    "unknown_schema_change.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("on_schema_change").set() else {
        return;
    };
    let Some(written) = set.value.value.as_str() else {
        return;
    };
    // With a contract dbt refuses the value, which has a rule of its own.
    if SchemaChange::parse(written).is_some()
        || !cx.is_incremental()
        || model::has_contract(cx) != Some(false)
    {
        return;
    }
    let meant = nearest(written, SchemaChange::ALL.iter().map(|change| change.name()));
    let advice = meant.map_or_else(
        || "It is one of `ignore`, `append_new_columns`, `sync_all_columns` and `fail`.".to_owned(),
        |meant| format!("Write `{meant}`."),
    );
    let message = format!(
        "`on_schema_change: {written}` is not known, and counts as `ignore` without a word. {advice}"
    );
    let mut finding = model::at_setting(cx, &RULE.meta, set, set.value_at(), message);
    if let Some(meant) = meant {
        let fix = Fix::needs_consent(format!("Write `{meant}`"));
        finding = finding.fix(fix.replace(set.value_at(), edit::text(cx, set, meant)));
    }
    sink.push(finding);
}
