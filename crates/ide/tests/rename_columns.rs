//! Giving columns another name: where every use is known, and where one is not.

use crate::common::fixture;
use crate::renamed::after;
use glueline_base::Cancel;
use glueline_ide::rename::rename;

fn outcome(text: &str, new: &str) -> String {
    let fixture = fixture(text);
    match rename(&fixture.analysis, fixture.caret(), new, &Cancel::new()) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(rename) => after(&fixture.analysis, &rename),
    }
}

/// Rows of a table that came out otherwise.
#[derive(Default)]
struct Wrong(String);

impl Wrong {
    fn push(&mut self, text: &str, found: &str, expected: &str) {
        if found != expected {
            self.0
                .push_str(&format!("\n{text}\n  found    {found}\n  expected {expected}"));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0);
    }
}

/// The model whose column `id` is renamed to `neu`, its properties, and a model that reads it.
fn with(reader: &str) -> String {
    format!("//- models/a.sql\nselect x as i$0d, y from raw.t\n//- models/m.sql\n{reader}\n")
}

#[test]
fn what_reads_a_column_names_the_new_one() {
    let mut wrong = Wrong::default();
    for (text, expected) in [
        // Items keep their own names.
        (
            "select id from {{ ref('a') }}",
            "select neu as id from {{ ref('a') }}",
        ),
        (
            "select t.`ID`, y from {{ ref('a') }} as t",
            "select t.`neu` as `ID`, y from {{ ref('a') }} as t",
        ),
        (
            "select id as k, max(id) as n from {{ ref('a') }} where id > 1 group by id having id > 2",
            "select neu as k, max(neu) as n from {{ ref('a') }} where neu > 1 group by neu having neu > 2",
        ),
        // What `order by` finds in the list stays.
        (
            "select id from {{ ref('a') }} order by id",
            "select neu as id from {{ ref('a') }} order by id",
        ),
        (
            "select y from {{ ref('a') }} order by id",
            "select y from {{ ref('a') }} order by neu",
        ),
        (
            "select id from {{ ref('a') }} union all select y from {{ ref('a') }} order by id",
            "select neu as id from {{ ref('a') }} union all select y from {{ ref('a') }} order by id",
        ),
        // Stars inside of a file carry it on.
        (
            "with s as (select * from {{ ref('a') }}),\nf as (select s.id, y from s)\nselect * from f",
            "with s as (select * from {{ ref('a') }}),\nf as (select s.neu as id, y from s)\nselect * from f",
        ),
        (
            "with s as (select * from {{ ref('a') }}) select count(*) as c from s where s.id in (select id from s)",
            "with s as (select * from {{ ref('a') }}) select count(*) as c from s where s.neu in (select neu from s)",
        ),
        (
            "select 1 as one from {{ ref('a') }} as o where exists (select id from {{ ref('a') }} as i where i.id = o.id)",
            "select 1 as one from {{ ref('a') }} as o where exists (select neu from {{ ref('a') }} as i where i.neu = o.neu)",
        ),
        (
            "select * except (id) from {{ ref('a') }}",
            "select * except (neu) from {{ ref('a') }}",
        ),
        (
            "select n.y from {{ ref('a') }} as n join {{ ref('b') }} as b on n.id = b.id",
            "select n.y from {{ ref('a') }} as n join {{ ref('b') }} as b on n.neu = b.id",
        ),
        // Names of other things are not touched.
        (
            "select 'id' as s, transform(z, id -> id + 1) as l, id.f from (select array(1) as z, y as id from {{ ref('a') }}) -- id {{ ref('a') }}",
            "",
        ),
        (
            "{{ config(unique_key='id') }} select id from {{ ref('a') }}",
            "{{ config(unique_key='id') }} select neu as id from {{ ref('a') }}",
        ),
        (
            "{# id #}{% set id = 1 %}select {{ id }} as k, id from {{ ref('a') }}",
            "{# id #}{% set id = 1 %}select {{ id }} as k, neu as id from {{ ref('a') }}",
        ),
        ("select id from analytics.a", "select neu as id from analytics.a"),
    ] {
        let all = format!("{}//- models/b.sql\nselect 1 as id\n", with(text));
        let changed = if expected.is_empty() {
            String::new()
        } else {
            format!("//- models/m.sql\n{expected}\n")
        };
        let expected = format!("//- models/a.sql\nselect x as neu, y from raw.t\n{changed}");
        wrong.push(text, &outcome(&all, "neu"), &expected);
    }
    wrong.none();
}

