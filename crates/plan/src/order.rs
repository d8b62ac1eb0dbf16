//! The order in which dbt takes up nodes with one thread (`GraphQueue` in `dbt/graph/queue.py`): each is handed on once all that it
//! waits for is done, and those that become ready together by how deep they lie below what is selected, then by id.

use glueline_project::{NodeId, Project, Resolution, ResourceType};
use rustc_hash::{FxHashMap, FxHashSet};

/// The nodes of a run in order, each with those that it waits for.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// The nodes in the order in which they are taken up.
    pub(crate) nodes: Vec<NodeId>,
    /// For each node the selected ones that come before it: directly, or through nodes that are not selected.
    pub(crate) waits_for: FxHashMap<NodeId, Vec<NodeId>>,
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
            nodes: queue(project, selected, &waits_for),
            waits_for,
        };
        order.put_unit_tests(project, &beside);
        order
    }

    /// `dbt build` runs the unit tests of a model right before it (`call_model_and_unit_tests_runner` in `dbt/task/build.py`). Each
    /// waits for what the model waits for, and for those before it: where one fails, dbt marks the model as skipped, and with it
    /// those that are left.
    fn put_unit_tests(&mut self, project: &Project, tests: &[NodeId]) {
        let mut of_model: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        for test in tests {
            if let Some(model) = tested(project, *test) {
                of_model.entry(model).or_default().push(*test);
            }
        }
        let mut nodes = Vec::with_capacity(self.nodes.len() + tests.len());
        for node in std::mem::take(&mut self.nodes) {
            let tests = of_model.remove(&node).unwrap_or_default();
            let waits = self.waits_for.entry(node).or_default();
            let mut before = waits.clone();
            waits.extend(&tests);
            for test in &tests {
                self.waits_for.insert(*test, before.clone());
                before.push(*test);
            }
            nodes.extend(tests);
            nodes.push(node);
        }
        self.nodes = nodes;
    }
}

/// The model that a unit test is for.
fn tested(project: &Project, test: NodeId) -> Option<NodeId> {
    match project.node(test).dependencies.first()?.resolution {
        Resolution::Node(model) => Some(model),
        _ => None,
    }
}

/// The nodes in the order in which a single thread takes them up.
fn queue(project: &Project, selected: &[NodeId], waits_for: &FxHashMap<NodeId, Vec<NodeId>>) -> Vec<NodeId> {
    let levels = depths(selected, waits_for);
    let key = |id: &NodeId| (levels.get(id).copied(), project.node(*id).unique_id.clone());
    let mut children: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
    let mut left: FxHashMap<NodeId, usize> = FxHashMap::default();
    for node in selected {
        let parents = waits_for.get(node).map_or(&[][..], Vec::as_slice);
        left.insert(*node, parents.len());
        for parent in parents {
            children.entry(*parent).or_default().push(*node);
        }
    }
    let mut queue: Vec<NodeId> = selected
        .iter()
        .copied()
        .filter(|node| left.get(node) == Some(&0))
        .collect();
    queue.sort_by_cached_key(key);
    let mut at = 0;
    while let Some(done) = queue.get(at).copied() {
        at += 1;
        let mut ready = Vec::new();
        for child in children.get(&done).into_iter().flatten() {
            if let Some(count) = left.get_mut(child) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*child);
                }
            }
        }
        ready.sort_by_cached_key(key);
        queue.extend(ready);
    }
    queue
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
