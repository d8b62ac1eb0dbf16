//! Findings after edits are those of `check` on the same texts.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use crate::common::{ROOT, fixture};
use glueline_base::{Cancel, Diagnostic, Utf8PathBuf};
use glueline_ide::diagnostics::{Findings, alone};
use glueline_ide::{Analysis, Change};

const YML: &str = "models:\n  - name: a\n    description: x\n    columns: [{name: id, data_tests: [unique]}]\n  - name: gone\n";

/// Files, each with the texts that edits give it; an empty text means that the file is not there.
const FILES: [(&str, &[&str]); 13] = [
    (
        "models/a.sql",
        &[
            "select 1 as id",
            "select * from {{ ref('b') }}",
            "select * from {{ ref('nowhere') }}",
            "{{ config(materialized='incremental', incremental_strategy='merge') }} select 1 as id;",
            "{{ config(materialized='table', file_format='icberg', custom_location='s3://b/x/') }} select * from {{ ref('e') }}",
            "{{ config(enabled=false) }} select 1",
            "-- glueline: allow(does-not-render)\nselect {{ broken() }} from {{ this }}",
            "select 'it''s' as a, {{ one() }} from {{ ref('b') }} (",
            "",
        ],
    ),
    (
        "models/b.sql",
        &[
            "select 2 as id",
            "{{ config(alias='z') }} select * from {{ source('raw', 't') }}",
            "select * from {{ ref('a') }}",
            "{{ config(materialized='incremental', unique_key='id', custom_location='s3://b/x') }} select 1 {{ ref('a') }}",
        ],
    ),
    (
        "models/e.sql",
        &[
            "{{ config(materialized='ephemeral') }} select 3 as id",
            "{{ config(materialized='ephemeral') }} select 4 as id; -- x\nselect 2",
            "{{ config(materialized='ephemeral') }} select {{ broken() }}",
            "{{ config(materialized='ephemeral') }}",
        ],
    ),
    (
        "models/c.sql",
        &[
            "select * from {{ ref('e') }} where {{ one() }}",
            "{{ config(pre_hook=\"delete from {{ this }} {{ broken() }}\") }} select * from {{ ref('e') }}",
            "select {{ graph.nodes.values() | selectattr('alias', 'eq', 'z') | list | length }} as n",
            "{% set name = 'b' %} select * from {{ ref(name) }}",
        ],
    ),
    (
        "models/i.sql",
        &[
            "{{ config(materialized='incremental') }} select 1 {% if is_incremental() %} from {{ this }} {{ broken() }} {% endif %}",
            "{% set cols = adapter.get_columns_in_relation(ref('b')) %} select {{ cols | length }} as n",
        ],
    ),
    (
        "models/p.py",
        &[
            "def model(dbt, session):\n    dbt.config(materialized='view')\n    return dbt.ref('a')\n",
            "def model(dbt, session):\n    return dbt.ref('nope')\n",
            "",
        ],
    ),
    (
        "models/x.yml",
        &[
            YML,
            "models: [{name: a, config: {materialized: tabel}, columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
            "models: [{name: a, description: \"{{ doc('x') }}\", meta: {k: 1}}]\nsources: [{name: raw, tables: [{name: t}]}]\n",
            "models: [{name: a, descripton: y}, {name: b, columns: [{name: id, data_type: int}]}]\n",
            "",
        ],
    ),
    (
        "macros/m.sql",
        &[
            "{% macro one() %}1{% endmacro %}{% macro broken() %}{{ exceptions.raise_compiler_error('no') }}{% endmacro %}",
            "{% macro one() %}2{% endmacro %}{% macro broken() %}3{% endmacro %}",
            "{% macro one() %}{{ nothing_such() }}{% endmacro %}{% macro broken() %}{% endmacro %}",
        ],
    ),
    (
        "snapshots/n.sql",
        &[
            "{% snapshot n %}{{ config(unique_key='id', strategy='check') }} select 1{% endsnapshot %}",
            "{% snapshot n %}{{ config(unique_key='id', strategy='timestamp', updated_at='x') }} select * from {{ ref('a') }}{% endsnapshot %}",
        ],
    ),
    (
        "tests/t.sql",
        &["select * from {{ ref('b') }}", "select 1 from {{ ref('gone') }}"],
    ),
    (
        "seeds/s.csv",
        &["id,name\n1,a\n", "id,name\n1,a,b\n", "id,id\n1,2\n"],
    ),
    ("models/d.md", &["{% docs x %}a{% enddocs %}", ""]),
    (
        "dbt_project.yml",
        &[
            "name: shop\nversion: '1.0'\nprofile: shop\n",
            "name: shop\nversion: '1.0'\nprofile: shop\nmodels: {shop: {+file_format: delta, nowhere: {+tags: x}}}\n",
        ],
    ),
];

