//! Carrying a plan out, and playing it through: one and the same, but for who answers.

mod execution;
mod guard;

use std::fmt;
use std::sync::Arc;

use glueline_base::Cancel;
use glueline_project::NodeId;
use glueline_render::{Event, Live, Operation, Renderer};

use self::execution::Execution;
use self::guard::Guarded;
use crate::command::Command;
use crate::order::Order;
use crate::plan::{Plan, PlannedNode, Request, taken};

/// How a plan is carried out.
#[derive(Debug)]
pub struct Carrying<'a> {
    /// Sends what the plan says, and waits for what comes back.
    pub live: Arc<dyn Live>,
    /// Is told what happens, as it happens.
    pub observer: &'a dyn Observer,
    /// How many nodes are at work at once at most; one where it is less. Each thread has a session of its own, where sessions are not
    /// a node's or the same for all ([`glueline_render::OpenedSession::thread`]).
    pub threads: usize,
    /// Whether nothing new is begun after the first failure. What is at work then comes to its end; what is left is skipped, with
    /// dbt's words. dbt counts ephemeral models among what is left, and runs the hooks at the end.
    pub fail_fast: bool,
    /// Ends the run: no node is begun and no statement is sent any more, what is left is skipped, and hooks at the end are not run.
    /// Whoever cancels has to see to the statement that is at work: what comes back of it decides on its node.
    pub cancel: &'a Cancel,
}

/// What is begun.
#[derive(Debug, Clone, Copy)]
pub enum Begun<'a> {
    /// A node.
    Node(NodeId),
    /// A hook of the run.
    Hook(&'a Arc<Operation>),
}

/// Is told what happens while a plan is carried out: one thing at a time, from whichever thread it happens on. The run waits for it.
pub trait Observer: fmt::Debug + Sync {
    /// What happened before any node or hook: [`Plan::before`]. Schemas are made.
    fn prepared(&self, _events: &[Event]) {}

    /// Something begins. Nothing is said of what is not run, nor of ephemeral models, which dbt does not count.
    fn begins(&self, _begun: Begun<'_>) {}

    /// Something is done, is skipped, or has nothing to do. Each of [`Plan::nodes`] is told once.
    fn done(&self, _done: &PlannedNode) {}
}

/// Hears nothing.
#[derive(Debug)]
struct Silent;

impl Observer for Silent {}

/// How a plan is carried out, or played through.
pub(crate) struct How<'a> {
    live: Option<Arc<dyn Live>>,
    observer: &'a dyn Observer,
    threads: usize,
    fail_fast: bool,
    cancel: Option<&'a Cancel>,
}

impl<'a> How<'a> {
    /// As [`Plan::new`] does it.
    pub(crate) fn imagined() -> Self {
        Self {
            live: None,
            observer: &Silent,
            threads: 1,
            fail_fast: false,
            cancel: None,
        }
    }

    pub(crate) fn carried(carrying: &Carrying<'a>) -> Self {
        Self {
            live: Some(Arc::new(Guarded::new(carrying.live.clone(), carrying.cancel))),
            observer: carrying.observer,
            threads: carrying.threads,
            fail_fast: carrying.fail_fast,
            cancel: Some(carrying.cancel),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(Cancel::is_cancelled)
    }
}

/// Carries a command out, or plays it through.
pub(crate) fn play(renderer: &Renderer, request: &Request, how: &How<'_>) -> Plan {
    let command = request.command;
    let run = match &how.live {
        Some(live) => renderer.start_run_live(live.clone(), request.assume),
        None => renderer.start_run_assuming(request.assume),
    };
    let project = renderer.project();
    let order = Order::new(project, &taken(project, request), command == Command::Build);
    if order.nodes.is_empty() {
        // dbt has nothing to do then, not even for hooks (`run` in `dbt/task/runnable.py`).
        return Plan::empty(command);
    }
    let made: &[NodeId] = if command.makes() { &order.nodes } else { &[] };
    let prepared = run.create_schemas(made);
    how.observer.prepared(&prepared.events);
    let nodes = match &prepared.failure {
        None => Execution::new(renderer, &run, &order, command, how).carry_out(),
        Some(_) => Vec::new(),
    };
    Plan {
        command,
        nodes,
        before: prepared.events,
        sessions: run.sessions(),
        failure: prepared.failure.map(|why| why.to_string()),
    }
}
