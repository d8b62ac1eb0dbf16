//! Calls of shipped macros, each with what real dbt wrote for it.
//!
//! `builtin/calls.json` was recorded with dbt-core 1.12.6 and dbt-glue 1.12.4: each call stood in a model of its own, as
//! `[{{ call }}]`. `{node}` stands for the name of that model.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Life, Renderer, Settings};

const CALLS: &str = include_str!("builtin/calls.json");

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

/// What the session answered while the calls were recorded.
const STATE: &str = r#"{"databases": {"analytics": {"tables": {}}}, "session": {"answers": [
  {"match": "__dbt_sbq", "columns": [{"name": "id", "type": "int"}, {"name": "name", "type": "string"}], "rows": []},
  {"match": "^ *select 1 *$", "columns": [{"name": "one", "type": "int"}], "rows": [[1]]}]}}"#;

struct Case {
    /// The arguments of a `config()` before the call.
    config: Option<String>,
    call: String,
    expected: Result<String, String>,
}

fn cases() -> Vec<Case> {
    let cases: serde_json::Value = serde_json::from_str(CALLS).unwrap();
    let read = |case: &serde_json::Value, index: usize| {
        let text = |key: &str| Some(case.get(key)?.as_str()?.replace("{node}", &name(index)));
        Case {
            config: text("config"),
            call: text("call").unwrap(),
            expected: text("text").ok_or_else(|| text("error").unwrap()),
        }
    };
    let cases = cases.as_array().unwrap().iter().enumerate();
    cases.map(|(index, case)| read(case, index)).collect()
}

fn name(index: usize) -> String {
    format!("c{index:03}")
}

#[test]
fn shipped_macros_write_what_dbt_writes() {
    let cases = cases();
    let mut system = MemSystem::new();
    system.write(
        "p/dbt_project.yml",
        "name: calls\nversion: '1.0.0'\nprofile: lake\n",
    );
    system.write("p/profiles.yml", PROFILES);
    system.write("p/models/base.sql", "select 1 as id");
    for (index, case) in cases.iter().enumerate() {
        let reads = if case.call.contains("ref('base')") {
            "-- depends_on: {{ ref('base') }}\n"
        } else {
            ""
        };
        let config = case
            .config
            .as_ref()
            .map(|config| format!("{{{{ config({config}) }}}}"));
        let config = config.unwrap_or_default();
        let text = format!(
            "{config}{reads}{{% if execute %}}[{{{{ {} }}}}]{{% endif %}}",
            case.call
        );
        system.write(format!("p/models/{}.sql", name(index)), text);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = Some(CatalogState::read(STATE).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(project.clone(), Settings::new(system));
    let mut wrong = String::new();
    for (index, case) in cases.iter().enumerate() {
        let id = format!("model.calls.{}", name(index));
        let node = project
            .nodes()
            .iter()
            .find(|node| *node.unique_id == *id)
            .unwrap();
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
            let config = case.config.as_deref().unwrap_or_default();
            let call = &case.call;
            writeln!(
                wrong,
                "{call} ({config})\n  dbt:      {expected:?}\n  glueline: {found:?}"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
