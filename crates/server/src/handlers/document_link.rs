//! `textDocument/documentLink`.

use std::str::FromStr;

use glueline_ide::links::{LinkTarget, links};
use tower_lsp_server::ls_types::{DocumentLink, DocumentLinkParams, Uri};

use crate::view::View;

/// The texts of the document that lead to another.
pub(crate) fn document_link(view: &View, _: &DocumentLinkParams) -> Vec<DocumentLink> {
    let found = links(&view.analysis, view.file).into_iter().filter_map(|link| {
        let target = match &link.target {
            LinkTarget::Address(address) => Uri::from_str(address).ok()?,
            LinkTarget::Place(place) => {
                let uri = view.uri_of(place.name.file)?;
                let start = view.range_in(place.name.file, place.name.range).start;
                // Editors take a fragment for a line and a column, counted from one.
                let placed = format!("{}#L{},{}", uri.as_str(), start.line + 1, start.character + 1);
                Uri::from_str(&placed).unwrap_or(uri)
            }
        };
        Some(DocumentLink {
            range: view.range(link.range),
            target: Some(target),
            tooltip: None,
            data: None,
        })
    });
    found.collect()
}
