//! An independent reader sees the same collections and texts where YAML 1.1 and 1.2 agree.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use glueline_yaml::{Kind, NodeRef, parse};
use granit_parser::{Event, Parser, ScalarStyle};

const TEXTS: [&str; 6] = [
    "version: 2\nmodels:\n  - name: a\n    description: \"x: {{ doc('a') }}\"\n    columns:\n    - name: id\n      tests:\n        - unique\n        - not_null: {severity: warn}\n",
    "vars:\n  x: 'it''s'\n  y: |\n    line 1\n      line 2\n\n  z: >-\n    folded\n    text\n\n    par\n     kept\n\n  w: >+\n    x\n\n\nend: \"{{ f() }}\"\n",
    "a:\n  k: v\n  l: [1, 2,\n    3]\nc: {a: 1, \"b\":2, d: [e, f: g]}\nm: plain\n  multi\n\n  line\n",
    "- a\n- b: 1\n  c: 2\n-\n  - d\n  - - e\n    - f\n- ? k\n  : v\n- \"dq \\u00e9 \\\n  more\n\n  x\"\n- 'sq\n  more'\n-\n- http://x.y/z#a\n",
    "a: |2-\n   x\n  y\nb: >\n\n\n  x\n\n   y\n  z\nc: \"\"\nd: ''\ne:\n",
    "\u{65e5}\u{672c}: \u{1f600}\n? - x\n  - y\n: {z: }\n",
];

fn theirs(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for event in Parser::new_from_str(text) {
        match event.expect("a text that both accept").0 {
            Event::Scalar(value, ScalarStyle::Plain, ..) if value == "~" => seen.push(String::new()),
            Event::Scalar(value, ..) => seen.push(value.into_owned()),
            Event::SequenceStart(..) => seen.push("[".to_owned()),
            Event::SequenceEnd => seen.push("]".to_owned()),
            Event::MappingStart(..) => seen.push("{".to_owned()),
            Event::MappingEnd => seen.push("}".to_owned()),
            _ => {}
        }
    }
    seen
}

fn ours(node: NodeRef<'_>, seen: &mut Vec<String>) {
    match node.kind() {
        Kind::Scalar(scalar) => seen.push(scalar.decoded().into_owned()),
        Kind::Sequence => {
            seen.push("[".to_owned());
            node.items().for_each(|item| ours(item, seen));
            seen.push("]".to_owned());
        }
        Kind::Mapping => {
            seen.push("{".to_owned());
            for entry in node.raw_entries() {
                ours(entry.key(), seen);
                ours(entry.value(), seen);
            }
            seen.push("}".to_owned());
        }
        Kind::Unreadable => seen.push("?".to_owned()),
    }
}

#[test]
fn collections_and_texts_are_the_same() {
    for text in TEXTS {
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let mut seen = Vec::new();
            ours(parse(&text).root().unwrap(), &mut seen);
            assert_eq!(seen, theirs(&text), "{text}");
        }
    }
}
