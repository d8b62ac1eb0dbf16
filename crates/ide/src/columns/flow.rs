//! Where the values of a column come from, node by node.

use std::sync::Arc;

use glueline_project::{NodeId, ResourceType};

use super::{ColumnId, of, origin, same};
use crate::{Analysis, inferred};

/// More nodes than this are not gone through.
const MAX_HOPS: usize = 20;

/// A column of a node's relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The node.
    pub node: NodeId,
    /// The column, as the relation spells it.
    pub column: Arc<str>,
}

/// A column and those that it comes from as it is, each handed on by the next, up to where it is made.
pub fn comes_from(analysis: &Analysis, column: Source) -> Vec<Source> {
    let mut chain = vec![column];
    while chain.len() < MAX_HOPS {
        let next = chain.last().and_then(|last| handed_on(analysis, last));
        let is_new = |next: &Source| {
            let is_it = |known: &Source| known.node == next.node && same(&known.column, &next.column);
            !chain.iter().any(is_it)
        };
        match next.filter(is_new) {
            Some(next) => chain.push(next),
            None => break,
        }
    }
    chain
}

/// What a column hands on: by the text as it stands, else by what is rendered of it.
fn handed_on(analysis: &Analysis, column: &Source) -> Option<Source> {
    let known = of(analysis, column.node);
    let (index, _) = known.named(&column.column)?;
    let id = ColumnId {
        node: column.node,
        index: u32::try_from(index).ok()?,
    };
    if let Some(next) = origin(analysis, id) {
        let columns = of(analysis, next.node);
        return Some(Source {
            node: next.node,
            column: columns.list.get(next.index as usize)?.name.clone(),
        });
    }
    inferred::names(analysis, column.node)
        .output(&column.column)
        .cloned()
}

/// `orders.amount ← stg_orders.amount ← raw.orders.amount`
pub(crate) fn told(analysis: &Analysis, chain: &[Source]) -> String {
    let project = analysis.project();
    let each = chain.iter().map(|source| {
        let node = project.node(source.node);
        match &node.source_name {
            Some(of) if node.kind == ResourceType::Source => {
                format!("{of}.{}.{}", node.name, source.column)
            }
            _ => format!("{}.{}", node.name, source.column),
        }
    });
    each.collect::<Vec<_>>().join(" \u{2190} ")
}
