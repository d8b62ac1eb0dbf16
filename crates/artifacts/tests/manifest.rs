//! `manifest.json` of a run that is played through, compared with what the real dbt wrote of the same project.
//!
//! Recorded by `record.py` with dbt-core 1.12.6 and dbt-glue 1.12.4.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;

use glueline_artifacts::{Code, Invocation, manifest};
use glueline_plan::{Command, Plan, Request};
use glueline_render::Renderer;
use serde_json::Value;

use crate::common::Recorded;

/// Keys that hold the time or the place of the command, or of what only dbt writes.
const OF_THE_COMMAND: [&str; 8] = [
    "created_at",
    "generated_at",
    "invocation_id",
    "invocation_started_at",
    "run_started_at",
    "root_path",
    "compiled_path",
    "build_path",
];

fn written(renderer: &Renderer) -> Value {
    let request = Request {
        command: Command::Build,
        ..Request::default()
    };
    let plan = Plan::new(renderer, &request);
    let codes = Code::of_run(renderer, &plan.nodes);
    let mut out = Vec::new();
    manifest(renderer, &codes, &Invocation::default(), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// Every leaf by its path.
fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value.as_object().filter(|entries| !entries.is_empty()) {
        Some(entries) => {
            for (key, value) in entries {
                if !OF_THE_COMMAND.contains(&&**key) {
                    leaves(value, &format!("{path}/{key}"), found);
                }
            }
        }
        None => {
            let mut value = value.clone();
            // In the order in which dbt happens to read files.
            if let Some(members) = value.as_array_mut().filter(|_| path.starts_with("/group_map/")) {
                members.sort_by_key(ToString::to_string);
            }
            found.insert(path.to_owned(), value);
        }
    }
}

#[test]
fn a_manifest_is_that_of_dbt() {
    let recorded = Recorded::read();
    let found = written(&recorded.renderer(&[("DBT_ENV_CUSTOM_ENV_TEAM", "data")]));
    let [mut ours, mut theirs] = [BTreeMap::new(), BTreeMap::new()];
    leaves(&found, "", &mut ours);
    leaves(&recorded.0["manifest"], "", &mut theirs);
    // dbt counts the hooks anew while it runs them, from one.
    for hook in ["start", "end"] {
        let index = format!("/nodes/operation.small.small-on-run-{hook}-0/index");
        assert_eq!(ours.remove(&index), Some(0.into()));
        assert_eq!(theirs.remove(&index), Some(1.into()));
    }
    for (path, value) in &theirs {
        // What is disabled has entries in a list: dbt's times are in them.
        if path.starts_with("/disabled/") {
            continue;
        }
        // dbt adds what it calls while a node runs to what it saw as it parsed the node.
        if path.ends_with("/depends_on/macros") {
            let (ours, theirs) = (ours[path].as_array().unwrap(), value.as_array().unwrap());
            assert!(theirs.starts_with(ours), "{path}: {ours:?} {theirs:?}");
            continue;
        }
        assert_eq!(ours.get(path), Some(value), "{path}");
    }
    let additional: Vec<&String> = ours.keys().filter(|path| !theirs.contains_key(*path)).collect();
    assert_eq!(additional, Vec::<&String>::new());
    let disabled = &found["disabled"]["model.small.off"];
    assert_eq!(disabled[0]["config"]["enabled"], false);
    let sections = |of: &Value| -> Vec<String> { of.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(sections(&found), sections(&recorded.0["manifest"]));
}

#[test]
fn a_manifest_is_the_same_each_time_and_holds_no_secret() {
    let recorded = Recorded::read();
    let renderer = recorded.with_secret("hidden-password");
    let one = written(&renderer).to_string();
    assert_eq!(one, written(&renderer).to_string());
    assert!(!one.contains("hidden-password"));

    // A text that a secret got into all the same.
    let renderer = recorded.with_secret("select * from");
    let one = written(&renderer);
    assert_eq!(
        one["nodes"]["model.small.plain"]["compiled_code"],
        "\n***** lake.codes"
    );
    assert_eq!(one["nodes"]["model.small.plain"]["name"], "plain");
}
