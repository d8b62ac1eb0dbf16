//! `missing-incremental-strategy`.

use glueline_base::Fix;
use glueline_catalog::Strategy;

use super::{body, edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-incremental-strategy",
    Fails,
    Error,
    "missing_incremental_strategy.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.config("incremental_strategy").is_unset()
        || !cx.is_incremental()
        || model::replaces(cx, &["dbt_glue_validate_get_incremental_strategy"])
    {
        return;
    }
    let message = format!(
        "The incremental model `{}` has no `incremental_strategy`, and dbt-glue has no default for it: each run fails \
         with `Invalid incremental strategy provided: None`. Choose `append`, `insert_overwrite` or `merge`.",
        cx.node.name
    );
    let mut finding = cx.diagnostic(&RULE.meta, model::beside(cx, &["materialized"]), message);
    if let Some(fix) = fix(cx) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

/// The strategy that the rest of the config is written for, where there is one.
fn fix(cx: &NodeCx<'_>) -> Option<Fix> {
    let has_key = model::truthy(cx, "unique_key").is_some();
    let strategy = if has_key && model::format(cx)?.is_transactional() {
        Strategy::Merge
    } else if model::truthy(cx, "partition_by").is_some() {
        Strategy::InsertOverwrite
    } else if body::asks_whether_incremental(cx).is_some() {
        Strategy::Append
    } else {
        return None;
    };
    let set = model::own_setting(cx, &["materialized", "file_format"])?;
    let (at, text) = edit::another(cx, set, "incremental_strategy", strategy.name())?;
    Some(Fix::needs_consent(format!("Set `incremental_strategy` to `{strategy}`")).insert_after(at, text))
}
