//! How a selection grows.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on ends")]

use crate::common::fixture;
use glueline_base::slice;
use glueline_ide::selection::ranges;

/// What is selected, step by step, from the smallest on; the whole file is left out.
fn grow(path: &str, text: &str) -> Vec<String> {
    let fixture = fixture(&format!("//- {path}\n{text}"));
    let position = fixture.caret();
    let file = fixture.analysis.text(position.file);
    let found = ranges(&fixture.analysis, position);
    assert_eq!(
        found.last().map(|range| usize::from(range.len())),
        Some(file.len())
    );
    for pair in found.windows(2) {
        assert!(
            pair[1].contains_range(pair[0]) && pair[0] != pair[1],
            "each is inside the next"
        );
    }
    found[..found.len() - 1]
        .iter()
        .map(|range| slice(file, *range).to_owned())
        .collect()
}

#[test]
fn a_selection_grows_by_syntax() {
    for (path, text, expected) in [
        (
            "models/a.sql",
            "with c as (select t.id$0, f(1) from t) select 1",
            &[
                "id",
                "t.id",
                "t.id, f(1)",
                "select t.id, f(1)",
                "select t.id, f(1) from t",
                "(select t.id, f(1) from t)",
                "c as (select t.id, f(1) from t)",
                "with c as (select t.id, f(1) from t)",
            ][..],
        ),
        (
            "models/a.sql",
            "select f(a, g($0b) + 1) as x from t",
            &[
                "b",
                "(b)",
                "g(b)",
                "g(b) + 1",
                "a, g(b) + 1",
                "(a, g(b) + 1)",
                "f(a, g(b) + 1)",
                "f(a, g(b) + 1) as x",
                "select f(a, g(b) + 1) as x",
            ],
        ),
        (
            "models/a.sql",
            "select * from a left join b on a.x = $0b.y where z",
            &[
                "b",
                "b.y",
                "a.x = b.y",
                "left join b on a.x = b.y",
                "a left join b on a.x = b.y",
                "from a left join b on a.x = b.y",
            ],
        ),
        (
            "models/a.sql",
            "select 'a b$0 c' from t\n",
            &["b", "a b c", "'a b c'", "select 'a b c'", "select 'a b c' from t"],
        ),
        (
            "models/a.sql",
            "select * from {{ ref('or$0ders') }}\n",
            &[
                "orders",
                "'orders'",
                "ref('orders')",
                "{{ ref('orders') }}",
                "select * from {{ ref('orders') }}",
            ],
        ),
        (
            "models/a.sql",
            "{% if x %}a{% else %}{{ b$0.c(d=1) }}{% endif %}\n",
            &[
                "b",
                "b.c",
                "b.c(d=1)",
                "{{ b.c(d=1) }}",
                "{% else %}{{ b.c(d=1) }}",
                "a{% else %}{{ b.c(d=1) }}",
                "{% if x %}a{% else %}{{ b.c(d=1) }}{% endif %}",
            ],
        ),
        (
            "models/s.yml",
            "models:\n  - name: a\n    tests: [uni$0que]\n",
            &[
                "unique",
                "[unique]",
                "tests: [unique]",
                "name: a\n    tests: [unique]",
                "- name: a\n    tests: [unique]",
                "models:\n  - name: a\n    tests: [unique]",
            ],
        ),
        (
            "models/s.yml",
            "models:\n  - name: \"{{ a($0b) }}\"\n",
            &[
                "b",
                "a(b)",
                "{{ a(b) }}",
                "\"{{ a(b) }}\"",
                "name: \"{{ a(b) }}\"",
                "- name: \"{{ a(b) }}\"",
                "models:\n  - name: \"{{ a(b) }}\"",
            ],
        ),
        (
            "models/a.py",
            "def model(dbt, ses$0sion):\n    pass\n",
            &["session", "def model(dbt, session):"],
        ),
        ("seeds/a.csv", "a,b\n1,t$0wo\n", &["two", "1,two"]),
        ("models/a.sql", "$0", &[]),
    ] {
        let found = grow(path, text);
        let missing: Vec<_> = expected
            .iter()
            .filter(|wanted| !found.iter().any(|each| each == **wanted))
            .collect();
        assert!(
            missing.is_empty(),
            "{text}\nfound {found:#?}\nmissing {missing:#?}"
        );
    }
}
