//! `textDocument/inlayHint`.

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
    };
    let lines = view.lines(view.file);
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
                HintKind::Type => Some(InlayHintKind::TYPE),
                HintKind::Config => Some(InlayHintKind::PARAMETER),
            },
            text_edits: None,
            tooltip: Some(InlayHintTooltip::String(hint.tooltip)),
            padding_left: Some(true),
            padding_right: Some(true),
            data: None,
        }
    });
    Some(shown.collect())
}
