//! `does-not-render`.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileRange, Group, Related, Severity};
use glueline_project::{Node, Project, ResourceType};
use glueline_render::{Failure, Life};

use super::hook_does_not_render;
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "does-not-render",
    Fails,
    Error,
    "does_not_render.md",
    Check::Rendered(check)
);

/// Nodes that a message names one by one.
const NAMED: usize = 3;

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
    // One broken macro breaks many nodes: one finding for each place and reason.
    let mut faults: BTreeMap<(u32, u32, String), Fault<'_>> = BTreeMap::new();
    for (node, life, compiled) in &cx.nodes {
        let Some(failure) = compiled.failure.as_ref().filter(|failure| failure.is_certain()) else {
            continue;
        };
        // What was not known may have led there.
        if !compiled.unknown.is_empty() {
            continue;
        }
        let node = project.node(*node);
        let place = place(project, failure).unwrap_or(node.at);
        let key = (place.file.0, place.range.start().into(), failure.reason());
        let fault = faults.entry(key).or_insert_with(|| Fault {
            failure,
            nodes: Vec::new(),
            later: true,
        });
        fault.later &= *life == Life::Exists;
        if !fault.nodes.iter().any(|known| known.id == node.id) {
            fault.nodes.push(node);
        }
    }
    for fault in faults.into_values() {
        sink.push(finding(project, &fault));
    }
}

fn finding(project: &Project, fault: &Fault<'_>) -> Diagnostic {
    let failure = fault.failure;
    let names: Vec<String> = fault.nodes.iter().take(NAMED).map(|node| format!("`{}`", node.name)).collect();
    let more = fault.nodes.len().saturating_sub(NAMED);
    let breaks = match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    };
    let when = if fault.later { " from the second run on" } else { "" };
    let downstream = downstream(project, fault);
    let message = format!(
        "{} This breaks {breaks}{when}{downstream}.",
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
    for frame in failure.error.trace().iter().filter(|frame| frame.place != at) {
        diagnostic.related.push(Related {
            at: frame.place,
            message: format!("in `{}`", frame.name),
        });
    }
    diagnostic
}

/// How many nodes wait for those that are broken.
fn downstream(project: &Project, fault: &Fault<'_>) -> String {
    let mut seen: Vec<_> = fault.nodes.iter().map(|node| node.id).collect();
    let broken = seen.len();
    let mut next = 0;
    while let Some(node) = seen.get(next).copied() {
        next += 1;
        for child in project.graph().children(node) {
            let runs = matches!(project.node(*child).kind, ResourceType::Model | ResourceType::Snapshot);
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
    let own = |place: &FileRange| {
        let known = (place.file.0 as usize) < project.files().len();
        known && project.files().info(place.file).package == 0
    };
    trace.iter().map(|frame| frame.place).find(own)
}

pub(super) fn sentence(reason: &str) -> String {
    let reason = reason.trim();
    if reason.ends_with(['.', '!', '?']) { reason.to_owned() } else { format!("{reason}.") }
}

/// Takes out what another rule says at a place that led to the fault: it says it better.
pub(crate) fn without_known(found: &mut Vec<Diagnostic>) {
    let is_of_rendering = |diagnostic: &Diagnostic| {
        [RULE.meta.id, hook_does_not_render::RULE.meta.id].contains(&diagnostic.rule)
    };
    let others: Vec<FileRange> = found
        .iter()
        .filter(|other| !is_of_rendering(other) && other.group == Group::Fails)
        .map(|other| other.at)
        .collect();
    found.retain(|diagnostic| {
        !is_of_rendering(diagnostic) || {
            let mut places = std::iter::once(diagnostic.at).chain(diagnostic.related.iter().map(|related| related.at));
            !places.any(|place| {
                others
                    .iter()
                    .any(|other| other.file == place.file && other.range.intersect(place.range).is_some())
            })
        }
    });
}
