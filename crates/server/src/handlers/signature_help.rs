//! `textDocument/signatureHelp`.

use glueline_ide::signature::{self, Parameter, Signature};
use tower_lsp_server::ls_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureHelpParams, SignatureInformation,
};

use super::hover::markup;
use crate::view::View;

/// What the call around the place can be given.
pub(crate) fn signature_help(view: &View, params: &SignatureHelpParams) -> Option<SignatureHelp> {
    let position = params.text_document_position_params.position;
    let help = signature::signature(&view.analysis, view.at(position))?;
    let active = help
        .signatures
        .get(help.active)
        .and_then(|signature| signature.active);
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let signatures = help.signatures.into_iter();
    Some(SignatureHelp {
        signatures: signatures.map(|signature| information(view, signature)).collect(),
        active_signature: Some(number(help.active)),
        // No number means the first: one that is not there means none.
        active_parameter: Some(active.map_or(u32::MAX >> 1, number)),
    })
}

fn information(view: &View, signature: Signature) -> SignatureInformation {
    let is_markdown = view.agreed.markdown_signatures();
    let parameters = signature.parameters.iter().map(|parameter| ParameterInformation {
        label: label(&signature.label, parameter),
        documentation: (!parameter.doc.is_empty()).then(|| {
            Documentation::MarkupContent(MarkupContent {
                kind: if is_markdown {
                    MarkupKind::Markdown
                } else {
                    MarkupKind::PlainText
                },
                value: parameter.doc.clone(),
            })
        }),
    });
    let parameters = parameters.collect();
    let documentation = (!signature.card.is_empty())
        .then(|| Documentation::MarkupContent(markup(&signature.card, is_markdown)));
    SignatureInformation {
        parameters: Some(parameters),
        documentation,
        active_parameter: signature.active.and_then(|active| u32::try_from(active).ok()),
        label: signature.label,
    }
}

/// Where a parameter stands in the label: the protocol counts in UTF-16 here, whatever was agreed on.
fn label(whole: &str, parameter: &Parameter) -> ParameterLabel {
    let units = |end: u32| {
        let before = whole.get(..end as usize).unwrap_or_default();
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    ParameterLabel::LabelOffsets([units(parameter.start), units(parameter.end)])
}
