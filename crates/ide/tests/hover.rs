//! What is told of the thing under the cursor.

#![expect(clippy::panic, clippy::string_slice, reason = "a test that cannot go on ends")]

use crate::common::fixture;
use glueline_ide::hover::hover;

/// What is told at the only caret.
fn told(text: &str) -> String {
    let fixture = fixture(text);
    hover(&fixture.analysis, fixture.caret()).map_or_else(String::new, |hover| hover.card.markdown())
}

const PROJECT: &str = "
//- models/orders.sql
{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
select 1 as id from {{ ref('base') }}
//- models/base.sql
select * from {{ source('raw', 't') }}
//- models/p.yml
models:
  - name: orders
    description: \"All of them. {{ doc('more') }}\"
    config: {file_format: iceberg}
    columns:
      - name: id
        data_type: bigint
        description: The number.
        data_tests: [unique]
  - name: v
    versions: [{v: 1}, {v: 2}]
sources:
  - name: raw
    schema: lake
    tables:
      - name: t
        description: Comes at night.
        loaded_at_field: at
        columns: [{name: a, data_type: int}]
macros:
  - name: documented
    description: Does something.
    arguments: [{name: x, type: text, description: What it takes.}]
//- models/v_v1.sql
select 1
//- models/v_v2.sql
select 2
//- models/d.md
{% docs more %}And **more**.{% enddocs %}
//- seeds/s.csv
a,b
1,2
3,4
//- macros/m.sql
{# Turns cents
   into euros. #}
{% macro euros(column, scale=2) %}round({{ column }} / 100, {{ scale }}){% endmacro %}
{% macro documented(x) %}{% endmacro %}
{% macro glue__create_schema(relation) %}{% endmacro %}
//- dbt_project.yml
name: shop
version: '1.0'
profile: shop
vars:
  start: '2020-01-01'
  shop: {start: '2021-01-01'}
models:
  shop:
    +materialized: table
";

/// The words that have to stand in what is told, and in that order.
fn check(file: &str, body: &str, wanted: &[&str]) {
    let found = told(&format!("//- {file}\n{body}{PROJECT}"));
    let mut rest = found.as_str();
    for words in wanted {
        let Some(at) = rest.find(words) else {
            panic!("no {words:?}, in that order, for {body:?} in\n{found}");
        };
        rest = &rest[at..];
    }
    assert_eq!(found.is_empty(), wanted.is_empty(), "{body}: {found}");
}

#[test]
fn nodes() {
    let at = |name: &str| format!("select * from {{{{ ref('{name}') }}}}");
    check(
        "models/x.sql",
        &at("ord$0ers"),
        &[
            "analytics.orders",
            "**model** `orders`: incremental by merge, iceberg",
            "All of them. And **more**.",
            "- `materialized`: `'incremental'`, set in its file",
            "- `file_format`: `'iceberg'`, set in `models/p.yml:4`",
            "- Lineage: 1 parent, 1 child, 1 test",
            "- Defined in: `models/orders.sql:1`",
            "Columns:",
            "- `id`: `int` (declared as `bigint`) The number.",
        ],
    );
    check(
        "models/x.sql",
        &at("ba$0se"),
        &[
            "analytics.base",
            "`materialized`: `'table'`, set in `dbt_project.yml:",
        ],
    );
    check(
        "models/x.sql",
        &at("s$0"),
        &["analytics.s", "**seed** `s`", "Rows: 2", "- `a`", "- `b`"],
    );
    check("models/x.sql", "{{ ref('v', v=$02) }}", &[]);
    check("models/x.sql", "{{ ref('v$0', v=1) }}", &["**model** `v.v1`"]);
    check(
        "models/x.sql",
        "{{ source('raw', 't$0') }}",
        &[
            "lake.t",
            "**source** `raw.t`",
            "Comes at night.",
            "`loaded_at_field`: `at`",
            "- `a`: `int`",
        ],
    );
    check(
        "models/x.sql",
        "{{ source('ra$0w', 't') }}",
        &["**source** `raw`", "- `t`: `lake.t`"],
    );
    check("models/x.sql", "{{ ref('nothing$0') }}", &[]);
    check(
        "models/x.py",
        "def model(dbt, s):\n    return dbt.ref('orders$0')\n",
        &["**model** `orders`"],
    );
}

#[test]
fn names_of_queries() {
    check(
        "models/x.sql",
        "with one as (select id, cast(1 as int) as n from {{ ref('orders') }}) select * from o$0ne",
        &[
            "`one`: a common table expression.",
            "Columns:",
            "- `id`: `int`",
            "- `n`: `int`",
        ],
    );
    check(
        "models/x.sql",
        "select b.id from {{ ref('orders') }} as b where b$0.id",
        &[],
    );
}

#[test]
fn macros() {
    check(
        "models/x.sql",
        "select {{ eur$0os('c') }}",
        &[
            "macro euros(column, scale=2)",
            "Turns cents\n   into euros.",
            "macros/m.sql:3",
            "Rendered to:",
            "round(c / 100, 2)",
        ],
    );
    check(
        "models/x.sql",
        "{{ docu$0mented(1) }}",
        &["Does something.", "- `x`: `text` What it takes."],
    );
    check(
        "models/x.sql",
        "{% if is_incre$0mental() %}{% endif %}",
        &["macro is_incremental()", "Shipped by: dbt-glue, `macros/"],
    );
    check(
        "models/x.sql",
        "{{ glue__create_sch$0ema(this) }}",
        &["macro glue__create_schema(relation)", "Stands in for: `"],
    );
    check(
        "macros/n.sql",
        "{% macro n(pa$0ram=1) %}{% endmacro %}",
        &["`param`: a parameter of `n`, which may be left out."],
    );
    check(
        "models/q.yml",
        "models: [{name: base, data_tests: [{accepted_va$0lues: {values: [1]}}]}]\n",
        &[
            "test accepted_values(",
            "- `values`",
            "(required)",
            "Shipped by: ",
        ],
    );
}

#[test]
fn names_of_the_context() {
    check(
        "models/x.sql",
        "select {{ th$0is }}",
        &["this", "Known: in models", "Rendered to:", "analytics.x"],
    );
    check(
        "models/x.sql",
        "{{ adapter.get_rel$0ation(1, 2, 3) }}",
        &["adapter.get_relation(", "Defined in: `"],
    );
    check(
        "models/x.sql",
        "{{ 'a' | up$0per }}",
        &["`upper`: a filter of Jinja."],
    );
    check("models/x.sql", "{{ 'a' | as_nu$0mber }}", &["... | as_number"]);
    check(
        "models/x.sql",
        "select {{ var('sta$0rt') }}",
        &[
            "`start`: a variable of the project.",
            "dbt_project.yml:6`: `'2021-01-01'`",
            "Rendered to:",
            "2021-01-01",
        ],
    );
    check("models/x.sql", "{{ var('none$0', 1) }}", &["Nothing sets it"]);
    check(
        "models/x.sql",
        "{{ env_var('HO$0ME') }}",
        &["`HOME`: a variable of the environment. It is set."],
    );
    check(
        "models/x.sql",
        "{{ env_var('NO$0NE', '1') }}",
        &["It is not set."],
    );
    check(
        "models/x.sql",
        "{% set here = 1 %}{{ he$0re }}",
        &["{% set here = 1 %}", "Rendered to:", "1"],
    );
}

#[test]
fn keys() {
    check(
        "models/x.sql",
        "{{ config(file_fo$0rmat='delta') }}",
        &[
            "**file_format** (model config)",
            "- Allowed: ",
            "For `x`: `'delta'` (set in its file)",
        ],
    );
    check(
        "models/x.sql",
        "{{ config(materialized='increm$0ental') }}",
        &["`incremental`: a materialization that `dbt_glue` ships."],
    );
    check(
        "models/q.yml",
        "models:\n  - name: base\n    descri$0ption: x\n",
        &["**description**"],
    );
    check(
        "models/q.yml",
        "models:\n  - name: base\n    config: {location_$0root: x}\n",
        &["location_root", "custom_location"],
    );
    check(
        "models/q.yml",
        "models:\n  - name: base\n    nonsense$0: x\n",
        &[],
    );
}

#[test]
fn secrets_are_never_told() {
    let text = "//- profiles.yml\nshop:\n  target: dev\n  outputs:\n    d$0ev:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/hidden\n      aws_secret_access_key: hidden\n      region: eu-west-1\n      schema: analytics\n";
    let found = told(text);
    assert!(
        found.contains("analytics") && !found.contains("hidden"),
        "{found}"
    );
}

#[test]
fn plain_text_has_no_markdown() {
    let fixture = fixture(&format!("//- models/x.sql\n{{{{ ref('orders$0') }}}}{PROJECT}"));
    let plain = hover(&fixture.analysis, fixture.caret())
        .expect("a hover")
        .card
        .plain();
    assert!(!plain.contains('`') && !plain.contains("**"), "{plain}");
    assert!(
        plain.starts_with("analytics.orders\n\nmodel orders: incremental by merge, iceberg\n"),
        "{plain}"
    );
}

const FLOW: &str = "
//- models/sources.yml
sources: [{name: raw, schema: lake, tables: [{name: orders, columns: [{name: id, data_type: bigint}, {name: amount, data_type: 'decimal(10,2)'}]}]}]
//- models/stg_orders.sql
select id, amount from {{ source('raw', 'orders') }}
//- models/orders.sql
with o as (select * from {{ ref('stg_orders') }}) select id, amount, amount * 2 as twice from o
//- models/by_macro.sql
select total from (select amount as total from {{ wrapped(ref('orders')) }})
//- macros/m.sql
{% macro wrapped(relation) %}{{ relation }}{% endmacro %}
//- models/p.yml
models:
  - name: orders
    columns:
      - {name: twice, data_type: double, description: Both.}
      - {name: id, data_type: BIGINT}
";

/// What is told at the caret of a file of its own.
fn told_in(file: &str, body: &str, rest: &str) -> String {
    told(&format!("//- {file}\n{body}{rest}"))
}

#[test]
fn columns_have_the_types_that_spark_gives_them() {
    for (body, wanted) in [
        (
            "select o.tw$0ice from {{ ref('orders') }} o",
            "```sql\ntwice decimal(12,2)\n```\n\nBoth.\n\n- Of: `analytics.orders`\n- Declared as: `double`, which is not what its query gives",
        ),
        (
            "select am$0ount from {{ ref('orders') }}",
            "```sql\namount decimal(10,2)\n```\n\n- Of: `analytics.orders`\n- Comes from: `orders.amount \u{2190} stg_orders.amount \u{2190} raw.orders.amount`",
        ),
        (
            "select id from {{ ref('orders') }} where i$0d > 1",
            "```sql\nid bigint\n```\n\n- Of: `analytics.orders`\n- Comes from: `orders.id \u{2190} stg_orders.id \u{2190} raw.orders.id`",
        ),
        // Columns that a query makes for itself.
        (
            "with a as (select amount + id as s$0um from {{ ref('orders') }}) select sum from a",
            "```sql\nsum decimal(23,2)\n```",
        ),
        (
            "with a as (select amount as b from {{ ref('orders') }}) select upper(b$0) as c from a",
            "```sql\nb decimal(10,2)\n```\n\n- Comes from: `orders.amount \u{2190} stg_orders.amount \u{2190} raw.orders.amount`",
        ),
        // What a relation has that a macro writes.
        (
            "select to$0tal from {{ ref('by_macro') }}",
            "```sql\ntotal decimal(10,2)\n```\n\n- Of: `analytics.by_macro`\n- Comes from: `by_macro.total \u{2190} orders.amount \u{2190} stg_orders.amount \u{2190} raw.orders.amount`",
        ),
        (
            "select am$0ount from {{ wrapped(ref('orders')) }}",
            "```sql\namount decimal(10,2)\n```\n\n- Of: `analytics.orders`\n- Comes from: `orders.amount \u{2190} stg_orders.amount \u{2190} raw.orders.amount`",
        ),
        ("select not$0hing from {{ ref('orders') }}", ""),
        (
            "select am$0ount from {{ ref('orders') }} where (",
            "```sql\namount decimal(10,2)\n```\n\n- Of: `analytics.orders`\n- Comes from: `orders.amount \u{2190} stg_orders.amount \u{2190} raw.orders.amount`",
        ),
    ] {
        assert_eq!(told_in("models/x.sql", body, FLOW), wanted, "{body}");
    }
}

#[test]
fn described_columns_have_the_types_that_spark_gives_them() {
    let at = |from: &str, to: &str| FLOW.replacen(from, to, 1);
    let found = told(&at("name: twice", "name: twi$0ce"));
    assert!(found.starts_with("```sql\ntwice decimal(12,2)\n```"), "{found}");
    let found = told(&at(
        "name: id, data_type: BIGINT",
        "name: i$0d, data_type: BIGINT",
    ));
    assert!(
        found.starts_with("```sql\nid bigint\n```") && !found.contains("Declared"),
        "{found}"
    );
}

#[test]
fn nodes_list_their_columns_with_types() {
    let found = told_in("models/x.sql", "select * from {{ ref('ord$0ers') }}", FLOW);
    let wanted = "Columns:\n\n- `id`: `bigint`\n- `amount`: `decimal(10,2)`\n- `twice`: `decimal(12,2)` (declared as `double`) Both.";
    assert!(found.ends_with(wanted), "{found}");
}
