//! What is known of nodes already, and as long as what it holds.
//!
//! What a node comes out as depends on its own text and properties, on what those that it names are to others, and on the whole project
//! where it looks around in that. Each of these has a stamp; an edit gives new ones to what it touches, and what was made under other
//! stamps is made again when somebody asks. So a renewed project takes no longer than the edit is long.

mod faces;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::SharedVec;
use glueline_project::NodeId;

use self::faces::Faced;
use crate::compile::Compiled;
use crate::host::{Captured, Life};
use crate::info::{Names, NodeInfo};
use crate::renderer::Shared;

/// A state of something; no two are the same.
type Stamp = u64;

fn new_stamp() -> Stamp {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// In which state everything is at one instant of a project.
#[derive(Debug, Clone)]
pub(crate) struct Stamps {
    /// The project as a whole: new with each edit.
    whole: Stamp,
    /// Each node's own text and properties.
    nodes: SharedVec<Stamp>,
}

impl Stamps {
    pub(crate) fn new(nodes: usize) -> Self {
        let whole = new_stamp();
        Self {
            whole,
            nodes: std::iter::repeat_n(whole, nodes).collect(),
        }
    }

    /// After an edit that touched these nodes.
    pub(crate) fn after(&self, touched: impl Iterator<Item = NodeId>) -> Self {
        let whole = new_stamp();
        let mut nodes = self.nodes.clone();
        for node in touched {
            nodes.set(node.0 as usize, whole);
        }
        Self { whole, nodes }
    }

    fn of(&self, node: NodeId) -> Stamp {
        self.nodes.get(node.0 as usize).copied().unwrap_or_default()
    }
}

/// What something that was rendered depends on: it comes out the same for as long as [`Renderer::holds`](crate::Renderer::holds) says so.
#[derive(Debug, Clone, Default)]
pub struct Basis(Vec<Seen>);

impl Basis {
    /// Adds what a compiled text depends on.
    pub fn add(&mut self, compiled: &Compiled) {
        self.extend(&compiled.seen);
    }

    /// Adds what something else depends on.
    pub fn join(&mut self, other: &Self) {
        self.extend(&other.0);
    }

    fn extend(&mut self, more: &[Seen]) {
        for seen in more {
            if !self.0.contains(seen) {
                self.0.push(seen.clone());
            }
        }
    }

    /// What is read off a node itself: its text, its properties, its config.
    pub(crate) fn of_node(shared: &Shared, node: NodeId) -> Self {
        Self(vec![Seen::Node(node, shared.stamps.of(node))])
    }

    /// What is read off the project as a whole: it holds until the next edit.
    pub(crate) fn of_all(shared: &Shared) -> Self {
        Self(vec![Seen::Whole(shared.stamps.whole)])
    }
}

/// What something that was made depends on, in the state in which it was.
#[derive(Debug, Clone)]
pub(crate) enum Seen {
    /// The whole project.
    Whole(Stamp),
    /// A node's own text and properties.
    Node(NodeId, Stamp),
    /// What a node is to those that name it: its relation and config.
    Face(NodeId, Arc<Names>),
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => one == other,
            (Self::Node(one, state), Self::Node(other, than)) => one == other && state == than,
            (Self::Face(one, face), Self::Face(other, than)) => one == other && Arc::ptr_eq(face, than),
            _ => false,
        }
    }
}

impl Seen {
    /// What a compiled node depends on by itself.
    pub(crate) fn by(shared: &Arc<Shared>, node: NodeId, compiled: &Compiled) -> Vec<Self> {
        let stamps = &shared.stamps;
        if compiled.looked_around() {
            return vec![Self::Whole(stamps.whole)];
        }
        // What is read from sources says more of itself than its relation.
        let texts = std::iter::once(node).chain(compiled.sources.iter().copied());
        let texts = texts.map(|id| Self::Node(id, stamps.of(id)));
        let faces = compiled.refs.iter();
        let faces = faces.map(|id| Self::Face(*id, Shared::names(shared, *id)));
        texts.chain(faces).collect()
    }

    fn holds(&self, shared: &Arc<Shared>) -> bool {
        match self {
            Self::Whole(stamp) => shared.stamps.whole == *stamp,
            Self::Node(node, stamp) => shared.stamps.of(*node) == *stamp,
            Self::Face(node, face) => Arc::ptr_eq(&Shared::names(shared, *node), face),
        }
    }
}

