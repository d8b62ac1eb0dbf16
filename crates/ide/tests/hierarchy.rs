//! Calls of macros and lineage of nodes.

use crate::common::{Fixture, fixture};
use glueline_ide::hierarchy::{
    Call, Party, children, incoming, outgoing, parents, prepare_calls, prepare_lineage,
};

fn calls(calls: &[Call]) -> Vec<String> {
    let each = calls
        .iter()
        .map(|call| format!("{} {} x{}", call.member.detail, call.member.name, call.at.len()));
    each.collect()
}

const MACROS: &str = "\
//- macros/m.sql
{% macro a() %}{{ b() }}{{ b(1) }}{% endmacro %}
{% macro b(x) %}{{ adapter.dispatch('c')() }}{% endmacro %}
{% macro default__c() %}{% endmacro %}
{% macro glue__c() %}{{ is_incremental() }}{% endmacro %}
{% test t(model) %}{{ a() }}{% endtest %}
//- models/one.sql
{{ config(alias='x') }}select {{ a() }}
//- models/p.yml
models: [{name: one, data_tests: [t]}]
//- snapshots/s.sql
{% snapshot s1 %}{{ a() }}{% endsnapshot %}
{% snapshot s2 %}{{ b() }}{% endsnapshot %}
";

#[test]
fn macros_call_each_other() {
    for (needle, up, down) in [
        (
            "macro a",
            &["model one x1", "snapshot s1 x1", "macro t x1"][..],
            &["macro b x2"][..],
        ),
        (
            "macro b",
            &["macro a x2", "snapshot s2 x1"],
            &["macro default__c x1", "macro glue__c x1"],
        ),
        ("macro glue__c", &["macro b x1"], &[]),
        ("test t", &["test t_one_ x1"], &["macro a x1"]),
        (
            "select {{ a",
            &["model one x1", "snapshot s1 x1", "macro t x1"],
            &["macro b x2"],
        ),
        ("{{ config(al", &[], &["macro a x1"]),
        ("snapshot s2", &[], &["macro b x1"]),
    ] {
        let fixture: Fixture = fixture(&MACROS.replacen(needle, &format!("{needle}$0"), 1));
        let found = prepare_calls(&fixture.analysis, fixture.carets[0]).expect(needle);
        assert_eq!(calls(&incoming(&fixture.analysis, found.party)), up, "{needle}");
        assert_eq!(calls(&outgoing(&fixture.analysis, found.party)), down, "{needle}");
    }
}

#[test]
fn nodes_have_lineage() {
    let text = "\
//- models/a.sql
select * from {{ source('raw', 't') }}
//- models/b.sql
select * from {{ ref('a$0') }} join {{ ref('c') }}
//- models/c.sql
select 1 as x$0
//- models/p.yml
models: [{name: a, data_tests: [{unique: {column_name: x}}]}]
sources: [{name: raw, tables: [{name: t$0}]}]
exposures: [{name: e, type: ml, owner: {name: o, email: a@b.c}, depends_on: [ref('b')]}]
";
    let fixture = fixture(text);
    let wanted = [
        ("a", &["source raw.t"][..], &["model b"][..]),
        ("c", &[], &["model b"]),
        ("raw.t", &[], &["model a"]),
    ];
    for (caret, (name, up, down)) in fixture.carets.iter().zip(wanted) {
        let found = prepare_lineage(&fixture.analysis, *caret).expect(name);
        assert_eq!(found.name, name);
        let Party::Node(node) = found.party else {
            panic!("a node")
        };
        let shown = |members: Vec<glueline_ide::hierarchy::Member>| -> Vec<String> {
            let each = members
                .iter()
                .map(|member| format!("{} {}", member.detail, member.name));
            each.collect()
        };
        assert_eq!(shown(parents(&fixture.analysis, node)), up, "{name}");
        assert_eq!(shown(children(&fixture.analysis, node)), down, "{name}");
    }
}
