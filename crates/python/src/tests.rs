use glueline_base::{Value, slice};

use crate::{Ending, ParameterKind, PythonModel, RefusalKind, parse};

const MODEL: &str = r#"# A model as it is in the wild.
import pandas as pd, os.path
from pyspark.sql import functions as F
from . import sibling
from .helpers.dates import (
    parse_date,
)

LIMIT = 1_000

def clean(df, *columns, sep=", ", **options):
    """Say dbt.ref("not_a_ref")."""
    def inner(x):
        return x, 1
    return df.select(*columns)

def model(dbt, session: "SparkSession"):
    dbt.config(
        materialized="incremental",
        packages=['numpy==1.26', "pandas"],
        meta={"owner": {'team': "é"}, 1: None},
        threshold=-0.5, retries=0x10,
        unique_key=("id", "day"),
    )
    if dbt.is_incremental:
        df = dbt.ref("orders").filter(f"day > {dbt.this}")
    else:
        df = dbt.ref('shop', "orders", v=2)
    src = clean(dbt.source('raw', "a" "b"), "x")
    n = dbt.config.get("limit", LIMIT) or dbt.config.meta_get("owner")
    both = [df.join(x, "id") for x in [src]]; rest = both[dbt.ref("c").count():]
    return df.unionByName(rest[0]) \
        .limit(n)
"#;

/// One line for each call: kind, whether seen, arguments.
fn calls(text: &str) -> Vec<String> {
    let shown = |call: &crate::Call| {
        let arguments: Vec<_> = call
            .arguments
            .iter()
            .map(|argument| {
                let name = argument
                    .name
                    .as_ref()
                    .map_or(String::new(), |name| format!("{}=", name.value));
                let mark = if argument.is_literal { "" } else { "!" };
                format!("{name}{mark}{}", argument.value.value.repr())
            })
            .collect();
        let seen = if call.is_seen { "" } else { " unseen" };
        format!("{}({}){seen}", slice(text, call.callee), arguments.join(", "))
    };
    parse(text).calls.iter().map(shown).collect()
}

fn errors(text: &str) -> Vec<String> {
    let shown = |error: &glueline_base::SyntaxError| {
        let start = usize::from(error.range.start());
        format!("{start} {:?} {}", slice(text, error.range), error.message)
    };
    parse(text).errors.iter().map(shown).collect()
}

#[test]
fn a_model_is_read() {
    let model = parse(MODEL);
    assert_eq!(model.errors, []);
    assert_eq!(
        calls(MODEL),
        [
            "dbt.config(materialized='incremental', packages=['numpy==1.26', 'pandas'], \
             meta={'owner': {'team': 'é'}, 1: None}, threshold=-0.5, retries=16, unique_key=['id', 'day'])",
            "dbt.ref('orders')",
            "dbt.ref('shop', 'orders', v=2)",
            "dbt.source('raw', 'ab')",
            "dbt.config.get('limit', !...)",
            "dbt.config.meta_get('owner')",
            "dbt.ref('c')",
        ]
    );
    let names = |nodes: &[glueline_base::Spanned<std::sync::Arc<str>>]| -> Vec<String> {
        for node in nodes {
            assert_eq!(slice(MODEL, node.range), &*node.value);
        }
        nodes.iter().map(|node| node.value.to_string()).collect()
    };
    assert_eq!(names(&model.imports), ["pandas", "os", "pyspark", "helpers"]);
    assert_eq!(
        names(&model.accesses),
        [
            "config",
            "is_incremental",
            "ref",
            "ref",
            "source",
            "config",
            "config",
            "ref"
        ]
    );
    let [clean, function] = model.functions.as_slice() else {
        panic!("{:?}", model.functions);
    };
    let kinds: Vec<_> = clean.parameters.iter().map(|parameter| parameter.kind).collect();
    assert_eq!(
        kinds,
        [
            ParameterKind::Plain,
            ParameterKind::Rest,
            ParameterKind::KeywordOnly,
            ParameterKind::KeywordRest
        ]
    );
    assert_eq!(clean.returns.len(), 1);
    assert_eq!(model.model(), Some(function));
    assert_eq!(
        slice(MODEL, function.header),
        "def model(dbt, session: \"SparkSession\"):"
    );
    assert_eq!(function.ending, Ending::Return);
    let refusals = model.refusals();
    assert_eq!(refusals.len(), 1);
    assert_eq!(slice(MODEL, refusals[0].range), "LIMIT");
}

