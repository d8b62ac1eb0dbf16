//! What is known of the columns of nodes.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on ends"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use crate::common::{Fixture, fixture};
use glueline_base::{Utf8PathBuf, slice};
use glueline_ide::columns::{self, ColumnId, ColumnSource, TypeSource};
use glueline_ide::{Analysis, Change};

/// Each column of a node: `name type@where <origin`, `?` where a condition is around it, `…` where there may be more.
fn show(analysis: &Analysis, unique_id: &str) -> String {
    let project = analysis.project();
    let node = project
        .nodes()
        .iter()
        .find(|node| &*node.unique_id == unique_id)
        .unwrap_or_else(|| panic!("{unique_id} is a node"));
    let columns = columns::of(analysis, node.id);
    let mut out = Vec::new();
    for (column, index) in columns.list.iter().zip(0_u32..) {
        let id = ColumnId { node: node.id, index };
        let mut line = column.name.to_string();
        if column.is_conditional {
            line.push('?');
        }
        if let Some((data_type, of)) = columns::type_of(analysis, id) {
            let who = match data_type.source {
                TypeSource::Properties => "",
                TypeSource::Catalog => "/catalog",
                TypeSource::Cast => "/cast",
                TypeSource::Config => "/config",
                TypeSource::Values => "/values",
                TypeSource::Dbt => "/dbt",
                TypeSource::Spark => "/spark",
            };
            let _ = write!(line, ":{}{who}", data_type.text);
            if of != node.id {
                let _ = write!(line, "@{}", project.node(of).name);
            }
        }
        if let Some(origin) = columns::origin(analysis, id) {
            let of = project.node(origin.node);
            let name = &columns::of(analysis, origin.node).list[origin.index as usize].name;
            let _ = write!(line, "<{}.{name}", of.name);
        }
        match column.source {
            ColumnSource::Query => {}
            other => {
                let _ = write!(line, " ({other:?})");
            }
        }
        if let Some(at) = column.at {
            let written = slice(analysis.text(at.file), at.range);
            if written != &*column.name {
                let _ = write!(line, " at {written}");
            }
        }
        if let Some(text) = &column.description {
            let _ = write!(line, " = {text}");
        }
        out.push(line);
    }
    if !columns.is_complete {
        out.push("…".to_owned());
    }
    out.join(", ")
}

const SHOP: &str = "
//- models/sources.yml
sources:
  - name: raw
    schema: lake
    tables:
      - name: orders
        columns:
          - {name: id, data_type: bigint, description: The key}
          - name: amount
      - name: empty
//- seeds/countries.csv
code,name,since
nl,Netherlands,1815
//- models/stg.sql
select id, amount as total, cast(day as date) as day, id + 1 from {{ source('raw', 'orders') }}
//- models/mart.sql
with o as (select * from {{ ref('stg') }}), c as (select * from {{ ref('countries') }})
select o.total, o.day as d, c.code, c.name as country, 1 as one from o join c on true
//- models/all.sql
select * from {{ ref('mart') }}
//- models/schema.yml
models:
  - name: mart
    columns:
      - {name: TOTAL, data_type: 'decimal(10,2)', description: In euros}
      - name: gone
";

#[test]
fn columns_are_followed_to_where_they_are_known() {
    let Fixture { analysis, .. } = fixture(SHOP);
    for (node, expected) in [
        (
            "source.shop.raw.orders",
            "id:bigint (Properties) = The key, amount (Properties), …",
        ),
        ("source.shop.raw.empty", "…"),
        (
            "seed.shop.countries",
            "code:string/values (Seed), name:string/values (Seed), since:double/values (Seed)",
        ),
        (
            "model.shop.stg",
            "id:bigint@orders<orders.id, total<orders.amount, day:date/spark, …",
        ),
        (
            "model.shop.mart",
            "total:decimal(10,2)<stg.total = In euros, d:date/spark<stg.day, code:string/spark<countries.code, \
             country:string/spark<countries.name, one:int/spark",
        ),
        (
            "model.shop.all",
            "total:decimal(10,2)@mart<mart.total at *, d:date/spark<mart.d at *, code:string/spark<mart.code at *, \
             country:string/spark<mart.country at *, one:int/spark<mart.one at *",
        ),
    ] {
        assert_eq!(show(&analysis, node), expected, "{node}");
    }
}

/// The columns of `model.shop.m`.
fn of_m(files: &str) -> String {
    show(&fixture(files).analysis, "model.shop.m")
}

