//! What is shown in a line and is not there.

use crate::common::fixture;
use glueline_base::{TextRange, TextSize};
use glueline_ide::hints::{Wanted, hints};

const ALL: Wanted = Wanted {
    relations: true,
    configs: true,
    types: true,
    columns: true,
};

/// The text with its hints in angle brackets.
fn shown(text: &str, wanted: Wanted) -> String {
    let fixture = fixture(text);
    let file = fixture.caret().file;
    let text = fixture.analysis.text(file);
    let whole = TextRange::up_to(TextSize::of(text));
    let mut out = text.to_owned();
    for hint in hints(&fixture.analysis, file, whole, wanted).into_iter().rev() {
        out.insert_str(hint.at.into(), &format!("<{}>", hint.label));
    }
    out
}

const REST: &str = "
//- models/b.sql
select 1 as x
//- models/e.sql
{{ config(materialized='ephemeral') }} select 1 as x
//- models/off.sql
{{ config(enabled=false) }} select 1
//- models/p.yml
sources: [{name: raw, schema: lake, tables: [{name: t, identifier: T1}]}, {name: typed, schema: lake, tables: [{name: t, columns: [{name: a, data_type: bigint}]}]}]
models: [{name: a, config: {file_format: iceberg}}]
";

#[test]
fn lines_have_hints() {
    for (file, body, wanted) in [
        (
            "models/x.sql",
            "{{ config(materialized='view') }} {{ ref('b') }}, {{ source('raw', 't') }}, {{ ref('e') }}$0",
            "{{ config(materialized='view') }} {{ ref('b')<analytics.b> }}, {{ source('raw', 't')<lake.T1> }}, {{ ref('e')<__dbt__cte__e> }}\n",
        ),
        (
            "models/x.sql",
            "{{ config(materialized='view') }}{{ ref('off') }}{{ ref('none') }}{{ ref(name) }}{{ ref('shop', 'b') }}{{ ref($0",
            "{{ config(materialized='view') }}{{ ref('off') }}{{ ref('none') }}{{ ref(name) }}{{ ref('shop', 'b')<analytics.b> }}{{ ref(\n",
        ),
        (
            "models/x.sql",
            "select 1$0",
            "<materialized=view>select 1<: int>\n",
        ),
        (
            "models/a.sql",
            "{{ config(materialized='incremental') }}select 1$0",
            "{{ config(materialized='incremental')<file_format=iceberg> }}select 1<: int>\n",
        ),
        (
            "models/x.sql",
            "{{ config(materialized='table', file_format='delta') }}$0",
            "{{ config(materialized='table', file_format='delta') }}\n",
        ),
        (
            "models/x.py",
            "def model(dbt, session):\n    dbt.config(materialized='table', file_format='parquet')\n    return dbt.ref('b')$0",
            "def model(dbt, session):\n    dbt.config(materialized='table', file_format='parquet')\n    return dbt.ref('b')<analytics.b>\n",
        ),
        (
            "models/x.sql",
            "{{ config(materialized='view') }}select A, a as b, cast(1 as int) as c, * from {{ source('typed', 't') }}$0",
            "{{ config(materialized='view') }}select A<: bigint>, a as b<: bigint>, cast(1 as int) as c, *<: a> from {{ source('typed', 't')<lake.t> }}\n",
        ),
        (
            "models/x.sql",
            "{{ config(materialized='view') }}with q as (select 1 as one, 'a' as a) select *, one + 1.5 as more, cast(one + 1 as string) from q$0",
            "{{ config(materialized='view') }}with q as (select 1 as one<: int>, 'a' as a<: string>) select *<: one, a>, one + 1.5 as more<: decimal(12,1)>, \
             cast(one + 1 as string) from q\n",
        ),
        (
            "models/x.sql",
            "{{ config(materialized='view') }}select {% for c in ['x', 'y'] %}1 as {{ c }}, 2 as {{ c }}_two, {% endfor %}3 as three$0",
            "{{ config(materialized='view') }}select {% for c in ['x', 'y'] %}1 as {{ c }}, 2 as {{ c }}_two, {% endfor %}3 as three<: int>\n",
        ),
        (
            "macros/m.sql",
            "{% macro m() %}{{ ref('b') }}$0{% endmacro %}",
            "{% macro m() %}{{ ref('b')<analytics.b> }}{% endmacro %}\n",
        ),
    ] {
        let found = shown(&format!("//- {file}\n{body}{REST}"), ALL);
        assert_eq!(found, wanted, "{file} {body}");
    }
}

#[test]
fn hints_tell_who_sets_what() {
    let text = format!("//- models/a.sql\n{{{{ config(materialized='table') }}}}$0{REST}");
    let fixture = fixture(&text);
    let file = fixture.caret().file;
    let whole = TextRange::up_to(TextSize::of(fixture.analysis.text(file)));
    let found = hints(&fixture.analysis, file, whole, ALL);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].tooltip, "set in models/p.yml");
    assert!(found[0].target.is_some());
}

#[test]
fn hints_can_be_left_out_and_keep_to_their_lines() {
    let none = Wanted {
        relations: false,
        configs: false,
        types: false,
        columns: false,
    };
    let text = format!("//- models/x.sql\n{{{{ ref('b') }}}}$0{REST}");
    assert_eq!(shown(&text, none), "{{ ref('b') }}\n");
    let fixture = fixture(&text);
    let file = fixture.caret().file;
    let first = TextRange::up_to(TextSize::new(3));
    let found = hints(&fixture.analysis, file, first, ALL);
    let labels: Vec<&str> = found.iter().map(|hint| &*hint.label).collect();
    assert_eq!(labels, ["materialized=view"]);
}

#[test]
fn what_a_star_stands_for_is_shortened() {
    let names: Vec<String> = (0..30)
        .map(|number| format!("{number} as column_{number}"))
        .collect();
    let text = format!(
        "//- models/x.sql\nwith q as (select {}) select * from q$0{REST}",
        names.join(", ")
    );
    let fixture = fixture(&text);
    let file = fixture.caret().file;
    let whole = TextRange::up_to(TextSize::of(fixture.analysis.text(file)));
    let only = Wanted {
        relations: false,
        configs: false,
        types: false,
        columns: true,
    };
    let found = hints(&fixture.analysis, file, whole, only);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].label,
        ": column_0, column_1, column_2, column_3, column_4, column_5, \u{2026} 24 more"
    );
    assert!(
        found[0].tooltip.starts_with("column_0 int\ncolumn_1 int\n")
            && found[0].tooltip.lines().count() == 30
    );
}
