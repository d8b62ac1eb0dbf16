//! A project of the workspace: what happened to it, in the order of the wire, and what is known of it at each instant.
//!
//! Writing down what happened takes microseconds and is done while messages are read. Working out what it means is done later, on a
//! thread of the pool, by whoever asks first: the newest analysis is advanced to the instant that is asked for, stopping at every
//! earlier instant that somebody still waits for. So each request sees its own instant, and what nobody asks for is never worked out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_base::{MemSystem, Overlay, System, Utf8Path, Utf8PathBuf};
use glueline_ide::diagnostics::Findings;
use glueline_ide::{Analysis, Change, Options};
use glueline_project::LoadOptions;
use tokio::sync::watch;
use tower_lsp_server::ls_types::Uri;

use crate::diagnostics::Whole;
use crate::document::Document;
use crate::host::{Asked, Host, ProjectSettings};
use crate::pool::{Lane, Lost, Pool};
use crate::runs::Told;

/// Counts what happened to a project.
pub(crate) type Revision = u64;

/// Something that happened.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A document has another text now; `None` where what is on the disk counts.
    Text(Utf8PathBuf, Option<Document>),
    /// A file on the disk changed, came or went.
    Disk(Utf8PathBuf),
    /// So much changed on the disk that nobody lists it.
    Refresh,
    /// Other settings ask for another target, other variables; or a user asked to begin anew.
    Settings(Asked),
    /// Everything is read again.
    Restart,
    /// A run said something of files.
    Told,
}

/// What is known at one instant.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// The project; or why there is none.
    pub(crate) analysis: Result<Analysis, String>,
    /// What it was read with, and what becomes of its findings.
    pub(crate) settings: Arc<ProjectSettings>,
}

/// A project, or a document that belongs to none.
pub(crate) struct Project {
    /// The directory of `dbt_project.yml`.
    pub(crate) dir: Utf8PathBuf,
    /// The document, where it belongs to no project.
    pub(crate) alone: Option<Alone>,
    log: Mutex<Log>,
    ready: Mutex<Ready>,
    built: Arc<tokio::sync::Mutex<Built>>,
    /// What was found in the project as a whole, until everything is looked at.
    first: Mutex<Option<Findings>>,
    /// The last look at everything.
    whole: Mutex<Option<Arc<Whole>>>,
    /// Looking at everything panicked, and nobody tries again before something changes.
    lost: AtomicBool,
    /// The instant of the last look at everything.
    looked_at: AtomicU64,
    changed: watch::Sender<Revision>,
    closed: AtomicBool,
    /// What runs said of its files.
    told: Mutex<Arc<Told>>,
}

/// A document that belongs to no project.
#[derive(Debug, Clone)]
pub(crate) struct Alone {
    /// The name that the client gave it.
    pub(crate) uri: Uri,
    /// Where the analysis has it.
    pub(crate) path: Utf8PathBuf,
}

struct Log {
    revision: Revision,
    events: Vec<(Revision, Event)>,
    /// Instants that somebody waits for, and how many do.
    wanted: BTreeMap<Revision, usize>,
}

#[derive(Default)]
struct Ready {
    newest: Option<(Revision, State)>,
    kept: BTreeMap<Revision, State>,
}

struct Built {
    revision: Revision,
    host: Arc<dyn Host>,
    dir: Utf8PathBuf,
    is_alone: bool,
    files: Overlay,
    asked: Asked,
    state: Option<State>,
}

/// The right to an instant: as long as it is held, what is known of that instant is kept.
pub(crate) struct Ticket {
    pub(crate) project: Arc<Project>,
    pub(crate) revision: Revision,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.project.give_back(self.revision);
    }
}

