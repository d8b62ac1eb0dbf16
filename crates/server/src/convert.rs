//! Plain data of the analysis as types of the protocol, where more than one feature needs it.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Edit, FileId, Severity};
use tower_lsp_server::ls_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, DocumentChanges, NumberOrString, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use crate::view::ProjectView;

/// Who says so.
const SOURCE: &str = "glueline";

/// A finding.
pub(crate) fn diagnostic(view: &ProjectView, finding: &Diagnostic) -> lsp::Diagnostic {
    let related = finding.related.iter().filter_map(|related| {
        Some(DiagnosticRelatedInformation {
            location: view.location(related.at)?,
            message: related.message.clone(),
        })
    });
    let related: Vec<_> = related.collect();
    lsp::Diagnostic {
        range: view.range_in(finding.at.file, finding.at.range),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        code_description: None,
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        tags: None,
        data: None,
    }
}

const fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

/// Replacements in any files, as one edit: with the versions that they are meant for, where the client heeds them. `None` where a
/// file has no name.
pub(crate) fn workspace_edit(view: &ProjectView, edits: &[Edit]) -> Option<WorkspaceEdit> {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.at.file).or_default().push(TextEdit {
            range: view.range_in(edit.at.file, edit.at.range),
            new_text: edit.text.clone(),
        });
    }
    if !view.agreed.document_changes() {
        let changes = by_file
            .into_iter()
            .map(|(file, edits)| Some((view.uri_of(file)?, edits)))
            .collect::<Option<_>>()?;
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..WorkspaceEdit::default()
        });
    }
    let documents = by_file
        .into_iter()
        .map(|(file, edits)| {
            Some(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    uri: view.uri_of(file)?,
                    version: view.version_of(file),
                },
                edits: edits.into_iter().map(OneOf::Left).collect(),
            })
        })
        .collect::<Option<_>>()?;
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(documents)),
        ..WorkspaceEdit::default()
    })
}
