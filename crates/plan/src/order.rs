//! The order in which dbt takes up nodes with one thread (`GraphQueue` in `dbt/graph/queue.py`): by how deep they lie below what is
//! selected, then by id.

use glueline_project::{NodeId, Project, ResourceType};
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
        let chosen: FxHashSet<NodeId> = selected.iter().copied().collect();
        let mut waits_for: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        let mut known = FxHashMap::default();
        for node in selected {
            waits_for.insert(*node, nearest(project, *node, &chosen, &mut known, 0));
        }
        if tests_first {
            wait_for_tests(project, selected, &mut waits_for);
        }
        let depths = depths(selected, &waits_for);
        let mut nodes = selected.to_vec();
        nodes.sort_by_cached_key(|node| {
            let depth = depths.get(node).copied().unwrap_or_default();
            (depth, project.node(*node).unique_id.clone())
        });
        nodes.dedup();
        Self { nodes, waits_for }
    }
}

/// How far a chain of nodes that are not selected is followed.
const DEEPEST: usize = 10_000;

/// The selected nodes that a node comes after, through any number of nodes that are not selected.
fn nearest(
    project: &Project,
    node: NodeId,
    chosen: &FxHashSet<NodeId>,
    known: &mut FxHashMap<NodeId, Vec<NodeId>>,
    depth: usize,
) -> Vec<NodeId> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for parent in project.graph().parents(node) {
        if chosen.contains(parent) {
            found.push(*parent);
            continue;
        }
        if !known.contains_key(parent) {
            // Marked first: a cycle ends here.
            known.insert(*parent, Vec::new());
            let above = nearest(project, *parent, chosen, known, depth + 1);
            known.insert(*parent, above);
        }
        found.extend(known.get(parent).into_iter().flatten().copied());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Lets each node wait for the tests of those it waits for, where those tests look at nothing that comes later
/// (`add_test_edges` in `dbt/compilation.py`).
fn wait_for_tests(project: &Project, selected: &[NodeId], waits_for: &mut FxHashMap<NodeId, Vec<NodeId>>) {
    let is_test = |id: NodeId| matches!(project.node(id).kind, ResourceType::Test | ResourceType::UnitTest);
    let mut above: FxHashMap<NodeId, FxHashSet<NodeId>> = FxHashMap::default();
    let levels = depths(selected, waits_for);
    let mut by_level: Vec<NodeId> = selected.to_vec();
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
    for test in selected.iter().filter(|id| is_test(**id)) {
        for parent in waits_for.get(test).into_iter().flatten() {
            tests_of.entry(*parent).or_default().push(*test);
        }
    }
    for node in selected.iter().filter(|id| !is_test(**id)) {
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
