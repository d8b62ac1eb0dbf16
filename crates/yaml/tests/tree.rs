//! Ranges, look-ups, aliases, merges and what to delete.

use glueline_base::{Value, slice};
use glueline_yaml::{Kind, ScalarKind, Style, Tag, parse, parse_stripped};

#[test]
fn nodes_know_their_bytes() {
    let text = "# c\nmodels:\n  - name: &n 'g\u{fc}n'  # d\n    tags: !!seq [a, {b: c}]\n    text: |\n      x\n      y\n\n  - other:\n\nlast: 1\n";
    let tree = parse(text);
    assert_eq!(tree.errors, []);
    let comments: Vec<_> = tree.comments.iter().map(|range| slice(text, *range)).collect();
    assert_eq!(comments, ["# c", "# d"]);
    let models = tree.root().unwrap().get("models").unwrap();
    let first = models.items().next().unwrap();
    let bytes = |key| slice(text, first.get(key).unwrap().range());
    assert_eq!(bytes("name"), "'g\u{fc}n'");
    assert_eq!(
        slice(text, first.get("name").unwrap().full_range()),
        "&n 'g\u{fc}n'"
    );
    assert_eq!(bytes("tags"), "[a, {b: c}]");
    assert_eq!(bytes("text"), "|\n      x\n      y");
    assert_eq!(slice(text, first.key_range("tags").unwrap()), "tags");
    assert!(
        slice(text, first.range()).starts_with("name: &n") && slice(text, first.range()).ends_with("      y")
    );
    let other = models.items().nth(1).unwrap().get("other").unwrap();
    assert!(other.is_null() && other.range().is_empty());
    assert!(
        text.get(usize::from(other.range().start())..)
            .unwrap()
            .starts_with("\n\nlast"),
        "right behind its colon"
    );
    assert!(
        slice(text, models.range()).starts_with("- name") && slice(text, models.range()).ends_with("other:")
    );
    assert_eq!(first.get("tags").unwrap().tag(), Some(Tag::Seq));
    let Kind::Scalar(block) = first.get("text").unwrap().kind() else {
        panic!("a scalar")
    };
    assert_eq!((block.style(), &*block.decoded()), (Style::Literal, "x\ny\n"));
}

#[test]
fn types_are_asked_for() {
    let tree = parse("a: '12'\nb: 12\nc: 2024-01-02\nd: yes\ne: !!str 12\n12: f\non: g\n");
    let root = tree.root().unwrap();
    let kind = |key| root.get(key).unwrap().scalar_kind().unwrap();
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(kind),
        [
            ScalarKind::Str,
            ScalarKind::Int,
            ScalarKind::Date,
            ScalarKind::Bool,
            ScalarKind::Str
        ]
    );
    assert_eq!(
        root.get("c").unwrap().scalar_value(),
        Value::Date("2024-01-02".into())
    );
    assert_eq!(root.get("c").unwrap().as_str(), None);
    assert_eq!(root.get("e").unwrap().as_str().as_deref(), Some("12"));
    assert!(
        root.get("12").is_none() && root.get("on").is_none(),
        "these keys are no texts"
    );
    let names: Vec<_> = root
        .raw_entries()
        .map(|entry| entry.name().into_owned())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "12", "True"]);
}

#[test]
fn merges_are_looked_up_as_in_python() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc:\n  <<: [*b, {y: 3, z: 3}]\n  w: 4\n'<<': 5\n";
    let tree = parse(text);
    let c = tree.root().unwrap().get("c").unwrap();
    assert_eq!(c.to_value(100).value.repr(), "{'y': 2, 'z': 3, 'x': 1, 'w': 4}");
    let get = |key| {
        c.get(key)
            .map(|node| node.scalar_value().repr())
            .unwrap_or_default()
    };
    assert_eq!(["w", "x", "y", "z", "<<"].map(get), ["4", "1", "2", "3", ""]);
    assert_eq!(c.raw_entries().len(), 2);
    assert!(
        tree.root().unwrap().get("<<").is_some(),
        "in quotes it is a key like others"
    );
}

