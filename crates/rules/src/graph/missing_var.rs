//! `missing-var`.

use glueline_base::{Diagnostic, FileRange, Severity};
use glueline_project::ResourceType;
use glueline_project::facts::sql::VarCall;

use super::called::{Called, macro_files, shown};
use super::moment::{Moment, is_in, moment};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-var",
    Fails,
    Error,
    "missing_var.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    let is_missing = |call: &VarCall| {
        !call.has_default
            && call
                .name
                .as_ref()
                .is_some_and(|name| !project.has_var(0, &name.value))
    };
    for node in project.own_nodes() {
        let file = node.file();
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        for call in facts
            .vars
            .iter()
            .filter(|call| is_in(node, &call.site) && is_missing(call))
        {
            let (Some(name), Some(moment)) = (&call.name, moment(project.files().text(file), &call.site))
            else {
                continue;
            };
            let when = if moment == Moment::Later {
                "From the second run on, the node"
            } else {
                "The node"
            };
            let message = format!(
                "{} {when} fails when it is compiled. {}",
                what(&name.value),
                what_to_do(&name.value)
            );
            let severity = if node.kind == ResourceType::Analysis {
                Severity::Warning
            } else {
                Severity::Error
            };
            let at = FileRange {
                file,
                range: name.range,
            };
            sink.push(
                Diagnostic::new(&RULE.meta, at, message)
                    .severity(severity)
                    .node(&*node.unique_id),
            );
        }
    }
    let mut called: Option<Called<'_>> = None;
    for file in macro_files(project) {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        for call in facts
            .vars
            .iter()
            .filter(|call| call.site.in_macro.is_some() && is_missing(call))
        {
            let Some(name) = &call.name else { continue };
            let called = called.get_or_insert_with(|| Called::new(project));
            let Some(caller) = called.at(file, project.files().text(file), &call.site) else {
                continue;
            };
            let message = format!(
                "{} The {} calls this macro and fails when it is compiled. {}",
                what(&name.value),
                shown(caller.node),
                what_to_do(&name.value)
            );
            let at = FileRange {
                file,
                range: name.range,
            };
            let diagnostic = Diagnostic::new(&RULE.meta, at, message).node(&*caller.node.unique_id);
            sink.push(diagnostic.related(caller.node.at, "called from here"));
        }
    }
}

fn what(name: &str) -> String {
    format!("The variable `{name}` is set nowhere and has no default.")
}

fn what_to_do(name: &str) -> String {
    format!(
        "Give it a value under `vars:` in `dbt_project.yml` or with `--vars`, or write `var('{name}', ...)` with a default."
    )
}
