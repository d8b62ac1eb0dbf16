//! The tree of a YAML text: an arena of nodes, and views of them that see through aliases and merges.

use std::borrow::Cow;
use std::fmt;

use glueline_base::{SyntaxError, TextRange, range};

use crate::construct;
use crate::entry::{Entry, Key};
use crate::fault::{Fault, FaultKind};
use crate::resolve::ScalarKind;
use crate::scalar::{Scalar, Style};
use crate::tag::Tag;

/// The place of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is, in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Scalar {
        style: Style,
        indent: u32,
        tail: u32,
    },
    Sequence {
        first: u32,
        len: u32,
    },
    /// Keys and values take turns; `len` counts pairs.
    Mapping {
        first: u32,
        len: u32,
    },
    Alias(NodeId),
    /// A collection that is being read, or an alias to one.
    Open,
    /// Something stands here, but it cannot be told what.
    Unreadable,
}

/// A node in the arena.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeData {
    pub(crate) kind: NodeKind,
    pub(crate) tag: Option<Tag>,
    /// Where the anchor or tag before the node starts, else as `start`.
    pub(crate) full_start: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl NodeData {
    pub(crate) fn new(kind: NodeKind, start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        Self {
            kind,
            tag: None,
            full_start: start,
            start,
            end: u32::try_from(end).unwrap_or(u32::MAX).max(start),
        }
    }

    pub(crate) fn fault(&self, kind: FaultKind) -> Fault {
        Fault::new(kind, self.start as usize, self.end as usize)
    }

    pub(crate) fn scalar<'a>(&self, text: &'a str) -> Option<Scalar<'a>> {
        let NodeKind::Scalar { style, indent, tail } = self.kind else {
            return None;
        };
        Some(Scalar {
            text,
            start: self.start as usize,
            end: self.end as usize,
            style,
            indent: indent as usize,
            tail: tail as usize,
        })
    }

    /// The items of a sequence; the keys and values of a mapping, taking turns.
    pub(crate) fn children<'c>(&self, children: &'c [NodeId]) -> &'c [NodeId] {
        let (first, len) = match self.kind {
            NodeKind::Sequence { first, len } => (first as usize, len as usize),
            NodeKind::Mapping { first, len } => (first as usize, 2 * len as usize),
            _ => return &[],
        };
        children.get(first..first + len).unwrap_or_default()
    }
}

/// A key that stands twice in one mapping. PyYAML keeps the last value and says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The later key.
    pub key: TextRange,
    /// The first key of that name in the mapping.
    pub first: TextRange,
    /// The name, as dbt prints it.
    pub name: String,
}

/// A text that was read as YAML, as far as it could be.
#[derive(Debug, Clone)]
pub struct Tree<'t> {
    /// The text; where lines could not be read, with blanks in their place.
    pub(crate) text: Cow<'t, str>,
    pub(crate) nodes: Vec<NodeData>,
    pub(crate) children: Vec<NodeId>,
    pub(crate) root: Option<NodeId>,
    /// What PyYAML would refuse, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// The comments, from `#` to the end of the line.
    pub comments: Vec<TextRange>,
    /// Keys that stand twice in one mapping.
    pub duplicates: Vec<Duplicate>,
    /// What was not read, because nothing could be made of it. Where this is empty, the tree is complete.
    pub lost: Vec<TextRange>,
}

impl Tree<'_> {
    /// The root of the first document; `None` for a text of blanks and comments.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.root.map(|id| NodeRef { tree: self, id })
    }

    pub(crate) fn data(&self, id: NodeId) -> Option<&NodeData> {
        self.nodes.get(id.index())
    }

    /// Every node that is no alias, in no particular order.
    pub(crate) fn all(&self) -> impl Iterator<Item = NodeRef<'_>> {
        (0..self.nodes.len()).filter_map(|index| {
            let id = NodeId(u32::try_from(index).ok()?);
            let is_alias = matches!(self.data(id)?.kind, NodeKind::Alias(_));
            (!is_alias).then_some(NodeRef { tree: self, id })
        })
    }
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Kind<'a> {
    /// A text, number, ..., or nothing at all.
    Scalar(Scalar<'a>),
    /// A list.
    Sequence,
    /// A mapping.
    Mapping,
    /// An alias without an anchor, an alias to a node around it, or a value that could not be read.
    Unreadable,
}

/// A node of a tree. An alias shows the node it stands for, but keeps its own range.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    pub(crate) tree: &'a Tree<'a>,
    pub(crate) id: NodeId,
}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeRef")
            .field("range", &self.range())
            .field("kind", &self.kind())
            .finish()
    }
}

impl<'a> NodeRef<'a> {
    /// The bytes of the node itself, without anchor, tag and line break. A block collection reaches from its
    /// first key or dash to the end of its last value; a value that is not there is empty, right behind its
    /// `:` or `-`.
    pub fn range(&self) -> TextRange {
        self.own()
            .map_or(range(0, 0), |node| range(node.start as usize, node.end as usize))
    }

