//! What the names of a template mean while a node is rendered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_base::FileRange;
use glueline_catalog::{AdapterVersion, Change};
use glueline_project::{NodeId, PackageId};
use glueline_template::{Cx, Host, Value};

use crate::compile::{Operation, Part, UnitTest};
use crate::context;
use crate::renderer::Shared;
use crate::run::Turn;

/// Which of dbt's two readings of a template this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// dbt parses: `execute` is false, `ref()` and `config()` are written down, the adapter answers nothing.
    Parse,
    /// dbt compiles or runs: `execute` is true.
    Execute,
}

/// Whether the relation of the node is there, as `is_incremental()` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// As the catalog or `--assume` says; not there where neither does.
    Known,
    /// Not there: the first run.
    Absent,
    /// There, as the project makes it: a later run.
    Exists,
}

/// In which surroundings a node is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    /// Whether the relation of the node is there. Only what the catalog says counts while a run is played through.
    pub(crate) life: Life,
    /// The turn within a run that is played through, where one is.
    pub(crate) run: Option<Arc<Turn>>,
    /// The batch of a microbatch model that is run.
    pub(crate) batch: Option<Arc<Batch>>,
}

/// A batch of a microbatch model.
#[derive(Debug)]
pub(crate) struct Batch {
    /// As `model.batch.id` gives it: `20240917`.
    pub(crate) id: String,
    /// Where it starts, as a `datetime`.
    pub(crate) start: Value,
    /// Where it ends, which is no longer in it.
    pub(crate) end: Value,
    /// Both in microseconds since 1970.
    pub(crate) span: [i64; 2],
    /// The same as text.
    pub(crate) bounds: [String; 2],
    /// Whether it adds to what is there.
    pub(crate) incremental: bool,
    /// Whether hooks before the model are run.
    pub(crate) is_first: bool,
    /// Whether hooks behind the model are run.
    pub(crate) is_last: bool,
}

impl Scene {
    /// The same for what a node reads.
    pub(crate) fn of_inputs(&self) -> Self {
        Self {
            batch: None,
            ..self.clone()
        }
    }
}

impl From<Life> for Scene {
    fn from(life: Life) -> Self {
        Self {
            life,
            run: None,
            batch: None,
        }
    }
}

impl From<&Arc<Turn>> for Scene {
    fn from(turn: &Arc<Turn>) -> Self {
        Self {
            life: Life::Known,
            run: Some(turn.clone()),
            batch: None,
        }
    }
}

/// What is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A node of the project.
    Node(NodeId),
    /// A hook of a run.
    Operation(Arc<Operation>),
    /// A text that belongs to the project and to no node: an inline query.
    Text(Arc<str>),
}

/// The host of one rendering.
pub(crate) struct NodeHost {
    pub(crate) shared: Arc<Shared>,
    pub(crate) subject: Subject,
    /// Whose macros are looked up first.
    pub(crate) package: PackageId,
    pub(crate) phase: Phase,
    pub(crate) scene: Scene,
    /// The text of the node, while its materialization runs.
    pub(crate) code: Option<Arc<str>>,
    /// What it is in a unit test.
    pub(crate) part: Option<Part>,
    /// Names that this rendering adds: the arguments of a generic test.
    pub(crate) extra: Vec<(Arc<str>, Value)>,
    captured: Mutex<Captured>,
}

/// What a rendering asked for.
#[derive(Debug, Default)]
pub(crate) struct Captured {
    /// The nodes that `ref()` named, in the order asked, each once.
    pub(crate) refs: Vec<NodeId>,
    /// The sources that `source()` named, in the order asked, each once.
    pub(crate) sources: Vec<NodeId>,
    /// The ephemeral models that `ref()` named, in the order asked, each once.
    pub(crate) ephemeral: Vec<NodeId>,
    /// What `config()` was called with, in the order called, each with where.
    pub(crate) configs: Vec<(Arc<str>, Value, Option<FileRange>)>,
    /// Whether a hook at the end of a run asked for what came of the run.
    pub(crate) reads_results: bool,
    /// Results by the name that `statement` stores them under.
    pub(crate) results: Vec<(String, Value)>,
    /// Names that `context.update()` added.
    pub(crate) added: Vec<(Arc<str>, Value)>,
    /// Whether more of the project was looked at than the node itself and what it names.
    pub(crate) looks_around: bool,
    /// The first `ref()` that named nothing, while dbt parses.
    pub(crate) missing: Option<glueline_template::Error>,
    /// Why dbt cannot parse the node.
    pub(crate) failure: Option<glueline_template::Error>,
}

impl NodeHost {
    /// A host for a node.
    pub(crate) fn node(shared: &Arc<Shared>, node: NodeId, phase: Phase, scene: impl Into<Scene>) -> Self {
        Self {
            shared: shared.clone(),
            subject: Subject::Node(node),
            package: shared.project.node(node).package,
            phase,
            scene: scene.into(),
            code: None,
            part: None,
            extra: Vec::new(),
            captured: Mutex::default(),
        }
    }

    /// A host for a hook of a run.
    pub(crate) fn hook(shared: &Arc<Shared>, operation: &Arc<Operation>, phase: Phase) -> Self {
        Self {
            subject: Subject::Operation(operation.clone()),
            package: operation.package,
            ..Self::text(shared, &operation.name, phase)
        }
    }

