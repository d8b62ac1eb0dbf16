//! When each node was at work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_artifacts::Timing;
use glueline_plan::{Begun, Observer, PlannedNode, Secrets};
use glueline_project::NodeId;
use glueline_render::{Operation, Renderer};
use glueline_run::Link;

use super::events::{Event, Subject, Teller};

/// Times nodes, and tells of them.
#[derive(Debug)]
pub(super) struct Watch {
    renderer: Renderer,
    link: Link,
    teller: Arc<Teller>,
    /// What nobody may read.
    secrets: Secrets,
    /// When what is at work began, and what is over was at work, by dbt's id.
    began: Mutex<BTreeMap<String, i64>>,
    timings: Mutex<BTreeMap<String, Timing>>,
}

impl Watch {
    pub(super) fn new(renderer: Renderer, link: Link, teller: Arc<Teller>) -> Self {
        Self {
            secrets: Secrets::of(renderer.project(), &*renderer.settings().system),
            renderer,
            link,
            teller,
            began: Mutex::default(),
            timings: Mutex::default(),
        }
    }

    fn subject(&self, node: Option<NodeId>, hook: Option<&Operation>) -> Subject {
        Subject::of(&self.renderer, node, hook)
    }

    /// What is said of what came out as it did: of a statement that failed what the session says of it, and never the statement.
    fn words(&self, planned: &PlannedNode) -> Option<String> {
        let run = planned.run.as_ref();
        let refused = run.and_then(|run| run.statements().filter_map(|sent| sent.error.as_ref()).last());
        let failure = run.and_then(|run| run.failure.as_ref());
        let words = match (failure, refused) {
            (Some(_), Some(error)) => {
                let said = error.value.lines().next().unwrap_or_default();
                format!("{}: {said}", error.name)
            }
            (Some(failure), None) => failure.reason(),
            (None, _) => run
                .and_then(|run| run.message.clone())
                .or_else(|| planned.message.clone())?,
        };
        Some(self.secrets.mask(words))
    }

    /// When what ran was at work, by dbt's id.
    pub(super) fn finish(self) -> BTreeMap<String, Timing> {
        self.timings.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Watch {
    fn begins(&self, begun: Begun<'_>) {
        let subject = match begun {
            Begun::Node(node) => self.subject(Some(node), None),
            Begun::Hook(hook) => self.subject(None, Some(hook)),
        };
        let now = self.link.clock.now();
        locked(&self.began).insert(subject.unique_id.clone(), now);
        self.teller.tell(Event::Began(subject));
    }

    fn done(&self, planned: &PlannedNode) {
        let subject = self.subject(planned.node, planned.operation.as_deref());
        let now = self.link.clock.now();
        let began = locked(&self.began).remove(&subject.unique_id);
        let run = planned.run.as_ref();
        if let Some(started) = began {
            let timing = Timing {
                started,
                compiled: run.and_then(|run| run.compiled.as_ref()).map(|_| started),
                completed: now,
                thread: format!("Thread-{} (worker)", planned.thread.max(1)),
            };
            locked(&self.timings).insert(subject.unique_id.clone(), timing);
        }
        self.teller.tell(Event::Done {
            subject,
            status: planned.status,
            message: self.words(planned),
            failures: run.and_then(|run| run.failures),
            took: began.map(|began| now.saturating_sub(began)),
        });
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
