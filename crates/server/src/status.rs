//! `glueline/status`: how far the server is with each project, for clients that show it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use glueline_base::Utf8PathBuf;
use glueline_project::ResourceType;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tower_lsp_server::ls_types::DiagnosticSeverity;
use tower_lsp_server::ls_types::notification::Notification;

use crate::diagnostics::Whole;
use crate::host::OnRecord;
use crate::pool::Lane;
use crate::project::{Project, State};
use crate::session::Session;
use crate::uri;

/// What happens within this time is told at once: a project that is looked at again in a moment does not flicker.
const TOGETHER: Duration = Duration::from_millis(100);

/// How far the server is with a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stage {
    /// Its files are being read.
    Loading,
    /// Everything of it is being looked at.
    Checking,
    /// Everything of it was looked at.
    Ready,
    /// There is nothing to speak of; `reason` tells why.
    Failed,
}

/// How many there are of what a user counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    models: usize,
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

/// What is told of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    /// Its directory.
    uri: String,
    /// As `dbt_project.yml` names it; before that is read, as the directory is called.
    name: String,
    /// The target of the profile that is meant.
    target: Option<String>,
    state: Stage,
    reason: Option<String>,
    /// As of the last look at everything.
    counts: Option<Counts>,
    /// The session of the target, as it was last heard of.
    session: Option<SessionLine>,
    /// What is being run.
    run: Option<RunLine>,
    /// The profile of the target.
    #[serde(skip)]
    profile: Option<String>,
    /// Which of those that the directory ever had it is.
    #[serde(skip)]
    owner: usize,
}

/// What is told of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionLine {
    pub(crate) id: String,
    /// As Glue names it.
    pub(crate) state: String,
    /// For people: the state, size, use and price.
    pub(crate) text: String,
    /// Whether it is only on record, and nobody here has asked AWS about it.
    #[serde(skip)]
    pub(crate) is_recorded: bool,
}

impl SessionLine {
    /// A session that takes statements, with its release of Spark where that is known.
    pub(crate) fn ready(id: String, spark: Option<&str>) -> Self {
        Self {
            id,
            state: "READY".to_owned(),
            text: spark.map_or_else(|| "ready".to_owned(), |spark| format!("ready, Spark {spark}")),
            is_recorded: false,
        }
    }

    fn recorded(OnRecord { id, text }: OnRecord) -> Self {
        Self {
            id,
            state: "ON RECORD".to_owned(),
            text,
            is_recorded: true,
        }
    }
}

/// Why it is looked up which session is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nobody has yet, for this target.
    First,
    /// The records are others now.
    Changed,
}

/// What is told of a run: how many nodes it has, and how many are over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunLine {
    pub(crate) title: String,
    pub(crate) done: u64,
    pub(crate) total: u64,
}

/// Every project that somebody looks after, by its directory.
#[derive(Debug)]
pub(crate) struct Board {
    lines: Mutex<BTreeMap<Utf8PathBuf, Line>>,
    changed: watch::Sender<()>,
    /// Held by whoever looks up a session until it is noted: who looks last knows best.
    looking: Mutex<()>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
            changed: watch::Sender::new(()),
            looking: Mutex::default(),
        }
    }
}

impl Board {
    fn lines(&self) -> MutexGuard<'_, BTreeMap<Utf8PathBuf, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes something of a project that is looked after. A run may outlive that, and what is heard of it then is of no line's project.
    fn note(&self, project: &Project, change: impl FnOnce(&mut Line)) {
        if let Some(line) = self.lines().get_mut(&project.dir)
            && line.owner == address(project)
        {
            change(line);
        }
        self.changed.send_replace(());
    }

    /// Somebody begins to look after a project.
    pub(crate) fn met(&self, project: &Project) {
        if project.alone.is_some() {
            return;
        }
        let line = Line {
            uri: uri::of_path(&project.dir).map_or_else(String::new, |uri| uri.as_str().to_owned()),
            name: project.title(),
            target: None,
            state: Stage::Loading,
            reason: None,
            counts: None,
            session: None,
            run: None,
            profile: None,
            owner: address(project),
        };
        self.lines().insert(project.dir.clone(), line);
        self.changed.send_replace(());
    }

    /// A project was read; or there is none where it should be. Gives whether it has another target now.
    pub(crate) fn read(&self, project: &Project, state: &State) -> bool {
        let mut is_new = false;
        self.note(project, |line| match &state.analysis {
            Err(why) => {
                line.state = Stage::Failed;
                line.reason = Some(why.clone());
                line.counts = None;
            }
            Ok(analysis) => {
                let read = analysis.project();
                let name = read.root().project.name.as_ref();
                line.name = name.map_or_else(|| project.title(), |name| name.value.to_string());
                let known = read.target().map(|target| target.name.value.to_string());
                let target = known.or_else(|| read.wanted_target().map(ToOwned::to_owned));
                let profile = read.profile().profile();
                let profile = profile.map(|profile| profile.name.value.to_string());
                is_new = (&target, &profile) != (&line.target, &line.profile);
                if is_new {
                    // What was heard is of the session of the other one, if there was one.
                    if line.target.is_some() || line.profile.is_some() {
                        line.session = None;
                    }
                    (line.target, line.profile) = (target, profile);
                }
            }
        });
        is_new
    }

