use super::*;
use crate::testing::{MemGraph, flow};
use crate::{Graph, select};

fn definition(text: &str) -> Selectors {
    let file = format!("{{selectors: [{{name: a, definition: {text}}}]}}");
    parse_selectors(&flow(&file), IndirectSelection::Eager)
}

#[test]
fn what_dbt_accepts_is_accepted() {
    for text in [
        "x",
        "\"a,b\"",
        "{tag: [x, y]}",
        "{tag: 5}",
        "{union: [{exclude: []}]}",
        "{union: []}",
        "{union: [{exclude: []}, {exclude: [b]}]}",
        "{union: [{union: [a], intersection: [b]}]}",
        "{method: tag, value: x, foo: 3}",
        "{method: tag, value: null}",
        "{method: tag, value: x, parents: true, parents_depth: \"2\"}",
        "{method: tag, value: x, parents: true, parents_depth: 1.5}",
        "{method: tag, value: x, exclude: [y, z]}",
        "{method: tag, value: ?}",
        "{method: ?, value: x}",
        "{method: tag, value: x, indirect_selection: ?}",
        "{union: [?]}",
        "{union: ?}",
        "?",
    ] {
        assert_eq!(definition(text).errors, [], "{text}");
    }
    for text in ["{}", "null", "?", "{selectors: []}", "{selectors: ?, version: 2}"] {
        assert_eq!(
            parse_selectors(&flow(text), IndirectSelection::Eager).errors,
            [],
            "{text}"
        );
    }
}

#[test]
fn what_dbt_refuses_is_placed() {
    for (text, part, message) in [
        (
            "[x]",
            "['x']",
            "`definition` has to be a text or a mapping, not a list",
        ),
        (
            "\"tga:x\"",
            "tga:x",
            "`tga` is no selection method; did you mean `tag`?",
        ),
        ("{union: a}", "a", "`union` has to be a list"),
        (
            "{union: [1]}",
            "1",
            "`union` lists texts and mappings; this is a whole number",
        ),
        (
            "{union: [{exclude: [a]}, {exclude: [b]}]}",
            "{'exclude': ['b']}",
            "`union` can hold one `exclude` only",
        ),
        (
            "{union: [a], x: 1}",
            "{'union': ['a'], 'x': 1}",
            "`union` has to be the only key of a selector's definition",
        ),
        (
            "{union: [a], intersection: [b]}",
            "{'union': ['a'], 'intersection': ['b']}",
            "`union` has to be the only key of a selector's definition",
        ),
        ("{exclude: [x]}", "exclude", "`exclude` is no selection method"),
        ("{method: tag}", "method", "`method` is no selection method"),
        (
            "{}",
            "{}",
            "a criterion is either one key (`tag: nightly`) or has `method` and `value`",
        ),
        ("{method: 5, value: x}", "5", "`method` has to be a text"),
        (
            "{method: tag, value: x, indirect_selection: bad}",
            "bad",
            "`indirect_selection` has to be one of `eager`, `cautious`, `buildable`, `empty`",
        ),
        (
            "{method: tag, value: x, parents_depth: y}",
            "y",
            "`parents_depth` has to be a whole number",
        ),
        (
            "{method: tag, value: x, children: 1, childrens_parents: true}",
            "{'method': 'tag', 'value': 'x', 'children': 1, 'childrens_parents': True}",
            "`childrens_parents` and `children` cannot be combined",
        ),
    ] {
        let found = definition(text).errors;
        let [error] = found.as_slice() else {
            panic!("{text}: {found:?}");
        };
        assert_eq!(
            (error.part.as_str(), error.message.as_str()),
            (part, message),
            "{text}"
        );
    }
}

#[test]
fn files_dbt_refuses() {
    for (text, message) in [
        ("{version: 2}", "selectors.yml has no key `selectors`"),
        (
            "[a]",
            "selectors.yml has to be a mapping with the key `selectors`",
        ),
        ("{selectors: {a: 1}}", "`selectors` has to be a list"),
        ("{selectors: [], x: 1}", "dbt knows no key `x` here"),
        (
            "{selectors: [], version: x}",
            "`version` has to be a whole number, not a text",
        ),
        ("{selectors: [{name: a}]}", "the selector has no `definition`"),
        ("{selectors: [{definition: x}]}", "the selector has no `name`"),
        (
            "{selectors: [{name: 1, definition: x}]}",
            "`name` has to be a text, not a whole number",
        ),
        (
            "{selectors: [{name: a, definition: x, foo: 1}]}",
            "dbt knows no key `foo` here",
        ),
        (
            "{selectors: [{name: a, definition: x, default: \"true\"}]}",
            "`default` has to be `true` or `false`, not a text",
        ),
        (
            "{selectors: [{name: a, definition: x, description: null}]}",
            "`description` has to be a text, not null",
        ),
        (
            "{selectors: [a]}",
            "a selector has to be a mapping with `name` and `definition`",
        ),
        (
            "{selectors: [{name: a, definition: x, default: true}, {name: b, definition: y, default: true}]}",
            "`a` and `b` cannot both be the default selector",
        ),
    ] {
        let errors = parse_selectors(&flow(text), IndirectSelection::Eager).errors;
        let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, [message], "{text}");
    }
}

