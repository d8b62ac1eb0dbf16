//! `dependency-cycle`.

use glueline_base::Diagnostic;
use glueline_project::{Dependency, NodeId, Project, Resolution};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "dependency-cycle",
    Fails,
    Error,
    "dependency_cycle.md",
    Check::Project(check), Link: "CompilationError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for cycle in cx.project.graph().cycles() {
        let pairs = || cycle.iter().zip(cycle.iter().skip(1));
        let edges: Option<Vec<&Dependency>> = pairs()
            .map(|(parent, child)| certain_edge(cx.project, *child, *parent))
            .collect();
        let Some(edges) = edges else { continue };
        let (Some(first), Some((_, reader))) = (edges.first(), pairs().next()) else {
            continue;
        };
        let names: Vec<String> = cycle
            .iter()
            .map(|node| format!("`{}`", cx.project.node(*node).name))
            .collect();
        let message = match names.as_slice() {
            [name, _] => {
                format!("{name} reads itself. dbt stops before anything runs: \"Found a cycle\". Use `this`.")
            }
            _ => format!(
                "These models read each other in a circle: {}. dbt stops before anything runs: \"Found a cycle\". \
                 Take one of the reads out.",
                shown(&names)
            ),
        };
        let ids: Vec<&str> = cycle
            .iter()
            .take(cycle.len().saturating_sub(1))
            .map(|node| &*cx.project.node(*node).unique_id)
            .collect();
        let mut diagnostic = Diagnostic::new(&RULE.meta, first.at, message)
            .node(&*cx.project.node(*reader).unique_id)
            .words(format!(
                "Compilation Error\n  Found a cycle: {}",
                ids.join(" --> ")
            ));
        for (edge, (parent, _)) in edges.iter().zip(pairs()).skip(1) {
            diagnostic = diagnostic.related(edge.at, format!("reads `{}`", cx.project.node(*parent).name));
        }
        sink.push(diagnostic);
    }
}

/// Where a node says for certain that it reads another.
fn certain_edge(project: &Project, child: NodeId, parent: NodeId) -> Option<&Dependency> {
    let dependencies = project.node(child).dependencies.iter();
    dependencies
        .into_iter()
        .find(|found| found.certain && found.resolution == Resolution::Node(parent))
}

/// The way round, the middle left out where it is long.
fn shown(names: &[String]) -> String {
    const MOST: usize = 6;
    match names {
        [first, second, third, .., last] if names.len() > MOST => {
            format!("{first} → {second} → {third} → … → {last}")
        }
        _ => names.join(" → "),
    }
}
