//! `foreign-config-key`.

use glueline_base::Fix;
use glueline_catalog::{Origin, Scope, WrongName, lookup, wrong_name};
use glueline_project::Contribution;

use super::macro_reads::MacroReads;
use super::setting;
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "foreign-config-key",
    Ineffective,
    Warning,
    "foreign_config_key.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let macros = MacroReads::new(cx.project);
    setting::each_once(cx.project, |cx, set| {
        let scope = setting::scope(cx.node.kind);
        if let Some(wrong) = wrong_name(scope, &set.key.value)
            && !macros.reads(wrong.name)
        {
            report(cx, scope, set, wrong, sink);
        }
    });
}

fn report(cx: &NodeCx<'_>, scope: Scope, set: &Contribution, wrong: &WrongName, sink: &mut Sink) {
    let what = match wrong.origin {
        Origin::Documentation | Origin::Misplaced | Origin::Typo => {
            format!("`{}` is no config of a node", wrong.name)
        }
        adapter => format!("`{}` is a config of {}", wrong.name, adapter.name()),
    };
    let message = format!(
        "{what}: on Glue nothing reads it, and nothing says so. {}",
        wrong.advice
    );
    let mut finding = at_setting(cx, &RULE.meta, set, set.key_at(), message);
    if let Some(fix) = rename(cx, scope, set, wrong) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

/// Only where the other key would take the value as it stands, and nothing has set it yet.
fn rename(cx: &NodeCx<'_>, scope: Scope, set: &Contribution, wrong: &WrongName) -> Option<Fix> {
    let instead = wrong.instead.filter(|_| wrong.same_values)?;
    let spec = lookup(scope, instead)?;
    let value = &set.value.value;
    let is_taken = spec.accepts(value) == Some(true) && value.as_str().is_none_or(|text| spec.allows(text));
    if !is_taken || spec.dead.is_some() || cx.node.config.all(instead).next().is_some() {
        return None;
    }
    let fix = Fix::needs_consent(format!("Write `{instead}`"));
    setting::renamed(cx.project, set.key_at(), wrong.name, instead, fix)
}
