//! Evaluating a selection over a graph.

use crate::graph::{Graph, ResourceType};
use crate::methods;
use crate::node_set::NodeSet;
use crate::spec::{Criterion, Group, IndirectSelection, Method, Reach, SelectError, Spec};
use crate::{Glob, Selector};

/// How deep expressions and `selector:` references may nest together.
const MAX_DEPTH: usize = 200;

/// What a selection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The selected nodes, in the order of their unique ids; empty where there is an error.
    pub nodes: Vec<usize>,
    /// The criteria of the command line that select nothing, as written: dbt warns of each.
    pub unmatched: Vec<String>,
    /// Why dbt refuses the selection.
    pub error: Option<SelectError>,
}

/// Evaluates a selection.
///
/// `selectors` is what `selector:` may refer to. `keep` is what the command runs at all (`--resource-type`, the
/// kinds of `dbt test`, nodes that are not empty); it filters the result, and that of every `selector:`.
pub fn select<G: Graph>(
    graph: &G,
    spec: &Spec,
    selectors: &[Selector],
    keep: impl Fn(usize) -> bool,
) -> Selection {
    let mut evaluator = Evaluator {
        graph,
        keep: &keep,
        selectors: effective(selectors),
        unmatched: Vec::new(),
        depth: 0,
    };
    let result = evaluator.selected(spec);
    let unmatched = evaluator.unmatched;
    match result {
        Ok(set) => {
            let mut nodes: Vec<_> = set.iter().collect();
            nodes.sort_by_key(|node| graph.unique_id(*node));
            Selection {
                nodes,
                unmatched,
                error: None,
            }
        }
        Err(error) => Selection {
            nodes: Vec::new(),
            unmatched,
            error: Some(error),
        },
    }
}

/// The selectors by name, the last of each name.
fn effective(selectors: &[Selector]) -> Vec<Referred<'_>> {
    let mut all: Vec<_> = selectors
        .iter()
        .rev()
        .map(|selector| Referred {
            selector,
            state: Resolution::Open,
        })
        .collect();
    all.sort_by(|a, b| a.selector.name.value.cmp(&b.selector.name.value));
    all.dedup_by(|a, b| a.selector.name.value == b.selector.name.value);
    all
}

struct Referred<'a> {
    selector: &'a Selector,
    state: Resolution,
}

enum Resolution {
    Open,
    Active,
    Done(NodeSet),
}

/// What a part selects, and what it would select if tests with a single parent selected came in.
struct Bundle {
    direct: NodeSet,
    indirect: NodeSet,
}

struct Evaluator<'a, G> {
    graph: &'a G,
    keep: &'a dyn Fn(usize) -> bool,
    selectors: Vec<Referred<'a>>,
    unmatched: Vec<String>,
    depth: usize,
}

impl<'a, G: Graph> Evaluator<'a, G> {
    fn selected(&mut self, spec: &'a Spec) -> Result<NodeSet, SelectError> {
        let selected = self.bundle(spec)?.direct;
        let mut kept = self.empty();
        for node in selected.iter().filter(|node| (self.keep)(*node)) {
            kept.insert(node);
        }
        Ok(kept)
    }

    fn bundle(&mut self, spec: &'a Spec) -> Result<Bundle, SelectError> {
        if self.depth >= MAX_DEPTH {
            let message = "the selection nests too deeply";
            return Err(SelectError::new(message, String::new(), None));
        }
        self.depth += 1;
        let bundle = match spec {
            Spec::Criterion(criterion) => self.criterion(criterion),
            Spec::Union(group) => self.group(group, NodeSet::unite),
            Spec::Intersection(group) => self.group(group, NodeSet::intersect),
            Spec::Difference(group) => self.group(group, NodeSet::subtract),
            Spec::Unknown(range) => Err(SelectError::new(
                "a part of the selector cannot be known without running it",
                String::new(),
                Some(*range),
            )),
        };
        self.depth -= 1;
        bundle
    }

    fn group(
        &mut self,
        group: &'a Group,
        combine: fn(&mut NodeSet, &NodeSet),
    ) -> Result<Bundle, SelectError> {
        let mut combined: Option<Bundle> = None;
        for part in &group.parts {
            let mut bundle = self.bundle(part)?;
            bundle.indirect.unite(&bundle.direct);
            match &mut combined {
                None => combined = Some(bundle),
                Some(combined) => {
                    combine(&mut combined.direct, &bundle.direct);
                    combine(&mut combined.indirect, &bundle.indirect);
                }
            }
        }
        let mut bundle = combined.unwrap_or_else(|| Bundle {
            direct: self.empty(),
            indirect: self.empty(),
        });
        self.bring_in_completed_tests(&mut bundle, group.indirect);
        if let Some(raw) = &group.must_match
            && bundle.direct.is_empty()
        {
            self.unmatched.push(raw.clone());
        }
        Ok(bundle)
    }

