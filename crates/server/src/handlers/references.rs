//! `textDocument/references` and `textDocument/documentHighlight`.

use glueline_ide::references::{self, Access};
use tower_lsp_server::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Location, ReferenceParams,
};

use crate::view::View;

/// Every place of the project that names what stands at a place.
pub(crate) fn references(view: &View, params: &ReferenceParams) -> Option<Vec<Location>> {
    let at = view.at(params.text_document_position.position);
    let found = references::references(
        &view.analysis,
        at,
        params.context.include_declaration,
        &view.cancel,
    );
    let places: Vec<Location> = found.iter().filter_map(|each| view.location(each.at)).collect();
    (!places.is_empty()).then_some(places)
}

/// The places of the document where the same thing stands.
pub(crate) fn highlights(view: &View, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let at = view.at(params.text_document_position_params.position);
    let found = references::highlights(&view.analysis, at);
    let shown = found.into_iter().map(|(range, access)| DocumentHighlight {
        range: view.range(range),
        kind: Some(match access {
            Access::Text => DocumentHighlightKind::TEXT,
            Access::Read => DocumentHighlightKind::READ,
            Access::Write => DocumentHighlightKind::WRITE,
        }),
    });
    let shown: Vec<DocumentHighlight> = shown.collect();
    (!shown.is_empty()).then_some(shown)
}
