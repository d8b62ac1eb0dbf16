//! The plan of a run.

use std::sync::Arc;

use glueline_project::{Assume, NodeId, Project, ResourceType};
use glueline_render::{Event, NodeRun, OpenedSession, Operation, Outcome, Renderer, Run, RunHook};
use rustc_hash::FxHashMap;

use crate::command::Command;
use crate::order::Order;

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
    /// The nodes and the hooks of the run, in order. Where a hook at the start fails, what is skipped for it comes last.
    pub nodes: Vec<PlannedNode>,
    /// What happens before any node or hook: schemas are made, and tables are listed for dbt's cache.
    pub before: Vec<Event>,
    /// The sessions that it opens, in the order in which their first statements come.
    pub sessions: Vec<OpenedSession>,
}

/// How a node comes out, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It runs.
    Success,
    /// It fails.
    Error,
    /// It is not run: what it reads fails.
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

    /// Whether what comes after the node is not run.
    const fn stops(self) -> bool {
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
}

impl Plan {
    /// Plays a command through.
    pub fn new(renderer: &Renderer, request: &Request) -> Self {
        let project = renderer.project();
        let command = request.command;
        let run = renderer.start_run_assuming(request.assume);
        let order = Order::new(project, &taken(project, request), command == Command::Build);
        let made: &[NodeId] = if command.makes() { &order.nodes } else { &[] };
        let before = run.create_schemas(made);
        let mut done = Done::default();
        let hooks = if command.has_hooks() {
            renderer.operations()
        } else {
            Vec::new()
        };
        let of = |when: RunHook| hooks.iter().filter(move |hook| hook.when == when);
        let mut stopped = false;
        for hook in of(RunHook::Start) {
            stopped |= done.hook(&run, hook, stopped);
        }
        for node in &order.nodes {
            let waits_for = order.waits_for.get(node).map_or(&[][..], Vec::as_slice);
            done.node(renderer, &run, *node, waits_for, command, stopped);
        }
        // What ends the run is run, whatever came before.
        let mut failed = false;
        for hook in of(RunHook::End) {
            failed |= done.hook(&run, hook, failed);
        }
        let Done {
            mut nodes, skipped, ..
        } = done;
        nodes.extend(skipped);
        Self {
            command,
            nodes,
            before,
            sessions: run.sessions(),
        }
    }
}

/// The nodes that a command takes up.
fn taken(project: &Project, request: &Request) -> Vec<NodeId> {
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

/// Whether what comes after a model is run even where the model fails: `on_error: continue`.
fn goes_on(renderer: &Renderer, node: NodeId) -> bool {
    let is_model = renderer.project().node(node).kind == ResourceType::Model;
    let on_error = renderer.info(node).config.get_str("on_error");
    is_model && on_error.is_some_and(|value| value.as_str().as_deref() == Some("continue"))
}

/// What is done so far.
#[derive(Debug, Default)]
struct Done {
    nodes: Vec<PlannedNode>,
    skipped: Vec<PlannedNode>,
    /// Nodes after which nothing is run, each with the ephemeral model whose fault that is, where one is to blame.
    stopping: FxHashMap<NodeId, Option<NodeId>>,
}

impl Done {
    /// Runs a hook; says whether it failed.
    fn hook(&mut self, run: &Run, hook: &Arc<Operation>, skip: bool) -> bool {
        if skip {
            self.skipped.push(PlannedNode {
                node: None,
                operation: Some(hook.clone()),
                status: Status::Skipped,
                run: None,
            });
            return false;
        }
        let ran = run.operation(hook);
        let status = Status::from(ran.outcome);
        self.nodes.push(PlannedNode {
            node: None,
            operation: Some(hook.clone()),
            status,
            run: Some(ran),
        });
        status == Status::Error
    }

    fn node(
        &mut self,
        renderer: &Renderer,
        run: &Run,
        node: NodeId,
        waits_for: &[NodeId],
        command: Command,
        stopped: bool,
    ) {
        let is_ephemeral = renderer.info(node).materialized() == "ephemeral";
        let skipped = PlannedNode {
            node: Some(node),
            operation: None,
            status: Status::Skipped,
            run: None,
        };
        if stopped {
            self.skipped.push(skipped);
            return;
        }
        let causes: Vec<_> = waits_for
            .iter()
            .filter_map(|parent| self.stopping.get(parent))
            .collect();
        if !causes.is_empty() {
            let cause = causes.into_iter().find_map(|cause| *cause);
            // `dbt build` marks what comes after a node that is skipped anew, and forgets why.
            let kept = cause.filter(|_| command != Command::Build || is_ephemeral);
            self.stopping.insert(node, kept);
            if !is_ephemeral {
                run.skip(node, cause);
                self.nodes.push(skipped);
            }
            return;
        }
        if renderer.project().node(node).kind == ResourceType::Exposure {
            self.nodes.push(PlannedNode {
                status: Status::NoOp,
                ..skipped
            });
            return;
        }
        let ran = if command.makes() && !is_ephemeral {
            run.node(node)
        } else {
            run.compile(node)
        };
        let status = Status::from(ran.outcome);
        if status.stops() && !goes_on(renderer, node) {
            self.stopping.insert(node, is_ephemeral.then_some(node));
        }
        let shown = !is_ephemeral || command == Command::Compile || status == Status::Error;
        if shown {
            self.nodes.push(PlannedNode {
                node: Some(node),
                operation: None,
                status,
                run: Some(ran),
            });
        }
    }
}