    fn criterion(&mut self, criterion: &'a Criterion) -> Result<Bundle, SelectError> {
        let mut direct = if criterion.method == Method::Selector {
            self.referred(criterion)?
        } else {
            methods::search(self.graph, criterion)?
        };
        let relatives = self.relatives(criterion, &direct);
        direct.unite(&relatives);
        // The tests of a referred selector were already brought in, or excluded, by itself.
        if criterion.indirect == IndirectSelection::Empty || criterion.method == Method::Selector {
            let indirect = self.empty();
            return Ok(Bundle { direct, indirect });
        }
        Ok(self.with_tests(&direct, criterion.indirect))
    }

    /// `selector:name`: the union of the selectors whose names match.
    fn referred(&mut self, criterion: &Criterion) -> Result<NodeSet, SelectError> {
        let name = methods::text_value(criterion)?;
        let fail = |message: String| SelectError::new(message, criterion.raw.as_str(), criterion.range);
        let glob = Glob::new(name);
        let mut union = self.empty();
        let mut found = false;
        for index in 0..self.selectors.len() {
            let Some(referred) = self.selectors.get_mut(index) else {
                continue;
            };
            if !glob.matches(&referred.selector.name.value) {
                continue;
            }
            found = true;
            let selector = referred.selector;
            match &referred.state {
                Resolution::Done(set) => {
                    union.unite(set);
                    continue;
                }
                Resolution::Active => {
                    let name = &selector.name.value;
                    return Err(fail(format!("the selector `{name}` refers to itself")));
                }
                Resolution::Open => referred.state = Resolution::Active,
            }
            let set = self.selected(&selector.spec)?;
            union.unite(&set);
            if let Some(referred) = self.selectors.get_mut(index) {
                referred.state = Resolution::Done(set);
            }
        }
        if !found {
            return Err(fail(format!("no selector in selectors.yml matches `{name}`")));
        }
        Ok(union)
    }

    fn relatives(&self, criterion: &Criterion, selected: &NodeSet) -> NodeSet {
        let mut relatives = self.empty();
        if criterion.childrens_parents {
            let mut family = self.descendants(selected, Reach::All);
            family.unite(selected);
            relatives.unite(&self.ancestors(&family, Reach::All));
            relatives.unite(&family);
        }
        if let Some(reach) = criterion.parents {
            relatives.unite(&self.ancestors(selected, reach));
        }
        if let Some(reach) = criterion.children {
            relatives.unite(&self.descendants(selected, reach));
        }
        relatives
    }

    fn ancestors(&self, of: &NodeSet, reach: Reach) -> NodeSet {
        self.reachable(of, reach, |node, visit| {
            self.graph.parents(node).for_each(visit);
        })
    }

    fn descendants(&self, of: &NodeSet, reach: Reach) -> NodeSet {
        self.reachable(of, reach, |node, visit| {
            self.graph.children(node).for_each(visit);
        })
    }

    fn reachable(
        &self,
        from: &NodeSet,
        reach: Reach,
        neighbours: impl Fn(usize, &mut dyn FnMut(usize)),
    ) -> NodeSet {
        let mut found = self.empty();
        let mut layer: Vec<_> = from.iter().collect();
        let mut steps = 0;
        while !layer.is_empty()
            && (reach == Reach::All || matches!(reach, Reach::Steps(most) if steps < most))
        {
            let mut next = Vec::new();
            for node in layer {
                neighbours(node, &mut |neighbour| {
                    if found.insert(neighbour) {
                        next.push(neighbour);
                    }
                });
            }
            layer = next;
            steps += 1;
        }
        found
    }

    /// Brings in the tests of what is selected, as far as the mode allows; the others are kept aside.
    fn with_tests(&self, selected: &NodeSet, mode: IndirectSelection) -> Bundle {
        let mut direct = selected.clone();
        let mut indirect = self.empty();
        let buildable = (mode == IndirectSelection::Buildable).then(|| {
            let mut buildable = self.ancestors(selected, Reach::All);
            buildable.unite(selected);
            for node in 0..self.graph.node_count() {
                if self.graph.resource_type(node) == ResourceType::Source {
                    buildable.insert(node);
                }
            }
            buildable
        });
        for child in selected.iter().flat_map(|node| self.graph.children(node)) {
            let is_test = matches!(
                self.graph.resource_type(child),
                ResourceType::Test | ResourceType::UnitTest
            );
            if !is_test {
                continue;
            }
            let comes_in = mode == IndirectSelection::Eager
                || self.depends_only_on(child, selected)
                || buildable
                    .as_ref()
                    .is_some_and(|buildable| self.depends_only_on(child, buildable));
            if comes_in {
                direct.insert(child);
            } else {
                indirect.insert(child);
            }
        }
        Bundle { direct, indirect }
    }

