//! No text makes the reader panic, run on, or point outside of the text.

#![expect(clippy::expect_used, clippy::string_slice, reason = "a test may fail loudly")]

use glueline_base::TextRange;
use glueline_yaml::{Kind, NodeRef, Tree, parse, parse_stripped};

const TEXTS: [&str; 6] = [
    "version: 2\n\nmodels:\n  - name: a\n    description: \"gr\u{fc}n {{ doc('a') }}\n      \\u00e9\\\n  x\"\n    columns:\n      - name: id\n        tests: [unique, not_null: {severity: warn}]\n",
    "name: 'sh''op'\r\nvars:\r\n  x: |+\r\n    \u{65e5}\u{672c}\r\n      y\r\n\r\n  z: >2-\r\n    a\r\n\r\n   b\r\n  \"q\": &a !!str 12 # c\r\n",
    "\u{feff}%YAML 1.1\n--- # c\na: &x {b: 1, ? c, d}\ne: [<<, *x, {<<: [*x, {f: 2024-02-30}]}]\n? [k]\n: v\n...\n",
    "a: {{ var(\"x\") }}/{{ y }} # c\n{% if x %}\nb:\n\t- c\n  - d: 'e\nf: g: h\n{% endif %}\n",
    "a:\n- b: plain\n    more \u{1f600}\n   bad\n-c\n- - x\n  -\ty\nd: @e\n---\nf\n",
    "x: !<tag:yaml.org,2002:int> 0x1F\ny: !e!z 1\n&n *n : ? -\nz: \"\\x4\u{85}\u{2028}\u{1}\"\n",
];

/// Looks at everything in a tree.
fn inspect(text: &str, tree: &Tree<'_>) {
    let inside = |range: TextRange| {
        let bytes = usize::from(range.start())..usize::from(range.end());
        assert!(text.get(bytes).is_some(), "{range:?} in {text:?}");
    };
    for error in &tree.errors {
        assert!(!error.message.is_empty() && !error.message.ends_with('.'));
        inside(error.range);
        error.fix.iter().for_each(|(range, _)| inside(*range));
    }
    tree.comments
        .iter()
        .chain(&tree.lost)
        .for_each(|range| inside(*range));
    tree.duplicates.iter().for_each(|duplicate| inside(duplicate.key));
    assert!(
        tree.lost.is_empty() || !tree.errors.is_empty(),
        "lost without a word: {text:?}"
    );
    if let Some(root) = tree.root() {
        visit(root, &inside, 0);
        let first = root.to_value(500);
        assert_eq!(format!("{first:?}"), format!("{:?}", root.to_value(500)));
    }
}

fn visit(node: NodeRef<'_>, inside: &impl Fn(TextRange), depth: usize) {
    inside(node.range());
    inside(node.full_range());
    if node.is_alias() || depth > 200 {
        return;
    }
    if let Kind::Scalar(scalar) = node.kind() {
        let decoded = scalar.decoded();
        for at in 0..=decoded.len() {
            let source = scalar.offset_in_source(at).expect("a place for every byte");
            if decoded.is_char_boundary(at) {
                inside(TextRange::empty(source));
            }
        }
        assert_eq!(scalar.offset_in_source(decoded.len() + 1), None);
    }
    let mut end = node.range().start();
    for item in node.items() {
        assert!(
            item.full_range().start() >= end && item.range().end() <= node.range().end(),
            "{item:?}"
        );
        end = item.range().end();
        visit(item, inside, depth + 1);
    }
    for entry in node.raw_entries() {
        inside(entry.range());
        inside(entry.deletion_range());
        visit(entry.key(), inside, depth + 1);
        visit(entry.value(), inside, depth + 1);
    }
    for entry in node.entries() {
        assert!(node.get(&entry.name()).is_some() || entry.key().as_str().is_none());
    }
}

#[test]
fn every_prefix_is_read() {
    for text in TEXTS {
        for (end, _) in text.char_indices() {
            inspect(&text[..end], &parse(&text[..end]));
            inspect(&text[..end], &parse_stripped(&text[..end]));
        }
    }
}

#[test]
fn every_deletion_is_read() {
    for text in TEXTS {
        for (at, c) in text.char_indices() {
            let torn = text[..at].to_owned() + &text[at + c.len_utf8()..];
            inspect(&torn, &parse(&torn));
        }
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        for skipped in 0..lines.len() {
            let torn = lines[..skipped].concat() + &lines[skipped + 1..].concat();
            inspect(&torn, &parse(&torn));
        }
    }
}

#[test]
fn every_insertion_is_read() {
    let intruders = [
        "\t", " ", "\n", ":", ": ", "- ", "'", "\"", "{", "]", "{{ x }}", "#", "&a ", "*", "|\n", "\u{0}",
    ];
    for text in TEXTS {
        for (at, _) in text.char_indices() {
            for intruder in intruders {
                let torn = text[..at].to_owned() + intruder + &text[at..];
                inspect(&torn, &parse(&torn));
            }
        }
    }
}
