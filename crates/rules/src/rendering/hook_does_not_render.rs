//! `hook-does-not-render`.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileRange, Related, Stage, Stop};
use glueline_project::{Node, Project, ResourceType};
use glueline_render::{Compiled, Failure, Life, Renderer};
use rayon::prelude::*;

use super::does_not_render::sentence;
use crate::context::{NodeCx, RenderedCx};
use crate::hooks::hook;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hook-does-not-render",
    Fails,
    Error,
    "hook_does_not_render.md",
    Check::Rendered(check)
);

/// Nodes that a message names one by one.
const NAMED: usize = 3;

/// Materializations whose own code runs the hooks of a node.
const RUNNING: [&str; 5] = ["view", "table", "incremental", "seed", "snapshot"];

/// A hook that fails, and the nodes that it fails for.
struct Fault<'a> {
    at: FileRange,
    failure: Failure,
    nodes: Vec<&'a Node>,
}

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    // Without its packages dbt runs nothing, and another rule says so.
    if !cx.project.is_glue() || !cx.project.all_packages_present() {
        return;
    }
    of_nodes(cx, sink);
}

/// Hooks of a run that fail.
pub(crate) fn of_run(renderer: &Renderer, sink: &mut Sink) {
    let project = renderer.project();
    if !project.is_glue() || !project.all_packages_present() {
        return;
    }
    for operation in renderer.operations() {
        if operation.package != 0 {
            continue;
        }
        let compiled = renderer.compile_operation(&operation);
        if let Some(failure) = certain(&compiled) {
            let message = format!(
                "{} dbt runs nothing without this hook.",
                sentence(&failure.reason())
            );
            let message = match operation.when {
                glueline_render::RunHook::Start => message,
                glueline_render::RunHook::End => {
                    format!("{} The run ends with this error.", sentence(&failure.reason()))
                }
            };
            sink.push(finding(operation.place, failure, message));
        }
    }
}

/// Hooks that dbt cannot parse, so that no command gets past them: those of a run, and those of nodes.
pub(crate) fn unparsed(renderer: &Renderer) -> Vec<Diagnostic> {
    let project: &Project = renderer.project();
    let stopping = |at: FileRange, failure: &Failure| {
        let stop = Stop {
            stage: Stage::Parse,
            error: failure.class(),
        };
        let message = format!("{} No command runs.", sentence(&failure.reason()));
        finding(at, failure, message)
            .stop(Some(stop))
            .words(&*failure.message)
    };
    let of_node = |node: &Node| -> Vec<Diagnostic> {
        let of = NodeCx { project, node };
        let hooks = hook::of_node(&of).filter_map(|hook| hook.sql());
        let with_jinja = hooks.filter(|(text, _)| text.contains('{'));
        with_jinja
            .filter_map(|(text, at)| Some(stopping(at, &renderer.hook_parse_failure(node.id, text, at)?)))
            .collect()
    };
    let own: Vec<&Node> = project.own_nodes().filter(|node| has_hooks(node)).collect();
    let mut found: Vec<Diagnostic> = own.into_par_iter().flat_map_iter(of_node).collect();
    for operation in renderer.operations() {
        if let Some(failure) = renderer.operation_parse_failure(&operation) {
            found.push(stopping(operation.place, &failure));
        }
    }
    // The comment of statements is rendered as soon as the project is read.
    if let Some(failure) = renderer.query_comment_failure() {
        let at = failure.place().unwrap_or(FileRange {
            file: project.root().project.file,
            range: glueline_base::range(0, 0),
        });
        found.push(stopping(at, &failure));
    }
    found
}

/// Whether nodes of the kind have hooks.
const fn has_hooks(node: &Node) -> bool {
    matches!(
        node.kind,
        ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
    )
}

fn of_nodes(cx: &RenderedCx<'_>, sink: &mut Sink) {
    // A hook of a folder is one fault, however many nodes it is for.
    let mut faults: BTreeMap<(u32, u32, String), Fault<'_>> = BTreeMap::new();
    for of in cx.own_nodes().filter(runs_hooks) {
        let node = of.node;
        // Hooks outside of transactions are another rule's: they are not run.
        for hook in hook::of_node(&of).filter(|hook| hook.without_transaction().is_none()) {
            let Some((text, at)) = hook.sql() else { continue };
            let Some(failure) = failure(cx, node, text, at) else {
                continue;
            };
            let key = (at.file.0, at.range.start().into(), failure.reason());
            let fault = faults.entry(key).or_insert_with(|| Fault {
                at,
                failure,
                nodes: Vec::new(),
            });
            if !fault.nodes.iter().any(|known| known.id == node.id) {
                fault.nodes.push(node);
            }
        }
    }
    for fault in faults.into_values() {
        let names: Vec<String> = fault
            .nodes
            .iter()
            .take(NAMED)
            .map(|node| format!("`{}`", node.name))
            .collect();
        let whom = match fault.nodes.len().saturating_sub(NAMED) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        };
        let message = format!("{} This hook breaks {whom}.", sentence(&fault.failure.reason()));
        let mut diagnostic = finding(fault.at, &fault.failure, message);
        if let [node] = fault.nodes.as_slice() {
            diagnostic = diagnostic.node(&*node.unique_id);
        }
        sink.push(diagnostic);
    }
}

/// Whether a node is sure to run its hooks.
fn runs_hooks(cx: &NodeCx<'_>) -> bool {
    let node = cx.node;
    let is_known = |materialized: &str| {
        RUNNING.contains(&materialized) && cx.project.macros().materialization(materialized).is_none()
    };
    has_hooks(node) && node.enabled && !node.is_dropped() && cx.materialized().is_some_and(is_known)
}

/// Why a hook fails for a node, where it fails whether or not the relation is there.
fn failure(cx: &RenderedCx<'_>, node: &Node, text: &str, at: FileRange) -> Option<Failure> {
    // What begins with a brace may be JSON, which dbt takes apart first.
    let is_json = text.trim_start().starts_with('{')
        && !["{{", "{%", "{#"]
            .iter()
            .any(|mark| text.trim_start().starts_with(mark));
    if is_json || !(text.contains("{{") || text.contains("{%")) {
        return None;
    }
    let in_life = |life| {
        let compiled = cx.renderer.compile_hook(node.id, life, text, at);
        cx.depends_on(&compiled);
        certain(&compiled).cloned()
    };
    let first = in_life(Life::Absent)?;
    let later = in_life(Life::Exists)?;
    (first.reason() == later.reason()).then_some(first)
}

/// Why something cannot be rendered, where dbt is sure to fail too.
fn certain(compiled: &Compiled) -> Option<&Failure> {
    let failure = compiled.failure.as_ref()?;
    // What was not known may have led there.
    (failure.is_certain() && compiled.unknown.is_empty()).then_some(failure)
}

fn finding(at: FileRange, failure: &Failure, message: String) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
    for frame in failure.error.trace().iter().filter(|frame| frame.place != at) {
        diagnostic.related.push(Related {
            at: frame.place,
            message: format!("in `{}`", frame.name),
        });
    }
    diagnostic
}