#[test]
fn calls_are_seen_where_dbt_looks() {
    for (expression, seen) in [
        ("dbt.ref('a')", true),
        ("dbt.ref('a').b.c", true),
        ("dbt.ref('a')[0]", true),
        ("dbt.ref('a') + 1", true),
        ("x[dbt.ref('a').b]", true),
        ("f(dbt.ref('a'))", true),
        ("f(k=dbt.ref('a'))", true),
        ("f(**dbt.ref('a'))", true),
        ("f((dbt.ref('a')))", true),
        ("f([1, dbt.ref('a')])", true),
        ("f((dbt.ref('a'), 1))", true),
        ("f({'k': dbt.ref('a')})", true),
        ("f(dbt.ref('a').select('x'))", true),
        ("f(g(h(dbt.ref('a'))))", true),
        ("dbt.ref('a').join(x)", true),
        ("x.join(dbt.ref('a'), 'id').y()", true),
        ("(dbt.ref('a')).x()", true),
        ("(dbt.ref('a').b).x()", true),
        ("[f(x) for x in dbt.ref('a')]", true),
        ("lambda: dbt.ref('a')", true),
        ("dbt.ref('a') if f(x) else y", true),
        ("f(dbt.ref('a').b)", false),
        ("f(dbt.ref('a')[0])", false),
        ("f(dbt.ref('a') + 1)", false),
        ("f(not dbt.ref('a'))", false),
        ("f(*dbt.ref('a'))", false),
        ("f([[dbt.ref('a')]])", false),
        ("f([dbt.ref('a').b])", false),
        ("f({dbt.ref('a'): 1})", false),
        ("f({dbt.ref('a')})", false),
        ("f(dbt.ref('a') for x in y)", false),
        ("f([dbt.ref('a') for x in y])", false),
        ("f({x: dbt.ref('a') for x in y})", false),
        ("f(lambda: dbt.ref('a'))", false),
        ("dbt.ref('a')[0].x()", false),
        ("dbt.ref('a')()", false),
        ("f(dbt.ref('a'))()", false),
        ("(dbt.ref('a') + 1).x()", false),
        ("x[dbt.ref('a')].y()", false),
        ("f(y := dbt.ref('a'))", false),
    ] {
        let mark = if seen { "" } else { " unseen" };
        assert_eq!(
            calls(&format!("x = {expression}\n")),
            [format!("dbt.ref('a'){mark}")],
            "{expression}"
        );
    }
    assert!(calls("other.ref('a'); x.dbt.ref('a'); dbt . reference('a'); def ref(x): pass").is_empty());
    assert_eq!(calls("dbt . ref ( 'a' )"), ["dbt . ref('a')"]);
    assert_eq!(
        calls("def model(d, s):\n  d.ref('a'); dbt.ref('b')"),
        ["d.ref('a') unseen"],
        "the object is the first parameter, but dbt looks for `dbt`"
    );
    assert_eq!(
        calls("dbt.ref(dbt.source('a', 'b'))"),
        ["dbt.ref(!...)", "dbt.source('a', 'b')"]
    );
}

