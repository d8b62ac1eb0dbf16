//! What the client has told: documents, folders, settings; and the projects that follow from them.
//!
//! Only what arrives writes here, message by message; everybody else is handed a [`Moment`].

mod find;

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{System, Utf8Path, Utf8PathBuf};
use tower_lsp_server::ls_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, TextDocumentItem, Uri,
};

use crate::document::Document;
use crate::host::Host;
use crate::moment::{Documents, Moment, Place};
use crate::position::Encoding;
use crate::project::{Event, Project, Ticket};
use crate::settings::Settings;
use crate::uri;

pub(crate) use find::projects_below;

/// So many files may change on the disk at once before the whole directory is looked at instead.
const MANY: usize = 50;

/// What lies directly in a project's directory and is none of its files.
const FOREIGN: [&str; 8] = [
    ".git",
    ".idea",
    ".venv",
    ".vscode",
    "logs",
    "node_modules",
    "target",
    "venv",
];

/// Everything that the client has told.
pub(crate) struct World {
    host: Arc<dyn Host>,
    disk: Arc<dyn System>,
    /// What columns count.
    pub(crate) encoding: Encoding,
    /// The directories that are open as such.
    folders: Vec<Utf8PathBuf>,
    documents: Documents,
    settings: Arc<Settings>,
    projects: BTreeMap<Utf8PathBuf, Arc<Project>>,
    /// Documents that belong to no project, by their names.
    alone: BTreeMap<String, Arc<Project>>,
    /// Projects that nobody looks after yet.
    new: Vec<Arc<Project>>,
}

impl World {
    pub(crate) fn new(host: Arc<dyn Host>, disk: Arc<dyn System>) -> Self {
        Self {
            host,
            disk,
            encoding: Encoding::default(),
            folders: Vec::new(),
            documents: Documents::default(),
            settings: Arc::default(),
            projects: BTreeMap::new(),
            alone: BTreeMap::new(),
            new: Vec::new(),
        }
    }

    /// The files below unsaved texts.
    pub(crate) fn disk(&self) -> &Arc<dyn System> {
        &self.disk
    }

    /// The settings that count now.
    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Other settings. Returns whether anything differs.
    pub(crate) fn set_settings(&mut self, settings: Settings) -> bool {
        if *self.settings == settings {
            return false;
        }
        self.settings = Arc::new(settings);
        let event = Event::Settings(self.settings.asked.clone());
        self.note_everywhere(&event);
        self.alone
            .values()
            .for_each(|project| project.note(event.clone()));
        true
    }

    /// Every project that was met.
    pub(crate) fn projects(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.projects.values()
    }

    /// Projects that were met since the last time.
    pub(crate) fn take_new(&mut self) -> Vec<Arc<Project>> {
        std::mem::take(&mut self.new)
    }

    /// The directories that are open as such.
    pub(crate) fn folders(&self) -> &[Utf8PathBuf] {
        &self.folders
    }

    /// Opens a directory as such. What projects are in it is looked for by [`projects_below`].
    pub(crate) fn add_folder(&mut self, folder: Utf8PathBuf) {
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }

    /// Closes a directory, and the projects in it of which no document is open.
    pub(crate) fn remove_folder(&mut self, folder: &Utf8Path) {
        self.folders.retain(|open| open != folder);
        let open: Vec<Utf8PathBuf> = self
            .documents
            .values()
            .filter_map(|document| self.project_dir(document.path.as_deref()?))
            .collect();
        let folders = &self.folders;
        self.projects.retain(|dir, project| {
            let is_kept = open.contains(dir)
                || !dir.starts_with(folder)
                || folders.iter().any(|folder| dir.starts_with(folder));
            if !is_kept {
                project.close();
            }
            is_kept
        });
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
        self.put(Document::new(uri, path, version, language_id, &text));
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
        if let Some(project) = self.alone.remove(uri.as_str()) {
            project.close();
        }
        if let Some(path) = document.path.clone() {
            self.note_everywhere(&Event::Text(path, None));
        }
    }

    fn put(&mut self, document: Document) {
        let name = document.uri.as_str().to_owned();
        let known = Arc::make_mut(&mut self.documents).insert(name, Arc::new(document.clone()));
        if let Some(path) = &document.path {
            if known.is_none() {
                self.meet(path);
            }
            self.note_everywhere(&Event::Text(path.clone(), Some(document.clone())));
        }
        let belongs = document
            .path
            .as_deref()
            .is_some_and(|path| self.project_dir(path).is_some());
        if !belongs {
            self.put_alone(document);
        }
    }

