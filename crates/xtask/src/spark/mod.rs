//! `cargo xtask spark-functions`: tables and facts of `crates/spark`, asked of a real Spark.

use std::path::Path;
use std::process::Command;

/// Runs the questions with the Python of a virtual environment that has PySpark.
pub(crate) fn ask(root: &Path, venv: &str) -> Result<String, String> {
    let python = Path::new(venv).join("bin").join("python");
    let script = root
        .join("crates")
        .join("xtask")
        .join("src")
        .join("spark")
        .join("ask.py");
    match Command::new(&python).arg(script).arg(root).status() {
        Ok(status) if status.success() => {
            Ok("crates/spark: the table and the facts are written anew\n".to_owned())
        }
        Ok(status) => Err(format!("{} ended with {status}", python.display())),
        Err(error) => Err(format!("{} cannot be run: {error}", python.display())),
    }
}
