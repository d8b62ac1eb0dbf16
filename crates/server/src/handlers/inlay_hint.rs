//! `textDocument/inlayHint`.

use glueline_base::TextSize;
use glueline_ide::hints::{HintKind, Wanted, hints};
use tower_lsp_server::ls_types::{
    InlayHint, InlayHintKind, InlayHintLabel, InlayHintLabelPart, InlayHintParams, InlayHintTooltip,
};

use crate::view::View;

/// The hints of the lines that are shown.
pub(crate) fn inlay_hint(view: &View, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    if view.is_alone() {
        return None;
    }
    let settings = view.settings();
    let wanted = Wanted {
        relations: settings.relation_hints,
        configs: settings.config_hints,
        types: settings.type_hints,
        columns: settings.column_hints,
    };
    let lines = view.lines(view.file);
    let text = view.analysis.text(view.file);
    let found = hints(&view.analysis, view.file, view.bytes(params.range), wanted);
    let shown = found.into_iter().map(|hint| {
        let label = InlayHintLabelPart {
            value: hint.label,
            tooltip: None,
            location: hint.target.and_then(|target| view.location(target)),
            command: None,
        };
        InlayHint {
            position: lines.position(hint.at),
            label: InlayHintLabel::LabelParts(vec![label]),
            kind: match hint.kind {
                HintKind::Relation => None,
                HintKind::Type | HintKind::Columns => Some(InlayHintKind::TYPE),
                HintKind::Config => Some(InlayHintKind::PARAMETER),
            },
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(hint.tooltip)),
            // Types follow the name and its colon, as they do in most languages.
            padding_left: Some(!matches!(hint.kind, HintKind::Type | HintKind::Columns)),
            padding_right: Some(needs_room(text, hint.at)),
            data: None,
        }
    });
    Some(shown.collect())
}

/// Whether what stands behind a hint would touch it: blanks and signs that end an item keep apart by themselves.
fn needs_room(text: &str, at: TextSize) -> bool {
    let behind = text.get(usize::from(at)..).and_then(|rest| rest.chars().next());
    behind.is_some_and(|next| !next.is_whitespace() && !matches!(next, ',' | ')' | ';'))
}
