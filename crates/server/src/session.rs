//! One client, from its first message to its last.

pub(crate) mod tasks;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use glueline_base::{System, Utf8PathBuf};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, InitializeParams, MessageType,
    NumberOrString, Uri, WorkDoneProgressCancelParams,
};

use crate::agreed::Agreed;
use crate::diagnostics::{Report, Whole, nothing};
use crate::handlers::documents::Name;
use crate::host::Host;
use crate::moment::Moment;
use crate::pool::Pool;
use crate::project::{Event, Project};
use crate::promised::Promised;
use crate::runs::Runs;
use crate::settings::Settings;
use crate::shown::Shown;
use crate::status::{Board, Look};
use crate::uri;
use crate::watcher::Watcher;
use crate::world::World;

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody has said who they are.
    Before,
    /// Messages are handled.
    Running,
    /// The client has asked to end; only `exit` may follow.
    Ending,
}

/// Everything that a conversation is made of.
pub(crate) struct Session {
    /// Where messages to the client go.
    pub(crate) client: Client,
    /// The threads that think.
    pub(crate) pool: Pool,
    pub(crate) host: Arc<dyn Host>,
    /// Texts of the server that the client shows.
    pub(crate) shown: Shown,
    /// How far the server is with each project.
    pub(crate) board: Board,
    /// What speaks with AWS.
    pub(crate) runs: Runs,
    /// Files that the client was handed other names for.
    pub(crate) promised: Promised,
    agreed: OnceLock<Arc<Agreed>>,
    world: Mutex<World>,
    phase: AtomicU8,
    over: watch::Sender<bool>,
    /// Counts looks at everything.
    looked: watch::Sender<u64>,
    /// How many searches for projects are under way.
    searches: AtomicUsize,
    /// What the client was last told of documents that it asked about: names, and ids of reports.
    pulled: Mutex<BTreeMap<String, String>>,
    watcher: Mutex<Option<Watcher>>,
    /// The process of the client, once it is known.
    process: watch::Sender<Option<u32>>,
}

impl Session {
    pub(crate) fn new(client: Client, pool: Pool, host: Arc<dyn Host>, disk: Arc<dyn System>) -> Arc<Self> {
        Arc::new(Self {
            client,
            pool,
            host: Arc::clone(&host),
            shown: Shown::default(),
            board: Board::default(),
            runs: Runs::default(),
            promised: Promised::default(),
            agreed: OnceLock::new(),
            world: Mutex::new(World::new(host, disk)),
            phase: AtomicU8::new(0),
            over: watch::Sender::new(false),
            looked: watch::Sender::new(0),
            searches: AtomicUsize::new(0),
            pulled: Mutex::default(),
            watcher: Mutex::default(),
            process: watch::Sender::new(None),
        })
    }

