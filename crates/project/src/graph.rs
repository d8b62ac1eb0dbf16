//! The graph of enabled nodes.

use glueline_base::SharedVec;

use crate::node::{Node, NodeId};
use crate::reads;

/// Who reads whom. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    parents: SharedVec<Vec<NodeId>>,
    children: SharedVec<Vec<NodeId>>,
}

impl Graph {
    pub(crate) fn new(nodes: &[Node]) -> Self {
        let mut parents = vec![Vec::new(); nodes.len()];
        let mut children = vec![Vec::new(); nodes.len()];
        for node in nodes {
            let read = read_by(node);
            for parent in &read {
                if let Some(children) = children.get_mut(parent.0 as usize) {
                    children.push(node.id);
                }
            }
            if let Some(slot) = parents.get_mut(node.id.0 as usize) {
                *slot = read;
            }
        }
        Self {
            parents: parents.into(),
            children: children.into(),
        }
    }

    /// Looks again at what a node reads.
    pub(crate) fn update(&mut self, node: &Node) {
        let number = node.id.0 as usize;
        let read = read_by(node);
        let before = self.parents(node.id).to_vec();
        if before == read {
            return;
        }
        for parent in before.iter().filter(|parent| !read.contains(parent)) {
            self.edit_children(*parent, |children| children.retain(|child| *child != node.id));
        }
        for parent in read.iter().filter(|parent| !before.contains(parent)) {
            self.edit_children(*parent, |children| {
                if let Err(place) = children.binary_search(&node.id) {
                    children.insert(place, node.id);
                }
            });
        }
        self.parents.set(number, read);
    }

