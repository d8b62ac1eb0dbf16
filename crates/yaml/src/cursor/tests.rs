use glueline_base::slice;

use super::*;

/// The place, the path of keys and `-`, the word, and the keys beside it.
fn at(text: &str) -> String {
    let (before, after) = text.split_once("$0").expect("a caret");
    let clean = format!("{before}{after}");
    let found = cursor(&clean, before.len());
    if found.place == Place::Nowhere {
        return "Nowhere".to_owned();
    }
    let (last, outer) = match found.levels.split_last() {
        Some((last, outer)) => (Some(last), outer),
        None => (None, &[][..]),
    };
    let mut path: Vec<&str> = outer
        .iter()
        .map(|level| {
            if level.is_list {
                "-"
            } else {
                level.lines.last().map_or("?", |line| line.key)
            }
        })
        .collect();
    match (found.place, last) {
        (Place::Value | Place::Node, Some(level)) => {
            path.push(level.lines.last().map_or("?", |line| line.key));
        }
        (Place::Item, _) => path.push("-"),
        _ => {}
    }
    let keys: Vec<&str> = found.siblings().map(|line| line.key).collect();
    format!(
        "{:?} {} `{}` [{}]",
        found.place,
        path.join("/"),
        slice(&clean, found.word),
        keys.join(" ")
    )
}

#[test]
fn block_style() {
    for (text, expected) in [
        ("$0", "Key  `` []"),
        ("mod$0", "Key  `mod` []"),
        ("mod$0els:\n", "Key  `models` []"),
        ("version: 2\n$0", "Key  `` [version]"),
        ("version: 2\n\nmo$0", "Key  `mo` [version]"),
        ("version: $0", "Value version `` []"),
        ("version:$0", "Nowhere"),
        ("version: 2 $0", "Value version `2 ` []"),
        ("version: 2 # $0", "Nowhere"),
        ("# $0", "Nowhere"),
        ("models:\n  $0", "Node models `` []"),
        ("models:\n  - $0", "Item models/- `` []"),
        ("models:\n  -$0", "Nowhere"),
        ("models:\n  - na$0", "Item models/- `na` []"),
        ("models:\n  - name$0: x", "Key models/- `name` []"),
        ("models:\n  - name: or$0", "Value models/-/name `or` []"),
        ("models:\n- name: or$0", "Value models/-/name `or` []"),
        ("models:\n  - name: a\n    $0", "Key models/- `` [name]"),
        (
            "models:\n  - name: a\n    de$0\n    columns: []\n  - name: b",
            "Key models/- `de` [name columns]",
        ),
        (
            "models:\n- name: a\n  de$0\n- name: b",
            "Key models/- `de` [name]",
        ),
        ("models:\n  - name: a\n      $0", "Nowhere"),
        ("models:\n  - name: a\n$0", "Key  `` [models]"),
        ("models:\n- name: a\n$0", "Key  `` [models]"),
        ("models:\n  - name: a\n  $0", "Nowhere"),
        (
            "models:\n  - name: a\n    columns:\n      - name: id\n        tests:\n          - not$0",
            "Item models/-/columns/-/tests/- `not` []",
        ),
        (
            "models:\n  - name: a\n    columns:\n      - name: id\n    conf$0",
            "Key models/- `conf` [name columns]",
        ),
        ("a:\n  b:\n    c: 1\n  $0", "Key a `` [b]"),
        ("a:\n  b:\n    c: 1\n    d$0", "Key a/b `d` [c]"),
        ("a:\n  b: |\n    text $0\n  c: 1", "Value a/b `    text ` [c]"),
        ("a:\n  b: |\n    text\n  c$0", "Key a `c` [b]"),
        ("a:\n  b: 'x\n    y$0'\n  c: 1", "Value a/b `x\n    y` [c]"),
        ("a:\n  b: 'x$0\n  c: 1", "Value a/b `x` [c]"),
        ("a:\n  b: 'x\n  c: $0", "Value a/c `` [b]"),
        ("a:\n  b: \"x$0\"", "Value a/b `x` []"),
        ("a:\n  b: \"x\"$0", "Nowhere"),
        ("a:\n  'b$0': 1", "Key a `b` []"),
        ("- - a: $0", "Value -/-/a `` []"),
        ("a: {{ x$0", "Value a `{{ x` []"),
        ("---\na: 1\n---\nb$0", "Key  `b` []"),
        ("\u{FEFF}a$0", "Key  `a` []"),
        ("a:\r\n  b: 1\r\n  c$0\r\n", "Key a `c` [b]"),
        ("a: &x $0", "Value a `` []"),
        ("é: 1\nü$0", "Key  `ü` [é]"),
        ("a: 1\n $0b", "Nowhere"),
        ("on-run-start: \"{{ m$0 }}\"", "Value on-run-start `{{ m }}` []"),
    ] {
        assert_eq!(at(text), expected, "{text}");
    }
}

#[test]
fn flow_style() {
    for (text, expected) in [
        ("a: [$0]", "Item a/- `` []"),
        ("a: [b, c$0]", "Item a/- `c` []"),
        ("a: [b, $0", "Item a/- `` []"),
        ("a: ['b$0']", "Item a/- `b` []"),
        ("a: ['b$0, c]", "Item a/- `b` []"),
        ("a: {$0}", "Key a `` []"),
        ("a: {b: 1, c$0}", "Key a `c` [b]"),
        ("a: {b: $0}", "Value a/b `` []"),
        ("a: {b: x$0", "Value a/b `x` []"),
        ("a: {b: {c: [d, $0", "Item a/b/c/- `` []"),
        ("a: {b: {c: 1}, $0}", "Key a `` [b]"),
        ("a: [{b: 1, c$0: 2}]", "Key a/- `c` [b]"),
        ("a: [b] $0", "Nowhere"),
        ("a: [\n  b,\n  $0\n]", "Item a/- `` []"),
        ("a: [b,\nc: $0", "Value c `` [a]"),
        ("a: {b: 1 $0}", "Nowhere"),
        ("- {a: 1}\n- {b: $0}", "Value -/b `` []"),
    ] {
        assert_eq!(at(text), expected, "{text}");
    }
}

/// Every offset of every prefix: nothing panics, and the word lies in the text.
#[test]
fn no_text_is_too_broken() {
    let text = "\u{FEFF}models:\n  - name: 'é\n    columns: [{name: id, tests: [unique, {a: \"b\n\t- x: |\n   y\n\n- - : z\n'k': >-\n \
                {{ x }}\n? a\n: b\n&x !y z: *w # c\n]}";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let prefix = text.get(..end).unwrap();
        for offset in (0..=end).filter(|offset| text.is_char_boundary(*offset)) {
            let found = cursor(prefix, offset);
            let (start, stop) = (usize::from(found.word.start()), usize::from(found.word.end()));
            assert!(prefix.get(start..stop).is_some(), "{prefix:?} {offset}");
            assert!(start <= offset && offset <= stop, "{prefix:?} {offset} {found:?}");
        }
    }
    let _ = cursor(&"- [".repeat(20_000), 60_000);
    let _ = cursor(&"a:\n ".repeat(20_000), 80_000);
    let mut deep = String::new();
    for depth in 0..2_000 {
        deep.push_str(&" ".repeat(depth));
        deep.push_str(
            "a:
",
        );
    }
    let _ = cursor(&deep, deep.len());
}
