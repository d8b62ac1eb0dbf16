//! What templates get from `adapter`, `api`, relations, columns and tables of results, each with what real dbt gave.
//!
//! Recorded with dbt-core 1.12.6 and dbt-glue 1.12.4: `adapter/answers.json` out of a project whose models held one expression
//! each, over `adapter/catalog.json`; `adapter/classes.json` with the classes alone. `{node}` stands for the name of the model.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{Assume, CatalogState, LoadOptions, NodeId, Project, load};
use glueline_render::{Compiled, Life, Renderer, Settings};

const PROFILES: &str = include_str!("data/profiles.yml");

const CATALOG: &str = include_str!("adapter/catalog.json");

struct Case {
    expression: String,
    expected: Result<String, String>,
    /// What dbt calls the kind of the fault: `Database`.
    class: Option<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let cases: serde_json::Value = serde_json::from_str(text).unwrap();
    let read = |(index, case): (usize, &serde_json::Value)| {
        let text = |key: &str| Some(case.get(key)?.as_str()?.replace("{node}", &name(index)));
        Case {
            expression: text("expression").unwrap(),
            class: text("class"),
            expected: text("text").ok_or_else(|| text("error").unwrap()),
        }
    };
    cases.as_array().unwrap().iter().enumerate().map(read).collect()
}

fn name(index: usize) -> String {
    format!("m{index:03}")
}

/// A renderer of a project with these files, besides those that every test has.
fn renderer(files: &[(String, String)], state: Option<&str>, assume: Assume) -> Renderer {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: demo\nversion: '1.0'\nprofile: lake\n");
    system.write("p/profiles.yml", PROFILES);
    system.write("p/models/sources.yml", include_str!("adapter/sources.yml"));
    system.write("p/models/upstream.sql", "select 1 as id\n");
    system.write(
        "p/models/eph.sql",
        "{{ config(materialized='ephemeral', alias='eph_alias') }}select 1 as id\n",
    );
    system.write("p/seeds/a_seed.csv", "id,name\n1,a\n");
    for (path, text) in files {
        system.write(format!("p/{path}"), text.as_str());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = state.map(|state| CatalogState::read(state).unwrap());
    options.assume = assume;
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system))
}

fn node(project: &Project, name: &str) -> NodeId {
    let found = project.nodes().iter().find(|node| &*node.name == name);
    found.unwrap().id
}

/// What stands between the first `<` and the last `>`, or the fault.
fn outcome(compiled: &Compiled) -> Result<String, String> {
    match (&compiled.code, &compiled.failure) {
        (Some(code), None) => {
            let start = code.find('<').unwrap() + 1;
            let end = code.rfind('>').unwrap();
            Ok(code.get(start..end).unwrap().to_owned())
        }
        (_, failure) => Err(failure.as_ref().unwrap().error.message().to_owned()),
    }
}

/// Renders each expression in a model of its own, behind `before`, and lists those that come out differently.
fn differences(cases: &[Case], before: &str) -> String {
    let files: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let text = format!(
                "{before}{{% if execute %}}<{{{{ {} }}}}>{{% endif %}}\n",
                case.expression
            );
            (format!("models/{}.sql", name(index)), text)
        })
        .collect();
    let renderer = renderer(&files, Some(CATALOG), Assume::default());
    let mut report = String::new();
    for (index, case) in cases.iter().enumerate() {
        let compiled = renderer.compile(node(renderer.project(), &name(index)), Life::Known);
        let found = outcome(&compiled);
        let class = case.class.as_ref().zip(compiled.failure.as_ref());
        let same_class =
            class.is_none_or(|(class, failure)| failure.message.starts_with(&format!("{class} Error in ")));
        if found != case.expected || !same_class {
            let expression = &case.expression;
            writeln!(
                report,
                "{expression}\n  expected {:?}\n  found    {found:?}",
                case.expected
            )
            .unwrap();
        }
    }
    report
}

#[test]
fn the_adapter_answers_as_dbt_glue_does() {
    let before = "-- depends_on: {{ ref('upstream') }} {{ ref('eph') }} {{ ref('a_seed') }}\n";
    let report = differences(&cases(include_str!("adapter/answers.json")), before);
    assert!(report.is_empty(), "{report}");
}

#[test]
fn relations_and_columns_are_those_of_dbt_glue() {
    let before = "{% set r = api.Relation.create(database='db', schema='sc', identifier='idn') %}\
        {% set t = api.Relation.create(database='db', schema='sc', identifier='idn', type='table', \
        quote_policy={'schema': true}) %}{% set c = api.Column('Ab', 'varchar') %}";
    let report = differences(&cases(include_str!("adapter/classes.json")), before);
    assert!(report.is_empty(), "{report}");
}

