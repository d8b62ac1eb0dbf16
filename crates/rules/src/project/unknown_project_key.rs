//! `unknown-project-key`.

use glueline_base::{Diagnostic, FileRange, Fix, Spanned, Value, slice};
use glueline_catalog::{Scope, lookup, suggest};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-project-key",
    Fails,
    Error,
    "unknown_project_key.md",
    Check::Project(check), Project: "ProjectContractError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project.project_file();
    report(cx, Scope::ProjectFile, &project.value, sink);
    if let Some(comment) = project.value.value.get("query-comment") {
        report(cx, Scope::QueryComment, comment, sink);
    }
}

fn report(cx: &ProjectCx<'_>, scope: Scope, map: &Spanned<Value>, sink: &mut Sink) {
    let file = cx.project.project_file().file;
    for entry in map.value.as_map().unwrap_or_default() {
        let key = &*entry.key.value;
        if lookup(scope, key).is_some() {
            continue;
        }
        let meant = suggest(scope, key);
        let hint = meant
            .map(|meant| format!(" Did you mean `{meant}`?"))
            .unwrap_or_default();
        let message = format!(
            "`{key}` is no key of {}: dbt refuses the project, and no command runs.{hint}",
            scope.name()
        );
        let at = FileRange {
            file,
            range: entry.key.range,
        };
        let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
        let written = slice(cx.project.files().text(file), entry.key.range);
        if let Some(meant) = meant.filter(|meant| written == key && map.value.entry(meant).is_none()) {
            let title = format!("Call it `{meant}`");
            // Only the choice between `-` and `_` leaves no doubt.
            let is_same = meant.replace('-', "_") == key.replace('-', "_");
            let fix = if is_same {
                Fix::safe(title)
            } else {
                Fix::needs_consent(title)
            };
            diagnostic = diagnostic.fix(fix.replace(at, meant));
        }
        sink.push(diagnostic);
    }
}