#[test]
fn aliases_cost_nothing_and_never_loop() {
    let levels = (1..60).map(|level| {
        let below = level - 1;
        format!("a{level}: &a{level} {{k: [*a{below}, *a{below}], <<: [{{m: *a{below}}}]}}\n")
    });
    let text: String = std::iter::once("a0: &a0 [x]\n".to_owned())
        .chain(levels)
        .collect();
    let tree = parse(&text);
    assert_eq!(tree.errors, []);
    let last = tree.root().unwrap().get("a59").unwrap();
    assert!(!last.to_value(5000).value.is_known());
    assert!(last.get("m").is_some());

    let tree = parse("a: &a\n  b: *a\n  <<: *a\n  c: [*a]\n");
    assert_eq!(tree.errors, []);
    assert_eq!(
        tree.root().unwrap().to_value(100).value.repr(),
        "{'a': {'b': ..., 'c': [...]}}"
    );
    let alias = tree.root().unwrap().get("a").unwrap().get("b").unwrap();
    assert!(alias.is_unreadable() && !alias.is_null());

    let tree = parse("a: &a {b: 1}\nc: *a\n");
    let c = tree.root().unwrap().get("c").unwrap();
    assert!(c.is_alias() && c.is_mapping());
    assert_eq!(
        (usize::from(c.range().start()), usize::from(c.range().len())),
        (16, 2)
    );
    assert_eq!(c.get("b").unwrap().scalar_value(), Value::Int(1));
}

#[test]
fn keys_that_stand_twice_are_listed() {
    let text = "a: 1\nb: {c: 1, 'c': 2, d: 3}\na: 2\n1: x\n'1': y\ntrue: x\nyes: y\n<<: {a: 0}\n";
    let tree = parse(text);
    let found: Vec<_> = tree
        .duplicates
        .iter()
        .map(|duplicate| {
            (
                slice(text, duplicate.first),
                slice(text, duplicate.key),
                &*duplicate.name,
            )
        })
        .collect();
    assert_eq!(
        found,
        [("c", "'c'", "c"), ("a", "a", "a"), ("true", "yes", "True")]
    );
    assert_eq!(
        tree.root().unwrap().get("a").unwrap().scalar_value(),
        Value::Int(2)
    );
    assert_eq!(tree.errors, []);
}

#[test]
fn an_entry_goes_without_touching_its_neighbours() {
    let cases = [
        ("a: 1\nx: 2\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\r\nx: 2 # c\r\nb: 3\r\n", "a: 1\r\nb: 3\r\n"),
        ("a: 1\nx:\n  - 2\n  - 3\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\nx: |\n  2\n\nb: 3\n", "a: 1\n\nb: 3\n"),
        ("a: 1\nx: 2", "a: 1\n"),
        ("x:\nb: 3\n", "b: 3\n"),
        ("- x: 1\n  b: 2\n", "- b: 2\n"),
        ("- b: 1\n  x: 2\n", "- b: 1\n"),
        ("{a: 1, x: 2, b: 3}", "{a: 1, b: 3}"),
        ("{a: 1, x: [2]}", "{a: 1}"),
        ("{x: 2}", "{}"),
        ("a: 1\n? x\n: 2\nb: 3\n", "a: 1\nb: 3\n"),
        ("x: &y !!str 1\nb: 3\n", "b: 3\n"),
    ];
    for (text, expected) in cases {
        let tree = parse(text);
        let root = tree.root().unwrap();
        let map = root.items().next().unwrap_or(root);
        let range = map.entry("x").unwrap().deletion_range();
        let mut left = text.to_owned();
        left.replace_range(usize::from(range.start())..usize::from(range.end()), "");
        assert_eq!(left, expected);
    }
}

#[test]
fn stripping_takes_the_white_space_around_the_text() {
    let text = "\n\n  a: 1\n  b: |\n    x\n  \t\n";
    assert_eq!(parse(text).errors.len(), 1, "the tab");
    let stripped = parse_stripped(text);
    assert_eq!(
        slice(text, stripped.errors[0].range),
        "b:",
        "`a` stands in column 0"
    );
    let text = "\u{feff}a: 1\nb: |\n  x\n\t";
    let stripped = parse_stripped(text);
    assert_eq!(stripped.errors, []);
    let root = stripped.root().unwrap();
    assert_eq!(slice(text, root.range()), "a: 1\nb: |\n  x");
    assert_eq!(root.get("b").unwrap().as_str().as_deref(), Some("x"));
}

#[test]
fn depth_is_bounded() {
    for unit in ["- ", "[", "{a: ", "? ", "[a, {b: "] {
        let tree = parse(&unit.repeat(5000)).errors.len();
        assert!(tree > 0, "{unit}");
    }
    let tree = "[".repeat(100) + &"]".repeat(100);
    assert_eq!(parse(&tree).errors, []);
    let tree = parse(&"- ".repeat(200)).errors.clone();
    assert!(tree[0].message.contains("deep"), "{tree:?}");
}
