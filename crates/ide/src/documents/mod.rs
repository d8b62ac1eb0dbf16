//! Texts made for reading: compiled SQL, preview, the expansion of a macro, each mapped to its source and back.

mod compiled;
mod expansion;
mod lines;
mod map;
mod preview;

use glueline_base::{FileId, FileRange, TextRange, TextSize};
pub use glueline_plan::show::Dialect;
use glueline_project::{Assume, Node, NodeId, Project, ResourceType};
pub use glueline_render::Life;

pub use self::expansion::{Expansion, expansion};
use self::map::Piece;
use crate::{Analysis, FilePosition, nodes};

/// Which text is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What `glueline compile` gives.
    Compiled,
    /// What `glueline preview` shows.
    Preview,
    /// What the `{{ }}` around an offset of the node's file is rendered to.
    Expansion(TextSize),
}

/// A text that is wanted of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Which text.
    pub kind: Kind,
    /// The node.
    pub node: NodeId,
    /// Whether the relations of the project are there already: [`Life::Known`] for what the catalog or the settings say.
    pub life: Life,
}

/// A text made of a node.
#[derive(Debug, Clone)]
pub struct Document {
    /// The text.
    pub text: String,
    /// What it is written in.
    pub dialect: Dialect,
    /// The file of the node.
    pub source: FileId,
    /// Whether it is what it says: `false` where the node cannot be rendered, or is not run, and the text tells why.
    pub complete: bool,
    pieces: Vec<Piece>,
}

/// The text of a node.
pub fn document(analysis: &Analysis, wanted: Wanted) -> Document {
    match wanted.kind {
        Kind::Compiled => compiled::document(analysis, wanted.node, wanted.life),
        Kind::Preview => preview::document(analysis, wanted.node, wanted.life),
        Kind::Expansion(offset) => expansion::document(analysis, wanted.node, offset, wanted.life),
    }
}

/// The node whose texts are meant by a place: that of the file, of the snapshot block, or of the entry of a properties file. `None`
/// where none of it can be compiled or run.
pub fn node_at(analysis: &Analysis, position: FilePosition) -> Option<NodeId> {
    let node = nodes::at(analysis, position)?;
    has_documents(analysis.project().node(node)).then_some(node)
}

/// The node that a unique id names.
pub fn node_named(analysis: &Analysis, unique_id: &str) -> Option<NodeId> {
    analysis
        .project()
        .nodes()
        .by_unique_id(unique_id)
        .map(|node| node.id)
}

/// Whether there is anything to compile or to run in a node.
pub fn has_documents(node: &Node) -> bool {
    match node.kind {
        ResourceType::Model
        | ResourceType::Seed
        | ResourceType::Snapshot
        | ResourceType::Test
        | ResourceType::UnitTest
        | ResourceType::Analysis => true,
        ResourceType::Source | ResourceType::Exposure => false,
    }
}

impl Document {
    /// The place that a byte of the text was rendered from: in the node's own file where anything there led to it, else the innermost
    /// place that stands in a file. `None` for what no file says.
    pub fn source_at(&self, offset: usize) -> Option<FileRange> {
        self.pieces
            .iter()
            .find_map(|piece| piece.source_at(offset, self.source))
    }

    /// The stretches of the text that were rendered from a place, in order. Where nothing comes from the very place, those of what
    /// stands nearest before it in the same file.
    pub fn places_of(&self, position: FilePosition) -> Vec<TextRange> {
        map::places_of(&self.pieces, position)
    }
}

/// Why dbt leaves a node out, where it does.
fn left_out(analysis: &Analysis, node: &Node) -> Option<String> {
    let what = glueline_plan::fault::kind(node.kind);
    if !node.enabled {
        let place = node
            .config
            .get("enabled")
            .set()
            .map(glueline_project::Contribution::key_at);
        let place = place.map(|at| format!(" ({})", lines::Lines::new(analysis).place(at)));
        return Some(format!(
            "the {what} `{}` is disabled{}: dbt leaves it out",
            node.name,
            place.unwrap_or_default()
        ));
    }
    node.is_dropped().then(|| {
        format!(
            "the {what} `{}` reads what is not there, or is disabled: dbt leaves it out",
            node.name
        )
    })
}

/// Which life is meant where nobody says: that of the first run, unless the catalog file or the settings say that the relation is
/// there.
fn effective(analysis: &Analysis, node: NodeId, life: Life) -> Life {
    let project = analysis.project();
    match life {
        Life::Known if is_there(analysis, project, node) => Life::Exists,
        Life::Known => Life::Absent,
        told => told,
    }
}

fn is_there(analysis: &Analysis, project: &Project, node: NodeId) -> bool {
    let Some(state) = project.state() else {
        return matches!(project.assume(), Assume::Exists | Assume::View);
    };
    let info = analysis.renderer().info(node);
    let named = info.schema.as_deref().zip(info.identifier.as_deref());
    named.is_some_and(|(schema, name)| state.table(schema, name).is_some())
}