#[test]
fn literals_are_those_of_literal_eval() {
    for (expression, expected) in [
        ("1", "1"),
        ("-1", "-1"),
        ("+1.5", "1.5"),
        ("1_000.5e-1", "100.05"),
        ("0o17", "15"),
        ("1e400", "inf"),
        ("99999999999999999999", "..."),
        ("2j", "..."),
        ("1-2j", "..."),
        ("-1+2J", "..."),
        ("b'a'", "..."),
        ("{1, 2}", "..."),
        ("set()", "..."),
        ("()", "[]"),
        ("(1,)", "[1]"),
        ("((1))", "1"),
        ("[1, (2, [3]),]", "[1, [2, [3]]]"),
        ("{}", "{}"),
        ("{'a': {1: True}}", "{'a': {1: True}}"),
        ("{(1, 2): 3}", "{'[1, 2]': 3}"),
        ("'a' \"b\" '''c'''", "'abc'"),
        ("('a'\n 'b')", "'ab'"),
        ("...", "..."),
        ("x", "!..."),
        ("f'a'", "!..."),
        ("'a' f'b'", "!..."),
        ("'a' + 'b'", "!..."),
        ("1 + 2", "!..."),
        ("--1", "!..."),
        ("f(1)", "!..."),
        ("[x, 1]", "![..., 1]"),
        ("[x for x in y]", "!..."),
        ("{'a': x}", "!{'a': ...}"),
        ("{x: 1}", "!..."),
        ("{**x}", "!..."),
        ("{[1]: 2}", "!{'[1]': 2}"),
        ("'a'.upper()", "!..."),
        ("*x", "!..."),
        ("not True", "!..."),
    ] {
        assert_eq!(
            calls(&format!("dbt.config.get({expression})")),
            [format!("dbt.config.get({expected})")],
            "{expression}"
        );
    }
}

#[test]
fn faults_are_placed_and_the_rest_is_read() {
    for (text, expected_errors, expected_calls) in [
        (
            "a = dbt.ref('a'\nb = dbt.ref('b')\n",
            &["11 \"(\" the bracket is not closed"][..],
            &["dbt.ref('a')", "dbt.ref('b')"][..],
        ),
        (
            "def f():\n  x = f([dbt.ref('a')\n  return dbt.ref('b')",
            &[
                "16 \"(\" the bracket is not closed",
                "17 \"[\" the bracket is not closed",
            ],
            &["dbt.ref('a')", "dbt.ref('b')"],
        ),
        (
            "dbt.config(\n  a=1\n  b=2,\n)\ndbt.ref('b')",
            &["17 \"\" a comma is missing here"],
            &["dbt.config(a=1, b=2)", "dbt.ref('b')"],
        ),
        (
            "x = [1, (2]\ndbt.ref('b')",
            &["8 \"(\" the bracket is not closed"],
            &["dbt.ref('b')"],
        ),
        (
            "x = 1)\ndbt.ref('b')",
            &["5 \")\" there is no bracket to close here"],
            &["dbt.ref('b')"],
        ),
        (
            "dbt.ref('a)\ndbt.ref('b')",
            &[
                "7 \"(\" the bracket is not closed",
                "8 \"'\" the quote is not closed on its line",
            ],
            &["dbt.ref('a)')", "dbt.ref('b')"],
        ),
        (
            "x = '''it's\ndbt.ref('b')",
            &["4 \"'''\" the triple quotes are not closed"],
            &["dbt.ref('b')"],
        ),
        (
            "x = \\ 1\ndbt.ref('b')",
            &["4 \"\\\\\" a backslash can only stand at the end of a line"],
            &["dbt.ref('b')"],
        ),
        (
            "\u{feff}dbt.ref('b')",
            &["0 \"\\u{feff}\" Python refuses a byte order mark in a dbt model"],
            &["dbt.ref('b')"],
        ),
        ("dbt.ref(", &["7 \"(\" the bracket is not closed"], &["dbt.ref()"]),
        ("x = f(\n  a\n  if b\n  else c\n)", &[], &[]),
        (
            "x = (dbt.ref('a')\n  .filter('b')\n  # c )\n)",
            &[],
            &["dbt.ref('a')"],
        ),
        ("x = f'{d['(']}' + dbt.ref('a')", &[], &["dbt.ref('a')"]),
        ("x = 'a\\\nb'; dbt.ref('a')", &[], &["dbt.ref('a')"]),
        ("with (a as b,\n  c\n  as d):\n  pass", &[], &[]),
    ] {
        assert_eq!(errors(text), expected_errors, "{text}");
        assert_eq!(calls(text), expected_calls, "{text}");
    }
}

