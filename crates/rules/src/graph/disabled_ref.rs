//! `disabled-ref`.

use glueline_project::{Resolution, ResourceType};

use super::target_not_found;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "disabled-ref",
    Fails,
    Error,
    "disabled_ref.md",
    Check::Node(check), Link: "TargetNotFoundError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // A test of what is disabled is disabled with it, without a word.
    if matches!(cx.node.kind, ResourceType::Test | ResourceType::UnitTest) {
        return;
    }
    for dependency in &cx.node.dependencies {
        let Resolution::Disabled(id) = dependency.resolution else {
            continue;
        };
        if !dependency.certain {
            continue;
        }
        let target = cx.project.node(id);
        let name = match &target.source_name {
            Some(source) => format!("{source}.{}", target.name),
            None => target.name.to_string(),
        };
        let message = format!(
            "The {} `{name}` is disabled: dbt stops when it parses the project, and no command runs. Enable it, \
             disable this {} too, or read something else.",
            target.kind, cx.node.kind
        );
        let words = target_not_found(cx, dependency);
        let mut diagnostic = cx.diagnostic(&RULE.meta, dependency.at, message).words(words);
        if let Some(set) = target.config.get("enabled").set() {
            diagnostic = diagnostic.related(set.whole_at(), "disabled here");
        }
        sink.push(diagnostic);
    }
}
