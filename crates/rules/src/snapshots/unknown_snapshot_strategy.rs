//! `unknown-snapshot-strategy`.

use glueline_base::{Fix, nearest};
use glueline_catalog::SnapshotStrategy;

use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-snapshot-strategy",
    Fails,
    Error,
    "unknown_snapshot_strategy.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_snapshot() {
        return;
    }
    let Some(set) = model::truthy(cx, "strategy") else {
        return;
    };
    let Some(strategy) = set.value.value.as_str() else {
        return;
    };
    // With a package in front, the macro is one of an installed package.
    if SnapshotStrategy::parse(strategy).is_some() || strategy.contains('.') {
        return;
    }
    let search_name = format!("snapshot_{strategy}_strategy");
    if !cx.project.macros().definitions(&search_name).is_empty()
        || model::replaces(cx, &["strategy_dispatch"])
    {
        return;
    }
    let meant = nearest(strategy, SnapshotStrategy::ALL.iter().map(|known| known.name()));
    let advice = meant.map_or_else(
        || "Use `timestamp` or `check`.".to_owned(),
        |meant| format!("Write `{meant}`."),
    );
    let message = format!(
        "There is no snapshot strategy `{strategy}`, and no macro `{search_name}`: each run of `{}` fails. {advice}",
        cx.node.name
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(meant) = meant {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
