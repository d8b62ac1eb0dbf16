//! What can be done at a place, and what comes of it.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use crate::common::fixture;
use glueline_base::{Cancel, Diagnostic, FileId, TextRange};
use glueline_ide::actions::{Action, ActionKind, actions, fix_all};
use glueline_ide::diagnostics::Findings;
use glueline_ide::{Analysis, Change};

fn findings(analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
    let found = Findings::whole(analysis, None, &Cancel::new()).unwrap();
    found.of(file).to_vec()
}

/// The texts that an action makes, each behind its path.
fn applied(analysis: &Analysis, action: &Action) -> Vec<(String, String)> {
    let mut by_file: Vec<(FileId, String)> = Vec::new();
    let mut edits = action.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.at.range.start(), edit.at.range.end())));
    for pair in edits.windows(2) {
        if pair[0].at.file == pair[1].at.file {
            assert!(
                pair[1].at.range.end() <= pair[0].at.range.start(),
                "edits do not overlap"
            );
        }
    }
    for edit in edits {
        if by_file.iter().all(|(file, _)| *file != edit.at.file) {
            by_file.push((edit.at.file, analysis.text(edit.at.file).to_owned()));
        }
        let (_, text) = by_file
            .iter_mut()
            .find(|(file, _)| *file == edit.at.file)
            .unwrap();
        let bytes = usize::from(edit.at.range.start())..usize::from(edit.at.range.end());
        text.replace_range(bytes, &edit.text);
    }
    let edited = by_file
        .into_iter()
        .map(|(file, text)| (analysis.path(file).to_string(), text));
    let created = action
        .creations
        .iter()
        .map(|each| (each.path.to_string(), each.text.clone()));
    edited.chain(created).collect()
}

/// The project after an action.
fn after(analysis: &Analysis, action: &Action) -> Analysis {
    let changes: Vec<Change> = applied(analysis, action)
        .into_iter()
        .map(|(path, text)| Change {
            path: path.into(),
            text: Some(Arc::from(text)),
        })
        .collect();
    analysis.edited(&changes).unwrap()
}

/// The actions at the caret, or between two: title and texts of the one whose title begins so; all titles where `wanted` is empty.
fn at(files: &str, wanted: &str) -> String {
    let fixture = fixture(files);
    let (first, last) = (fixture.carets[0], *fixture.carets.last().unwrap());
    let range = TextRange::new(first.offset, last.offset);
    let found = actions(&fixture.analysis, first.file, range, &[]);
    if wanted.is_empty() {
        let titles: Vec<_> = found.iter().map(|action| action.title.as_str()).collect();
        return titles.join("; ");
    }
    let Some(action) = found.iter().find(|action| action.title.starts_with(wanted)) else {
        return format!(
            "none of {:?}",
            found.iter().map(|action| &action.title).collect::<Vec<_>>()
        );
    };
    let mut out = format!("{}\n", action.title);
    for (path, text) in applied(&fixture.analysis, action) {
        let _ = write!(
            out,
            "--- {}\n{text}",
            path.strip_prefix("/repo/").unwrap_or(&path)
        );
    }
    out
}

