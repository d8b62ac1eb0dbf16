//! Calls of shipped macros, each with what real dbt wrote for it.
//!
//! `builtin/calls.json` was recorded with dbt-core 1.12.6 and dbt-glue 1.12.4: each call stood in a model of its own, as
//! `[{{ call }}]`. `{node}` stands for the name of that model. `builtin/overrides.json` was recorded with the macros of
//! `builtin/overrides.sql` in the project, which hide or extend shipped ones. `builtin/tables.json` was recorded with the tables
//! of [`TABLES_STATE`], which the calls know as `t`, `s`, `w`, and `c`, which has no type. `builtin/kept.json` was recorded with
//! [`KEPT_STATE`]. `builtin/sent.json` has the statements of each call, which the macros of [`KEEPING`] kept.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Life, Renderer, Settings};

const CALLS: &str = include_str!("builtin/calls.json");
const OVERRIDES: &str = include_str!("builtin/overrides.json");
const TABLES: &str = include_str!("builtin/tables.json");
const KEPT: &str = include_str!("builtin/kept.json");
const SENT: &str = include_str!("builtin/sent.json");
const MACROS: &str = include_str!("builtin/overrides.sql");

const PROJECT: &str = "name: calls\nversion: '1.0.0'\nprofile: lake\n";

/// The project's own macros come first wherever dbt dispatches.
const OVERRIDING: &str = "name: over\nversion: '1.0.0'\nprofile: lake\n\
    dispatch: [{macro_namespace: dbt, search_order: [over, dbt]}]\n";

const PROFILES: &str = include_str!("data/profiles.yml");

/// What the session answered while the calls were recorded.
const STATE: &str = r#"{"databases": {"analytics": {"tables": {}}}, "session": {"answers": [
  {"match": "__dbt_sbq", "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}], "rows": []},
  {"match": "^ *select 1 *$", "columns": [{"name": "one", "type": "int"}], "rows": [[1]]}]}}"#;

/// The same with tables that are there.
const TABLES_STATE: &str = r#"{"databases": {"analytics": {"tables": {}}, "lake": {"tables": {
  "t": {"columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}]},
  "s": {"columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"},
                    {"name": "extra", "type": "array<int>"}, {"name": "more", "type": "decimal(10,2)"}]},
  "w": {"columns": [{"name": "id", "type": "bigint"}, {"name": "name", "type": "string"}]}}}},
 "session": {"answers": [
  {"match": "__dbt_sbq", "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}], "rows": []},
  {"match": "^describe temp_schema_view", "columns": ["col_name", "data_type", "comment"],
   "rows": [["id", "int", null], ["name", "string", null]]}]}}"#;

/// The same with tables that have parameters, as all but a few do, and with grants.
const KEPT_STATE: &str = r#"{"databases": {"analytics": {"tables": {}}, "lake": {"tables": {
  "t": {"parameters": {"a": "b"}, "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}]},
  "s": {"parameters": {"a": "b"}, "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"},
                    {"name": "extra", "type": "array<int>"}, {"name": "more", "type": "decimal(10,2)"}]},
  "w": {"parameters": {"a": "b"}, "columns": [{"name": "id", "type": "bigint"}, {"name": "name", "type": "string"}]}}}},
 "session": {"answers": [
  {"match": "show grants", "columns": ["grantee", "privilege_type"], "rows": [["ann", "select"], ["bob", "select"]]},
  {"match": "describe extended lake.t", "columns": ["name", "data_type"], "rows": [["id", "int"], ["name", "string"]]},
  {"match": "__dbt_sbq", "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}], "rows": []},
  {"match": "^describe temp_schema_view", "columns": ["col_name", "data_type", "comment"],
   "rows": [["id", "int", null], ["name", "string", null]]}]}}"#;

/// Macros that keep statements instead of sending them.
const KEEPING: &str = "{% macro statement(name=none, fetch_result=False, auto_begin=True, language='sql') %}{% do context['sent'].append([name, fetch_result, auto_begin, language, caller()] | join('|')) %}{% endmacro %}\
    {% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) %}{% do context['sent'].append(['noop', name, message, code, rows_affected, caller()] | join('|')) %}{% endmacro %}";

/// Relations for the calls of [`TABLES`].
const TABLES_NAMES: &str = "{%- set t = api.Relation.create(schema='lake', identifier='t', type='table') -%}\
    {%- set s = api.Relation.create(schema='lake', identifier='s', type='view') -%}\
    {%- set w = api.Relation.create(schema='lake', identifier='w', type='table') -%}\
    {%- set c = api.Relation.create(schema='lake', identifier='c') -%}";

