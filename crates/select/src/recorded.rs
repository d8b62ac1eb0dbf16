//! What `dbt ls` of dbt-core 1.12.6 answered for a small project, compared with this crate.
//!
//! `recorded/nodes.txt` are the nodes of its manifest, `recorded/selections.txt` the answers: `$` is the command,
//! `~` a criterion dbt warned of, `!` a refusal, and the rest are the selected nodes.

use crate::testing::{MemGraph, flow};
use crate::{
    Graph, IndirectSelection, ResourceType, Selection, Selectors, Spec, parse_arguments, parse_selectors,
    select,
};

const SELECTORS: &str = r#"{selectors: [
    {name: nightly, definition: "tag:nightly"},
    {name: u, definition: {union: ["tag:stg", {method: fqn, value: orders, parents: true, parents_depth: 1},
        {exclude: [stg_b]}]}},
    {name: i, definition: {intersection: [{method: path, value: models/marts, children: true},
        {method: config.materialized, value: table}, {exclude: [{method: tag, value: slow}, "fqn:revenue"]}]}},
    {name: inh, definition: {method: selector, value: u, children: true, children_depth: 1}},
    {name: caut, definition: {method: fqn, value: orders, indirect_selection: cautious}},
    {name: build, definition: {method: fqn, value: orders, indirect_selection: buildable}},
    {name: empt, definition: {method: fqn, value: orders, indirect_selection: empty}},
    {name: excl, definition: {method: tag, value: mart, exclude: [revenue]}},
    {name: cp, definition: {method: fqn, value: revenue, childrens_parents: true}},
    {name: boolconf, definition: {config.enabled: true}},
    {name: zero, definition: {method: fqn, value: revenue, parents: true, parents_depth: 0}},
    {name: nest, definition: {union: [{intersection: ["tag:mart", "config.materialized:view"]},
        {union: [{method: selector, value: "ca*"}, {method: source, value: raw.a}]}]}}]}"#;

#[test]
fn selections_are_those_of_dbt() {
    let graph = MemGraph::read(include_str!("recorded/nodes.txt"));
    let recorded = include_str!("recorded/selections.txt");
    let mut differences = Vec::new();
    let mut count = 0;
    for block in recorded.split("$ ").skip(1) {
        let (command, expected) = block.split_once('\n').unwrap();
        let answer = answer(&graph, command);
        if answer != expected {
            differences.push(format!("$ {command}\nexpected\n{expected}\ngot\n{answer}"));
        }
        count += 1;
    }
    assert!(count > 150, "{count} recorded selections");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn answer(graph: &MemGraph, command: &str) -> String {
    let words = shell_words(command);
    let mut select_values: Vec<&str> = Vec::new();
    let mut exclude: Vec<&str> = Vec::new();
    let mut kinds: Vec<ResourceType> = Vec::new();
    let mut selector = None;
    let mut indirect = IndirectSelection::Eager;
    let mut option = "";
    for word in &words {
        match (option, word.as_str()) {
            (_, flag) if flag.starts_with("--") => option = flag,
            ("--select", value) => select_values.push(value),
            ("--exclude", value) => exclude.push(value),
            ("--selector", value) => selector = Some(value),
            ("--indirect-selection", value) => indirect = IndirectSelection::from_name(value).unwrap(),
            ("--resource-type", value) => kinds.push(ResourceType::from_name(value).unwrap()),
            other => panic!("unexpected {other:?}"),
        }
    }
    let selectors = parse_selectors(&flow(SELECTORS), indirect);
    assert_eq!(selectors.errors, []);
    let (spec, errors) = parse_arguments(&select_values, &exclude, indirect);
    if !errors.is_empty() {
        return "!\n".to_owned();
    }
    let spec = selector.map_or(&spec, |name| named(&selectors, name));
    let is_listed = |node: usize| {
        let kind = graph.resource_type(node);
        // `dbt ls` lists no analyses unless asked.
        if kinds.is_empty() {
            kind != ResourceType::Analysis
        } else {
            kinds.contains(&kind)
        }
    };
    show(graph, &select(graph, spec, &selectors.selectors, is_listed))
}

fn named<'a>(selectors: &'a Selectors, name: &str) -> &'a Spec {
    &selectors.get(name).expect("a known selector").spec
}

fn show(graph: &MemGraph, selection: &Selection) -> String {
    if selection.error.is_some() {
        return "!\n".to_owned();
    }
    let warnings = selection.unmatched.iter().map(|raw| format!("~ {raw}\n"));
    let nodes = selection
        .nodes
        .iter()
        .map(|node| format!("  {}\n", graph.unique_id(*node)));
    warnings.chain(nodes).collect()
}

fn shell_words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
