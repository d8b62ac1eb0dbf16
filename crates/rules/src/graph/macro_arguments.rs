//! `macro-arguments`.

use glueline_base::{Diagnostic, FileRange, Severity, nearest};
use glueline_project::facts::sql::{MacroCall, MacroDef, MacroKind};
use glueline_project::{MacroRef, Project, ResourceType};

use super::moment::{Moment, is_in, moment};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "macro-arguments",
    Fails,
    Error,
    "macro_arguments.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    for call in facts
        .calls
        .iter()
        .filter(|call| !call.is_local && is_in(cx.node, &call.site))
    {
        let Some((reference, definition)) = definition(cx.project, call) else {
            continue;
        };
        let (Some(fault), Some(moment)) = (fault(call, definition), moment(text, &call.site)) else {
            continue;
        };
        let follows = match moment {
            Moment::Always => "dbt stops when it parses the project, and no command runs.",
            Moment::Run => "The node fails when it is compiled.",
            Moment::Later => "The node fails from the second run on.",
        };
        let severity = match (cx.node.kind, moment) {
            (ResourceType::Analysis, Moment::Run | Moment::Later) => Severity::Warning,
            _ => Severity::Error,
        };
        let at = FileRange { file, range: fault.0 };
        let declared = FileRange {
            file: reference.file,
            range: definition.written.range,
        };
        sink.push(
            Diagnostic::new(&RULE.meta, at, format!("{} {follows}", fault.1))
                .severity(severity)
                .node(&*cx.node.unique_id)
                .related(declared, "declared here"),
        );
    }
}

/// The macro of the project or of an installed package that is called.
fn definition<'a>(project: &'a Project, call: &MacroCall) -> Option<(MacroRef, &'a MacroDef)> {
    let macros = project.macros();
    let reference = match call.path.value.split_once('.') {
        None => macros.find(&call.path.value, 0)?,
        Some((package, name)) => {
            let package = project
                .packages()
                .iter()
                .position(|found| *found.name == *package)?;
            macros.find_in(name, package)?
        }
    };
    let facts = project.facts(reference.file).sql()?;
    let definition = facts.macros.get(reference.index)?;
    (definition.kind == MacroKind::Macro && !definition.takes_any).then_some((reference, definition))
}

/// What Jinja refuses of the arguments. Too few are no fault: what is missing is undefined inside the macro.
fn fault(call: &MacroCall, definition: &MacroDef) -> Option<(glueline_base::TextRange, String)> {
    let name = &definition.written.value;
    let takes = definition.parameters.len();
    if call.positional > takes && !call.starred {
        let message = format!(
            "The macro `{name}` takes {takes} arguments and gets {}.",
            call.positional
        );
        return Some((call.path.range, message));
    }
    let parameters = || {
        definition
            .parameters
            .iter()
            .map(|(parameter, _)| &*parameter.value)
    };
    let unknown = call.keywords.iter().find(|keyword| {
        &*keyword.value != "caller" && !parameters().any(|parameter| *parameter == *keyword.value)
    })?;
    let hint = match nearest(&unknown.value, parameters()) {
        Some(near) => format!(" Did you mean `{near}`?"),
        None => String::new(),
    };
    Some((
        unknown.range,
        format!("The macro `{name}` has no argument `{}`.{hint}", unknown.value),
    ))
}
