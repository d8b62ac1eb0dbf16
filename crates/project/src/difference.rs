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
}

impl Project {
    /// What differs from an earlier reading with the same options. `None` where files, nodes or macros have come or gone, or what is known
    /// before they are looked at differs: then anything may.
    pub fn difference(&self, last: &Self) -> Option<Difference> {
        let is_alike = Arc::ptr_eq(&self.setup, &last.setup)
            && (Arc::ptr_eq(&self.macros, &last.macros) || self.macros == last.macros)
            && self.adapter == last.adapter
            && self.nodes.len() == last.nodes.len();
        if !is_alike || !self.files.are_those_of(&last.files) {
            return None;
        }
        let mut nodes = Vec::new();
        for (number, is, was) in self.nodes.0.beside(&last.nodes.0) {
            if Arc::ptr_eq(is, was) {
                continue;
            }
            if is.unique_id != was.unique_id || is.enabled != was.enabled || is.kind != was.kind {
                return None;
            }
            nodes.push(NodeId(u32::try_from(number).unwrap_or(u32::MAX)));
        }
        Some(Difference {
            files: self.files.changed_since(&last.files),
            nodes,
        })
    }
}
