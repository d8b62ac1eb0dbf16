//! What a session does by itself: questions to the client, work that nobody waits for. Never inside of an answer: the client's own
//! answer would wait behind it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use glueline_base::{FileKind, Overlay, Utf8PathBuf};
use glueline_ide::diagnostics::alone;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tower_lsp_server::ls_types::notification::Notification;
use tower_lsp_server::ls_types::{
    self as lsp, ConfigurationItem, MessageType, ProgressToken, Registration,
    WorkspaceDocumentDiagnosticReport,
};

use super::Session;
use crate::convert;
use crate::diagnostics::{Report, Whole, keep};
use crate::pool::Lane;
use crate::position::Lines;
use crate::project::Project;
use crate::settings::{Scope, Settings};
use crate::watcher::Watcher;
use crate::world::projects_below;

/// Files that projects are read from.
const WATCHED: &str = "**/*.{sql,yml,yaml,py,csv,md,toml,json}";

/// How often it is looked whether the client's process still lives.
const LOOK_FOR_PARENT: Duration = Duration::from_secs(2);

/// So many reports are sent at once.
const PIECE: usize = 500;

/// `$/progress` with any value.
pub(crate) enum Progress {}

impl Notification for Progress {
    type Params = Value;
    const METHOD: &'static str = "$/progress";
}

