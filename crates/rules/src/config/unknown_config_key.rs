//! `unknown-config-key`.

use glueline_base::{Fix, nearest};
use glueline_catalog::{Scope, keys, lookup, wrong_name};
use glueline_project::Contribution;
use rustc_hash::FxHashSet;

use super::setting;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::{at_setting, is_folder_wide};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-config-key",
    Ineffective,
    Warning,
    "unknown_config_key.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut judged = FxHashSet::default();
    for node in cx
        .project
        .nodes()
        .iter()
        .filter(|node| node.enabled && node.package == 0)
    {
        let scope = setting::scope(node.kind);
        for set in node.config.entries() {
            if is_known(scope, &set.key.value) {
                continue;
            }
            // A key of the project file is met at every node below it.
            if is_folder_wide(set) && !judged.insert((set.file, set.key.range)) {
                continue;
            }
            judge(
                &NodeCx {
                    project: cx.project,
                    node,
                },
                scope,
                set,
                sink,
            );
        }
    }
}

fn is_known(scope: Scope, key: &str) -> bool {
    // A model's config on a seed or snapshot is known, though nothing reads it there.
    lookup(scope, key).is_some()
        || lookup(Scope::ModelConfig, key).is_some()
        || wrong_name(scope, key).is_some()
}

fn judge(cx: &NodeCx<'_>, scope: Scope, set: &Contribution, sink: &mut Sink) {
    let written = &*set.key.value;
    // Its aliases are near to themselves, and hooks are as often written with `_`.
    let spellings = keys(scope).flat_map(|key| std::iter::once(key.name).chain(key.aliases.iter().copied()));
    let Some(meant) = nearest(written, spellings) else {
        return;
    };
    if setting::is_read_by_macros(cx.project, written) {
        return;
    }
    let message = format!(
        "Nothing reads the config `{written}`: dbt accepts any name and says nothing. Did you mean `{meant}`?"
    );
    let mut finding = at_setting(cx, &RULE.meta, set, set.key_at(), message);
    let is_free = cx.node.config.all(meant).next().is_none();
    let fix = Fix::needs_consent(format!("Write `{meant}`"));
    if let Some(fix) = setting::renamed(cx.project, set.key_at(), written, meant, fix).filter(|_| is_free) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
