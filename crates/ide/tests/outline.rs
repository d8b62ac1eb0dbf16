//! The symbols of documents and of the workspace.

use crate::common::fixture;
use glueline_ide::outline::{Item, outline, search};

/// Each symbol on a line, indented by its depth: kind, name, detail.
fn drawn(items: &[Item], text: &str, depth: usize, out: &mut String) {
    for item in items {
        let line = format!(
            "{}{:?} {} {}",
            "  ".repeat(depth),
            item.kind,
            item.name,
            item.detail
        );
        out.push_str(line.trim_end());
        out.push('\n');
        assert!(item.range.contains_range(item.selection), "{line}");
        assert!(usize::from(item.range.end()) <= text.len(), "{line}");
        for child in &item.children {
            assert!(item.range.contains_range(child.range), "{line}");
        }
        drawn(&item.children, text, depth + 1, out);
    }
}

fn shown(text: &str) -> String {
    let fixture = fixture(text);
    let file = fixture.caret().file;
    let mut out = String::new();
    let items = outline(&fixture.analysis, file);
    drawn(&items, fixture.analysis.text(file), 0, &mut out);
    out
}

#[test]
fn documents_have_symbols() {
    for (text, wanted) in [
        (
            "//- models/a.sql\n{{ config(materialized='table', tags=['x']) }}\n{% set xs = [1] %}$0\n{% for x in xs %}{% set y %}{{ x }}{% endset %}{% endfor %}\n{% if is_incremental() %}{% do config(alias='b') %}{% endif %}\nselect 1\n",
            "Config config materialized, tags\n  Key materialized\n  Key tags\nVariable xs\nBlock for x in xs\n  Variable y\nBlock if is_incremental()\n  Config config alias\n",
        ),
        (
            "//- macros/m.sql\n{% macro m(a, b=1) %}{% set c = a %}{% endmacro %}$0\n{% test t(model) %}{% endtest %}\n{% materialization x, adapter='glue' %}{% call statement('main') %}{% endcall %}{% endmaterialization %}",
            "Macro m (a, b=1)\n  Variable c\nMacro t (model)\nMacro x materialization\n  Block call statement('main')\n",
        ),
        (
            "//- snapshots/s.sql\n{% snapshot s %}{{ config(strategy='check') }}$0select 1{% endsnapshot %}",
            "Snapshot s\n  Config config strategy\n    Key strategy\n",
        ),
        ("//- models/d.md\n{% docs one %}$0text{% enddocs %}", "Docs one\n"),
        (
            "//- models/c.sql\n{% set x = 1 %}\nwith one as (with inner_one as (select 1) select * from inner_one),$0\ntwo as (select * from {{ ref('a') }})\nselect * from two\n",
            "Variable x\nCte one\n  Cte inner_one\nCte two\n",
        ),
        // Half a text.
        ("//- models/a.sql\n{% macro $0", ""),
        ("//- models/a.sql\n{{ config(mat$0", "Config config\n"),
        (
            "//- models/a.py\ndef helper(x, *rest, **more):\n    return x\n\n\ndef model(dbt, session):\n    return helper(1)$0\n\nx = 1\n",
            "Function helper (x, *rest, **more)\nFunction model (dbt, session)\n",
        ),
        (
            "//- models/p.yml\nmodels:\n  - name: a$0\n    columns:\n      - name: x\n        data_type: int\n        data_tests: [unique, {not_null: {name: there}}]\n    data_tests:\n      - one\n    versions:\n      - v: 2\nsources:\n  - name: s\n    schema: raw\n    tables:\n      - name: t\n        columns: [{name: y}]\nexposures:\n  - name: e\ngroups:\n  - name: g\nunit_tests:\n  - name: u\n    model: a\nsemantic_models:\n  - name: m\n",
            "Model a\n  Column x int\n    Test unique\n    Test there\n  Test one\n  Version v2\nSource s raw\n  Table t\n    Column y\nExposure e exposure\nEntry g group\nTest u unit test of a\nEntry m semantic model\n",
        ),
        (
            "//- dbt_project.yml\nname: shop\nprofile: shop$0\nmodels:\n  shop:\n    +materialized: table\n    staging: {+tags: [a]}\ndispatch:\n  - macro_namespace: dbt\n    search_order: [shop]\n",
            "Key name shop\nKey profile shop\nSection models\n  Section shop\n    Key +materialized table\n    Section staging\n      Section +tags\nSection dispatch\n  Entry dbt\n    Key macro_namespace dbt\n    Section search_order\n",
        ),
        (
            "//- profiles.yml\nshop:\n  outputs:\n    dev:\n      type: glue$0\n      role_arn: secret\n",
            "Section shop\n  Section outputs\n    Section dev\n      Key type\n      Key role_arn\n",
        ),
        ("//- seeds/s.csv\na,b$0\n", ""),
    ] {
        assert_eq!(shown(text), wanted, "{text}");
    }
}

const PROJECT: &str = "\
//- models/orders.sql
select 1$0
//- models/stg_orders.sql
select 1
//- models/customers.sql
select 1
//- models/p.yml
models:
  - name: orders
    columns: [{name: x, data_tests: [unique]}]
sources:
  - name: raw
    tables: [{name: orders}]
groups:
  - name: ordering
//- macros/m.sql
{% macro order_by() %}{% endmacro %}
//- models/d.md
{% docs orders_doc %}{% enddocs %}
";

#[test]
fn the_workspace_is_searched() {
    let fixture = fixture(PROJECT);
    for (query, limit, wanted) in [
        (
            "orders",
            20,
            &[
                "orders",
                "raw.orders",
                "orders_doc",
                "stg_orders",
                "unique_orders_x",
            ][..],
        ),
        ("ORD", 2, &["orders", "raw.orders"]),
        ("ordr", 3, &["orders", "raw.orders", "order_by"]),
        ("raw.o", 20, &["raw.orders"]),
        ("order_by", 20, &["order_by"]),
        ("cust", 20, &["customers"]),
        ("zzz", 20, &[]),
        ("ordering", 1, &["ordering"]),
    ] {
        let found = search(&fixture.analysis, query, limit);
        let names: Vec<&str> = found.iter().map(|hit| &*hit.name).collect();
        assert_eq!(names, wanted, "{query}");
    }
    assert_eq!(search(&fixture.analysis, "", 100).len(), 9);
}
