//! What is known of nodes already, and for as long as nothing differs that it depends on.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glueline_project::NodeId;
use glueline_render::{Basis, Life, Renderer};
use glueline_spark::functions::Version;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::surroundings::Surroundings;
use crate::{Field, Schema, Text, Verdict, look};

/// What is known of a node: one and the same for as long as it holds.
#[derive(Debug)]
pub struct Entry {
    /// Its columns.
    pub schema: Arc<Schema>,
    /// What Spark makes of its text, in each of its lives; empty for what has no text, or none that is known whole.
    pub verdicts: Box<[(Life, Verdict)]>,
    /// The columns of its query in a later life than the first, where they are known.
    pub(crate) later: Option<(Life, Arc<[Field]>)>,
    /// What its text and its columns were read off.
    pub(crate) basis: Basis,
    /// The columns of what it reads, as they were.
    pub(crate) read: Box<[(NodeId, Arc<Schema>)]>,
}

impl Entry {
    /// What Spark makes of its text in a life; `None` where that text is not known whole.
    pub fn verdict(&self, life: Life) -> Option<&Verdict> {
        let of = self.verdicts.iter().find(|(other, _)| *other == life);
        of.map(|(_, verdict)| verdict)
    }
}

/// In which lives texts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lives {
    /// In all that may matter.
    All,
    /// In those that `glueline compile` shows.
    Known,
}

/// The columns of all nodes of a project and what Spark makes of their texts, each found when it is asked for, and kept. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Schemas(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    renderer: Renderer,
    lives: Lives,
    version: Version,
    /// What holds now.
    now: Box<[OnceLock<Arc<Entry>>]>,
    /// What was found last, here or before an edit.
    last: Arc<[Mutex<Option<Arc<Entry>>>]>,
    /// The nodes that read themselves, once one was met.
    circular: OnceLock<FxHashSet<NodeId>>,
    surroundings: Surroundings,
}

/// So many nodes are taken from a queue at a time: few enough that nobody stands behind them for long.
const PIECE: usize = 8;

impl Schemas {
    /// Nothing is looked at before somebody asks. A text is looked at in each life of its node.
    pub fn new(renderer: &Renderer) -> Self {
        Self::with(renderer, Lives::All)
    }

    /// The same for the texts that `glueline compile` shows.
    pub fn of_compiled(renderer: &Renderer) -> Self {
        Self::with(renderer, Lives::Known)
    }

    fn with(renderer: &Renderer, lives: Lives) -> Self {
        let count = renderer.project().nodes().len();
        Self::of_parts(
            renderer,
            lives,
            (0..count).map(|_| Mutex::default()).collect(),
            Surroundings::new(renderer),
        )
    }

    fn of_parts(
        renderer: &Renderer,
        lives: Lives,
        last: Arc<[Mutex<Option<Arc<Entry>>>]>,
        surroundings: Surroundings,
    ) -> Self {
        let project = renderer.project();
        Self(Arc::new(Inner {
            renderer: renderer.clone(),
            lives,
            version: look::version(project),
            now: project.nodes().iter().map(|_| OnceLock::new()).collect(),
            last,
            circular: OnceLock::new(),
            surroundings,
        }))
    }

    /// The same after an edit. What the edit cannot touch is not looked for again; nor is what reads a node whose columns come out as
    /// they were.
    #[must_use]
    pub fn renew(&self, renderer: &Renderer) -> Self {
        let old = &self.0;
        if !old.renderer.is_akin(renderer) {
            return Self::with(renderer, old.lives);
        }
        let surroundings = old.surroundings.renew(renderer);
        Self::of_parts(renderer, old.lives, Arc::clone(&old.last), surroundings)
    }

    /// What renders the project.
    pub fn renderer(&self) -> &Renderer {
        &self.0.renderer
    }

    /// The columns of a node.
    pub fn of(&self, node: NodeId) -> Arc<Schema> {
        self.entry(node)
            .map_or_else(Arc::default, |entry| Arc::clone(&entry.schema))
    }

    /// What is known of a node; `None` only where there is no such node. What it reads is looked at before it, without a deep stack.
    pub fn entry(&self, node: NodeId) -> Option<Arc<Entry>> {
        self.entry_within(node, usize::MAX)
    }

