//! What Jinja2, set up as dbt sets it up, makes of thousands of small templates. `tests/python/record.py` wrote the answers.

use std::sync::Arc;

use glueline_base::FileId;
use glueline_template::{
    Cx, Ends, Engine, ErrorKind, Host, Limits, Origin, Unit, Value, from_json, lower_template, module,
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
        Ok(rendered) => ("ok".to_owned(), rendered.text),
        Err(error) => {
            let class = match error.kind() {
                ErrorKind::Undefined if error.message().ends_with("is unsafe.") => "SecurityError",
                ErrorKind::Undefined => "UndefinedError",
                ErrorKind::Type => "TypeError",
                ErrorKind::Python(class) => class,
                ErrorKind::Unsupported => "unsupported",
                _ => "other",
            };
            (class.to_owned(), error.message().to_owned())
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
    dates, filters, formats, iterators, jsons, looks, methods, operators, regexes, tests, zones
);
