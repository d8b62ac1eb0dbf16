//! `transaction-hook-skipped`.

use glueline_base::Fix;
use glueline_catalog::Materialization;
use glueline_project::ResourceType;

use super::hook;
use crate::config::setting;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "transaction-hook-skipped",
    Ineffective,
    Warning,
    "transaction_hook_skipped.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind != ResourceType::Model {
        return;
    }
    for hook in hook::of_node(cx) {
        let Some(entry) = hook.without_transaction() else {
            continue;
        };
        let runs = setting::built_as(cx).and_then(|situation| situation.materialization);
        if matches!(runs, None | Some(Materialization::Ephemeral)) {
            return;
        }
        let message = "A hook with `transaction: false` never runs on a model: dbt-glue runs those inside of the \
                       transaction alone, though Glue has none. Take `transaction` out.";
        let at = hook.set.at(entry.value.range);
        let word = edit::written(cx, hook.set, entry.value.range);
        let mut finding = at_setting(cx, &RULE.meta, hook.set, at, message);
        if let Some(on) = opposite(word) {
            finding = finding.fix(Fix::needs_consent("Let it run").replace(at, on));
        }
        sink.push(finding);
    }
}

/// `true` in the spelling of a `false`.
pub(crate) fn opposite(word: &str) -> Option<&'static str> {
    match word {
        "false" => Some("true"),
        "False" => Some("True"),
        _ => None,
    }
}
