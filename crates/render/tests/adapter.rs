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

const PROFILES: &str = "lake:
  target: dev
  outputs:
    dev:
      type: glue
      role_arn: arn:aws:iam::123456789012:role/GlueInteractiveSessionRole
      region: eu-west-1
      workers: 2
      worker_type: G.1X
      schema: analytics
      location: 's3://acme-lake/warehouse'
";

const CATALOG: &str = include_str!("adapter/catalog.json");

struct Case {
    expression: String,
    expected: Result<String, String>,
}

fn cases(text: &str) -> Vec<Case> {
    let cases: serde_json::Value = serde_json::from_str(text).unwrap();
    let read = |(index, case): (usize, &serde_json::Value)| {
        let text = |key: &str| Some(case.get(key)?.as_str()?.replace("{node}", &name(index)));
        Case {
            expression: text("expression").unwrap(),
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
        if found != case.expected {
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
