//! What a rule sees.

use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::{Diagnostic, FileId, FileRange, MapEntry, RuleMeta, Severity, Value};
use glueline_catalog::FileFormat;
use glueline_project::{
    Assume, Contribution, FileFacts, Node, NodeId, Project, ResourceType, Setting, Table, Target,
};
use glueline_render::{Basis, Compiled, Life, Renderer};
use glueline_schema::{Schemas, lives};
use rayon::prelude::*;

use crate::rule::Sink;

/// The project as a whole.
#[derive(Debug, Clone, Copy)]
pub struct ProjectCx<'a> {
    /// The project.
    pub project: &'a Project,
}

/// The project as it renders.
#[derive(Debug, Clone)]
pub struct RenderedCx<'a> {
    /// The project.
    pub project: &'a Project,
    /// What renders it.
    pub renderer: &'a Renderer,
    /// What Spark makes of what it renders.
    pub schemas: &'a Schemas,
    /// The enabled nodes of the root project that dbt compiles, sorted by unique id, in each life that may matter: a node that may
    /// read its own relation is rendered both without and with it.
    pub nodes: Vec<(NodeId, Life, Arc<Compiled>)>,
    /// The enabled nodes of the root project that are looked at, compiled or not, sorted.
    looked_at: Vec<NodeId>,
    /// What was rendered besides, and so decides what is found.
    besides: Arc<Mutex<Basis>>,
}

impl<'a> RenderedCx<'a> {
    /// Renders what dbt would compile.
    pub fn new(schemas: &'a Schemas) -> Self {
        let nodes = schemas.renderer().project().own_nodes().map(|node| node.id);
        Self::of(schemas, nodes.collect())
    }

    /// Renders what dbt would compile of some enabled nodes of the root project.
    pub(crate) fn of(schemas: &'a Schemas, nodes: Vec<NodeId>) -> Self {
        let renderer = schemas.renderer();
        let compiled = nodes.par_iter().flat_map_iter(|node| {
            let lives = lives(renderer, *node).iter();
            lives.map(|life| (*node, *life, renderer.compile(*node, *life)))
        });
        let compiled = compiled.collect();
        Self::with(schemas, nodes, compiled)
    }

    /// One node, rendered on this thread.
    pub(crate) fn of_one(schemas: &'a Schemas, node: NodeId) -> Self {
        let renderer = schemas.renderer();
        let lives = lives(renderer, node).iter();
        let compiled = lives.map(|life| (node, *life, renderer.compile(node, *life)));
        Self::with(schemas, vec![node], compiled.collect())
    }

    fn with(schemas: &'a Schemas, looked_at: Vec<NodeId>, nodes: Vec<(NodeId, Life, Arc<Compiled>)>) -> Self {
        let renderer = schemas.renderer();
        Self {
            project: renderer.project(),
            renderer,
            schemas,
            nodes,
            looked_at,
            besides: Arc::default(),
        }
    }

    /// The enabled nodes of the root project that are looked at, compiled or not, sorted by unique id.
    pub fn own_nodes(&self) -> impl Iterator<Item = NodeCx<'a>> + '_ {
        let project = self.project;
        let nodes = self.looked_at.iter().map(|node| project.node(*node));
        nodes.map(move |node| NodeCx { project, node })
    }

    /// Whether a node of the root project is compiled, be it looked at here or not.
    pub fn is_compiled(&self, node: NodeId) -> bool {
        let found = self.project.node(node);
        found.enabled && found.package == 0 && self.renderer.compiles(node)
    }

    /// Notes that something else was rendered to see what is to be found.
    pub(crate) fn depends_on(&self, compiled: &Compiled) {
        let mut besides = self.besides.lock().unwrap_or_else(PoisonError::into_inner);
        besides.add(compiled);
    }

    /// What everything depends on that is found.
    pub(crate) fn basis(&self) -> Basis {
        let mut basis = self
            .besides
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        self.nodes.iter().for_each(|(.., compiled)| basis.add(compiled));
        basis
    }
}

/// One file of the root project.
#[derive(Debug, Clone, Copy)]
pub struct FileCx<'a> {
    /// The project.
    pub project: &'a Project,
    /// The file.
    pub file: FileId,
}

impl<'a> FileCx<'a> {
    /// What the file says.
    pub fn facts(&self) -> &'a FileFacts {
        self.project.facts(self.file)
    }

    /// Its text.
    pub fn text(&self) -> &'a str {
        self.project.files().text(self.file)
    }

    /// A range in it.
    pub const fn at(&self, range: glueline_base::TextRange) -> FileRange {
        FileRange {
            file: self.file,
            range,
        }
    }
}

/// One output of the profile.
#[derive(Debug, Clone, Copy)]
pub struct TargetCx<'a> {
    /// The project.
    pub project: &'a Project,
    /// The output.
    pub target: &'a Target,
}

