//! `undefined-macro`.

use glueline_base::{Diagnostic, FileId, FileRange, Fix, Severity, nearest};
use glueline_catalog::jinja::{self, shipped_macro, shipped_macros};
use glueline_project::facts::sql::MacroCall;
use glueline_project::{Project, ResourceType};

use super::called::{Called, macro_files, shown};
use super::moment::{Moment, is_in, moment};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "undefined-macro",
    Fails,
    Error,
    "undefined_macro.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    for node in project.own_nodes() {
        let file = node.file();
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        for call in facts
            .calls
            .iter()
            .filter(|call| is_in(node, &call.site) && is_undefined(project, call))
        {
            let Some(moment) = moment(project.files().text(file), &call.site) else {
                continue;
            };
            let message = format!("{} {}", what(project, call), when(moment));
            let severity = if node.kind == ResourceType::Analysis {
                Severity::Warning
            } else {
                Severity::Error
            };
            sink.push(
                finding(project, file, call, message)
                    .severity(severity)
                    .node(&*node.unique_id),
            );
        }
    }
    in_macros(project, sink);
}

/// Calls in the bodies of macros, which fail when somebody calls the macro.
fn in_macros(project: &Project, sink: &mut Sink) {
    let mut called: Option<Called<'_>> = None;
    for file in macro_files(project) {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        let text = project.files().text(file);
        for call in facts
            .calls
            .iter()
            .filter(|call| call.site.in_macro.is_some() && is_undefined(project, call))
        {
            if moment(text, &call.site).is_none() {
                continue;
            }
            let called = called.get_or_insert_with(|| Called::new(project));
            let what = what(project, call);
            sink.push(match called.at(file, text, &call.site) {
                Some(caller) => {
                    let message = format!(
                        "{what} The {} calls this macro: {}",
                        shown(caller.node),
                        match caller.moment {
                            Moment::Always => "dbt stops when it parses the project, and no command runs.",
                            Moment::Run => "it fails when it runs.",
                            Moment::Later => "it fails from the second run on.",
                        }
                    );
                    finding(project, file, call, message).related(caller.node.at, "called from here")
                }
                // Nobody is sure to call it, and in another project the package may be there.
                None if is_missing_package(project, call) || is_for_other_adapter(project, file, call) => {
                    continue;
                }
                None => {
                    let message = format!("{what} Whatever calls this macro fails.");
                    finding(project, file, call, message).severity(Severity::Warning)
                }
            });
        }
    }
}

fn is_missing_package(project: &Project, call: &MacroCall) -> bool {
    let package = call.path.value.split_once('.').map(|(package, _)| package);
    package.is_some_and(|package| package != "dbt" && !has_package(project, package))
}

fn is_for_other_adapter(project: &Project, file: FileId, call: &MacroCall) -> bool {
    let facts = project.facts(file).sql();
    let definition = facts.and_then(|facts| facts.macros.get(call.site.in_macro?));
    definition.is_some_and(|definition| project.macros().is_for_other_adapter(&definition.name.value))
}

fn when(moment: Moment) -> &'static str {
    match moment {
        Moment::Later => "From the second run on, the node fails.",
        Moment::Always | Moment::Run => "Parsing succeeds; the node fails when it is compiled.",
    }
}

/// Whether nothing has the name that is called: no function of dbt, no macro, no variable of the file.
fn is_undefined(project: &Project, call: &MacroCall) -> bool {
    let path = &*call.path.value;
    let head = path.split('.').next().unwrap_or_default();
    if call.is_local || jinja::name(head).is_some() {
        return false;
    }
    let Some((package, name)) = path.split_once('.') else {
        return project.macros().find(path, 0).is_none() && shipped_macro(path).is_empty();
    };
    // What is called on the result of something else is not a macro.
    if name.contains('.') || !project.all_packages_present() {
        return false;
    }
    if package == "dbt" {
        return shipped_macro(name).is_empty() && project.macros().find(name, 0).is_none();
    }
    match project
        .packages()
        .iter()
        .position(|found| *found.name == *package)
    {
        Some(package) => project.macros().find_in(name, package).is_none(),
        None => true,
    }
}

fn what(project: &Project, call: &MacroCall) -> String {
    let path = &*call.path.value;
    let meant = meant(project, call);
    let hint = meant
        .map(|meant| format!(" Did you mean `{meant}`?"))
        .unwrap_or_default();
    match path.split_once('.') {
        None => format!("There is no macro `{path}`.{hint}"),
        Some((package, name)) if package == "dbt" || has_package(project, package) => {
            format!("The package `{package}` has no macro `{name}`.{hint}")
        }
        Some((package, _)) => format!(
            "There is no package `{package}`, so `{path}` is undefined.{hint} Add it to `packages.yml` and run \
             `dbt deps`, or name another."
        ),
    }
}

fn has_package(project: &Project, name: &str) -> bool {
    project.packages().iter().any(|package| *package.name == *name)
}

/// The macro that was most likely meant, as it has to be written.
fn meant(project: &Project, call: &MacroCall) -> Option<String> {
    let path = &*call.path.value;
    let name = path.rsplit('.').next().unwrap_or(path);
    let prefixed = |name: &str| {
        let found = project.macros().definitions(name).first()?;
        match (found.package, project.packages().get(found.package)) {
            (0, _) | (_, None) => Some(name.to_owned()),
            (_, Some(package)) => Some(format!("{}.{name}", package.name)),
        }
    };
    if let Some(found) = prefixed(name).filter(|found| found != path) {
        return Some(found);
    }
    if path.contains('.') && !shipped_macro(name).is_empty() {
        return Some(format!("dbt.{name}"));
    }
    if let Some((package, _)) = path.split_once('.')
        && !has_package(project, package)
        && let Some(near) = nearest(
            package,
            project.packages().iter().skip(1).map(|package| &*package.name),
        )
    {
        return Some(format!("{near}.{name}"));
    }
    let own = project.macros().names();
    let is_macro = |name: &&str| !name.starts_with("test_") && !name.starts_with("materialization_");
    let shipped = shipped_macros().iter().map(|found| found.name);
    let near = nearest(name, own.into_iter().chain(shipped).filter(is_macro))?;
    prefixed(near).or_else(|| Some(near.to_owned()))
}

fn finding(project: &Project, file: FileId, call: &MacroCall, message: String) -> Diagnostic {
    let at = FileRange {
        file,
        range: call.path.range,
    };
    let diagnostic = Diagnostic::new(&RULE.meta, at, message);
    let written = glueline_base::slice(project.files().text(file), call.path.range);
    match meant(project, call) {
        Some(meant) if written == &*call.path.value => {
            diagnostic.fix(Fix::needs_consent(format!("Call `{meant}`")).replace(at, meant))
        }
        _ => diagnostic,
    }
}
