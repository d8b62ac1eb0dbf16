//! `missing-env-var`.

use glueline_base::{Diagnostic, FileId, FileRange, Severity};
use glueline_project::facts::sql::VarCall;
use glueline_project::{FileKind, Project};

use super::called::{Called, macro_files, shown};
use super::moment::{Moment, moment};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-env-var",
    Fails,
    Error,
    "missing_env_var.md",
    Check::Project(check), Parse: "EnvVarMissingError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    for (at, name) in project.missing_env() {
        if project.files().info(at.file).package == 0 {
            sink.push(striking(*at, name, PARSING, Moment::Always));
        }
    }
    for file in project.files().ids() {
        let info = project.files().info(file);
        let is_node = matches!(
            info.kind,
            FileKind::Model | FileKind::Snapshot | FileKind::Analysis | FileKind::SingularTest
        );
        if info.package == 0 && is_node {
            // dbt parses disabled nodes too.
            in_node(project, file, sink);
        }
    }
    in_macros(project, sink);
}

const PARSING: &str = "dbt stops when it parses the project, and no command runs";

fn in_node(project: &Project, file: FileId, sink: &mut Sink) {
    let Some(facts) = project.facts(file).sql() else {
        return;
    };
    let text = project.files().text(file);
    for call in facts.env_vars.iter().filter(|call| call.site.in_macro.is_none()) {
        let (Some(name), Some(moment)) = (missing(project, call), moment(text, &call.site)) else {
            continue;
        };
        let follows = match moment {
            Moment::Always => PARSING,
            Moment::Run => "the node fails when it is compiled",
            Moment::Later => "the node fails from the second run on",
        };
        let at = FileRange {
            file,
            range: call.name.as_ref().map_or(call.site.range, |name| name.range),
        };
        let severity = if info_is_analysis(project, file) && moment != Moment::Always {
            Severity::Warning
        } else {
            Severity::Error
        };
        sink.push(striking(at, name, follows, moment).severity(severity));
    }
}

fn info_is_analysis(project: &Project, file: FileId) -> bool {
    project.files().info(file).kind == FileKind::Analysis
}

fn in_macros(project: &Project, sink: &mut Sink) {
    let mut called: Option<Called<'_>> = None;
    for file in macro_files(project) {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        for call in facts.env_vars.iter().filter(|call| call.site.in_macro.is_some()) {
            let Some(name) = missing(project, call) else {
                continue;
            };
            let called = called.get_or_insert_with(|| Called::new(project));
            let Some(caller) = called.at(file, project.files().text(file), &call.site) else {
                continue;
            };
            let follows = match caller.moment {
                Moment::Always => PARSING.to_owned(),
                Moment::Run | Moment::Later => "what calls this macro fails when it is compiled".to_owned(),
            };
            let follows = format!("the {} calls this macro, and {follows}", shown(caller.node));
            let at = FileRange {
                file,
                range: call.name.as_ref().map_or(call.site.range, |name| name.range),
            };
            let diagnostic = striking(at, name, &follows, caller.moment);
            sink.push(diagnostic.related(caller.node.at, "called from here"));
        }
    }
}

fn missing<'a>(project: &Project, call: &'a VarCall) -> Option<&'a str> {
    let name = &*call.name.as_ref()?.value;
    (!call.has_default && !super::is_secret(name) && project.lacks_env(name)).then_some(name)
}

/// A finding that ends every command if dbt evaluates the call while it parses.
fn striking(at: FileRange, name: &str, follows: &str, moment: Moment) -> Diagnostic {
    let message = format!(
        "The environment variable `{name}` is not set here and has no default: {follows}. Set it, or write \
         `env_var('{name}', '...')` with a default."
    );
    let found = Diagnostic::new(&RULE.meta, at, message);
    let stop = found.stop.filter(|_| moment == Moment::Always);
    found.stop(stop).words(format!(
        "Parsing Error\n  Env var required but not provided: '{name}'"
    ))
}
