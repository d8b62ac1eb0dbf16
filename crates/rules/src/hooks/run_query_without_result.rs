//! `run-query-without-result`.

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{Diagnostic, FileId, FileRange, Severity, slice};
use glueline_project::facts::sql::{MacroCall, Site};
use glueline_project::{FileKind, Node, Project, ResourceType};

use super::{asks, hook};
use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "run-query-without-result",
    Fails,
    Error,
    "run_query_without_result.md",
    Check::Project(check)
);

/// Statements that have no columns in any format.
const WITHOUT_COLUMNS: [&str; 12] = [
    "alter", "analyze", "cache", "create", "drop", "insert", "load", "msck", "refresh", "truncate",
    "uncache", "use",
];

/// Statements that have no columns except on Delta, where they tell how many rows they touched.
const WITHOUT_COLUMNS_BUT_ON_DELTA: [&str; 3] = ["delete", "merge", "update"];

/// Macros that are sure to fail where they are called, with where.
type Failing = BTreeMap<Arc<str>, FileRange>;

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    if !project.is_glue() || project.macros().override_of("run_query", 0).is_some() {
        return;
    }
    let mut failing = Failing::new();
    for file in project.files().ids() {
        let kinds = [
            FileKind::Macro,
            FileKind::Model,
            FileKind::Snapshot,
            FileKind::SingularTest,
        ];
        let facts = project.facts(file).sql().filter(|facts| asks::may_ask(facts));
        if facts.is_some() && kinds.contains(&project.files().info(file).kind) {
            direct(project, file, &mut failing, sink);
        }
    }
    if failing.is_empty() {
        return;
    }
    spread(project, &mut failing);
    for node in project.own_nodes() {
        callers(&NodeCx { project, node }, &failing, sink);
    }
    let file = project.project_file().file;
    for hook in project
        .project_file()
        .run_hooks
        .iter()
        .flat_map(|(_, hooks)| hooks)
    {
        if let Some((name, at)) = called(&hook.value, &failing) {
            sink.push(
                Diagnostic::new(&RULE.meta, hook.in_file(file), through(name)).related(at, "it fails here"),
            );
        }
    }
}

/// The calls of one file.
fn direct(project: &Project, file: FileId, failing: &mut Failing, sink: &mut Sink) {
    let has_delta = project.target().is_none_or(|target| {
        target
            .get("datalake_formats")
            .is_some_and(|formats| formats.as_str().is_none_or(|text| text.contains("delta")))
    });
    for call in asks::calls(project.files().text(file)) {
        let word = call.word.to_ascii_lowercase();
        let is_empty = WITHOUT_COLUMNS.contains(&&*word)
            || (!has_delta && WITHOUT_COLUMNS_BUT_ON_DELTA.contains(&&*word));
        let is_elsewhere = call
            .definition
            .is_some_and(|name| project.macros().is_for_other_adapter(name));
        if !is_empty || is_elsewhere {
            continue;
        }
        let at = FileRange {
            file,
            range: call.range,
        };
        if let Some(definition) = call.definition.filter(|_| !call.is_conditional) {
            failing.entry(definition.into()).or_insert(at);
        }
        if project.files().info(file).package != 0 {
            continue;
        }
        let message = format!(
            "`{}` asks for the result of `{word} ...`, which has none: the statement runs, and then this fails with \
             `'NoneType' object is not iterable`. Use `{{% call statement() %}}` without `fetch_result`.",
            call.asks
        );
        let severity = if call.is_conditional {
            Severity::Warning
        } else {
            Severity::Error
        };
        let mut finding = Diagnostic::new(&RULE.meta, at, message).severity(severity);
        if let Some(node) = only_node(project, file) {
            finding = finding.node(&*node.unique_id);
        }
        sink.push(finding);
    }
}

fn only_node(project: &Project, file: FileId) -> Option<&Node> {
    let mut nodes = project
        .nodes()
        .iter()
        .filter(|node| node.file() == file && node.generic_test.is_none());
    nodes.next().filter(|_| nodes.next().is_none())
}

/// Macros that call one that fails fail themselves.
fn spread(project: &Project, failing: &mut Failing) {
    loop {
        let before = failing.len();
        for file in project.files().of_kind(FileKind::Macro) {
            let Some(facts) = project.facts(file).sql() else {
                continue;
            };
            for call in &facts.calls {
                let caller = call.site.in_macro.and_then(|number| facts.macros.get(number));
                let Some(caller) = caller.filter(|_| is_certain(project, file, &call.site)) else {
                    continue;
                };
                if let Some(at) = failing.get(callee(call)).copied() {
                    failing.entry(caller.name.value.clone()).or_insert(at);
                }
            }
        }
        if failing.len() == before {
            return;
        }
    }
}

/// Where a node calls such a macro: in its text, or in a hook.
fn callers(cx: &NodeCx<'_>, failing: &Failing, sink: &mut Sink) {
    // An analysis is compiled and never run.
    if cx.node.kind == ResourceType::Analysis {
        return;
    }
    let file = cx.node.file();
    let facts = cx.project.facts(file).sql();
    for call in facts.iter().flat_map(|facts| &facts.calls) {
        let is_own = call.site.in_macro.is_none() && call.site.in_snapshot == cx.node.block;
        if !is_own || !is_certain(cx.project, file, &call.site) {
            continue;
        }
        let name = callee(call);
        if let Some(at) = failing.get(name) {
            let place = FileRange {
                file,
                range: call.site.range,
            };
            sink.push(
                cx.diagnostic(&RULE.meta, place, through(name))
                    .related(*at, "it fails here"),
            );
        }
    }
    for hook in hook::of_node(cx) {
        let Some((text, place)) = hook.sql() else { continue };
        if let Some((name, at)) = called(text, failing) {
            let finding = at_setting(cx, &RULE.meta, hook.set, place, through(name));
            sink.push(finding.related(at, "it fails here"));
        }
    }
}

/// The first such macro that a text of Jinja is sure to call.
fn called<'a>(text: &str, failing: &'a Failing) -> Option<(&'a str, FileRange)> {
    failing
        .iter()
        .find(|(name, _)| text.contains(&***name) && asks::is_called(text, name))
        .map(|(name, at)| (&**name, *at))
}

fn callee(call: &MacroCall) -> &str {
    call.path.value.rsplit('.').next().unwrap_or_default()
}

/// Whether nothing but `execute`, which holds when it matters, decides about a call.
fn is_certain(project: &Project, file: FileId, site: &Site) -> bool {
    let text = project.files().text(file);
    !site.in_loop
        && site
            .conditions
            .iter()
            .all(|condition| slice(text, condition.expression).trim() == "execute")
}

fn through(name: &str) -> String {
    format!(
        "The macro `{name}` asks for the result of a statement that has none, and whatever calls it fails with `'NoneType' \
         object is not iterable`, after the statement has run. Mend the macro."
    )
}
