//! The turn of one node or hook: what it does so far, apart from what others do at the same time.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_base::FileId;
use glueline_catalog::Change;
use glueline_project::NodeId;
use serde_json::Value as Json;

use super::connection::Connection;
use super::{ApiCall, Event, Found, LogLine, NoAnswer, Replaced, RunState};

/// The turn of a node or a hook within a run. Nodes that are at work at the same time have one each.
#[derive(Debug)]
pub(crate) struct Turn {
    run: Arc<RunState>,
    whose: Whose,
    /// The thread of the run that it is on.
    thread: usize,
    current: Mutex<Current>,
}

/// Whose turn it is.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// Nobody's: dbt itself is at work.
    Nobody,
    Node(NodeId),
    /// That of a hook of the run, by its id.
    Hook(Arc<str>),
}

/// What was done so far in a turn.
#[derive(Debug, Default)]
pub(super) struct Current {
    /// The session, once a statement was sent to it.
    pub(super) connection: Option<Arc<Connection>>,
    pub(super) events: Vec<Event>,
    pub(super) replaced: BTreeSet<Replaced>,
    pub(super) older: BTreeSet<Change>,
    pub(super) before: Option<Found>,
    pub(super) message: Option<String>,
    pub(super) failures: Option<i64>,
    /// Whether dbt wrote code of the node to run into its target folder.
    pub(super) has_written: bool,
    /// Why something did not come back, where it did not.
    pub(super) stopped: Option<String>,
}

impl Deref for Turn {
    type Target = RunState;

    fn deref(&self) -> &RunState {
        &self.run
    }
}

impl Turn {
    pub(super) fn new(run: &Arc<RunState>, whose: Whose, thread: usize) -> Self {
        Self {
            run: run.clone(),
            whose,
            thread,
            current: Mutex::default(),
        }
    }

    pub(super) const fn whose(&self) -> &Whose {
        &self.whose
    }

    pub(super) const fn thread(&self) -> usize {
        self.thread
    }

    pub(super) fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node whose turn it is; `None` for a hook of the run.
    pub(crate) fn node(&self) -> Option<NodeId> {
        match self.whose {
            Whose::Node(node) => Some(node),
            Whose::Hook(_) | Whose::Nobody => None,
        }
    }

    /// Writes down what dbt says of the node, and how many rows a test found.
    pub(super) fn say(&self, message: Option<String>, failures: Option<i64>) {
        let mut current = self.current();
        current.message = message;
        current.failures = failures;
    }

    pub(super) fn record(&self, event: Event) {
        self.current().events.push(event);
    }

    /// Whether anything more may be sent in this turn: once something did not come back, nobody knows how things stand.
    ///
    /// # Errors
    ///
    /// With why it did not come back.
    pub(super) fn goes_on(&self) -> Result<(), NoAnswer> {
        let stopped = self.current().stopped.clone();
        stopped.map_or(Ok(()), |why| Err(NoAnswer::Stopped(why)))
    }

    /// Takes note where something did not come back.
    pub(super) fn hear<T>(&self, answer: Result<T, NoAnswer>) -> Result<T, NoAnswer> {
        if let Err(NoAnswer::Stopped(why)) = &answer {
            self.current().stopped = Some(why.clone());
        }
        answer
    }

    /// Makes a call of an AWS service that changes something, and writes it down. Where the run is only played through it works.
    pub(crate) fn change(
        &self,
        service: &'static str,
        operation: &'static str,
        request: Json,
    ) -> Result<(), NoAnswer> {
        let call = ApiCall {
            service,
            operation,
            request,
            error: None,
        };
        let Some(live) = &self.live else {
            self.record(Event::Call(call));
            return Ok(());
        };
        self.goes_on()?;
        let done = self.hear(live.call(&call));
        self.record(Event::Call(call));
        done
    }

    /// Writes down a call of an AWS service that only asks; `request` is what botocore sends.
    pub(crate) fn call(&self, service: &'static str, operation: &'static str, request: Json) {
        self.call_failing(service, operation, request, None);
    }

    /// Writes down a call of an AWS service that the service answers with an error.
    pub(crate) fn call_failing(
        &self,
        service: &'static str,
        operation: &'static str,
        request: Json,
        error: Option<&'static str>,
    ) {
        self.record(Event::Call(ApiCall {
            service,
            operation,
            request,
            error,
        }));
    }

    /// Writes down an error or a warning that the adapter logs and swallows.
    pub(crate) fn log(&self, message: impl Into<String>) {
        let message = message.into();
        self.record(Event::Log(LogLine { message }));
    }

    /// Writes down that the release of dbt-glue does without a change.
    pub(crate) fn does_without(&self, change: Change) {
        self.current().older.insert(change);
    }

    /// Writes down that dbt wrote code of what is at hand into its target folder.
    pub(crate) fn wrote(&self) {
        self.current().has_written = true;
    }

    /// Writes down that a macro of the project stands in the place of one that is shipped.
    pub(crate) fn replaced(&self, name: &str, file: FileId) {
        let name = name.into();
        self.current().replaced.insert(Replaced { name, file });
    }
}