    /// How far the conversation is.
    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::SeqCst) {
            0 => Phase::Before,
            1 => Phase::Running,
            _ => Phase::Ending,
        }
    }

    pub(crate) fn set_phase(&self, phase: Phase) {
        let number = match phase {
            Phase::Before => 0,
            Phase::Running => 1,
            Phase::Ending => 2,
        };
        self.phase.store(number, Ordering::SeqCst);
        if phase == Phase::Ending {
            self.end();
        }
    }

    /// Nothing is to be told any more: whoever waits for news stops.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
        self.runs.at_work.end();
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Tells when nothing is to be told any more.
    pub(crate) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// Tells of looks at everything.
    pub(crate) fn looks(&self) -> watch::Receiver<u64> {
        self.looked.subscribe()
    }

    /// Everything of a project was looked at.
    pub(crate) fn looked(&self) {
        self.looked.send_modify(|count| *count += 1);
    }

    /// What was agreed on; nothing before the client has introduced itself.
    pub(crate) fn agreed(&self) -> Arc<Agreed> {
        self.agreed.get().cloned().unwrap_or_default()
    }

    /// What the client has told.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process of the client; `None` changes nothing.
    pub(crate) fn set_process(&self, process: Option<u32>) {
        if process.is_some() {
            self.process.send_replace(process);
        }
    }

    /// The client introduces itself.
    pub(crate) fn begin(&self, params: &InitializeParams) -> Arc<Agreed> {
        let agreed = Arc::clone(self.agreed.get_or_init(|| Arc::new(Agreed::new(params))));
        self.set_process(params.process_id);
        let mut world = self.world();
        world.encoding = agreed.encoding;
        if let Some(options) = &params.initialization_options {
            world.set_settings(Settings::read(options));
        }
        folders(params)
            .into_iter()
            .for_each(|folder| world.add_folder(folder));
        agreed
    }

    /// A notification that changes what is known. Returns false for one that is not known here.
    pub(crate) fn apply(self: &Arc<Self>, method: &str, params: Option<&Value>) -> bool {
        let params = params.unwrap_or(&Value::Null);
        match method {
            "initialized" => self.after_greeting(),
            "textDocument/didOpen" => with(params, |params| self.world().open(params)),
            "textDocument/didChange" => with(params, |params: DidChangeTextDocumentParams| {
                let uri = params.text_document.uri.clone();
                self.promised.typed(&uri);
                if !self.world().change(params) {
                    self.log(
                        MessageType::WARNING,
                        format!("{} was edited and is not open", uri.as_str()),
                    );
                }
            }),
            "textDocument/didClose" => with(params, |params: DidCloseTextDocumentParams| {
                self.world().close(&params.text_document.uri);
                self.pulled().remove(params.text_document.uri.as_str());
            }),
            // What is saved is what was told already; whoever saves it elsewhere says so as well.
            "textDocument/didSave" => {}
            "workspace/didChangeWatchedFiles" => with(params, |params: DidChangeWatchedFilesParams| {
                let paths = params
                    .changes
                    .iter()
                    .filter_map(|change| uri::to_path(&change.uri));
                self.disk_changed(&paths.collect::<Vec<_>>());
            }),
            "workspace/didCreateFiles" | "workspace/didRenameFiles" | "workspace/didDeleteFiles" => {
                self.disk_changed(&moved_files(params));
            }
            "workspace/didChangeWorkspaceFolders" => {
                with(params, |params: DidChangeWorkspaceFoldersParams| {
                    self.change_folders(&params);
                });
            }
            "window/workDoneProgress/cancel" => {
                with(params, |params: WorkDoneProgressCancelParams| {
                    if let NumberOrString::String(token) = &params.token {
                        self.runs.at_work.cancel_token(token);
                    }
                });
            }
            "workspace/didChangeConfiguration" => with(params, |params: DidChangeConfigurationParams| {
                self.change_settings(&params.settings);
            }),
            _ => return false,
        }
        self.look_after_new_projects();
        true
    }

    /// Files changed on the disk, came or went.
    pub(crate) fn disk_changed(self: &Arc<Self>, paths: &[Utf8PathBuf]) {
        if !paths.is_empty() {
            let projects: Vec<Arc<Project>> = self.world().projects().cloned().collect();
            for project in projects {
                let file = self.host.session_file(&project.dir);
                // Its directory may have come with it.
                let is_there = |file: Utf8PathBuf| {
                    file.ancestors()
                        .take(2)
                        .any(|path| paths.iter().any(|one| one == path))
                };
                if file.is_some_and(is_there) {
                    self.look_up(&project, Look::Changed);
                }
            }
            self.world().disk_changed(paths);
            self.look_after_new_projects();
        }
    }

    /// Everything is read again.
    pub(crate) fn restart(&self) {
        self.world().note_everywhere(&Event::Restart);
        self.refresh_views();
    }

    fn change_folders(self: &Arc<Self>, params: &DidChangeWorkspaceFoldersParams) {
        for folder in &params.event.removed {
            if let Some(path) = uri::to_path(&folder.uri) {
                self.world().remove_folder(&path);
            }
        }
        let added = params.event.added.iter();
        let added: Vec<Utf8PathBuf> = added.filter_map(|folder| uri::to_path(&folder.uri)).collect();
        for folder in &added {
            self.world().add_folder(folder.clone());
        }
        self.look_for_projects(added);
    }

    fn change_settings(self: &Arc<Self>, settings: &Value) {
        // A client that wants to be asked says that something changed, and not what.
        if self.agreed().has("/workspace/configuration") {
            self.pull_settings();
        } else if !settings.is_null() && self.world().set_settings(Settings::read(settings)) {
            self.refresh_views();
        }
    }

    /// This instant, for a request with these parameters.
    pub(crate) fn moment(self: &Arc<Self>, params: Option<&Value>) -> Moment {
        let made = params.and_then(|params| Name::read(params.get("uri")?.as_str()?));
        if let Some(made) = made {
            // A client that was started anew may ask before it opens a document, and before its folders were looked into.
            self.world().meet(&made.path);
            self.look_after_new_projects();
        }
        let uri = params.and_then(|params| {
            [
                "/textDocument/uri",
                "/item/uri",
                "/data/uri",
                "/arguments/0/uri",
                "/arguments/0",
            ]
            .into_iter()
            .find_map(|pointer| params.pointer(pointer)?.as_str())
        });
        self.world().moment(uri)
    }

    /// Whether a report is of a version of a document that is not the newest any more.
    pub(crate) fn is_stale(&self, report: &Report) -> bool {
        let world = self.world();
        let document = world.documents().get(report.uri.as_str());
        document.map(|document| document.version) != report.version
    }

    /// What the client was last told of documents that it asked about.
    pub(crate) fn pulled(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.pulled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports of open documents that differ from what the client was told when it asked, but for one.
    pub(crate) fn news(&self, whole: &Whole, but: &Uri) -> Vec<Arc<Report>> {
        let documents = Arc::clone(self.world().documents());
        let mut pulled = self.pulled();
        let mut news = Vec::new();
        for (name, report) in &whole.reports {
            let is_told = pulled.get(name).is_none_or(|id| *id == report.id);
            let is_current = documents
                .get(name)
                .is_some_and(|document| Some(document.version) == report.version);
            if !is_told && is_current && name != but.as_str() {
                pulled.insert(name.clone(), report.id.clone());
                news.push(Arc::clone(report));
            }
        }
        news
    }

    /// Whether a look at everything says of an open document what the client was not told when it asked.
    pub(crate) fn has_news(&self, project: &Project, whole: &Whole) -> bool {
        let documents = Arc::clone(self.world().documents());
        let pulled = self.pulled();
        let mended = nothing();
        documents.iter().any(|(name, document)| {
            let is_its_own = project
                .path_of(document)
                .is_some_and(|path| whole.view.analysis.file(path).is_some());
            let id = whole.reports.get(name).map_or(&mended, |report| &report.id);
            is_its_own && pulled.get(name).is_some_and(|told| told != id)
        })
    }

    /// Has the watcher changed, where there is one. That reads directories, and a disk may be slow: nobody else waits for it.
    pub(crate) async fn with_watcher(self: &Arc<Self>, change: impl FnOnce(&mut Watcher) + Send + 'static) {
        let session = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let mut watcher = session.watcher.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(watcher) = watcher.as_mut() {
                change(watcher);
            }
        });
        // Whatever becomes of it: without a watcher, files are read when they are asked for.
        let _ = work.await;
    }

    pub(crate) fn watch(&self, watcher: Watcher) {
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
    }
}

