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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Failures whose cause no rule of this program can know yet, each with the cause. What stands here and is found all the
/// same fails the test: the entry is then out of date.
const NOT_COVERED: &[(&str, &str, &str)] = &[
    (
        "errors_models",
        "model.errors_models.zero_division",
        "Jinja arithmetic is not run",
    ),
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
    let arguments = Arguments::from_args();
    let root = oracle();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root.join("cases"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    cases.sort();
    let score = Arc::new(Mutex::new(Score::default()));
    let mut trials = Vec::new();
    if cases.is_empty() {
        let name = format!(
            "recordings of the real dbt-glue ({} is not there)",
            root.display()
        );
        trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
    }
    for case in cases {
        let description = read_json(&case.join("case.json"));
        for run in description["runs"].as_array().cloned().unwrap_or_default() {
            let name = format!("{}/{}", name_of(&case), text(&run, "name"));
            let (case, score) = (case.clone(), Arc::clone(&score));
            trials.push(Trial::test(name, move || check_run(&case, &run, &score)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Ok(score) = score.lock() {
        println!(
            "failed nodes and runs found: {} of {} ({} more are not covered); succeeded nodes with a false alarm: {} of {}",
            score.found, score.failed_nodes, score.not_covered, score.false_alarms, score.succeeded_nodes
        );
    }
    conclusion.exit();
}

fn oracle() -> PathBuf {
    let set = std::env::var_os("GLUELINE_ORACLE").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle"))
}

fn check_run(case: &Path, run: &Value, score: &Mutex<Score>) -> Result<(), Failed> {
    let name = text(run, "name");
    let expected = read_json(&case.join(format!("expected.{name}.json")));
    let diagnostics = glueline(case, run)?;
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
                    .find(|(of, node, _)| *of == name_of(case) && *node == id);
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

fn glueline(case: &Path, run: &Value) -> Result<Vec<Value>, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glueline"));
    command
        .args(["check", "--output-format", "json", "--project-dir"])
        .arg(case);
    let state = run["state"]
        .as_str()
        .map_or_else(|| format!("state.{}.json", text(run, "name")), str::to_owned);
    command.arg("--catalog").arg(case.join(state));
    if let Some(target) = run["target"].as_str() {
        command.args(["--target", target]);
    }
    match &run["vars"] {
        Value::Null => {}
        Value::String(vars) => {
            command.args(["--vars", vars]);
        }
        vars => {
            command.args(["--vars", &vars.to_string()]);
        }
    }
    let environment: BTreeMap<String, String> =
        serde_json::from_value(run["env"].clone()).unwrap_or_default();
    let output = command
        .env_remove("DBT_PROFILES_DIR")
        .envs(environment)
        .output()?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("exit status {:?}: {talk}", output.status.code()).into());
    }
    let report: Value = serde_json::from_slice(&output.stdout)?;
    Ok(report["diagnostics"].as_array().cloned().unwrap_or_default())
}

fn read_json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
