//! `unknown-incremental-strategy`.

use glueline_base::{Fix, nearest};
use glueline_catalog::Strategy;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-incremental-strategy",
    Fails,
    Error,
    "unknown_incremental_strategy.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("incremental_strategy").set() else {
        return;
    };
    let Some(written) = set.value.value.as_str() else {
        return;
    };
    if Strategy::parse(written).is_some()
        || !cx.is_incremental()
        || model::replaces(cx, &["dbt_glue_validate_get_incremental_strategy"])
    {
        return;
    }
    let advice = match written {
        "delete+insert" => "Use `merge` with a `unique_key` on iceberg or delta.",
        "microbatch" => "Use `insert_overwrite` with `partition_by` on the column that holds the time.",
        _ => "It knows `append`, `insert_overwrite` and `merge`, and no strategies of a project's own.",
    };
    let message =
        format!("dbt-glue does not know the incremental strategy `{written}`: each run fails. {advice}");
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(meant) = nearest(written, Strategy::ALL.iter().map(|strategy| strategy.name())) {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