impl std::fmt::Debug for Project {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Project")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket")
            .field("project", &self.project.dir)
            .field("revision", &self.revision)
            .finish()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Project {
    /// A project that nobody has looked at yet. Nothing is read before somebody asks.
    pub(crate) fn new(
        dir: Utf8PathBuf,
        host: Arc<dyn Host>,
        disk: Arc<dyn System>,
        asked: Asked,
    ) -> Arc<Self> {
        Self::make(dir, host, disk, asked, None)
    }

    /// A document that belongs to no project: a project of its own, in which nothing else is.
    pub(crate) fn alone(uri: Uri, name: &str, host: Arc<dyn Host>, asked: Asked) -> Arc<Self> {
        let dir = Utf8PathBuf::from("/alone");
        let mut disk = MemSystem::new();
        disk.write(dir.join("dbt_project.yml"), "name: alone\nversion: '1.0'\n");
        let path = dir.join("models").join(name);
        Self::make(dir, host, Arc::new(disk), asked, Some(Alone { uri, path }))
    }

    fn make(
        dir: Utf8PathBuf,
        host: Arc<dyn Host>,
        disk: Arc<dyn System>,
        asked: Asked,
        alone: Option<Alone>,
    ) -> Arc<Self> {
        let built = Built {
            revision: 0,
            host,
            dir: dir.clone(),
            is_alone: alone.is_some(),
            files: Overlay::new(disk),
            asked,
            state: None,
        };
        Arc::new(Self {
            dir,
            alone,
            log: Mutex::new(Log {
                revision: 1,
                events: Vec::new(),
                wanted: BTreeMap::new(),
            }),
            ready: Mutex::default(),
            built: Arc::new(tokio::sync::Mutex::new(built)),
            first: Mutex::default(),
            whole: Mutex::default(),
            lost: AtomicBool::new(false),
            looked_at: AtomicU64::new(0),
            changed: watch::Sender::new(1),
            closed: AtomicBool::new(false),
            told: Mutex::default(),
        })
    }

    /// Writes down what happened. Instant.
    pub(crate) fn note(&self, event: Event) {
        let mut log = locked(&self.log);
        log.revision += 1;
        let revision = log.revision;
        // Texts between two instants that nobody asked for are of no use to anybody, and long.
        if let Event::Text(path, _) = &event
            && let Some((last, Event::Text(before, _))) = log.events.last()
            && before == path
            && log.wanted.range(*last..).next().is_none()
        {
            log.events.pop();
        }
        log.events.push((revision, event));
        drop(log);
        self.changed.send_replace(revision);
    }

    /// This instant.
    pub(crate) fn revision(&self) -> Revision {
        locked(&self.log).revision
    }

    /// Whether everything was looked at, as it is now.
    pub(crate) fn is_looked_at(&self) -> bool {
        let revision = self.revision();
        self.whole().is_some() && self.looked_at.load(Ordering::SeqCst) >= revision
    }

    /// The right to this instant.
    pub(crate) fn ticket(self: &Arc<Self>) -> Ticket {
        let mut log = locked(&self.log);
        let revision = log.revision;
        *log.wanted.entry(revision).or_default() += 1;
        Ticket {
            project: Arc::clone(self),
            revision,
        }
    }

    /// Tells of every event.
    pub(crate) fn changes(&self) -> watch::Receiver<Revision> {
        self.changed.subscribe()
    }

    /// The last look at everything, of this instant or an earlier one.
    pub(crate) fn whole(&self) -> Option<Arc<Whole>> {
        locked(&self.whole).clone()
    }

    /// What is known of all files, of this instant or an earlier one.
    pub(crate) fn known(&self) -> Option<Findings> {
        let whole = self.whole().map(|whole| whole.findings.clone());
        whole.or_else(|| locked(&self.first).clone())
    }

    /// Keeps what was found in the project as a whole, until everything is looked at.
    pub(crate) fn keep_first(&self, first: Findings) {
        *locked(&self.first) = Some(first);
    }

    /// Keeps a look at everything of an instant; the last one, which takes its time to let go of.
    #[must_use]
    pub(crate) fn keep_whole(&self, whole: Arc<Whole>, revision: Revision) -> Option<Arc<Whole>> {
        *locked(&self.first) = None;
        self.looked_at.store(revision, Ordering::SeqCst);
        locked(&self.whole).replace(whole)
    }

    /// Lets the last look at everything go: the next one starts from nothing.
    pub(crate) fn forget_whole(&self) {
        *locked(&self.whole) = None;
    }

    /// Tells that no look at everything is to be waited for, or that there is one again.
    pub(crate) fn set_lost(&self, lost: bool) {
        self.lost.store(lost, Ordering::SeqCst);
    }

    /// Whether anybody has read it yet.
    pub(crate) fn is_read(&self) -> bool {
        locked(&self.ready).newest.is_some()
    }

    /// Whether there is nothing to speak of where it should be.
    pub(crate) fn is_broken(&self) -> bool {
        if self.lost.load(Ordering::SeqCst) {
            return true;
        }
        let ready = locked(&self.ready);
        ready
            .newest
            .as_ref()
            .is_some_and(|(_, state)| state.analysis.is_err())
    }

    /// Ends it: what it showed is taken back.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.changed.send_modify(|_| ());
    }

    /// Whether it is ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// What runs said of its files.
    pub(crate) fn told(&self) -> Arc<Told> {
        Arc::clone(&locked(&self.told))
    }

    /// Changes what runs said of its files, and has it shown.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Told)) {
        change(Arc::make_mut(&mut locked(&self.told)));
        self.note(Event::Told);
    }

    /// What people call it.
    pub(crate) fn title(&self) -> String {
        match &self.alone {
            Some(alone) => alone.uri.as_str().to_owned(),
            None => self.dir.file_name().unwrap_or(self.dir.as_str()).to_owned(),
        }
    }

    /// Where the analysis has a document, if it has it.
    pub(crate) fn path_of<'a>(&'a self, document: &'a Document) -> Option<&'a Utf8Path> {
        match &self.alone {
            Some(alone) if alone.uri == document.uri => Some(&alone.path),
            Some(_) => None,
            None => document.path.as_deref(),
        }
    }

    fn give_back(&self, revision: Revision) {
        let mut log = locked(&self.log);
        let gone = match log.wanted.get_mut(&revision) {
            Some(count) if *count > 1 => {
                *count -= 1;
                false
            }
            _ => log.wanted.remove(&revision).is_some(),
        };
        drop(log);
        if gone {
            locked(&self.ready).kept.remove(&revision);
        }
    }

    fn ready(&self, revision: Revision) -> Option<State> {
        let ready = locked(&self.ready);
        match &ready.newest {
            Some((newest, state)) if *newest == revision => Some(state.clone()),
            _ => ready.kept.get(&revision).cloned(),
        }
    }

    /// What is known at an instant. Works it out where nobody has; waits where somebody is at it.
    ///
    /// # Errors
    /// Only where working it out panicked, or the server ends.
    pub(crate) async fn at(self: &Arc<Self>, revision: Revision, pool: &Pool) -> Result<State, Lost> {
        if let Some(state) = self.ready(revision) {
            return Ok(state);
        }
        let mut built = Arc::clone(&self.built).lock_owned().await;
        if let Some(state) = self.ready(revision) {
            return Ok(state);
        }
        let (project, discard) = (Arc::clone(self), pool.clone());
        let advance = move || project.advance(&mut built, revision, &discard);
        pool.run(Lane::Request, advance).await?;
        self.ready(revision).ok_or(Lost::Closed)
    }

    fn advance(&self, built: &mut Built, target: Revision, pool: &Pool) {
        while built.revision < target {
            let (stop, events) = self.next_stop(built.revision, target);
            built.apply(events);
            built.revision = stop;
            let Some(state) = built.state.clone() else { return };
            let gone = self.keep(stop, state);
            pool.discard(gone);
        }
    }

    /// Keeps what is known of the newest instant; what nobody needs any more.
    fn keep(&self, newest: Revision, state: State) -> Option<State> {
        // Held to the end: a ticket that is given back meanwhile would leave its instant behind.
        let log = locked(&self.log);
        let mut ready = locked(&self.ready);
        if log.wanted.contains_key(&newest) {
            ready.kept.insert(newest, state.clone());
        }
        let (before, state) = ready.newest.replace((newest, state))?;
        // Somebody may have asked for the instant before after it was worked out.
        if log.wanted.contains_key(&before) {
            ready.kept.insert(before, state);
            return None;
        }
        Some(state)
    }

    /// The next instant that somebody waits for, and what happened until then.
    fn next_stop(&self, from: Revision, target: Revision) -> (Revision, Vec<Event>) {
        let mut log = locked(&self.log);
        let stop = log
            .wanted
            .range(from + 1..=target)
            .next()
            .map_or(target, |(revision, _)| *revision);
        let later = log.events.partition_point(|(revision, _)| *revision <= stop);
        let events = log.events.drain(..later).map(|(_, event)| event).collect();
        (stop, events)
    }
}

