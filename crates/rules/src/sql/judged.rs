//! The texts that Spark gets, with what it makes of them.

use glueline_render::{Compiled, Life};
use glueline_schema::Verdict;

use crate::context::{NodeCx, RenderedCx};
use crate::rendering::report::{ByRule, known};
use crate::rule::Sink;

/// A text that Spark gets.
pub(super) struct Judged<'a, 't> {
    pub(super) node: NodeCx<'a>,
    pub(super) life: Life,
    pub(super) compiled: &'t Compiled,
    /// What it was rendered to.
    pub(super) code: &'t str,
    /// What Spark makes of it.
    pub(super) verdict: &'t Verdict,
}

/// Reports what several rules find in the texts of the nodes that are sent to Spark.
pub(super) fn report<'a>(
    cx: &RenderedCx<'a>,
    sink: &mut Sink,
    is_sent: fn(&NodeCx<'_>) -> bool,
    find: impl Fn(&Judged<'a, '_>, &mut ByRule<'a>),
) {
    if !cx.project.is_glue() {
        return;
    }
    let mut found = ByRule::default();
    for (node, life, compiled, code) in known(cx) {
        let entry = cx.schemas.entry(node.node.id).filter(|_| is_sent(&node));
        if let Some(verdict) = entry.as_ref().and_then(|entry| entry.verdict(life)) {
            let judged = Judged {
                node,
                life,
                compiled,
                code,
                verdict,
            };
            find(&judged, &mut found);
        }
    }
    found.report(cx, sink);
}