#[test]
fn what_is_not_certain_is_refused() {
    let mut wrong = Wrong::default();
    for (text, expected) in [
        (
            "select * from {{ ref('a') }}",
            "`models/m.sql:1` hands on all columns, so that a column of another relation would get another name too.",
        ),
        (
            "with s as (select * from {{ ref('a') }})\nselect s.* from s",
            "`models/m.sql:2` hands on all columns, so that a column of another relation would get another name too.",
        ),
        (
            "select id from {{ ref('a') }} join other.u",
            "`models/m.sql:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "select y as k from {{ ref('a') }} join {{ ref('b') }} using (id)",
            "`models/m.sql:1` goes by the names of columns, and would do something else afterwards.",
        ),
        (
            "select y as k from {{ ref('a') }} natural join {{ ref('b') }}",
            "`models/m.sql:1` goes by the names of columns, and would do something else afterwards.",
        ),
        (
            "select upper(id) from {{ ref('a') }}",
            "`models/m.sql:1` makes a column of `id` that has no name of its own, and would get another one.",
        ),
        (
            "select struct(id, y) as s from {{ ref('a') }}",
            "`models/m.sql:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "select {{ cents('id') }} as c from {{ ref('a') }}",
            "`models/m.sql:1` may make the name `id` with Jinja, and what it comes to cannot be told for sure.",
        ),
        (
            "select {{ built() }} as c from {{ ref('a') }}",
            "The macro `built` writes `id` in `macros/m.sql:1`, and whether that is this column cannot be told for sure.",
        ),
        (
            "{% set p = 'x' %}\nselect a.{{ p }}d as c from {{ ref('a') }} as a",
            "`models/m.sql:2` may make the name `id` with Jinja, and what it comes to cannot be told for sure.",
        ),
        (
            "select {{ dbt_utils.star(ref('a')) }} from {{ ref('a') }}",
            "`models/m.sql:1` hands `a` to something else than a `from`, and what becomes of its columns cannot be told.",
        ),
        (
            "select max(id) as k from {{ cents(ref('a')) }}",
            "`models/m.sql:1` hands `a` to something else than a `from`, and what becomes of its columns cannot be told.",
        ),
        (
            "select * from {{ cents(ref('a')) }}",
            "`models/m.sql:1` hands `a` to something else than a `from`, and what becomes of its columns cannot be told.",
        ),
        (
            "select max(id) as id from {{ ref('a') }} having id > 1",
            "`models/m.sql:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "select id, neu from {{ ref('a') }} join {{ ref('b') }}",
            "`models/m.sql:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "select a.id as x, neu from {{ ref('a') }} as a join {{ ref('c') }}",
            "`models/m.sql:1` has a `neu` already, and would mean something else afterwards.",
        ),
        (
            "select id as x from {{ ref('a') }} join {{ ref('c') }}",
            "`models/m.sql:1` has a `neu` already, and would mean something else afterwards.",
        ),
        (
            "select y as k from {% if true %}{{ ref('a') }}{% else %}{{ ref('b') }}{% endif %} as t where t.id > 1",
            "`models/m.sql:1` depends on a condition of the template, so that not every place that makes `id` is known.",
        ),
        (
            "{% set x = 'id' %}select {{ x }} as k from {{ ref(x) }}",
            "`models/m.sql:1` computes the name of what it reads, and that may be `a`.",
        ),
        (
            "select * from {{ ref('a') }} pivot (max(y) for id in (1, 2))",
            "`models/m.sql:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
    ] {
        let all = format!(
            "{}//- models/b.sql\nselect 1 as id, 2 as k\n//- models/c.sql\nselect 1 as neu\n//- macros/m.sql\n{{% macro built() %}}id || 1{{% endmacro %}}{{% macro cents(c) %}}{{{{ c }}}}{{% endmacro %}}\n",
            with(text)
        );
        wrong.push(text, &outcome(&all, "neu"), &format!("refused: {expected}"));
    }
    wrong.none();
}

#[test]
fn where_a_column_is_made() {
    let mut wrong = Wrong::default();
    for (text, expected) in [
        // The alias of a common table expression that a star hands on is the model's column.
        (
            "//- models/a.sql\nwith f as (select x as i$0d from raw.t)\nselect * from f where id > 1 order by id\n//- models/m.sql\nselect t.id as k from {{ ref('a') }} t\n",
            "//- models/a.sql\nwith f as (select x as neu from raw.t)\nselect * from f where neu > 1 order by neu\n//- models/m.sql\nselect t.neu as k from {{ ref('a') }} t\n",
        ),
        // One that only a query has stays in the file.
        (
            "//- models/a.sql\nwith f as (select x as i$0d, y from raw.t), g as (select f.id, y from f group by id)\nselect g.id, y from g\n//- models/m.sql\nselect id as k from {{ ref('a') }}\n",
            "//- models/a.sql\nwith f as (select x as neu, y from raw.t), g as (select f.neu as id, y from f group by neu)\nselect g.id, y from g\n",
        ),
        // A bare name gets the new one behind it.
        (
            "//- models/a.sql\nselect id, y from raw.t where id > 1 order by id\n//- models/m.sql\nselect i$0d as k from {{ ref('a') }}\n",
            "//- models/a.sql\nselect id as neu, y from raw.t where id > 1 order by neu\n//- models/m.sql\nselect neu as k from {{ ref('a') }}\n",
        ),
        (
            "//- models/a.sql\nselect b.`id` from {{ ref('b') }} b\n//- models/b.sql\nselect 1 as id\n//- models/s.yml\nmodels:\n  - name: a\n    columns:\n      - name: i$0d\n",
            "//- models/a.sql\nselect b.`id` as neu from {{ ref('b') }} b\n//- models/s.yml\nmodels:\n  - name: a\n    columns:\n      - name: neu\n",
        ),
        // Names that a common table expression gives to its columns.
        (
            "//- models/a.sql\nwith f(i$0d, y) as (select 1, 2)\nselect f.id as k, y from f\n",
            "//- models/a.sql\nwith f(neu, y) as (select 1, 2)\nselect f.neu as k, y from f\n",
        ),
        (
            "//- models/a.sql\nselect t.i$0d, u.id as k from raw.x as t(id) lateral view explode(array(t.id)) u as id\n",
            "//- models/a.sql\nselect t.neu as id, u.id as k from raw.x as t(neu) lateral view explode(array(t.neu)) u as id\n",
        ),
        (
            "//- snapshots/s.sql\n{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols=['id', 'y']) }}\nselect x as i$0d, y from raw.t{% endsnapshot %}\n",
            "//- snapshots/s.sql\n{% snapshot s %}{{ config(unique_key='neu', strategy='check', check_cols=['neu', 'y']) }}\nselect x as neu, y from raw.t{% endsnapshot %}\n",
        ),
        // What a model reads of itself.
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n{% if is_incremental() %}where x > (select max(id) from {{ this }}){% endif %}\n",
            "//- models/a.sql\nselect x as neu from raw.t\n{% if is_incremental() %}where x > (select max(neu) from {{ this }}){% endif %}\n",
        ),
        (
            "//- seeds/c.csv\nid,y\n1,2\n//- models/a.sql\nselect i$0d as k from {{ ref('c') }}\n//- seeds/s.yml\nseeds: [{name: c, config: {column_types: {id: int}}, columns: [{name: id}]}]\n",
            "//- models/a.sql\nselect neu as k from {{ ref('c') }}\n//- seeds/c.csv\nneu,y\n1,2\n//- seeds/s.yml\nseeds: [{name: c, config: {column_types: {neu: int}}, columns: [{name: neu}]}]\n",
        ),
        (
            "//- models/s.yml\nsources:\n  - name: raw\n    tables:\n      - name: t\n        loaded_at_field: id\n        columns:\n          - name: i$0d\n            data_tests: [unique]\n//- models/a.sql\nselect id, y from {{ source('raw', 't') }}\n//- tests/t.sql\nselect * from {{ source('raw', 't') }} where id is null\n",
            "//- models/a.sql\nselect neu as id, y from {{ source('raw', 't') }}\n//- models/s.yml\nsources:\n  - name: raw\n    tables:\n      - name: t\n        loaded_at_field: neu\n        columns:\n          - name: neu\n            data_tests: [unique]\n//- tests/t.sql\nselect * from {{ source('raw', 't') }} where neu is null\n",
        ),
    ] {
        wrong.push(text, &outcome(text, "neu"), expected);
    }
    wrong.none();
}

