//! A project made ready to be rendered.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use glueline_base::System;
use glueline_project::{FileKind, NodeId, Project};
use glueline_template::{Engine, Limits};

use crate::info::{Names, NodeInfo};
use crate::known::{Known, Stamps};
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
    /// What the command line says that templates see in `flags`.
    pub flags: Flags,
}

/// Flags of dbt that depend on its command line, as templates see them (`dbt/flags.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// `flags.WHICH`: the command, `run` or `build`.
    pub which: &'static str,
    /// `--store-failures`: tests keep the rows that they find, where their config does not say otherwise.
    pub store_failures: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            which: "compile",
            store_failures: false,
        }
    }
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
            flags: Flags::default(),
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
    /// What is known of nodes already; shared with what the project was before an edit.
    pub(crate) known: Arc<Known>,
    /// Under which states that holds.
    pub(crate) stamps: Stamps,
    pub(crate) graph: crate::context::Graph,
    /// The hooks of a run.
    pub(crate) operations: OnceLock<Vec<Arc<crate::compile::Operation>>>,
    /// The nodes by the names under which they are made, or read.
    pub(crate) named: OnceLock<crate::adapter::Named>,
}

impl Renderer {
    /// Makes a project ready. Nothing is rendered yet.
    pub fn new(project: Arc<Project>, settings: Settings) -> Self {
        let macros = MacroTable::new(&project, settings.marked);
        let count = project.nodes().len();
        Self(Arc::new(Shared {
            project,
            engine: Engine::new(),
            macros: Arc::new(macros),
            settings,
            known: Known::new(count),
            stamps: Stamps::new(count),
            graph: crate::context::Graph::default(),
            operations: OnceLock::new(),
            named: OnceLock::new(),
        }))
    }

    /// Makes the project ready again after an edit. What the edit cannot touch keeps what it was rendered to: where only texts and
    /// properties of nodes differ, those nodes are rendered anew, those that name one whose relation or config differs with them,
    /// and what looks around in the project.
    ///
    /// `project` must have been read with the same options as before.
    #[must_use]
    pub fn renew(&self, project: Arc<Project>) -> Self {
        let old = &self.0;
        let Some(touched) = touched(&old.project, &project) else {
            return Self::new(project, old.settings.clone());
        };
        Self(Arc::new(Shared {
            project,
            engine: old.engine.clone(),
            macros: old.macros.clone(),
            settings: old.settings.clone(),
            known: old.known.clone(),
            stamps: old.stamps.after(touched.into_iter()),
            graph: crate::context::Graph::default(),
            operations: OnceLock::new(),
            named: OnceLock::new(),
        }))
    }

    /// What rendering takes from the invocation.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The project.
    pub fn project(&self) -> &Arc<Project> {
        &self.0.project
    }

    /// Lets go of the text that a node was compiled to in a life. Asking for it makes it anew.
    pub fn forget(&self, node: NodeId, life: crate::Life) {
        self.0.forget(node, life);
    }

    /// Lets go of the config of a node, which takes much room. Asking for it makes it anew.
    pub fn rest(&self, node: NodeId) {
        self.0.rest(node);
    }

    /// What a node is to those that name it.
    pub fn names(&self, node: NodeId) -> Arc<Names> {
        Shared::names(&self.0, node)
    }

    /// Makes room for a later renderer: where that shares nothing of what is known of nodes here, all of it is let go of. Asking for it
    /// makes it anew.
    pub fn make_way(&self, later: &Self) {
        if !self.is_akin(later) {
            self.0.known.clear();
        }
    }

    /// Whether a node is compiled already.
    pub fn has_compiled(&self, node: NodeId, life: crate::Life) -> bool {
        Shared::compiled(&self.0, node, life).is_some()
    }

    /// Whether everything that something depends on is as it was when that was rendered, by this renderer or one that it was renewed
    /// from.
    pub fn holds(&self, basis: &crate::Basis) -> bool {
        Shared::holds(&self.0, basis)
    }

    /// What is read off a node itself depends on this: its text, its properties, its config.
    pub fn basis_of(&self, node: NodeId) -> crate::Basis {
        crate::Basis::of_node(&self.0, node)
    }

    /// What is read off the project as a whole depends on this: it holds until the next edit.
    pub fn basis_of_all(&self) -> crate::Basis {
        crate::Basis::of_all(&self.0)
    }

    /// Whether what is known of nodes by another is known here too: one was renewed from the other, and no more than texts and properties
    /// of nodes differ.
    pub fn is_akin(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.known, &other.0.known)
    }

    /// What a node is after all its configs are known.
    pub fn info(&self, node: NodeId) -> Arc<NodeInfo> {
        Shared::info(&self.0, node)
    }
}

/// The nodes that an edit may make come out otherwise by themselves; `None` where it changed more than texts and properties of nodes.
fn touched(old: &Project, new: &Project) -> Option<BTreeSet<NodeId>> {
    let difference = new.difference(old)?;
    let mut touched: BTreeSet<NodeId> = difference.nodes.into_iter().collect();
    for file in difference.files {
        let is_of_nodes = matches!(
            new.files().info(file).kind,
            FileKind::Model
                | FileKind::PythonModel
                | FileKind::Snapshot
                | FileKind::Analysis
                | FileKind::SingularTest
                | FileKind::Properties
                | FileKind::Seed
        );
        if !is_of_nodes {
            return None;
        }
        touched.extend(new.nodes_in(file));
    }
    Some(touched)
}
