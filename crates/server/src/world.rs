//! What the client has told: documents, folders, settings; and the projects that follow from them.
//!
//! Only the sequencer writes here, message by message; everybody else is handed a [`Moment`].

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};
use tower_lsp_server::ls_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, TextDocumentItem, Uri,
};

use crate::document::Document;
use crate::host::Host;
use crate::moment::{Documents, Moment, Place};
use crate::position::Encoding;
use crate::project::{Event, Project};
use crate::settings::Settings;
use crate::uri;

/// Directories into which dbt installs packages: what lies in them belongs to the project around them.
const INSTALLED: [&str; 2] = ["dbt_packages", "dbt_modules"];

/// Everything that the client has told.
pub(crate) struct World {
    host: Arc<dyn Host>,
    disk: Arc<dyn System>,
    /// What columns count.
    pub(crate) encoding: Encoding,
    documents: Documents,
    settings: Arc<Settings>,
    projects: BTreeMap<Utf8PathBuf, Arc<Project>>,
    /// Documents that belong to no project, by their names.
    alone: BTreeMap<String, Arc<Project>>,
}

impl World {
    pub(crate) fn new(host: Arc<dyn Host>, disk: Arc<dyn System>) -> Self {
        Self {
            host,
            disk,
            encoding: Encoding::default(),
            documents: Documents::default(),
            settings: Arc::default(),
            projects: BTreeMap::new(),
            alone: BTreeMap::new(),
        }
    }

    /// The settings that count now.
    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Other settings.
    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.settings = Arc::new(settings);
        self.note_everywhere(&Event::Settings(self.settings.asked.clone()));
    }

    /// Every project that was met.
    pub(crate) fn projects(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.projects.values()
    }

    /// Opens a document. One that is open already is opened anew: what the client says last counts.
    pub(crate) fn open(&mut self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem {
            uri,
            language_id,
            version,
            text,
        } = params.text_document;
        let path = uri::to_path(&uri);
        let document = Document::new(uri, path, version, language_id, &text);
        self.put(document);
    }

    /// Edits a document. Returns false where it is not open: what the edit is of, nobody knows.
    pub(crate) fn change(&mut self, params: DidChangeTextDocumentParams) -> bool {
        let name = params.text_document.uri.as_str();
        let Some(document) = self.documents.get(name) else {
            return false;
        };
        let version = params.text_document.version;
        let document = document.edited(version, params.content_changes, self.encoding);
        self.put(document);
        true
    }

    /// Closes a document: what is on the disk counts again.
    pub(crate) fn close(&mut self, uri: &Uri) {
        let Some(document) = Arc::make_mut(&mut self.documents).remove(uri.as_str()) else {
            return;
        };
        self.alone.remove(uri.as_str());
        if let Some(path) = document.path.clone() {
            self.note_everywhere(&Event::Text(path, None));
        }
    }

    fn put(&mut self, document: Document) {
        let name = document.uri.as_str().to_owned();
        let known = Arc::make_mut(&mut self.documents).insert(name.clone(), Arc::new(document.clone()));
        if let Some(path) = &document.path {
            if known.is_none() {
                self.meet(path);
            }
            self.note_everywhere(&Event::Text(path.clone(), Some(document.clone())));
        }
        if document
            .path
            .as_ref()
            .and_then(|path| self.project_of(path))
            .is_none()
        {
            let (host, asked) = (&self.host, &self.settings.asked);
            let file = file_name(&document);
            let project = self
                .alone
                .entry(name)
                .or_insert_with(|| Project::alone(&file, Arc::clone(host), asked.clone()));
            if let Some(path) = project.alone.clone() {
                project.note(Event::Text(path, Some(document)));
            }
        }
    }

    /// Notes an event in every project: a file may belong to several, as that of a local package does.
    pub(crate) fn note_everywhere(&self, event: &Event) {
        self.projects
            .values()
            .for_each(|project| project.note(event.clone()));
    }

    /// Makes sure that the project of a file is known.
    fn meet(&mut self, path: &Utf8Path) {
        let Some(dir) = find_project(&*self.disk, &self.documents, path) else {
            return;
        };
        if self.projects.contains_key(&dir) {
            return;
        }
        let project = Project::new(
            dir.clone(),
            Arc::clone(&self.host),
            Arc::clone(&self.disk),
            self.settings.asked.clone(),
        );
        for document in self.documents.values() {
            if let Some(path) = &document.path {
                project.note(Event::Text(path.clone(), Some((**document).clone())));
            }
        }
        self.projects.insert(dir, project);
    }

    /// The innermost project around a file, but for installed packages.
    fn project_of(&self, path: &Utf8Path) -> Option<&Arc<Project>> {
        let dirs = path.ancestors().skip(1);
        let around: Vec<&Utf8Path> = dirs.filter(|dir| self.projects.contains_key(*dir)).collect();
        self.projects.get(innermost(&around)?)
    }

    /// This instant, for a request about a document, or about everything where it names none.
    pub(crate) fn moment(&self, uri: Option<&str>) -> Moment {
        let place = uri.and_then(|uri| self.place(uri));
        let everywhere = match uri {
            None => self.projects.values().map(Project::ticket).collect(),
            Some(_) => Vec::new(),
        };
        Moment {
            documents: Arc::clone(&self.documents),
            settings: Arc::clone(&self.settings),
            place,
            everywhere,
        }
    }

    fn place(&self, name: &str) -> Option<Place> {
        let uri: Uri = name.parse().ok()?;
        if let Some(project) = self.alone.get(name) {
            let path = project.alone.clone()?;
            return Some(Place {
                uri,
                path,
                ticket: project.ticket(),
            });
        }
        let path = uri::to_path(&uri)?;
        let ticket = self.project_of(&path)?.ticket();
        Some(Place { uri, path, ticket })
    }
}

/// The directory of the project that a file belongs to.
fn find_project(disk: &dyn System, documents: &Documents, path: &Utf8Path) -> Option<Utf8PathBuf> {
    let is_project = |dir: &Utf8Path| {
        let file = dir.join("dbt_project.yml");
        documents
            .values()
            .any(|document| document.path.as_ref() == Some(&file))
            || matches!(disk.kind(&file), Some(FileKind::File(_)))
    };
    let around: Vec<&Utf8Path> = path.ancestors().skip(1).filter(|dir| is_project(dir)).collect();
    innermost(&around).map(Utf8Path::to_owned)
}

/// Of directories of projects around a file, from the inside out, the one that it belongs to.
fn innermost<'a>(around: &[&'a Utf8Path]) -> Option<&'a Utf8Path> {
    let is_installed = |dir: &Utf8Path, outer: &Utf8Path| {
        let between = dir.strip_prefix(outer).ok();
        between.is_some_and(|path| path.components().any(|part| INSTALLED.contains(&part.as_str())))
    };
    around
        .iter()
        .find(|dir| !around.iter().any(|outer| is_installed(dir, outer)))
        .copied()
}

/// What a document that belongs to no project would be called in one: its ending says what it is.
fn file_name(document: &Document) -> String {
    let ending = match document.path.as_ref().and_then(|path| path.extension()) {
        Some(ending) => ending,
        None => match document.language.as_str() {
            "yaml" | "dbt-yaml" => "yml",
            "python" => "py",
            "markdown" => "md",
            _ => "sql",
        },
    };
    format!("alone.{ending}")
}
