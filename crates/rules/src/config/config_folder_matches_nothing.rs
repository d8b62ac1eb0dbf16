//! `config-folder-matches-nothing`.

use glueline_base::{Diagnostic, FileRange, Fix, nearest};
use glueline_project::ConfigTree;

use super::{folders, setting};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "config-folder-matches-nothing",
    Project,
    Warning,
    "config_folder_matches_nothing.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for lost in folders::lost(cx.project)
        .into_iter()
        .filter(|lost| !lost.is_config() && has_configs(lost.tree))
    {
        let name = &*lost.name.value;
        let suggestion = nearest(name, lost.found.iter().copied());
        let advice = match suggestion {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Name a folder below the project's name, or take it out.".to_owned(),
        };
        let message = format!(
            "No {} lies in `{name}`, so that these configs apply to nothing; dbt only warns of it. {advice}",
            lost.kind
        );
        let at = FileRange {
            file: cx.project.project_file().file,
            range: lost.name.range,
        };
        let mut finding = Diagnostic::new(&RULE.meta, at, message);
        let fix = suggestion.and_then(|near| {
            let fix = Fix::needs_consent(format!("Write `{near}`"));
            setting::renamed(cx.project, at, name, near, fix)
        });
        if let Some(fix) = fix {
            finding = finding.fix(fix);
        }
        sink.push(finding);
    }
}

/// Whether the tree sets anything: dbt does not warn of empty folders.
fn has_configs(tree: &ConfigTree) -> bool {
    !tree.own().is_empty() || tree.folders().iter().any(|(_, folder)| has_configs(folder))
}
