//! The bundled projects compiled by the real dbt and by `glueline compile`, node by node, and built by the real dbt-glue and previewed.
//!
//! dbt runs against the stand-in for AWS of the oracle, whose folder lies outside this repository: `GLUELINE_ORACLE` names it, as in
//! the tests against recordings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::test::{Outcome, command, say, tools};

/// A bundled project, and the catalog that both sides are told of.
const PROJECTS: [(&str, &str); 4] = [
    ("shop", "catalog/absent.json"),
    ("shop", "catalog/present.json"),
    ("render", "catalog.json"),
    ("examples", "catalog.json"),
];
/// How many nodes that differ are shown.
const SHOWN: usize = 5;

/// Compares every node of every bundled project.
pub(crate) fn step(root: &Path, oracle: &Path) -> Outcome {
    let recorder = oracle.join("record.py");
    if !recorder.is_file() {
        return Outcome::Skipped(format!(
            "there is no record.py at {} (GLUELINE_ORACLE names its folder)",
            oracle.display()
        ));
    }
    let venv = match venv(root, oracle) {
        Ok(venv) => venv,
        Err(outcome) => return outcome,
    };
    let built = command(root, "cargo", &["build", "--quiet", "--bin", "glueline"]);
    if !matches!(built, Outcome::Passed) {
        return built;
    }
    let (mut right, mut wrong) = (0, 0);
    for (number, (project, catalog)) in PROJECTS.into_iter().enumerate() {
        let project = root.join("fixtures").join(project);
        let record = |command: &str| {
            let out = tools(root).join(format!("recording-{command}-{number}.json"));
            record(&recorder, &venv, &project, catalog, command, out)
        };
        if let Err(why) =
            record("build").and_then(|recorded| previewed(root, oracle, &project, catalog, &recorded))
        {
            return Outcome::Failed(format!("{}, previewed: {why}", project.display()));
        }
        let compared = record("compile")
            .and_then(|recorded| read(&recorded))
            .and_then(|recorded| Ok((recorded, compile(root, &project, catalog)?)))
            .and_then(|(recorded, compiled)| differences(&recorded, &compiled));
        match compared {
            Err(why) => return Outcome::Failed(format!("{}: {why}", project.display())),
            Ok((same, differences)) => {
                right += same;
                wrong += differences.len();
                differences.iter().take(SHOWN).for_each(|line| say(line));
            }
        }
    }
    if wrong == 0 && right > 0 {
        say(&format!("{right} nodes compiled as dbt compiles them"));
        Outcome::Passed
    } else {
        Outcome::Failed(format!(
            "{wrong} nodes of {} are not what dbt makes of them",
            right + wrong
        ))
    }
}

