//! What an edit changed.

use std::sync::Arc;

use glueline_base::FileId;

use crate::node::NodeId;
use crate::project::Project;

/// What differs between two readings of a project that found the same files and the same nodes, enabled alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The files whose texts differ, sorted.
    pub files: Vec<FileId>,
    /// The nodes that differ in themselves: in place, config, name, or in what they read. Sorted.
    pub nodes: Vec<NodeId>,
    /// The nodes that read others than before, or are read by others. Sorted.
    pub edges: Vec<NodeId>,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.nodes.is_empty() && self.edges.is_empty()
    }
}

impl Project {
    /// What differs from an earlier reading with the same options. `None` where files, nodes or macros have come or gone, or what is known
    /// before they are looked at differs: then anything may.
    pub fn difference(&self, last: &Self) -> Option<Difference> {
        let is_alike = Arc::ptr_eq(&self.setup, &last.setup)
            && (Arc::ptr_eq(&self.macros, &last.macros) || self.macros == last.macros)
            && self.adapter == last.adapter
            && self.missing_env == last.missing_env
            && self.unset_env == last.unset_env
            && self.nodes.len() == last.nodes.len();
        if !is_alike || !self.files.are_those_of(&last.files) {
            return None;
        }
        let mut nodes = Vec::new();
        for (number, is, was) in self.nodes.0.beside(&last.nodes.0) {
            if Arc::ptr_eq(is, was) {
                continue;
            }
            let is_found_alike = is.unique_id == was.unique_id
                && is.enabled == was.enabled
                && is.kind == was.kind
                && is.package == was.package
                && is.name == was.name
                && is.source_name == was.source_name
                && is.version == was.version;
            if !is_found_alike {
                return None;
            }
            nodes.push(NodeId(u32::try_from(number).unwrap_or(u32::MAX)));
        }
        Some(Difference {
            files: self.files.changed_since(&last.files),
            edges: self.graph.changed_since(&last.graph),
            nodes,
        })
    }
}