    fn put_alone(&mut self, document: Document) {
        let name = document.uri.as_str().to_owned();
        let project = match self.alone.get(&name) {
            Some(project) => Arc::clone(project),
            None => {
                let project = Project::alone(
                    document.uri.clone(),
                    &file_name(&document),
                    Arc::clone(&self.host),
                    self.settings.asked.clone(),
                );
                self.alone.insert(name, Arc::clone(&project));
                self.new.push(Arc::clone(&project));
                project
            }
        };
        if let Some(alone) = &project.alone {
            project.note(Event::Text(alone.path.clone(), Some(document)));
        }
    }

    /// Notes an event in every project: a file may belong to several, as that of a local package does.
    pub(crate) fn note_everywhere(&self, event: &Event) {
        let projects = self.projects.values();
        projects.for_each(|project| project.note(event.clone()));
    }

    /// Files changed on the disk, came or went.
    pub(crate) fn disk_changed(&mut self, paths: &[Utf8PathBuf]) {
        if paths
            .iter()
            .any(|path| path.file_name() == Some("dbt_project.yml"))
        {
            self.meet_again();
        }
        let catalog = self.settings.asked.catalog.as_deref();
        for (dir, project) in &self.projects {
            let catalog = catalog.map(|catalog| dir.join(catalog));
            let is_its_own = |path: &&Utf8PathBuf| {
                if catalog.as_ref() == Some(*path) {
                    return true;
                }
                let first = path
                    .strip_prefix(dir)
                    .ok()
                    .and_then(|inside| inside.iter().next());
                first.is_none_or(|first| !FOREIGN.contains(&first))
            };
            let paths: Vec<&Utf8PathBuf> = paths.iter().filter(is_its_own).collect();
            // A directory says nothing of what is in it.
            let unlisted = paths.iter().any(|path| path.extension().is_none());
            if unlisted || paths.len() > MANY {
                project.note(Event::Refresh);
            } else {
                paths
                    .into_iter()
                    .for_each(|path| project.note(Event::Disk(path.clone())));
            }
        }
    }

    /// A project may have come: documents that belonged to none, or to one around it, may be its own.
    fn meet_again(&mut self) {
        let documents: Vec<Arc<Document>> = self.documents.values().cloned().collect();
        for document in documents {
            let Some(path) = &document.path else { continue };
            self.meet(path);
            if self.project_dir(path).is_some()
                && let Some(project) = self.alone.remove(document.uri.as_str())
            {
                project.close();
            }
        }
    }

    /// Makes sure that the project of a file is known.
    pub(crate) fn meet(&mut self, path: &Utf8Path) {
        if let Some(dir) = find::project_around(&*self.disk, &self.documents, path) {
            self.add_project(dir);
        }
    }

    /// Makes sure that the project in a directory is known.
    pub(crate) fn add_project(&mut self, dir: Utf8PathBuf) {
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
        self.new.push(Arc::clone(&project));
        self.projects.insert(dir, project);
    }

    /// The directory of the innermost known project around a file, but for installed packages.
    fn project_dir(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let dirs = path.ancestors().skip(1);
        let around: Vec<&Utf8Path> = dirs.filter(|dir| self.projects.contains_key(*dir)).collect();
        find::innermost(&around).map(Utf8Path::to_owned)
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

    /// This instant of one project.
    pub(crate) fn moment_of(&self, project: &Arc<Project>) -> (Moment, Ticket) {
        let moment = Moment {
            documents: Arc::clone(&self.documents),
            settings: Arc::clone(&self.settings),
            place: None,
            everywhere: Vec::new(),
        };
        (moment, project.ticket())
    }

    /// The open documents.
    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }

    fn place(&self, name: &str) -> Option<Place> {
        let uri: Uri = name.parse().ok()?;
        if let Some(project) = self.alone.get(name) {
            let path = project.alone.as_ref()?.path.clone();
            let ticket = project.ticket();
            return Some(Place { uri, path, ticket });
        }
        let path = uri::to_path(&uri)?;
        let ticket = self.projects.get(&self.project_dir(&path)?)?.ticket();
        Some(Place { uri, path, ticket })
    }
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
