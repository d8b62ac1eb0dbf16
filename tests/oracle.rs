//! Scores `glueline check` against recordings of the real dbt and dbt-glue.
//!
//! The recordings lie outside this repository, in the directory named by `GLUELINE_ORACLE` (default: `../shared/oracle`
//! beside the checkout). For every recorded run: a node that the real thing failed must have an error of group `fails`
//! on its file, or on the profile or project file; a node that succeeded must have none. Without recordings the one
//! test that stands for them is reported as ignored, by name.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that cannot go on ends, and says how it went"
)]

mod recordings;

use std::sync::Mutex;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::recordings::{Run, score, text};

/// Failures whose cause no rule of this program can know yet, each with the cause. What stands here and is found all the
/// same fails the test: the entry is then out of date.
const NOT_COVERED: &[(&str, &str, &str)] = &[
    (
        "errors_models",
        "model.errors_models.spark_refuses",
        "Spark's answer is scripted in the recording",
    ),
    (
        "errors_models",
        "model.errors_models.describe_fails",
        "Spark's answer is scripted in the recording",
    ),
    (
        "contracts_grants",
        "model.contracts_grants.c_mismatch",
        "needs the columns of a query",
    ),
    (
        "schema_change",
        "model.schema_change.sc_sync_iceberg_drop",
        "needs the columns of a query",
    ),
];

#[derive(Debug, Default)]
struct Score {
    failed_nodes: u32,
    found: u32,
    not_covered: u32,
    succeeded_nodes: u32,
    false_alarms: u32,
}

fn main() {
    score(
        |_| true,
        check_run,
        |score: &Score| {
            format!(
                "failed nodes and runs found: {} of {} ({} more are not covered); succeeded nodes with a false alarm: {} of {}",
                score.found, score.failed_nodes, score.not_covered, score.false_alarms, score.succeeded_nodes
            )
        },
    )
}

fn check_run(run: &Run, score: &Mutex<Score>) -> Result<(), Failed> {
    let expected = run.expected();
    let diagnostics = glueline(run)?;
    let errors: Vec<&Value> = diagnostics
        .iter()
        .filter(|found| found["severity"] == "error" && found["group"] == "fails")
        .collect();
    let on_project = |found: &&&Value| {
        let path = found["path"].as_str().unwrap_or_default();
        path.ends_with("profiles.yml") || path.ends_with("dbt_project.yml")
    };
    let mut wrong = Vec::new();
    let mut score = score.lock().map_err(|error| error.to_string())?;
    if !expected["run_error"].is_null() {
        score.failed_nodes += 1;
        if errors.is_empty() {
            wrong.push(format!(
                "the run failed, and nothing says so: {}",
                expected["run_error"]["message"]
            ));
        } else {
            score.found += 1;
        }
    }
    for node in expected["nodes"].as_array().into_iter().flatten() {
        let (id, path) = (text(node, "unique_id"), text(node, "path"));
        match text(node, "status").as_str() {
            "success" | "pass" | "warn" => {
                score.succeeded_nodes += 1;
                for found in errors
                    .iter()
                    .filter(|found| found["node"].as_str() == Some(id.as_str()))
                {
                    score.false_alarms += 1;
                    wrong.push(format!(
                        "{id} succeeded: [{}] {}",
                        text(found, "rule"),
                        text(found, "message")
                    ));
                }
            }
            "error" => {
                let here = |found: &&&Value| found["path"].as_str() == Some(path.as_str());
                let is_found = errors.iter().any(|found| here(&found) || on_project(&found));
                let excuse = NOT_COVERED
                    .iter()
                    .find(|(of, node, _)| *of == run.case_name() && *node == id);
                match (is_found, excuse) {
                    (false, Some(_)) => score.not_covered += 1,
                    (true, None) => {
                        score.failed_nodes += 1;
                        score.found += 1;
                    }
                    (false, None) => {
                        score.failed_nodes += 1;
                        wrong.push(format!(
                            "{id} failed, and nothing says so: {}",
                            text(node, "error")
                        ));
                    }
                    (true, Some((_, _, cause))) => wrong.push(format!("{id} is found now, though: {cause}")),
                }
            }
            _ => {}
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

fn glueline(run: &Run) -> Result<Vec<Value>, Failed> {
    let output = run.glueline(&["check", "--output-format", "json"])?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("exit status {:?}: {talk}", output.status.code()).into());
    }
    let report: Value = serde_json::from_slice(&output.stdout)?;
    Ok(report["diagnostics"].as_array().cloned().unwrap_or_default())
}