/// Ends the progress that it stands for when it is dropped.
#[derive(Debug)]
pub(crate) struct Working(#[expect(dead_code, reason = "dropping it is what it is for")] oneshot::Sender<()>);

/// A search for projects, which is over when it is dropped.
struct Search {
    session: Arc<Session>,
}

impl Search {
    fn begin(session: &Arc<Session>) -> Self {
        session.searches.fetch_add(1, Ordering::SeqCst);
        Self {
            session: Arc::clone(session),
        }
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.session.searches.fetch_sub(1, Ordering::SeqCst);
        // Folders without any project are looked at by that.
        self.session.looked();
    }
}

impl Session {
    /// The client has heard what the server can do and may be asked.
    pub(super) fn after_greeting(self: &Arc<Self>) {
        let agreed = self.agreed();
        let folders = self.world().folders().to_vec();
        let mut wanted = Vec::new();
        if agreed.has("/workspace/didChangeWatchedFiles/dynamicRegistration") {
            wanted.push(Registration {
                id: "watch".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: Some(json!({"watchers": [{"globPattern": WATCHED}]})),
            });
        } else {
            self.watch(Watcher::new(self));
        }
        if agreed.has("/workspace/didChangeConfiguration/dynamicRegistration") {
            wanted.push(Registration {
                id: "configuration".to_owned(),
                method: "workspace/didChangeConfiguration".to_owned(),
                register_options: Some(json!({"section": "glueline"})),
            });
        }
        if !wanted.is_empty() {
            let session = Arc::clone(self);
            tokio::spawn(async move {
                // A client that refuses tells nothing, which is its right.
                let _ = session.client.register_capability(wanted).await;
            });
        }
        if agreed.has("/workspace/configuration") {
            self.pull_settings();
        }
        self.tell_status();
        self.look_for_projects(folders);
    }

    /// Asks the client for its settings.
    pub(super) fn pull_settings(self: &Arc<Self>) {
        let session = Arc::clone(self);
        tokio::spawn(async move {
            let item = ConfigurationItem {
                scope_uri: None,
                section: Some("glueline".to_owned()),
            };
            let Ok(found) = session.client.configuration(vec![item]).await else {
                return;
            };
            let Some(section) = found.first().filter(|section| !section.is_null()) else {
                return;
            };
            let is_new = session.world().set_settings(Settings::read(section));
            if is_new {
                session.refresh_views();
            }
        });
    }

    /// Looks for projects in folders.
    pub(super) fn look_for_projects(self: &Arc<Self>, folders: Vec<Utf8PathBuf>) {
        if folders.is_empty() {
            return;
        }
        // From now on, not from when the search begins: whoever asks of all projects in between has to wait, too.
        let search = Search::begin(self);
        tokio::spawn(async move {
            let session = Arc::clone(&search.session);
            let disk = Arc::clone(session.world().disk());
            let look = move || {
                let found = folders.iter().flat_map(|folder| projects_below(&*disk, folder));
                found.collect::<Vec<_>>()
            };
            let Ok(found) = session.pool.run(Lane::Background, look).await else {
                return;
            };
            found.into_iter().for_each(|dir| session.world().add_project(dir));
            session.look_after_new_projects();
        });
    }

    /// Gives every new project somebody who looks after it.
    pub(crate) fn look_after_new_projects(self: &Arc<Self>) {
        let new = self.world().take_new();
        for project in new {
            let session = Arc::clone(self);
            // At once: a command may come next, and be over before anybody looks.
            session.board.met(&project);
            tokio::spawn(async move {
                if project.alone.is_none() {
                    // Before it is read, so that no change is missed in between.
                    let dir = project.dir.clone();
                    session.with_watcher(move |watcher| watcher.add(&dir)).await;
                }
                keep(session, project).await;
            });
        }
    }

    /// Shows that something takes its time, until what is returned is dropped. Nothing where the client cannot show it.
    pub(crate) fn progress(self: &Arc<Self>, title: String) -> Option<Working> {
        if !self.agreed().has("/window/workDoneProgress") {
            return None;
        }
        let (working, done) = oneshot::channel::<()>();
        let session = Arc::clone(self);
        tokio::spawn(async move {
            let token = format!("glueline/{}", uuid(&title));
            let known = ProgressToken::String(token.clone());
            if session.client.create_work_done_progress(known).await.is_err() {
                return;
            }
            let send = async |value: Value| {
                let params = json!({"token": token, "value": value});
                session.client.send_notification::<Progress>(params).await;
            };
            send(json!({"kind": "begin", "title": format!("Reading {title}")})).await;
            // It never comes: it is dropped when the work is done.
            let _ = done.await;
            send(json!({"kind": "end"})).await;
        });
        Some(Working(working))
    }

    /// Writes into the client's log.
    pub(crate) fn log(self: &Arc<Self>, kind: MessageType, message: String) {
        let session = Arc::clone(self);
        tokio::spawn(async move { session.client.log_message(kind, message).await });
    }

    /// Asks the client to ask for diagnostics again.
    pub(crate) fn refresh_diagnostics(self: &Arc<Self>) {
        if self.agreed().has("/workspace/diagnostics/refreshSupport") {
            let session = Arc::clone(self);
            tokio::spawn(async move { session.client.workspace_diagnostic_refresh().await });
        }
    }

    /// Asks the client to ask for everything else again: what it shows was made with other settings.
    pub(crate) fn refresh_views(&self) {
        let agreed = self.agreed();
        let (lenses, hints, tokens) = (
            agreed.has("/workspace/codeLens/refreshSupport"),
            agreed.has("/workspace/inlayHint/refreshSupport"),
            agreed.has("/workspace/semanticTokens/refreshSupport"),
        );
        let client = self.client.clone();
        tokio::spawn(async move {
            // One that the client refuses says nothing of the next.
            if lenses {
                let _ = client.code_lens_refresh().await;
            }
            if hints {
                let _ = client.inlay_hint_refresh().await;
            }
            if tokens {
                let _ = client.semantic_tokens_refresh().await;
            }
        });
    }

    /// The last look at each project.
    pub(crate) fn wholes(&self) -> Vec<Arc<Whole>> {
        let world = self.world();
        if world.settings().scope == Scope::OpenFiles {
            return Vec::new();
        }
        world.projects().filter_map(|project| project.whole()).collect()
    }

    /// Whether no projects are still to be found, and every one was looked at as it is now.
    pub(crate) fn everything_is_looked_at(&self) -> bool {
        // Before the projects are: a search that ends in between has added what it found.
        if self.searches.load(Ordering::SeqCst) > 0 {
            return false;
        }
        let world = self.world();
        world
            .projects()
            .all(|project| project.is_looked_at() || project.is_broken())
    }

    /// Sends the reports of a request piece by piece.
    pub(crate) async fn send_in_pieces(
        &self,
        partial: &ProgressToken,
        items: Vec<WorkspaceDocumentDiagnosticReport>,
    ) {
        for piece in items.chunks(PIECE) {
            let params = json!({"token": partial, "value": {"items": piece}});
            self.client.send_notification::<Progress>(params).await;
        }
    }

    /// What the open documents of a project say by themselves, before the project is read.
    pub(crate) fn alone_in(&self, project: &Arc<Project>) -> Vec<Report> {
        let (documents, disk, asked) = {
            let world = self.world();
            let asked = world.settings().asked.clone();
            (Arc::clone(world.documents()), Arc::clone(world.disk()), asked)
        };
        let settings = self.host.settings(&Overlay::new(disk), &project.dir, &asked);
        let encoding = self.agreed().encoding;
        let mut reports = Vec::new();
        for document in documents.values() {
            let Some(path) = project.path_of(document) else {
                continue;
            };
            let Ok(shown) = path.strip_prefix(&project.dir) else {
                continue;
            };
            if !settings.judge.reports_on(shown) {
                continue;
            }
            let text = document.text();
            let lines = Lines::new(Arc::clone(&text), encoding);
            let found = alone(path, &text)
                .into_iter()
                .filter_map(|finding| settings.judge.level(finding));
            let items: Vec<lsp::Diagnostic> = found
                .map(|finding| convert::plain_diagnostic(&lines, &finding))
                .collect();
            reports.push(Report::of_document(document, items));
        }
        reports
    }

    /// Waits until the process of the client is gone. Never ends where that cannot be seen: the streams tell it, too.
    pub(crate) async fn client_gone(&self) {
        let disk = Arc::clone(self.world().disk());
        let is_there = |name: &str| disk.kind(name.into()) == Some(FileKind::Directory);
        let mut known = self.process.subscribe();
        let Ok(process) = known.wait_for(Option::is_some).await.map(|process| *process) else {
            return std::future::pending().await;
        };
        let Some(process) = process.filter(|_| is_there("/proc/self")) else {
            return std::future::pending().await;
        };
        let directory = format!("/proc/{process}");
        while is_there(&directory) {
            tokio::time::sleep(LOOK_FOR_PARENT).await;
        }
    }
}

/// A name that no other progress has.
fn uuid(title: &str) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("{title}/{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
