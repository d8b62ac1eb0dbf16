//! Every place that names a thing.

use crate::common::fixture;
use crate::labels::places::place;
use glueline_base::Cancel;
use glueline_ide::references::{Access, highlights, references};

/// Checks the places that name what stands at the caret, definitions left out.
fn check(text: &str, expected: &[&str]) {
    let fixture = fixture(text);
    let found = references(&fixture.analysis, fixture.caret(), false, &Cancel::new());
    let found: Vec<String> = found
        .iter()
        .map(|each| place(&fixture.analysis, each.at))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_model_everywhere() {
    check(
        "\
//- models/orders.sql
select 1 as id -- orders
//- models/a.sql
select * from {{ ref('orders') }} join {{ ref('shop', 'orders') }}
{# ref('orders') #} {{ ref('other_orders') }} {{ ref('or$0ders') }}
//- models/other_orders.sql
select 1
//- models/p.py
def model(dbt, session):
    return dbt.ref(\"orders\")
//- models/schema.yml
models:
  - name: orders
    description: orders
    columns:
      - name: orders
        data_tests:
          - relationships: {to: ref('orders'), field: id}
  - name: a
    config:
      post_hook: \"select * from {{ ref('orders') }}\"
exposures:
  - name: orders
    type: dashboard
    owner: {name: x}
    depends_on: [ref('orders')]
unit_tests:
  - name: ut
    model: orders
    given: [{input: ref('orders'), rows: []}, {input: this, rows: []}]
    expect: {rows: []}
snapshots:
  - name: s
    relation: ref('orders')
//- macros/m.sql
{% macro m() %}{{ ref('orders') }}{% endmacro %}
//- analyses/an.sql
{{ ref('orders') }}
//- tests/t.sql
{{ ref('orders') }}
//- selectors.yml
selectors:
  - name: s
    definition: orders+
//- dbt_project.yml
name: shop
profile: shop
on-run-end: \"{{ ref('orders') }}\"
",
        &[
            "analyses/an.sql:1 orders",
            "dbt_project.yml:3 orders",
            "macros/m.sql:1 orders",
            "models/a.sql:1 orders",
            "models/a.sql:1 orders",
            "models/a.sql:2 orders",
            "models/p.py:2 orders",
            "models/schema.yml:2 orders",
            "models/schema.yml:7 orders",
            "models/schema.yml:10 orders",
            "models/schema.yml:15 orders",
            "models/schema.yml:18 orders",
            "models/schema.yml:19 orders",
            "models/schema.yml:23 orders",
            "selectors.yml:3 orders",
            "tests/t.sql:1 orders",
        ],
    );
}

#[test]
fn other_things() {
    for (text, expected) in [
        (
            "//- models/s.yml\nsources:\n  - name: raw\n    tables:\n      - name: ev$0ents\n      - name: other\n  - name: second\n    tables: [{name: events}]\n//- models/a.sql\n{{ source('raw', 'events') }} {{ source('second', 'events') }}\n",
            vec!["models/a.sql:1 events"],
        ),
        (
            "//- models/s.yml\nsources:\n  - name: r$0aw\n    tables:\n      - name: events\n//- models/a.sql\n{{ source('raw', 'events') }} {{ source('raw', 'no') }} raw\n",
            vec!["models/a.sql:1 raw", "models/a.sql:1 raw"],
        ),
        (
            "//- macros/m.sql\n{% macro ce$0nts(a) %}{{ cents(a) }}{% endmacro %}\n{% macro n() %}{{ shop.cents(1) }}{% endmacro %}\n//- models/a.sql\n{{ cents(1) }} {% set cents = 1 %}{{ cents }}\n//- models/s.yml\nmacros:\n  - name: cents\nunit_tests:\n  - name: u\n    model: a\n    given: []\n    expect: {rows: []}\n    overrides: {macros: {cents: 1}}\n",
            vec![
                "macros/m.sql:1 cents",
                "macros/m.sql:2 cents",
                "models/a.sql:1 cents",
                "models/s.yml:2 cents",
                "models/s.yml:8 cents",
            ],
        ),
        (
            "//- macros/m.sql\n{% macro cents(am$0ount) %}{{ amount }}{% endmacro %}\n//- models/a.sql\n{{ cents(amount=1) }} {{ other(amount=1) }} {{ amount }}\n",
            vec!["macros/m.sql:1 amount", "models/a.sql:1 amount"],
        ),
        (
            "//- macros/m.sql\n{% test posi$0tive(model) %}{% endtest %}\n//- models/a.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a\n    data_tests: [positive, shop.positive, {positive: {}}]\n",
            vec![
                "models/s.yml:3 positive",
                "models/s.yml:3 positive",
                "models/s.yml:3 positive",
            ],
        ),
        (
            "//- macros/m.sql\n{% macro shape() %}{{ adapter.dispatch('shape', 'shop')() }}{% endmacro %}\n{% macro glue__sh$0ape() %}{% endmacro %}\n",
            vec!["macros/m.sql:1 shape"],
        ),
        (
            "//- models/d.md\n{% docs ab$0out %}x{% enddocs %}\n//- models/a.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a\n    description: '{{ doc(\"about\") }}'\n",
            vec!["models/s.yml:3 about"],
        ),
        (
            "//- dbt_project.yml\nname: shop\nprofile: shop\nvars: {st$0art: 1}\n//- models/a.sql\n{{ var('start') }} {{ var('start', 1) }} {{ start }}\n",
            vec!["models/a.sql:1 start", "models/a.sql:1 start"],
        ),
        (
            "//- models/a.sql\n{{ config(tags=['da$0ily']) }}\n//- models/b.sql\n{{ config(tags='daily') }}\n//- models/s.yml\nmodels:\n  - name: a\n    config: {tags: [daily, weekly]}\n//- selectors.yml\nselectors: [{name: s, definition: 'tag:daily'}]\n",
            vec![
                "models/a.sql:1 daily",
                "models/b.sql:1 daily",
                "models/s.yml:3 daily",
                "selectors.yml:1 daily",
            ],
        ),
        (
            "//- models/a_v1.sql\nselect 1\n//- models/a_v2.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a$0\n    versions: [{v: 1}, {v: 2}]\n//- models/b.sql\n{{ ref('a') }} {{ ref('a', v=1) }}\n",
            vec!["models/b.sql:1 a", "models/b.sql:1 a", "models/s.yml:2 a"],
        ),
        (
            "//- models/a_v1.sql\nselect 1\n//- models/a_v2.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a\n    versions: [{v: 1}, {v: 2}]\n//- models/b.sql\n{{ ref('a') }} {{ ref('a$0', v=1) }}\n",
            vec!["models/b.sql:1 a"],
        ),
        (
            "//- models/a.sql\n{{ config(file_fo$0rmat='iceberg') }}{{ config.get('file_format') }}\n//- models/s.yml\nmodels:\n  - name: a\n    config: {file_format: iceberg}\n//- dbt_project.yml\nname: shop\nprofile: shop\nmodels: {shop: {+file_format: iceberg}}\n",
            vec![
                "dbt_project.yml:3 file_format",
                "models/a.sql:1 file_format",
                "models/a.sql:1 file_format",
                "models/s.yml:3 file_format",
            ],
        ),
        (
            "//- models/a.sql\n{% set x$0 = 1 %}{{ x }}\n//- models/b.sql\n{% set x = 1 %}{{ x }}\n",
            vec!["models/a.sql:1 x"],
        ),
    ] {
        check(text, &expected);
    }
}

#[test]
fn definitions_are_there_when_asked_for() {
    let fixture = fixture(
        "//- models/a.sql\nselect 1\n//- models/b.sql\n{{ ref('a$0') }}\n//- models/s.yml\nmodels: [{name: a}]\n",
    );
    let found = references(&fixture.analysis, fixture.caret(), true, &Cancel::new());
    let found: Vec<String> = found
        .iter()
        .map(|each| place(&fixture.analysis, each.at))
        .collect();
    assert_eq!(found, ["models/a.sql:1", "models/b.sql:1 a", "models/s.yml:1 a"]);
}

#[test]
fn highlights_in_a_file() {
    use Access::{Read, Text, Write};
    for (text, expected) in [
        (
            "//- models/a.sql\n{% set x = 1 %}{{ x$0 }}{{ x }}{{ y }}\n",
            vec![(7, Write), (18, Read), (25, Read)],
        ),
        (
            "//- models/b.sql\nselect 1\n//- models/a.sql\n{{ ref('b$0') }}{{ ref('b') }}\n",
            vec![(8, Read), (22, Read)],
        ),
        (
            "//- models/b.sql\nselect 1\n//- models/s.yml\nmodels: [{name: b$0}]\n",
            vec![(16, Text)],
        ),
        ("//- models/a.sql\nselect$0 1\n", vec![]),
    ] {
        let fixture = fixture(text);
        let found: Vec<(u32, Access)> = highlights(&fixture.analysis, fixture.caret())
            .into_iter()
            .map(|(range, access)| (range.start().into(), access))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_column_behind_a_macro() {
    check(
        "\
//- models/orders.sql
select 1 as am$0ount, 2 as other
//- macros/m.sql
{% macro in_catalog(relation) %}spark_catalog.{{ relation }}{% endmacro %}
//- models/a.sql
with o as (select * from {{ in_catalog(ref('orders')) }})
select o.amount, other from o where amount > 1
//- models/b.sql
select x.amount as other from {{ in_catalog(ref('orders')) }} as x
//- models/c.sql
with o as (select other as amount from {{ in_catalog(ref('orders')) }}) select amount from o
//- models/d.sql
select amount from {{ ref('orders') }}
",
        &[
            "models/a.sql:2 amount",
            "models/a.sql:2 amount",
            "models/b.sql:1 amount",
            "models/d.sql:1 amount",
        ],
    );
}