    /// The same for somebody who cannot wait: `None` where more than so many texts would have to be looked at. Those that were looked at
    /// stay known, so that whoever asks again gets further.
    pub fn entry_within(&self, node: NodeId, mut most: usize) -> Option<Arc<Entry>> {
        if let Some(known) = self.known(node) {
            return Some(known);
        }
        let graph = self.0.renderer.project().graph();
        let mut met = FxHashSet::default();
        let mut next = vec![(node, false)];
        while let Some((node, is_ready)) = next.pop() {
            if is_ready {
                if self.known(node).is_some() || self.settle_as_before(node) {
                    continue;
                }
                most = most.checked_sub(1)?;
                self.settle(node);
            } else if self.known(node).is_none() && met.insert(node) {
                next.push((node, true));
                for parent in graph.parents(node) {
                    // What was met and is not known waits for this one.
                    if met.contains(parent) && self.known(*parent).is_none() {
                        self.circular();
                    }
                    next.push((*parent, false));
                }
            }
        }
        self.known(node)
    }

    /// Asks something of nodes, on all threads; the answers are in the order of the nodes. Who reads a node is asked behind it, so that no
    /// thread waits for what another one is about to find.
    pub fn ask<T: Send>(&self, nodes: &[NodeId], question: impl Fn(NodeId) -> T + Sync) -> Vec<T> {
        let mut turns: FxHashMap<NodeId, usize> = FxHashMap::default();
        let order = self.0.renderer.project().graph().by_depth();
        turns.extend(order.into_iter().enumerate().map(|(turn, node)| (node, turn)));
        let mut queue: Vec<(usize, NodeId)> = nodes.iter().copied().enumerate().collect();
        queue.sort_by_key(|(_, node)| turns.get(node));
        let pieces = queue.chunks(PIECE).par_bridge();
        let answers =
            pieces.flat_map_iter(|piece| piece.iter().map(|(place, node)| (*place, question(*node))));
        let mut answers: Vec<(usize, T)> = answers.collect();
        answers.sort_unstable_by_key(|(place, _)| *place);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// How many texts were looked at, and of how many of them nobody here can say whether Spark reads them.
    pub fn gaps(&self) -> (usize, usize) {
        let known = self.0.now.iter().filter_map(OnceLock::get);
        let verdicts = known.flat_map(|entry| &entry.verdicts);
        verdicts.fold((0, 0), |(texts, unread), (_, verdict)| {
            (texts + 1, unread + usize::from(verdict.unread))
        })
    }

    /// What holds of a node, where that is known already.
    pub fn known(&self, node: NodeId) -> Option<Arc<Entry>> {
        self.0.now.get(node.0 as usize)?.get().cloned()
    }

    fn circular(&self) -> &FxHashSet<NodeId> {
        let graph = self.0.renderer.project().graph();
        let find = || graph.circular().into_iter().collect();
        self.0.circular.get_or_init(find)
    }

    /// Whether a node reads itself, by however many others. What reads it can be asked, and what it reads.
    pub(crate) fn is_circular(&self, node: NodeId) -> bool {
        self.0.circular.get().is_some_and(|nodes| nodes.contains(&node))
    }

    pub(crate) fn lives(&self) -> Lives {
        self.0.lives
    }

    /// The texts of a node as Spark reads them, with what it makes of each: one for each life in which it may matter, without those that
    /// are not known whole. Nothing is looked at besides; what it reads has to be known by then.
    pub fn texts(&self, node: NodeId) -> Vec<Text> {
        look::texts(self, node)
    }

    /// The release of Spark that the target's session brings.
    pub fn version(&self) -> Version {
        self.0.version
    }

    pub(crate) fn surroundings(&self) -> &Surroundings {
        &self.0.surroundings
    }

    /// Keeps what was found last of a node, where that holds still; what it reads is known.
    fn settle_as_before(&self, node: NodeId) -> bool {
        let number = node.0 as usize;
        let (Some(now), Some(last)) = (self.0.now.get(number), self.0.last.get(number)) else {
            return true;
        };
        let before = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match before.filter(|entry| self.holds(entry)) {
            Some(entry) => {
                now.get_or_init(|| entry);
                true
            }
            None => false,
        }
    }

    /// Finds what holds of a node; what it reads is known.
    fn settle(&self, node: NodeId) {
        let number = node.0 as usize;
        let (Some(now), Some(last)) = (self.0.now.get(number), self.0.last.get(number)) else {
            return;
        };
        now.get_or_init(|| {
            let before = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let mut found = look::at(self, node);
            // Who reads it cannot tell a difference where there is none.
            if let Some(before) = before.filter(|before| before.schema == found.schema) {
                found.schema = Arc::clone(&before.schema);
            }
            let found = Arc::new(found);
            *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
            found
        });
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.0.renderer.holds(&entry.basis)
            && entry.read.iter().all(|(node, before)| match self.known(*node) {
                Some(now) => Arc::ptr_eq(&now.schema, before),
                None => false,
            })
    }
}