/// A model of its own for an expression, and what was not known.
fn alone(expression: &str, assume: Assume, life: Life) -> (Result<String, String>, Vec<String>) {
    let files = [
        (
            "models/m000.sql".to_owned(),
            format!(
                "{{{{ config(materialized='incremental') }}}}-- depends_on: {{{{ ref('told') }}}} {{{{ ref('iced') }}}} {{{{ ref('a_seed') }}}}\n\
                 {{% if execute %}}<{{{{ {expression} }}}}>{{% endif %}}"
            ),
        ),
        (
            "models/told.yml".to_owned(),
            "models:\n- name: told\n  columns: [{name: a, data_type: int}, {name: b, data_type: string}]\n\
             - name: iced\n  columns: [{name: c}]\n"
                .to_owned(),
        ),
        ("models/told.sql".to_owned(), "select 1 as a, 2 as b".to_owned()),
        (
            "models/iced.sql".to_owned(),
            "{{ config(materialized='table', file_format='iceberg') }}select 1 as c".to_owned(),
        ),
    ];
    let renderer = renderer(&files, None, assume);
    let compiled = renderer.compile(node(renderer.project(), "m000"), life);
    let notes = compiled.unknown.iter().map(|note| note.message.clone());
    (outcome(&compiled), notes.collect())
}

#[test]
fn without_a_catalog_the_project_answers_or_nobody() {
    let none = Assume::default();
    let names = |relation: &str| {
        format!("adapter.get_columns_in_relation({relation}) | map(attribute='name') | list")
    };
    let told = names("ref('told')");
    let iced = names("ref('iced')");
    let wide = names("source('raw', 'wide')");
    let seed = names("ref('a_seed')");
    let elsewhere = names("api.Relation.create(schema='x', identifier='y')");
    let get = "adapter.get_relation(none, 'analytics', 'told')";
    let iced_relation = "adapter.get_relation(none, 'analytics', 'iced')";
    let own = "adapter.get_relation(none, 'analytics', 'm000')";
    for (expression, assume, life, expected, note) in [
        (told.as_str(), none, Life::Known, "['a', 'b']", ""),
        (&iced, none, Life::Known, "['c']", "which may not be all"),
        (&wide, none, Life::Known, "[]", "none are declared"),
        (&seed, none, Life::Known, "['id', 'name']", ""),
        (
            &elsewhere,
            none,
            Life::Known,
            "[]",
            "nothing in the project makes it",
        ),
        (get, none, Life::Known, "None", "the project makes it"),
        (get, Assume::Absent, Life::Known, "None", "the project makes it"),
        (get, Assume::Exists, Life::Known, "analytics.told", ""),
        (
            "adapter.get_relation(none, 'analytics', 'told').type",
            Assume::Exists,
            Life::Known,
            "view",
            "",
        ),
        (
            iced_relation,
            Assume::Exists,
            Life::Known,
            "glue_catalog.analytics.iced",
            "",
        ),
        (own, none, Life::Known, "None", ""),
        (own, Assume::Exists, Life::Absent, "None", ""),
        (own, Assume::Absent, Life::Exists, "analytics.m000", ""),
        (
            "adapter.get_columns_in_relation(this)",
            Assume::Exists,
            Life::Absent,
            "[]",
            "",
        ),
        (
            "adapter.get_relation(none, 'raw_zone', 'wide')",
            none,
            Life::Known,
            "raw_zone.wide",
            "",
        ),
        (
            "adapter.get_relation(none, 'x', 'y')",
            none,
            Life::Known,
            "None",
            "nothing in the project makes it",
        ),
        (
            "adapter.check_schema_exists(none, 'raw_zone')",
            none,
            Life::Known,
            "True",
            "",
        ),
        (
            "adapter.check_schema_exists(none, 'x')",
            none,
            Life::Known,
            "False",
            "whether the schema `x` exists",
        ),
        (
            "run_query('select 1') | length",
            none,
            Life::Known,
            "0",
            "a query needs the warehouse: select 1",
        ),
        (
            "run_query('describe a.b') | length",
            none,
            Life::Known,
            "0",
            "a query needs the warehouse: describe a.b",
        ),
    ] {
        let (found, notes) = alone(expression, assume, life);
        assert_eq!(found.as_deref(), Ok(expected), "{expression} {assume:?} {life:?}");
        let notes = notes.join("; ");
        if note.is_empty() {
            assert_eq!(notes, "", "{expression} {assume:?} {life:?}");
        } else {
            assert!(notes.contains(note), "{expression}: {notes}");
        }
    }
}

#[test]
fn what_a_catalog_file_marks_as_hidden_is_not_known() {
    const STATE: &str = r#"{"databases": {"far": {"unknown": true}, "near": {"tables": {
        "t": {"columns": [{"name": "id", "type": "int"}], "columns_hidden": true}}}}}"#;
    for (expression, expected, noted) in [
        ("adapter.get_relation(none, 'far', 'x')", "None", true),
        ("adapter.get_relation(none, 'near', 'x')", "None", false),
        ("adapter.get_relation(none, 'near', 't').identifier", "t", false),
        (
            "adapter.get_columns_in_relation(api.Relation.create(schema='near', identifier='t'))",
            "[]",
            false,
        ),
    ] {
        let text = format!("{{% if execute %}}<{{{{ {expression} }}}}>{{% endif %}}");
        let files = [("models/m000.sql".to_owned(), text)];
        let renderer = renderer(&files, Some(STATE), Assume::default());
        let compiled = renderer.compile(node(renderer.project(), "m000"), Life::Known);
        assert_eq!(outcome(&compiled), Ok(expected.to_owned()), "{expression}");
        assert_eq!(!compiled.unknown.is_empty(), noted, "{expression}");
    }
}
