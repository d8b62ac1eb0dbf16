//! Giving things another name.

use crate::common::fixture;
use crate::renamed::after;
use glueline_base::Cancel;
use glueline_ide::rename::{moved_files, prepare, rename};

/// The files that differ after a rename, with their new texts; or why it was refused.
fn outcome(text: &str, new: &str) -> String {
    let fixture = fixture(text);
    match rename(&fixture.analysis, fixture.caret(), new, &Cancel::new()) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(rename) => after(&fixture.analysis, &rename),
    }
}

/// Checks what a rename to `neu` gives.
fn check(text: &str, expected: &str) {
    assert_eq!(outcome(text, "neu"), expected, "{text}");
}

fn refused(text: &str, new: &str, expected: &str) {
    assert_eq!(outcome(text, new), format!("refused: {expected}"), "{text}");
}

#[test]
fn a_model_with_all_that_names_it() {
    check(
        "\
//- models/orders.sql
select 1 as id
//- models/a.sql
select * from {{ ref('ord$0ers') }} join {{ ref(\"shop\", \"orders\") }} -- orders
//- models/p.py
def model(dbt, session):
    return dbt.ref('orders')
//- models/schema.yml
models:
  - name: orders
    description: orders
    columns: [{name: x, data_tests: [{relationships: {to: \"ref('orders')\", field: id}}]}]
exposures:
  - {name: orders, type: dashboard, depends_on: [ref('orders')]}
unit_tests:
  - name: ut
    model: orders
    given: [{input: ref('orders'), rows: []}]
    expect: {rows: []}
//- selectors.yml
selectors:
  - {name: s, definition: 'orders+'}
  - {name: t, definition: {method: path, value: models/orders.sql}}
//- dbt_project.yml
name: shop
profile: shop
models: {shop: {orders: {+enabled: true}}}
",
        "\
//- dbt_project.yml
name: shop
profile: shop
models: {shop: {neu: {+enabled: true}}}
//- models/a.sql
select * from {{ ref('neu') }} join {{ ref(\"shop\", \"neu\") }} -- orders
//- models/p.py
def model(dbt, session):
    return dbt.ref('neu')
//- models/schema.yml
models:
  - name: neu
    description: orders
    columns: [{name: x, data_tests: [{relationships: {to: \"ref('neu')\", field: id}}]}]
exposures:
  - {name: orders, type: dashboard, depends_on: [ref('neu')]}
unit_tests:
  - name: ut
    model: neu
    given: [{input: ref('neu'), rows: []}]
    expect: {rows: []}
//- selectors.yml
selectors:
  - {name: s, definition: 'neu+'}
  - {name: t, definition: {method: path, value: models/neu.sql}}
//- models/orders.sql => models/neu.sql
",
    );
}

#[test]
fn other_nodes() {
    for (text, expected) in [
        (
            "//- seeds/deep/c.csv\na\n1\n//- models/a.sql\n{{ ref('c$0') }}\n",
            "//- models/a.sql\n{{ ref('neu') }}\n//- seeds/deep/c.csv => seeds/deep/neu.csv\n",
        ),
        (
            "//- snapshots/many.sql\n{% snapshot s$0 %}select 1{% endsnapshot %}\n//- models/a.sql\n{{ ref('s') }}\n",
            "//- models/a.sql\n{{ ref('neu') }}\n//- snapshots/many.sql\n{% snapshot neu %}select 1{% endsnapshot %}\n",
        ),
        (
            "//- models/a.sql\n{{ ref('s$0') }}\n//- models/s.yml\nsnapshots:\n  - name: s\n    relation: source('x', 'y')\n",
            "//- models/a.sql\n{{ ref('neu') }}\n//- models/s.yml\nsnapshots:\n  - name: neu\n    relation: source('x', 'y')\n",
        ),
        (
            "//- models/m_v1.sql\nselect 1\n//- models/m.sql\nselect 2\n//- models/third.sql\nselect 3\n//- models/s.yml\nmodels:\n  - name: m\n    latest_version: 2\n    versions: [{v: 1}, {v: 2}, {v: 3, defined_in: third}]\n//- models/a.sql\n{{ ref('m$0', v=1) }} {{ ref('m') }} {{ ref('m', v=3) }}\n",
            "//- models/a.sql\n{{ ref('neu', v=1) }} {{ ref('neu') }} {{ ref('neu', v=3) }}\n//- models/s.yml\nmodels:\n  - name: neu\n    latest_version: 2\n    versions: [{v: 1}, {v: 2}, {v: 3, defined_in: third}]\n//- models/m.sql => models/neu.sql\n//- models/m_v1.sql => models/neu_v1.sql\n",
        ),
        (
            "//- models/e.yml\nexposures:\n  - name: e$0\n    type: dashboard\n//- selectors.yml\nselectors: [{name: s, definition: 'exposure:e'}]\n",
            "//- models/e.yml\nexposures:\n  - name: neu\n    type: dashboard\n//- selectors.yml\nselectors: [{name: s, definition: 'exposure:neu'}]\n",
        ),
        (
            "//- tests/t.sql\nselect 1\n//- tests/t.yml\ndata_tests:\n  - name: t$0\n",
            "//- tests/t.yml\ndata_tests:\n  - name: neu\n//- tests/t.sql => tests/neu.sql\n",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn sources_keep_the_tables_they_mean() {
    for (text, expected) in [
        (
            "//- models/s.yml\nsources:\n  - name: raw\n    schema: lake\n    tables:\n      - name: t$0\n        description: x\n//- models/a.sql\n{{ source('raw', 't') }}\n",
            "//- models/a.sql\n{{ source('raw', 'neu') }}\n//- models/s.yml\nsources:\n  - name: raw\n    schema: lake\n    tables:\n      - name: neu\n        identifier: t\n        description: x\n",
        ),
        (
            "//- models/s.yml\nsources:\n  - {name: raw$0, tables: [{name: t, identifier: x}]}\n//- models/a.sql\n{{ source('raw', 't') }}\n",
            "//- models/a.sql\n{{ source('neu', 't') }}\n//- models/s.yml\nsources:\n  - {name: neu, schema: raw, tables: [{name: t, identifier: x}]}\n",
        ),
        (
            "//- models/s.yml\nsources:\n  - name: raw\n    schema: x\n    tables: [{name: t, identifier: y}]\n//- models/a.sql\n{{ source('raw$0', 't') }}\n",
            "//- models/a.sql\n{{ source('neu', 't') }}\n//- models/s.yml\nsources:\n  - name: neu\n    schema: x\n    tables: [{name: t, identifier: y}]\n",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn macros_and_their_variants() {
    for (text, expected) in [
        (
            "//- macros/m.sql\n{% macro old$0(a) %}{{ shop.old(a) }}{% endmacro %}\n//- models/a.sql\n{{ old(1) }} {% set x = old(2) %}\n//- models/s.yml\nmacros: [{name: old}]\n//- dbt_project.yml\nname: shop\nprofile: shop\non-run-end: \"{{ old(3) }}\"\n",
            "//- dbt_project.yml\nname: shop\nprofile: shop\non-run-end: \"{{ neu(3) }}\"\n//- macros/m.sql\n{% macro neu(a) %}{{ shop.neu(a) }}{% endmacro %}\n//- models/a.sql\n{{ neu(1) }} {% set x = neu(2) %}\n//- models/s.yml\nmacros: [{name: neu}]\n",
        ),
        (
            "//- macros/m.sql\n{% macro old() %}{{ adapter.dispatch('old', 'shop')() }}{% endmacro %}\n{% macro default__old() %}{% endmacro %}\n{% macro glue__old() %}{{ default__old() }}{% endmacro %}\n{% macro snowflake__old() %}{% endmacro %}\n//- models/a.sql\n{{ ol$0d() }}\n",
            "//- macros/m.sql\n{% macro neu() %}{{ adapter.dispatch('neu', 'shop')() }}{% endmacro %}\n{% macro default__neu() %}{% endmacro %}\n{% macro glue__neu() %}{{ default__neu() }}{% endmacro %}\n{% macro snowflake__neu() %}{% endmacro %}\n//- models/a.sql\n{{ neu() }}\n",
        ),
        (
            "//- macros/m.sql\n{% macro old() %}{{ adapter.dispatch('o$0ld', 'shop')() }}{% endmacro %}\n{% macro default__old() %}{% endmacro %}\n",
            "//- macros/m.sql\n{% macro neu() %}{{ adapter.dispatch('neu', 'shop')() }}{% endmacro %}\n{% macro default__neu() %}{% endmacro %}\n",
        ),
        (
            "//- macros/m.sql\n{% macro o$0ld() %}{{ adapter.dispatch('old')() }}{% endmacro %}\n{% macro snowflake__old() %}{% endmacro %}\n",
            "//- macros/m.sql\n{% macro neu() %}{{ adapter.dispatch('neu')() }}{% endmacro %}\n{% macro snowflake__neu() %}{% endmacro %}\n",
        ),
        (
            "//- macros/m.sql\n{% test old$0(model) %}select 1{% endtest %}\n//- models/a.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a\n    data_tests: [old, shop.old, {old: {name: x}}]\nmacros: [{name: test_old}]\n",
            "//- macros/m.sql\n{% test neu(model) %}select 1{% endtest %}\n//- models/s.yml\nmodels:\n  - name: a\n    data_tests: [neu, shop.neu, {neu: {name: x}}]\nmacros: [{name: test_neu}]\n",
        ),
        (
            "//- macros/m.sql\n{% materialization old$0, default %}{% endmaterialization %}\n{% materialization old, adapter='glue' %}{% endmaterialization %}\n//- models/a.sql\n{{ config(materialized='old') }}\n",
            "//- macros/m.sql\n{% materialization neu, default %}{% endmaterialization %}\n{% materialization neu, adapter='glue' %}{% endmaterialization %}\n//- models/a.sql\n{{ config(materialized='neu') }}\n",
        ),
        (
            "//- macros/m.sql\n{% macro m(old$0, b=1) %}{{ old }}{% for x in old %}{{ x }}{% endfor %}{% endmacro %}\n//- models/a.sql\n{{ m(old=1) }} {{ other(old=1) }}\n//- models/s.yml\nmacros: [{name: m, arguments: [{name: old}]}]\n",
            "//- macros/m.sql\n{% macro m(neu, b=1) %}{{ neu }}{% for x in neu %}{{ x }}{% endfor %}{% endmacro %}\n//- models/a.sql\n{{ m(neu=1) }} {{ other(old=1) }}\n//- models/s.yml\nmacros: [{name: m, arguments: [{name: neu}]}]\n",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn names_in_texts() {
    for (text, expected) in [
        (
            "//- models/a.sql\n{% set x$0 = 1 %}{{ x }}{% for y in x %}{% set x = 2 %}{{ x }}{% endfor %}\n//- models/b.sql\n{% set x = 1 %}\n",
            "//- models/a.sql\n{% set neu = 1 %}{{ neu }}{% for y in neu %}{% set neu = 2 %}{{ neu }}{% endfor %}\n",
        ),
        (
            "//- models/d.md\n{% docs old$0 %}x{% enddocs %}\n//- models/a.sql\nselect 1\n//- models/s.yml\nmodels: [{name: a, description: \"{{ doc('old') }}\"}]\n",
            "//- models/d.md\n{% docs neu %}x{% enddocs %}\n//- models/s.yml\nmodels: [{name: a, description: \"{{ doc('neu') }}\"}]\n",
        ),
        (
            "//- dbt_project.yml\nname: shop\nprofile: shop\nvars: {old: 1, shop: {old: 2}}\n//- models/a.sql\n{{ var('ol$0d') }}\n",
            "//- dbt_project.yml\nname: shop\nprofile: shop\nvars: {neu: 1, shop: {neu: 2}}\n//- models/a.sql\n{{ var('neu') }}\n",
        ),
        (
            "//- models/a.sql\n{{ config(group='old$0') }}\n//- models/s.yml\ngroups: [{name: old, owner: {name: x}}]\nmodels: [{name: a, config: {group: old}}]\n",
            "//- models/a.sql\n{{ config(group='neu') }}\n//- models/s.yml\ngroups: [{name: neu, owner: {name: x}}]\nmodels: [{name: a, config: {group: neu}}]\n",
        ),
        (
            "//- models/a.sql\n{{ config(tags=['old$0', 'b']) }}\n//- selectors.yml\nselectors: [{name: s, definition: 'tag:old'}]\n",
            "//- models/a.sql\n{{ config(tags=['neu', 'b']) }}\n//- selectors.yml\nselectors: [{name: s, definition: 'tag:neu'}]\n",
        ),
        (
            "//- selectors.yml\nselectors: [{name: old$0, definition: a}, {name: b, definition: {method: selector, value: old}}]\n",
            "//- selectors.yml\nselectors: [{name: neu, definition: a}, {name: b, definition: {method: selector, value: neu}}]\n",
        ),
        (
            "//- profiles.yml\nshop:\n  target: old$0\n  outputs:\n    old: {type: glue}\n",
            "//- profiles.yml\nshop:\n  target: neu\n  outputs:\n    neu: {type: glue}\n",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn yaml_needs_quotes_for_some_names() {
    let text = "//- models/a.sql\nselect 1\n//- models/s.yml\nmodels:\n  - name: a$0\n  - name: 'b'\n//- models/b.sql\n{{ ref('a') }}\n";
    assert_eq!(
        outcome(text, "no"),
        "//- models/b.sql\n{{ ref('no') }}\n//- models/s.yml\nmodels:\n  - name: \"no\"\n  - name: 'b'\n//- models/a.sql => models/no.sql\n"
    );
}

#[test]
fn refusals() {
    let two = "//- models/a.sql\n{{ ref('b$0') }}\n//- models/b.sql\nselect 1\n//- seeds/c.csv\na\n1\n";
    refused(two, "a", "There is a model `a` already.");
    refused(two, "c", "There is a seed `c` already.");
    refused(
        two,
        "x y",
        "`x y` is no name for a node: it has to be made of letters, digits and underscores.",
    );
    refused(
        two,
        "",
        "`` is no name for a node: it has to be made of letters, digits and underscores.",
    );
    let package = "//- packages.yml\npackages: [{local: dates}]\n//- dates/dbt_project.yml\nname: dates\n//- dates/models/days.sql\nselect 1\n//- dates/macros/m.sql\n{% macro month() %}{{ adapter.dispatch('month', 'dates')() }}{% endmacro %}\n";
    refused(
        &format!("{package}//- models/a.sql\n{{{{ ref('da$0ys') }}}}\n"),
        "x",
        "The model `days` belongs to the package `dates` and has to be renamed there.",
    );
    refused(
        &format!("{package}//- models/a.sql\n{{{{ dates.mon$0th() }}}}\n"),
        "x",
        "The macro `month` belongs to the package `dates` and has to be renamed there.",
    );
    refused(
        &format!("{package}//- macros/o.sql\n{{% macro default__mon$0th() %}}{{% endmacro %}}\n"),
        "default__x",
        "`month` stands in for a macro of the package `dates`, and is found by this name.",
    );
    refused(
        &format!(
            "{package}//- dates/models/uses.sql\n{{{{ ref('mine') }}}}\n//- models/mine.sql\nselect 1\n//- models/a.sql\n{{{{ ref('mi$0ne') }}}}\n"
        ),
        "x",
        "`dates/models/uses.sql` of the package `dates` uses this name, and packages are not changed.",
    );
    for (text, new, expected) in [
        (
            "//- models/a.sql\n{{ is_incre$0mental() }}\n",
            "x",
            "`is_incremental` comes with dbt or its adapter and cannot be renamed.",
        ),
        (
            "//- models/a.sql\n{{ re$0f('a') }}\n",
            "x",
            "`ref` is a name of dbt's and cannot be renamed.",
        ),
        (
            "//- models/a.sql\nsel$0ect\n",
            "x",
            "Nothing that can be renamed stands here.",
        ),
        (
            "//- models/a.sql\n{{ ref('no$0') }}\n",
            "x",
            "Nothing has the name `no`.",
        ),
        (
            "//- models/a.sql\n{{ config(mater$0ialized='table') }}\n",
            "x",
            "A key that dbt reads cannot be renamed here.",
        ),
        (
            "//- models/a.sql\n{% set x$0 = 1 %}{% set y = 2 %}\n",
            "y",
            "`y` stands for something else in `models/a.sql` already.",
        ),
        (
            "//- models/a.sql\n{% set x$0 = 1 %}\n",
            "this",
            "`this` is a name of dbt's.",
        ),
        (
            "//- models/a.sql\n{% set x$0 = 1 %}\n",
            "1x",
            "`1x` is no name for Jinja: it has to be made of letters, digits and underscores, and must not begin with a digit.",
        ),
        (
            "//- models/a.sql\n{% set x$0 = 1 %}\n",
            "not",
            "`not` is a word of Jinja's and cannot be a name.",
        ),
        (
            "//- macros/m.sql\n{% macro a$0() %}{% endmacro %}{% macro b() %}{% endmacro %}\n",
            "b",
            "There is a macro `b` already.",
        ),
        (
            "//- macros/m.sql\n{% macro a$0() %}{% endmacro %}\n",
            "is_incremental",
            "dbt or its adapter ships a macro `is_incremental`, which this one would replace.",
        ),
        (
            "//- macros/m.sql\n{% macro a$0() %}{% endmacro %}\n",
            "config",
            "`config` is a name of dbt's.",
        ),
        (
            "//- macros/m.sql\n{% macro generate_schema_na$0me(a, b) %}{% endmacro %}\n",
            "x",
            "`generate_schema_name` stands in for a macro that dbt or its adapter ships, and is found by this name.",
        ),
        (
            "//- macros/m.sql\n{% macro m() %}{{ adapter.dispatch('m')() }}{% endmacro %}{% macro default__m$0() %}{% endmacro %}\n",
            "n",
            "Dispatch finds `default__m` by its prefix: the new name has to begin with `default__` too.",
        ),
        (
            "//- macros/m.sql\n{% macro m() %}{% endmacro %}\n//- models/a.sql\n{% set n = 1 %}{{ m$0() }}\n",
            "n",
            "`n` stands for something else in `models/a.sql` already.",
        ),
        (
            "//- macros/m.sql\n{% test t(mod$0el) %}{% endtest %}\n",
            "x",
            "dbt passes `model` to generic tests by this name.",
        ),
        (
            "//- models/a.sql\nselect 1\n//- models/s.yml\nmodels: [{name: a, columns: [{name: i$0d}]}]\n",
            "x",
            "The column `id` of `a` is made nowhere that is known, and cannot be renamed.",
        ),
        (
            "//- models/s.yml\nsources: [{name: a$0, tables: [{name: t}]}, {name: b, tables: [{name: t}]}]\n",
            "b",
            "There is a source `b` already.",
        ),
        (
            "//- models/a.sql\n{{ var('x$0') }}\n",
            "y",
            "The variable `x` is defined nowhere in the project.",
        ),
        (
            "//- models/d.md\n{% docs a$0 %}{% enddocs %}{% docs b %}{% enddocs %}\n",
            "b",
            "There is a docs block `b` already.",
        ),
        (
            "//- models/e.yml\nexposures: [{name: a$0, type: dashboard}, {name: b, type: dashboard}]\n",
            "b",
            "There is an exposure `b` already.",
        ),
    ] {
        refused(text, new, expected);
    }
}

#[test]
fn what_can_be_renamed_is_known_before() {
    for (text, expected) in [
        (
            "//- models/a.sql\n{{ ref('b$0') }}\n//- models/b.sql\nselect 1\n",
            Ok("b"),
        ),
        ("//- models/a.sql\n{% set x = 1 %}{{ x$0 }}\n", Ok("x")),
        (
            "//- macros/m.sql\n{% macro m() %}{{ adapter.dispatch('m$0')() }}{% endmacro %}{% macro default__m() %}{% endmacro %}\n",
            Ok("m"),
        ),
        (
            "//- models/s.yml\nsources: [{name: a$0, tables: [{name: t}]}]\n",
            Ok("a"),
        ),
        (
            "//- models/a.sql\n{{ th$0is }}\n",
            Err("`this` is a name of dbt's and cannot be renamed."),
        ),
    ] {
        let fixture = fixture(text);
        let found = prepare(&fixture.analysis, fixture.caret(), &Cancel::new());
        let found = found.map(|found| found.placeholder);
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
    }
}

#[test]
fn files_that_the_explorer_renames() {
    let project = "//- models/old.sql\nselect 1\n//- models/deep/x.sql\n$0{{ ref('old') }}\n//- selectors.yml\nselectors:\n  - {name: s, definition: {method: path, value: models/deep}}\n  - {name: t, definition: 'path:models/old.sql'}\n//- dbt_project.yml\nname: shop\nprofile: shop\nmodels: {shop: {deep: {+tags: x}}}\n//- models/taken.sql\nselect 1\n";
    for (from, to, expected) in [
        (
            "models/old.sql",
            "models/neu.sql",
            "//- models/deep/x.sql\n{{ ref('neu') }}\n//- selectors.yml\nselectors:\n  - {name: s, definition: {method: path, value: models/deep}}\n  - {name: t, definition: 'path:models/neu.sql'}\n",
        ),
        (
            "models/deep",
            "models/deeper",
            "//- dbt_project.yml\nname: shop\nprofile: shop\nmodels: {shop: {deeper: {+tags: x}}}\n//- selectors.yml\nselectors:\n  - {name: s, definition: {method: path, value: models/deeper}}\n  - {name: t, definition: 'path:models/old.sql'}\n",
        ),
        (
            "models/old.sql",
            "models/deep/old.sql",
            "//- selectors.yml\nselectors:\n  - {name: s, definition: {method: path, value: models/deep}}\n  - {name: t, definition: 'path:models/deep/old.sql'}\n",
        ),
        ("models/deep/x.sql", "models/deep/taken.sql", ""),
        ("models/none.sql", "models/neu.sql", ""),
    ] {
        let fixture = fixture(project);
        let path = |path: &str| format!("{}/{path}", crate::common::ROOT).into();
        let edits = moved_files(&fixture.analysis, &[(path(from), path(to))]);
        let rename = glueline_ide::rename::Rename {
            edits,
            ..Default::default()
        };
        assert_eq!(after(&fixture.analysis, &rename), expected, "{from} => {to}");
    }
}
