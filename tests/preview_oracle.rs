//! Scores `glueline preview` against recordings of the real dbt and dbt-glue, with the recordings' own judge, `compare.py`.
//!
//! For every node of every recorded run: the same statements in the same order, white space included, the same calls of AWS services,
//! the same outcome, the same words where something fails. Statements that are Python code count by what they say of the project. Without recordings the one test that
//! stands for them is reported as ignored, by name.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that cannot go on ends, and says how it went"
)]

mod recordings;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::recordings::{Run, oracle, score, text};

/// How many statements there are, and how many came out right.
#[derive(Debug, Default)]
struct Score {
    statements: u64,
    right: u64,
    nodes: u64,
    right_nodes: u64,
    errors: usize,
    right_errors: usize,
}

fn main() {
    score(
        |_| true,
        preview_run,
        |score: &Score| {
            format!(
                "statements as dbt-glue sends them: {} of {}; nodes with all their statements, calls and their outcome: {} of {}\nerrors as dbt prints them: {} of {}",
                score.right,
                score.statements,
                score.right_nodes,
                score.nodes,
                score.right_errors,
                score.errors
            )
        },
    )
}

fn preview_run(run: &Run, score: &Mutex<Score>) -> Result<(), Failed> {
    let command = run.run["command"].as_str().unwrap_or("run").to_owned();
    let mut arguments = vec!["preview", "--quiet", "--output", "json", "--command", &command];
    for (key, flag) in [("select", "--select"), ("exclude", "--exclude")] {
        for word in run.run[key].as_array().into_iter().flatten() {
            arguments.extend([flag, word.as_str().unwrap_or_default()]);
        }
    }
    if run.run["full_refresh"].as_bool() == Some(true) {
        arguments.push("--full-refresh");
    }
    let more = run.run["args"].as_array().into_iter().flatten();
    arguments.extend(more.filter_map(Value::as_str));
    let output = run.glueline(&arguments)?;
    let talk = || String::from_utf8_lossy(&output.stderr).into_owned();
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(format!("exit status {:?}: {}", output.status.code(), talk()).into());
    }
    let directory = tempfile::tempdir()?;
    let found = directory.path().join("found.json");
    std::fs::write(&found, &output.stdout)?;
    let recorded = run.case.join(format!("expected.{}.json", text(&run.run, "name")));
    let verdict: Value = serde_json::from_str(&judge(&recorded, &found, &["--json"])?)?;
    let exact = &verdict["exact"];
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let (errors, right_errors) = errors(&run.expected(), &serde_json::from_slice(&output.stdout)?);
    let mut score = score.lock().map_err(|error| error.to_string())?;
    score.statements += number(&exact["of"]);
    score.right += number(&exact["statements"]);
    score.nodes += number(&verdict["nodes"]);
    score.right_nodes += number(&exact["nodes"]);
    score.errors += errors;
    score.right_errors += right_errors;
    drop(score);
    if verdict["ok"] == true {
        return Ok(());
    }
    Err(judge(&recorded, &found, &[])?.into())
}

/// How many nodes fail in a recording, and of how many a preview says the same, white space aside.
fn errors(recorded: &Value, found: &Value) -> (usize, usize) {
    let (recorded, found) = (told(recorded), told(found));
    let right = recorded
        .iter()
        .filter(|(id, error)| found.get(*id) == Some(*error));
    (recorded.len(), right.count())
}

/// What is said of each node that fails.
fn told(document: &Value) -> BTreeMap<String, String> {
    let nodes = document["nodes"].as_array().into_iter().flatten();
    let told = nodes.filter_map(|node| {
        let words: Vec<&str> = node["error"].as_str()?.split_whitespace().collect();
        Some((node["unique_id"].as_str()?.to_owned(), words.join(" ")))
    });
    told.collect()
}

/// What the judge says of a preview.
fn judge(recorded: &Path, found: &Path, more: &[&str]) -> Result<String, Failed> {
    let output = Command::new("python3")
        .arg(oracle().join("compare.py"))
        .args([recorded, found])
        .args(["--errors", "--error-text", "--api"])
        .args(more)
        .output()?;
    if output.status.code() == Some(2) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
