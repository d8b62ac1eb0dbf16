//! `textDocument/selectionRange`.

use glueline_ide::selection::ranges;
use tower_lsp_server::ls_types::{SelectionRange, SelectionRangeParams};

use crate::view::View;

/// For each place, the ranges around it.
pub(crate) fn selection_range(view: &View, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let mut out = Vec::with_capacity(params.positions.len());
    for position in &params.positions {
        if view.cancel.is_cancelled() {
            return None;
        }
        let mut outer: Option<SelectionRange> = None;
        for range in ranges(&view.analysis, view.at(*position)).into_iter().rev() {
            outer = Some(SelectionRange {
                range: view.range(range),
                parent: outer.map(Box::new),
            });
        }
        out.push(outer?);
    }
    Some(out)
}
