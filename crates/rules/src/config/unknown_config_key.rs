//! `unknown-config-key`.

use glueline_base::{Fix, nearest};
use glueline_catalog::{Scope, keys, wrong_name};
use glueline_project::Contribution;

use super::macro_reads::MacroReads;
use super::setting;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-config-key",
    Ineffective,
    Warning,
    "unknown_config_key.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    // Other adapters have configs that are not known here.
    if !cx.project.is_glue() {
        return;
    }
    let macros = MacroReads::new(cx.project);
    setting::each_once(cx.project, |cx, set| {
        let scope = setting::scope(cx.node.kind);
        if !is_known(scope, &set.key.value)
            && let Some(meant) = near(scope, &set.key.value)
            && !macros.reads(&set.key.value)
        {
            report(cx, set, meant, sink);
        }
    });
}

fn is_known(scope: Scope, key: &str) -> bool {
    // A model's config on a seed or snapshot is known, though nothing reads it there.
    setting::of_any_node(scope, key).is_some() || wrong_name(scope, key).is_some()
}

/// The name of a config, or of an alias of one, that is near.
fn near(scope: Scope, written: &str) -> Option<&'static str> {
    let spellings = keys(scope).flat_map(|key| std::iter::once(key.name).chain(key.aliases.iter().copied()));
    nearest(written, spellings)
}

fn report(cx: &NodeCx<'_>, set: &Contribution, meant: &str, sink: &mut Sink) {
    let written = &*set.key.value;
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