#[test]
fn refusals_are_those_of_dbt() {
    let kinds = |text: &str| -> Vec<RefusalKind> {
        parse(text)
            .refusals()
            .iter()
            .map(|refusal| refusal.kind)
            .collect()
    };
    for (text, expected) in [
        ("", &[][..]),
        ("# only a comment\n", &[]),
        ("def model(dbt, session):\n  return 1", &[]),
        ("def model(dbt, session): return 1", &[]),
        ("def model(dbt, session): x = 1; return x;", &[]),
        ("def model(dbt, session):\n\treturn", &[]),
        ("class A:\n  def model(dbt, session): return 1", &[]),
        ("def model(dbt, session):\n  return (1)\n# end", &[]),
        ("def model(dbt, session):\n  return lambda a, b: a", &[]),
        ("def model(dbt, session):\n  return (x for x, y in z)", &[]),
        (
            "def model(dbt, session, /):\n  return 1",
            &[RefusalKind::ParameterCount(0)],
        ),
        ("def model(dbt, session, *, x=1):\n  return 1", &[]),
        (
            "def model(dbt, session, x=1):\n  return 1",
            &[RefusalKind::ParameterCount(3)],
        ),
        (
            "def model(session, dbt):\n  return 1",
            &[RefusalKind::FirstParameter],
        ),
        ("def model():\n  return 1", &[RefusalKind::ParameterCount(0)]),
        ("x = 1", &[RefusalKind::NoModel]),
        ("async def model(dbt, session): return 1", &[RefusalKind::NoModel]),
        ("def f():\n  def model(dbt, s): return 1", &[RefusalKind::NoModel]),
        (
            "def model(dbt, s): return 1\ndef model(dbt, s): return 2",
            &[RefusalKind::SeveralModels],
        ),
        ("def model(dbt, s):\n  return 1, 2", &[RefusalKind::Ending]),
        ("def model(dbt, s):\n  return (1, 2)", &[RefusalKind::Ending]),
        ("def model(dbt, s):\n  return ()", &[RefusalKind::Ending]),
        (
            "def model(dbt, s):\n  if s:\n    return 1\n",
            &[RefusalKind::Ending],
        ),
        ("def model(dbt, s):\n  if s: return 1\n", &[RefusalKind::Ending]),
        (
            "def model(dbt, s):\n  return 1\n  x = 1\nx = 2",
            &[RefusalKind::Ending],
        ),
        (
            "def model(dbt, s):\n  x = '{{ a }}'\n  return 1",
            &[RefusalKind::Jinja],
        ),
        ("x = {'a': {'b': 1}}\ndef model(dbt, s): return 1", &[]),
        (
            "x = {'a': {'b': 1}}\r\ndef model(dbt, s): return 1",
            &[RefusalKind::Jinja],
        ),
        ("x = {'a': {'b': 1}}\r\n", &[RefusalKind::NoModel]),
        ("x = {'a': 1}\r\ndef model(dbt, s): return 1\r\n", &[]),
    ] {
        assert_eq!(kinds(text), expected, "{text:?}");
    }
    for (call, expected) in [
        ("ref('a')", None),
        ("ref('p', 'a', v=1)", None),
        ("ref(None, 'a')", None),
        ("ref()", Some(RefusalKind::RefArguments)),
        ("ref('a', 'b', 'c')", Some(RefusalKind::RefArguments)),
        ("ref(1)", Some(RefusalKind::RefArguments)),
        ("ref(name='a')", Some(RefusalKind::RefArguments)),
        ("ref(x)", Some(RefusalKind::NotLiteral)),
        ("ref(*x)", Some(RefusalKind::NotLiteral)),
        ("ref(f'a')", Some(RefusalKind::NotLiteral)),
        ("source('a', 'b')", None),
        ("source('a')", Some(RefusalKind::SourceArguments)),
        ("source('a', b='c')", Some(RefusalKind::SourceArguments)),
        ("config(a=1)", None),
        ("config({'a': 1})", None),
        ("config()", Some(RefusalKind::ConfigArguments)),
        ("config('a')", Some(RefusalKind::ConfigArguments)),
        ("config({}, a=1)", Some(RefusalKind::ConfigArguments)),
        ("config(a=x)", Some(RefusalKind::NotLiteral)),
        ("config(**{'a': 1})", Some(RefusalKind::NotLiteral)),
        ("config.get('a')", None),
        ("config.get('a', 1)", None),
        ("config.get()", Some(RefusalKind::GetArguments(0))),
        ("config.get('a', 1, 2)", Some(RefusalKind::GetArguments(3))),
        ("config.meta_get(key='a')", Some(RefusalKind::GetArguments(0))),
    ] {
        let text = format!("def model(dbt, session):\n  dbt.{call}\n  return 1\n");
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(kinds(&text), expected, "{call}");
    }
}

