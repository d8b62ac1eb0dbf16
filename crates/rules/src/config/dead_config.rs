//! `dead-config`.

use glueline_catalog::lookup;
use glueline_project::ResourceType;

use super::setting;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::lake_formation::acts;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "dead-config",
    Ineffective,
    Warning,
    "dead_config.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !matches!(
        cx.node.kind,
        ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
    ) || setting::built_as(cx).is_none()
    {
        return;
    }
    let scope = setting::scope(cx.node.kind);
    for set in cx.node.config.entries() {
        let Some(spec) = lookup(scope, &set.key.value) else {
            continue;
        };
        let Some(why) = spec.dead else { continue };
        if set.value.value.truthy() == Some(false) || is_elsewhere(cx, spec.name) {
            continue;
        }
        let message = format!("`{}` does nothing on Glue: {why}. {}", spec.name, spec.body);
        sink.push(model::at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}

/// Whether another rule is about it: databases, Lake Formation and packages of Python models have
/// one, and a microbatch model fails.
fn is_elsewhere(cx: &NodeCx<'_>, key: &str) -> bool {
    let is_python = cx.node.language == glueline_project::Language::Python;
    matches!(key, "database" | "target_database")
        || acts::CONFIGS.contains(&key)
        || (key == "packages" && is_python)
        || cx.strategy() == Some("microbatch")
        || setting::is_read_by_macros(cx.project, key)
}
