//! What happens in a run, as it happens: told by the threads at work, printed by the one that started them.

use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};

use glueline_plan::Status;
use glueline_project::NodeId;
use glueline_render::{Operation, Renderer};
use glueline_run::{Ear, Heard};
use serde_json::{Value as Json, json};

/// Something that happens.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// Between the run and its sessions.
    Session(Heard),
    /// A node, or a hook of the run, begins.
    Began(Subject),
    /// It is over.
    Done {
        /// What is over.
        subject: Subject,
        /// How it came out.
        status: Status,
        /// What dbt would say of it.
        message: Option<String>,
        /// How many rows a test found.
        failures: Option<i64>,
        /// For how many milliseconds it was at work; `None` for what was not run.
        took: Option<i64>,
    },
}

/// A node, or a hook of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// dbt's id.
    pub(crate) unique_id: String,
    /// `model`, `test`, `hook`.
    pub(crate) kind: &'static str,
    /// The relation that it makes, else its name.
    pub(crate) name: String,
}

impl Subject {
    /// Who a node is, or a hook.
    pub(crate) fn of(renderer: &Renderer, node: Option<NodeId>, hook: Option<&Operation>) -> Self {
        if let Some(id) = node {
            let node = renderer.project().node(id);
            let relation = renderer.relation_name(id).filter(|_| node.kind.is_refable());
            return Self {
                unique_id: node.unique_id.to_string(),
                kind: glueline_plan::fault::kind(node.kind),
                name: relation.unwrap_or_else(|| node.name.to_string()),
            };
        }
        Self {
            unique_id: hook.map_or_else(String::new, |hook| hook.unique_id.to_string()),
            kind: "hook",
            name: hook.map_or_else(String::new, |hook| hook.name.to_string()),
        }
    }
}

impl Event {
    /// As a line of the event stream. What rows hold, and what statements say, stands in none.
    pub(crate) fn json(&self) -> Json {
        let of = |subject: &Subject| json!({"unique_id": subject.unique_id, "resource_type": subject.kind, "name": subject.name});
        match self {
            Self::Session(Heard::Remark(text)) => json!({"event": "remark", "text": text}),
            Self::Session(Heard::Opening { key }) => json!({"event": "session-opening", "target": key}),
            Self::Session(Heard::Ready { session, spark }) => {
                json!({"event": "session-ready", "session": session, "spark": spark})
            }
            Self::Began(subject) => json!({"event": "node-began", "node": of(subject)}),
            Self::Done {
                subject,
                status,
                message,
                failures,
                took,
            } => json!({
                "event": "node-done",
                "node": of(subject),
                "status": status.name(),
                "message": message,
                "failures": failures,
                "milliseconds": took,
            }),
        }
    }
}

/// Hands events over to whoever prints them. Nobody may be left to hear them.
#[derive(Debug)]
pub(crate) struct Teller(Mutex<Option<Sender<Event>>>);

impl Teller {
    /// Tells a receiver.
    pub(crate) fn new(sender: Sender<Event>) -> Self {
        Self(Mutex::new(Some(sender)))
    }

    /// Tells an event.
    pub(crate) fn tell(&self, event: Event) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*sender {
            let _ = sender.send(event);
        }
    }

    /// Nothing more happens.
    pub(crate) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Ear for Teller {
    fn hear(&self, heard: &Heard) {
        self.tell(Event::Session(heard.clone()));
    }
}
