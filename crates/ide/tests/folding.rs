//! What folds: the first line that stays, and the last that goes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;

use crate::common::fixture;
use glueline_base::{TextRange, slice};
use glueline_ide::folding::{FoldKind, folds};

/// The folds of a file as `first-last` lines, counted from 1; `c` marks comments, `r` regions.
fn of(path: &str, text: &str) -> String {
    let fixture = fixture(&format!("//- {path}\n{text}"));
    let file = fixture
        .analysis
        .file(format!("/repo/{path}").as_str().into())
        .unwrap();
    let text = fixture.analysis.text(file);
    let line = |offset| slice(text, TextRange::up_to(offset)).matches('\n').count() + 1;
    let shown: Vec<String> = folds(&fixture.analysis, file)
        .iter()
        .map(|fold| {
            let kind = match fold.kind {
                FoldKind::Comment => "c",
                FoldKind::Region => "r",
                FoldKind::Block => "",
            };
            let behind = text.get(usize::from(fold.range.start())..).unwrap();
            assert!(
                behind.starts_with(['\n', '\r']),
                "a fold begins at the end of a line"
            );
            format!("{kind}{}-{}", line(fold.range.start()), line(fold.range.end()))
        })
        .collect();
    shown.join(" ")
}

#[test]
fn blocks_fold() {
    let mut wrong = String::new();
    for (path, text, expected) in [
        (
            "models/a.sql",
            "with a as (\n  select 1\n),\nb as (\n  select f(\n    2\n  )\n)\nselect *\n",
            "1-2 4-7 5-6",
        ),
        (
            "models/a.sql",
            "{{ config(\n  a=1,\n  b={\n    'c': 1\n  }\n) }}\nselect 1\n",
            "1-5 3-4",
        ),
        (
            "models/a.sql",
            "{%- if x %}\n  a\n{% elif y %}\n  b\n{% else %}\n  c\n{%- endif %}\n",
            "1-2 3-4 5-6",
        ),
        ("models/a.sql", "{% for x in y %}\n  a\n{% endfor %}", "1-2"),
        ("models/a.sql", "{% if x %}\n  a\n", ""),
        ("models/a.sql", "{% if x %} a {% endif %}\n", ""),
        ("models/a.sql", "select (\n  1\n", ""),
        ("models/a.sql", "select f(1,\n  2) from t\n", "1-2"),
        (
            "models/a.sql",
            "-- a\n-- b\nselect 1 -- c\n-- d\n/* e\n f */\n",
            "c1-2 c4-6 c5-6",
        ),
        ("models/a.sql", "{# a\n b #}\n{# c #}\nselect 1\n", "c1-3"),
        ("models/a.sql", "-- region x\nselect\n-- endregion\n", "r1-3"),
        (
            "models/a.sql",
            "{#- region -#}\n-- #region\nselect\n-- #endregion\n{# endregion #}\n",
            "r1-5 r2-4",
        ),
        (
            "macros/a.sql",
            "{% macro m(\n  a\n) %}\n  select (\n    1\n  )\n{% endmacro %}\n",
            "1-6 4-5",
        ),
        (
            "models/a.sql",
            "{% set x %}\n  (\n  )\n{% endset %}\n{% call m() %}\n a\n{% endcall %}",
            "1-3 5-6",
        ),
        (
            "models/a.sql",
            "with a as (\r\n  select 1\r\n)\r\nselect 1\r\n",
            "1-2",
        ),
        ("models/docs.md", "{% docs a %}\ntext\n{% enddocs %}\n", "1-2"),
        (
            "models/a.py",
            "def model(dbt, session):\n    if x:\n        y\n\n    return z\n\nprint()\n",
            "1-5 2-3",
        ),
        ("models/a.py", "# a\n# b\nx = [\n  1,\n]\n", "c1-2 3-4"),
        (
            "models/s.yml",
            "models:\n  - name: a\n    columns:\n      - name: b\n        tests: [\n          unique\n        ]\n\n\n# c\n# d\n",
            "1-7 2-7 3-7 4-7 5-6 c10-11",
        ),
        (
            "models/s.yml",
            "models:\n  - name: a\n    description: |\n      b\n      c\n\n  - name: d\n",
            "1-7 2-5 3-5",
        ),
        ("models/s.yml", "models: [\n", ""),
    ] {
        let found = of(path, text);
        if found != expected {
            let _ = writeln!(
                wrong,
                "{path}\n{text}\n    found    {found}\n    expected {expected}"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
