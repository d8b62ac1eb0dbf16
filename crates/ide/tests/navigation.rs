//! From a name to other places.

use crate::common::fixture;
use crate::labels::places::place;
use glueline_ide::navigation::{Target, declaration, definition, implementation, type_definition};
use glueline_ide::{Analysis, FilePosition};

type Way = fn(&Analysis, FilePosition) -> Vec<Target>;

const PROJECT: &str = "\
//- models/orders.sql
select 1 as id
//- models/schema.yml
models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique, positive]
  - name: dim
    versions:
      - v: 1
      - v: 2
sources:
  - name: raw
    tables:
      - name: events
macros:
  - name: shape
unit_tests:
  - name: ut
    model: orders
    given: []
    expect: {rows: []}
//- models/dim_v1.sql
select 1 as id
//- models/dim_v2.sql
select 1 as id
//- macros/m.sql
{% macro shape(x) %}
{{ return(adapter.dispatch('shape', 'shop')(x)) }}{% endmacro %}
{% macro default__shape(x) %}{% endmacro %}
{% macro spark__shape(x) %}{% endmacro %}
{% macro snowflake__shape(x) %}{% endmacro %}
{% test positive(model, column_name) %}select 1{% endtest %}
{% macro plain(x) %}{% endmacro %}
{% macro computed(x) %}{{ adapter.dispatch(x)() }}{% endmacro %}
//- packages.yml
packages:
  - local: packages/dates
//- packages/dates/dbt_project.yml
name: dates
//- packages/dates/models/days.sql
select 1 as day
";

