//! What nodes render to.
//!
//! Most nodes render to something that no rule has anything to say of. That is written down, and their texts are let go: they take up
//! more room than all else. What rules say of the others is put together of all of them, for one fault may show in many.

use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic};
use glueline_project::{NodeId, Reads};
use glueline_render::{Basis, Life};
use glueline_schema::{Entry, Schemas, lives};
use rayon::prelude::*;

use super::{Last, count, is_looked_at, rules_of_rendered};
use crate::context::RenderedCx;
use crate::rendering;
use crate::rule::Sink;

/// A look at what a node renders to.
#[derive(Debug)]
pub(super) struct Look {
    /// Whether no rule has anything to say.
    is_clean: bool,
    reads: Reads,
    basis: Basis,
    /// What Spark made of its texts.
    entry: Option<Arc<Entry>>,
}

/// Looks at what each node renders to.
pub(super) fn of_nodes(
    schemas: &Schemas,
    last: Option<&Last<'_>>,
    cancel: &Cancel,
) -> Vec<Option<Arc<Look>>> {
    let renderer = schemas.renderer();
    let project = renderer.project();
    // What nobody asked for before is let go of again; who reads a node asks for it before its own turn has come.
    let is_kept = |number| {
        let id = NodeId(number);
        is_looked_at(project, id)
            && lives(renderer, id)
                .iter()
                .any(|life| renderer.has_compiled(id, *life))
    };
    let kept: Vec<bool> = (0..count(project)).into_par_iter().map(is_kept).collect();
    let look = |id: NodeId| {
        let number = id.0;
        if !is_looked_at(project, id) || cancel.is_cancelled() {
            return None;
        }
        let known = last.and_then(|last| {
            let look = last.known.rendered.get(number as usize)?.as_ref()?;
            let holds =
                look.reads.hold(&last.difference) && renderer.holds(&look.basis) && look.is_of(schemas, id);
            holds.then(|| look.clone())
        });
        let is_kept = kept.get(number as usize).copied().unwrap_or_default();
        Some(known.unwrap_or_else(|| Arc::new(of_node(schemas, id, is_kept))))
    };
    let nodes: Vec<NodeId> = (0..count(project)).map(NodeId).collect();
    schemas.ask(&nodes, look)
}

impl Look {
    /// Whether Spark still makes the same of the node's texts.
    fn is_of(&self, schemas: &Schemas, id: NodeId) -> bool {
        match (&self.entry, schemas.entry(id)) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, &now),
            (None, None) => true,
            _ => false,
        }
    }
}

fn of_node(schemas: &Schemas, id: NodeId, is_kept: bool) -> Look {
    let renderer = schemas.renderer();
    // Before anything is written down: what it looks at in the nodes around depends on more than this one's findings do.
    let entry = schemas.entry(id);
    let cx = RenderedCx::of_one(schemas, id);
    let look = || {
        // In which lives it is rendered decides what is found, too.
        let _ = lives(renderer, id);
        found(&cx).is_empty()
    };
    let (is_clean, reads) = Reads::record(look);
    let basis = cx.basis();
    let is_read = renderer.names(id).materialized() == "ephemeral";
    if is_clean && !is_read && !is_kept {
        let lives: &[Life] = lives(renderer, id);
        lives.iter().for_each(|life| renderer.forget(id, *life));
    }
    renderer.rest(id);
    Look {
        is_clean,
        reads,
        basis,
        entry,
    }
}

/// What the rules find in one node's texts.
pub(super) fn found(cx: &RenderedCx<'_>) -> Vec<Diagnostic> {
    let mut sink = Sink::default();
    rules_of_rendered(cx, &mut sink);
    sink.take()
}

/// What the rules find in all nodes, each fault once, and in the hooks of a run.
pub(super) fn merged(schemas: &Schemas, looks: &[Option<Arc<Look>>]) -> Vec<Diagnostic> {
    let numbered = looks.iter().enumerate();
    let unclean = numbered.filter(|(_, look)| look.as_ref().is_some_and(|look| !look.is_clean));
    let unclean = unclean.map(|(number, _)| NodeId(u32::try_from(number).unwrap_or(u32::MAX)));
    let cx = RenderedCx::of(schemas, unclean.collect());
    let mut sink = Sink::default();
    rules_of_rendered(&cx, &mut sink);
    rendering::of_run(schemas.renderer(), &mut sink);
    sink.take()
}
