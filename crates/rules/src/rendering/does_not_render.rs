//! `does-not-render`.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileRange, Group, Related, Severity, Stage, Stop};
use glueline_project::{Node, NodeId, Project, ResourceType};
use glueline_render::{Failure, Life, Renderer};
use rayon::prelude::*;

use super::hook_does_not_render;
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};
use crate::run::is_own;

pub(crate) static RULE: Rule = rule!(
    "does-not-render",
    Fails,
    Error,
    "does_not_render.md",
    Check::Rendered(check)
);

/// Nodes that a message names one by one.
const NAMED: usize = 3;
/// What a message says last: whom the fault breaks.
const BREAKS: &str = " This breaks ";

/// One fault and everything it breaks.
struct Fault<'a> {
    failure: &'a Failure,
    nodes: Vec<&'a Node>,
    /// Whether it strikes only where the relations exist.
    later: bool,
}

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    // Without its packages dbt runs nothing, and another rule says so.
    if !project.all_packages_present() {
        return;
    }
    let mut faults = Faults::default();
    for (node, life, compiled) in &cx.nodes {
        // What was not known may have led there.
        if !compiled.unknown.is_empty() {
            continue;
        }
        if let Some(failure) = compiled.failure.as_ref().filter(|failure| failure.is_certain()) {
            faults.add(project, *node, failure, *life == Life::Exists);
        }
    }
    for fault in faults.0.into_values() {
        sink.push(finding(project, &fault));
    }
}

/// What dbt cannot parse, and no command gets past: the faults of [`Renderer::parse_failure`], those in packages included.
pub(crate) fn unparsed(renderer: &Renderer) -> Vec<Diagnostic> {
    let project: &Project = renderer.project();
    let failures: Vec<(NodeId, Failure)> = project
        .nodes()
        .par_iter()
        .filter_map(|node| Some((node.id, renderer.parse_failure(node.id)?)))
        .collect();
    let mut faults = Faults::default();
    for (node, failure) in &failures {
        faults.add(project, *node, failure, false);
    }
    let stopping = |fault: &Fault<'_>| {
        let stop = Stop {
            stage: Stage::Parse,
            error: fault.failure.class(),
        };
        finding(project, fault)
            .severity(Severity::Error)
            .stop(Some(stop))
            .words(&*fault.failure.message)
    };
    faults.0.values().map(stopping).collect()
}

/// Faults by place and reason: one broken macro breaks many nodes.
#[derive(Default)]
struct Faults<'a>(BTreeMap<(u32, u32, String), Fault<'a>>);

impl<'a> Faults<'a> {
    fn add(&mut self, project: &'a Project, node: NodeId, failure: &'a Failure, later: bool) {
        let node = project.node(node);
        // Which bytes are not UTF-8 is said by another rule.
        if project.files().source(node.file()).not_utf8.is_some() {
            return;
        }
        let place = place(project, failure).unwrap_or(node.at);
        let key = (
            place.file.0,
            place.range.start().into(),
            failure.fault(project, Some(node.id)),
        );
        let fault = self.0.entry(key).or_insert_with(|| Fault {
            failure,
            nodes: Vec::new(),
            later: true,
        });
        fault.later &= later;
        if !fault.nodes.iter().any(|known| known.id == node.id) {
            fault.nodes.push(node);
        }
    }
}

fn finding(project: &Project, fault: &Fault<'_>) -> Diagnostic {
    let failure = fault.failure;
    let names: Vec<String> = fault
        .nodes
        .iter()
        .take(NAMED)
        .map(|node| format!("`{}`", node.name))
        .collect();
    let more = fault.nodes.len().saturating_sub(NAMED);
    let breaks = match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    };
    let when = if fault.later {
        " from the second run on"
    } else {
        ""
    };
    let downstream = downstream(project, fault);
    let message = format!(
        "{}{BREAKS}{breaks}{when}{downstream}.",
        sentence(&failure.reason())
    );
    let first = fault.nodes.first();
    let at = place(project, failure).or(first.map(|node| node.at));
    let at = at.unwrap_or(FileRange {
        file: project.project_file().file,
        range: glueline_base::range(0, 0),
    });
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
    if let [node] = fault.nodes.as_slice() {
        diagnostic = diagnostic.node(&*node.unique_id);
    }
    if fault.nodes.iter().all(|node| node.kind == ResourceType::Analysis) {
        diagnostic = diagnostic.severity(Severity::Warning);
    }
    diagnostic.related = calls(failure, at);
    diagnostic
}