fn check(way: Way, path: &str, text: &str, expected: &[&str]) {
    let fixture = fixture(&format!("{PROJECT}//- {path}\n{text}"));
    let found: Vec<String> = way(&fixture.analysis, fixture.caret())
        .iter()
        .map(|target| {
            let file = fixture.caret().file;
            assert_eq!(target.origin.file, file);
            assert!(target.origin.range.contains_inclusive(fixture.caret().offset));
            assert!(target.place.full.range.contains_range(target.place.name.range));
            place(&fixture.analysis, target.place.name)
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn definitions_of_names() {
    for (path, text, expected) in [
        (
            "models/m.sql",
            "{{ ref('ord$0ers') }}",
            vec!["models/orders.sql:1"],
        ),
        (
            "models/m.sql",
            "{{ ref('dim$0', v=1) }}",
            vec!["models/dim_v1.sql:1"],
        ),
        (
            "models/m.sql",
            "{{ source('raw', 'ev$0ents') }}",
            vec!["models/schema.yml:13 events"],
        ),
        (
            "models/m.sql",
            "{{ source('r$0aw', 'events') }}",
            vec!["models/schema.yml:11 raw"],
        ),
        (
            "models/m.sql",
            "{{ sha$0pe(1) }}",
            vec!["macros/m.sql:4 spark__shape"],
        ),
        ("models/m.sql", "{{ pla$0in(1) }}", vec!["macros/m.sql:7 plain"]),
        (
            "models/m.sql",
            "{{ compu$0ted(1) }}",
            vec!["macros/m.sql:8 computed"],
        ),
        ("models/m.sql", "{{ is_incre$0mental() }}", vec![]),
        ("models/m.sql", "{{ ref('no$0') }}", vec![]),
        ("models/m.sql", "select$0", vec![]),
        (
            "models/m.sql",
            "{% set a = 1 %}\n{{ a$0 }}",
            vec!["models/m.sql:1 a"],
        ),
        (
            "models/o.yml",
            "models:\n  - name: ord$0ers\n",
            vec!["models/orders.sql:1"],
        ),
        (
            "models/o.yml",
            "models:\n  - name: dim$0\n",
            vec!["models/dim_v1.sql:1", "models/dim_v2.sql:1"],
        ),
        (
            "models/o.yml",
            "models:\n  - name: orders\n    data_tests: [posi$0tive]\n",
            vec!["macros/m.sql:6 positive"],
        ),
        (
            "models/o.yml",
            "models:\n  - name: orders\n    data_tests: [uni$0que]\n",
            vec![],
        ),
        (
            "models/o.yml",
            "exposures:\n  - name: e\n    type: dashboard\n    depends_on: [ref('ord$0ers')]\n",
            vec!["models/orders.sql:1"],
        ),
        (
            "selectors.yml",
            "selectors:\n  - name: a\n    definition: tag:x\n  - name: b\n    definition: {method: selector, value: a$0}\n",
            vec!["selectors.yml:2 a"],
        ),
        (
            "dbt_project.yml",
            "name: shop\nprofile: sh$0op\n",
            vec!["profiles.yml:1 shop"],
        ),
        (
            "dbt_project.yml",
            "name: shop\nmodels: {da$0tes: {+schema: x}}\n",
            vec!["packages/dates/dbt_project.yml:1 dates"],
        ),
        (
            "models/p.py",
            "def model(dbt, session):\n    return dbt.ref('ord$0ers')\n",
            vec!["models/orders.sql:1"],
        ),
    ] {
        check(definition, path, text, &expected);
    }
}

#[test]
fn folders_of_packages() {
    let text = PROJECT.replace("local: packages/dates", "local: packages/da$0tes");
    let fixture = fixture(&text);
    let found = definition(&fixture.analysis, fixture.caret());
    let found: Vec<_> = found
        .iter()
        .map(|target| place(&fixture.analysis, target.place.name))
        .collect();
    assert_eq!(found, ["packages/dates/dbt_project.yml:1 dates"]);
}

#[test]
fn declarations_and_types() {
    for (way, path, text, expected) in [
        (
            declaration as Way,
            "models/m.sql",
            "{{ ref('ord$0ers') }}",
            vec!["models/schema.yml:2 orders"],
        ),
        (
            declaration,
            "models/m.sql",
            "{{ ref('dim$0', v=2) }}",
            vec!["models/schema.yml:9 2"],
        ),
        (
            declaration,
            "models/m.sql",
            "{{ ref('dim$0', v=7) }}",
            vec!["models/schema.yml:6 dim"],
        ),
        (
            declaration,
            "models/m.sql",
            "{{ sha$0pe(1) }}",
            vec!["models/schema.yml:15 shape"],
        ),
        (
            declaration,
            "models/m.sql",
            "{{ pla$0in(1) }}",
            vec!["macros/m.sql:7 plain"],
        ),
        (
            declaration,
            "models/m.sql",
            "{{ source('raw', 'ev$0ents') }}",
            vec!["models/schema.yml:13 events"],
        ),
        (
            type_definition,
            "models/m.sql",
            "{{ ref('ord$0ers') }}",
            vec!["models/schema.yml:2 orders"],
        ),
        (
            type_definition,
            "models/m.sql",
            "{{ source('raw', 'ev$0ents') }}",
            vec!["models/schema.yml:13 events"],
        ),
        (type_definition, "models/m.sql", "{{ pla$0in(1) }}", vec![]),
        (
            type_definition,
            "models/o.yml",
            "unit_tests:\n  - name: u$0\n    model: orders\n    given: []\n    expect: {rows: []}\n",
            vec!["models/schema.yml:2 orders"],
        ),
    ] {
        check(way, path, text, &expected);
    }
}

#[test]
fn implementations() {
    for (path, text, expected) in [
        (
            "models/m.sql",
            "{{ sha$0pe(1) }}",
            vec!["macros/m.sql:4 spark__shape", "macros/m.sql:3 default__shape"],
        ),
        (
            "models/m.sql",
            "{{ default__sha$0pe(1) }}",
            vec!["macros/m.sql:4 spark__shape", "macros/m.sql:3 default__shape"],
        ),
        ("models/m.sql", "{{ pla$0in(1) }}", vec!["macros/m.sql:7 plain"]),
        (
            "models/o.yml",
            "seeds:\n  - name: x\n    data_tests: [posi$0tive]\n",
            vec!["models/o.yml:3 positive", "models/schema.yml:5 positive"],
        ),
        (
            "models/o.yml",
            "models:\n  - name: dim$0\n",
            vec!["models/dim_v1.sql:1", "models/dim_v2.sql:1"],
        ),
    ] {
        check(implementation, path, text, &expected);
    }
}
