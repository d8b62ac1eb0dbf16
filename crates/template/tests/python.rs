//! What Jinja2, set up as dbt sets it up, makes of thousands of small templates. `tests/python/record.py` wrote the answers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::FileId;
use glueline_template::{
    Cx, Ends, Engine, ErrorKind, Host, Limits, Origin, Rendered, Unit, Value, from_json, lower_template,
    module,
};

struct Names;

impl Host for Names {
    fn lookup(&self, _cx: &Cx, name: &str) -> Option<Value> {
        let modules = || {
            ["datetime", "pytz", "re", "itertools"]
                .into_iter()
                .filter_map(|name| Some((name, module(name)?)))
        };
        (name == "modules").then(|| Value::dict(modules()))
    }
}

/// What a template comes to: `ok` or the class of the exception, and the text or the message.
fn render(engine: &Arc<Engine>, source: &str, marked: bool) -> (String, String) {
    let template = glueline_jinja::parse(source);
    let unit = Unit {
        name: "t".into(),
        origin: Origin::File(FileId(0)),
        cached: None,
        marked,
    };
    let program = Arc::new(lower_template(unit, &template, Ends::Newline));
    let (result, _) = engine.render(&program, Arc::new(Names), Limits::default());
    match result {
        Ok(rendered) => {
            if marked {
                check_map(source, &rendered);
            }
            ("ok".to_owned(), rendered.text)
        }
        Err(error) => {
            let class = match error.kind() {
                ErrorKind::Undefined if error.message().ends_with("is unsafe.") => "SecurityError",
                ErrorKind::Undefined => "UndefinedError",
                ErrorKind::Type => "TypeError",
                ErrorKind::Python(class) => class,
                ErrorKind::Syntax => "TemplateSyntaxError",
                ErrorKind::Limit => "limit",
                ErrorKind::Unsupported => "unsupported",
                _ => "other",
            };
            (class.to_owned(), error.message().to_owned())
        }
    }
}

/// Every byte has its place, and one that stands in the template as it is stands there.
fn check_map(source: &str, rendered: &Rendered) {
    for (at, byte) in rendered.text.bytes().enumerate() {
        let found = rendered.map.at(at);
        let found = found.unwrap_or_else(|| panic!("{source}: byte {at} has no place"));
        let start = usize::from(found.place.range.start());
        if found.literal {
            let written = source.as_bytes().get(start).copied();
            assert!(
                written == Some(byte) || (byte == b'\n' && written == Some(b'\r')),
                "{source}: byte {at} does not stand at {start}"
            );
        }
    }
}

fn check(name: &str, answers: &str) {
    let engine = Engine::new();
    let (mut total, mut wrong) = (0, Vec::new());
    for line in answers.lines() {
        let Ok(Value::List(parts)) = from_json(line) else {
            panic!("{line}")
        };
        let parts: Vec<String> = parts
            .items()
            .iter()
            .map(|part| part.as_str().unwrap().into_owned())
            .collect();
        let [source, class, text] = parts.as_slice() else {
            panic!("{line}")
        };
        for marked in [true, false] {
            total += 1;
            let (found_class, found) = render(&engine, source, marked);
            if found_class == "unsupported" && is_known_gap(&found) {
                continue;
            }
            // Glueline words what is wrong with a template's syntax itself.
            let refused =
                ["TemplateSyntaxError", "TemplateAssertionError", "SyntaxError"].contains(&&**class);
            if refused && found_class == "TemplateSyntaxError" {
                continue;
            }
            if (&found_class, &found) != (class, text) {
                wrong.push(format!(
                    "{source}\n  wanted {class}: {text}\n  found  {found_class}: {found}"
                ));
                break;
            }
        }
    }
    assert!(total > 0);
    assert!(
        wrong.is_empty(),
        "{name}: {} of {total} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is refused on purpose, with a message that says so.
fn is_known_gap(message: &str) -> bool {
    [
        "whole numbers beyond 64 bits are not supported",
        "complex numbers are not supported",
    ]
    .contains(&message)
}

macro_rules! answers {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), include_str!(concat!("python/", stringify!($name), ".jsonl")));
            }
        )*
    };
}

answers!(
    cuts, dates, filters, formats, iterators, jsons, looks, loops, macros, methods, operators, regexes,
    scopes, spaces, templates, tests, zones
);
