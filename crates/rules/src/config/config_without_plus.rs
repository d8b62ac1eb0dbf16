//! `config-without-plus`.

use glueline_base::{Diagnostic, FileRange, Fix};

use super::{folders, setting};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "config-without-plus",
    Ineffective,
    Warning,
    "config_without_plus.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for lost in folders::lost(cx.project)
        .into_iter()
        .filter(folders::Lost::is_config)
    {
        let name = &*lost.name.value;
        let message = format!(
            "Without a `+`, dbt takes `{name}` for a folder, because its value is a mapping: the config is not set. \
             Write `+{name}`."
        );
        let at = FileRange {
            file: cx.project.project_file().file,
            range: lost.name.range,
        };
        let mut finding = Diagnostic::new(&RULE.meta, at, message);
        let fix = Fix::needs_consent(format!("Write `+{name}`"));
        if let Some(fix) = setting::renamed(cx.project, at, name, &format!("+{name}"), fix) {
            finding = finding.fix(fix);
        }
        sink.push(finding);
    }
}
