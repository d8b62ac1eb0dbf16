//! `cargo xtask spark-functions`: tables and facts of `crates/spark`, asked of a real Spark.

use std::path::Path;
use std::process::Command;

/// What is written, from the root of the repository.
const WRITTEN: [&str; 4] = [
    "crates/spark/src/functions/table.rs",
    "crates/spark/tests/facts/operators.txt",
    "crates/spark/tests/facts/functions.txt",
    "crates/spark/tests/facts/queries.txt",
];

/// Runs the questions with the Python of a virtual environment that has PySpark, and writes the answers into the repository.
pub(crate) fn ask(root: &Path, venv: &str) -> Result<String, String> {
    run(root, venv, root)?;
    Ok("crates/spark: the table and the facts are written anew\n".to_owned())
}

/// Runs the questions, and names the files that would come out otherwise.
pub(crate) fn differing(root: &Path, venv: &str) -> Result<Vec<&'static str>, String> {
    let fresh = root.join("target").join("spark-functions");
    for path in WRITTEN {
        if let Some(folder) = fresh.join(path).parent() {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
    }
    run(root, venv, &fresh)?;
    let mut differing = Vec::new();
    for path in WRITTEN {
        if read(&root.join(path))? != read(&fresh.join(path))? {
            differing.push(path);
        }
    }
    Ok(differing)
}

#[expect(clippy::disallowed_methods, reason = "a table is no file of a project")]
fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn run(root: &Path, venv: &str, into: &Path) -> Result<(), String> {
    let python = Path::new(venv).join("bin").join("python");
    let script = root
        .join("crates")
        .join("xtask")
        .join("src")
        .join("spark")
        .join("ask.py");
    match Command::new(&python).arg(script).arg(into).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", python.display())),
        Err(error) => Err(format!("{} cannot be run: {error}", python.display())),
    }
}