#[test]
fn configs_properties_and_tests() {
    let mut wrong = Wrong::default();
    for (text, expected) in [
        (
            "\
//- models/a.sql
{{ config(materialized='incremental', unique_key=['id', 'y'], partition_by='id', merge_update_columns=['y']) }}
select x as i$0d, y from raw.t
//- models/s.yml
models:
  - name: a
    description: id of all
    config: {cluster_by: y, event_time: id}
    constraints: [{type: primary_key, columns: [id]}]
    columns:
      - name: id # id
        data_tests: [unique, not_null]
  - name: b
    columns:
      - name: id
        data_tests:
          - relationships: {to: ref('a'), field: id}
          - relationships: {arguments: {to: ref('c'), field: id}}
unit_tests:
  - name: u
    model: b
    given: [{input: ref('a'), rows: [{id: 1, y: 2}]}]
    expect: {rows: [{id: 1}]}
  - name: v
    model: a
    given: []
    expect: {rows: [{id: 1}]}
//- models/b.sql
select id from {{ ref('a') }}
//- models/c.sql
select 1 as id
",
            "\
//- models/a.sql
{{ config(materialized='incremental', unique_key=['neu', 'y'], partition_by='neu', merge_update_columns=['y']) }}
select x as neu, y from raw.t
//- models/b.sql
select neu as id from {{ ref('a') }}
//- models/s.yml
models:
  - name: a
    description: id of all
    config: {cluster_by: y, event_time: neu}
    constraints: [{type: primary_key, columns: [neu]}]
    columns:
      - name: neu # id
        data_tests: [unique, not_null]
  - name: b
    columns:
      - name: id
        data_tests:
          - relationships: {to: ref('a'), field: neu}
          - relationships: {arguments: {to: ref('c'), field: id}}
unit_tests:
  - name: u
    model: b
    given: [{input: ref('a'), rows: [{neu: 1, y: 2}]}]
    expect: {rows: [{id: 1}]}
  - name: v
    model: a
    given: []
    expect: {rows: [{neu: 1}]}
",
        ),
        (
            "//- models/a.sql\n{{ config(unique_key='id || y') }}select x as i$0d from raw.t\n",
            "refused: `models/a.sql:1` may make the name `id` with Jinja, and what it comes to cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- models/s.yml\nmodels:\n  - name: a\n    data_tests:\n      - expression: {expression: id > 0}\n",
            "refused: `models/s.yml:4` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- models/b.sql\nselect 1 as id\n//- models/s.yml\nmodels:\n  - name: b\n    data_tests:\n      - expression: {expression: id > 0}\n",
            "//- models/a.sql\nselect x as neu from raw.t\n",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- dbt_project.yml\nname: shop\nprofile: shop\nmodels: {shop: {+unique_key: id}}\n",
            "refused: `dbt_project.yml:3` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- models/p.py\ndef model(dbt, session):\n    return dbt.ref('a')\n",
            "refused: `models/p.py:2` reads `a` in Python, where the uses of columns cannot be known.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- models/s.yml\nsnapshots:\n  - name: s\n    relation: ref('a')\n",
            "refused: `models/s.yml:2` hands on all columns, so that a column of another relation would get another name too.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- macros/t.sql\n{% test odd(model) %}select * from {{ model }} where id > 1{% endtest %}\n//- models/s.yml\nmodels: [{name: a, data_tests: [odd]}]\n",
            "refused: The macro `odd` writes `id` in `macros/t.sql:1`, and whether that is this column cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- tests/fixtures/f.csv\nid\n1\n//- models/b.sql\nselect y from {{ ref('a') }}\n//- models/s.yml\nunit_tests:\n  - name: u\n    model: b\n    given: [{input: ref('a'), format: csv, fixture: f}]\n    expect: {rows: []}\n",
            "refused: `tests/fixtures/f.csv:1` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d from raw.t\n//- models/b.sql\nselect y from {{ ref('a') }}\n//- models/s.yml\nunit_tests:\n  - name: u\n    model: b\n    given: [{input: ref('a'), format: csv, rows: \"id,y\"}]\n    expect: {rows: []}\n",
            "refused: `models/s.yml:4` says `id`, and whether that is this column cannot be told for sure.",
        ),
        (
            "//- models/a.sql\nselect y{% if x %}, y as i$0d{% endif %} from raw.t\n",
            "refused: `models/a.sql:1` depends on a condition of the template, so that not every place that makes `id` is known.",
        ),
        (
            "//- models/b.sql\nselect 1 as id\n//- models/a.sql\nselect * from {{ ref('b') }}\n//- models/s.yml\nmodels: [{name: a, columns: [{name: i$0d}]}]\n",
            "refused: The column `id` of `a` comes with `models/a.sql:1`, and has to be renamed where it is made.",
        ),
        (
            "//- models/a.sql\nselect x as i$0d, y as neu from raw.t\n",
            "refused: `a` has a column `neu` already.",
        ),
    ] {
        wrong.push(text, &outcome(text, "neu"), expected);
    }
    wrong.none();
}
