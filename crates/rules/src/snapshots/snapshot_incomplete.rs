//! `snapshot-incomplete`.

use glueline_base::FileRange;
use glueline_catalog::SnapshotStrategy;
use glueline_project::{Contribution, ResourceType};

use super::place;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "snapshot-incomplete",
    Fails,
    Error,
    "snapshot_incomplete.md",
    Check::Node(check), Parse: "ValidationError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind != ResourceType::Snapshot {
        return;
    }
    let lacks = |key: &str| model::is_falsy(cx, key);
    let missing = match (lacks("strategy"), lacks("unique_key")) {
        (true, true) => Some(("`strategy` and `unique_key`".to_owned(), place::config_call(cx))),
        (true, false) => Some(("`strategy`".to_owned(), place::config_call(cx))),
        (false, true) => Some(("`unique_key`".to_owned(), place::config_call(cx))),
        (false, false) => needed_by_strategy(cx),
    };
    let Some((what, at)) = missing else { return };
    let message = format!(
        "The snapshot `{}` has no {what}: dbt stops every command when it parses it.",
        cx.node.name
    );
    let mut diagnostic = cx.diagnostic(&RULE.meta, at, message);
    if lacks("strategy") || lacks("unique_key") {
        diagnostic = diagnostic.words("Snapshots must be configured with a 'strategy' and 'unique_key'.");
    }
    sink.push(diagnostic);
}

/// What the two strategies of dbt ask for besides.
fn needed_by_strategy(cx: &NodeCx<'_>) -> Option<(String, FileRange)> {
    let strategy = SnapshotStrategy::parse(cx.text("strategy")?)?;
    let at = cx
        .config("strategy")
        .set()
        .map_or(cx.node.at, Contribution::value_at);
    let what = || format!("`{}`, which `strategy: {strategy}` needs", strategy.needs());
    model::is_falsy(cx, strategy.needs()).then(|| (what(), at))
}
