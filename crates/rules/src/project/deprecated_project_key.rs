//! `deprecated-project-key`.

use glueline_base::{Diagnostic, FileRange, Value};
use glueline_catalog::{Scope, lookup};

use super::keys::RENAMED;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "deprecated-project-key",
    Project,
    Info,
    "deprecated_project_key.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project.project_file();
    let root = &project.value.value;
    for entry in root.as_map().unwrap_or_default() {
        let Some(spec) = lookup(Scope::ProjectFile, &entry.key.value) else {
            continue;
        };
        // Of the old name of `data_tests` dbt does not warn.
        let Some(instead) = spec.deprecated.filter(|_| spec.name.contains("-path")) else {
            continue;
        };
        let new = RENAMED
            .iter()
            .find(|(_, old)| **old == *entry.key.value)
            .map(|(new, _)| *new);
        // What says no more than the default is passed over, as dbt does.
        let is_default = entry.value.value.as_str() == Some(spec.default);
        // Both names together are refused, which is another rule's.
        let has_both = new.is_some_and(|new| root.get(new).is_some());
        if entry.value.value == Value::Null || is_default || has_both {
            continue;
        }
        let message = format!(
            "`{}` is deprecated: {instead}. dbt still reads it.",
            entry.key.value
        );
        let at = FileRange {
            file: project.file,
            range: entry.key.range,
        };
        sink.push(Diagnostic::new(&RULE.meta, at, message));
    }
}
