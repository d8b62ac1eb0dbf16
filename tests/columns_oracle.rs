//! Scores the columns of `glueline compile --output json` against what the real Spark gives the models of dbt projects.
//!
//! The recordings lie outside this repository, in `spark/cases` of the directory named by `GLUELINE_ORACLE` (default:
//! `../shared/oracle` beside the checkout). Without them the one test that stands for them is reported as ignored, by name.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on ends, and says how it went"
)]

#[expect(dead_code, reason = "Spark's recordings hold no runs")]
mod recordings;

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use crate::recordings::{oracle, read_json, text};

fn main() {
    let root = oracle().join("spark/cases");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&root)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    cases.sort();
    let trial = |case: PathBuf| {
        let name = case
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Trial::test(name, move || compare(&case))
    };
    let mut trials: Vec<Trial> = cases.into_iter().map(trial).collect();
    if trials.is_empty() {
        let name = format!("recordings of the real Spark ({} is not there)", root.display());
        trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// Every model of a project has the columns that Spark gives it, names and types.
fn compare(case: &Path) -> Result<(), Failed> {
    let recorded = read_json(case);
    let project = case.with_file_name("").join(text(&recorded, "project_dir"));
    let output = Command::new(env!("CARGO_BIN_EXE_glueline"))
        .args(["compile", "--quiet", "--output", "json", "--project-dir"])
        .arg(project)
        .env_remove("DBT_PROFILES_DIR")
        .output()?;
    let compiled: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let nodes = list(&compiled["nodes"]);
    let mut wrong = Vec::new();
    let models = list(&recorded["models"]);
    let models = models
        .iter()
        .filter(|model| text(model, "branch") == "full" && text(model, "id").starts_with("model."));
    let mut count = 0;
    for model in models {
        count += 1;
        let id = text(model, "id");
        let node = nodes.iter().find(|node| text(node, "unique_id") == id);
        let columns = node.map(|node| list(&node["columns"])).unwrap_or_default();
        let found: Vec<(String, String)> = columns
            .iter()
            .map(|column| (text(column, "name").to_lowercase(), text(column, "type")))
            .collect();
        let spark: Vec<(String, String)> = list(&model["schema"])
            .iter()
            .map(|column| {
                let part = |at: usize| column[at].as_str().unwrap_or_default();
                (part(0).to_lowercase(), part(1).to_owned())
            })
            .collect();
        if found != spark {
            wrong.push(format!("{id}\n  is    {found:?}\n  Spark {spark:?}"));
        }
    }
    if count == 0 {
        return Err(format!("{} holds no models", case.display()).into());
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}
