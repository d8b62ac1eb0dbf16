//! Findings of files as reports of the protocol.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic, FileId};
use glueline_ide::diagnostics::Findings;
use rustc_hash::FxHasher;
use tower_lsp_server::ls_types::{self as lsp, Uri};

use crate::convert;
use crate::document::Document;
use crate::moment::Documents;
use crate::view::ProjectView;

/// What is wrong with one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// The file.
    pub(crate) uri: Uri,
    /// Its version, where it is open.
    pub(crate) version: Option<i32>,
    /// What is wrong.
    pub(crate) items: Vec<lsp::Diagnostic>,
    /// Equal where `items` are: the `resultId` of the protocol.
    pub(crate) id: String,
}

/// A look at everything.
#[derive(Debug)]
pub(crate) struct Whole {
    /// What was looked at.
    pub(crate) view: ProjectView,
    /// What was found.
    pub(crate) findings: Findings,
    /// The reports of all files with something to report, by their names.
    pub(crate) reports: BTreeMap<String, Arc<Report>>,
}

/// The id of a report without items.
pub(crate) fn nothing() -> String {
    id(&[])
}

impl Report {
    /// Nothing is wrong.
    pub(crate) fn empty(uri: Uri) -> Self {
        Self {
            uri,
            version: None,
            items: Vec::new(),
            id: nothing(),
        }
    }

    /// What an open document says by itself.
    pub(crate) fn of_document(document: &Document, items: Vec<lsp::Diagnostic>) -> Self {
        Self {
            uri: document.uri.clone(),
            version: Some(document.version),
            id: id(&items),
            items,
        }
    }

    fn new(view: &ProjectView, file: FileId, items: Vec<lsp::Diagnostic>) -> Option<Self> {
        Some(Self {
            uri: view.uri_of(file)?,
            version: view.version_of(file),
            id: id(&items),
            items,
        })
    }
}

/// What is wrong with a file, given what was found in it; `None` where it has no name.
pub(crate) fn document_report(view: &ProjectView, file: FileId, found: Vec<Diagnostic>) -> Option<Report> {
    let judged = view.judged(file, found);
    let items = judged
        .iter()
        .map(|finding| convert::diagnostic(view, finding))
        .collect();
    Report::new(view, file, items)
}

impl Whole {
    /// Looks at everything. What `last` says of files that cannot have changed is taken over. `None` where it was cancelled.
    pub(crate) fn look(view: ProjectView, last: Option<&Self>, cancel: &Cancel) -> Option<Self> {
        if let Some(last) = last {
            last.view.analysis.renderer().make_way(view.analysis.renderer());
        }
        let findings = Findings::whole(&view.analysis, last.map(|last| &last.findings), cancel)?;
        let mut files: BTreeMap<FileId, &[Diagnostic]> = findings.files().collect();
        // They have findings that no rule makes.
        for file in view.settings_file().into_iter().chain(view.told_files()) {
            files.entry(file).or_default();
        }
        let mut reports = BTreeMap::new();
        for (file, found) in files {
            if cancel.is_cancelled() {
                return None;
            }
            let known = last.and_then(|last| last.known(&view, file, found));
            let report = match known {
                Some(report) => Some(report),
                None => document_report(&view, file, found.to_vec()).map(Arc::new),
            };
            if let Some(report) = report
                && !report.items.is_empty()
            {
                reports.insert(report.uri.as_str().to_owned(), report);
            }
        }
        view.forget_lines();
        view.analysis.prepare();
        Some(Self {
            view,
            findings,
            reports,
        })
    }

    /// The version that a report is true of: a document may have been opened since with the very text that was looked at.
    pub(crate) fn version_of(&self, report: &Report, documents: &Documents) -> Option<i32> {
        report.version.or_else(|| {
            let document = documents.get(report.uri.as_str())?;
            let file = self.view.analysis.file(document.path.as_deref()?)?;
            (*document.text() == *self.view.analysis.text(file)).then_some(document.version)
        })
    }

    /// The report of a file, where neither what was found nor a text that it speaks of has changed.
    fn known(&self, view: &ProjectView, file: FileId, found: &[Diagnostic]) -> Option<Arc<Report>> {
        let (before, now) = (self.view.analysis.project(), view.analysis.project());
        // Numbers mean the same files only where there are as many.
        if before.files().len() != now.files().len() {
            return None;
        }
        let same_text =
            |file: FileId| Arc::ptr_eq(&before.files().source(file).text, &now.files().source(file).text);
        let is_same = self.view.same_settings(view)
            && same_text(file)
            && self.view.version_of(file) == view.version_of(file)
            && self.findings.of(file) == found
            && self.view.told(file) == view.told(file)
            && found
                .iter()
                .flat_map(|finding| &finding.related)
                .all(|related| same_text(related.at.file));
        if !is_same {
            return None;
        }
        self.reports.get(view.uri_of(file)?.as_str()).cloned()
    }
}

fn id(items: &[lsp::Diagnostic]) -> String {
    let text = serde_json::to_string(items).unwrap_or_default();
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}