/// Compares the manifests of the bundled projects and of the oracle's cases with those of the real dbt, and has that read our artifacts.
pub(crate) fn artifacts(root: &Path, oracle: &Path) -> Outcome {
    if !oracle.join("record.py").is_file() {
        return Outcome::Skipped(format!(
            "there is no record.py at {} (GLUELINE_ORACLE names its folder)",
            oracle.display()
        ));
    }
    let venv = match venv(root, oracle) {
        Ok(venv) => venv,
        Err(outcome) => return outcome,
    };
    let example = [
        "build",
        "--quiet",
        "-p",
        "glueline-artifacts",
        "--example",
        "played",
    ];
    for arguments in [&["build", "--quiet", "--bin", "glueline"][..], &example] {
        let built = command(root, "cargo", arguments);
        if !matches!(built, Outcome::Passed) {
            return built;
        }
    }
    let built = built(root);
    let mut projects: Vec<PathBuf> = ["shop", "render", "examples"]
        .map(|name| root.join("fixtures").join(name))
        .into();
    #[expect(clippy::disallowed_methods, reason = "the folder of the oracle is no project")]
    let cases = std::fs::read_dir(oracle.join("cases")).into_iter().flatten();
    let mut cases: Vec<PathBuf> = cases.flatten().map(|entry| entry.path()).collect();
    cases.sort();
    projects.extend(cases);
    let script = root.join("tests/artifacts/compare.py");
    let mut arguments = vec![
        script,
        "--glueline".into(),
        built.join("glueline"),
        "--played".into(),
        built.join("examples").join("played"),
        "--oracle".into(),
        oracle.to_path_buf(),
        "--venv".into(),
        venv,
    ];
    arguments.extend(projects);
    let arguments: Vec<String> = arguments.iter().map(|path| path.display().to_string()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    command(root, "python3", &arguments)
}

/// Where debug builds are.
fn built(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug")
}

/// The environment with dbt in it: the one beside the checkout, or one that the oracle's own script makes.
pub(crate) fn venv(root: &Path, oracle: &Path) -> Result<PathBuf, Outcome> {
    let named = std::env::var_os("ORACLE_VENV").map(PathBuf::from);
    let places = [
        named,
        Some(root.join("../.oracle-venv")),
        Some(tools(root).join("oracle-venv")),
    ];
    let has_python = |place: &PathBuf| place.join("bin").join("python").exists();
    if let Some(place) = places.into_iter().flatten().find(has_python) {
        return Ok(place);
    }
    let place = tools(root).join("oracle-venv");
    let script = oracle.join("setup.sh").display().to_string();
    match command(root, &script, &[&place.display().to_string()]) {
        Outcome::Passed => Ok(place),
        _ => Err(Outcome::Skipped(format!(
            "{script} could not install dbt (ORACLE_VENV names an environment that has it)"
        ))),
    }
}

/// Lets the real dbt run a command on a project, and gives the file in which it is recorded.
fn record(
    recorder: &Path,
    venv: &Path,
    project: &Path,
    catalog: &str,
    dbt_command: &str,
    out: PathBuf,
) -> Result<PathBuf, String> {
    let _ = std::fs::remove_file(&out);
    if let Some(directory) = out.parent() {
        std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    let output = Command::new("python3")
        .arg(recorder)
        .arg(project)
        .args(["--command", dbt_command, "--state"])
        .arg(project.join(catalog))
        .arg("--venv")
        .arg(venv)
        .arg("--out")
        .arg(&out)
        .output()
        .map_err(|error| format!("`python3` cannot be run: {error}"))?;
    if out.is_file() {
        return Ok(out);
    }
    let talk = String::from_utf8_lossy(&output.stderr);
    Err(format!("nothing was recorded: {talk}"))
}

/// A recording, where dbt came as far as its nodes.
#[expect(clippy::disallowed_methods, reason = "a recording is no file of a project")]
fn read(recording: &Path) -> Result<Value, String> {
    let recorded = std::fs::read(recording).map_err(|error| format!("{}: {error}", recording.display()))?;
    let recorded: Value = serde_json::from_slice(&recorded).map_err(|error| error.to_string())?;
    match recorded.get("run_error") {
        None | Some(Value::Null) => Ok(recorded),
        Some(error) => Err(format!("dbt stopped: {error}")),
    }
}

/// Compares what dbt-glue sent with a preview of it, by the oracle's own judge: statements, calls, outcomes, errors and code.
fn previewed(
    root: &Path,
    oracle: &Path,
    project: &Path,
    catalog: &str,
    recording: &Path,
) -> Result<(), String> {
    read(recording)?;
    let found = recording.with_extension("preview.json");
    let arguments = ["preview", "--command", "build", "--quiet", "--output", "json"];
    let output = glueline(root, &arguments, project, catalog)?;
    std::fs::write(&found, &output).map_err(|error| format!("{}: {error}", found.display()))?;
    let judge = Command::new("python3")
        .arg(oracle.join("compare.py"))
        .args([recording, &found])
        .args(["--errors", "--error-text", "--api", "--compiled"])
        .output()
        .map_err(|error| format!("`python3` cannot be run: {error}"))?;
    let told = String::from_utf8_lossy(&judge.stdout);
    if judge.status.success() {
        let figure = told.lines().next_back().unwrap_or_default();
        say(&format!(
            "{}, {catalog}: {figure} as dbt-glue sends them",
            project.display()
        ));
        return Ok(());
    }
    Err(told.lines().take(SHOWN * 20).collect::<Vec<_>>().join("\n"))
}

/// What `glueline compile` makes of it.
fn compile(root: &Path, project: &Path, catalog: &str) -> Result<Value, String> {
    let arguments = ["compile", "--quiet", "--output", "json"];
    let output = glueline(root, &arguments, project, catalog)?;
    serde_json::from_slice(&output).map_err(|error| error.to_string())
}

/// What the binary prints of a project.
fn glueline(root: &Path, arguments: &[&str], project: &Path, catalog: &str) -> Result<Vec<u8>, String> {
    let output = Command::new(built(root).join("glueline"))
        .args(arguments)
        .arg("--project-dir")
        .arg(project)
        .arg("--catalog")
        .arg(project.join(catalog))
        .env_remove("DBT_PROFILES_DIR")
        .output()
        .map_err(|error| format!("`glueline` cannot be run: {error}"))?;
    if output.stdout.is_empty() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(output.stdout)
}

/// How many nodes are the same, and what is to say of those that are not.
fn differences(recorded: &Value, compiled: &Value) -> Result<(usize, Vec<String>), String> {
    let ours: BTreeMap<&str, &Value> = nodes(compiled)
        .map(|node| (text(node, "unique_id"), node))
        .collect();
    let mut same = 0;
    let mut wrong = Vec::new();
    // Unit tests are no nodes of `compile`.
    for node in nodes(recorded).filter(|node| text(node, "resource_type") != "unit_test") {
        let id = text(node, "unique_id");
        let found = ours.get(id).copied().unwrap_or(&Value::Null);
        let differs = ["compiled_code", "relation_name"]
            .into_iter()
            .find(|key| node.get(*key).unwrap_or(&Value::Null) != found.get(*key).unwrap_or(&Value::Null));
        match differs {
            None => same += 1,
            Some(key) => wrong.push(format!(
                "{id}: {key}\n  dbt:      {}\n  glueline: {}",
                node.get(key).unwrap_or(&Value::Null),
                found.get(key).unwrap_or(&Value::Null)
            )),
        }
    }
    if same + wrong.len() == 0 {
        return Err("dbt compiled nothing".to_owned());
    }
    Ok((same, wrong))
}

fn nodes(document: &Value) -> impl Iterator<Item = &Value> {
    document
        .get("nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text<'a>(node: &'a Value, key: &str) -> &'a str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}
