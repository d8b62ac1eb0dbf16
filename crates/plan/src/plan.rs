//! The plan of a run.

use std::sync::Arc;

use glueline_project::{Assume, NodeId, Project};
use glueline_render::{Event, NodeRun, OpenedSession, Operation, Outcome, Renderer};

use crate::carry::{self, Carrying, How};
use crate::command::Command;

/// What is to be planned.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The command of dbt that is meant.
    pub command: Command,
    /// The nodes that are selected; every enabled one where `None`.
    pub selected: Option<Vec<NodeId>>,
    /// What relations are taken to exist where no catalog says; what the project says where `None`.
    pub assume: Option<Assume>,
}

/// A run, played through.
#[derive(Debug)]
pub struct Plan {
    /// The command.
    pub command: Command,
    /// The nodes and the hooks of the run, in the order in which they came to their end. Where a hook at the start fails, what is skipped for it comes last.
    pub nodes: Vec<PlannedNode>,
    /// What happens before any node or hook: schemas are made, and tables are listed for dbt's cache.
    pub before: Vec<Event>,
    /// The sessions that it opens, in the order in which their first statements come.
    pub sessions: Vec<OpenedSession>,
    /// What ended the command before the first node or hook, which leaves no nodes; a text for people.
    pub failure: Option<String>,
}

/// How a node comes out, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It runs.
    Success,
    /// It fails.
    Error,
    /// It is not run: what it reads fails, or the run ended before its turn.
    Skipped,
    /// There is nothing to run: an exposure.
    NoOp,
    /// Some batches of a microbatch model run, and some fail.
    PartialSuccess,
    /// A test finds nothing.
    Pass,
    /// A test finds something and warns.
    Warn,
    /// A test finds something.
    Fail,
}

impl Status {
    /// As dbt's artifacts write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::NoOp => "no-op",
            Self::PartialSuccess => "partial success",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// Whether dbt takes it for a failure, the first of which ends a run that is to fail fast (`call_runner` in
    /// `dbt/task/runnable.py`).
    pub const fn fails(self) -> bool {
        matches!(self, Self::Error | Self::PartialSuccess | Self::Fail)
    }

    /// Whether what comes after the node is not run.
    pub(crate) const fn stops(self) -> bool {
        matches!(
            self,
            Self::Error | Self::PartialSuccess | Self::Skipped | Self::Fail
        )
    }
}

impl From<Outcome> for Status {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::Success,
            Outcome::Error => Self::Error,
            Outcome::PartialSuccess => Self::PartialSuccess,
            Outcome::Pass => Self::Pass,
            Outcome::Warn => Self::Warn,
            Outcome::Fail => Self::Fail,
        }
    }
}

/// What one node, or one hook of the run, does.
#[derive(Debug)]
pub struct PlannedNode {
    /// The node; `None` for a hook.
    pub node: Option<NodeId>,
    /// The hook; `None` for a node.
    pub operation: Option<Arc<Operation>>,
    /// How it comes out.
    pub status: Status,
    /// What it does; `None` where it is skipped.
    pub run: Option<NodeRun>,
    /// What dbt says of what is not run, where it says anything: why it is skipped.
    pub message: Option<String>,
    /// The thread that it ran on: 0 for the main thread, and for the only one.
    pub thread: usize,
}

impl PlannedNode {
    /// A node that is not run.
    pub(crate) const fn unrun(node: NodeId, status: Status, message: Option<String>) -> Self {
        Self {
            node: Some(node),
            operation: None,
            status,
            run: None,
            message,
            thread: 0,
        }
    }
}

impl Plan {
    /// A plan in which nothing happens.
    pub(crate) const fn empty(command: Command) -> Self {
        Self {
            command,
            nodes: Vec::new(),
            before: Vec::new(),
            sessions: Vec::new(),
            failure: None,
        }
    }

    /// Plays a command through.
    pub fn new(renderer: &Renderer, request: &Request) -> Self {
        carry::play(renderer, request, &How::imagined())
    }

    /// Carries a command out: the statements and calls of [`Plan::new`], and what comes back decides what follows.
    pub fn carry_out(renderer: &Renderer, request: &Request, carrying: &Carrying<'_>) -> Self {
        carry::play(renderer, request, &How::carried(carrying))
    }
}

/// The nodes that a command takes up.
pub(crate) fn taken(project: &Project, request: &Request) -> Vec<NodeId> {
    let all = || project.nodes().iter().map(|node| node.id).collect();
    let mut nodes: Vec<NodeId> = request.selected.clone().unwrap_or_else(all);
    nodes.retain(|id| {
        let node = project.node(*id);
        request.command.takes(node.kind) && node.enabled && !node.is_dropped()
    });
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
