//! What somebody looked at in a project, so that it is known which edits it can tell.

use std::cell::{Cell, RefCell};

use glueline_base::FileId;

use crate::difference::Difference;
use crate::node::NodeId;

/// More than so many things looked at count as everything.
const MOST: usize = 512;

/// One thing that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Read {
    /// A file's text, or what it says.
    File(FileId),
    /// A node.
    Node(NodeId),
    /// What a node reads, or who reads it.
    Edges(NodeId),
    /// All of a kind.
    Everything,
}

/// What was looked at in a project: files, nodes, edges of the graph, or everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads(Box<[Read]>);

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(false) };
    static LOG: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
}

impl Reads {
    /// Does something, and tells what it looked at in any project. It has to stay on its thread.
    pub fn record<T>(work: impl FnOnce() -> T) -> (T, Self) {
        let outer = Outer {
            recording: RECORDING.replace(true),
            log: LOG.take(),
        };
        let done = work();
        let mut log = LOG.take();
        drop(outer);
        log.iter().for_each(|read| note(*read));
        log.sort_unstable();
        log.dedup();
        if log.len() > MOST || log.contains(&Read::Everything) {
            log = vec![Read::Everything];
        }
        (done, Self(log.into()))
    }

    /// Whether nothing that was looked at differs.
    pub fn hold(&self, difference: &Difference) -> bool {
        self.0.iter().all(|read| match read {
            Read::File(file) => difference.files.binary_search(file).is_err(),
            Read::Node(node) => difference.nodes.binary_search(node).is_err(),
            Read::Edges(node) => difference.edges.binary_search(node).is_err(),
            Read::Everything => difference.is_empty(),
        })
    }
}

/// What was recorded before, and goes on being recorded afterwards, whatever comes between.
struct Outer {
    recording: bool,
    log: Vec<Read>,
}

impl Drop for Outer {
    fn drop(&mut self) {
        RECORDING.set(self.recording);
        LOG.set(std::mem::take(&mut self.log));
    }
}

#[inline]
pub(crate) fn file(file: FileId) {
    if RECORDING.get() {
        note(Read::File(file));
    }
}

#[inline]
pub(crate) fn node(node: NodeId) {
    if RECORDING.get() {
        note(Read::Node(node));
    }
}

#[inline]
pub(crate) fn edges(node: NodeId) {
    if RECORDING.get() {
        note(Read::Edges(node));
    }
}

#[inline]
pub(crate) fn everything() {
    if RECORDING.get() {
        note(Read::Everything);
    }
}

#[cold]
fn note(read: Read) {
    if !RECORDING.get() {
        return;
    }
    LOG.with_borrow_mut(|log| {
        // What is asked for is mostly asked for again at once.
        let is_new = log.iter().rev().take(8).all(|known| *known != read);
        if is_new && log.len() <= 2 * MOST {
            log.push(read);
        }
    });
}
