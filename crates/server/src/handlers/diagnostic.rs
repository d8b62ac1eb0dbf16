//! `textDocument/diagnostic` and `workspace/diagnostic`: what is wrong, for clients that ask.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tower_lsp_server::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportKind,
    DocumentDiagnosticReportResult, FullDocumentDiagnosticReport, PreviousResultId,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::diagnostics::{Report, Whole, document_report, nothing};
use crate::moment::Documents;
use crate::view::View;

/// What is wrong with a document.
pub(crate) fn of_document(view: &View) -> Option<Report> {
    let found = view.found(&[view.file]).pop()?;
    document_report(view, view.file, found.1)
}

/// A report as the answer, given what the client has, and what became of other documents meanwhile.
pub(crate) fn answer(
    report: Report,
    params: &DocumentDiagnosticParams,
    related: Vec<Arc<Report>>,
) -> DocumentDiagnosticReportResult {
    let related: HashMap<Uri, DocumentDiagnosticReportKind> = related
        .into_iter()
        .map(|report| (report.uri.clone(), full((*report).clone()).into()))
        .collect();
    let related_documents = (!related.is_empty()).then_some(related);
    let report: DocumentDiagnosticReport = if params.previous_result_id.as_ref() == Some(&report.id) {
        RelatedUnchangedDocumentDiagnosticReport {
            related_documents,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: report.id },
        }
        .into()
    } else {
        RelatedFullDocumentDiagnosticReport {
            related_documents,
            full_document_diagnostic_report: full(report),
        }
        .into()
    };
    report.into()
}

fn full(report: Report) -> FullDocumentDiagnosticReport {
    FullDocumentDiagnosticReport {
        result_id: Some(report.id),
        items: report.items,
    }
}

/// What is wrong everywhere, given what the client has: reports, and how many of them are news.
pub(crate) fn of_workspace(
    looks: &[Arc<Whole>],
    previous: &[PreviousResultId],
    documents: &Documents,
) -> (Vec<WorkspaceDocumentDiagnosticReport>, usize) {
    let mut before: BTreeMap<&str, &PreviousResultId> =
        previous.iter().map(|known| (known.uri.as_str(), known)).collect();
    let mut news = 0;
    let mut items: Vec<WorkspaceDocumentDiagnosticReport> = Vec::new();
    let reports = looks.iter().flat_map(|look| {
        look.reports
            .iter()
            .map(move |(name, report)| (look, name, report))
    });
    for (look, name, report) in reports {
        let version = look.version_of(report, documents).map(i64::from);
        let uri = report.uri.clone();
        if before
            .remove(name.as_str())
            .is_some_and(|known| known.value == report.id)
        {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport {
                result_id: report.id.clone(),
            };
            items.push(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report,
                }
                .into(),
            );
        } else {
            news += 1;
            items.push(
                WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: full((**report).clone()),
                }
                .into(),
            );
        }
    }
    // What the client knows and nobody reports any more is mended, or gone.
    let mended = nothing();
    for known in before.into_values().filter(|known| known.value != mended) {
        news += 1;
        items.push(
            WorkspaceFullDocumentDiagnosticReport {
                uri: known.uri.clone(),
                version: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(mended.clone()),
                    items: Vec::new(),
                },
            }
            .into(),
        );
    }
    (items, news)
}