fn change(path: &str, text: &str) -> Change {
    Change {
        path: Utf8PathBuf::from(format!("{ROOT}/{path}")),
        text: (!text.is_empty()).then(|| text.into()),
    }
}

fn start() -> Analysis {
    let mut text = String::new();
    for (path, texts) in FILES {
        if !texts[0].is_empty() {
            writeln!(text, "//- {path}\n{}", texts[0]).unwrap();
        }
    }
    let analysis = fixture(&text).analysis;
    let first: Vec<Change> = FILES.iter().map(|(path, texts)| change(path, texts[0])).collect();
    analysis.edited(&first).unwrap()
}

/// What `check` says of the texts that an analysis has, read anew.
fn fresh(analysis: &Analysis) -> Vec<Diagnostic> {
    let fresh = Analysis::open(analysis.system().clone(), analysis.options().clone()).unwrap();
    glueline_rules::check(fresh.renderer())
}

struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

#[test]
fn findings_after_edits_are_those_of_a_fresh_check() {
    let mut dice = Dice(11);
    let mut analysis = start();
    let mut findings = Findings::whole(&analysis, None, &Cancel::new()).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..250 {
        let mut told = Vec::new();
        for _ in 0..=dice.next(3) {
            let (path, texts) = FILES[dice.next(FILES.len())];
            let text = texts[dice.next(texts.len())];
            told.push((path, text));
            analysis = analysis.edited(&[change(path, text)]).unwrap();
        }
        findings = Findings::whole(&analysis, Some(&findings), &Cancel::new()).unwrap();
        let expected = fresh(&analysis);
        for (found, expected) in findings.all().iter().zip(&expected) {
            assert_eq!(found, expected, "step {step}: {told:?}");
        }
        assert_eq!(findings.all().len(), expected.len(), "step {step}: {told:?}");
        seen.extend(expected.iter().map(|found| found.rule));
    }
    // The texts do have faults of many kinds.
    assert!(seen.len() > 25, "{seen:?}");
}

