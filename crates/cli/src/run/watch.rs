//! When each node was at work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_artifacts::Timing;
use glueline_plan::{Begun, Observer, PlannedNode};
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
    /// When what is at work began, and what is over was at work, by dbt's id.
    began: Mutex<BTreeMap<String, i64>>,
    timings: Mutex<BTreeMap<String, Timing>>,
}

impl Watch {
    pub(super) fn new(renderer: Renderer, link: Link, teller: Arc<Teller>) -> Self {
        Self {
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
                thread: "Thread-1 (worker)".to_owned(),
            };
            locked(&self.timings).insert(subject.unique_id.clone(), timing);
        }
        let failure = run.and_then(|run| run.failure.as_ref());
        let message = failure.map(|failure| &failure.message);
        self.teller.tell(Event::Done {
            subject,
            status: planned.status,
            message: message
                .or(run.and_then(|run| run.message.as_ref()))
                .or(planned.message.as_ref())
                .cloned(),
            failures: run.and_then(|run| run.failures),
            took: began.map(|began| now.saturating_sub(began)),
        });
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