#[test]
fn deep_and_long_texts_are_bounded() {
    for text in [
        "(".repeat(100_000),
        "[".repeat(5_000) + &"]".repeat(5_000),
        format!("{}dbt.ref('a'){}", "f(".repeat(5_000), ")".repeat(5_000)),
        format!("dbt.config({}1{})", "{1: ".repeat(5_000), "}".repeat(5_000)),
        "dbt.ref(".repeat(20_000),
        "x.y()".repeat(20_000),
        "lambda: ".repeat(20_000),
        "def f():\n ".repeat(20_000),
        "'".repeat(100_001),
    ] {
        parse(&text);
    }
    let nested = format!("{}dbt.ref('a'){}", "f(".repeat(60), ")".repeat(60));
    assert_eq!(calls(&nested).len(), 1);
    assert!(errors(&format!("{}{}", "(".repeat(201), ")".repeat(201)))[0].contains("nest too deeply"));
}

/// Every prefix, every deletion of a character, and both line endings: no panic, and every range on characters.
#[test]
fn torn_texts_are_read() {
    let texts = [
        MODEL.to_owned(),
        MODEL.replace('\n', "\r\n"),
        "\u{feff}x = f'é{d[\"ü\"]}' \\\r\n + '''a\nb''' \t# ñ\rdef model(dbt, *, é): return (1, [2, {3: dbt.ref(\n'x')}])".to_owned(),
    ];
    for text in &texts {
        check_ranges(text);
        for (start, c) in text.char_indices() {
            let (before, rest) = text.split_at(start);
            check_ranges(before);
            check_ranges(&format!("{before}{}", rest.split_at(c.len_utf8()).1));
        }
    }
}

fn check_ranges(text: &str) {
    let model = parse(text);
    let mut ranges = ranges_of(&model);
    ranges.extend(model.refusals().iter().map(|refusal| refusal.range));
    for range in ranges {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        assert!(text.get(start..end).is_some(), "{start}..{end} in {text:?}");
    }
}

fn ranges_of(model: &PythonModel) -> Vec<glueline_base::TextRange> {
    let mut ranges: Vec<_> = model.errors.iter().map(|error| error.range).collect();
    ranges.extend(model.imports.iter().chain(&model.accesses).map(|name| name.range));
    ranges.extend(model.jinja);
    for call in &model.calls {
        ranges.extend([call.range, call.callee]);
        for argument in &call.arguments {
            ranges.extend(argument.name.as_ref().map(|name| name.range));
            values(&argument.value, &mut ranges);
        }
    }
    for function in &model.functions {
        ranges.extend([function.name.range, function.header]);
        ranges.extend(&function.returns);
        ranges.extend(function.parameters.iter().map(|parameter| parameter.name.range));
        if let Ending::ReturnTuple(range) | Ending::Other(range) = function.ending {
            ranges.push(range);
        }
    }
    ranges
}

fn values(node: &glueline_base::Node, ranges: &mut Vec<glueline_base::TextRange>) {
    ranges.push(node.range);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| values(item, ranges)),
        Value::Map(entries) => {
            for entry in entries {
                ranges.push(entry.key.range);
                values(&entry.value, ranges);
            }
        }
        _ => {}
    }
}
