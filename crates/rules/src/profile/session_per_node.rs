//! `session-per-node`.

use glueline_base::Diagnostic;
use glueline_project::ResourceType;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "session-per-node",
    Cost,
    Info,
    "session_per_node.md",
    Check::Target(check)
);

/// So many sessions are worth a word.
const SEVERAL: usize = 5;

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected || output::flag(cx, "enable_session_per_model") != Some(true) {
        return;
    }
    let runs = |kind| {
        matches!(
            kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot | ResourceType::Test
        )
    };
    let nodes = cx
        .project
        .nodes()
        .iter()
        .filter(|node| node.enabled && runs(node.kind))
        .count();
    if nodes <= SEVERAL {
        return;
    }
    let message = format!(
        "Each model, seed, snapshot and test starts a session of its own: up to {nodes} in this project, each with its \
         minute or two of waiting and its minimum bill. To size single nodes, put `workers` or `group_session_id` into \
         their `meta` instead."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.key_at("enable_session_per_model"), message),
    );
}