impl TargetCx<'_> {
    /// Reports a finding. In an output that is not selected an error becomes a warning, and the message names the
    /// output. What an output takes over from another one (`<<`) is reported once.
    pub fn report(&self, sink: &mut Sink, mut diagnostic: Diagnostic) {
        if self.target.selected {
            sink.push(diagnostic);
            return;
        }
        if self.belongs_to_another(diagnostic.at) {
            return;
        }
        diagnostic.message = format!(
            "In the output `{}`: {}",
            self.target.name.value, diagnostic.message
        );
        let severity = diagnostic.severity.min(Severity::Warning);
        sink.push(diagnostic.severity(severity));
    }

    /// Whether the selected output, or one before this one, has an entry at the same place.
    fn belongs_to_another(&self, at: FileRange) -> bool {
        let has = |target: &Target| {
            let entries = target.value.value.as_map().unwrap_or_default();
            entries
                .iter()
                .any(|entry| entry.key.range.cover(entry.value.range).contains_range(at.range))
        };
        let Some(profile) = self.project.profile().profile() else {
            return false;
        };
        let others = profile
            .targets
            .iter()
            .take_while(|target| target.name.range != self.target.name.range);
        others
            .chain(profile.selected())
            .any(|target| target.is_glue() && target.file == at.file && has(target))
    }

    /// A key with its value, where it is in the output and known.
    pub fn known(&self, key: &str) -> Option<&MapEntry> {
        self.target
            .entry(key)
            .filter(|entry| entry.value.value.is_known())
    }
}

/// Whether the relation of a node exists when it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exists {
    /// The catalog, or an assumption, says that it does not.
    No,
    /// The catalog, or an assumption, says that it does.
    Yes,
    /// Nobody says: it does not on the first run and does on every later one.
    Later,
}

/// One enabled node.
#[derive(Debug, Clone, Copy)]
pub struct NodeCx<'a> {
    /// The project.
    pub project: &'a Project,
    /// The node.
    pub node: &'a Node,
}

impl<'a> NodeCx<'a> {
    /// The effective setting of a config key.
    pub fn config(&self, key: &str) -> Setting<'a> {
        self.node.config.get(key)
    }

    /// The text of a config key; `None` where it is unset, not known or no text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.config(key).value()?.as_str()
    }

    /// The materialization; `None` where it is not known.
    pub fn materialized(&self) -> Option<&'a str> {
        match self.config("materialized") {
            Setting::Unknown => None,
            Setting::Set(set) => set.value.value.as_str(),
            Setting::Unset => Some(match self.node.kind {
                ResourceType::Model => "view",
                ResourceType::Seed => "seed",
                ResourceType::Snapshot => "snapshot",
                ResourceType::Test => "test",
                ResourceType::Source
                | ResourceType::UnitTest
                | ResourceType::Analysis
                | ResourceType::Exposure => "",
            }),
        }
    }

    /// Whether it is a model with this materialization, as dbt-glue has it: `false` where that is not known, or where
    /// the project brings its own materialization of that name.
    pub fn is_model(&self, materialized: &str) -> bool {
        self.node.kind == ResourceType::Model
            && self.materialized() == Some(materialized)
            && self.project.macros().materialization(materialized).is_none()
    }

    /// Whether it is an incremental model as dbt-glue has it.
    pub fn is_incremental(&self) -> bool {
        self.is_model("incremental")
    }

    /// Whether it is a snapshot as dbt-glue has it.
    pub fn is_snapshot(&self) -> bool {
        self.node.kind == ResourceType::Snapshot
            && self.project.macros().materialization("snapshot").is_none()
    }

    /// `file_format`, as written, or dbt-glue's default. `None` where it is not known or no text.
    pub fn file_format(&self) -> Option<&'a str> {
        match self.config("file_format") {
            Setting::Unset => Some(FileFormat::DEFAULT.name()),
            Setting::Unknown => None,
            Setting::Set(set) => match &set.value.value {
                Value::Null => Some(FileFormat::DEFAULT.name()),
                value => value.as_str(),
            },
        }
    }

    /// `incremental_strategy`, as written. `None` where it is unset, not known or no text.
    pub fn strategy(&self) -> Option<&'a str> {
        self.text("incremental_strategy")
    }

    /// Where to point for a key that should be there and is not: the value that makes it necessary, or the node.
    pub fn blame(&self, keys: &[&str]) -> FileRange {
        keys.iter()
            .find_map(|key| self.config(key).set())
            .map_or(self.node.at, Contribution::value_at)
    }

    /// Starts a finding about this node.
    pub fn diagnostic(&self, rule: &RuleMeta, at: FileRange, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, at, message).node(&*self.node.unique_id)
    }

    /// The table or view of this node in the catalog, where a catalog was given and has it.
    pub fn in_catalog(&self) -> Option<&'a Table> {
        let state = self.project.state()?;
        state.table(self.node.schema.as_deref()?, self.node.identifier.as_deref()?)
    }

    /// Whether the node's relation exists when it is run.
    pub fn exists(&self) -> Exists {
        let schema = self.node.schema.as_deref().unwrap_or_default();
        let state = self.project.state().filter(|state| state.knows(schema));
        match (state, self.project.assume()) {
            (Some(_), _) if self.in_catalog().is_some() => Exists::Yes,
            (Some(_), _) | (None, Assume::Absent) => Exists::No,
            (None, Assume::Exists | Assume::View) => Exists::Yes,
            (None, Assume::Either) => Exists::Later,
        }
    }

    /// How loud to be about what strikes only once the relation exists. An error is a promise about the run at hand: it
    /// is one where the relation exists or nobody says, and a warning where it is known not to exist yet.
    pub fn later_severity(&self) -> Severity {
        match self.exists() {
            Exists::No => Severity::Warning,
            Exists::Yes | Exists::Later => Severity::Error,
        }
    }
}