#[test]
fn what_decides_on_columns_is_told() {
    for (files, expected) in [
        // Conditions and loops.
        (
            "//- models/m.sql\nselect a {% if x %}, b{% endif %} from t\n",
            "a, b?, …",
        ),
        (
            "//- models/m.sql\nselect a from t {% if is_incremental() %}where a > (select max(a) from {{ this }}){% endif %}\n",
            "a",
        ),
        (
            "//- models/m.sql\nselect {% for c in ['x'] %}{{ c }}, {% endfor %} a from t\n",
            "a, …",
        ),
        (
            "//- models/m.sql\n{% if x %}select a, b from t{% else %}select a from u{% endif %}\n",
            "a?, …",
        ),
        (
            "//- models/m.sql\n{% set q %}select z from t{% endset %}{{ config(materialized='table') }}\nselect a from t\n",
            "a",
        ),
        (
            "//- models/m.sql\nwith c as (select 1 as a {% if x %}, 2 as b {% endif %}) select * from c\n",
            "a:int/spark, b?, …",
        ),
        // A contract decides.
        (
            "//- models/m.sql\nselect b, a from t\n//- models/s.yml\nmodels:\n  - name: m\n    config: {contract: {enforced: true}}\n    columns: [{name: a, data_type: int}, {name: b, data_type: string}]\n",
            "a:int (Contract), b:string (Contract)",
        ),
        // Python is not read.
        (
            "//- models/m.py\ndef model(dbt, session):\n    return dbt.ref('x')\n//- models/s.yml\nmodels: [{name: m, columns: [{name: a}]}]\n",
            "a (Properties), …",
        ),
        // Circles end.
        (
            "//- models/m.sql\nselect * from {{ ref('n') }}\n//- models/n.sql\nselect *, 1 as k from {{ ref('m') }}\n",
            "k<n.k at *, …",
        ),
        ("//- models/m.sql\nselect * from {{ this }}\n", "…"),
        // What only rendering tells.
        (
            "//- models/m.sql\nselect {% for c in ['x', 'y z'] %}1 as `{{ c }}`, {% endfor %} 2 + 3, 'a' as a\n",
            "a:string/spark, x:int/spark (Rendered), …",
        ),
        // Several statements are not dbt's.
        ("//- models/m.sql\nselect 1 as a; select 2 as b\n", "…"),
        // Tables by name.
        (
            "//- models/m.sql\nselect * from analytics.n\n//- models/n.sql\nselect 1 as a\n",
            "a<n.a at *",
        ),
        (
            "//- models/m.sql\nselect * from nowhere.n\n//- models/n.sql\nselect 1 as a\n",
            "…",
        ),
        // Versions.
        (
            "//- models/m.sql\nselect * from {{ ref('v', v=1) }}\n//- models/v_v1.sql\nselect 1 as old\n//- models/v_v2.sql\nselect 1 as new\n//- models/s.yml\nmodels:\n  - name: v\n    latest_version: 2\n    versions: [{v: 1}, {v: 2}]\n",
            "old:int/spark<v.old at *",
        ),
        ("//- models/m.sql\nselect a, \n", "a"),
        ("//- models/m.sql\n\n", "…"),
    ] {
        assert_eq!(of_m(files), expected, "{files}");
    }
}

#[test]
fn snapshots_have_the_columns_of_dbt() {
    let Fixture { analysis, .. } = fixture(
        "//- snapshots/s.sql\n{% snapshot kept %}{{ config(strategy='check', check_cols='all', unique_key='id') }}select id from t{% endsnapshot %}\n\
         //- snapshots/y.yml\nsnapshots:\n  - name: copied\n    relation: ref('kept')\n    config:\n      unique_key: id\n      strategy: check\n      check_cols: all\n      snapshot_meta_column_names: {dbt_valid_to: until}\n",
    );
    assert_eq!(
        show(&analysis, "snapshot.shop.kept"),
        "id, dbt_scd_id:string/dbt (Snapshot), dbt_updated_at:timestamp/dbt (Snapshot), dbt_valid_from:timestamp/dbt (Snapshot), \
         dbt_valid_to:timestamp/dbt (Snapshot)"
    );
    assert!(show(&analysis, "snapshot.shop.copied").contains("until:timestamp/dbt (Snapshot)"));
}

#[test]
fn long_chains_need_no_deep_stack() {
    let mut files = "//- models/m0.sql\nselect 1 as a\n".to_owned();
    for number in 1..600 {
        let _ = write!(
            files,
            "//- models/m{number}.sql\nselect * from {{{{ ref('m{}') }}}}\n",
            number - 1
        );
    }
    let Fixture { analysis, .. } = fixture(&files);
    assert_eq!(show(&analysis, "model.shop.m599"), "a<m598.a at *");
}

#[test]
fn an_edit_is_seen() {
    let Fixture { analysis, .. } = fixture(SHOP);
    assert!(show(&analysis, "model.shop.all").starts_with("total"));
    let edited = analysis
        .edited(&[Change {
            path: Utf8PathBuf::from("/repo/models/mart.sql"),
            text: Some(Arc::from("select 1 as x")),
        }])
        .unwrap();
    assert_eq!(show(&edited, "model.shop.all"), "x:int/spark<mart.x at *");
    assert!(show(&analysis, "model.shop.all").starts_with("total"));
}
