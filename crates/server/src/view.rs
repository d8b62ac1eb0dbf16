//! What a handler sees: a document, or a project, at the instant of its request.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glueline_base::{Cancel, Diagnostic, FileId, FileRange, TextRange, Utf8Path};
use glueline_ide::diagnostics::{Findings, alone};
use glueline_ide::{Analysis, FilePosition};
use tower_lsp_server::ls_types::{Location, Position, Range, Uri};

use crate::agreed::Agreed;
use crate::host::ProjectSettings;
use crate::moment::Moment;
use crate::position::Lines;
use crate::project::Project;
use crate::runs::Told;
use crate::settings::Settings;
use crate::uri;

/// A document of a project at the instant of a request. Everything of [`ProjectView`] is there too.
pub(crate) struct View {
    project: ProjectView,
    /// The document.
    pub(crate) file: FileId,
    /// The name that the client used for it.
    pub(crate) uri: Uri,
}

/// A project at the instant of a request.
pub(crate) struct ProjectView {
    /// What is known of it. Never changes, however long the handler takes.
    pub(crate) analysis: Analysis,
    /// What the client can do.
    pub(crate) agreed: Arc<Agreed>,
    /// Set when nobody waits for the answer any more: look at it in long loops.
    pub(crate) cancel: Cancel,
    project: Arc<Project>,
    settings: Arc<ProjectSettings>,
    moment: Arc<Moment>,
    lines: Mutex<BTreeMap<FileId, Arc<Lines>>>,
    settings_file: OnceLock<Option<FileId>>,
    /// What runs said of files.
    told: Arc<Told>,
}

impl Deref for View {
    type Target = ProjectView;

    fn deref(&self) -> &ProjectView {
        &self.project
    }
}

impl View {
    /// `None` where the document is no file that the project is read from.
    pub(crate) fn new(project: ProjectView, path: &Utf8Path, uri: Uri) -> Option<Self> {
        let file = project.analysis.file(path)?;
        Some(Self { project, file, uri })
    }

    /// The place in the document.
    pub(crate) fn at(&self, position: Position) -> FilePosition {
        FilePosition {
            file: self.file,
            offset: self.lines(self.file).offset(position),
        }
    }

    /// The bytes of a range of the document.
    pub(crate) fn bytes(&self, range: Range) -> TextRange {
        self.lines(self.file).bytes(range)
    }

    /// A range of bytes of the document, as the client counts.
    pub(crate) fn range(&self, bytes: TextRange) -> Range {
        self.range_in(self.file, bytes)
    }

    /// What is wrong with the document, as it is shown: levels applied, files that are not reported on left out.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        let found = self.found(&[self.file]).pop();
        self.judged(self.file, found.map_or_else(Vec::new, |(_, found)| found))
    }
}

impl ProjectView {
    pub(crate) fn new(
        analysis: Analysis,
        project: Arc<Project>,
        settings: Arc<ProjectSettings>,
        moment: Arc<Moment>,
        agreed: Arc<Agreed>,
        cancel: Cancel,
    ) -> Self {
        Self {
            told: project.told(),
            analysis,
            agreed,
            cancel,
            project,
            settings,
            moment,
            lines: Mutex::default(),
            settings_file: OnceLock::new(),
        }
    }

    /// Whether the document belongs to no project, so that what is not in it is not known to be missing.
    pub(crate) fn is_alone(&self) -> bool {
        self.project.alone.is_some()
    }

    /// The client's settings at the instant.
    pub(crate) fn settings(&self) -> &Settings {
        &self.moment.settings
    }

