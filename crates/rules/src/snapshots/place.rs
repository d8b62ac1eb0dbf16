//! Where to point in a snapshot.

use glueline_base::{FileRange, range};

use crate::context::NodeCx;

/// The word `config` of the call that configures the snapshot, or its name: for what it lacks altogether.
pub(crate) fn config_call(cx: &NodeCx<'_>) -> FileRange {
    let file = cx.node.file();
    let calls = cx
        .project
        .facts(file)
        .sql()
        .map_or(&[][..], |facts| &facts.configs);
    let call = calls
        .iter()
        .find(|call| call.site.in_macro.is_none() && call.site.in_snapshot == cx.node.block);
    call.filter(|_| cx.node.block.is_some())
        .map_or(cx.node.at, |call| {
            let start = usize::from(call.site.range.start());
            FileRange {
                file,
                range: range(start, start + "config".len()),
            }
        })
}
