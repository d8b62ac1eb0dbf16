//! A project made ready to be rendered.

use std::sync::{Arc, OnceLock};

use glueline_base::System;
use glueline_project::{FileKind, Node, NodeId, Project};
use glueline_template::{Engine, Limits};

use crate::info::NodeInfo;
use crate::macros::MacroTable;

/// What rendering takes from the invocation and not from the project.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where `env_var()` looks.
    pub system: Arc<dyn System>,
    /// When the invocation started: microseconds since 1970, UTC. `run_started_at` and the clock of `modules.datetime`.
    pub started_at: i64,
    /// dbt's `invocation_id`: a UUID.
    pub invocation_id: String,
    /// What one rendering may use up.
    pub limits: Limits,
    /// Whether what is rendered can be mapped back to the source. The text is the same without.
    pub marked: bool,
    /// The nodes that the invocation selects, for `selected_resources`; every enabled one where `None`.
    pub selected: Option<Vec<NodeId>>,
    /// `--event-time-start` and `--event-time-end`: between which times microbatch models are run, in microseconds since 1970.
    pub event_times: [Option<i64>; 2],
}

impl Settings {
    /// Settings for a look at a project that is no run: the time and the invocation's id are made up, and always the same.
    pub fn new(system: Arc<dyn System>) -> Self {
        Self {
            system,
            started_at: 1_735_689_600_000_000,
            invocation_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            limits: Limits::default(),
            marked: true,
            selected: None,
            event_times: [None, None],
        }
    }
}

/// A project with its macros made ready. Cheap to copy; copies share everything.
#[derive(Debug, Clone)]
pub struct Renderer(pub(crate) Arc<Shared>);

/// What all renderings of a project share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) project: Arc<Project>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) macros: Arc<MacroTable>,
    pub(crate) settings: Settings,
    pub(crate) compiled: crate::compile::Cache,
    infos: Vec<OnceLock<Arc<NodeInfo>>>,
    pub(crate) graph: crate::context::Graph,
    /// The hooks of a run.
    pub(crate) operations: OnceLock<Vec<Arc<crate::compile::Operation>>>,
    /// What nodes ask for while dbt parses them.
    pub(crate) parsed: Vec<OnceLock<Arc<crate::host::Captured>>>,
    /// The nodes by the names under which they are made, or read.
    pub(crate) named: OnceLock<crate::adapter::Named>,
}

impl Renderer {
    /// Makes a project ready. Nothing is rendered yet.
    pub fn new(project: Arc<Project>, settings: Settings) -> Self {
        let infos = project.nodes().iter().map(|_| OnceLock::new()).collect();
        let parsed = project.nodes().iter().map(|_| OnceLock::new()).collect();
        let macros = MacroTable::new(&project, settings.marked);
        Self(Arc::new(Shared {
            project,
            engine: Engine::new(),
            macros: Arc::new(macros),
            settings,
            compiled: crate::compile::Cache::default(),
            infos,
            graph: crate::context::Graph::default(),
            operations: OnceLock::new(),
            parsed,
            named: OnceLock::new(),
        }))
    }

    /// Makes the project ready again after an edit. What the edit cannot touch keeps what it was rendered to: where only the
    /// texts of models, tests, snapshots and analyses differ, and no config or name with them, those are rendered anew, and
    /// what has an edited ephemeral model in it, or looks at the whole graph.
    ///
    /// `project` must have been read with the same options as before.
    #[must_use]
    pub fn renew(&self, project: Arc<Project>) -> Self {
        let old = &self.0;
        let same_release = old.project.release() == project.release();
        let Some(edited) = edited_nodes(&old.project, &project).filter(|_| same_release) else {
            return Self::new(project, old.settings.clone());
        };
        let kept = |id: NodeId| !edited.contains(&id);
        let renewed = Shared {
            engine: old.engine.clone(),
            macros: old.macros.clone(),
            settings: old.settings.clone(),
            compiled: old.compiled.without(&edited),
            infos: copied(&old.infos, kept),
            graph: crate::context::Graph::default(),
            operations: OnceLock::new(),
            parsed: copied(&old.parsed, kept),
            named: OnceLock::new(),
            project,
        };
        let renewed = Self(Arc::new(renewed));
        let same = |id: &NodeId| self.info(*id).is_like(&renewed.info(*id));
        if edited.iter().all(same) {
            return renewed;
        }
        Self::new(renewed.0.project.clone(), old.settings.clone())
    }

    /// The project.
    pub fn project(&self) -> &Arc<Project> {
        &self.0.project
    }

    /// What a node is after all its configs are known.
    pub fn info(&self, node: NodeId) -> Arc<NodeInfo> {
        Shared::info(&self.0, node)
    }
}

impl Shared {
    /// What a node is after all its configs are known; found out once.
    pub(crate) fn info(this: &Arc<Self>, node: NodeId) -> Arc<NodeInfo> {
        let found = || Arc::new(NodeInfo::find(this, node));
        let Some(slot) = this.infos.get(node.0 as usize) else {
            return found();
        };
        if let Some(known) = slot.get() {
            return known.clone();
        }
        // Not within the slot: a macro that is asked for a name may ask for the node itself.
        let made = found();
        slot.get_or_init(|| made).clone()
    }
}

/// What is known of the nodes that are kept.
fn copied<T: Clone>(slots: &[OnceLock<T>], kept: impl Fn(NodeId) -> bool) -> Vec<OnceLock<T>> {
    let numbered = slots.iter().enumerate();
    numbered
        .map(|(index, slot)| match u32::try_from(index) {
            Ok(index) if kept(NodeId(index)) => slot.clone(),
            _ => OnceLock::new(),
        })
        .collect()
}

/// The nodes whose own text differs, where nothing else does; `None` where more than such texts differ.
fn edited_nodes(old: &Project, new: &Project) -> Option<Vec<NodeId>> {
    let (before, after) = (old.files(), new.files());
    if before.len() != after.len() || old.nodes().len() != new.nodes().len() {
        return None;
    }
    let mut edited = Vec::new();
    for file in after.ids() {
        let (was, is) = (before.source(file), after.source(file));
        if was.path != is.path || before.info(file).kind != after.info(file).kind {
            return None;
        }
        if was.text == is.text {
            continue;
        }
        let is_body = matches!(
            after.info(file).kind,
            FileKind::Model
                | FileKind::PythonModel
                | FileKind::Snapshot
                | FileKind::Analysis
                | FileKind::SingularTest
        );
        if !is_body {
            return None;
        }
        edited.push(file);
    }
    let pairs = || old.nodes().iter().zip(new.nodes());
    let alike = |(was, is): (&Node, &Node)| was.unique_id == is.unique_id && was.enabled == is.enabled;
    if !pairs().all(alike) {
        return None;
    }
    let nodes = new.nodes().iter();
    Some(
        nodes
            .filter(|node| edited.contains(&node.file()))
            .map(|node| node.id)
            .collect(),
    )
}
