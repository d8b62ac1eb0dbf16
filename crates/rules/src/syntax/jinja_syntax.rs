//! `jinja-syntax`.

use glueline_base::{Diagnostic, SyntaxError, TextRange, slice};
use glueline_project::{FileKind, SqlFacts};

use super::fault;
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "jinja-syntax",
    Fails,
    Error,
    "jinja_syntax.md",
    Check::File(check), Parse: "CompilationError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(facts) = cx.facts().sql() else { return };
    let only_blocks = match cx.project.files().info(cx.file).kind {
        // Rows of unit tests are no template.
        FileKind::Fixture => return,
        FileKind::Docs | FileKind::Macro | FileKind::GenericTest | FileKind::Snapshot => true,
        _ => false,
    };
    if !only_blocks {
        for block in &facts.snapshots {
            let message = "Snapshots are read in `snapshots/` alone: here dbt stops with `Encountered unknown tag \
                           'snapshot'`, and no command runs.";
            sink.push(Diagnostic::new(&RULE.meta, cx.at(block.name.range), message));
        }
    }
    for error in &facts.errors {
        if !only_blocks || is_seen(cx.text(), facts, error) {
            sink.push(fault(
                cx,
                &RULE.meta,
                error,
                "dbt cannot parse this file, and no command runs.",
            ));
        }
    }
}

/// From files of macros, snapshots and docs dbt takes the blocks and passes over what stands between them, but for
/// comments that are not closed and ends of `if` and `for` that nothing began (`dbt_common/clients/_jinja_blocks.py`).
fn is_seen(text: &str, facts: &SqlFacts, error: &SyntaxError) -> bool {
    let macros = facts.macros.iter().map(|definition| definition.range);
    let snapshots = facts.snapshots.iter().map(|block| block.range);
    let docs = facts.docs.iter().map(|block| block.range);
    let touches = |block: TextRange| block.intersect(error.range).is_some();
    if macros.chain(snapshots).chain(docs).any(touches) {
        return true;
    }
    let written = slice(text, error.range);
    let tag = written.trim_start_matches(['{', '%', '-', '+', ' ']);
    written.starts_with("{#") || ["endif", "endfor"].iter().any(|end| tag.starts_with(end))
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        system.write(format!("p/{path}"), text);
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let file = project.files().by_path(path.into()).unwrap();
        let mut sink = Sink::default();
        check(
            &FileCx {
                project: &project,
                file,
            },
            &mut sink,
        );
        sink.take().len()
    }

    #[test]
    fn of_definitions_only_the_blocks_count() {
        // Each tried with dbt-core 1.12.6.
        let cases = [
            ("macros/a.sql", "select 1 {{ nope( }}", 0),
            ("macros/a.sql", "{% macro m() %}{{ 1 + }}{% endmacro %}", 1),
            ("macros/a.sql", "{% endmacro %}", 0),
            ("macros/a.sql", "{% endif %}{% macro m() %}1{% endmacro %}", 1),
            ("macros/a.sql", "{% macro m() %}1", 1),
            ("macros/a.sql", "{# abc\n{% macro n() %}2{% endmacro %}", 1),
            ("macros/a.sql", "{% macro n() %}{% if x %}2{% endmacro %}", 1),
            (
                "tests/generic/a.sql",
                "{% test x(model) %} {{ 1 + }} {% endtest %}",
                1,
            ),
            ("models/a.md", "some {{ 1 + }} text", 0),
            ("models/a.md", "{% docs x %} text", 1),
            ("models/a.md", "{% docs x %} {{ 1 + }} {% enddocs %}", 1),
            ("models/a.md", "text {% enddocs %}", 0),
            ("models/a.sql", "{{ config(enabled=false) }} {{ 1 + }}", 1),
            ("models/a.sql", "select 1 {% endif %}", 1),
            ("analyses/a.sql", "{{ 1 + }}", 1),
            ("tests/a.sql", "{{ 1 + }}", 1),
            ("models/a.sql", "{% snapshot s %}select 1{% endsnapshot %}", 1),
            ("snapshots/a.sql", "{% snapshot s %}select 1{% endsnapshot %}", 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(faults(path, text), expected, "{path}: {text}");
        }
    }
}
