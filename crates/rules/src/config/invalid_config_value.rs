//! `invalid-config-value`.

use glueline_base::{Fix, nearest};
use glueline_catalog::{Checked, KeySpec, lookup};
use glueline_project::{Contribution, ResourceType};

use super::setting;
use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-config-value",
    Fails,
    Error,
    "invalid_config_value.md",
    Check::Node(check), Parse: "ParsingError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if matches!(
        cx.node.kind,
        ResourceType::Source | ResourceType::Exposure | ResourceType::UnitTest
    ) {
        return;
    }
    let scope = setting::scope(cx.node.kind);
    for set in cx.node.config.entries() {
        let Some(spec) = lookup(scope, &set.key.value) else {
            continue;
        };
        if spec.allowed.is_empty() || spec.content != Checked::AtParse {
            continue;
        }
        let Some(text) = set.value.value.as_str() else {
            continue;
        };
        if !is_taken(spec, text)
            && cx
                .config(spec.name)
                .set()
                .is_some_and(|last| std::ptr::eq(last, set))
        {
            report(cx, set, spec, text, sink);
        }
    }
}

/// Severities are the only words that dbt compares without regard to case.
fn is_taken(spec: &KeySpec, text: &str) -> bool {
    spec.allows(text) || (spec.name == "severity" && spec.allows(&text.to_ascii_lowercase()))
}

fn report(cx: &NodeCx<'_>, set: &Contribution, spec: &'static KeySpec, text: &str, sink: &mut Sink) {
    // Of words that may be written in any case, one spelling will do.
    let words = spec
        .allowed
        .iter()
        .copied()
        .filter(|word| !word.contains(char::is_uppercase));
    let list: Vec<String> = words.clone().map(|word| format!("`{word}`")).collect();
    let message = format!(
        "`{}` cannot be `{text}`: dbt refuses to read the project, and no command runs. It takes {}.",
        spec.name,
        list.join(", ")
    );
    let mut finding = model::at_setting(cx, &RULE.meta, set, set.value_at(), message);
    if let Some(meant) = nearest(text, words) {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
