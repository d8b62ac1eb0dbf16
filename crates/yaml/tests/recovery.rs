//! What is said of broken texts, and what is still read of them.

use glueline_base::slice;
use glueline_yaml::parse;

/// A broken text: what is underlined, a part of what is said, and what is read all the same.
struct Case(
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[test]
fn faults_are_named_and_the_rest_is_read() {
    let cases = [
        // Tabs, indentation.
        Case("a: 1\n\tb: 2\nc: 3\n", &[("\t", "spaces")], "{'a': 1, 'c': 3}"),
        Case(
            "a:\n  b: 1\n\tc: 2\n  d: 3\n",
            &[("\t", "spaces")],
            "{'a': {'b': 1, 'd': 3}}",
        ),
        Case(
            "- a\n  - b\n-\tc: d\n- e\n",
            &[("\t", "spaces")],
            "['a - b', 'e']",
        ),
        Case(
            "a: b\n  c: d\ne: f\n",
            &[("c:", "has a value already")],
            "{'a': 'b', 'e': 'f'}",
        ),
        Case(
            "a:\n  - b: 1\n   c: 2\n  - d: 3\n",
            &[("c: 2", "line up with the `- `")],
            "{'a': [{'b': 1}, {'d': 3}]}",
        ),
        Case(
            "a:\n    - b\n  - c\nd: e\n",
            &[("- c", "this `- ` does not line up")],
            "{'a': ['b'], 'd': 'e'}",
        ),
        Case(
            "- a\nb: c\n- d\n",
            &[("b: c", "line up with the `- `")],
            "['a', 'd']",
        ),
        Case("  a: 1\n b: 2\n", &[("b: 2", "belongs to nothing")], "{'a': 1}"),
        // Colons and dashes.
        Case(
            "a:b\nc: d\n",
            &[(":", "space is missing behind this `:`")],
            "{'c': 'd'}",
        ),
        Case(
            "a: b\nc:d\ne: f\n",
            &[(":", "space is missing behind this `:`")],
            "{'a': 'b', 'e': 'f'}",
        ),
        Case(
            "a:\n- b\n-c\n- d\n",
            &[("-", "space is missing behind this `-`")],
            "{'a': ['b', 'd']}",
        ),
        Case("a: 1\nfoo\nb: 2\n", &[("foo", "neither")], "{'a': 1, 'b': 2}"),
        Case("a: b: c\nd: e\n", &[("b: c", "quotes")], "{'a': ..., 'd': 'e'}"),
        Case("a: - b\nc: d\n", &[("-", "next line")], "{'a': ..., 'c': 'd'}"),
        Case("a: ? b\nc: d\n", &[("?", "quotes")], "{'a': ..., 'c': 'd'}"),
        // Quotes.
        Case("a: 'x\nb: 1\n", &[("'x", "never closed")], "{'a': ..., 'b': 1}"),
        Case(
            "a: 'x\nb: 'y'\nc: 2\n",
            &[("'x", "not closed on its line")],
            "{'a': ..., 'b': 'y', 'c': 2}",
        ),
        Case(
            "a: 'it's'\nb: c\n",
            &[("s'", "one pair of quotes")],
            "{'a': ..., 'b': 'c'}",
        ),
        Case(
            "a: \"\\d+\"\nb: 1\n",
            &[("\\d", "single quotes")],
            "{'a': ..., 'b': 1}",
        ),
        Case(
            "a: \"\\ud800\"\nb: 1\n",
            &[("\\ud800", "number of a character")],
            "{'a': ..., 'b': 1}",
        ),
        // Brackets.
        Case(
            "a: [1, 2\nb: 3\n",
            &[("[1, 2", "not closed by a `]`")],
            "{'a': ..., 'b': 3}",
        ),
        Case(
            "a: [\n  1,\n  2\nb: 3\n",
            &[("[", "not closed by a `]`")],
            "{'a': ..., 'b': 3}",
        ),
        Case(
            "- a: {b: 1\n  c: 2\n- d\n",
            &[("{b: 1", "not closed by a `}`")],
            "[{'a': ..., 'c': 2}, 'd']",
        ),
        Case(
            "a: [b]]\nc: d\n",
            &[("]", "belongs to nothing")],
            "{'a': ['b'], 'c': 'd'}",
        ),
        Case(
            "a: {# b #}\nc: d\n",
            &[("{# b #}", "use `#`")],
            "{'a': ..., 'c': 'd'}",
        ),
        // Characters.
        Case(
            "a: %x\nb: @y\nc: `z`\nd: e\n",
            &[("%", "quotes"), ("@", "quotes"), ("`", "quotes")],
            "{'a': ..., 'b': ..., 'c': ..., 'd': 'e'}",
        ),
        Case(
            "a: x\u{0}y\nb: c\n",
            &[("\u{0}", "U+0000")],
            "{'a': 'x_y', 'b': 'c'}",
        ),
        Case(
            "a: |x\n  y\nb: c\n",
            &[("x", "behind `|`")],
            "{'a': ..., 'b': 'c'}",
        ),
        // Anchors, tags, values.
        Case("a: *x\nb: c\n", &[("*x", "&x")], "{'a': ..., 'b': 'c'}"),
        Case(
            "a: &x 1\nb: &x 2\nc: *x\n",
            &[("&x", "twice")],
            "{'a': 1, 'b': 2, 'c': 2}",
        ),
        Case(
            "a: !foo x\nb: c\n",
            &[("!foo", "not known")],
            "{'a': ..., 'b': 'c'}",
        ),
        Case("a: !!int x\nb: c\n", &[("x", "number")], "{'a': ..., 'b': 'c'}"),
        Case(
            "a: 2024-13-01\nb: c\n",
            &[("2024-13-01", "date")],
            "{'a': ..., 'b': 'c'}",
        ),
        Case("<<: 1\nb: c\n", &[("1", "merges a mapping")], "{'b': 'c'}"),
        Case("a: b\n---\nc: d\n", &[("---", "second document")], "{'a': 'b'}"),
        // An anchor in a line that is lost is not missed.
        Case(
            "a: &x b: c\nd: *x\n",
            &[("&x b: c", "quotes")],
            "{'a': ..., 'd': ...}",
        ),
        // Lines that only hung on a lost line are not reported for that.
        Case(
            "a: 1\n b:\n   c: 2\nd: 3\n",
            &[("b:", "has a value already")],
            "{'a': 1, 'd': 3}",
        ),
    ];
    for Case(text, faults, value) in cases {
        let tree = parse(text);
        let found: Vec<_> = tree
            .errors
            .iter()
            .map(|e| (slice(text, e.range), &*e.message))
            .collect();
        assert_eq!(found.len(), faults.len(), "{text:?}: {found:?}");
        for ((underlined, message), (expected, part)) in found.iter().zip(faults) {
            assert_eq!(underlined, expected, "{text:?}: {message}");
            assert!(message.contains(part), "{text:?}: {message}");
        }
        let read = tree.root().unwrap().to_value(100).value.repr();
        assert_eq!(read, value, "{text:?}: {found:?}");
    }
}

#[test]
fn jinja_without_quotes_is_read_as_if_it_had_them() {
    let cases = [
        Case(
            "a: {{ var('x') }}\nb: 1\n",
            &[("{{ var('x') }}", "quotes")],
            "{'a': \"{{ var('x') }}\", 'b': 1}",
        ),
        Case(
            "a: {{ x }}/y # c\n",
            &[("{{ x }}/y", "quotes")],
            "{'a': '{{ x }}/y'}",
        ),
        Case(
            "a: {{ x }}-{{ y }}\n",
            &[("{{ x }}-{{ y }}", "quotes")],
            "{'a': '{{ x }}-{{ y }}'}",
        ),
        Case(
            "a:\n  {{ x }}\nb: c\n",
            &[("{{ x }}", "quotes")],
            "{'a': '{{ x }}', 'b': 'c'}",
        ),
        Case("- {{ x }}\n- b\n", &[("{{ x }}", "quotes")], "['{{ x }}', 'b']"),
        Case(
            "a: [{{ x }}, b]\n",
            &[("{{ x }}", "quotes")],
            "{'a': ['{{ x }}', 'b']}",
        ),
        Case("{{ x }}: 1\n", &[("{{ x }}", "quotes")], "{'{{ x }}': 1}"),
        Case(
            "a: {{ f(\n  1) }}\nb: 2\n",
            &[("{{ f(\n  1) }}", "quotes")],
            "{'a': '{{ f( 1) }}', 'b': 2}",
        ),
        Case(
            "a: {{ x\nb: '{{ y }}'\n",
            &[("{{ x", "not closed")],
            "{'a': '{{ x', 'b': '{{ y }}'}",
        ),
        Case(
            "a: {{ x\n\nb: c }}\n",
            &[("{{ x", "not closed")],
            "{'a': '{{ x', 'b': 'c }}'}",
        ),
        Case(
            "a: {% if x %}1{% endif %}\n",
            &[("{% if x %}1{% endif %}", "quotes")],
            "{'a': '{% if x %}1{% endif %}'}",
        ),
        Case(
            "a:\n  {% for x in y %}\n  - b\n  {% endfor %}\n",
            &[
                ("{% for x in y %}", "line of its own"),
                ("{% endfor %}", "line of its own"),
            ],
            "{'a': ['b']}",
        ),
        Case(
            "a: 1\n{{ x }}\nb: 2\n",
            &[("{{ x }}", "line of its own")],
            "{'a': 1, 'b': 2}",
        ),
    ];
    for Case(text, faults, value) in cases {
        let tree = parse(text);
        let found: Vec<_> = tree
            .errors
            .iter()
            .map(|e| (slice(text, e.range), &*e.message))
            .collect();
        assert_eq!(found.len(), faults.len(), "{text:?}: {found:?}");
        for ((underlined, message), (expected, part)) in found.iter().zip(faults) {
            assert_eq!(underlined, expected, "{text:?}: {message}");
            assert!(message.contains(part), "{text:?}: {message}");
        }
        assert_eq!(tree.root().unwrap().to_value(100).value.repr(), value, "{text:?}");
        assert_eq!(tree.lost, [], "{text:?}");
    }
}

#[test]
fn fixes_mend_what_they_are_offered_for() {
    let cases = [
        ("a: {{ x }}\n", "a: \"{{ x }}\"\n"),
        ("a: {{ f(\"x\") }}\n", "a: '{{ f(\"x\") }}'\n"),
        ("a: {{ f(\"x\", 'y') }}\n", "a: '{{ f(\"x\", ''y'') }}'\n"),
        ("a: [{{ x }}, b]\n", "a: [\"{{ x }}\", b]\n"),
        ("a:b\nc: d\n", "a: b\nc: d\n"),
        ("a: b\nc:d\n", "a: b\nc: d\n"),
        ("- a\n-b\n- c\n", "- a\n- b\n- c\n"),
        ("a: Note: this one # c\n", "a: \"Note: this one\" # c\n"),
        ("a: \"\\d+\"\n", "a: \"\\\\d+\"\n"),
        ("a: 2024-02-30\n", "a: \"2024-02-30\"\n"),
        ("a: =\n", "a: \"=\"\n"),
    ];
    for (text, mended) in cases {
        let tree = parse(text);
        let (range, replacement) = tree.errors[0]
            .fix
            .clone()
            .unwrap_or_else(|| panic!("no fix of {text:?}"));
        let mut fixed = text.to_owned();
        fixed.replace_range(usize::from(range.start())..usize::from(range.end()), &replacement);
        assert_eq!(fixed, mended);
        assert_eq!(parse(&fixed).errors, [], "{fixed:?}");
    }
}

#[test]
fn nothing_is_concluded_from_what_was_lost() {
    let text = "a:\n  b: 1\n  c 2\nd:\n\te: 1\nf:\n  g: 1\n";
    let tree = parse(text);
    let root = tree.root().unwrap();
    assert!(!root.is_complete());
    assert!(!root.get("a").unwrap().is_complete());
    let d = root.get("d").unwrap();
    assert!(d.is_unreadable() && !d.is_null(), "its only line is lost");
    assert!(root.get("f").unwrap().is_complete());
}

#[test]
fn many_faults_end_in_a_tree_of_what_comes_before() {
    let text = format!("models:\n{}", "  - name: a\n   b: c\n".repeat(50));
    let tree = parse(&text);
    assert!(tree.errors.len() >= 8);
    assert!(tree.root().unwrap().get("models").unwrap().items().len() >= 4);
    assert_eq!(usize::from(tree.lost.last().unwrap().end()), text.len());
}
