//! A project made ready to be rendered.

use std::sync::{Arc, OnceLock};

use glueline_base::System;
use glueline_project::{NodeId, Project};
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
    pub(crate) macros: MacroTable,
    pub(crate) settings: Settings,
    pub(crate) compiled: crate::compile::Cache,
    infos: Vec<OnceLock<Arc<NodeInfo>>>,
    pub(crate) graph: crate::context::Graph,
    /// What nodes ask for while dbt parses them.
    pub(crate) parsed: Vec<OnceLock<Arc<crate::host::Captured>>>,
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
            macros,
            settings,
            compiled: crate::compile::Cache::default(),
            infos,
            graph: crate::context::Graph::default(),
            parsed,
        }))
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
        match this.infos.get(node.0 as usize) {
            Some(slot) => slot.get_or_init(found).clone(),
            None => found(),
        }
    }
}
