//! `glueline local`, and what the real dbt-glue makes on it: the bundled project, built twice, and small projects that lose data.

use std::path::Path;
use std::process::Command;

use crate::test::{Outcome, command, tools};
use crate::{editors, real_dbt};

/// Runs parts of `tests/local/run.py` with the binary as the sources make it. Spark and the jars are installed by the binary itself.
pub(crate) fn step(root: &Path, oracle: &Path, parts: &[&str]) -> Outcome {
    // Without Java there is no Spark, and Java is no package of Python's or Rust's.
    match Command::new("java").arg("-version").output() {
        Ok(output) if output.status.success() => {}
        _ => return Outcome::Skipped("there is no Java".to_owned()),
    }
    let binary = match editors::server(root) {
        Ok(binary) => binary.display().to_string(),
        Err(outcome) => return outcome,
    };
    let dbt = match real_dbt::venv(root, oracle) {
        Ok(dbt) => dbt,
        Err(outcome) => return outcome,
    };
    let python = dbt.join("bin").join("python").display().to_string();
    let script = root.join("tests/local/run.py").display().to_string();
    let (dbt, tools) = (
        dbt.display().to_string(),
        tools(root).join("local").display().to_string(),
    );
    let mut arguments = vec![
        script.as_str(),
        "--glueline",
        &binary,
        "--tools",
        &tools,
        "--dbt",
        &dbt,
    ];
    arguments.extend(parts);
    command(root, &python, &arguments)
}
