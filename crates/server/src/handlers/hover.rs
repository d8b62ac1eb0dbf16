//! `textDocument/hover`.

use glueline_ide::card::Card;
use glueline_ide::hover;
use tower_lsp_server::ls_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use crate::view::View;

/// What is known of what stands at the place.
pub(crate) fn hover(view: &View, params: &HoverParams) -> Option<Hover> {
    let position = params.text_document_position_params.position;
    let found = hover::hover(&view.analysis, view.at(position))?;
    Some(Hover {
        contents: HoverContents::Markup(markup(&found.card, view.agreed.markdown_hover())),
        range: Some(view.range_in(found.range.file, found.range.range)),
    })
}

/// What is told, as the client can show it.
pub(crate) fn markup(card: &Card, is_markdown: bool) -> MarkupContent {
    if is_markdown {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value: card.markdown(),
        }
    } else {
        MarkupContent {
            kind: MarkupKind::PlainText,
            value: card.plain(),
        }
    }
}
