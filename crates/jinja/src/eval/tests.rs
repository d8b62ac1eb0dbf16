use std::sync::Arc;

use glueline_base::{Node, Spanned, TextRange, Value, range, slice};

use super::{NoScope, Reach, Scope, eval, reach, truth};
use crate::{Condition, parse, parse_expression};

/// Knows `a` (1), `s` ("Abc"), `target.name`, and `var` of a name, which gives the name or the default.
#[derive(Default)]
struct Known {
    native: bool,
}

impl Scope for Known {
    fn name(&self, name: &str, _range: TextRange) -> Value {
        match name {
            "a" => Value::Int(1),
            "s" => Value::str("Abc"),
            "d" => value("{'k': 1, 'items': 2, 'k': 3}"),
            "pair" => value("('x', 'y')"),
            _ => Value::Unknown,
        }
    }

    fn attribute(&self, path: &str, _range: TextRange) -> Value {
        if path == "target.name" {
            Value::str("dev")
        } else {
            Value::Unknown
        }
    }

    fn call(&self, callee: &str, args: &[Node], kwargs: &[(&str, Node)], _range: TextRange) -> Value {
        let default = || {
            kwargs
                .iter()
                .find(|(name, _)| *name == "default")
                .map(|(_, node)| node)
        };
        match (callee, args) {
            ("var", [name]) => default().map_or(name.value.clone(), |node| node.value.clone()),
            ("config.get", [key]) => key.value.clone(),
            _ => Value::Unknown,
        }
    }

    fn native(&self) -> bool {
        self.native
    }
}

fn value(text: &str) -> Value {
    value_in(text, &NoScope)
}

fn value_in(text: &str, scope: &dyn Scope) -> Value {
    let (expr, errors) = parse_expression(text, range(0, text.len()));
    assert_eq!(errors, [], "{text}");
    eval(&expr, scope).value
}

fn check(cases: &[(&str, &str)], scope: &dyn Scope) {
    for (text, expected) in cases {
        assert_eq!(value_in(text, scope).repr(), *expected, "{text}");
    }
}