/// A call or a whole body, perhaps with a config before it, and what dbt makes of it: a text between brackets or an error.
struct Case {
    body: String,
    expected: Result<String, String>,
}

fn read(case: &serde_json::Value, index: usize, names: &str) -> Case {
    let raw = |key: &str| case.get(key).and_then(serde_json::Value::as_str);
    let named = |key: &str| raw(key).map(|text| text.replace("{node}", &name(index)));
    let config = raw("config").map_or_else(String::new, |config| format!("{{{{ config({config}) }}}}"));
    let inner = match (raw("call"), raw("do")) {
        (Some(call), _) => format!("[{{{{ {call} }}}}]"),
        (None, Some(call)) => format!(
            "[{{% do context.update({{'sent': []}}) %}}{{% do {call} %}}{{{{ context['sent'] | join('\\n=====\\n') }}}}]"
        ),
        (None, None) => raw("body").unwrap().to_owned(),
    };
    let reads = if inner.contains("ref('base')") {
        "-- depends_on: {{ ref('base') }}\n"
    } else {
        ""
    };
    Case {
        body: format!("{config}{names}{reads}{{% if execute %}}{inner}{{% endif %}}"),
        expected: named("text").ok_or_else(|| named("error").unwrap()),
    }
}

fn cases(text: &str, names: &str) -> Vec<Case> {
    let cases: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = cases.as_array().unwrap().iter().enumerate();
    cases.map(|(index, case)| read(case, index, names)).collect()
}

fn name(index: usize) -> String {
    format!("c{index:03}")
}

/// Compiles the cases in a project, and tells which come out otherwise than with dbt.
fn wrong(project_file: &str, macros: &str, state: &str, cases: &[Case]) -> String {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", project_file);
    system.write("p/profiles.yml", PROFILES);
    system.write("p/macros/own.sql", macros);
    system.write("p/models/base.sql", "select 1 as id");
    for (index, case) in cases.iter().enumerate() {
        system.write(format!("p/models/{}.sql", name(index)), case.body.as_str());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = Some(CatalogState::read(state).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(project.clone(), Settings::new(system));
    let mut wrong = String::new();
    for (index, case) in cases.iter().enumerate() {
        let name = name(index);
        let node = project.nodes().iter().find(|node| *node.name == *name).unwrap();
        let compiled = renderer.compile(node.id, Life::Known);
        let found = match &compiled.failure {
            Some(failure) => Err(failure.reason()),
            None => Ok(compiled.code.clone().unwrap()),
        };
        let expected = case.expected.as_ref().map(|text| format!("[{text}]"));
        let same = match (&found, &expected) {
            (Ok(found), Ok(expected)) => found.ends_with(expected),
            (Err(found), Err(expected)) => found.trim_end() == expected.trim_end(),
            _ => false,
        };
        if !same {
            let body = &case.body;
            writeln!(wrong, "{body}\n  dbt:      {expected:?}\n  glueline: {found:?}").unwrap();
        }
    }
    wrong
}

#[test]
fn shipped_macros_write_what_dbt_writes() {
    let cases = cases(CALLS, "");
    assert!(cases.len() > 700);
    let wrong = wrong(PROJECT, "", STATE, &cases);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn macros_of_the_project_hide_and_extend_shipped_ones() {
    let cases = cases(OVERRIDES, "");
    assert!(cases.len() > 50);
    let wrong = wrong(OVERRIDING, MACROS, STATE, &cases);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn macros_about_tables_write_what_dbt_writes() {
    let cases = cases(TABLES, TABLES_NAMES);
    assert!(cases.len() > 250);
    let wrong = wrong(PROJECT, "", TABLES_STATE, &cases);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn macros_about_snapshots_seeds_and_docs_write_what_dbt_writes() {
    let cases = cases(KEPT, TABLES_NAMES);
    assert!(cases.len() > 190);
    let wrong = wrong(PROJECT, "", KEPT_STATE, &cases);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn macros_send_what_dbt_sends() {
    let cases = cases(SENT, TABLES_NAMES);
    assert!(cases.len() > 75);
    let wrong = wrong(PROJECT, KEEPING, KEPT_STATE, &cases);
    assert!(wrong.is_empty(), "{wrong}");
}

/// A project that is called as a macro hides it with its own macros alone; it has none.
#[test]
fn a_project_without_macros_hides_no_macro() {
    let body = "[{{ persist_docs is callable }}]".to_owned();
    let expected = Ok("True".to_owned());
    let project = PROJECT.replace("calls", "persist_docs");
    let wrong = wrong(&project, "", STATE, &[Case { body, expected }]);
    assert!(wrong.is_empty(), "{wrong}");
}