impl Built {
    fn apply(&mut self, events: Vec<Event>) {
        let mut paths = BTreeSet::new();
        let mut texts: BTreeMap<Utf8PathBuf, Option<Document>> = BTreeMap::new();
        let (mut refresh, mut restart) = (false, false);
        for event in events {
            match event {
                Event::Text(path, document) => {
                    paths.insert(path.clone());
                    texts.insert(path, document);
                }
                Event::Disk(path) => {
                    paths.insert(path);
                }
                Event::Refresh => refresh = true,
                Event::Restart => restart = true,
                Event::Told => {}
                Event::Settings(asked) => {
                    restart |= asked != self.asked;
                    self.asked = asked;
                }
            }
        }
        for (path, document) in texts {
            self.files.set(&path, document.map(|document| document.text()));
        }
        // Where it panics, what is known is not to be built upon.
        let before = self.state.take();
        self.state = Some(match before {
            Some(State {
                analysis: Ok(analysis),
                settings,
            }) if !restart => self.edited(&analysis, settings, paths.into_iter(), refresh),
            _ => self.opened(),
        });
    }

    fn settings(&self) -> ProjectSettings {
        self.host.settings(&self.files, &self.dir, &self.asked)
    }

    fn opened(&self) -> State {
        let settings = self.settings();
        self.opened_with(Arc::new(settings))
    }

