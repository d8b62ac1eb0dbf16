//! Plays whole commands of dbt through and compares every node with what the real dbt did: which nodes, in which order, with which
//! statements and calls of AWS services, and how each came out.
//!
//! Recorded with dbt-core 1.12.6 and dbt-glue 1.12.4 and one thread. Each file of `recorded/` is a project, what the catalog holds
//! before, and runs over it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_plan::{Command, Plan, PlannedNode, Request, Status};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Event, Renderer, Settings, read_time};
use serde_json::Value;

use crate::common::sorted;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn renderer(recorded: &Value, run: &Value) -> Renderer {
    let mut system = MemSystem::new();
    for (path, text) in recorded.get("files").unwrap().as_object().unwrap() {
        system.write(format!("p/{path}"), text.as_str().unwrap());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let state = run
        .get("state")
        .or_else(|| recorded.get("state"))
        .unwrap()
        .to_string();
    options.state = Some(CatalogState::read(&state).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let mut settings = Settings::new(system);
    settings.event_times = ["start", "end"].map(|key| read_time(text(run, key)));
    Renderer::new(project, settings)
}

fn command(run: &Value) -> Command {
    match text(run, "command") {
        "run" => Command::Run,
        "seed" => Command::Seed,
        "snapshot" => Command::Snapshot,
        "test" => Command::Test,
        "build" => Command::Build,
        other => unreachable!("no command {other:?}"),
    }
}

fn expected(node: &Value) -> String {
    let mut out = format!("{} {}\n", text(node, "unique_id"), text(node, "status"));
    if let Some(error) = node.get("error").and_then(Value::as_str) {
        writeln!(out, "{error}").unwrap();
    }
    for event in node.get("events").unwrap().as_array().unwrap() {
        writeln!(out, "{}", event.as_str().unwrap()).unwrap();
    }
    out
}

fn found(renderer: &Renderer, planned: &PlannedNode) -> String {
    let project = renderer.project();
    let id = match (planned.node, &planned.operation) {
        (Some(node), _) => project.node(node).unique_id.clone(),
        (None, operation) => operation.as_ref().unwrap().unique_id.clone(),
    };
    let mut out = format!("{id} {}\n", planned.status.name());
    let Some(run) = &planned.run else { return out };
    if let Some(failure) = &run.failure {
        writeln!(out, "{}", failure.message).unwrap();
    } else if matches!(planned.status, Status::Fail | Status::Warn) {
        writeln!(out, "{}", run.message.as_ref().unwrap()).unwrap();
    }
    for event in &run.events {
        match event {
            Event::Statement(statement) => {
                // Python code is the adapter's own, and not recorded here.
                if let Some(sql) = &statement.sql {
                    writeln!(out, "{sql}").unwrap();
                }
            }
            Event::Call(call) => {
                let request = sorted(&call.request);
                writeln!(out, "{} {request}", call.operation).unwrap();
            }
            Event::Log(_) => {}
        }
    }
    out
}

fn check(recorded: &str) {
    let recorded: Value = serde_json::from_str(recorded).unwrap();
    for run in recorded.get("runs").unwrap().as_array().unwrap() {
        let renderer = renderer(&recorded, run);
        let request = Request {
            command: command(run),
            ..Request::default()
        };
        let plan = Plan::new(&renderer, &request);
        let nodes = run.get("nodes").unwrap().as_array().unwrap();
        assert!(!nodes.is_empty());
        let expected: Vec<_> = nodes.iter().map(expected).collect();
        // dbt does not tell of ephemeral models; where one fails, what reads it is skipped.
        let is_told = |node: &&PlannedNode| {
            let id = node.node.filter(|_| node.status != Status::Skipped);
            id.is_none_or(|id| renderer.info(id).materialized() != "ephemeral")
        };
        let told = plan.nodes.iter().filter(is_told);
        let mut found: Vec<_> = told.map(|node| found(&renderer, node)).collect();
        let mut expected = expected;
        if run.get("any_order").is_some() {
            // dbt goes through a set where it skips everything.
            expected.sort();
            found.sort();
        }
        let first = |all: &[String]| -> Vec<String> {
            all.iter()
                .map(|node| node.lines().next().unwrap().to_owned())
                .collect()
        };
        assert_eq!(first(&found), first(&expected), "{:?}", request.command);
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn unit_tests() {
    check(include_str!("recorded/unit_tests.json"));
}

#[test]
fn commands() {
    check(include_str!("recorded/commands.json"));
}

#[test]
fn start_that_fails() {
    check(include_str!("recorded/start.json"));
}

#[test]
fn microbatch() {
    check(include_str!("recorded/microbatch.json"));
}

/// Where a unit test fails, those of the same model that come after it are skipped. dbt takes them in the order of a Python set: here
/// it is that of the project.
#[test]
fn unit_tests_of_one_model() {
    check(include_str!("recorded/siblings.json"));
}
