//! Names and contexts that a project makes up by itself, against what real dbt made of these files.
//!
//! Recorded with `dbt compile` of dbt-core 1.12.6 and dbt-glue 1.12.4.

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};
use glueline_render::{Life, Renderer, Settings};

const FILES: &[(&str, &str)] = &[
    (
        "p/profiles.yml",
        include_str!("data/profiles.yml"),
    ),
    (
        "p/dbt_project.yml",
        "name: shop
version: '1.0'
profile: lake
vars:
  raw_schema: raw_lake
  empty_schema:
",
    ),
    (
        "p/macros/m.sql",
        "{% macro look() %}{{ context.get('seen') }}{% endmacro %}
{% macro gold() %}{{ config(schema='gold') }}{% endmacro %}
{% macro twice() %}{{ caller() }}{{ caller() }}{% endmacro %}
{% macro ask() %}{% if execute %}{% call statement('x') %}{{ exceptions.raise_compiler_error('no') }}{% endcall %}{% endif %}{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.unrendered_config.get('schema', 'none') ~ '__' ~ node.name }}{% endmacro %}
",
    ),
    (
        "p/models/sources.yml",
        r#"sources:
  - name: "{{ var('raw_schema') }}"
    tables:
      - name: "{{ 'ord' ~ 'ers' }}"
        columns:
          - name: id
            data_tests: [not_null]
  - name: billing
    schema: "{{ var('empty_schema') }}"
    tables:
      - name: invoices
"#,
    ),
    (
        "p/models/a_source.sql",
        "select * from {{ source('raw_lake', 'orders') }}, {{ source('billing', 'invoices') }}
",
    ),
    (
        "p/models/b_context.sql",
        "{% do context.update({'seen': {'x': 1}}) %}select {{ context.get('seen', 0) }}, {{ context['seen'].x }}, {{ look() }}
",
    ),
    (
        "p/models/c_gold.sql",
        "{{ gold() }}select 1 as id
",
    ),
    (
        "p/models/d_reader.sql",
        "select * from {{ ref('c_gold') }}
",
    ),
    (
        "p/models/e_block.sql",
        "{{ ask() }}
",
    ),
    (
        "p/models/f_own_block.sql",
        "{% if execute %}{% call twice() %}{{ exceptions.raise_compiler_error('no') }}{% endcall %}{% endif %}
",
    ),
];

/// What dbt wrote, or said.
const EXPECTED: &[(&str, Result<&str, &str>)] = &[
    (
        "model.shop.a_source",
        Ok("select * from raw_lake.orders, billing.invoices"),
    ),
    ("model.shop.b_context", Ok("select {'x': 1}, 1, {'x': 1}")),
    ("model.shop.c_gold", Ok("select 1 as id")),
    (
        "model.shop.d_reader",
        Ok("select * from analytics_gold.gold__c_gold"),
    ),
    (
        "model.shop.e_block",
        Err(
            "Compilation Error in model e_block (models/e_block.sql)\n  no\n  \n  > in macro statement (macros/etc/statement.sql)\n  > called by macro ask (macros/m.sql)\n  > called by model e_block (models/e_block.sql)",
        ),
    ),
    (
        "model.shop.f_own_block",
        Err(
            "Compilation Error in model f_own_block (models/f_own_block.sql)\n  no\n  \n  > in macro twice (macros/m.sql)\n  > called by model f_own_block (models/f_own_block.sql)",
        ),
    ),
    (
        "test.shop.source_not_null_raw_lake_orders_id.d8ed4aa49d",
        Ok("\n    \n    \n\n\n\nselect id\nfrom raw_lake.orders\nwhere id is null\n\n\n"),
    ),
];

#[test]
fn names_and_contexts_are_dbts() {
    let mut system = MemSystem::new();
    for (path, text) in FILES {
        system.write(path, *text);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(project.clone(), Settings::new(system));
    let nodes = project.nodes().iter().filter(|node| renderer.compiles(node.id));
    let found: BTreeMap<String, Result<String, String>> = nodes
        .map(|node| {
            let compiled = renderer.compile(node.id, Life::Known);
            let failure = compiled.failure.as_ref().map(|failure| failure.message.clone());
            let made = failure.map_or_else(|| Ok(compiled.code.clone().unwrap()), Err);
            (node.unique_id.to_string(), made)
        })
        .collect();
    let expected: BTreeMap<String, Result<String, String>> = EXPECTED
        .iter()
        .map(|(id, made)| ((*id).to_owned(), made.map(str::to_owned).map_err(str::to_owned)))
        .collect();
    assert_eq!(found, expected);
}