/// The directories that the client opens as such.
fn folders(params: &InitializeParams) -> Vec<Utf8PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        let paths = folders.iter().filter_map(|folder| uri::to_path(&folder.uri));
        return paths.collect();
    }
    #[expect(deprecated, reason = "older clients know nothing else")]
    let root = params.root_uri.as_ref().and_then(uri::to_path).or_else(|| {
        let path = Utf8PathBuf::from(params.root_path.as_ref()?);
        path.is_absolute().then_some(path)
    });
    root.into_iter().collect()
}

/// The files that a user created, renamed or deleted in the editor.
fn moved_files(params: &Value) -> Vec<Utf8PathBuf> {
    let files = params.get("files").and_then(Value::as_array);
    let names = files.into_iter().flatten().flat_map(|file| {
        ["uri", "oldUri", "newUri"]
            .into_iter()
            .filter_map(|key| file.get(key)?.as_str())
    });
    names
        .filter_map(|name| uri::to_path(&name.parse::<Uri>().ok()?))
        .collect()
}

/// Does something with the parameters of a notification. Malformed ones are passed over: nobody waits for an answer.
fn with<T: DeserializeOwned>(params: &Value, apply: impl FnOnce(T)) {
    if let Ok(params) = T::deserialize(params) {
        apply(params);
    }
}
