//! The order in which dbt takes up nodes (`GraphQueue` in `dbt/graph/queue.py`): each is handed on once all that it waits for is
//! done, and those that become ready together by how deep they lie below what is selected, then by id.
//!
//! dbt hands every ready node to its threads at once, and they take them up in that order: what becomes ready later comes later,
//! however deep it lies.

use std::collections::VecDeque;

use glueline_project::{NodeId, Project, Resolution, ResourceType};
use rustc_hash::{FxHashMap, FxHashSet};

/// The nodes of a run in order, each with those that it waits for.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// The nodes in the order in which one thread takes them up.
    pub(crate) nodes: Vec<NodeId>,
    /// For each node the selected ones that come before it: directly, or through nodes that are not selected.
    pub(crate) waits_for: FxHashMap<NodeId, Vec<NodeId>>,
    /// The nodes that wait for nothing, in order.
    first: Vec<NodeId>,
    /// The nodes that wait for a node, in order, each as often as it waits for it.
    children: FxHashMap<NodeId, Vec<NodeId>>,
    /// The unit tests that are run right before a model.
    tests: FxHashMap<NodeId, Vec<NodeId>>,
}

/// What is ready, and what waits.
#[derive(Debug)]
pub(crate) struct Line<'o> {
    order: &'o Order,
    ready: VecDeque<NodeId>,
    /// How much each node still waits for, where something of it is done.
    left: FxHashMap<NodeId, usize>,
}

impl Line<'_> {
    /// The node that is next, where one is ready.
    pub(crate) fn take(&mut self) -> Option<NodeId> {
        self.ready.pop_front()
    }

    /// Lets those come that waited for a node.
    pub(crate) fn done(&mut self, node: NodeId) {
        for child in self.order.children.get(&node).into_iter().flatten() {
            let left = self
                .left
                .entry(*child)
                .or_insert_with(|| self.order.parents(*child));
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.ready.push_back(*child);
            }
        }
    }
}

impl Order {
    /// Orders the nodes of a selection. With `tests_first`, a node waits for the tests of what it reads, as `dbt build` has it.
    pub(crate) fn new(project: &Project, selected: &[NodeId], tests_first: bool) -> Self {
        let is_unit_test = |id: &NodeId| project.node(*id).kind == ResourceType::UnitTest;
        let (beside, queued): (Vec<NodeId>, Vec<NodeId>) = selected
            .iter()
            .copied()
            .partition(|node| tests_first && is_unit_test(node));
        let selected = &queued;
        let chosen: FxHashSet<NodeId> = selected.iter().copied().collect();
        let mut edges: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        if tests_first {
            let all: Vec<NodeId> = project.nodes().iter().map(|node| node.id).collect();
            for node in &all {
                edges.insert(*node, project.graph().parents(*node).to_vec());
            }
            wait_for_tests(project, &all, &mut edges);
        }
        let parents = |node: NodeId| {
            let of_graph = || project.graph().parents(node);
            edges.get(&node).map_or_else(of_graph, Vec::as_slice)
        };
        let mut waits_for: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        let mut known = FxHashMap::default();
        for node in selected {
            waits_for.insert(*node, nearest(&parents, *node, &chosen, &mut known, 0));
        }
        let mut order = Self {
            waits_for,
            ..Self::default()
        };
        order.line_up(project, selected);
        order.put_unit_tests(project, &beside);
        order.nodes = order.one_by_one();
        order
    }

    /// The nodes that wait for nothing, and the others behind what they wait for.
    fn line_up(&mut self, project: &Project, selected: &[NodeId]) {
        let levels = depths(selected, &self.waits_for);
        let mut nodes = selected.to_vec();
        nodes.sort_by_cached_key(|id| (levels.get(id).copied(), project.node(*id).unique_id.clone()));
        for node in nodes {
            let parents = self.waits_for.get(&node).map_or(&[][..], Vec::as_slice);
            if parents.is_empty() {
                self.first.push(node);
            }
            for parent in parents {
                self.children.entry(*parent).or_default().push(node);
            }
        }
    }

    /// For how much a node waits, unit tests of its own left out.
    fn parents(&self, node: NodeId) -> usize {
        let tests = self.tests.get(&node).map_or(0, Vec::len);
        let all = self.waits_for.get(&node).map_or(0, Vec::len);
        all.saturating_sub(tests)
    }

