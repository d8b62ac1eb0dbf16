//! Keeps what a client knows of a project up to date, for as long as there is a project.
//!
//! There are two lanes. A keystroke is answered at once, with the findings of the document that it was made in. When the typing
//! pauses, the other open documents are looked at, and then everything. Work that an edit makes worthless is cancelled.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use glueline_base::{Cancel, FileId};
use glueline_ide::diagnostics::Findings;
use glueline_project::FileKind;
use rayon::prelude::*;
use tokio::sync::watch;
use tower_lsp_server::ls_types::{MessageType, Uri};

use crate::diagnostics::{Report, Whole, document_report, nothing};
use crate::document::Document;
use crate::moment::Moment;
use crate::pool::{CancelOnDrop, Lane, Lost};
use crate::project::{Project, Revision, State};
use crate::runs::Told;
use crate::session::Session;
use crate::settings::Scope;
use crate::status::Look;
use crate::uri;
use crate::view::ProjectView;

/// How long nobody types before everything is looked at.
const PAUSE: Duration = Duration::from_millis(120);

/// So many documents are looked at before it is looked whether somebody types.
const AT_ONCE: usize = 16;

/// Looks after a project until it or the conversation ends.
pub(crate) async fn keep(session: Arc<Session>, project: Arc<Project>) {
    let mut over = session.over();
    let work = async {
        let mut keeper = Keeper {
            changes: project.changes(),
            session: Arc::clone(&session),
            project,
            seen: BTreeMap::new(),
            shown: BTreeMap::new(),
            told: Vec::new(),
        };
        keeper.work().await;
    };
    tokio::select! {
        () = work => {}
        // Either it was said, or nobody is left to say it.
        _ = over.changed() => {}
    }
}

struct Keeper {
    session: Arc<Session>,
    project: Arc<Project>,
    changes: watch::Receiver<Revision>,
    /// Open documents as they were looked at last.
    seen: BTreeMap<String, Arc<Document>>,
    /// What the client was sent last: names, and the ids of reports.
    shown: BTreeMap<String, (Uri, String)>,
    /// Problems with settings that the user was told of.
    told: Vec<String>,
}

/// What a round ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Everything is looked at.
    Done,
    /// Something happened meanwhile.
    Again,
}

impl Keeper {
    async fn work(&mut self) {
        let loading = self.session.progress(self.project.title());
        self.before_it_is_read().await;
        let mut loading = Some(loading);
        loop {
            self.changes.borrow_and_update();
            if self.project.is_closed() {
                self.session.board.gone(&self.project);
                self.take_back_everything().await;
                return;
            }
            let round = self.round().await;
            if round == Round::Done {
                loading = None;
            }
            if round == Round::Done && self.changes.changed().await.is_err() {
                break;
            }
        }
        drop(loading);
    }

    /// What the open documents say by themselves, while the project is being read.
    async fn before_it_is_read(&mut self) {
        if self.session.agreed().pulls_diagnostics() {
            return;
        }
        let (session, project) = (Arc::clone(&self.session), Arc::clone(&self.project));
        let told = self.project.told();
        let look = move || session.alone_in(&project);
        if let Ok(reports) = self.session.pool.run(Lane::Request, look).await {
            self.show(reports.into_iter().map(Arc::new).collect(), &told)
                .await;
        }
    }

    async fn round(&mut self) -> Round {
        // What happens from here on may not be in what is found.
        let revision = self.project.revision();
        let Some((moment, state)) = self.now().await else {
            return Round::Done;
        };
        if self.session.board.read(&self.project, &state) {
            self.session.look_up(&self.project, Look::First);
        }
        self.tell_problems(&state).await;
        let Some(view) = self.view(&state, &moment) else {
            self.take_back_everything().await;
            self.session.looked();
            return Round::Done;
        };
        let whole = self.project.whole();
        let typed = self.typed(&moment);
        self.quick(&state, &moment, &typed).await;
        if whole.is_none() {
            self.first(&view, &state, &moment).await;
        } else {
            // What all files depend on shows in the open ones at once; what a model says mostly concerns itself.
            let is_wide = typed.iter().any(|document| self.is_wide(&view, document));
            if !is_wide && self.something_happens_within(PAUSE).await {
                return Round::Again;
            }
            let is_typed = |document: &Arc<Document>| typed.iter().any(|typed| Arc::ptr_eq(typed, document));
            let others = moment.documents.values().filter(|document| !is_typed(document));
            let others: Vec<Arc<Document>> = others.cloned().collect();
            for some in others.chunks(AT_ONCE) {
                self.quick(&state, &moment, some).await;
                if self.changes.has_changed().unwrap_or(false) {
                    return Round::Again;
                }
            }
            if is_wide && self.something_happens_within(PAUSE).await {
                return Round::Again;
            }
        }
        self.everything(view, whole, revision).await
    }