    /// Everything of a project is about to be looked at.
    pub(crate) fn checking(&self, project: &Project) {
        self.note(project, |line| {
            line.state = Stage::Checking;
            line.reason = None;
        });
    }

    /// Everything of a project was looked at.
    pub(crate) fn checked(&self, project: &Project, whole: &Whole) {
        let counts = count(whole);
        self.note(project, |line| {
            line.state = Stage::Ready;
            line.counts = Some(counts);
        });
    }

    /// Something was heard of the session of a project.
    pub(crate) fn session(&self, project: &Project, session: Option<SessionLine>) {
        self.note(project, |line| line.session = session);
    }

    /// The session on record for the target was looked up.
    fn looked_up(&self, project: &Project, found: Option<OnRecord>, why: Look) {
        self.note(project, |line| {
            // What was heard of it says more.
            let heard = line.session.as_ref().filter(|known| !known.is_recorded);
            let is_known = heard.is_some_and(|heard| match (&found, why) {
                (Some(found), Look::Changed) => heard.id == found.id,
                (None, Look::Changed) => false,
                (_, Look::First) => true,
            });
            if !is_known {
                line.session = found.map(SessionLine::recorded);
            }
        });
    }

    /// A run of a project is so far; `None` where it is over.
    pub(crate) fn run(&self, project: &Project, run: Option<RunLine>) {
        self.note(project, |line| line.run = run);
    }

    /// Looking at everything failed, and is not tried again before something changes.
    pub(crate) fn lost(&self, project: &Project) {
        self.note(project, |line| {
            line.state = Stage::Failed;
            line.reason = Some("This is a bug of Glueline; its log says more.".to_owned());
        });
    }

    /// Nobody looks after a project any more.
    pub(crate) fn gone(&self, project: &Project) {
        let is_its_own = |line: &Line| line.owner == address(project);
        // The directory may have been opened again meanwhile.
        if self.lines().get(&project.dir).is_some_and(is_its_own) {
            self.lines().remove(&project.dir);
            self.changed.send_replace(());
        }
    }
}

fn address(project: &Project) -> usize {
    std::ptr::from_ref(project).addr()
}

fn count(whole: &Whole) -> Counts {
    let nodes = whole.view.analysis.project().own_nodes();
    let mut counts = Counts {
        models: nodes.filter(|node| node.kind == ResourceType::Model).count(),
        ..Counts::default()
    };
    for finding in whole.reports.values().flat_map(|report| &report.items) {
        match finding.severity {
            Some(DiagnosticSeverity::ERROR) => counts.error += 1,
            Some(DiagnosticSeverity::WARNING) => counts.warning += 1,
            Some(DiagnosticSeverity::INFORMATION) => counts.info += 1,
            _ => counts.hint += 1,
        }
    }
    counts
}

impl Session {
    /// Looks up which session is on record for the target of a project: a terminal may have made it, or stopped it.
    pub(crate) fn look_up(self: &Arc<Self>, project: &Arc<Project>, why: Look) {
        let (session, project) = (Arc::clone(self), Arc::clone(project));
        let disk = Arc::clone(self.world().disk());
        let look = move || {
            let board = &session.board;
            let _looking = board.looking.lock().unwrap_or_else(PoisonError::into_inner);
            let line = board.lines().get(&project.dir).cloned();
            let known = line.and_then(|line| line.profile.zip(line.target));
            let found = known
                .and_then(|(profile, target)| session.host.session(&*disk, &project.dir, &profile, &target));
            board.looked_up(&project, found, why);
        };
        let session = Arc::clone(self);
        tokio::spawn(async move { session.pool.run(Lane::Background, look).await });
    }

    /// Tells a client that announced `experimental.glueline.status` how things are, until the conversation ends.
    pub(crate) fn tell_status(self: &Arc<Self>) {
        if !self.agreed().has("/experimental/glueline/status") {
            return;
        }
        let session = Arc::clone(self);
        let mut changed = self.board.changed.subscribe();
        let mut over = self.over();
        tokio::spawn(async move {
            let mut told = None;
            loop {
                let now: Vec<Line> = session.board.lines().values().cloned().collect();
                if told.as_ref() != Some(&now) {
                    let params = Params {
                        projects: now.clone(),
                    };
                    session.client.send_notification::<Status>(params).await;
                    told = Some(now);
                }
                tokio::select! {
                    known = changed.changed() => if known.is_err() { return },
                    _ = over.changed() => return,
                }
                tokio::time::sleep(TOGETHER).await;
                changed.mark_unchanged();
            }
        });
    }
}

/// Every project, in the order of their directories.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Params {
    projects: Vec<Line>,
}

enum Status {}

impl Notification for Status {
    type Params = Params;
    const METHOD: &'static str = "glueline/status";
}
