//! A run played through: what every node would send, and what it would find, without a session or an account.
//!
//! A node runs as it does under dbt: it is compiled, and its materialization is called, with an adapter that writes down each
//! statement and each call of an AWS service instead of making it. A statement that creates, drops or alters a relation changes a
//! warehouse that is only imagined, over what the catalog file or the project says, so that what comes later finds what came before.

mod batches;
mod code;
mod comment;
mod connection;
mod effects;
mod found;
mod live;
mod materialize;
mod microbatch;
mod python;
mod record;
mod schemas;
mod session;
mod statement;
mod turn;
mod unit_test;
mod warehouse;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_project::{Assume, NodeId, ResourceType};
use glueline_template::{Engine, Error, Note};

pub(crate) use self::batches::plain_time;
pub use self::batches::read_time;
pub use self::code::{AS_IT_STANDS, Pasted, Reading, SPLITS, STAGED, queries};
pub(crate) use self::code::{Code, code, dedent, refusal, refusal_of_pasted};
pub(crate) use self::comment::Comments;
use self::connection::Connection;
pub use self::connection::{OpenedSession, SessionEnd};
pub(crate) use self::effects::{Kind, make};
pub use self::live::{Live, NoAnswer, Rows};
pub(crate) use self::record::NodeResult;
pub use self::record::{
    ApiCall, Event, Found, LogLine, NodeRun, Outcome, RanBatch, Replaced, SparkError, Standing, Statement,
};
pub use self::schemas::Prepared;
pub(crate) use self::statement::{execute, send, send_python, send_python_model};
pub(crate) use self::turn::Turn;
use self::turn::Whose;
pub(crate) use self::warehouse::{Touched, Warehouse, every_column, is_stand_in, place};
use crate::Renderer;
use crate::compile::{self, Cache, Compiled, Failure, Operation, Status};
use crate::host::{NodeHost, Phase, Scene};
use crate::renderer::Shared;

/// A run that is played through, node by node, in the order in which they are given.
#[derive(Debug)]
pub struct Run {
    shared: Arc<Shared>,
    state: Arc<RunState>,
    /// Which of its threads this is.
    thread: usize,
}

/// What the nodes of a run share.
#[derive(Debug, Default)]
pub(crate) struct RunState {
    /// What relations are taken to exist where no catalog says; what the project says where `None`.
    pub(crate) assume: Option<Assume>,
    /// What carries the run out; `None` where it is only played through.
    live: Option<Arc<dyn Live>>,
    /// What is compiled already. A node of a run is compiled when its turn comes, for what it reads may be made by then.
    pub(crate) compiled: Cache,
    /// What dbt puts into each statement.
    comments: Comments,
    warehouse: Mutex<Warehouse>,
    /// The sessions that are open, in the order in which they were opened.
    connections: Mutex<Vec<Arc<Connection>>>,
    /// What came of the nodes so far, ephemeral models left out.
    results: Mutex<Vec<NodeResult>>,
}