#[test]
fn deep_definitions_are_refused_and_do_not_overflow() {
    let deep = format!("{}x{}", "{union: [".repeat(500), "]}".repeat(500));
    assert_eq!(definition(&deep).errors.len(), 1);
}

#[test]
fn selectors_may_not_refer_to_themselves() {
    let graph = MemGraph::read(include_str!("../recorded/nodes.txt"));
    let file = |text: &str| parse_selectors(&flow(text), IndirectSelection::Eager).selectors;
    let error = |selectors: &[Selector]| {
        let selection = select(&graph, &selectors[0].spec, selectors, |_| true);
        selection.error.map(|error| error.message)
    };
    let circle =
        file("{selectors: [{name: a, definition: \"selector:b\"}, {name: b, definition: \"selector:a\"}]}");
    assert_eq!(
        error(&circle).as_deref(),
        Some("the selector `b` refers to itself")
    );
    let chain: Vec<_> = (0..1000)
        .map(|index| format!("{{name: s{index}, definition: \"selector:s{}\"}}", index + 1))
        .collect();
    let chain = file(&format!("{{selectors: [{}]}}", chain.join(", ")));
    assert_eq!(error(&chain).as_deref(), Some("the selection nests too deeply"));
    // Without memory this would be evaluated 2^30 times.
    let doubling: Vec<_> = (0..30)
        .map(|index| {
            let next = index + 1;
            format!(
                "{{name: s{index}x, definition: {{union: [\"selector:s{next}x\", \"selector:s{next}x\"]}}}}"
            )
        })
        .collect();
    let doubling = file(&format!(
        "{{selectors: [{}, {{name: s30x, definition: orders}}]}}",
        doubling.join(", ")
    ));
    assert_eq!(error(&doubling), None);
    let last_counts = file(
        "{selectors: [{name: a, definition: \"selector:b\"}, {name: b, definition: \"selector:a\"}, {name: b, definition: stg_c}]}",
    );
    assert_eq!(error(&last_counts), None);
}

/// Every node of a file replaced by every odd value: no panic, and every range inside the file.
#[test]
fn torn_files_are_read() {
    let text = "{version: 2, selectors: [{name: a, description: d, default: true, definition: {union: [\"tag:é\", \
        {method: config.x, value: 1, parents: true, parents_depth: 2, indirect_selection: empty, \
        exclude: [b, {intersection: [c, {tag: d}]}]}, {exclude: [e]}]}}, {name: b, definition: \"@selector:a\"}]}";
    let graph = MemGraph::read(include_str!("../recorded/nodes.txt"));
    let file = flow(text);
    let odd = [
        "null",
        "?",
        "true",
        "-1",
        "2.5",
        "\"\"",
        "\"+\"",
        "[]",
        "{}",
        "[?]",
        "{a: b}",
        "{union: [x]}",
    ];
    let count = count_nodes(&file);
    assert!(count > 25);
    for index in 0..count {
        for value in odd {
            let mut torn = file.clone();
            replace(&mut torn, &mut index.clone(), &flow(value).value);
            let found = parse_selectors(&torn, IndirectSelection::Eager);
            for error in &found.errors {
                let range = error.range.expect("a place in the file");
                assert!(
                    text.get(usize::from(range.start())..usize::from(range.end()))
                        .is_some()
                );
            }
            for selector in &found.selectors {
                let selection = select(&graph, &selector.spec, &found.selectors, |_| true);
                assert!(selection.nodes.iter().all(|node| *node < graph.node_count()));
            }
        }
    }
}

fn count_nodes(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(count_nodes).sum(),
        Value::Map(entries) => entries.iter().map(|entry| count_nodes(&entry.value)).sum(),
        _ => 0,
    }
}

/// Replaces the node that is `left` nodes ahead.
fn replace(node: &mut Node, left: &mut usize, value: &Value) -> bool {
    if *left == 0 {
        node.value = value.clone();
        return true;
    }
    *left -= 1;
    match &mut node.value {
        Value::List(items) => items.iter_mut().any(|item| replace(item, left, value)),
        Value::Map(entries) => entries
            .iter_mut()
            .any(|entry| replace(&mut entry.value, left, value)),
        _ => false,
    }
}