#[test]
fn the_quick_lane_says_of_a_file_what_the_whole_says() {
    let start = start();
    let before = Findings::whole(&start, None, &Cancel::new()).unwrap();
    let mut differ = Vec::new();
    for (path, texts) in FILES
        .iter()
        .filter(|(path, _)| path.starts_with("models/") && !path.ends_with("yml"))
    {
        for text in texts
            .iter()
            .filter(|text| !text.is_empty() && !texts[0].is_empty())
        {
            let edited = start.edited(&[change(path, text)]).unwrap();
            let file = edited.file(format!("{ROOT}/{path}").as_str().into()).unwrap();
            let [(_, quick)] = before.of_files(&edited, &[file]).try_into().unwrap();
            let whole = Findings::whole(&edited, Some(&before), &Cancel::new()).unwrap();
            let rules = |found: &[Diagnostic]| found.iter().map(|found| found.rule).collect::<Vec<_>>();
            let looks_at_all = [
                "two-nodes-one-relation",
                "shared-location",
                "nested-location",
                "circular-ref",
                "dead-model",
            ];
            let local = |found: &[Diagnostic]| -> Vec<&'static str> {
                let all = rules(found).into_iter();
                all.filter(|rule| !looks_at_all.contains(rule)).collect()
            };
            if local(&quick) != local(whole.of(file)) {
                differ.push((path, text, rules(&quick), rules(whole.of(file))));
            }
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn what_only_the_whole_knows_moves_with_the_text() {
    let before = fixture(
        "//- models/a.sql\n{{ config(alias='same') }} select 1 as id\n//- models/b.sql\n{{ config(alias='same') }} select 2 as id\n",
    )
    .analysis;
    let findings = Findings::whole(&before, None, &Cancel::new()).unwrap();
    let text = "-- one line more\n{{ config(alias='same') }} select 1 as id\n";
    let after = before.edited(&[change("models/a.sql", text)]).unwrap();
    let file = after
        .file(format!("{ROOT}/models/a.sql").as_str().into())
        .unwrap();
    let quick = findings.of_files(&after, &[file]);
    let whole = Findings::whole(&after, Some(&findings), &Cancel::new()).unwrap();
    assert!(
        whole
            .of(file)
            .iter()
            .any(|found| found.rule == "two-nodes-one-relation")
    );
    assert_eq!(quick, [(file, whole.of(file).to_vec())]);
}

#[test]
fn before_the_whole_is_known_files_speak_for_themselves() {
    let analysis = start();
    let edited = analysis.edited(&[change("models/a.sql", FILES[0].1[3])]).unwrap();
    let file = edited
        .file(format!("{ROOT}/models/a.sql").as_str().into())
        .unwrap();
    let whole = Findings::whole(&edited, None, &Cancel::new()).unwrap();
    let none = Findings::none(&edited);
    assert!(none.all().is_empty() && !whole.of(file).is_empty());
    assert_eq!(none.of_files(&edited, &[file]), [(file, whole.of(file).to_vec())]);
}

#[test]
fn what_only_the_whole_says_is_said_before_all_nodes_are_looked_at() {
    let config = "{{ config(file_fromat='parquet') }} {{ 1 + }} select 1 as a";
    let edited = start().edited(&[change("models/a.sql", config)]).unwrap();
    let file = edited
        .file(format!("{ROOT}/models/a.sql").as_str().into())
        .unwrap();
    let rules = |findings: &Findings, analysis: &Analysis| {
        let found = findings.of_files(analysis, &[file]);
        let all = found.into_iter().flat_map(|(_, found)| found);
        all.map(|found| found.rule).collect::<Vec<_>>()
    };
    let none = Findings::none(&edited);
    assert!(!rules(&none, &edited).contains(&"unknown-config-key"));
    let first = Findings::first(&edited, &Cancel::new()).unwrap();
    let whole = Findings::whole(&edited, None, &Cancel::new()).unwrap();
    let found: Vec<_> = whole.of(file).iter().map(|found| found.rule).collect();
    assert_eq!(rules(&first, &edited), found);
    assert!(found.contains(&"unknown-config-key") && found.contains(&"jinja-syntax"));
    // It moves along with the text.
    let later = edited
        .edited(&[change("models/a.sql", &format!("-- a\n{config}"))])
        .unwrap();
    assert_eq!(rules(&first, &later), found);
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(Findings::first(&edited, &cancel).is_none());
}

#[test]
fn a_comment_is_called_unused_by_the_whole_alone() {
    let text = "-- glueline: allow(jinja-syntax)\nselect 1 as a";
    let edited = start().edited(&[change("models/a.sql", text)]).unwrap();
    let file = edited
        .file(format!("{ROOT}/models/a.sql").as_str().into())
        .unwrap();
    let is_told = |found: &[Diagnostic]| found.iter().any(|found| found.rule == "unused-suppression");
    let whole = Findings::whole(&edited, None, &Cancel::new()).unwrap();
    assert!(is_told(whole.of(file)));
    assert!(
        !Findings::none(&edited)
            .of_files(&edited, &[file])
            .iter()
            .any(|(_, found)| is_told(found))
    );
}

#[test]
fn cancelled_work_finds_nothing() {
    let analysis = start();
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(Findings::whole(&analysis, None, &cancel).is_none());
}

#[test]
fn an_earlier_analysis_keeps_its_findings() {
    let before = start();
    let first = Findings::whole(&before, None, &Cancel::new()).unwrap();
    let after = before.edited(&[change("models/a.sql", FILES[0].1[3])]).unwrap();
    let later = Findings::whole(&after, Some(&first), &Cancel::new()).unwrap();
    assert_ne!(first.all(), later.all());
    let again = Findings::whole(&before, Some(&later), &Cancel::new()).unwrap();
    assert_eq!(first.all(), again.all());
    assert!(Arc::ptr_eq(before.project(), before.clone().project()));
}

#[test]
fn a_text_alone_says_what_cannot_be_untrue() {
    let found = alone(
        "untitled.sql".into(),
        "select {{ 1 + }} from {{ ref('nowhere') }}",
    );
    assert_eq!(
        found.iter().map(|found| found.rule).collect::<Vec<_>>(),
        ["jinja-syntax"]
    );
}
