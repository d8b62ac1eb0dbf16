//! What nodes render to.
//!
//! Most nodes render to something that no rule has anything to say of. That is written down, and their texts are let go: they take up
//! more room than all else. What rules say of the others is put together of all of them, for one fault may show in many.

use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic};
use glueline_project::{NodeId, Reads};
use glueline_render::{Basis, Life, Renderer};
use rayon::prelude::*;

use super::{Last, count, is_looked_at, rules_of_rendered};
use crate::context::{RenderedCx, lives};
use crate::rendering;
use crate::rule::Sink;

/// A look at what a node renders to.
#[derive(Debug)]
pub(super) struct Look {
    /// Whether no rule has anything to say.
    is_clean: bool,
    reads: Reads,
    basis: Basis,
}

/// Looks at what each node renders to.
pub(super) fn of_nodes(
    renderer: &Renderer,
    last: Option<&Last<'_>>,
    cancel: &Cancel,
) -> Vec<Option<Arc<Look>>> {
    let project = renderer.project();
    let look = |number: u32| {
        let id = NodeId(number);
        if !is_looked_at(project, id) || cancel.is_cancelled() {
            return None;
        }
        let known = last.and_then(|last| {
            let look = last.known.rendered.get(number as usize)?.as_ref()?;
            let holds = look.reads.hold(&last.difference) && renderer.holds(&look.basis);
            holds.then(|| look.clone())
        });
        Some(known.unwrap_or_else(|| Arc::new(of_node(renderer, id))))
    };
    (0..count(project)).into_par_iter().map(look).collect()
}

fn of_node(renderer: &Renderer, id: NodeId) -> Look {
    let before: Vec<(Life, bool)> = lives(renderer, id)
        .iter()
        .map(|life| (*life, renderer.has_compiled(id, *life)))
        .collect();
    let cx = RenderedCx::of_one(renderer, id);
    let look = || {
        // In which lives it is rendered decides what is found, too.
        let _ = lives(renderer, id);
        found(&cx).is_empty()
    };
    let (is_clean, reads) = Reads::record(look);
    let basis = cx.basis();
    let is_read = renderer.names(id).materialized() == "ephemeral";
    if is_clean && !is_read {
        let made_now = before.into_iter().filter(|(_, known)| !known);
        made_now.for_each(|(life, _)| renderer.forget(id, life));
    }
    renderer.rest(id);
    Look {
        is_clean,
        reads,
        basis,
    }
}

/// What the rules find in one node's texts.
pub(super) fn found(cx: &RenderedCx<'_>) -> Vec<Diagnostic> {
    let mut sink = Sink::default();
    rules_of_rendered(cx, &mut sink);
    sink.take()
}

/// What the rules find in all nodes, each fault once, and in the hooks of a run.
pub(super) fn merged(renderer: &Renderer, looks: &[Option<Arc<Look>>]) -> Vec<Diagnostic> {
    let numbered = looks.iter().enumerate();
    let unclean = numbered.filter(|(_, look)| look.as_ref().is_some_and(|look| !look.is_clean));
    let unclean = unclean.map(|(number, _)| NodeId(u32::try_from(number).unwrap_or(u32::MAX)));
    let cx = RenderedCx::of(renderer, unclean.collect());
    let mut sink = Sink::default();
    rules_of_rendered(&cx, &mut sink);
    rendering::of_run(renderer, &mut sink);
    sink.take()
}