    /// A host for a text of the root project that belongs to no node.
    pub(crate) fn text(shared: &Arc<Shared>, name: &str, phase: Phase) -> Self {
        Self {
            shared: shared.clone(),
            subject: Subject::Text(name.into()),
            package: 0,
            phase,
            scene: Life::Known.into(),
            code: None,
            part: None,
            extra: Vec::new(),
            captured: Mutex::default(),
        }
    }

    /// The run that is played through, where one is, as the turn at hand takes part in it.
    pub(crate) fn run(&self) -> Option<&Arc<Turn>> {
        self.scene.run.as_ref()
    }

    /// The batch of a microbatch model that is run.
    pub(crate) fn batch(&self) -> Option<&Batch> {
        self.scene.batch.as_deref()
    }

    /// The node that is rendered.
    pub(crate) fn node_id(&self) -> Option<NodeId> {
        match self.subject {
            Subject::Node(node) => Some(node),
            Subject::Operation(_) | Subject::Text(_) => None,
        }
    }

    /// The unit test whose tested model is compiled.
    pub(crate) const fn tested(&self) -> Option<&Arc<UnitTest>> {
        match &self.part {
            Some(Part::Tested(test)) => Some(test),
            Some(Part::Input(..) | Part::Run(_)) | None => None,
        }
    }

    /// The hook of a run that is rendered.
    pub(crate) fn operation(&self) -> Option<&Arc<Operation>> {
        match &self.subject {
            Subject::Operation(operation) => Some(operation),
            Subject::Node(_) | Subject::Text(_) => None,
        }
    }

    /// Whether what is rendered is parsed first, as nodes are: a query of the command line is not.
    pub(crate) fn is_parsed(&self) -> bool {
        !matches!(self.subject, Subject::Text(_))
    }

    /// dbt's id and name of what is rendered; `None` for a query of the command line.
    pub(crate) fn names(&self) -> Option<(Arc<str>, Arc<str>)> {
        if let Some(part) = &self.part {
            let project = &self.shared.project;
            return Some(match part.input() {
                Some(input) => (input.unique_id.clone(), input.name(&self.shared).into()),
                None => (
                    project.node(part.test().node).unique_id.clone(),
                    part.test().name.clone(),
                ),
            });
        }
        match &self.subject {
            Subject::Node(node) => {
                let node = self.shared.project.node(*node);
                Some((node.unique_id.clone(), node.name.clone()))
            }
            Subject::Operation(operation) => Some((operation.unique_id.clone(), operation.name.clone())),
            Subject::Text(_) => None,
        }
    }

    /// Whether the release of dbt-glue that the project is run with has a change. Where it has not, the run writes that down: ask only
    /// where it makes a difference.
    pub(crate) fn has(&self, change: Change) -> bool {
        let has = self.version().has(change);
        if let (false, Some(run)) = (has, &self.scene.run) {
            run.does_without(change);
        }
        has
    }

    /// The release of dbt-glue that the project is run with.
    pub(crate) fn version(&self) -> AdapterVersion {
        self.shared.project.release().version
    }

    /// Whether dbt's `execute` is true.
    pub(crate) fn executes(&self) -> bool {
        self.phase == Phase::Execute
    }

    /// A macro of any package: while dbt parses a generic test, all macros that the test leads to can be called by their bare names,
    /// whatever their package (`dbt/context/macros.py`, `TestMacroNamespace`).
    fn macro_of_test(&self, name: &str) -> Option<Value> {
        let node = self.node_id().filter(|_| self.phase == Phase::Parse)?;
        self.shared.project.node(node).generic_test.as_ref()?;
        self.shared.macros.lookup_anywhere(&self.shared.project, name)
    }

    /// What was asked for so far. No template code may run while this is held.
    pub(crate) fn captured(&self) -> MutexGuard<'_, Captured> {
        self.captured.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `context.update()` put under a name.
    pub(crate) fn added(&self, name: &str) -> Option<Value> {
        let captured = self.captured();
        let found = captured.added.iter().find(|(added, _)| &**added == name);
        found.map(|(_, value)| value.clone())
    }

    /// The host of a rendering.
    pub(crate) fn of(cx: &Cx) -> Result<&Self, glueline_template::Error> {
        cx.host()
            .ok_or_else(|| glueline_template::Error::unsupported("no node is being rendered"))
    }
}

impl Host for NodeHost {
    /// dbt's order: what this rendering adds, macros of the node's package, of the root project, packages by name, macros that
    /// dbt ships, and only then dbt's own names: a macro called `ref` hides `ref` (`dbt/context/manifest.py`, `to_dict`).
    fn lookup(&self, cx: &Cx, name: &str) -> Option<Value> {
        let found = self.find(cx, name);
        match self.tested() {
            Some(test) => test.overrides.global(name, found),
            None => found,
        }
    }

    /// The time at which the invocation started: a rendering takes no time, so that all of a project sees one clock.
    fn now(&self) -> Option<(i64, u32)> {
        let micros = self.shared.settings.started_at;
        let rest = u32::try_from(micros.rem_euclid(1_000_000)).unwrap_or_default();
        Some((micros.div_euclid(1_000_000), rest))
    }
}

impl NodeHost {
    fn find(&self, cx: &Cx, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.extra.iter().find(|(extra, _)| &**extra == name) {
            return Some(value.clone());
        }
        if let Some(value) = self.added(name) {
            return Some(value);
        }
        self.shared
            .macros
            .lookup(&self.shared, self.package, name)
            .or_else(|| context::member(cx, self, name))
            .or_else(|| self.macro_of_test(name))
    }
}