    /// Whether a document may say something of all others: it is a macro, or the project's own file.
    fn is_wide(&self, view: &ProjectView, document: &Document) -> bool {
        let path = self.project.path_of(document);
        let file = path.and_then(|path| view.analysis.file(path));
        file.is_some_and(|file| {
            matches!(
                view.analysis.project().files().info(file).kind,
                FileKind::Macro | FileKind::ProjectFile | FileKind::Vars
            )
        })
    }

    /// The newest instant.
    async fn now(&self) -> Option<(Arc<Moment>, State)> {
        let (moment, ticket) = self.session.world().moment_of(&self.project);
        let state = self.project.at(ticket.revision, &self.session.pool).await.ok()?;
        drop(ticket);
        Some((Arc::new(moment), state))
    }

    fn view(&self, state: &State, moment: &Arc<Moment>) -> Option<ProjectView> {
        let analysis = state.analysis.as_ref().ok()?.clone();
        Some(ProjectView::new(
            analysis,
            Arc::clone(&self.project),
            Arc::clone(&state.settings),
            Arc::clone(moment),
            self.session.agreed(),
            Cancel::new(),
        ))
    }

    /// Open documents that have changed since the last time.
    fn typed(&mut self, moment: &Moment) -> Vec<Arc<Document>> {
        let before = std::mem::take(&mut self.seen);
        self.seen.clone_from(&moment.documents);
        let is_new = |(name, document): &(&String, &Arc<Document>)| {
            before
                .get(*name)
                .is_none_or(|before| !Arc::ptr_eq(before, document))
        };
        let typed = moment.documents.iter().filter(is_new);
        typed.map(|(_, document)| Arc::clone(document)).collect()
    }

    /// Shows the findings of open documents.
    async fn quick(&mut self, state: &State, moment: &Arc<Moment>, documents: &[Arc<Document>]) {
        if documents.is_empty() || self.session.agreed().pulls_diagnostics() {
            return;
        }
        let Some(view) = self.view(state, moment) else {
            return;
        };
        let files: Vec<FileId> = documents
            .iter()
            .filter_map(|document| view.analysis.file(self.project.path_of(document)?))
            .collect();
        if files.is_empty() {
            return;
        }
        let told = view.told_by_then();
        let look = move || {
            let of_file = |file: &FileId| {
                let (file, found) = view.found(std::slice::from_ref(file)).pop()?;
                document_report(&view, file, found).map(Arc::new)
            };
            match files.as_slice() {
                // What is typed in is looked at right here.
                [file] => of_file(file).into_iter().collect(),
                files => files.par_iter().filter_map(of_file).collect(),
            }
        };
        if let Ok(reports) = self.session.pool.run(Lane::Request, look).await {
            self.show(reports, &told).await;
        }
    }

    /// Shows what only the project as a whole can say of open documents, before everything is looked at.
    async fn first(&mut self, view: &ProjectView, state: &State, moment: &Arc<Moment>) {
        if self.project.known().is_some() {
            return;
        }
        let analysis = view.analysis.clone();
        let look = move || Findings::first(&analysis, &Cancel::new());
        // Where it is lost, so is the look at everything that follows, which tells.
        let Ok(Some(found)) = self.session.pool.run(Lane::Request, look).await else {
            return;
        };
        self.project.keep_first(found);
        if self.session.agreed().pulls_diagnostics() {
            self.session.refresh_diagnostics();
        } else {
            let documents: Vec<Arc<Document>> = moment.documents.values().cloned().collect();
            self.quick(state, moment, &documents).await;
        }
    }

