//! `run_results.json` of a run that is played through, compared with what the real dbt wrote of the same project.
//!
//! Recorded by `record.py` with dbt-core 1.12.6 and dbt-glue 1.12.4.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use glueline_artifacts::{Invocation, Ran, Timing, run_results};
use glueline_plan::{Command, Plan, Request, Status};
use serde_json::{Value, json};

use crate::common::Recorded;

/// What differs from run to run.
const OF_THE_RUN: [&str; 2] = ["timing", "execution_time"];

#[test]
fn results_are_those_of_dbt() {
    let recorded = Recorded::read();
    let renderer = recorded.renderer(&[("DBT_ENV_CUSTOM_ENV_TEAM", "data")]);
    let request = Request {
        command: Command::Build,
        ..Request::default()
    };
    let plan = Plan::new(&renderer, &request);
    let timing = Timing {
        started: 1_000,
        compiled: Some(1_250),
        completed: 2_500,
        thread: "Thread-1 (worker)".to_owned(),
    };
    let early = Timing {
        compiled: None,
        ..timing.clone()
    };
    let ran: Vec<Ran<'_>> = plan
        .nodes
        .iter()
        .map(|node| {
            let is_compiled = node.run.as_ref().is_some_and(|run| {
                run.batches.len() + run.compiled.iter().filter(|code| code.failure.is_none()).count() > 0
            });
            let timing = if is_compiled || node.status == Status::Success {
                &timing
            } else {
                &early
            };
            Ran {
                node,
                timing: (node.status != Status::Skipped).then_some(timing),
            }
        })
        .collect();
    let invocation = Invocation {
        generated_at: 0,
        elapsed: 3_250,
        ..Invocation::default()
    };
    let found: Value = serde_json::from_str(&run_results(&renderer, &ran, &invocation)).unwrap();
    let expected = &recorded.0["run_results"];

    assert_eq!(found["metadata"]["env"], json!({"TEAM": "data"}));
    assert_eq!(keys(&found["metadata"]), keys(&expected["metadata"]));
    for key in ["dbt_schema_version", "dbt_version"] {
        assert_eq!(found["metadata"][key], expected["metadata"][key]);
    }
    assert_eq!(found["metadata"]["generated_at"], "1970-01-01T00:00:00Z");
    assert_eq!(found["elapsed_time"], 3.25);
    let results = |of: &Value| of["results"].as_array().unwrap().clone();
    let (found, expected) = (results(&found), results(expected));
    let ids = |of: &[Value]| -> Vec<Value> { of.iter().map(|result| result["unique_id"].clone()).collect() };
    assert_eq!(ids(&found), ids(&expected));
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(keys(found), keys(expected));
        let names = |of: &Value| -> Vec<Value> {
            let steps = of["timing"].as_array().unwrap().iter();
            steps.map(|step| step["name"].clone()).collect()
        };
        assert_eq!(names(found), names(expected), "{}", found["unique_id"]);
        for (key, value) in found.as_object().unwrap() {
            if !OF_THE_RUN.contains(&&**key) {
                assert_eq!(*value, expected[key], "{key} of {}", found["unique_id"]);
            }
        }
    }
    let first = &found[0];
    assert_eq!(first["execution_time"], 1.5);
    assert_eq!(
        first["timing"][1],
        json!({
            "name": "execute",
            "started_at": "1970-01-01T00:00:01.250000Z",
            "completed_at": "1970-01-01T00:00:02.500000Z",
        })
    );
}

fn keys(of: &Value) -> Vec<&String> {
    of.as_object().unwrap().keys().collect()
}

#[test]
fn secrets_are_masked() {
    let recorded = Recorded::read();
    let renderer = recorded.renderer(&[]);
    let mut args = serde_json::Map::new();
    args.insert("which".into(), "run".into());
    args.insert(
        "vars".into(),
        json!({"DBT_ENV_SECRET_KEY": "abc", "plain": "abc"}),
    );
    args.insert(
        "invocation_command".into(),
        "glueline run --vars hidden-password".into(),
    );
    let invocation = Invocation {
        args,
        ..Invocation::default()
    };
    let text = run_results(&renderer, &[], &invocation);
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        found["args"]["vars"],
        json!({"DBT_ENV_SECRET_KEY": "*****", "plain": "abc"})
    );

    let renderer = recorded.with_secret("hidden-password");
    let text = run_results(&renderer, &[], &invocation);
    assert!(!text.contains("hidden-password"));
    assert!(text.contains("glueline run --vars *****"));
}
