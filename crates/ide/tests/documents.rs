//! Texts made of nodes, and the way from them to their sources and back.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use crate::common::{Fixture, fixture};
use glueline_base::{FileRange, slice};
use glueline_ide::documents::{Document, Kind, Wanted, document, expansion, node_at, node_named};
use glueline_render::Life;

const INCREMENTAL: &str = "\
//- models/orders.sql
{{ config(materialized='incremental', incremental_strategy='append', file_format='parquet') }}
select 1 as id $0
{% if is_incremental() %}where id > 0{% endif %}
";

fn text(fixture: &Fixture, kind: Kind, life: Life) -> Document {
    let node = node_at(&fixture.analysis, fixture.carets[0]).expect("a node");
    document(&fixture.analysis, Wanted { kind, node, life })
}

fn has(document: &Document, wanted: &[&str]) {
    for line in wanted {
        assert!(document.text.contains(line), "no {line:?} in\n{}", document.text);
    }
}

#[test]
fn compiled_texts() {
    let model = |body: &str| format!("//- models/a.sql\n{body}$0\n");
    for (text_of, life, complete, wanted) in [
        (model("select {{ 1 + 1 }} as x"), Life::Known, true, "select 2 as x\n"),
        (
            model("select * from {{ nothing() }}"),
            Life::Known,
            false,
            "-- Model `a` cannot be compiled: 'nothing' is undefined",
        ),
        (
            model("{{ config(enabled=false) }} select 1"),
            Life::Known,
            false,
            "-- Nothing is compiled: the model `a` is disabled (models/a.sql:1:11): dbt leaves it out.\n",
        ),
        (
            "//- seeds/s.csv\na,b$0\n1,2\n".to_owned(),
            Life::Known,
            false,
            "-- There is nothing to compile in a seed.\n",
        ),
        (
            "//- models/a.sql\nselect 1 as x\n//- models/p.yml\nmodels:\n  - name: a\n    columns:\n      - name: x\n        data_tests:\n          - not_n$0ull\n".to_owned(),
            Life::Known,
            true,
            "where x is null",
        ),
        (
            INCREMENTAL.to_owned(),
            Life::Known,
            true,
            "-- The first run: analytics.orders is not there yet.\n\n\nselect 1 as id \n",
        ),
        (
            INCREMENTAL.to_owned(),
            Life::Exists,
            true,
            "-- A later run: analytics.orders is there.\n\n\nselect 1 as id \nwhere id > 0",
        ),
        (
            "//- models/a.py\ndef model(dbt, session):\n    return dbt.ref('b')$0\n//- models/b.sql\nselect 1 as x\n".to_owned(),
            Life::Known,
            true,
            "def model(dbt, session):",
        ),
        (
            "//- models/a.sql\nselect * from {{ ref('b') }}$0\n//- models/b.sql\n{{ config(materialized='ephemeral') }}\nselect {{ x }} 1\n//- profiles.yml\nother: {}\n".to_owned(),
            Life::Known,
            false,
            "-- Nothing is compiled: there is no profile `shop` in profiles.yml.\n",
        ),
    ] {
        let fixture = fixture(&text_of);
        let found = text(&fixture, Kind::Compiled, life);
        has(&found, &[wanted]);
        assert_eq!(found.complete, complete, "{}", found.text);
    }
}

#[test]
fn a_failure_is_placed() {
    let fixture = fixture(
        "//- models/a.sql\nselect {{ m() }}$0\n//- macros/m.sql\n{% macro m() %}{{ exceptions.raise_compiler_error('no way') }}{% endmacro %}\n",
    );
    let found = text(&fixture, Kind::Compiled, Life::Known);
    has(
        &found,
        &[
            "no way",
            "--> macros/m.sql:1:",
            "models/a.sql:1:11: `m` is called here",
        ],
    );
}

#[test]
fn previews() {
    let fixture = fixture(INCREMENTAL);
    let first = text(&fixture, Kind::Preview, Life::Known);
    has(
        &first,
        &[
            "-- dbt run --select orders --target dev\n-- The first run: no relation of the project is there yet.\n",
            "-- model analytics.orders\n-- incremental by append, parquet; is not there yet (assumed)\n-- models/orders.sql\n",
            ". Create the parquet table analytics.orders\n",
            "--    --> models/orders.sql:2\n",
            "using parquet",
        ],
    );
    assert!(first.complete);
    let later = text(&fixture, Kind::Preview, Life::Exists);
    has(
        &later,
        &[
            "A later run: every relation is there",
            "is there as a table (assumed)",
            "where id > 0",
        ],
    );
    assert!(!later.text.contains("create table"), "{}", later.text);
}

#[test]
fn what_is_not_run_says_why() {
    for (files, wanted) in [
        (
            "//- analyses/a.sql\nselect 1$0\n",
            "-- Nothing is sent: dbt runs no analysis.\n",
        ),
        (
            "//- models/a.sql\n{{ config(materialized='ephemeral') }}select 1$0\n",
            "-- `a` is ephemeral: it is made by itself nowhere",
        ),
        (
            "//- models/a.sql\nselect {{ nothing() }}$0\n",
            "-- Model `a` would fail: 'nothing' is undefined",
        ),
    ] {
        let fixture = fixture(files);
        let found = text(&fixture, Kind::Preview, Life::Known);
        has(&found, &[wanted]);
        assert!(!found.complete);
    }
}