    /// Brings in tests kept aside whose parents turned out to be selected by different parts.
    fn bring_in_completed_tests(&self, bundle: &mut Bundle, mode: IndirectSelection) {
        let mut present = bundle.direct.clone();
        match mode {
            IndirectSelection::Eager | IndirectSelection::Empty => return,
            IndirectSelection::Cautious => {}
            IndirectSelection::Buildable => present.unite(&self.ancestors(&bundle.direct, Reach::All)),
        }
        let mut waiting = bundle.indirect.clone();
        waiting.subtract(&bundle.direct);
        for node in waiting.iter() {
            let is_data_test = self.graph.resource_type(node) == ResourceType::Test;
            if is_data_test && self.depends_only_on(node, &present) {
                bundle.direct.insert(node);
            }
        }
    }

    fn depends_only_on(&self, node: usize, set: &NodeSet) -> bool {
        self.graph.parents(node).all(|parent| set.contains(parent))
    }

    fn empty(&self) -> NodeSet {
        NodeSet::empty(self.graph.node_count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_arguments;
    use crate::testing::MemGraph;

    fn run(graph: &MemGraph, raw: &str) -> Selection {
        let (spec, errors) = parse_arguments(&[raw], &[""; 0], IndirectSelection::Eager);
        assert_eq!(errors, [], "{raw}");
        select(graph, &spec, &[], |_| true)
    }

    #[test]
    fn state_is_asked_of_the_graph() {
        let mut graph = MemGraph::read(include_str!("recorded/nodes.txt"));
        let count = graph.node_count();
        let modified: Vec<_> = (0..count)
            .filter(|node| graph.unique_id(*node) == "seed.shop.countries")
            .collect();
        graph.modified = Some(modified.clone());
        assert_eq!(run(&graph, "state:modified").nodes, modified);
        assert_eq!(run(&graph, "state:unmodified").nodes.len(), count - 1);
        assert_eq!(
            run(&graph, "state:modified+1").nodes.len(),
            3,
            "with stg_c and its test"
        );
        assert_eq!(run(&graph, "state:new").unmatched, ["state:new"]);
        let error = run(&graph, "state:changed").error.expect("an error");
        assert!(error.message.starts_with("`changed` is no state"), "{error}");
    }

    /// A layered project of 10,000 models: work is bounded by nodes and edges, whatever the depth.
    #[test]
    fn large_graphs_are_walked_once() {
        let lines: Vec<_> = (0..10_000)
            .map(|node| {
                let name = format!("m{node:05}");
                format!("id: model.shop.{name} | type: model | name: {name} | package: shop | fqn: shop/{name} | path: models/{name}.sql")
            })
            .collect();
        let mut graph = MemGraph::read(&lines.join("\n"));
        for node in 1..10_000 {
            for parent in [node - 1, node / 2] {
                graph.link(parent, node);
            }
        }
        assert_eq!(run(&graph, "@m00000").nodes.len(), 10_000);
        assert_eq!(run(&graph, "+m09999").nodes.len(), 10_000);
        assert_eq!(run(&graph, "m09990+5").nodes.len(), 6);
    }

    #[test]
    fn torn_criteria_are_evaluated() {
        let graph = MemGraph::read(include_str!("recorded/nodes.txt"));
        for raw in [
            "2+config.meta.owner.team:core+3",
            "@path:models/**/é?[a-b]*.sql",
            "fqn:shop.marts.core.customers.v[12]",
            "source:shop.raw.*,tag:[!a]*",
            "test_type:generic selector:x",
            "unit_test:a.b.c",
        ] {
            let cuts = raw.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
            for (start, end) in cuts {
                let (before, rest) = raw.split_at(start);
                let without = format!("{before}{}", rest.split_at(end - start).1);
                for text in [before, rest, &without] {
                    let (spec, _) = parse_arguments(&[text], &[raw], IndirectSelection::Buildable);
                    let selection = select(&graph, &spec, &[], |_| true);
                    assert!(selection.nodes.iter().all(|node| *node < graph.node_count()));
                }
            }
        }
    }
}
