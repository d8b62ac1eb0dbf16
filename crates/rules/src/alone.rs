//! What one text says by itself, without the project it may belong to.

use glueline_base::{Diagnostic, FileId, MemSystem, Utf8Path, range};
use glueline_project::{FileFacts, LoadOptions, load};

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink};
use crate::syntax;

/// The rules that ask for nothing but the text.
static RULES: &[&Rule] = &[
    &syntax::duplicate_yaml_key::RULE,
    &syntax::jinja_syntax::RULE,
    &syntax::python_syntax::RULE,
    &syntax::yaml_syntax::RULE,
];

/// What is wrong with a text whatever project it belongs to, or to none: faults of its syntax. Places are in file 0.
///
/// The path says by its ending which language it is, and by `macros`, `snapshots` or `tests` on the way which of its blocks dbt reads.
pub fn alone(path: &Utf8Path, text: &str) -> Vec<Diagnostic> {
    let Some(place) = place(path, text) else {
        return Vec::new();
    };
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: p\n");
    system.write(format!("p/{place}"), text);
    let Ok(project) = load(&system, &LoadOptions::new("p")) else {
        return Vec::new();
    };
    let Some(file) = project.files().by_path(place.into()) else {
        return Vec::new();
    };
    let cx = FileCx {
        project: &project,
        file,
    };
    if matches!(cx.facts(), FileFacts::None) {
        return Vec::new();
    }
    let mut sink = Sink::default();
    for rule in RULES {
        if let Check::File(check) = rule.check {
            crate::run::guarded(rule, cx.at(range(0, 0)), &mut sink, |sink| check(&cx, sink));
        }
    }
    let mut found = sink.take();
    crate::suppress::apply(text, &mut found);
    crate::run::sort(&mut found);
    found.dedup();
    for diagnostic in &mut found {
        diagnostic.places_mut().for_each(|place| place.file = FileId(0));
    }
    found
}

/// Where a project would hold such a file; `None` where none is meant, or what dbt would make of it cannot be told.
fn place(path: &Utf8Path, text: &str) -> Option<&'static str> {
    let under = |name: &str| path.components().any(|part| part.as_str() == name);
    match path.extension()? {
        // Where definitions stand, dbt passes over what is between them; a text that has any may be such a file.
        "sql" if under("macros") => Some("macros/a.sql"),
        "sql" if under("snapshots") => Some("snapshots/a.sql"),
        "sql" if under("generic") => Some("tests/generic/a.sql"),
        "sql"
            if ["macro", "snapshot", "test", "materialization"]
                .iter()
                .any(|tag| has_tag(text, tag)) =>
        {
            Some("macros/a.sql")
        }
        "sql" => Some("models/a.sql"),
        "py" if text.contains("def model") => Some("models/a.py"),
        "yml" | "yaml" => Some("models/a.yml"),
        "md" => Some("models/a.md"),
        _ => None,
    }
}

/// Whether a text has a tag of a name.
fn has_tag(text: &str, name: &str) -> bool {
    text.split("{%").skip(1).any(|tag| {
        let tag = tag.trim_start_matches(['-', '+']).trim_start();
        tag.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_alone_has_faults_of_syntax_only() {
        let cases: [(&str, &str, &[&str]); 10] = [
            ("untitled.sql", "select {{ 1 + }}", &["jinja-syntax"]),
            ("/x/models/a.sql", "select * from {{ ref('nowhere') }}", &[]),
            ("/x/macros/a.sql", "{{ 1 + }} {% macro m() %}{% endmacro %}", &[]),
            ("/x/a.sql", "{{ 1 + }} {% macro m() %}{% endmacro %}", &[]),
            (
                "/x/a.sql",
                "-- glueline: allow(jinja-syntax)\nselect {{ 1 + }}",
                &[],
            ),
            ("/x/a.yml", "a: [1\nb: 2\n", &["yaml-syntax"]),
            ("/x/a.yml", "a: 1\na: 2\n", &["duplicate-yaml-key"]),
            ("/x/a.yml", "anything: goes\nversion: 7\n", &[]),
            ("/x/a.py", "def model(dbt, session:\n  pass\n", &["python-syntax"]),
            ("/x/script.py", "def other(:\n", &[]),
        ];
        for (path, text, expected) in cases {
            let found = alone(path.into(), text);
            let rules: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule).collect();
            assert_eq!(rules, expected, "{path}: {text}");
            assert!(found.iter().all(|diagnostic| diagnostic.at.file == FileId(0)));
        }
    }
}
