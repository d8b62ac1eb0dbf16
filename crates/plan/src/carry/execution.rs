//! The hooks and nodes of a run, each in its turn.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use glueline_project::{NodeId, ResourceType};
use glueline_render::{Operation, Renderer, Run, RunHook};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Begun, How};
use crate::command::Command;
use crate::order::{Line, Order};
use crate::plan::{PlannedNode, Status};

/// What dbt says of what a failure elsewhere keeps from being run (`execute_nodes` in `dbt/task/runnable.py`).
const FAIL_FAST: &str = "Skipping due to fail_fast";

/// What is said of what was not begun when the run was cancelled.
const CANCELLED: &str = "The run was cancelled";

/// What a thread may use for its stack: macros within macros are calls within calls. Memory that is not used costs nothing.
const STACK: usize = 64 << 20;

/// More threads than these are not started, whatever a profile says.
const MOST_THREADS: usize = 256;

/// A run, while it is carried out.
pub(super) struct Execution<'a> {
    renderer: &'a Renderer,
    run: &'a Run,
    order: &'a Order,
    command: Command,
    how: &'a How<'a>,
    state: Mutex<State<'a>>,
    /// Something that was at work came to its end.
    came_to_end: Condvar,
}

/// How far a run is.
struct State<'a> {
    line: Line<'a>,
    /// How many threads are at work.
    at_work: usize,
    /// Whether something failed.
    has_failed: bool,
    nodes: Vec<PlannedNode>,
    /// What a failing hook at the start keeps from being run.
    skipped: Vec<PlannedNode>,
    /// Nodes after which nothing is run, each with the ephemeral model whose fault that is, where one is to blame.
    stopping: FxHashMap<NodeId, Option<NodeId>>,
}

/// What becomes of a node whose turn it is.
enum Turn {
    Runs,
    /// It is not run, and written down as that.
    Settled,
}

/// What is at work; however it ends, the others are told.
struct Work<'e, 'a> {
    execution: &'e Execution<'a>,
    node: NodeId,
}

impl Drop for Work<'_, '_> {
    fn drop(&mut self) {
        let mut state = self.execution.state();
        state.at_work -= 1;
        state.line.done(self.node);
        self.execution.came_to_end.notify_all();
    }
}

impl<'a> Execution<'a> {
    pub(super) fn new(
        renderer: &'a Renderer,
        run: &'a Run,
        order: &'a Order,
        command: Command,
        how: &'a How<'a>,
    ) -> Self {
        let state = State {
            line: order.line(),
            at_work: 0,
            has_failed: false,
            nodes: Vec::new(),
            skipped: Vec::new(),
            stopping: FxHashMap::default(),
        };
        Self {
            renderer,
            run,
            order,
            command,
            how,
            state: Mutex::new(state),
            came_to_end: Condvar::new(),
        }
    }

