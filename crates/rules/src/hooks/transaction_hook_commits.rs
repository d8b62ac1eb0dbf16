//! `transaction-hook-commits`.

use glueline_base::Fix;
use glueline_project::ResourceType;

use super::hook;
use super::transaction_hook_skipped::opposite;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "transaction-hook-commits",
    Fails,
    Warning,
    "transaction_hook_commits.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let name = match cx.node.kind {
        ResourceType::Seed => "seed",
        ResourceType::Snapshot => "snapshot",
        _ => return,
    };
    if cx.project.macros().materialization(name).is_some() {
        return;
    }
    for hook in hook::of_node(cx) {
        let Some(entry) = hook.without_transaction() else {
            continue;
        };
        let message = format!(
            "Before a hook with `transaction: false`, dbt sends the statement `commit;` for a {name}. Spark has no such \
             statement and refuses it. Take `transaction` out."
        );
        let at = hook.set.at(entry.value.range);
        let word = edit::written(cx, hook.set, entry.value.range);
        let mut finding = at_setting(cx, &RULE.meta, hook.set, at, message);
        if let Some(on) = opposite(word) {
            finding = finding.fix(Fix::needs_consent("Run it without `commit`").replace(at, on));
        }
        sink.push(finding);
    }
}
