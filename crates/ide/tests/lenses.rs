//! What stands above lines.

use crate::common::fixture;
use glueline_ide::lenses::{Action, Wanted, lenses, title};

const ALL: Wanted = Wanted {
    texts: true,
    run: true,
    counts: true,
};

/// Each line with lenses, and what they say.
fn shown(text: &str, wanted: Wanted) -> Vec<String> {
    let fixture = fixture(text);
    let file = fixture.caret().file;
    let text = fixture.analysis.text(file);
    let mut lines: Vec<(usize, Vec<String>)> = Vec::new();
    for lens in lenses(&fixture.analysis, file, wanted) {
        let start = usize::from(lens.at.start());
        let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        let title = title(&fixture.analysis, lens.action);
        match lines.last_mut() {
            Some((last, titles)) if *last == line => titles.push(title),
            _ => lines.push((line, vec![title])),
        }
    }
    let each = lines
        .into_iter()
        .map(|(line, titles)| format!("{line}: {}", titles.join(" | ")));
    each.collect()
}

const REST: &str = "\
//- models/base.sql
select * from {{ source('raw', 't') }}
//- models/p.yml
models:
  - name: a
    columns: [{name: x, data_tests: [unique, not_null]}]
  - name: base
sources:
  - name: raw
    tables:
      - name: t
unit_tests:
  - name: u
    model: base
    given: []
    expect: {rows: []}
";

#[test]
fn lines_have_lenses() {
    let with = |text: &str| format!("{text}{REST}");
    for (text, wanted) in [
        (
            with("//- models/a.sql\nselect 1 as x from {{ ref('base') }}$0\n"),
            &["1: Preview | Compiled SQL | Run | Show rows | 1 parent, 0 children, 2 tests"][..],
        ),
        (
            with("//- seeds/s.csv\na$0\n1\n"),
            &["1: Preview | Run | 0 parents, 0 children"],
        ),
        (with("//- models/off.sql\n{{ config(enabled=false) }}$0\n"), &[]),
        (with("//- analyses/n.sql\nselect 1$0\n"), &["1: Compiled SQL | Show rows | 0 parents, 0 children"]),
        (with("//- tests/n.sql\nselect 1$0\n"), &["1: Preview | Compiled SQL | Test | Show rows | 0 parents, 0 children"]),
        (
            with("//- snapshots/s.sql\n\n{% snapshot one %}$0{{ config(strategy='check', unique_key='x', check_cols='all') }}select 1 as x{% endsnapshot %}\n"),
            &["2: Preview | Compiled SQL | Run | Show rows | 0 parents, 0 children"],
        ),
        (
            "//- macros/m.sql\n{% macro m() %}{% endmacro %}$0\n{% test t(model) %}{{ m() }}{% endtest %}\n//- models/a.sql\nselect {{ m() }}, {{ shop.m() }}\n//- models/p.yml\nmodels: [{name: a, data_tests: [t]}]\n".to_owned(),
            &["1: 3 uses", "2: 1 use"],
        ),
    ] {
        assert_eq!(shown(&text, ALL), wanted, "{text}");
    }
}

#[test]
fn entries_of_properties_have_lenses() {
    let text = format!(
        "//- models/a.sql\nselect 1\n{}",
        REST.replace("models:", "models:$0")
    );
    let found = shown(&text, ALL);
    let wanted = [
        "2: Preview | Compiled SQL | Run | Show rows | 0 parents, 0 children, 2 tests",
        "4: Preview | Compiled SQL | Run | Show rows | 1 parent, 0 children, 1 test",
        "8: 0 parents, 1 child",
        "10: Preview | Test | 1 parent, 0 children",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn lenses_can_be_left_out() {
    let none = Wanted {
        texts: false,
        run: false,
        counts: false,
    };
    let text = "//- models/a.sql\nselect 1$0\n";
    assert!(shown(text, none).is_empty());
    assert_eq!(shown(text, Wanted { run: true, ..none }), ["1: Run | Show rows"]);
    let fixture = fixture(text);
    let found = lenses(&fixture.analysis, fixture.caret().file, ALL);
    assert!(matches!(found[0].action, Action::Preview(_)));
}
