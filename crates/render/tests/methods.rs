//! What the adapter's methods do while a node runs, each with what real dbt did: statements, calls of AWS, errors, what it logs.
//!
//! Recorded with dbt-core 1.12.6 and dbt-glue 1.12.4: `run/methods.json` out of a project whose models hold one expression each, over
//! `run/catalog.json`. What one model changes, the next finds. Of Python code, only what it says of the project is kept.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on ends"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{Assume, CatalogState, LoadOptions, load};
use glueline_render::{Event, NodeRun, Renderer, Settings, Statement};
use serde_json::{Value, json};

const CASES: &str = include_str!("run/methods.json");
const CATALOG: &str = include_str!("run/catalog.json");

const OUTPUT: &str = "
      type: glue
      role_arn: arn:aws:iam::123456789012:role/GlueInteractiveSessionRole
      region: eu-west-1
      workers: 2
      worker_type: G.1X
      schema: analytics
";

/// What the outputs of the profile add.
const OUTPUTS: [(&str, &str); 3] = [
    (
        "dev",
        "      location: 's3://acme-lake/warehouse/'\n      delta_athena_prefix: ath\n",
    ),
    (
        "assumed",
        "      location: 's3://acme-lake/warehouse'\n      use_interactive_session_role_for_api_calls: true\n      delta_athena_prefix: ath\n",
    ),
    ("bare", "      custom_iceberg_catalog_namespace: ''\n"),
];

const MATERIALIZATION: &str = "{% materialization probe, default %}{% call statement('main') %}select 1 as one{% endcall %}\
    {{ return({'relations': []}) }}{% endmaterialization %}\n";

/// A renderer of a project with a model for each of these texts.
fn renderer(target: &str, models: &[String], catalog: Option<&str>) -> Renderer {
    let mut profiles = "lake:\n  target: dev\n  outputs:\n".to_owned();
    for (name, rest) in OUTPUTS {
        let _ = write!(profiles, "    {name}:{OUTPUT}{rest}");
    }
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: demo\nversion: '1.0'\nprofile: lake\n");
    system.write("p/profiles.yml", profiles);
    system.write("p/macros/probe.sql", MATERIALIZATION);
    for (index, text) in models.iter().enumerate() {
        system.write(format!("p/models/m{index:03}.sql"), text.as_str());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.target = Some(target.into());
    options.state = catalog.map(|catalog| CatalogState::read(catalog).unwrap());
    options.assume = Assume::Absent;
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system))
}

/// A model that holds one expression.
fn model(expression: &str) -> String {
    format!("{{{{ config(materialized='probe') }}}}{{% if execute %}}{{{{ {expression} }}}}{{% endif %}}")
}

/// The parts of a text between a start and the first character that ends them.
fn scan(text: &str, start: &str, ends: impl Fn(char) -> bool) -> BTreeSet<String> {
    let starts = text.match_indices(start);
    let found = starts.map(|(at, _)| text[at..].split(&ends).next().unwrap().to_owned());
    found.filter(|found| found.len() > start.len()).collect()
}

/// What Python code says of the project.
fn facts(code: &str) -> Value {
    const FIRST: [&str; 11] = [
        "select", "with", "create", "insert", "merge", "drop", "alter", "describe", "msck", "refresh", "(",
    ];
    let mut queries = BTreeSet::new();
    let mut rest = code;
    while let Some((_, behind)) = rest.split_once("\"\"\"") {
        let Some((text, after)) = behind.split_once("\"\"\"") else {
            break;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let first = text.split(' ').next().unwrap().to_lowercase();
        if FIRST.contains(&&*first) {
            queries.insert(text);
        }
        rest = after;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    json!({
        "locations": scan(code, "s3://", |c| c.is_whitespace() || "'\",)".contains(c)),
        "options": scan(code, "hoodie.", |c| !is_word(c)),
        "sql": queries,
    })
}

fn statement(statement: &Statement, wanted: Option<&Value>) -> Value {
    match &statement.sql {
        Some(sql) => json!(sql),
        None if wanted.is_some_and(|wanted| wanted.get("code").is_some()) => json!({"code": statement.code}),
        None => facts(&statement.code),
    }
}

/// What a model did, but for the statement of its materialization.
fn events(run: &NodeRun, wanted: &[Value]) -> (Vec<Value>, Vec<String>) {
    let mut events = Vec::new();
    let mut log = Vec::new();
    for event in &run.events {
        match event {
            Event::Statement(sent) => events.push(statement(sent, wanted.get(events.len()))),
            Event::Call(call) => events.push(json!([call.service, call.operation, call.request])),
            Event::Log(line) => log.push(line.message.clone()),
        }
    }
    if run.failure.is_none() {
        events.pop();
    }
    (events, log)
}

#[test]
fn methods_do_what_they_do_under_dbt() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut wrong = String::new();
    for (target, _) in OUTPUTS {
        let cases: Vec<_> = cases.iter().filter(|case| case["target"] == target).collect();
        assert!(!cases.is_empty(), "{target}");
        let text = |case: &&Value| model(case["expression"].as_str().unwrap());
        let models: Vec<_> = cases.iter().map(text).collect();
        let renderer = renderer(target, &models, Some(CATALOG));
        let run = renderer.start_run();
        let nodes = renderer.project().nodes().iter();
        for (index, case) in cases.into_iter().enumerate() {
            let name = format!("m{index:03}");
            let node = nodes.clone().find(|node| *node.name == *name).unwrap();
            let made = run.node(node.id);
            let wanted = case["events"].as_array().unwrap();
            let (events, log) = events(&made, wanted);
            let outcome = match &made.failure {
                Some(failure) => {
                    let (class, reason) = failure.message.split_once(" Error in ").unwrap();
                    let (_, reason) = reason.split_once('\n').unwrap();
                    let reason = reason.replace("\n  ", "\n");
                    json!({"class": class, "error": reason.trim()})
                }
                None => json!({"text": made.compiled.as_ref().unwrap().code.as_deref().unwrap()}),
            };
            let mut wanted_outcome = case.clone();
            let parts = wanted_outcome.as_object_mut().unwrap();
            // The recorded name of a node counts those that are left out.
            parts.retain(|key, _| ["class", "error", "text"].contains(&&**key));
            let mut expect = |what: &str, got: &Value, wanted: &Value| {
                if got != wanted {
                    let _ = writeln!(
                        wrong,
                        "## {target} {}\n{what}\nwanted {wanted:#}\ngot    {got:#}",
                        case["expression"]
                    );
                }
            };
            expect("outcome", &outcome, &wanted_outcome);
            expect("events", &json!(events), &json!(wanted));
            expect("log", &json!(log), case.get("log").unwrap_or(&json!([])));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
