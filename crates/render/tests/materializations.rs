//! Runs of whole projects, each node with the statements that real dbt sent for it.
//!
//! `materializations/projects.json` was recorded with dbt-core 1.12.6 and dbt-glue 1.12.4. The first project has models of every
//! materialization and format, some through dbt's and dbt-spark's own materializations; the second has macros that hide or extend
//! shipped ones. Comments before statements, and statements that are Python code, were left out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Event, NodeRun, Renderer, Settings};
use serde_json::Value;

const PROJECTS: &str = include_str!("materializations/projects.json");

const PROFILES: &str = include_str!("data/profiles.yml");

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

/// The SQL that a node sends, without the comment before it.
fn statements(run: &NodeRun) -> Vec<String> {
    let sent = run.events.iter().filter_map(|event| match event {
        Event::Statement(statement) => statement.sql.as_deref(),
        Event::Call(_) | Event::Log(_) => None,
    });
    let bare = sent.map(
        |sql| match sql.strip_prefix("/* {").and_then(|sql| sql.split_once("*/\n")) {
            Some((_, bare)) => bare.to_owned(),
            None => sql.to_owned(),
        },
    );
    bare.collect()
}

/// Plays a run through, and tells which nodes do otherwise than with dbt.
fn wrong(files: &Value, recorded: &Value) -> String {
    let mut system = MemSystem::new();
    system.write("p/profiles.yml", PROFILES);
    system.write("p/dbt_project.yml", "name: p\nversion: '1.0.0'\nprofile: lake\n");
    for (path, text) in files.as_object().unwrap() {
        system.write(format!("p/{path}"), text.as_str().unwrap());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = Some(CatalogState::read(&recorded["state"].to_string()).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let run = Renderer::new(project.clone(), Settings::new(system)).start_run();
    let mut wrong = String::new();
    for expected in list(recorded, "nodes") {
        let name = expected["name"].as_str().unwrap();
        let node = project.nodes().iter().find(|node| *node.name == *name).unwrap();
        let found = run.node(node.id);
        let error = found.failure.as_ref().map(glueline_render::Failure::reason);
        let error = error.as_deref().map(str::trim_end);
        let sent = list(expected, "statements").iter();
        let sent: Vec<String> = sent.map(|sql| sql.as_str().unwrap().to_owned()).collect();
        if statements(&found) != sent || error != expected["error"].as_str() {
            let found = statements(&found);
            writeln!(
                wrong,
                "{}, {name}\n  dbt:      {sent:?} {}\n  glueline: {found:?} {error:?}",
                recorded["name"], expected["error"]
            )
            .unwrap();
        }
    }
    wrong
}

#[test]
fn materializations_send_what_dbt_sends() {
    let projects: Value = serde_json::from_str(PROJECTS).unwrap();
    let mut count = 0;
    let mut faults = String::new();
    for project in projects.as_array().unwrap() {
        for run in list(project, "runs") {
            count += list(run, "nodes").len();
            faults += &wrong(&project["files"], run);
        }
    }
    assert!(count > 200);
    assert!(faults.is_empty(), "{faults}");
}
