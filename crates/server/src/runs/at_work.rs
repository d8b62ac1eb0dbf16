//! What is going on, so that it can be stopped: by its progress, by its project, with the conversation.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_base::{Cancel, Utf8Path, Utf8PathBuf};

/// Everything that is going on.
#[derive(Debug, Clone, Default)]
pub(crate) struct AtWork(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    all: BTreeMap<u64, Work>,
    over: bool,
}

#[derive(Debug, Clone)]
struct Work {
    project: Utf8PathBuf,
    cancel: Cancel,
    /// Whether it is a run, of which a project has one at a time.
    is_run: bool,
}

/// One of it, until it is dropped.
#[derive(Debug)]
pub(super) struct Begun {
    all: AtWork,
    number: u64,
    /// How many progresses it had.
    progresses: AtomicU64,
    /// Set when it is to stop.
    pub(super) cancel: Cancel,
}

impl AtWork {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins something; `None` for a second run of a project, and once nothing may begin any more.
    pub(super) fn begin(&self, project: &Utf8Path, is_run: bool) -> Option<Begun> {
        let mut inner = self.inner();
        let is_second = inner
            .all
            .values()
            .any(|work| work.is_run && work.project == project);
        if inner.over || (is_run && is_second) {
            return None;
        }
        inner.next += 1;
        let number = inner.next;
        let cancel = Cancel::new();
        let work = Work {
            project: project.to_owned(),
            cancel: cancel.clone(),
            is_run,
        };
        inner.all.insert(number, work);
        Some(Begun {
            all: self.clone(),
            number,
            progresses: AtomicU64::new(0),
            cancel,
        })
    }

    /// Stops what goes on in a project, or everywhere; how much that is.
    pub(super) fn cancel(&self, project: Option<&Utf8Path>) -> usize {
        let inner = self.inner();
        let meant = inner
            .all
            .values()
            .filter(|work| project.is_none_or(|project| work.project == project));
        meant.map(|work| work.cancel.cancel()).count()
    }

    /// Stops what a progress stands for.
    pub(crate) fn cancel_token(&self, token: &str) {
        let inner = self.inner();
        let number = token
            .strip_prefix(PREFIX)
            .and_then(|name| name.split('.').next()?.parse().ok());
        if let Some(work) = number.and_then(|number: u64| inner.all.get(&number)) {
            work.cancel.cancel();
        }
    }

    /// Stops everything, and lets nothing begin any more.
    pub(crate) fn end(&self) {
        self.inner().over = true;
        self.cancel(None);
    }
}

/// What the names of progresses begin with.
const PREFIX: &str = "glueline/run/";

impl Begun {
    /// The name of its next progress: a client may forget one that has ended, and know it no more.
    pub(super) fn token(&self) -> String {
        let progress = self.progresses.fetch_add(1, Ordering::Relaxed);
        format!("{PREFIX}{}.{progress}", self.number)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.all.inner().all.remove(&self.number);
    }
}