    fn opened_with(&self, settings: Arc<ProjectSettings>) -> State {
        let options = if self.is_alone {
            Options {
                load: LoadOptions::new(self.dir.clone()),
                started_at: settings.options.started_at,
            }
        } else {
            settings.options.clone()
        };
        State {
            analysis: Analysis::open(self.files.clone(), options).map_err(|error| error.to_string()),
            settings,
        }
    }

    fn edited(
        &self,
        analysis: &Analysis,
        settings: Arc<ProjectSettings>,
        paths: impl Iterator<Item = Utf8PathBuf>,
        refresh: bool,
    ) -> State {
        let paths: Vec<Utf8PathBuf> = paths.collect();
        let mut settings = settings;
        if refresh
            || paths
                .iter()
                .any(|path| decides_settings(path, &self.dir, &settings))
        {
            let now = Arc::new(self.settings());
            if now.identity != settings.identity {
                return self.opened_with(now);
            }
            settings = now;
        }
        let changes: Vec<Change> = paths
            .into_iter()
            .filter(|path| concerns(path, &self.dir, analysis))
            .map(|path| Change {
                text: self.files.text(&path).cloned(),
                path,
            })
            .collect();
        let mut analysis = Ok(analysis.clone());
        if !changes.is_empty() {
            analysis = analysis.and_then(|analysis| analysis.edited(&changes));
        }
        if refresh {
            analysis = analysis.and_then(|analysis| analysis.refreshed());
        }
        State {
            analysis: analysis.map_err(|error| error.to_string()),
            settings,
        }
    }
}

/// Whether a file may change what settings apply.
fn decides_settings(path: &Utf8Path, dir: &Utf8Path, settings: &ProjectSettings) -> bool {
    settings.read.iter().any(|read| read == path)
        || path.parent() == Some(dir) && path.file_name() == Some("glueline.toml")
}

/// Whether a file may be one that the project is read from.
fn concerns(path: &Utf8Path, dir: &Utf8Path, analysis: &Analysis) -> bool {
    path.starts_with(dir)
        || path.file_name() == Some("profiles.yml")
        || analysis.file(path).is_some()
        || analysis
            .project()
            .packages()
            .iter()
            .any(|package| path.starts_with(&package.root))
}
