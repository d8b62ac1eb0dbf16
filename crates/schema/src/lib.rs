//! The columns of every node of a project, as Spark would give them, and what Spark would refuse, found through the whole graph
//! without running anything.
//!
//! What is not known stays unknown, and nothing is concluded from it: a query that Spark may read otherwise than it is read here, a
//! source that nobody describes, a Python model.

mod added;
mod declared;
mod look;
mod made;
mod relations;
mod store;
mod surroundings;

use std::sync::Arc;

use glueline_base::Value;
use glueline_project::{Assume, NodeId};
use glueline_render::{Compiled, Life, Renderer};
use glueline_spark::analyze::{Analysis, SparkError, Suspicion};
pub use glueline_spark::types::Field;

pub use added::Added;
pub use store::{Entry, Schemas};

/// The columns of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// What its query gives, in the order of the select list; for a source or a seed, its columns. `None` where that is not known.
    pub columns: Option<Arc<[Field]>>,
    /// What whoever reads its relation sees. `None` where that is not known.
    pub relation: Option<Arc<[Field]>>,
}

/// A text of a node with what it means to Spark.
#[derive(Debug, Clone)]
pub struct Text {
    /// What it was rendered as.
    pub compiled: Arc<Compiled>,
    /// What Spark makes of it; places are bytes of the compiled text.
    pub analysis: Analysis,
}

/// What Spark makes of the text that a node has in one of its lives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// What it refuses, the first first; places are bytes of the compiled text.
    pub errors: Box<[SparkError]>,
    /// What it accepts and nobody means, in the order of the compiled text.
    pub suspicions: Box<[Suspicion]>,
    /// Spark may read the text; nobody here can. Nothing is said of it, but that it is so.
    pub unread: bool,
}

/// The lives in which a node is rendered; none where dbt does not compile it. What may read its own relation is rendered both without and
/// with it, unless a catalog or an assumption tells which it is.
pub fn lives(renderer: &Renderer, node: NodeId) -> &'static [Life] {
    let project = renderer.project();
    if !renderer.compiles(node) {
        return &[];
    }
    let materialized = project.node(node).config.get("materialized");
    let both = materialized.value().and_then(Value::as_str) == Some("incremental");
    match (
        project.state().is_none() && project.assume() == Assume::Either,
        both,
    ) {
        (true, true) => &[Life::Absent, Life::Exists],
        (true, false) => &[Life::Absent],
        (false, _) => &[Life::Known],
    }
}