    /// As [`NodeRef::range`], with the anchor and the tag before the node.
    pub fn full_range(&self) -> TextRange {
        self.own().map_or(range(0, 0), |node| {
            range(node.full_start as usize, node.end as usize)
        })
    }

    /// What the node is; for an alias, what it stands for.
    pub fn kind(&self) -> Kind<'a> {
        match self.target().map(|node| (node, node.kind)) {
            Some((node, NodeKind::Scalar { .. })) => node
                .scalar(&self.tree.text)
                .map_or(Kind::Unreadable, Kind::Scalar),
            Some((_, NodeKind::Sequence { .. })) => Kind::Sequence,
            Some((_, NodeKind::Mapping { .. })) => Kind::Mapping,
            _ => Kind::Unreadable,
        }
    }

    /// Whether the node is written `*name`.
    pub fn is_alias(&self) -> bool {
        self.own()
            .is_some_and(|node| matches!(node.kind, NodeKind::Alias(_)))
    }

    /// The tag before the node, or before the node that an alias stands for.
    pub fn tag(&self) -> Option<Tag> {
        self.target()?.tag
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<Scalar<'a>> {
        match self.kind() {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text, if Python gets a text: `12` and `yes` are none, `'12'` is one.
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        let node = self.target()?;
        let (kind, decoded) = construct::resolve(node, &node.scalar(&self.tree.text)?);
        (kind == ScalarKind::Str && node.tag.is_none_or(is_readable)).then_some(decoded)
    }

    /// The type of a scalar once it is read; `None` for collections and what cannot be read.
    pub fn scalar_kind(&self) -> Option<ScalarKind> {
        let node = self.target()?;
        let scalar = node.scalar(&self.tree.text)?;
        node.tag
            .is_none_or(is_readable)
            .then(|| construct::resolve(node, &scalar).0)
    }

    /// Whether the node is nothing, `~` or `null`. Where a value could not be read, it is not.
    pub fn is_null(&self) -> bool {
        self.scalar_kind() == Some(ScalarKind::Null)
    }

    /// Whether the node is a list.
    pub fn is_sequence(&self) -> bool {
        matches!(self.kind(), Kind::Sequence)
    }

    /// Whether the node is a mapping.
    pub fn is_mapping(&self) -> bool {
        matches!(self.kind(), Kind::Mapping)
    }

    /// Whether something stands here that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.kind(), Kind::Unreadable)
    }

    /// Whether the node is a scalar that holds Jinja.
    pub fn has_jinja(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.has_jinja())
    }

    /// Whether nothing of the node was lost to a fault. Of an incomplete mapping or list nothing may be
    /// concluded from what is not in it.
    pub fn is_complete(&self) -> bool {
        let Some(node) = self.target() else { return true };
        let text: &str = &self.tree.text;
        let after = text.get(node.end as usize..).unwrap_or("");
        let end = text.len() - after.trim_start().len();
        let reach = range(node.start as usize, end);
        self.tree
            .lost
            .iter()
            .all(|lost| lost.intersect(reach).is_none_or(TextRange::is_empty))
    }

    /// The items of a list; nothing for other nodes.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = NodeRef<'a>> + ExactSizeIterator + use<'a> {
        let tree = self.tree;
        let items = match self.target() {
            Some(node) if matches!(node.kind, NodeKind::Sequence { .. }) => node.children(&tree.children),
            _ => &[],
        };
        items.iter().map(move |id| NodeRef { tree, id: *id })
    }

    /// The entries of a mapping as written, `<<` among them; nothing for other nodes.
    pub fn raw_entries(&self) -> impl DoubleEndedIterator<Item = Entry<'a>> + ExactSizeIterator + use<'a> {
        let map = *self;
        let len = match self.target().map(|node| node.kind) {
            Some(NodeKind::Mapping { len, .. }) => len,
            _ => 0,
        };
        (0..len as usize).map(move |index| Entry { map, index })
    }

    /// What the node is as a key: text and type.
    pub(crate) fn identity(&self) -> Key<'a> {
        Key::of(self)
    }

    /// The node as written.
    pub(crate) fn own(&self) -> Option<&'a NodeData> {
        self.tree.data(self.id)
    }

    /// The node, or the node that an alias stands for.
    pub(crate) fn target(&self) -> Option<&'a NodeData> {
        construct::deref(&self.tree.nodes, self.id)
    }

    /// The id of the node, or of the node that an alias stands for.
    pub(crate) fn target_id(&self) -> NodeId {
        match self.own().map(|node| node.kind) {
            Some(NodeKind::Alias(target)) => target,
            _ => self.id,
        }
    }
}

/// Whether a node with this tag has a value.
const fn is_readable(tag: Tag) -> bool {
    !matches!(tag, Tag::Unknown | Tag::Undeclared)
}
