//! `glueline local`, and what the real dbt-glue makes on it: the bundled project, built twice, and small projects that lose data;
//! Glueline beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::test::{Outcome, command, tools};
use crate::{editors, real_dbt};

/// Runs parts of `tests/local/run.py` with the binary as the sources make it. Spark and the jars are installed by the binary itself.
pub(crate) fn step(root: &Path, oracle: &Path, parts: &[&str]) -> Outcome {
    let binary = match editors::server(root) {
        Ok(binary) => binary,
        Err(outcome) => return outcome,
    };
    script(root, oracle, "tests/local/run.py", &binary, parts)
}

/// Runs `tests/bench/run_bench.py` once, on a project with a model of each kind, and lets it judge what it counts.
pub(crate) fn counts(root: &Path, oracle: &Path) -> Outcome {
    let binary = match editors::server(root) {
        Ok(binary) => binary,
        Err(outcome) => return outcome,
    };
    let options = ["--models", "4", "--rounds", "1", "--check"];
    script(root, oracle, BENCH, &binary, &options)
}

/// What times `run` and `show` beside dbt.
pub(crate) const BENCH: &str = "tests/bench/run_bench.py";

/// Runs a script that needs a binary, dbt and Spark, with more arguments.
pub(crate) fn script(root: &Path, oracle: &Path, name: &str, binary: &Path, more: &[&str]) -> Outcome {
    // Without Java there is no Spark, and Java is no package of Python's or Rust's.
    match Command::new("java").arg("-version").output() {
        Ok(output) if output.status.success() => {}
        _ => return Outcome::Skipped("there is no Java".to_owned()),
    }
    let dbt = match real_dbt::venv(root, oracle) {
        Ok(dbt) => dbt,
        Err(outcome) => return outcome,
    };
    let shown = |path: PathBuf| path.display().to_string();
    let python = shown(dbt.join("bin").join("python"));
    let (script, binary) = (shown(root.join(name)), binary.display().to_string());
    let (dbt, tools) = (shown(dbt), shown(tools(root).join("local")));
    let mut arguments = vec![
        script.as_str(),
        "--glueline",
        &binary,
        "--tools",
        &tools,
        "--dbt",
        &dbt,
    ];
    arguments.extend(more);
    command(root, &python, &arguments)
}