    /// Carries everything out; gives what came of it.
    pub(super) fn carry_out(self) -> Vec<PlannedNode> {
        let hooks = if self.command.has_hooks() {
            self.renderer.operations()
        } else {
            Vec::new()
        };
        let of = |when: RunHook| hooks.iter().filter(move |hook| hook.when == when);
        let mut failed = false;
        for hook in of(RunHook::Start) {
            failed |= self.hook(hook, failed);
        }
        if failed {
            self.skip_all();
        } else {
            self.work_on(self.how.threads.min(self.order.nodes.len()).min(MOST_THREADS));
            self.leave();
        }
        // What ends the run is run, whatever came before.
        let mut failed = false;
        for hook in of(RunHook::End) {
            failed |= self.hook(hook, failed);
        }
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let State {
            mut nodes, skipped, ..
        } = state;
        nodes.extend(skipped);
        nodes
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a hook; says whether it failed.
    fn hook(&self, hook: &Arc<Operation>, skip: bool) -> bool {
        let done = |status, run, message| PlannedNode {
            node: None,
            operation: Some(hook.clone()),
            status,
            run,
            message,
            thread: 0,
        };
        let is_cancelled = self.how.is_cancelled();
        if skip || is_cancelled {
            let message = is_cancelled.then(|| CANCELLED.to_owned());
            let skipped = done(Status::Skipped, None, message);
            self.how.observer.done(&skipped);
            self.state().skipped.push(skipped);
            return false;
        }
        self.how.observer.begins(Begun::Hook(hook));
        let ran = self.run.operation(hook);
        let status = Status::from(ran.outcome);
        self.put(&mut self.state(), done(status, Some(ran), None));
        status == Status::Error
    }

    /// Takes up nodes on some threads, of which this is the first.
    fn work_on(&self, threads: usize) {
        std::thread::scope(|scope| {
            for thread in 1..threads {
                let named = std::thread::Builder::new().name(format!("run-{thread}"));
                let work = move || self.work(thread);
                if named.stack_size(STACK).spawn_scoped(scope, work).is_err() {
                    // Where there are no more threads to be had, those that there are do the work.
                    break;
                }
            }
            self.work(0);
        });
    }

    /// Takes up nodes until none is left, or none may be begun any more.
    fn work(&self, thread: usize) {
        let run = self.run.on_thread(thread);
        while let Some(work) = self.next() {
            for node in self.order.unit(work.node) {
                self.node(&run, thread, node);
            }
        }
    }

    /// What is next; waits for it where others are at work.
    fn next(&self) -> Option<Work<'_, 'a>> {
        let mut state = self.state();
        loop {
            if self.ends(&state) {
                return None;
            }
            if let Some(node) = state.line.take() {
                state.at_work += 1;
                let execution = self;
                return Some(Work { execution, node });
            }
            if state.at_work == 0 {
                return None;
            }
            let waited = self.came_to_end.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether nothing new may be begun.
    fn ends(&self, state: &State<'_>) -> bool {
        self.fails_fast(state) || self.how.is_cancelled()
    }

    fn fails_fast(&self, state: &State<'_>) -> bool {
        self.how.fail_fast && state.has_failed
    }

    /// Runs a node, where it is to be run.
    fn node(&self, run: &Run, thread: usize, node: NodeId) {
        if self.how.is_cancelled() {
            return;
        }
        let is_ephemeral = self.is_ephemeral(node);
        if matches!(self.turn(node, is_ephemeral), Turn::Settled) {
            return;
        }
        let ran = if self.command.makes() && !is_ephemeral {
            run.node(node)
        } else {
            run.compile(node)
        };
        let done = PlannedNode {
            status: Status::from(ran.outcome),
            run: Some(ran),
            thread,
            ..PlannedNode::unrun(node, Status::Success, None)
        };
        self.settle(node, is_ephemeral, done);
    }

    fn is_ephemeral(&self, node: NodeId) -> bool {
        self.renderer.info(node).materialized() == "ephemeral"
    }

    fn turn(&self, node: NodeId, is_ephemeral: bool) -> Turn {
        let mut state = self.state();
        let waits_for = self.order.waits_for.get(&node).map_or(&[][..], Vec::as_slice);
        let causes: Vec<_> = waits_for
            .iter()
            .filter_map(|parent| state.stopping.get(parent))
            .collect();
        if !causes.is_empty() {
            let cause = causes.into_iter().find_map(|cause| *cause);
            // `dbt build` marks what comes after a node that is skipped anew, and forgets why.
            let kept = cause.filter(|_| self.command != Command::Build || is_ephemeral);
            state.stopping.insert(node, kept);
            if !is_ephemeral {
                let message = cause.map(|cause| self.blames(node, cause));
                self.run.skip(node, message.clone());
                self.put(&mut state, PlannedNode::unrun(node, Status::Skipped, message));
            }
            return Turn::Settled;
        }
        if self.renderer.project().node(node).kind == ResourceType::Exposure {
            self.put(&mut state, PlannedNode::unrun(node, Status::NoOp, None));
            return Turn::Settled;
        }
        if self.is_shown(is_ephemeral) {
            self.how.observer.begins(Begun::Node(node));
        }
        Turn::Runs
    }

    /// What dbt says of a node that reads an ephemeral model which does not compile.
    fn blames(&self, node: NodeId, cause: NodeId) -> String {
        let id = |node| &self.renderer.project().node(node).unique_id;
        format!(
            "Compilation Error in {}, caused by compilation error in referenced ephemeral model {}",
            id(node),
            id(cause)
        )
    }

    /// Whether a node is shown that does not fail.
    fn is_shown(&self, is_ephemeral: bool) -> bool {
        !is_ephemeral || self.command == Command::Compile
    }

    /// Takes over what came of a node.
    fn settle(&self, node: NodeId, is_ephemeral: bool, done: PlannedNode) {
        let status = done.status;
        let mut state = self.state();
        state.has_failed |= status.fails();
        if status.stops() && !self.goes_on(node) {
            state.stopping.insert(node, is_ephemeral.then_some(node));
        }
        if self.is_shown(is_ephemeral) || status == Status::Error {
            self.put(&mut state, done);
        }
    }

    /// Whether what comes after a model is run even where the model fails: `on_error: continue`.
    fn goes_on(&self, node: NodeId) -> bool {
        let is_model = self.renderer.project().node(node).kind == ResourceType::Model;
        let on_error = self.renderer.info(node).config.get_str("on_error");
        is_model && on_error.is_some_and(|value| value.as_str().as_deref() == Some("continue"))
    }

    /// Writes down what is done.
    fn put(&self, state: &mut State<'_>, done: PlannedNode) {
        self.how.observer.done(&done);
        state.nodes.push(done);
    }

    /// Skips every node: a hook at the start failed.
    fn skip_all(&self) {
        let mut state = self.state();
        for node in &self.order.nodes {
            let skipped = PlannedNode::unrun(*node, Status::Skipped, None);
            self.how.observer.done(&skipped);
            state.skipped.push(skipped);
        }
    }

    /// Skips what was not begun when the run had to end.
    fn leave(&self) {
        let mut state = self.state();
        let is_cancelled = self.how.is_cancelled();
        if !is_cancelled && !self.fails_fast(&state) {
            return;
        }
        let told: FxHashSet<NodeId> = state.nodes.iter().filter_map(|done| done.node).collect();
        for node in self.order.nodes.iter().filter(|node| !told.contains(node)) {
            let counts = if is_cancelled {
                self.is_shown(self.is_ephemeral(*node))
            } else {
                self.is_counted(*node)
            };
            if counts {
                let message = Some(if is_cancelled { CANCELLED } else { FAIL_FAST }.to_owned());
                self.run.skip(*node, message.clone());
                self.put(&mut state, PlannedNode::unrun(*node, Status::Skipped, message));
            }
        }
    }

    /// Whether dbt has a node in the list of which it skips what it has not run. Ephemeral models are always left in it; unit tests
    /// of `dbt build` never stood there.
    fn is_counted(&self, node: NodeId) -> bool {
        let is_unit_test = self.renderer.project().node(node).kind == ResourceType::UnitTest;
        !(is_unit_test && self.command == Command::Build)
    }
}
