//! `textDocument/foldingRange`.

use glueline_ide::folding::{FoldKind, folds};
use tower_lsp_server::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::view::View;

/// What can be folded in the document.
pub(crate) fn folding_range(view: &View, _params: &FoldingRangeParams) -> Vec<FoldingRange> {
    let client = view
        .agreed
        .document()
        .and_then(|document| document.folding_range.as_ref());
    let lines_only = client
        .and_then(|client| client.line_folding_only)
        .unwrap_or_default();
    let limit = client.and_then(|client| client.range_limit).unwrap_or(u32::MAX);
    let folds = folds(&view.analysis, view.file).into_iter().map(|fold| {
        let range = view.range(fold.range);
        FoldingRange {
            start_line: range.start.line,
            start_character: (!lines_only).then_some(range.start.character),
            end_line: range.end.line,
            end_character: (!lines_only).then_some(range.end.character),
            kind: match fold.kind {
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Region => Some(FoldingRangeKind::Region),
                FoldKind::Block => None,
            },
            collapsed_text: None,
        }
    });
    folds.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}
