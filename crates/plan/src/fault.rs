//! Why nodes fail, in words.

use std::collections::BTreeSet;

use glueline_base::{Diagnostic, FileId, FileRange, Group, Related, Severity, range};
use glueline_project::{NodeId, ProfileState, Project, ResourceType};
use glueline_render::{Failure, Operation};
use glueline_template::ErrorKind;

/// How many nodes are named, of those that fail and of those that depend on them.
const NAMED: usize = 5;

/// A fault, and all that fails of it.
#[derive(Debug)]
pub struct Fault<'a> {
    /// Where it is.
    pub at: FileRange,
    /// What it says, without whom it strikes.
    pub text: String,
    /// The hook of a run that fails of it, where it is one.
    pub operation: Option<&'a Operation>,
    /// What the renderer says.
    pub failure: &'a Failure,
    /// The nodes that fail of it.
    pub nodes: Vec<NodeId>,
}

/// Where it happened; a node whose template cannot even begin is to blame itself.
pub fn place(
    project: &Project,
    node: Option<NodeId>,
    operation: Option<&Operation>,
    failure: &Failure,
) -> FileRange {
    let nowhere = FileRange {
        file: FileId(u32::MAX),
        range: range(0, 0),
    };
    let node = node.map(|node| project.node(node));
    let torn = || {
        let file = node?.file();
        let range = project.files().source(file).not_utf8?;
        Some(FileRange { file, range })
    };
    failure
        .place()
        .or_else(torn)
        .or(node.map(|node| node.at))
        .or(operation.map(|operation| operation.place))
        .unwrap_or(nowhere)
}

/// Why one node, or one hook of a run, fails.
pub fn single(
    project: &Project,
    node: Option<NodeId>,
    operation: Option<&Operation>,
    failure: &Failure,
) -> Diagnostic {
    let node = failure.node.or(node);
    let fault = Fault {
        at: place(project, node, operation, failure),
        text: String::new(),
        operation,
        failure,
        nodes: node.into_iter().collect(),
    };
    diagnostic(project, &fault, ["would fail", "cannot be played through"])
}

/// The verbs are what becomes of the node: under dbt, and for want of something that this version does not know.
pub fn diagnostic(project: &Project, fault: &Fault<'_>, [fails, falls_short]: [&str; 2]) -> Diagnostic {
    let failure = fault.failure;
    let node = |id: &NodeId| project.node(*id);
    let subject = match (fault.nodes.as_slice(), fault.operation) {
        ([only], _) => format!("{} `{}`", capital(kind(node(only).kind)), node(only).name),
        ([], Some(operation)) => format!("Hook `{}`", operation.name),
        ([], None) => "The query".to_owned(),
        (nodes, _) => format!("{} nodes", nodes.len()),
    };
    let verb = if matches!(failure.error.kind(), ErrorKind::Unsupported | ErrorKind::Limit) {
        format!("{falls_short} by this version of Glueline")
    } else {
        fails.to_owned()
    };
    let mut message = format!("{subject} {verb}: {}", failure.reason());
    if fault.nodes.len() > 1 {
        let names: Vec<&str> = fault.nodes.iter().map(|id| &*node(id).name).collect();
        message.push_str(&format!("\nit breaks {}", list(&names)));
    }
    if let Some(dependents) = dependents(project, &fault.nodes) {
        message.push('\n');
        message.push_str(&dependents);
    }
    Diagnostic {
        rule: "",
        group: Group::Fails,
        severity: Severity::Error,
        message,
        at: fault.at,
        node: fault.nodes.first().map(|id| node(id).unique_id.to_string()),
        related: calls(failure),
        fix: None,
        stop: None,
        words: None,
    }
}

/// Who cannot be built either: `3 nodes depend on it: a, b, c`.
fn dependents(project: &Project, failed: &[NodeId]) -> Option<String> {
    let graph = project.graph();
    let mut seen: BTreeSet<NodeId> = failed.iter().copied().collect();
    let mut found = failed.to_vec();
    let mut next = 0;
    while let Some(&node) = found.get(next) {
        next += 1;
        for child in graph.children(node) {
            if seen.insert(*child) {
                found.push(*child);
            }
        }
    }
    let mut names: Vec<&str> = found
        .iter()
        .skip(failed.len())
        .map(|node| project.node(*node))
        .filter(|node| node.kind.is_refable())
        .map(|node| &*node.name)
        .collect();
    names.sort_unstable();
    let whom = if failed.len() == 1 { "it" } else { "them" };
    match names.len() {
        0 => None,
        1 => Some(format!("1 node depends on {whom}: {}", list(&names))),
        count => Some(format!("{count} nodes depend on {whom}: {}", list(&names))),
    }
}

/// The first names, and how many more there are.
fn list(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).copied().collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The calls that led to a fault, the innermost first: at each, what is called there. A macro that calls itself does so at one
/// place, however often.
fn calls(failure: &Failure) -> Vec<Related> {
    let mut calls: Vec<Related> = Vec::new();
    for (called, caller) in failure.error.trace().iter().zip(failure.calls()) {
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

/// What people call the kind of a node.
pub const fn kind(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::UnitTest => "unit test",
        other => other.name(),
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Why nothing can be compiled or run: schemas, and so the names of relations, are the target's. `None` where there is a target.
pub fn no_target(project: &Project) -> Option<String> {
    Some(match project.profile() {
        ProfileState::Found(profile) => {
            if profile.selected().is_some() {
                return None;
            }
            let wanted = project.wanted_target().unwrap_or("default");
            format!("the profile `{}` has no target `{wanted}`", profile.name.value)
        }
        ProfileState::NoFile => "there is no profiles.yml: say where it is with --profiles-dir".to_owned(),
        ProfileState::NotNamed => {
            "dbt_project.yml names no profile: name one there or with --profile".to_owned()
        }
        ProfileState::NotInFile { wanted, .. } => format!("there is no profile `{wanted}` in profiles.yml"),
    })
}