#[test]
fn operators_are_pythons() {
    check(
        &[
            ("1 + 2 * 3 - -4", "11"),
            ("7 / 2", "3.5"),
            ("-7 // 2", "-4"),
            ("-7 % 3", "2"),
            ("7 % -3", "-2"),
            ("-7.5 // 2", "-4.0"),
            ("2 ** 10", "1024"),
            ("2 ** -1", "0.5"),
            ("true + 1", "2"),
            ("1.0 + 1", "2.0"),
            ("'a' + 'b' * 2", "'abb'"),
            ("[1] + [2] * 2", "[1, 2, 2]"),
            (
                "'a' ~ 1 ~ none ~ true ~ 1.5 ~ [1, 'x']",
                "\"a1NoneTrue1.5[1, 'x']\"",
            ),
            ("1 < 2 <= 2 != 3", "True"),
            ("1 == 1.0 == true", "True"),
            ("'a' < 'b' and 'a' in 'cat' and 2 not in [1]", "True"),
            ("'k' in {'k': 1}", "True"),
            ("[1, 'a'] == [1.0, 'a']", "True"),
            ("{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "True"),
            ("1 or x", "1"),
            ("0 and x", "0"),
            ("'' or 'b'", "'b'"),
            ("not x or not true", "..."),
            ("'%s is %d%%' % ('x', 5)", "'x is 5%'"),
            ("'%s' % 'x'", "'x'"),
            ("'%s' % [1]", "'[1]'"),
            ("1 if true else x", "1"),
            ("x if false else 2", "2"),
            ("0x10 + 0b1 + 1_0", "27"),
        ],
        &NoScope,
    );
}

#[test]
fn what_python_refuses_or_nobody_knows_is_unknown() {
    for text in [
        "x",
        "x.y",
        "x()",
        "x + 1",
        "1 + 'a'",
        "1 / 0",
        "1 % 0",
        "1 // 0.0",
        "'a' < 1",
        "[1][5]",
        "{'a': 1}['b']",
        "9223372036854775807 + 1",
        "99999999999999999999",
        "2 ** 1000",
        "x == 1",
        "x ~ 'a'",
        "[x] == [1]",
        "1 if x",
        "1 if false",
        "x and 0",
        "x or 1",
        "'a' | tojson",
        "[1] | map('f')",
        "'%x' % 1",
        "'%s %s' % 'a'",
        "'%d' % 'a'",
        "'a' | frobnicate",
        "f(*[1])",
        "'a' * 10000000",
        "[1] * 10000000",
        "[[1] * 9000] * 9000 * 9",
        "('a' * 900000) ~ ('b' * 900000)",
        "{x: 1}",
        "'a'.frobnicate()",
        "-'a'",
        "(-8) ** 0.5",
        "{'items': 1}.items",
        "'{:>9}'.format(1)",
        "'{} {1}'.format(1, 2)",
        "'{1} {}'.format(1, 2)",
        "x | default(1)",
        "x is defined",
        "'a' is frobnicated",
        "'1_0' | int",
        "'inf' | float",
    ] {
        assert_eq!(value(text), Value::Unknown, "{text}");
    }
    assert_eq!(
        value("[1, x, 3][0]"),
        Value::Int(1),
        "one unknown item leaves the others known"
    );
    assert_eq!(value("{'a': x, 'b': 2}.b"), Value::Int(2));
}

#[test]
fn texts_and_sequences() {
    check(
        &[
            ("'äbc'[1]", "'b'"),
            ("'abc'[-1]", "'c'"),
            ("'äbcd'[1:3]", "'bc'"),
            ("'abcd'[::-1]", "'dcba'"),
            ("[1, 2, 3][:-1]", "[1, 2]"),
            ("[1, 2, 3][5:]", "[]"),
            ("[1, 2, 3][::2]", "[1, 3]"),
            ("[1, 2, 3][-2:-9:-1]", "[2, 1]"),
            ("(1, 2).0", "1"),
            ("'aBc'.upper() ~ 'aBc'.lower()", "'ABCabc'"),
            (
                "' a '.strip() ~ 'xax'.strip('x') ~ 'xa'.lstrip('x') ~ 'ax'.rstrip('x')",
                "'aaaa'",
            ),
            ("'a.b.c'.split('.')", "['a', 'b', 'c']"),
            ("'a.b.c'.split('.', 1)", "['a', 'b.c']"),
            ("' a  b '.split()", "['a', 'b']"),
            ("'aab'.replace('a', 'x', 1)", "'xab'"),
            ("'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))", "True"),
            ("','.join(['a', 'b'])", "'a,b'"),
            (
                "'{} {} {n} {{}}'.format('a', 'b', n=1) ~ '{1}{0}'.format('a', 'b')",
                "'a b 1 {}ba'",
            ),
            ("{'a': 1}.get('a')", "1"),
            ("{'a': 1}.get('b')", "None"),
            ("{'a': 1}.get('b', 2)", "2"),
            ("{'a': 1, 'b': 2, 'a': 3}.items()", "[['a', 3], ['b', 2]]"),
            (
                "({'a': 1}.keys() | list) + ({'a': 1}.values() | list)",
                "['a', 1]",
            ),
            ("{'a': {'b': 1}}['a'].b", "1"),
        ],
        &NoScope,
    );
}

#[test]
fn filters_and_tests() {
    check(
        &[
            ("'Ab' | lower ~ ('Ab' | upper)", "'abAB'"),
            ("' a ' | trim", "'a'"),
            ("'aab' | replace('a', 'b')", "'bbb'"),
            ("'12' | int + 1", "13"),
            ("'1.9' | int", "1"),
            ("'x' | int", "0"),
            ("'x' | int(7)", "7"),
            ("none | int(default=3)", "3"),
            ("'1e3' | int", "1000"),
            ("'1.5' | float", "1.5"),
            ("3 | float", "3.0"),
            ("'x' | float", "0.0"),
            ("1 | string", "'1'"),
            ("'ab' | list", "['a', 'b']"),
            ("{'a': 1} | list", "['a']"),
            ("'äb' | length + [1] | count", "3"),
            ("[1, 2] | first ~ ([1, 2] | last)", "'12'"),
            ("['a', 1] | join(', ')", "'a, 1'"),
            ("'' | default('x')", "''"),
            ("'' | default('x', true)", "'x'"),
            ("'a' | d('x', boolean=true)", "'a'"),
            (
                "none is none and 1 is number and true is boolean and 'a' is string",
                "True",
            ),
            (
                "1 is not none and [] is sequence and {} is mapping and 4 is divisibleby 2",
                "True",
            ),
            (
                "3 is odd and 4 is even and 3 is in [3] and 3 is gt 2 and 1 is eq(1)",
                "True",
            ),
            ("1 is defined and 1 is not undefined", "True"),
        ],
        &NoScope,
    );
}

#[test]
fn native_filters_read_pythons_literals() {
    let native = Known { native: true };
    check(
        &[
            ("'True' | as_bool", "True"),
            ("'true' | as_bool", "..."),
            ("true | as_bool", "True"),
            ("'1' | as_bool", "..."),
            ("'12' | as_number", "12"),
            ("'-1.5' | as_number", "-1.5"),
            ("'x' | as_number", "..."),
            ("'True' | as_number", "..."),
            (
                "\"['a', {'b': (1, None)}]\" | as_native",
                "['a', {'b': [1, None]}]",
            ),
            ("'some text' | as_native", "'some text'"),
            ("'{1, 2}' | as_native", "..."),
            ("1 | as_text", "'1'"),
            ("'glue' == 'glue' | as_bool", "True"),
            ("'glue' == 'bigquery' | as_bool()", "False"),
            ("'glue' in ['spark', 'databricks'] | as_bool()", "False"),
            ("'spark' in ['spark', 'databricks'] | as_bool()", "True"),
            ("'1' | as_number == 1", "False"),
            ("('a' == 'a') | as_bool", "True"),
        ],
        &native,
    );
    check(
        &[
            ("'True' | as_bool", "'True'"),
            ("'12' | as_number", "'12'"),
            ("1 | as_text", "1"),
        ],
        &Known::default(),
    );
}

#[test]
fn the_scope_is_asked_for_what_it_may_know() {
    check(
        &[
            ("a + 1", "2"),
            ("s.lower() ~ s[0]", "'abcA'"),
            ("target.name", "'dev'"),
            ("target['name'] == 'dev'", "True"),
            ("target.other", "..."),
            ("var('x')", "'x'"),
            ("var('x', default=2) + 1", "3"),
            ("config.get('k') | upper", "'K'"),
            ("x.config.get('k')", "..."),
            ("d.k", "3"),
            ("d.items", "..."),
            ("'%s-%s' % pair", "..."),
        ],
        &Known::default(),
    );
}

#[test]
fn parts_keep_their_ranges() {
    let text = "{'a': ['x', y], 'b': {'c': 1}}";
    let (expr, _) = parse_expression(text, range(0, text.len()));
    let node = eval(&expr, &NoScope);
    assert_eq!(slice(text, node.range), text);
    let shown = |node: &Node| slice(text, node.range).to_owned();
    let list = node.value.get("a").unwrap();
    assert_eq!(shown(list), "['x', y]");
    let items = list.value.as_list().unwrap();
    assert_eq!(
        (shown(&items[0]), shown(&items[1])),
        ("'x'".to_owned(), "y".to_owned())
    );
    let entry = node.value.entry("b").unwrap();
    assert_eq!(slice(text, entry.key.range), "'b'");
    assert_eq!(shown(entry.value.value.get("c").unwrap()), "1");
}

#[test]
fn truth_is_known_where_the_value_is_not() {
    for (text, expected) in [
        ("x and false", Some(false)),
        ("false and x", Some(false)),
        ("x or 1", Some(true)),
        ("x or 0", None),
        ("not (x and 0)", Some(true)),
        ("1 if x else 2", Some(true)),
        ("1 if x else 0", None),
        ("[x]", Some(true)),
        ("x < 1", None),
        ("1 < x < 0", None),
        ("2 < 1 < x", Some(false)),
    ] {
        let (expr, _) = parse_expression(text, range(0, text.len()));
        assert_eq!(truth(&expr, &NoScope), expected, "{text}");
    }
}

#[test]
fn code_is_reached_if_its_conditions_allow() {
    for (conditions, expected) in [
        (&[("true", true), ("1 == 2", false)][..], Reach::Always),
        (&[("true", true), ("x", true)], Reach::Maybe),
        (&[("x", true), ("true", false)], Reach::Never),
        (&[], Reach::Always),
    ] {
        let exprs: Vec<_> = conditions
            .iter()
            .map(|(text, holds)| (parse_expression(text, range(0, text.len())).0, *holds))
            .collect();
        let all: Vec<_> = exprs
            .iter()
            .map(|(expr, holds)| Condition { expr, holds: *holds })
            .collect();
        assert_eq!(reach(&all, &NoScope), expected, "{conditions:?}");
    }
}

#[test]
fn the_tallest_tree_is_evaluated() {
    for text in [
        format!("{}1{}", "[".repeat(99), "]".repeat(99)),
        format!("1{}", "+1".repeat(250)),
        format!("{}'a'{}", "f([".repeat(49), "])".repeat(49)),
        format!("'a'{}", ".upper()".repeat(120)),
        format!("'a'{}", "|upper".repeat(250)),
        format!("{}1", "1 if x else ".repeat(250)),
        format!("{}1", "- ".repeat(99)),
    ] {
        let (expr, errors) = parse_expression(&text, range(0, text.len()));
        assert_eq!(errors, [], "{text}");
        let node = eval(&expr, &NoScope);
        assert_eq!(node.range, range(0, text.len()));
    }
}

#[test]
fn broken_expressions_are_unknown_where_they_are_broken() {
    let text = "{{ config(a='x', b=, c=[1, = ]) }}";
    let template = parse(text);
    let crate::Piece::Output(output) = &template.body[0] else {
        panic!("{template:?}");
    };
    let (_, args) = output.expr.as_call().unwrap();
    let values: Vec<_> = args
        .iter()
        .map(|arg| eval(&arg.value, &NoScope).value.repr())
        .collect();
    assert_eq!(values, ["'x'", "...", "[1, ...]"]);
}

#[test]
fn a_key_that_is_no_text_is_shown_as_python_shows_it() {
    let Value::Map(entries) = value("{1: 'a', none: 'b', 1.5: 'c'}") else {
        panic!("no mapping");
    };
    let keys: Vec<Arc<str>> = entries.into_iter().map(|entry| entry.key.value).collect();
    assert_eq!(keys, ["1".into(), "None".into(), "1.5".into()] as [Arc<str>; 3]);
    assert_eq!(
        Spanned::new(value("{'a': 1}['a']"), range(0, 0)).value,
        Value::Int(1)
    );
}