#[test]
fn refactorings_change_what_they_say() {
    let mut wrong = String::new();
    for (files, wanted, expected) in [
        (
            "//- models/a.sql\nwith c$0 as (\n    select 1 as x\n    from t\n)\nselect * from c\n",
            "Extract",
            "Extract `c` to the ephemeral model `c`\n--- models/a.sql\nwith c as (\n    select * from {{ ref('c') }}\n)\nselect * from c\n\
             --- models/c.sql\n{{ config(materialized='ephemeral') }}\n\nselect 1 as x\nfrom t\n",
        ),
        (
            "//- models/a.sql\r\nwith $0c as (\r\n  select 1 as x\r\n)\r\nselect * from c\r\n//- models/c.sql\nselect 1\n",
            "Extract",
            "Extract `c` to the ephemeral model `a__c`\n--- models/a.sql\nwith c as (\r\n    select * from {{ ref('a__c') }}\r\n)\r\nselect * from c\r\n\
             --- models/a__c.sql\n{{ config(materialized='ephemeral') }}\r\n\r\nselect 1 as x\r\n",
        ),
        (
            "//- models/a.sql\nselect * from $0(\n    select id\n    from t\n) as s$0 join u on s.id = u.id\n",
            "Extract",
            "Extract the query to the common table expression `s`\n--- models/a.sql\nwith s as (\n    select id\n    from t\n)\n\n\
             select * from s join u on s.id = u.id\n",
        ),
        (
            "//- models/a.sql\nwith a as (select 1), b as (select * from (select * from a$0) q$0) select * from b\n",
            "Extract",
            "none of [\"Describe `a` in `schema.yml`\"]",
        ),
        (
            "//- models/a.sql\nwith a as (select 1 x), b as (select * from $0(select x from a)$0 q) select * from b\n",
            "Extract",
            "Extract the query to the common table expression `q`\n--- models/a.sql\nwith a as (select 1 x), q as (\n    select x from a\n),\n\n\
             b as (select * from q) select * from b\n",
        ),
        // Wherever a query may stand.
        (
            "//- models/a.sql\nselect x from {{ ref('b') }} where x in $0(select y from {{ ref('c') }})$0\n//- models/b.sql\nselect 1 as x\n//- models/c.sql\nselect 1 as y\n",
            "Extract",
            "Extract the query to the common table expression `extracted`\n--- models/a.sql\nwith extracted as (\n    select y from {{ ref('c') }}\n)\n\n\
             select x from {{ ref('b') }} where x in (select * from extracted)\n",
        ),
        (
            "//- models/a.sql\nwith b as (select 1 as x), m as (select $0(select max(b.x) from b)$0 as top)\nselect * from m\n",
            "Extract",
            "Extract the query to the common table expression `extracted`\n--- models/a.sql\nwith b as (select 1 as x), extracted as (\n    select max(b.x) from b\n),\n\n\
             m as (select (select * from extracted) as top)\nselect * from m\n",
        ),
        (
            "//- models/a.sql\nwith b as (select 1 as x) select * from b where exists $0(select 1 as one from b as c where c.x > 1)$0\n",
            "Extract",
            "Extract the query to the common table expression `extracted`\n--- models/a.sql\nwith b as (select 1 as x),\n\nextracted as (\n    select 1 as one from b as c where c.x > 1\n) select * from b where exists (select * from extracted)\n",
        ),
        // What it reads of the query around it cannot go with it.
        (
            "//- models/a.sql\nwith b as (select 1 as x) select * from b where exists $0(select 1 as one from b as c where c.x = b.x)$0\n",
            "Extract",
            "none of [\"Describe `a` in `schema.yml`\"]",
        ),
        (
            "//- models/a.sql\nwith b as (select 1 as x) select * from b where x in $0(select y from lake.unknown)$0\n",
            "Extract",
            "none of [\"Describe `a` in `schema.yml`\"]",
        ),
        (
            "//- models/a.sql\nselect * from analytics.b$0 as x\n//- models/b.sql\nselect 1\n",
            "Replace",
            "Replace the table's name by `ref('b')`\n--- models/a.sql\nselect * from {{ ref('b') }} as x\n",
        ),
        (
            "//- models/a.sql\nselect * from lake.$0orders\n//- models/s.yml\nsources: [{name: raw, schema: lake, tables: [{name: orders}]}]\n",
            "Replace",
            "Replace the table's name by `source('raw', 'orders')`\n--- models/a.sql\nselect * from {{ source('raw', 'orders') }}\n",
        ),
        (
            "//- models/a.sql\n{{ config(materialized='incremental') }}\nselect a from t\n$0where a > 1$0\n",
            "Wrap",
            "Wrap in `is_incremental()`\n--- models/a.sql\n{{ config(materialized='incremental') }}\nselect a from t\n\
             {% if is_incremental() %}\nwhere a > 1\n{% endif %}\n",
        ),
        (
            "//- models/a.sql\n{{ config(materialized='incremental') }}\nselect a from t where b $0and a > 1$0\n",
            "Wrap",
            "Wrap in `is_incremental()`\n--- models/a.sql\n{{ config(materialized='incremental') }}\nselect a from t where b \
             {% if is_incremental() %}and a > 1{% endif %}\n",
        ),
        (
            "//- models/a.sql\nselect 1 as x, 2 as `no`$0\n",
            "Describe",
            "Describe `a` in `schema.yml`\n--- models/schema.yml\nversion: 2\n\nmodels:\n  - name: a\n    columns:\n      - name: x\n      - name: 'no'\n",
        ),
        (
            "//- models/a.sql\n$0select 1 as x\n//- models/s.yml\nmodels:\n- name: b\n  description: >\n    text\n\n\nseeds: []\n//- models/b.sql\nselect 1\n",
            "Describe",
            "Describe `a` in `s.yml`\n--- models/s.yml\nmodels:\n- name: b\n  description: >\n    text\n- name: a\n  columns:\n    - name: x\n\n\nseeds: []\n",
        ),
        (
            "//- models/a.sql\nselect 1 as x, 2 as y\n//- models/s.yml\nmodels:\n  - name: a$0\n    columns:\n      - name: X  # one\n",
            "Add the missing",
            "Add the missing column of `a`\n--- models/s.yml\nmodels:\n  - name: a\n    columns:\n      - name: X  # one\n      - name: y\n",
        ),
        (
            "//- models/a.sql\nselect 1 as x, 2 as y\n//- models/s.yml\nmodels:\n  - name: a$0\n    tags: [x]\n",
            "Add the 2",
            "Add the 2 missing columns of `a`\n--- models/s.yml\nmodels:\n  - name: a\n    tags: [x]\n    columns:\n      - name: x\n      - name: y\n",
        ),
        (
            "//- models/a.sql\nselect 1 as x, 2 as y\n//- models/s.yml\nmodels:\n  - name: a$0\n    columns:\n      - name: x\n      - name: y\n        description: d\n",
            "Add descr",
            "Add descriptions to `a`\n--- models/s.yml\nmodels:\n  - name: a\n    description: ''\n    columns:\n      - name: x\n        description: ''\n      - name: y\n        description: d\n",
        ),
    ] {
        let found = at(files, wanted);
        if found != expected {
            let _ = writeln!(wrong, "{files}\n=== found\n{found}\n=== expected\n{expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_offered_where_it_would_be_wrong() {
    const ENTRY: &str = "//- models/s.yml\nmodels: [{name: a}]\n";
    for text in [
        // It reads another one, itself, the model, or what the file binds.
        "with a as (select 1), c$0 as (select * from a) select * from c",
        "with recursive c$0 as (select 1 union select * from c) select * from c",
        "with c$0 as (select * from {{ this }}) select * from c",
        "{% set x = 1 %}with c$0 as (select {{ x }}) select * from c",
        "with c$0 as (select 1 {% if x %}) {% else %}) {% endif %} select * from c",
        "{% if x %}with c$0 as (select 1){% endif %} select * from c",
        "with c$0 as (",
        // The names are taken, or what is around is not always there.
        "select * from $0(select 1) s$0 join s on true",
        "select * from t, lateral $0(select t.x) s$0",
        "{% if x %}select * from $0(select 1) s$0{% endif %}",
        "select * from $0(select 1",
        // A circle, itself, something else.
        "select * from analytics.$0a",
        "select * from analytics.$0nothing",
        "select * from other.$0b",
        // Not incremental, half a condition.
        "select 1 from t $0where x$0",
        "{{ config(materialized='incremental') }}select 1 from t where $0x$0",
        "{{ config(materialized='incremental') }}select 1 from t where (a $0and b)$0",
        "{{ config(materialized='incremental') }}select 1 from t $0where {{ x$0 }}",
        "$0",
    ] {
        let files =
            format!("//- models/a.sql\n{text}\n//- models/b.sql\nselect * from {{{{ ref('a') }}}}\n{ENTRY}");
        assert_eq!(at(&files, ""), "", "{text}");
    }
    let flow = "//- models/a.sql\nselect 1 as x\n//- models/s.yml\nmodels: [{name: a$0}]\n";
    assert_eq!(at(flow, ""), "", "{flow}");
}

#[test]
fn comments_silence_findings() {
    for files in [
        "//- models/a.sql\r\nselect 1\r\nfrom {{ ref('gone') }}\r\n",
        "//- models/a.sql\n  {{\n    config(\n      materialised='view'\n    )\n  }}\nselect 1\n",
        "//- models/a.sql\n\u{feff}{{ config(materialised='view') }}\nselect 1\n",
        "//- models/a.sql\n-- glueline: allow(statement-too-long)\nselect * from {{ ref('gone') }}\n",
        "//- models/s.yml\nmodels:\n  - name: gone\n//- models/a.sql\nselect 1\n",
        "//- models/a.py\ndef model(dbt, session):\n    return dbt.ref('gone')\n",
    ] {
        let fixture = fixture(files);
        let path = files.split_once("//- ").unwrap().1.lines().next().unwrap();
        let file = fixture
            .analysis
            .file(format!("/repo/{path}").as_str().into())
            .unwrap();
        let before = findings(&fixture.analysis, file);
        assert!(!before.is_empty(), "{files}");
        for finding in &before {
            let rule = finding.rule;
            let offered = actions(&fixture.analysis, file, finding.at.range, &before);
            let title = format!("Allow `{rule}`");
            let silent: Vec<&Action> = offered
                .iter()
                .filter(|action| action.title.starts_with(&title))
                .collect();
            if rule == "unused-suppression" {
                assert!(silent.is_empty(), "no comment silences what is said of comments");
                continue;
            }
            let is_of_file = finding.at.range == TextRange::empty(0.into());
            assert_eq!(
                silent.len(),
                if is_of_file { 1 } else { 2 },
                "{files}: {offered:#?}"
            );
            for action in silent {
                let made = after(&fixture.analysis, action);
                let text = made.text(file);
                assert!(!text.contains("\r\n") || text.matches('\n').count() == text.matches("\r\n").count());
                let now: Vec<_> = findings(&made, file).iter().map(|finding| finding.rule).collect();
                let expected: Vec<_> = before
                    .iter()
                    .map(|each| each.rule)
                    .filter(|each| *each != rule)
                    .collect();
                assert_eq!(now, expected, "{files}\n{text}");
            }
        }
    }
}

#[test]
fn fixes_are_offered_one_by_one_and_together() {
    let fixture = fixture("//- models/a.sql\n$0{{ config(materialised='table') }}\nselect 1;\n");
    let file = fixture.caret().file;
    let found = findings(&fixture.analysis, file);
    let with_fix = found.iter().filter(|finding| finding.fix.is_some()).count();
    assert!(with_fix > 0);
    let whole = TextRange::up_to(u32::try_from(fixture.analysis.text(file).len()).unwrap().into());
    let offered = actions(&fixture.analysis, file, whole, &found);
    let fixes = offered
        .iter()
        .filter(|action| action.finding.is_some() && !action.title.starts_with("Allow"));
    assert_eq!(fixes.count(), with_fix);
    for action in offered.iter().filter(|action| action.title.ends_with("(unsafe)")) {
        assert!(!action.is_preferred);
    }
    if let Some(all) = fix_all(&found) {
        assert_eq!(all.kind, ActionKind::FixAll);
        let left = findings(&after(&fixture.analysis, &all), file);
        assert!(left.len() < found.len());
    }
}
