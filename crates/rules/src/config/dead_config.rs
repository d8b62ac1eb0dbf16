//! `dead-config`.

use glueline_catalog::lookup;
use glueline_project::{Contribution, Language, ResourceType};

use super::macro_reads::MacroReads;
use super::setting;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::{at_setting, is_folder_wide};
use crate::lake_formation::acts;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "dead-config",
    Ineffective,
    Warning,
    "dead_config.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let macros = MacroReads::new(cx.project);
    setting::each_once(cx.project, |cx, set| {
        let kinds = [ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot];
        let Some(spec) = lookup(setting::scope(cx.node.kind), &set.key.value) else {
            return;
        };
        let Some(why) = spec.dead.filter(|_| kinds.contains(&cx.node.kind)) else {
            return;
        };
        if set.value.value.truthy() == Some(false)
            || is_elsewhere(cx, set, spec.name)
            || macros.reads(spec.name)
        {
            return;
        }
        let message = format!("`{}` does nothing on Glue: {why}. {}", spec.name, spec.body);
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    });
}

/// Whether another rule is about it: databases, Lake Formation and packages of Python models have one, and a microbatch
/// model fails.
fn is_elsewhere(cx: &NodeCx<'_>, set: &Contribution, key: &str) -> bool {
    let may_be_python = cx.node.language == Language::Python || is_folder_wide(set);
    matches!(key, "database" | "target_database")
        || acts::CONFIGS.contains(&key)
        || (key == "packages" && may_be_python)
        || cx.strategy() == Some("microbatch")
}
