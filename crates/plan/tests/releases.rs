//! Plays a project through as older releases of dbt-glue run it, and compares every node with what they sent: statements, white space
//! included, calls of AWS services, and how it came out.
//!
//! Recorded with dbt-glue 1.7.2, 1.8.6, 1.9.4, 1.10.19 and 1.12.4, each with the dbt-core of its minor version and one thread, over an
//! empty catalog and over one where every relation is there. Where releases do the same, it is written once. Code in Python is told
//! by `python` alone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_plan::{Command, Plan, PlannedNode, Request};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Event, Renderer, Settings};
use serde_json::Value;

use crate::common::sorted;

const RECORDED: &str = include_str!("releases/recorded.json");

fn plan(recorded: &Value, run: &str, release: &str) -> (Renderer, Plan) {
    let mut system = MemSystem::new();
    for (path, text) in recorded["files"].as_object().unwrap() {
        system.write(format!("p/{path}"), text.as_str().unwrap());
    }
    system.write("p/requirements.txt", format!("dbt-glue=={release}\n"));
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let state = recorded["runs"][run]["state"].to_string();
    options.state = Some(CatalogState::read(&state).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    assert_eq!(project.release().version.to_string(), release);
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(project, Settings::new(system));
    let request = Request {
        command: Command::Build,
        ..Request::default()
    };
    let plan = Plan::new(&renderer, &request);
    (renderer, plan)
}

/// The error without the macros that led there.
fn reason(error: &str) -> &str {
    error.split("\n  \n  > in macro").next().unwrap()
}

/// How a node came out, and its events in order.
fn found(node: &PlannedNode) -> Vec<String> {
    let run = node.run.as_ref().unwrap();
    let mut all = vec![node.status.name().to_owned()];
    all.extend(
        run.failure
            .iter()
            .map(|failure| reason(&failure.message).to_owned()),
    );
    all.extend(run.events.iter().filter_map(|event| match event {
        Event::Statement(statement) => Some(statement.sql.clone().unwrap_or_else(|| "python".to_owned())),
        Event::Call(call) => Some(format!("{} {}", call.operation, sorted(&call.request))),
        Event::Log(_) => None,
    }));
    all
}

fn expected(entry: &Value) -> Vec<String> {
    let mut all = vec![entry["status"].as_str().unwrap().to_owned()];
    all.extend(entry["error"].as_str().map(|error| reason(error).to_owned()));
    let events = entry["events"].as_array().unwrap();
    all.extend(events.iter().map(|event| event.as_str().unwrap().to_owned()));
    all
}

/// The session as it is made, and the statement that comes before each other.
fn session(plan: &Plan) -> Value {
    let session = plan.sessions.first().unwrap();
    serde_json::json!([session.create, session.use_schema])
}

fn check(release: &str) {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for run in ["first", "second"] {
        let (renderer, plan) = plan(&recorded, run, release);
        assert_eq!(session(&plan), recorded["sessions"][release]);
        let nodes = recorded["runs"][run]["nodes"].as_object().unwrap();
        assert_eq!(plan.nodes.len(), nodes.len());
        for planned in &plan.nodes {
            let id = &renderer.project().node(planned.node.unwrap()).unique_id;
            let mut entries = nodes[&**id].as_array().unwrap().iter();
            let is_meant = |entry: &&Value| entry["releases"].as_array().unwrap().contains(&release.into());
            let Some(entry) = entries.find(is_meant) else {
                continue;
            };
            let expected = expected(entry);
            compared += 1;
            let found = found(planned);
            if found != expected {
                wrong.push(format!(
                    "{run} {id}\n  found {found:#?}\n  expected {expected:#?}"
                ));
            }
        }
    }
    assert!(compared >= 56, "{compared}");
    assert!(
        wrong.is_empty(),
        "{} of {release}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn as_release_1_7_2() {
    check("1.7.2");
}

#[test]
fn as_release_1_8_6() {
    check("1.8.6");
}

#[test]
fn as_release_1_9_4() {
    check("1.9.4");
}

#[test]
fn as_release_1_10_19() {
    check("1.10.19");
}

#[test]
fn as_release_1_12_4() {
    check("1.12.4");
}

#[test]
fn a_node_tells_what_its_release_does_without() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let told = |release: &str, name: &str| -> Vec<String> {
        let (renderer, plan) = plan(&recorded, "second", release);
        let is_it = |node: &&PlannedNode| *renderer.project().node(node.node.unwrap()).name == *name;
        let node = plan.nodes.iter().find(is_it).unwrap();
        let older = &node.run.as_ref().unwrap().older;
        older.iter().map(|change| format!("{change:?}")).collect()
    };
    for (release, name, changes) in [
        ("1.12.4", "inc_overwrite", ""),
        ("1.10.19", "inc_overwrite", ""),
        ("1.9.4", "view_plain", ""),
        ("1.9.4", "table_plain", ""),
        ("1.9.4", "inc_overwrite", "ReadsStagedView TypedStaging"),
        ("1.9.4", "inc_iceberg_schema", "MergesNewColumns TypedStaging"),
        ("1.8.6", "inc_overwrite", "StagesInSession"),
        ("1.8.6", "inc_append_iceberg", "StagesInSession IcebergInMacros"),
        ("1.8.6", "inc_merge_delta", "StagesInSession OwnMerge"),
        ("1.8.6", "view_plain", "ReplacesViews"),
        (
            "1.8.6",
            "snap_iceberg",
            "ReplacesViews UntaggedSnapshots IcebergViewsAreTables",
        ),
        (
            "1.7.2",
            "inc_append",
            "OwnStagingLocation ReadsSchemaChange StagesInSession",
        ),
    ] {
        assert_eq!(told(release, name).join(" "), changes, "{release} {name}");
    }
}
