//! What names are coloured as.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;

use crate::common::fixture;
use glueline_base::slice;
use glueline_ide::tokens::{Modifier, TokenKind, tokens};

/// The tokens of the first file, as `text:kind.modifier`.
fn show(files: &str) -> String {
    let fixture = fixture(files);
    let path = files.split_once("//- ").unwrap().1.split('\n').next().unwrap();
    let file = fixture
        .analysis
        .file(format!("/repo/{path}").as_str().into())
        .unwrap();
    let text = fixture.analysis.text(file);
    let shown: Vec<String> = tokens(&fixture.analysis, file)
        .iter()
        .map(|token| {
            let mut out = format!("{}:{}", slice(text, token.range), token.kind.name());
            for modifier in Modifier::ALL {
                if token.has(modifier) {
                    let _ = write!(out, ".{}", modifier.name());
                }
            }
            out
        })
        .collect();
    shown.join(" ")
}

#[test]
fn names_are_told_apart() {
    let mut wrong = String::new();
    for (files, expected) in [
        (
            "//- models/a.sql\nselect * from {{ ref('b') }} join {{ ref('gone') }}\n//- models/b.sql\nselect 1\n",
            "ref:function.defaultLibrary b:class ref:function.defaultLibrary gone:class.unresolved",
        ),
        (
            "//- models/a.sql\n{% set x = my_macro() %}{% if x is none %}{{ x | trim }}{% endif %}\n//- macros/m.sql\n{% macro my_macro() %}{% endmacro %}\n",
            "set:keyword x:variable.definition my_macro:macro if:keyword x:variable none:function.defaultLibrary x:variable \
             trim:function.defaultLibrary endif:keyword",
        ),
        (
            "//- models/a.sql\nwith c as (select t.x as y, z from lake.t) select c.y, d.* from c join c as d on c.y = d.y\n",
            "c:type.definition t:variable x:property y:property.definition z:property c:type y:property d:variable c:type c:type \
             d:variable.definition c:type y:property d:variable y:property",
        ),
        (
            "//- models/a.sql\n-- glueline: allow(a-rule)\nselect transform(a, e -> e + 1) {{ this }}\n",
            "glueline: allow(a-rule):decorator a:property e:parameter e:parameter this:variable.defaultLibrary",
        ),
        (
            "//- macros/m.sql\n{% macro m(a) %}{{ a }}{% endmacro %}\n",
            "macro:keyword m:macro.definition a:parameter.definition a:parameter endmacro:keyword",
        ),
    ] {
        let found = show(files);
        if found != expected {
            let _ = writeln!(wrong, "{files}\n    found    {found}\n    expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_legend_is_in_order() {
    for (place, kind) in TokenKind::ALL.iter().enumerate() {
        assert_eq!(*kind as usize, place, "{}", kind.name());
    }
    for (place, modifier) in Modifier::ALL.iter().enumerate() {
        assert_eq!(modifier.bit(), 1 << place, "{}", modifier.name());
    }
}
