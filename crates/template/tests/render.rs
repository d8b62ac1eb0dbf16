//! Whole templates: text, scopes, captures, calls, and the way back to the source.

#![expect(clippy::panic, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::FileId;
use glueline_template::{
    Cx, Ends, Engine, Error, Host, Limits, Origin, Program, Rendered, Unit, Value, lower_definition,
    lower_template,
};

/// A host that knows the macros of one text.
struct Macros(Vec<Arc<Program>>);

#[derive(Debug)]
struct Macro(Arc<Program>);

impl glueline_template::Native for Macro {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn call(&self, cx: &Cx, args: glueline_template::Args) -> Result<Value, Error> {
        cx.call_macro(&self.0, args)
    }

    fn text(&self) -> String {
        "macro".to_owned()
    }
}

impl Host for Macros {
    fn lookup(&self, _cx: &Cx, name: &str) -> Option<Value> {
        if name == "return" {
            return Some(Value::function("return", |cx, args| {
                Err(cx.return_value(args.positional.into_iter().next().unwrap_or_default()))
            }));
        }
        let found = self.0.iter().find(|program| &**program.name() == name)?;
        Some(Value::native(Macro(found.clone())))
    }
}

const MACROS: u32 = 1;

fn render(macros: &str, text: &str) -> Result<Rendered, Error> {
    let template = glueline_jinja::parse(macros);
    let programs = template
        .body
        .iter()
        .filter_map(|piece| match piece {
            glueline_jinja::Piece::Statement(statement) => lower_definition(
                Unit {
                    name: statement.defined_name()?.value.into(),
                    origin: Origin::File(FileId(MACROS)),
                    cached: Some(statement.defined_name()?.value.to_owned()),
                    marked: true,
                },
                macros,
                statement,
                &template.errors,
            ),
            _ => None,
        })
        .map(Arc::new)
        .collect();
    let unit = Unit {
        name: "model".into(),
        origin: Origin::File(FileId(0)),
        cached: None,
        marked: true,
    };
    let program = Arc::new(lower_template(unit, &glueline_jinja::parse(text), Ends::Newline));
    Engine::new()
        .render(&program, Arc::new(Macros(programs)), Limits::default())
        .0
}

#[track_caller]
fn check(macros: &str, text: &str, expected: &str) {
    match render(macros, text) {
        Ok(rendered) => assert_eq!(rendered.text, expected, "{text}"),
        Err(error) => panic!("{text}: {error:?}"),
    }
}

#[test]
fn templates_render_as_in_jinja2() {
    for (text, expected) in [
        ("select 1\n", "select 1"),
        ("a\r\nb\rc\n\n", "a\nb\nc\n"),
        ("a {{ 1 }} b", "a 1 b"),
        ("a {%- if true -%} b {%- else -%} c {%- endif %} d", "ab d"),
        ("{% set x %} y {% endset %}[{{ x }}]", "[ y ]"),
        (
            "{% set x = 0 %}{% for i in (1, 2) %}{% set x = i %}{{ x }}{% endfor %}{{ x }}",
            "120",
        ),
        ("{% raw %}{{ x }}{% endraw %}{# no #}", "{{ x }}"),
        (
            "{% for a, b in ((1, 2), (3, 4)) if a > 1 %}{{ a }}{{ b }}{{ loop.index }}{% endfor %}",
            "341",
        ),
        ("{{ 'a' if false else 'b' }}{{ 'c' if false }}", "b"),
        ("\u{10FFF0}{{ '\u{10FFF1}' }}", "\u{10FFF0}\u{10FFF1}"),
        ("{{ unknown }}|{{ none }}|{{ true }}|{{ 1.0 }}", "|None|True|1.0"),
    ] {
        check("", text, expected);
    }
}

#[test]
fn macros_take_arguments_and_return_values() {
    let macros = "{% macro add(a, b=a) %}{{ a }}+{{ b }}{% endmacro %}\
        {% macro pick(x) %}{% for i in (1, 2, 3) %}{% if i == x %}{{ return((i, 'found')) }}{% endif %}{% endfor %}{% endmacro %}\
        {% macro twice() %}{{ caller(1) }}{{ caller(2) }}{% endmacro %}";
    for (text, expected) in [
        (
            "{{ add(1) }} {{ add(1, b=2) }} {{ add(*(3, 4)) }} {{ add(**{'a': 5}) }}",
            "1+1 1+2 3+4 5+5",
        ),
        ("{{ pick(2) }}|{{ pick(9) }}", "(2, 'found')|"),
        (
            "{% set y = 7 %}{% call(n) twice() %}<{{ n }}{{ y }}>{% endcall %}",
            "<17><27>",
        ),
    ] {
        check(macros, text, expected);
    }
}

#[test]
fn every_byte_has_its_place() {
    let macros = "{% macro name(x) %}col_{{ x }}{% endmacro %}";
    let text = "select {{ name('a') }} from t";
    let rendered = render(macros, text).unwrap();
    assert_eq!(rendered.text, "select col_a from t");
    let place = |offset: usize| rendered.map.at(offset).unwrap();
    assert_eq!(usize::from(place(3).place.range.start()), 3);
    assert_eq!(place(3).place.file, FileId(0));
    let inner = place(9);
    assert_eq!(inner.place.file, FileId(MACROS));
    assert_eq!(usize::from(inner.place.range.start()), macros.find("l_").unwrap());
    assert_eq!(inner.expanded_from.len(), 1);
    assert_eq!(inner.expanded_from[0].file, FileId(0));
    assert_eq!(
        usize::from(place(14).place.range.start()),
        text.find("rom").unwrap()
    );
}