    /// The nodes that read others than before, or are read by others, between two graphs of the same nodes. Sorted.
    pub(crate) fn changed_since(&self, last: &Self) -> Vec<NodeId> {
        let parents = self.parents.beside(&last.parents);
        let both = parents.chain(self.children.beside(&last.children));
        let differ = both.filter(|(_, is, was)| is != was);
        let mut changed: Vec<NodeId> = differ
            .map(|(number, ..)| NodeId(u32::try_from(number).unwrap_or(u32::MAX)))
            .collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn edit_children(&mut self, parent: NodeId, edit: impl FnOnce(&mut Vec<NodeId>)) {
        let mut children = self.children(parent).to_vec();
        edit(&mut children);
        self.children.set(parent.0 as usize, children);
    }

    /// The nodes that a node reads, sorted.
    pub fn parents(&self, node: NodeId) -> &[NodeId] {
        reads::edges(node);
        self.parents.get(node.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The nodes that read a node, sorted.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        reads::edges(node);
        self.children.get(node.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// All nodes, each behind those that it reads: by the length of the longest way to it, then by number. Circles and what stands behind
    /// them come last.
    pub fn by_depth(&self) -> Vec<NodeId> {
        reads::everything();
        let id = |number: usize| NodeId(u32::try_from(number).unwrap_or(u32::MAX));
        let mut waits_for: Vec<usize> = self.parents.iter().map(Vec::len).collect();
        let free = waits_for.iter().enumerate().filter(|(_, count)| **count == 0);
        let mut order: Vec<NodeId> = free.map(|(number, _)| id(number)).collect();
        let mut looked_at = 0;
        while looked_at < order.len() {
            let level_ends = order.len();
            let level = order.get(looked_at..).unwrap_or_default().to_vec();
            for child in level
                .iter()
                .filter_map(|node| self.children.get(node.0 as usize))
                .flatten()
            {
                if let Some(count) = waits_for.get_mut(child.0 as usize) {
                    *count -= 1;
                    if *count == 0 {
                        order.push(*child);
                    }
                }
            }
            order.get_mut(level_ends..).unwrap_or_default().sort_unstable();
            looked_at = level_ends;
        }
        let circular = waits_for.iter().enumerate().filter(|(_, count)| **count > 0);
        order.extend(circular.map(|(number, _)| id(number)));
        order
    }

    /// Every group of nodes that read each other in a circle, each as a path that ends where it began, by the lowest
    /// number first. One circle per group: mending it shows the next.
    pub fn cycles(&self) -> Vec<Vec<NodeId>> {
        reads::everything();
        let mut cycles = Vec::new();
        for component in self.strong_components() {
            let Some(&start) = component.iter().min() else {
                continue;
            };
            if component.len() > 1 || self.parents(start).contains(&start) {
                cycles.push(self.circle(start, &component));
            }
        }
        cycles.sort();
        cycles
    }

    /// The nodes that read themselves, by however many others. Sorted.
    pub fn circular(&self) -> Vec<NodeId> {
        reads::everything();
        let components = self.strong_components().into_iter();
        let circles = components.filter(|component| match component.as_slice() {
            [node] => self.parents(*node).contains(node),
            _ => true,
        });
        let mut nodes: Vec<NodeId> = circles.flatten().collect();
        nodes.sort_unstable();
        nodes
    }

    /// The shortest way from a node back to itself inside its component, following "is read by".
    fn circle(&self, start: NodeId, component: &[NodeId]) -> Vec<NodeId> {
        let mut inside: Vec<NodeId> = component.to_vec();
        inside.sort_unstable();
        let mut came_from: std::collections::BTreeMap<NodeId, NodeId> = std::collections::BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &child in self.children(node) {
                if child == start {
                    let mut path = vec![start, node];
                    let mut at = node;
                    while at != start {
                        let Some(&before) = came_from.get(&at) else { break };
                        path.push(before);
                        at = before;
                    }
                    if node == start {
                        return vec![start, start];
                    }
                    path.reverse();
                    return path;
                }
                if inside.binary_search(&child).is_ok() && !came_from.contains_key(&child) {
                    came_from.insert(child, node);
                    queue.push_back(child);
                }
            }
        }
        vec![start]
    }

    /// Tarjan's algorithm, on an explicit stack: a chain of 10,000 models must not end the program.
    fn strong_components(&self) -> Vec<Vec<NodeId>> {
        let count = self.children.len();
        let mut index = vec![u32::MAX; count];
        let mut low = vec![0_u32; count];
        let mut on_stack = vec![false; count];
        let mut stack: Vec<usize> = Vec::new();
        let mut next = 0_u32;
        let mut components = Vec::new();
        let get = |list: &[u32], at: usize| list.get(at).copied().unwrap_or(u32::MAX);
        for root in 0..count {
            if get(&index, root) != u32::MAX {
                continue;
            }
            let mut work: Vec<(usize, usize)> = vec![(root, 0)];
            while let Some((node, edge)) = work.pop() {
                if edge == 0 {
                    set(&mut index, node, next);
                    set(&mut low, node, next);
                    next += 1;
                    stack.push(node);
                    set(&mut on_stack, node, true);
                }
                let child = self.children.get(node).and_then(|children| children.get(edge));
                if let Some(child) = child.map(|child| child.0 as usize) {
                    work.push((node, edge + 1));
                    if get(&index, child) == u32::MAX {
                        work.push((child, 0));
                    } else if on_stack.get(child).copied().unwrap_or(false) {
                        let lowest = get(&low, node).min(get(&index, child));
                        set(&mut low, node, lowest);
                    }
                    continue;
                }
                if let Some(&(parent, _)) = work.last() {
                    let lowest = get(&low, parent).min(get(&low, node));
                    set(&mut low, parent, lowest);
                }
                if get(&low, node) == get(&index, node) {
                    let mut component = Vec::new();
                    while let Some(member) = stack.pop() {
                        set(&mut on_stack, member, false);
                        component.push(NodeId(u32::try_from(member).unwrap_or(u32::MAX)));
                        if member == node {
                            break;
                        }
                    }
                    components.push(component);
                }
            }
        }
        components
    }
}

/// The nodes that an enabled node reads, sorted, each once.
fn read_by(node: &Node) -> Vec<NodeId> {
    let mut parents: Vec<NodeId> = node.parents().filter(|_| node.enabled).collect();
    parents.sort_unstable();
    parents.dedup();
    parents
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(u32, u32)], count: usize) -> Graph {
        let mut parents = vec![Vec::new(); count];
        let mut children = vec![Vec::new(); count];
        for (from, to) in edges {
            children[*from as usize].push(NodeId(*to));
            parents[*to as usize].push(NodeId(*from));
        }
        Graph {
            parents: parents.into(),
            children: children.into(),
        }
    }

    fn cycles(edges: &[(u32, u32)], count: usize) -> Vec<Vec<u32>> {
        let found = graph(edges, count).cycles();
        found
            .into_iter()
            .map(|cycle| cycle.into_iter().map(|node| node.0).collect())
            .collect()
    }

    #[test]
    fn circles_are_found_as_paths() {
        assert!(cycles(&[(0, 1), (1, 2), (0, 2)], 3).is_empty());
        assert_eq!(cycles(&[(0, 1), (1, 0)], 2), [[0, 1, 0]]);
        assert_eq!(cycles(&[(0, 0)], 1), [[0, 0]]);
        assert_eq!(cycles(&[(3, 1), (1, 2), (2, 1)], 4), [[1, 2, 1]]);
        assert_eq!(
            cycles(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)], 5),
            vec![vec![0, 1, 2, 0], vec![3, 4, 3]]
        );
    }

    #[test]
    fn what_is_read_comes_before_what_reads_it() {
        let order = |edges: &[(u32, u32)], count| -> Vec<u32> {
            let order = graph(edges, count).by_depth();
            order.into_iter().map(|node| node.0).collect()
        };
        assert_eq!(order(&[], 3), [0, 1, 2]);
        assert_eq!(order(&[(2, 0), (2, 1), (0, 1)], 4), [2, 3, 0, 1]);
        assert_eq!(order(&[(3, 0), (0, 3), (0, 1), (2, 4)], 5), [2, 4, 0, 1, 3]);
        assert_eq!(order(&[(0, 0)], 1), [0]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let edges: Vec<_> = (0..200_000).map(|n| (n, n + 1)).collect();
        assert!(cycles(&edges, 200_001).is_empty());
    }
}