/// For each place of the text that is found by its words, the text of the source that it comes from, and back.
#[test]
fn texts_lead_to_their_source_and_back() {
    let files = "\
//- models/a.sql
select {{ col('x') }}, 'lit' as y$0
from {{ ref('e') }}
//- macros/m.sql
{% macro col(name) %}coalesce({{ name }}, 0) as made{% endmacro %}
//- models/e.sql
{{ config(materialized='ephemeral') }}select 1 as inner_x
";
    let fixture = fixture(files);
    for kind in [Kind::Compiled, Kind::Preview] {
        let found = text(&fixture, kind, Life::Known);
        for (words, wanted) in [
            ("'lit'", "'"),
            ("coalesce", "{{ col('x') }}"),
            ("made", "{{ col('x') }}"),
            ("inner_x", "i"),
        ] {
            let at = found
                .text
                .find(words)
                .unwrap_or_else(|| panic!("{words} in\n{}", found.text));
            let place = found
                .source_at(at)
                .unwrap_or_else(|| panic!("{words} has a source"));
            let source = slice(fixture.analysis.text(place.file), place.range);
            assert!(
                source == wanted || format!("{{{{ {source} }}}}") == wanted,
                "{words}: {source}"
            );
            let back = found.places_of(glueline_ide::FilePosition {
                file: place.file,
                offset: place.range.start(),
            });
            assert!(
                back.iter()
                    .any(|range| usize::from(range.start()) <= at && at < usize::from(range.end())),
                "{words}: {back:?} does not hold {at}"
            );
        }
        assert_eq!(found.source_at(0), None, "{}", found.text);
        assert_eq!(found.source_at(usize::MAX), None);
    }
}

#[test]
fn expansions() {
    let macros = "//- macros/m.sql\n{% macro twice(x) %}{{ x }} + {{ x }}{% endmacro %}\n{% macro blank() %}{% endmacro %}\n";
    for (body, texts, from) in [
        ("select {{ twi$0ce(1) }} as x", &["1 + 1"][..], true),
        ("select {{$0 1 + 1 }} as x", &["2"], false),
        (
            "{% for i in [1, 2] %}{{ twice(i)$0 }},{% endfor %}",
            &["1 + 1", "2 + 2"],
            true,
        ),
        ("select 1 {{ blank()$0 }}", &[], false),
        ("{% if false %}{{ twice(1)$0 }}{% endif %}", &[], false),
    ] {
        let fixture = fixture(&format!("//- models/a.sql\n{body}\n{macros}"));
        let found = expansion(&fixture.analysis, fixture.caret(), Life::Known).expect(body);
        assert_eq!(found.texts, texts, "{body}");
        assert_eq!(!found.from.is_empty(), from, "{body}: {:?}", found.from);
        let in_macro = |place: &FileRange| fixture.analysis.path(place.file).ends_with("macros/m.sql");
        assert!(found.from.iter().all(in_macro), "{body}");
    }
    for body in [
        "select$0 {{ twice(1) }}",
        "{{ twice(1)$0 }} {{ nothing() }}",
        "{{ twice(1 $0",
    ] {
        let fixture = fixture(&format!("//- models/a.sql\n{body}\n{macros}"));
        assert_eq!(
            expansion(&fixture.analysis, fixture.caret(), Life::Known),
            None,
            "{body}"
        );
    }
}

#[test]
fn places_have_nodes() {
    let files = "\
//- models/p.yml
models:
  - name: $0a
    columns:
      - name: x
        data_tests: [$0unique]
  - name: v
    versions:
      - v: 1
      - v: 2$0
  - name: $0nobody
sources:
  - name: s
    tables:
      - name: t$0
snapshots:
  - name: sn$0ap
    relation: ref('a')
    config: {strategy: check, check_cols: all, unique_key: x}
//- models/a.sql
select 1 as x$0
//- models/v_v1.sql
select 1
//- models/v_v2.sql
select 2
//- macros/m.sql
{% macro m() %}$0{% endmacro %}
";
    let fixture = fixture(files);
    let found: Vec<&str> = fixture
        .carets
        .iter()
        .map(|caret| {
            let node = node_at(&fixture.analysis, *caret);
            node.map_or("", |node| &fixture.analysis.project().node(node).unique_id)
        })
        .collect();
    let wanted = [
        "model.shop.a",
        "test.shop.unique_a_x.",
        "model.shop.v.v2",
        "",
        "",
        "snapshot.shop.snap",
        "model.shop.a",
        "",
    ];
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(
            found.starts_with(wanted) && found.is_empty() == wanted.is_empty(),
            "{found} {wanted}"
        );
    }
    let a = node_named(&fixture.analysis, "model.shop.a");
    assert_eq!(a, node_at(&fixture.analysis, fixture.carets[0]));
    assert_eq!(node_named(&fixture.analysis, "model.shop.b"), None);
}