impl RunState {
    /// What came of the nodes so far.
    pub(crate) fn results(&self) -> Vec<NodeResult> {
        self.results
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Writes down what came of a node.
    fn settle(&self, result: NodeResult) {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.push(result);
    }

    /// What is there by now. No template code may run while this is held.
    pub(crate) fn warehouse(&self) -> MutexGuard<'_, Warehouse> {
        self.warehouse.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Renderer {
    /// Why dbt cannot render the query comment as soon as it has read the project, which ends every command.
    pub fn query_comment_failure(&self) -> Option<Failure> {
        let failed = Comments::default().start(&self.0).err()?;
        Some(Failure::new(&self.0, None, failed)).filter(Failure::is_certain)
    }

    /// Starts to play a run through.
    pub fn start_run(&self) -> Run {
        self.start_run_assuming(None)
    }

    /// Starts a run that is carried out. `assume` is as in [`start_run_assuming`](Self::start_run_assuming).
    pub fn start_run_live(&self, live: Arc<dyn Live>, assume: Option<Assume>) -> Run {
        self.start(assume, Some(live))
    }

    /// Starts to play a run through. `assume` says which relations exist where no catalog does, in place of what the project says.
    pub fn start_run_assuming(&self, assume: Option<Assume>) -> Run {
        self.start(assume, None)
    }

    fn start(&self, assume: Option<Assume>, live: Option<Arc<dyn Live>>) -> Run {
        let state = RunState {
            assume,
            live,
            ..RunState::default()
        };
        Run {
            shared: self.0.clone(),
            state: Arc::new(state),
            thread: 0,
        }
    }
}

impl Run {
    /// The same run, as another of its threads takes part in it. The main thread is number 0, as is the first that nodes run on.
    #[must_use]
    pub fn on_thread(&self, thread: usize) -> Self {
        Self {
            shared: self.shared.clone(),
            state: self.state.clone(),
            thread,
        }
    }

    fn turn(&self, whose: Whose) -> Arc<Turn> {
        Arc::new(Turn::new(&self.state, whose, self.thread))
    }

    /// What a node does when its turn comes.
    pub fn node(&self, node: NodeId) -> NodeRun {
        let turn = self.turn(Whose::Node(node));
        let scene = Scene::from(&turn);
        self.look_at(&turn, node, &scene);
        if let Some(failed) = self.begin(&turn, node) {
            return failed;
        }
        if self.shared.project.node(node).kind == ResourceType::UnitTest {
            return unit_test::run(self, &turn, node);
        }
        if microbatch::is_batched(&self.shared, node) {
            return microbatch::run(self, &turn, node);
        }
        let compiled = compile::compile(&self.shared, node, &scene, &mut Vec::new());
        if let Some(failure) = &compiled.failure {
            let failure = failure.clone();
            return self.finish(&turn, compiled, Err(failure), Vec::new());
        }
        let mut host = NodeHost::node(&self.shared, node, Phase::Execute, scene);
        host.code = compiled.code.as_deref().map(Into::into);
        let host = Arc::new(host);
        let limits = self.shared.settings.limits;
        let (outcome, notes) = self
            .shared
            .engine
            .with(host.clone(), limits, |cx| materialize::run(cx, &host, node));
        let outcome = outcome.map_err(|error| {
            let written = turn.current().has_written;
            let written = written
                .then(|| compile::run_path(&self.shared.project, node))
                .flatten();
            Failure::ran(&self.shared, node, error, written.as_deref())
        });
        self.finish(&turn, compiled, outcome, notes)
    }

    /// Begins the turn of a node. dbt renders the query comment first; gives what comes of the node where it cannot.
    fn begin(&self, turn: &Turn, node: NodeId) -> Option<NodeRun> {
        let made = self.state.comments.comment(&self.shared, Some(node));
        let failure = Failure::new(&self.shared, Some(node), made.err()?);
        Some(self.end(turn, None, Err(failure), Vec::new()))
    }

    /// The sessions that were opened so far, in order.
    pub fn sessions(&self) -> Vec<OpenedSession> {
        let connections = self.state.connections();
        connections.iter().map(|connection| connection.opened()).collect()
    }

    /// Writes down how the relation of a node stands.
    fn look_at(&self, turn: &Turn, node: NodeId, scene: &Scene) {
        let info = Shared::info(&self.shared, node);
        let (Some(schema), Some(name)) = (&info.schema, &info.identifier) else {
            return;
        };
        let host = NodeHost::node(&self.shared, node, Phase::Execute, scene.clone());
        let standing = found::standing(&host, schema, name, false);
        turn.current().before = Some(Found {
            schema: schema.to_string(),
            name: name.to_string(),
            standing,
        });
    }

    /// What `dbt compile` does with a node when its turn comes.
    pub fn compile(&self, node: NodeId) -> NodeRun {
        let turn = self.turn(Whose::Node(node));
        let scene = Scene::from(&turn);
        if let Some(failed) = self.begin(&turn, node) {
            return failed;
        }
        let compiled = compile::compile(&self.shared, node, &scene, &mut Vec::new());
        let outcome = match &compiled.failure {
            Some(failure) => Err(failure.clone()),
            None => Ok(Outcome::Success),
        };
        self.finish(&turn, compiled, outcome, Vec::new())
    }

    /// What a hook of the run does.
    pub fn operation(&self, operation: &Arc<Operation>) -> NodeRun {
        let turn = self.turn(Whose::Hook(operation.unique_id.clone()));
        let scene = Scene::from(&turn);
        let compiled = Arc::new(compile::operation_within(&self.shared, operation, &scene));
        if let Some(failure) = &compiled.failure {
            let failure = failure.clone();
            return self.finish(&turn, compiled, Err(failure), Vec::new());
        }
        let mut host = NodeHost::hook(&self.shared, operation, Phase::Execute);
        host.scene = scene;
        let host = Arc::new(host);
        let sql = compiled.code.clone().unwrap_or_default();
        let limits = self.shared.settings.limits;
        let (outcome, notes) = self.shared.engine.with(host.clone(), limits, |cx| {
            if !sql.trim().is_empty() {
                execute(cx, &host, &sql, false)?;
            }
            Ok(Outcome::Success)
        });
        let outcome = outcome.map_err(|error| Failure::of_hook(&host, operation, error));
        self.finish(&turn, compiled, outcome, notes)
    }

    /// Writes down that a node is not run, and what dbt says of it.
    pub fn skip(&self, node: NodeId, message: Option<String>) {
        self.state.settle(NodeResult {
            node,
            status: "skipped",
            message,
            failures: None,
        });
    }

    /// What came of a node that was compiled.
    fn finish(
        &self,
        turn: &Turn,
        compiled: Arc<Compiled>,
        outcome: Result<Outcome, Failure>,
        notes: Vec<Note>,
    ) -> NodeRun {
        let compiled = (compiled.status != Status::Skipped).then_some(compiled);
        self.end(turn, compiled, outcome, notes)
    }

    /// Writes down what came of a node for the hooks at the end. They are not told of ephemeral models.
    fn settle(&self, node: NodeId, outcome: Outcome, message: Option<String>, failures: Option<i64>) {
        if Shared::info(&self.shared, node).materialized() == "ephemeral" {
            return;
        }
        self.state.settle(NodeResult {
            node,
            status: outcome.name(),
            message,
            failures,
        });
    }

    /// How a node came out, given why something did not come back. Macros and adapter may pass over that; it is no success.
    fn unless_stopped(
        &self,
        turn: &Turn,
        outcome: Result<Outcome, Failure>,
        stopped: Option<String>,
    ) -> Result<Outcome, Failure> {
        let is_told = |why: &String| matches!(&outcome, Err(failure) if failure.message.contains(why));
        let Some(why) = stopped.filter(|why| !is_told(why)) else {
            return outcome;
        };
        let error = NoAnswer::Stopped(why).of_call();
        Err(Failure::new(&self.shared, turn.node(), error))
    }

    /// Takes what was written down in a turn.
    fn end(
        &self,
        turn: &Turn,
        compiled: Option<Arc<Compiled>>,
        outcome: Result<Outcome, Failure>,
        notes: Vec<Note>,
    ) -> NodeRun {
        let current = std::mem::take(&mut *turn.current());
        let outcome = self.unless_stopped(turn, outcome, current.stopped);
        let mut unknown = compiled
            .as_ref()
            .map_or_else(Vec::new, |compiled| compiled.unknown.clone());
        for note in notes {
            if !unknown.contains(&note) {
                unknown.push(note);
            }
        }
        let (outcome, failure) = match outcome {
            Ok(outcome) => (outcome, None),
            Err(failure) => (Outcome::Error, Some(failure)),
        };
        if let Some(node) = turn.node() {
            let message = failure.as_ref().map(|failure| failure.message.clone());
            self.settle(
                node,
                outcome,
                message.or_else(|| current.message.clone()),
                current.failures,
            );
        }
        NodeRun {
            outcome,
            failure,
            message: current.message,
            failures: current.failures,
            batches: Vec::new(),
            compiled,
            events: current.events,
            unknown,
            replaced: current.replaced.into_iter().collect(),
            older: current.older.into_iter().collect(),
            after: current.before.as_ref().map(|before| self.after(before)),
            before: current.before,
        }
    }

    /// How a relation stands by now, that stood as is said before.
    fn after(&self, before: &Found) -> Found {
        let changed = self.state.warehouse().changed(&before.schema, &before.name);
        Found {
            standing: match changed {
                Touched::Made(table) => Standing::of(&table),
                Touched::Dropped => Standing::Absent,
                Touched::Untouched => before.standing.clone(),
            },
            ..before.clone()
        }
    }
}

/// Calls a function with the session's own host: what the adapter does by itself, outside of any node.
pub(crate) fn apart<T>(
    host: &NodeHost,
    work: impl FnOnce(&glueline_template::Cx) -> Result<T, Error>,
) -> (Result<T, Error>, Vec<Note>) {
    let mut own = NodeHost::text(&host.shared, "macro", Phase::Execute);
    own.scene = host.scene.clone();
    Engine::with(
        &host.shared.engine,
        Arc::new(own),
        host.shared.settings.limits,
        work,
    )
}
