//! What dbt saw of a node while it parsed the project.

use std::sync::Arc;

use glueline_project::{Language, NodeId};

use crate::host::Captured;
use crate::renderer::Shared;

/// What a node asks for while dbt parses it; rendered once.
pub(crate) fn parsed(shared: &Arc<Shared>, node: NodeId) -> Arc<Captured> {
    Shared::parsed(shared, node)
}

/// Whether dbt knows, from parsing, that a node reads another. What is certain from the text alone needs no rendering.
pub(super) fn depends(shared: &Arc<Shared>, node: NodeId, on: NodeId) -> bool {
    let known = shared.project.node(node);
    let mut parents = known.dependencies.iter().filter(|dependency| dependency.certain);
    if parents.any(|dependency| dependency.resolution == glueline_project::Resolution::Node(on)) {
        return true;
    }
    if known.language == Language::Python {
        return known.parents().any(|parent| parent == on);
    }
    parsed(shared, node).refs.contains(&on)
}