/// The calls that led to a fault, the innermost first: at each, what is called there. A macro that calls itself does so at one
/// place, however often.
fn calls(failure: &Failure, at: FileRange) -> Vec<Related> {
    let trace = failure.error.trace();
    let innermost = trace
        .first()
        .filter(|frame| frame.place != at)
        .map(|frame| Related {
            at: frame.place,
            message: format!("it happens here, in `{}`", frame.name),
        });
    let mut calls: Vec<Related> = innermost.into_iter().collect();
    for (called, caller) in trace.iter().zip(failure.calls()) {
        let call = Related {
            at: caller.place,
            message: format!("`{}` is called here", called.name),
        };
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    calls
}

/// How many nodes wait for those that are broken.
fn downstream(project: &Project, fault: &Fault<'_>) -> String {
    let mut seen: Vec<_> = fault.nodes.iter().map(|node| node.id).collect();
    let broken = seen.len();
    let mut next = 0;
    while let Some(node) = seen.get(next).copied() {
        next += 1;
        for child in project.graph().children(node) {
            let runs = matches!(
                project.node(*child).kind,
                ResourceType::Model | ResourceType::Snapshot
            );
            if runs && !seen.contains(child) {
                seen.push(*child);
            }
        }
    }
    match seen.len() - broken {
        0 => String::new(),
        1 => ", and 1 node that depends on it".to_owned(),
        count => format!(", and {count} nodes that depend on it"),
    }
}

/// The innermost place in a file that is the user's own.
fn place(project: &Project, failure: &Failure) -> Option<FileRange> {
    let trace = failure.error.trace();
    let mut places = trace.iter().map(|frame| frame.place);
    places.find(|place| is_own(project, place.file))
}

pub(super) fn sentence(reason: &str) -> String {
    let reason = reason.trim();
    if reason.ends_with(['.', '!', '?']) {
        reason.to_owned()
    } else {
        format!("{reason}.")
    }
}

/// Takes out what another rule says at a place that led to the fault: it says it better. Where it says it of the fault itself, in a
/// macro, it learns whom that breaks.
pub(crate) fn without_known(found: &mut Vec<Diagnostic>) {
    let of_rendering = [RULE.meta.id, hook_does_not_render::RULE.meta.id];
    let (own, mut others): (Vec<_>, Vec<_>) = std::mem::take(found)
        .into_iter()
        .partition(|diagnostic| of_rendering.contains(&diagnostic.rule));
    for diagnostic in own {
        if let Some(other) = others.iter_mut().find(|other| says(other, diagnostic.at)) {
            add(other, diagnostic);
            continue;
        }
        let mut calls = diagnostic.related.iter();
        if !calls.any(|call| others.iter().any(|other| says(other, call.at))) {
            found.push(diagnostic);
        }
    }
    found.append(&mut others);
}

/// Whether a finding is about a place, and about what fails there.
fn says(other: &Diagnostic, place: FileRange) -> bool {
    other.group == Group::Fails
        && other.at.file == place.file
        && other.at.range.intersect(place.range).is_some()
}

/// Adds to a finding in a macro that it does strike, and whom.
fn add(other: &mut Diagnostic, fault: Diagnostic) {
    if other.stop.is_some() && other.words.is_none() {
        other.words = fault.words;
    }
    if fault.related.is_empty() {
        return;
    }
    other.severity = other.severity.max(fault.severity);
    // The calls themselves tell more than whoever calls the macro in the end.
    if other.related.len() < fault.related.len() {
        other.related = fault.related;
    }
    if let Some((_, whom)) = fault.message.rsplit_once(BREAKS)
        && !other.message.contains(BREAKS)
    {
        other.message.push_str(BREAKS);
        other.message.push_str(whom);
    }
}