/// Something that was found out once, and the state of the node that it is true of.
#[derive(Debug)]
struct Cached<T>(Mutex<Option<(Stamp, Arc<T>)>>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Cached<T> {
    fn last(&self) -> Option<(Stamp, Arc<T>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn get(&self, stamp: Stamp) -> Option<Arc<T>> {
        self.last()
            .filter(|(known, _)| *known == stamp)
            .map(|(_, found)| found)
    }

    /// Keeps what was made; where another thread was faster, its own.
    fn put(&self, stamp: Stamp, made: Arc<T>) -> Arc<T> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((known, found)) if *known == stamp => found.clone(),
            _ => {
                *slot = Some((stamp, made.clone()));
                made
            }
        }
    }

    fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What is known of one node.
#[derive(Debug, Default)]
struct OfNode {
    info: Faced,
    parsed: Cached<Captured>,
    /// In each of its lives.
    compiled: [Mutex<Option<Arc<Compiled>>>; 3],
}

/// What is known of the nodes of a project, and of the projects that it was and becomes by edits.
#[derive(Debug)]
pub(crate) struct Known(Vec<OfNode>);

impl Known {
    pub(crate) fn new(nodes: usize) -> Arc<Self> {
        Arc::new(Self(
            std::iter::repeat_with(OfNode::default).take(nodes).collect(),
        ))
    }

    fn of(&self, node: NodeId) -> Option<&OfNode> {
        self.0.get(node.0 as usize)
    }

    /// Lets go of everything.
    pub(crate) fn clear(&self) {
        for node in &self.0 {
            node.info.clear();
            node.parsed.clear();
            for slot in &node.compiled {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
        }
    }

    fn compiled(&self, node: NodeId, life: Life) -> Option<&Mutex<Option<Arc<Compiled>>>> {
        let number = match life {
            Life::Known => 0,
            Life::Absent => 1,
            Life::Exists => 2,
        };
        self.of(node)?.compiled.get(number)
    }
}

impl Shared {
    /// What a node is after all its configs are known; found out once, until it is let go of.
    pub(crate) fn info(this: &Arc<Self>, node: NodeId) -> Arc<NodeInfo> {
        let find = || NodeInfo::find(this, node);
        match this.known.of(node) {
            Some(known) => known.info.info(this.stamps.of(node), find),
            None => Arc::new(find()),
        }
    }

    /// What a node is to those that name it: one and the same for as long as none of them could tell a difference.
    pub(crate) fn names(this: &Arc<Self>, node: NodeId) -> Arc<Names> {
        let find = || NodeInfo::find(this, node);
        match this.known.of(node) {
            Some(known) => known.info.names(this.stamps.of(node), find),
            None => find().names(),
        }
    }

    /// Lets go of what a node is, but for what others ask for.
    pub(crate) fn rest(&self, node: NodeId) {
        if let Some(known) = self.known.of(node) {
            known.info.rest();
        }
    }

    /// What a node asks for while dbt parses it; rendered once.
    pub(crate) fn parsed(this: &Arc<Self>, node: NodeId) -> Arc<Captured> {
        let make = || Arc::new(crate::compile::parse(this, node));
        let Some(slot) = this.known.of(node).map(|known| &known.parsed) else {
            return make();
        };
        let stamp = this.stamps.of(node);
        if let Some(known) = slot.get(stamp) {
            return known;
        }
        // Not within the slot: a rendering that asks for itself must not wait for itself.
        let made = make();
        slot.put(stamp, made)
    }

    pub(crate) fn holds(this: &Arc<Self>, basis: &Basis) -> bool {
        basis.0.iter().all(|seen| seen.holds(this))
    }

    /// What a node was compiled to, where that still holds.
    pub(crate) fn compiled(this: &Arc<Self>, node: NodeId, life: Life) -> Option<Arc<Compiled>> {
        let slot = this.known.compiled(node, life)?;
        let known = slot.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        known.seen.iter().all(|seen| seen.holds(this)).then_some(known)
    }

    /// Keeps what a node was compiled to.
    pub(crate) fn keep(&self, node: NodeId, life: Life, made: &Arc<Compiled>) {
        if let Some(slot) = self.known.compiled(node, life) {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(made.clone());
        }
    }

    /// Lets go of what a node was compiled to.
    pub(crate) fn forget(&self, node: NodeId, life: Life) {
        if let Some(slot) = self.known.compiled(node, life) {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}