    /// What is ready when nothing is done.
    pub(crate) fn line(&self) -> Line<'_> {
        Line {
            order: self,
            ready: self.first.iter().copied().collect(),
            left: FxHashMap::default(),
        }
    }

    /// The unit tests of a model, and the model: what is taken up at once.
    pub(crate) fn unit(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let tests = self.tests.get(&node).into_iter().flatten().copied();
        tests.chain([node])
    }

    /// The nodes in the order in which a single thread takes them up.
    fn one_by_one(&self) -> Vec<NodeId> {
        let mut line = self.line();
        let mut nodes = Vec::with_capacity(self.waits_for.len());
        while let Some(node) = line.take() {
            nodes.extend(self.unit(node));
            line.done(node);
        }
        nodes
    }

    /// `dbt build` runs the unit tests of a model right before it (`call_model_and_unit_tests_runner` in `dbt/task/build.py`). Each
    /// waits for what the model waits for, and for those before it: where one fails, dbt marks the model as skipped, and with it
    /// those that are left.
    fn put_unit_tests(&mut self, project: &Project, tests: &[NodeId]) {
        for test in tests {
            let Some(model) = tested(project, *test) else {
                continue;
            };
            let Some(waits) = self.waits_for.get_mut(&model) else {
                continue;
            };
            let before = waits.clone();
            waits.push(*test);
            self.waits_for.insert(*test, before);
            self.tests.entry(model).or_default().push(*test);
        }
    }
}

/// The model that a unit test is for.
fn tested(project: &Project, test: NodeId) -> Option<NodeId> {
    match project.node(test).dependencies.first()?.resolution {
        Resolution::Node(model) => Some(model),
        _ => None,
    }
}

/// How far a chain of nodes that are not selected is followed.
const DEEPEST: usize = 10_000;

/// The selected nodes that a node comes after, through any number of nodes that are not selected.
fn nearest<'a>(
    parents: &impl Fn(NodeId) -> &'a [NodeId],
    node: NodeId,
    chosen: &FxHashSet<NodeId>,
    known: &mut FxHashMap<NodeId, Vec<NodeId>>,
    depth: usize,
) -> Vec<NodeId> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for parent in parents(node) {
        if chosen.contains(parent) {
            found.push(*parent);
            continue;
        }
        if !known.contains_key(parent) {
            // Marked first: a cycle ends here.
            known.insert(*parent, Vec::new());
            let above = nearest(parents, *parent, chosen, known, depth + 1);
            known.insert(*parent, above);
        }
        found.extend(known.get(parent).into_iter().flatten().copied());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Lets each node wait for the tests of those it waits for, sources too, where those tests look at nothing that comes later
/// (`add_test_edges` in `dbt/compilation.py`).
fn wait_for_tests(project: &Project, nodes: &[NodeId], waits_for: &mut FxHashMap<NodeId, Vec<NodeId>>) {
    let is_test = |id: NodeId| project.node(id).kind == ResourceType::Test;
    let is_made = |id: NodeId| {
        matches!(
            project.node(id).kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot | ResourceType::Analysis
        )
    };
    let mut above: FxHashMap<NodeId, FxHashSet<NodeId>> = FxHashMap::default();
    let levels = depths(nodes, waits_for);
    let mut by_level: Vec<NodeId> = nodes.to_vec();
    by_level.sort_by_key(|node| (levels.get(node).copied().unwrap_or_default(), *node));
    for node in &by_level {
        let mut all = FxHashSet::default();
        for parent in waits_for.get(node).into_iter().flatten() {
            all.insert(*parent);
            all.extend(above.get(parent).into_iter().flatten().copied());
        }
        above.insert(*node, all);
    }
    let mut tests_of: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
    for test in nodes.iter().filter(|id| is_test(**id)) {
        for parent in waits_for.get(test).into_iter().flatten() {
            tests_of.entry(*parent).or_default().push(*test);
        }
    }
    for node in nodes.iter().filter(|id| is_made(**id)) {
        let Some(reachable) = above.get(node) else {
            continue;
        };
        let mut tests = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "what comes of it is sorted")]
        for parent in reachable {
            for test in tests_of.get(parent).into_iter().flatten() {
                let looks_at = waits_for.get(test).map_or(&[][..], Vec::as_slice);
                if looks_at.iter().all(|seen| reachable.contains(seen)) {
                    tests.push(*test);
                }
            }
        }
        let waits = waits_for.entry(*node).or_default();
        waits.extend(tests);
        waits.sort_unstable();
        waits.dedup();
    }
}

/// How deep each node lies: one deeper than the deepest that it waits for.
fn depths(selected: &[NodeId], waits_for: &FxHashMap<NodeId, Vec<NodeId>>) -> FxHashMap<NodeId, usize> {
    let mut children: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
    let mut waiting: FxHashMap<NodeId, usize> = FxHashMap::default();
    for node in selected {
        let parents = waits_for.get(node).map_or(&[][..], Vec::as_slice);
        waiting.insert(*node, parents.len());
        for parent in parents {
            children.entry(*parent).or_default().push(*node);
        }
    }
    let mut depths: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut level: Vec<NodeId> = selected
        .iter()
        .copied()
        .filter(|node| waiting.get(node) == Some(&0))
        .collect();
    let mut depth = 0;
    while !level.is_empty() {
        let mut next = Vec::new();
        for node in level {
            depths.insert(node, depth);
            for child in children.get(&node).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(child) {
                    *count -= 1;
                    if *count == 0 {
                        next.push(*child);
                    }
                }
            }
        }
        level = next;
        depth += 1;
    }
    depths
}
