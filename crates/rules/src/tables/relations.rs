//! The nodes that are made under a name, for looking at all names at once.

use glueline_base::FileRange;
use glueline_project::Node;

use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model;

/// A node whose schema and name are known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    /// The node.
    pub(crate) node: &'a Node,
    /// Its schema.
    pub(crate) schema: &'a str,
    /// Its name.
    pub(crate) identifier: &'a str,
}

impl<'a> Named<'a> {
    /// The node as a rule for nodes sees it.
    pub(crate) const fn cx(&self, cx: &ProjectCx<'a>) -> NodeCx<'a> {
        NodeCx {
            project: cx.project,
            node: self.node,
        }
    }

    /// Where its name is chosen.
    pub(crate) fn at(&self, cx: &ProjectCx<'a>) -> FileRange {
        model::beside(&self.cx(cx), &["alias", "target_schema", "schema"])
    }
}

/// Every enabled model, seed and snapshot whose schema and name are known, in the order of unique ids.
pub(crate) fn all<'a>(cx: &ProjectCx<'a>) -> Vec<Named<'a>> {
    let nodes = cx
        .project
        .nodes()
        .iter()
        .filter(|node| node.enabled && node.kind.is_refable());
    nodes
        .filter_map(|node| {
            let (schema, identifier) = (node.schema.as_deref()?, node.identifier.as_deref()?);
            Some(Named {
                node,
                schema,
                identifier,
            })
        })
        .collect()
}

/// Each node of the root project in a group of several, with the first other one. Two nodes with one id are the business
/// of another rule.
pub(crate) fn pairs<'g, 'a>(group: &'g [Named<'a>]) -> impl Iterator<Item = (&'g Named<'a>, &'g Named<'a>)> {
    let own = group.iter().filter(|one| one.node.package == 0);
    own.filter_map(move |one| {
        Some((
            one,
            group
                .iter()
                .find(|other| other.node.unique_id != one.node.unique_id)?,
        ))
    })
}
