//! `computed-ref`.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileRange};
use glueline_project::{DependencyKind, NodeId, Resolution};

use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "computed-ref",
    Project,
    Hint,
    "computed_ref.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    let mut found: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for (node, _, compiled) in &cx.nodes {
        let written = cx.project.node(*node);
        let is_written = |id: &NodeId| {
            let mut named = written
                .dependencies
                .iter()
                .map(|dependency| dependency.resolution);
            named.any(|resolution| resolution == Resolution::Node(*id))
        };
        let computed = compiled.refs.iter().filter(|id| !is_written(id));
        let known = found.entry(*node).or_default();
        for id in computed {
            if !known.contains(id) {
                known.push(*id);
            }
        }
    }
    for (node, computed) in found.into_iter().filter(|(_, computed)| !computed.is_empty()) {
        if let Some(at) = place(cx, node) {
            let names: Vec<String> = computed
                .iter()
                .map(|id| format!("`{}`", cx.project.node(*id).name))
                .collect();
            let message = format!(
                "The name in this `ref()` is computed; it comes out as {}. dbt follows it, but a search or a rename of that name \
                 misses this place. Write the names out where that is possible.",
                names.join(", ")
            );
            let unique_id = &*cx.project.node(node).unique_id;
            sink.push(Diagnostic::new(&RULE.meta, at, message).node(unique_id));
        }
    }
}

/// The only `ref()` in the node's own file whose name is no literal; with several, nobody can say which means what.
fn place(cx: &RenderedCx<'_>, node: NodeId) -> Option<FileRange> {
    let node = cx.project.node(node);
    let computed = |kind: &DependencyKind| matches!(kind, DependencyKind::Ref { name: None, .. });
    let mut places = node
        .dependencies
        .iter()
        .filter(|dependency| computed(&dependency.kind) && dependency.at.file == node.file())
        .map(|dependency| dependency.at);
    let only = places.next()?;
    places.next().is_none().then_some(only)
}
