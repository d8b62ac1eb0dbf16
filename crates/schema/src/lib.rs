//! The columns of every node of a project, as Spark would give them, found through the whole graph without running anything.
//!
//! What is not known stays unknown, and nothing is concluded from it: a query that Spark may read otherwise than it is read here, a
//! source that nobody describes, a Python model.

mod declared;
mod relations;

use std::sync::{Arc, OnceLock};

use glueline_base::Value;
use glueline_project::{Language, Node, NodeId, Project, ResourceType};
use glueline_render::{Compiled, Life, Renderer};
use glueline_spark::analyze::{Analysis, analyze};
use glueline_spark::functions::Version;
pub use glueline_spark::types::Field;
use rustc_hash::FxHashSet;

use crate::relations::Named;

/// The surroundings in which queries are looked at: those that `glueline compile` shows.
const LIFE: Life = Life::Known;

/// The columns of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// What its query gives, in the order of the select list; for a source or a seed, its columns. `None` where that is not known.
    pub columns: Option<Arc<[Field]>>,
    /// What whoever reads its relation sees. `None` where that is not known.
    pub relation: Option<Arc<[Field]>>,
}

/// The columns of all nodes of a project, each found when it is asked for, and kept.
#[derive(Debug)]
pub struct Schemas<'a> {
    renderer: &'a Renderer,
    version: Version,
    slots: Vec<OnceLock<Arc<Schema>>>,
}

impl<'a> Schemas<'a> {
    /// Nothing is looked at before somebody asks.
    pub fn new(renderer: &'a Renderer) -> Self {
        let project = renderer.project();
        Self {
            renderer,
            version: version(project),
            slots: project.nodes().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The columns of a node. What it reads is looked at before it, without a deep stack.
    pub fn of(&self, node: NodeId) -> Arc<Schema> {
        let graph = self.renderer.project().graph();
        let mut met = FxHashSet::default();
        let mut next = vec![(node, false)];
        while let Some((node, is_ready)) = next.pop() {
            if is_ready {
                self.slot(node, || self.find(node));
            } else if self.known(node).is_none() && met.insert(node) {
                next.push((node, true));
                next.extend(graph.parents(node).iter().map(|parent| (*parent, false)));
            }
        }
        self.known(node).unwrap_or_default()
    }

    fn slot(&self, node: NodeId, find: impl FnOnce() -> Schema) {
        if let Some(slot) = self.slots.get(node.0 as usize) {
            slot.get_or_init(|| Arc::new(find()));
        }
    }

    /// The columns of a node that was looked at already.
    fn known(&self, node: NodeId) -> Option<Arc<Schema>> {
        self.slots.get(node.0 as usize)?.get().cloned()
    }

    fn find(&self, id: NodeId) -> Schema {
        let project = self.renderer.project();
        let node = project.node(id);
        match node.kind {
            ResourceType::Source => declared::of_source(project, node),
            ResourceType::Seed => declared::of_seed(project, node),
            ResourceType::Model if node.language == Language::Sql => self.of_query(node),
            _ => Schema::default(),
        }
    }

    fn of_query(&self, node: &Node) -> Schema {
        let Some(analysis) = self.analysis(node) else {
            return Schema::default();
        };
        if !analysis.complete || analysis.unread || !analysis.errors.is_empty() {
            return Schema::default();
        }
        let field =
            |column: &glueline_spark::analyze::OutColumn| Field::new(&*column.name, column.ty.clone());
        let columns: Arc<[Field]> = analysis.columns.iter().map(field).collect();
        let relation = declared::stored(node, &columns);
        Schema {
            columns: Some(columns),
            relation,
        }
    }

    /// What Spark makes of the query that `dbt compile` writes for a node; `None` where it cannot be rendered whole.
    fn analysis(&self, node: &Node) -> Option<Analysis> {
        if !self.renderer.compiles(node.id) {
            return None;
        }
        let compiled = self.renderer.compile(node.id, LIFE);
        // A text with stand-ins in it is not what Spark reads.
        if !compiled.unknown.is_empty() {
            return None;
        }
        let relations = Named::new(self.read(&compiled).into_iter().filter_map(|read| {
            let of = self.renderer.project().node(read);
            let columns = self.known(read).and_then(|schema| schema.relation.clone());
            Some((of.schema.clone()?, of.identifier.clone()?, columns))
        }));
        Some(analyze(compiled.code.as_deref()?, &relations, self.version))
    }

    /// The nodes whose relations stand in a text: those that it names, and those that the ephemeral models in it name.
    fn read(&self, compiled: &Compiled) -> FxHashSet<NodeId> {
        let named = |compiled: &Compiled| [&compiled.refs[..], &compiled.sources[..]].concat();
        let mut met = FxHashSet::default();
        let mut next = named(compiled);
        while let Some(node) = next.pop() {
            if met.insert(node) && is_ephemeral(self.renderer.project().node(node)) {
                next.extend(named(&self.renderer.compile(node, LIFE)));
            }
        }
        met
    }
}

fn is_ephemeral(node: &Node) -> bool {
    let materialized = node.config.get("materialized").value();
    materialized.and_then(Value::as_str) == Some("ephemeral")
}

/// The release of Spark that the target's Glue brings: 3.3 with Glue 4.0, 3.5 with 5.0
/// (<https://docs.aws.amazon.com/glue/latest/dg/release-notes.html>).
fn version(project: &Project) -> Version {
    let glue = project.target().and_then(|target| target.text("glue_version"));
    match glue {
        Some("4.0" | "3.0" | "2.0") => Version::V3_3,
        _ => Version::V3_5,
    }
}
