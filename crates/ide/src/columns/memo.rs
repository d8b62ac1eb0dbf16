//! What is found once and kept: the columns of nodes, those first that others need.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use glueline_project::{NodeId, Project};
use glueline_schema::Field;
use rustc_hash::FxHashMap;

use super::read::{self, Reading};
use super::{ColumnId, ColumnSource, NodeColumn, NodeColumns};
use crate::Analysis;

/// The columns of nodes found so far. It belongs to one project.
#[derive(Debug)]
pub(crate) struct Memo {
    names: Box<[OnceLock<Arc<NodeColumns>>]>,
    /// With the columns that only the rendered text has.
    joined: Box<[OnceLock<Arc<NodeColumns>>]>,
    origins: Box<[OnceLock<Arc<[Option<ColumnId>]>>]>,
}

impl Memo {
    pub(crate) fn new(project: &Project) -> Self {
        let count = project.nodes().len();
        Self {
            names: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            joined: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            origins: std::iter::repeat_with(OnceLock::new).take(count).collect(),
        }
    }

    fn known(&self, node: NodeId) -> Option<&Arc<NodeColumns>> {
        self.names.get(node.0 as usize)?.get()
    }
}

/// A node whose columns are being found.
struct Frame {
    node: NodeId,
    reading: Reading,
}

/// The columns of a node. Whatever its stars need is found before it, with no recursion: chains may be long, and circles are not
/// known. What a circle leaves open is not kept, so that it does not matter who asked first.
pub(super) fn names(analysis: &Analysis, node: NodeId) -> Arc<NodeColumns> {
    let memo = analysis.columns();
    if let Some(known) = memo.known(node) {
        return known.clone();
    }
    let mut torn: FxHashMap<NodeId, Arc<NodeColumns>> = FxHashMap::default();
    let mut stack = vec![Frame {
        node,
        reading: Reading::new(analysis, node),
    }];
    loop {
        let Some(frame) = stack.last() else {
            return Arc::default();
        };
        let missing = RefCell::new(Vec::new());
        let is_torn = RefCell::new(false);
        let look_up = |wanted: NodeId| {
            if let Some(known) = memo.known(wanted) {
                return Some(known.clone());
            }
            if let Some(known) = torn.get(&wanted) {
                is_torn.replace(true);
                return Some(known.clone());
            }
            if stack.iter().any(|frame| frame.node == wanted) {
                is_torn.replace(true);
            } else {
                missing.borrow_mut().push(wanted);
            }
            None
        };
        let columns = read::columns(analysis, frame.node, &frame.reading, &look_up);
        let (current, missing, is_torn) = (frame.node, missing.into_inner(), is_torn.into_inner());
        if let Some(first) = missing.first() {
            stack.push(Frame {
                node: *first,
                reading: Reading::new(analysis, *first),
            });
            continue;
        }
        let columns = Arc::new(columns);
        stack.pop();
        if is_torn {
            torn.insert(current, columns.clone());
        } else if let Some(slot) = memo.names.get(current.0 as usize) {
            // Another thread may have been faster; it found the same.
            let _ = slot.set(columns.clone());
        }
        if stack.is_empty() {
            return columns;
        }
    }
}

/// The columns of a node with those that its text alone does not tell, which come behind the others: numbers of columns stay.
pub(super) fn joined(
    analysis: &Analysis,
    node: NodeId,
    written: &Arc<NodeColumns>,
    rendered: &[Field],
) -> Arc<NodeColumns> {
    let join = || {
        let mut joined = NodeColumns::clone(written);
        // Names that Spark makes up are nobody's.
        for field in rendered.iter().filter(|field| is_plain(&field.name)) {
            if joined.named(&field.name).is_none() {
                joined.list.push(NodeColumn {
                    name: (&*field.name).into(),
                    source: ColumnSource::Rendered,
                    at: None,
                    declared: None,
                    data_type: None,
                    description: None,
                    is_conditional: false,
                });
            }
        }
        Arc::new(joined)
    };
    match analysis.columns().joined.get(node.0 as usize) {
        Some(slot) => slot.get_or_init(join).clone(),
        None => written.clone(),
    }
}

fn is_plain(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    name.chars().all(is_part) && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// For each column of a node, the column of another that it hands on.
pub(super) fn origins(analysis: &Analysis, node: NodeId) -> Arc<[Option<ColumnId>]> {
    let Some(slot) = analysis.columns().origins.get(node.0 as usize) else {
        return Arc::from([]);
    };
    if let Some(known) = slot.get() {
        return known.clone();
    }
    let found: Arc<[Option<ColumnId>]> = read::origins(analysis, node).into();
    slot.get_or_init(|| found).clone()
}