    /// The lines of a file, counted once.
    pub(crate) fn lines(&self, file: FileId) -> Arc<Lines> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let text = &self.analysis.project().files().source(file).text;
            Arc::new(Lines::new(Arc::clone(text), self.agreed.encoding))
        };
        Arc::clone(lines.entry(file).or_insert_with(make))
    }

    /// A range of bytes of any file, as the client counts.
    pub(crate) fn range_in(&self, file: FileId, bytes: TextRange) -> Range {
        self.lines(file).range(bytes)
    }

    /// The name of a file: the client's own where it is open.
    pub(crate) fn uri_of(&self, file: FileId) -> Option<Uri> {
        let path = self.analysis.path(file);
        if let Some(alone) = &self.project.alone {
            // It is the only file that there is outside of the analysis.
            return (path == alone.path).then(|| alone.uri.clone());
        }
        match self.moment.document_at(path) {
            Some(document) => Some(document.uri.clone()),
            None => uri::of_path(path),
        }
    }

    /// The version of a file, where it is open.
    pub(crate) fn version_of(&self, file: FileId) -> Option<i32> {
        let path = self.analysis.path(file);
        let document = match &self.project.alone {
            Some(alone) if path == alone.path => self.moment.documents.get(alone.uri.as_str()),
            Some(_) => None,
            None => self.moment.document_at(path),
        };
        document.map(|document| document.version)
    }

    /// A place in any file.
    pub(crate) fn location(&self, at: FileRange) -> Option<Location> {
        Some(Location {
            uri: self.uri_of(at.file)?,
            range: self.range_in(at.file, at.range),
        })
    }

    /// What is found in some files: at once, by what was found in the whole project when it was last looked at. A document that belongs
    /// to no project says what can be said of it by itself.
    pub(crate) fn found(&self, files: &[FileId]) -> Vec<(FileId, Vec<Diagnostic>)> {
        if !self.is_alone() {
            let known = self.project.known();
            let known = known.unwrap_or_else(|| Findings::none(&self.analysis));
            return known.of_files(&self.analysis, files);
        }
        let by_itself = |file: FileId| {
            let found = alone(self.analysis.path(file), self.analysis.text(file));
            let here = found.into_iter().map(move |finding| in_file(finding, file));
            here.collect()
        };
        files.iter().map(|file| (*file, by_itself(*file))).collect()
    }

    /// Findings of a file as they are shown, sorted by place.
    pub(crate) fn judged(&self, file: FileId, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let shown = &self.analysis.project().files().source(file).path;
        let judge = &self.settings.judge;
        if !judge.reports_on(shown) {
            return Vec::new();
        }
        let levelled = found.into_iter().filter_map(|finding| judge.level(finding));
        let mut judged: Vec<Diagnostic> = levelled.collect();
        if self.settings_file() == Some(file) {
            judged.extend(judge.faults(file));
            judged.sort_by_key(|finding| (finding.at.range.start(), finding.rule));
        }
        judged.extend(self.told(file));
        judged
    }

    /// What runs said of a file as it is.
    pub(crate) fn told(&self, file: FileId) -> Vec<Diagnostic> {
        self.told.of(&self.analysis, file)
    }

    /// What runs had said of all files by then.
    pub(crate) fn told_by_then(&self) -> Arc<Told> {
        Arc::clone(&self.told)
    }

    /// The files that runs said something of.
    pub(crate) fn told_files(&self) -> impl Iterator<Item = FileId> {
        self.told.files().filter_map(|path| self.analysis.file(path))
    }

    /// The project's own `glueline.toml`, where there is one.
    pub(crate) fn settings_file(&self) -> Option<FileId> {
        // It is asked for with each file that is reported on, and most projects have none.
        let find = || self.analysis.file(&self.project.dir.join("glueline.toml"));
        self.settings_file
            .get_or_init(|| find().filter(|_| !self.is_alone()))
            .to_owned()
    }

    /// Whether the same settings apply to two views.
    pub(crate) fn same_settings(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.settings, &other.settings)
    }

    /// Lets go of lines that were counted.
    pub(crate) fn forget_lines(&self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clear();
    }
}

impl std::fmt::Debug for ProjectView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProjectView")
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}

/// A finding of a text alone, which is in file 0, in the file that the text is of.
pub(crate) fn in_file(mut finding: Diagnostic, file: FileId) -> Diagnostic {
    finding.at.file = file;
    finding
        .related
        .iter_mut()
        .for_each(|related| related.at.file = file);
    if let Some(fix) = &mut finding.fix {
        fix.edits.iter_mut().for_each(|edit| edit.at.file = file);
    }
    finding
}
