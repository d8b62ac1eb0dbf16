//! Plain data of the analysis as types of the protocol, where more than one feature needs it.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Edit, FileId, Severity};
use glueline_ide::actions::Action;
use serde_json::json;
use tower_lsp_server::ls_types::{
    self as lsp, CreateFile, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentChangeOperation, DocumentChanges, NumberOrString, OneOf, OptionalVersionedTextDocumentIdentifier,
    ResourceOp, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use crate::position::Lines;
use crate::uri;
use crate::view::ProjectView;

/// Who says so.
const SOURCE: &str = "glueline";

/// A finding.
pub(crate) fn diagnostic(view: &ProjectView, finding: &Diagnostic) -> lsp::Diagnostic {
    let agreed = &view.agreed;
    let mut diagnostic = plain_diagnostic(&view.lines(finding.at.file), finding);
    if agreed.diagnostics_have("relatedInformation") {
        let related = finding.related.iter().filter_map(|related| {
            Some(DiagnosticRelatedInformation {
                location: view.location(related.at)?,
                message: related.message.clone(),
            })
        });
        let related: Vec<_> = related.collect();
        diagnostic.related_information = (!related.is_empty()).then_some(related);
    }
    if let Some(tag) = tag(finding)
        && agreed.shows_tag(&tag)
    {
        diagnostic.tags = Some(vec![tag]);
    }
    if let Some(fix) = &finding.fix
        && agreed.diagnostics_have("dataSupport")
    {
        diagnostic.data = Some(json!({"fix": {"title": fix.title, "safety": fix.safety.name()}}));
    }
    diagnostic
}

/// A finding without what other files or a client's abilities add to it. There are no pages of rules to link to.
pub(crate) fn plain_diagnostic(lines: &Lines, finding: &Diagnostic) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: lines.range(finding.at.range),
        severity: Some(severity(finding.severity)),
        // What a run says is of no rule.
        code: (!finding.rule.is_empty()).then(|| NumberOrString::String(finding.rule.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        ..lsp::Diagnostic::default()
    }
}

/// How what is found is drawn: struck through where it is deprecated, faded where nothing reads it.
fn tag(finding: &Diagnostic) -> Option<DiagnosticTag> {
    let rule = finding.rule;
    if rule.starts_with("deprecated-") {
        return Some(DiagnosticTag::DEPRECATED);
    }
    let words = ["dead-", "unused-"];
    let is_unread = words.iter().any(|word| rule.starts_with(word)) || rule.ends_with("-unused");
    is_unread.then_some(DiagnosticTag::UNNECESSARY)
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

/// All that an action does, as one edit: files are created before others name them. `None` where a file has no name.
pub(crate) fn action_edit(view: &ProjectView, action: &Action) -> Option<WorkspaceEdit> {
    let mut edit = workspace_edit(view, &action.edits)?;
    if action.creations.is_empty() {
        return Some(edit);
    }
    let mut operations = Vec::new();
    for creation in &action.creations {
        let uri = uri::of_path(&creation.path)?;
        operations.push(DocumentChangeOperation::Op(ResourceOp::Create(CreateFile {
            uri: uri.clone(),
            options: None,
            annotation_id: None,
        })));
        operations.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
            edits: vec![OneOf::Left(TextEdit {
                range: lsp::Range::default(),
                new_text: creation.text.clone(),
            })],
        }));
    }
    if let Some(DocumentChanges::Edits(edits)) = edit.document_changes.take() {
        operations.extend(edits.into_iter().map(DocumentChangeOperation::Edit));
    }
    edit.document_changes = Some(DocumentChanges::Operations(operations));
    Some(edit)
}
