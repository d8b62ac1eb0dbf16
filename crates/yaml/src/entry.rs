//! One entry of a mapping, and what it takes with it when it goes.

use std::borrow::Cow;

use glueline_base::{TextRange, Value, range};

use crate::chars::{between, is_blank, line_end, line_start};
use crate::construct;
use crate::resolve::ScalarKind;
use crate::tree::{NodeId, NodeRef};

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub(crate) map: NodeRef<'a>,
    pub(crate) index: usize,
}

impl<'a> Entry<'a> {
    /// The key.
    pub fn key(&self) -> NodeRef<'a> {
        self.child(2 * self.index)
    }

    /// The value.
    pub fn value(&self) -> NodeRef<'a> {
        self.child(2 * self.index + 1)
    }

    /// The name of the key, as dbt prints it: `True` for the key `on`.
    pub fn name(&self) -> Cow<'a, str> {
        self.key().identity().into_name()
    }

    /// Whether the key is `<<`, which merges the value into the mapping.
    pub fn is_merge(&self) -> bool {
        let tree = self.map.tree;
        construct::is_merge_key(&tree.text, &tree.nodes, self.key().id)
    }

    /// From the key to the end of the value.
    pub fn range(&self) -> TextRange {
        let key = self.key().full_range();
        let value = self.value().range();
        TextRange::new(key.start(), value.end().max(key.end()))
    }

    /// What to delete so that the rest of the mapping stays as it is: whole lines with their line breaks where
    /// the entry has its lines to itself; else the entry with the space or the comma towards its neighbour.
    pub fn deletion_range(&self) -> TextRange {
        let text: &str = &self.map.tree.text;
        let entry = self.range();
        let (mut start, end) = (usize::from(entry.start()), self.end_with_lines());
        let before = between(text, line_start(text, start), start).trim_end_matches([' ', '\t']);
        if before.ends_with('?') {
            start = line_start(text, start) + before.len() - 1;
        }
        let before = between(text, line_start(text, start), start);
        let rest = between(text, end, line_end(text, end)).trim_start();
        let to_end = rest.is_empty() || rest.starts_with('#');
        if before.bytes().all(is_blank) && to_end {
            return range(line_start(text, start), after_break(text, line_end(text, end)));
        }
        let next = self.sibling(self.index.checked_add(1));
        if let Some(next) = next {
            return range(start, usize::from(next.key().full_range().start()));
        }
        let previous = self
            .sibling(self.index.checked_sub(1))
            .map(|entry| entry.end_with_lines());
        match previous {
            Some(previous) if between(text, previous, start).trim_start().starts_with(',') => {
                range(previous, end)
            }
            _ => range(start, end),
        }
    }

    /// The end of the value; for a block scalar, the end of its last line of text.
    fn end_with_lines(&self) -> usize {
        usize::from(self.range().end())
    }

    fn sibling(&self, index: Option<usize>) -> Option<Self> {
        let index = index.filter(|index| *index < self.map.raw_entries().len())?;
        Some(Self { map: self.map, index })
    }

    fn child(&self, place: usize) -> NodeRef<'a> {
        let tree = self.map.tree;
        let id = self
            .map
            .target()
            .and_then(|node| node.children(&tree.children).get(place).copied())
            .unwrap_or(NodeId(u32::MAX));
        NodeRef { tree, id }
    }
}

/// The offset after the line break at an offset.
fn after_break(text: &str, at: usize) -> usize {
    at + crate::chars::break_len(text.as_bytes(), at)
}

/// A key as Python compares keys: `1` and `'1'` differ. (That `1`, `1.0` and `true` do not is left out.)
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Another scalar, as Python prints it.
    Other(String),
    /// What is equal to nothing else: a collection, or what cannot be read.
    Only(NodeId),
}

impl<'a> Key<'a> {
    pub(crate) fn of(node: &NodeRef<'a>) -> Self {
        if let Some(text) = node.as_str() {
            return Self::Text(text);
        }
        match (node.scalar_kind(), node.scalar_value()) {
            (Some(ScalarKind::Reserved), _) => Self::Text("=".into()),
            (_, Value::Unknown) => Self::Only(node.id),
            (_, value) => Self::Other(value.display()),
        }
    }

    /// Whether it is a text.
    pub(crate) const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    fn into_name(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => text,
            Self::Other(name) => name.into(),
            Self::Only(_) => "?".into(),
        }
    }
}
