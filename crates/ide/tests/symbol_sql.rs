//! Names of SQL under the cursor, where they are defined, and every place that names them.

use crate::common::fixture;
use crate::labels::label;
use crate::labels::places::place;
use glueline_base::{Cancel, slice};
use glueline_ide::navigation::{declaration, definition};
use glueline_ide::references::references;
use glueline_ide::rename::rename;
use glueline_ide::{hover, symbol};

const PROJECT: &str = "\
//- models/a.sql
select 1 as id, 2 as `total`, customer
from raw_table
//- models/s.yml
models:
  - name: a
    columns:
      - name: id
      - name: customer
sources:
  - name: raw
    schema: lake
    tables:
      - name: happened
        identifier: events
//- seeds/c.csv
code,name
de,x
";

#[test]
fn names_of_queries() {
    for (text, expected) in [
        (
            "with x$0 as (select 1 as n$0)\nselect x$0.n$0 from x$0",
            vec![
                "x = sql x of line 1",
                "n = sql column n of line 1",
                "x = sql x of line 1",
                "n = sql column n of line 1",
                "x = sql x of line 1",
            ],
        ),
        (
            "select t$0.i$0d, t.to$0tal, t$0.* from {{ ref('a') }} as t$0",
            vec![
                "t = sql t of line 1",
                "id = column id of model.shop.a",
                "total = column total of model.shop.a",
                "t = sql t of line 1",
                "t = sql t of line 1",
            ],
        ),
        (
            "select i$0d, no$0 from {{ ref('a') }}",
            vec!["id = column id of model.shop.a", "-"],
        ),
        (
            "select ID$0 from {{ ref('a') }}",
            vec!["ID = column id of model.shop.a"],
        ),
        (
            "select co$0de from {{ ref('c') }}",
            vec!["code = column code of seed.shop.c"],
        ),
        (
            "select id as ke$0y, 1 as on$0e from {{ ref('a') }}",
            vec![
                "key = column key of model.shop.m",
                "one = column one of model.shop.m",
            ],
        ),
        (
            "with x as (select id as k, customer from {{ ref('a') }})\nselect k$0, custo$0mer from x where k$0 > 1",
            vec![
                "k = sql column k of line 1",
                "customer = column customer of model.shop.a",
                "k = sql column k of line 1",
            ],
        ),
        (
            "with `x y` as (select 1)\nselect * from `x$0 y`",
            vec!["x y = sql x y of line 1"],
        ),
        // The dot before what is being typed.
        (
            "select x$0.\nfrom {{ ref('a') }} as x where x$0. and x.i$0d = x$0.",
            vec![
                "x = sql x of line 2",
                "x = sql x of line 2",
                "id = column id of model.shop.a",
                "x = sql x of line 2",
            ],
        ),
        (
            "with x as (select 1 as n) select x$0., n$0 from x",
            vec!["x = sql x of line 1", "n = sql column n of line 1"],
        ),
        (
            "select i$0d. from {{ ref('a$0'). }}",
            vec!["id = column id of model.shop.a", "a = model.shop.a"],
        ),
        (
            "select i$0d., total$0.* from {{ ref('a') }}",
            vec![
                "id = column id of model.shop.a",
                "total = column total of model.shop.a",
            ],
        ),
        // Tables that are named as the warehouse names them.
        (
            "select * from analytics.a$0 join lake.ev$0ents e join other.a$0",
            vec![
                "a = table of model.shop.a",
                "events = table of source.shop.raw.happened",
                "-",
            ],
        ),
        ("select sum$0(id) from {{ ref('a') }}", vec!["-"]),
        ("select * from lateral$0 view", vec!["-"]),
        (
            "{% macro m() %}with x as (select 1 as n) select n$0 from x$0{% endmacro %}",
            vec!["n = sql column n of line 1", "x = sql x of line 1"],
        ),
        ("select '{{ ref('a$0') }}' as x", vec!["a = model.shop.a"]),
    ] {
        let fixture = fixture(&format!("{PROJECT}//- models/m.sql\n{text}"));
        let found: Vec<String> = fixture
            .carets
            .iter()
            .map(|caret| match symbol::at(&fixture.analysis, *caret) {
                None => "-".to_owned(),
                Some(found) => {
                    let written = slice(fixture.analysis.text(found.range.file), found.range.range);
                    format!("{written} = {}", label(&fixture.analysis, &found.symbol))
                }
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn where_columns_come_from() {
    for (text, defined, described) in [
        (
            "select i$0d from {{ ref('a') }}",
            "models/a.sql:1 id",
            "models/s.yml:4 id",
        ),
        (
            "select custo$0mer from {{ ref('a') }}",
            "models/a.sql:1 customer",
            "models/s.yml:5 customer",
        ),
        (
            "with x as (select 1 as n)\nselect n$0 from x",
            "models/m.sql:1 n",
            "models/m.sql:1 n",
        ),
        (
            "with x as (select 1 as n)\nselect n from x$0",
            "models/m.sql:1 x",
            "models/m.sql:1 x",
        ),
    ] {
        let fixture = fixture(&format!("{PROJECT}//- models/m.sql\n{text}"));
        let show = |targets: Vec<glueline_ide::navigation::Target>| -> Vec<String> {
            let places = targets
                .iter()
                .map(|target| place(&fixture.analysis, target.place.name));
            places.collect()
        };
        assert_eq!(
            show(definition(&fixture.analysis, fixture.caret())),
            [defined],
            "{text}"
        );
        assert_eq!(
            show(declaration(&fixture.analysis, fixture.caret())),
            [described],
            "{text}"
        );
    }
    let text = PROJECT.replace("- name: id", "- name: i$0d");
    let fixture = fixture(&text);
    let targets = definition(&fixture.analysis, fixture.caret());
    let places: Vec<String> = targets
        .iter()
        .map(|target| place(&fixture.analysis, target.place.name))
        .collect();
    assert_eq!(places, ["models/a.sql:1 id"]);
}

#[test]
fn who_uses_a_column() {
    let text = format!(
        "{PROJECT}//- models/m.sql\nselect t.i$0d, customer from {{{{ ref('a') }}}} t where ID > 1\n//- models/other.sql\nselect id from {{{{ ref('m') }}}}\n//- models/t.yml\nmodels:\n  - name: m\n    columns:\n      - name: id\n        data_tests: [{{relationships: {{to: ref('a'), field: id}}}}]\n"
    );
    let fixture = fixture(&text);
    let found = references(&fixture.analysis, fixture.caret(), true, &Cancel::new());
    let found: Vec<String> = found
        .iter()
        .map(|each| place(&fixture.analysis, each.at))
        .collect();
    assert_eq!(
        found,
        [
            "models/a.sql:1 id",
            "models/m.sql:1 id",
            "models/m.sql:1 ID",
            "models/s.yml:4 id",
            "models/t.yml:5 id",
        ]
    );
}

#[test]
fn tables_that_are_named_as_the_warehouse_names_them() {
    for (caret, id, expected) in [
        (
            "analytics.a$0",
            "model.shop.a",
            ["models/m.sql:1 a", "models/m.sql:2 a", "models/s.yml:2 a"],
        ),
        (
            "lake.event$0s",
            "source.shop.raw.happened",
            [
                "models/m.sql:1 events",
                "models/m.sql:2 happened",
                "models/s.yml:10 happened",
            ],
        ),
    ] {
        let (table, _) = caret.split_once("$0").unwrap_or_default();
        let text = "select * from analytics.a join lake.events\nunion select * from {{ ref('a') }} join {{ source('raw', 'happened') }} -- analytics.a\n";
        let text = text.replacen(caret.replace("$0", "").as_str(), caret, 1);
        let fixture = fixture(&format!("{PROJECT}//- models/m.sql\n{text}"));
        let mut found = references(&fixture.analysis, fixture.caret(), true, &Cancel::new());
        found.retain(|each| !each.at.range.is_empty());
        let found: Vec<String> = found
            .iter()
            .map(|each| place(&fixture.analysis, each.at))
            .collect();
        assert_eq!(found, expected, "{table}");
        let project = fixture.analysis.project();
        let node = project
            .nodes()
            .by_unique_id(id)
            .map(|node| symbol::Symbol::Node(node.id));
        let card = node.and_then(|node| hover::card(&fixture.analysis, &node));
        let told = hover::hover(&fixture.analysis, fixture.caret());
        assert!(card.is_some());
        assert_eq!(told.map(|told| told.card), card, "{table}");
    }
    // A model's table is called like the model, and a source's is not.
    for (text, expected) in [
        (
            "select * from analytics.a$0\n",
            "//- models/m.sql\nselect * from analytics.neu\n//- models/s.yml\n",
        ),
        (
            "select * from lake.events join {{ source('raw', 'happen$0ed') }}\n",
            "//- models/m.sql\nselect * from lake.events join {{ source('raw', 'neu') }}\n",
        ),
        ("select * from lake.events$0\n", "refused: The name of a table"),
    ] {
        let fixture = fixture(&format!("{PROJECT}//- models/m.sql\n{text}"));
        let found = match rename(&fixture.analysis, fixture.caret(), "neu", &Cancel::new()) {
            Ok(rename) => crate::renamed::after(&fixture.analysis, &rename),
            Err(refusal) => format!("refused: {refusal}"),
        };
        assert!(found.starts_with(expected), "{text}: {found}");
    }
}

#[test]
fn names_of_queries_get_others() {
    for (text, new, expected) in [
        (
            "with x as (select 1 as n), y as (select * from x)\nselect x.n, y.* from x$0 join y on x.n = y.n -- x\n",
            "z",
            "//- models/m.sql\nwith z as (select 1 as n), y as (select * from z)\nselect z.n, y.* from z join y on z.n = y.n -- x\n",
        ),
        (
            "select t$0.id from {{ ref('a') }} as t where t.id > 1\n",
            "u",
            "//- models/m.sql\nselect u.id from {{ ref('a') }} as u where u.id > 1\n",
        ),
        (
            "with x$0 as (select 1 as n) select n from x\n",
            "N",
            "refused: `N` stands in this query already.",
        ),
        (
            "with x$0 as (select 1 as n) select n from x\n",
            "order",
            "refused: `order` is a word of SQL.",
        ),
        (
            "with x$0 as (select 1 as n) select n from x\n",
            "a b",
            "refused: `a b` is no name for Spark without back-ticks: it has to be made of letters, digits and underscores, and must not begin with a digit.",
        ),
        (
            "with x as (select 1 as n$0) select n from x\n",
            "k",
            "//- models/m.sql\nwith x as (select 1 as k) select k as n from x\n",
        ),
    ] {
        let fixture = fixture(&format!("{PROJECT}//- models/m.sql\n{text}"));
        let found = match rename(&fixture.analysis, fixture.caret(), new, &Cancel::new()) {
            Ok(rename) => crate::renamed::after(&fixture.analysis, &rename),
            Err(refusal) => format!("refused: {refusal}"),
        };
        assert_eq!(found, expected, "{text}");
    }
}