    /// Looks at everything, shows what is new of it, and takes back what is no more.
    async fn everything(&mut self, view: ProjectView, last: Option<Arc<Whole>>, revision: Revision) -> Round {
        self.project.set_lost(false);
        self.session.board.checking(&self.project);
        let cancel = self.session.pool.patient();
        let _guard = CancelOnDrop::new(cancel.clone());
        // The first look is the base of all that follow: it is worth having even when it is late. What is typed meanwhile is answered
        // beside it.
        let is_first = last.is_none();
        let mut is_late = false;
        let look = move || Whole::look(view, last.as_deref(), &cancel);
        let pool = self.session.pool.clone();
        let lane = if is_first { Lane::Start } else { Lane::Everything };
        let look = pool.run(lane, look);
        tokio::pin!(look);
        let found = loop {
            tokio::select! {
                found = &mut look => break found,
                told = self.changes.changed() => {
                    if !is_first || told.is_err() || self.project.is_closed() {
                        return Round::Again;
                    }
                    is_late = true;
                    self.meanwhile().await;
                }
            }
        };
        let whole = match found {
            Ok(Some(whole)) => whole,
            Ok(None) => return Round::Done,
            Err(lost) => {
                let round = self.lost(&lost, is_first);
                // What was typed meanwhile may have mended it.
                return if is_late { Round::Again } else { round };
            }
        };
        let whole = Arc::new(whole);
        let before = self.project.keep_whole(Arc::clone(&whole), revision);
        self.session.pool.discard(before);
        self.session.board.checked(&self.project, &whole);
        self.session.looked();
        if self.session.agreed().pulls_diagnostics() {
            if self.session.has_news(&self.project, &whole) {
                self.session.refresh_diagnostics();
            }
        } else {
            self.show_whole(&whole).await;
        }
        if is_late || self.changes.has_changed().unwrap_or(false) {
            return Round::Again;
        }
        Round::Done
    }

    /// A look at everything was lost. What was known before may be why: the next look does without it.
    fn lost(&self, lost: &Lost, is_first: bool) -> Round {
        if let Lost::Panicked(words) = lost {
            let message =
                format!("This is a bug of Glueline: it panicked as it looked at everything: {words}");
            self.session.log(MessageType::ERROR, message);
        }
        if is_first || *lost == Lost::Closed {
            self.project.set_lost(true);
            self.session.looked();
            self.session.board.lost(&self.project);
            return Round::Done;
        }
        self.project.forget_whole();
        Round::Again
    }

    /// Shows the findings of what was typed while everything is looked at.
    async fn meanwhile(&mut self) {
        if let Some((moment, state)) = self.now().await {
            let typed = self.typed(&moment);
            self.quick(&state, &moment, &typed).await;
        }
    }

    async fn show_whole(&mut self, whole: &Whole) {
        let scope = self.session.world().settings().scope;
        let documents = Arc::clone(&self.session.world().moment(Some("")).documents);
        let wanted = |name: &str| scope == Scope::Workspace || documents.contains_key(name);
        let gone: Vec<Uri> = self
            .shown
            .iter()
            .filter(|(name, _)| !(whole.reports.contains_key(*name) && wanted(name)))
            .map(|(_, (uri, _))| uri.clone())
            .collect();
        let gone = gone.into_iter().map(|uri| {
            let version = documents.get(uri.as_str()).map(|document| document.version);
            Arc::new(Report {
                version,
                uri,
                items: Vec::new(),
                id: nothing(),
            })
        });
        let new = whole.reports.iter().filter(|(name, _)| wanted(name));
        let reports = gone.chain(new.map(|(_, report)| Arc::clone(report))).collect();
        self.show(reports, &whole.view.told_by_then()).await;
    }

    /// Sends what the client does not show already, but for documents that have changed meanwhile, and those of which a run has said
    /// something else since: what it said is shown in the next round, and may not go and come.
    async fn show(&mut self, reports: Vec<Arc<Report>>, told: &Arc<Told>) {
        for report in reports {
            let now = self.project.told();
            if !Arc::ptr_eq(told, &now)
                && uri::to_path(&report.uri).is_some_and(|path| !told.agrees_with(&now, &path))
            {
                continue;
            }
            let name = report.uri.as_str();
            let is_shown = match self.shown.get(name) {
                Some((_, id)) => *id == report.id,
                None => report.items.is_empty(),
            };
            if is_shown || self.session.is_stale(&report) {
                continue;
            }
            if report.items.is_empty() {
                self.shown.remove(name);
            } else {
                self.shown
                    .insert(name.to_owned(), (report.uri.clone(), report.id.clone()));
            }
            self.session
                .client
                .publish_diagnostics(report.uri.clone(), report.items.clone(), report.version)
                .await;
        }
    }

    async fn take_back_everything(&mut self) {
        for (_, (uri, _)) in std::mem::take(&mut self.shown) {
            self.session
                .client
                .publish_diagnostics(uri, Vec::new(), None)
                .await;
        }
    }

    /// Tells the user what settings cannot be used, and why there is no project, once.
    async fn tell_problems(&mut self, state: &State) {
        let mut problems = state.settings.problems.clone();
        if let Err(why) = &state.analysis {
            problems.push(why.clone());
        }
        for problem in &problems {
            if !self.told.contains(problem) {
                let message = format!("{}: {problem}", self.project.title());
                self.session
                    .client
                    .show_message(MessageType::WARNING, message)
                    .await;
            }
        }
        self.told = problems;
    }

    async fn something_happens_within(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.changes.changed()).await.is_ok()
    }
}
