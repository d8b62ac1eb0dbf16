//! Chores of the workspace: `cargo xtask CHORE`.

mod bench;
mod diff;
mod editors;
mod generate;
mod jinja;
mod local;
mod macro_table;
mod python;
mod real_dbt;
mod report;
mod spark;
mod test;
mod upstream;

use std::io::Write;
use std::process::ExitCode;

use glueline_base::{OsSystem, Utf8Path};

use crate::upstream::Upstream;

const USAGE: &str = "\
Usage:
  cargo xtask bench --project DIR       Time `check` and `compile` on a project, and with [--model NAME] `compile` of
                                        one model; [--dbt FILE] compares with `dbt parse` and `dbt compile`, [--runs N]
                                        and [--dbt-runs N] say how often.
  cargo xtask bench run [OPTIONS]       Time `run` and `show` on a local Spark beside dbt's, and count calls and Spark jobs:
                                        [--models N] [--rounds N] [--threads N] [--json FILE].
  cargo xtask catalog-diff --venv DIR   Compare the catalogue with the dbt-glue installed in a virtual environment.
                                        Status 0: nothing differs, 1: something does, 2: a file is missing.
  cargo xtask generate [--check]        Write what is made of tables of the code, or say whether it is up to date.
  cargo xtask macro-table --venv DIR    Write the table of shipped macros anew.
  cargo xtask spark-functions --venv DIR [--check]
                                        Ask the PySpark of a virtual environment for its functions and what it makes of
                                        types, and write tables and facts of crates/spark anew, or say whether they are up
                                        to date. Takes half an hour.
  cargo xtask test [WORDS...]           Everything that has to hold; tools that are missing are installed under target/tools.
                                        With WORDS, the steps whose names hold one of them, such as `Neovim`.
";

/// Nothing to report.
const FINE: u8 = 0;
/// The catalogue and the installed release differ.
const DIFFERENT: u8 = 1;
/// The chore could not be done.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["bench", "run", options @ ..] = arguments.as_slice() {
        return ExitCode::from(bench::side_by_side(options));
    }
    if let ["bench", options @ ..] = arguments.as_slice()
        && let Some(options) = bench::Options::read(options)
    {
        return ExitCode::from(bench::run(&options));
    }
    if let ["test", wanted @ ..] = arguments.as_slice() {
        return ExitCode::from(test::run(wanted));
    }
    let (out, status) = match arguments.as_slice() {
        ["catalog-diff", "--venv", venv] => catalog_diff(venv),
        ["macro-table", "--venv", venv] => write_macro_table(venv),
        ["spark-functions", "--venv", venv] => match spark::ask(&test::root(), venv) {
            Ok(done) => (done, FINE),
            Err(problem) => (format!("{problem}\n"), FAILED),
        },
        ["spark-functions", "--venv", venv, "--check"] => spark_differs(venv),
        ["generate"] => generated(false),
        ["generate", "--check"] => generated(true),
        ["help" | "--help" | "-h"] => (USAGE.to_owned(), FINE),
        _ => (USAGE.to_owned(), FAILED),
    };
    let written = if status == FAILED {
        std::io::stderr().write_all(out.as_bytes())
    } else {
        std::io::stdout().write_all(out.as_bytes())
    };
    ExitCode::from(if written.is_ok() { status } else { FAILED })
}

fn catalog_diff(venv: &str) -> (String, u8) {
    let report = Upstream::open(&OsSystem, Utf8Path::new(venv)).and_then(|upstream| diff::compare(&upstream));
    match report {
        Err(problem) => (format!("{problem}\n"), FAILED),
        Ok(report) if report.is_clean() => (report.to_string(), FINE),
        Ok(report) => (report.to_string(), DIFFERENT),
    }
}

fn spark_differs(venv: &str) -> (String, u8) {
    match spark::differing(&test::root(), venv) {
        Err(problem) => (format!("{problem}\n"), FAILED),
        Ok(differing) if differing.is_empty() => {
            ("crates/spark: Spark says what is written\n".to_owned(), FINE)
        }
        Ok(differing) => (format!("differing: {}\n", differing.join(", ")), DIFFERENT),
    }
}

fn generated(check: bool) -> (String, u8) {
    match generate::run(&test::root(), check) {
        Ok(done) => (done, FINE),
        Err(problem) => (format!("{problem}\n"), FAILED),
    }
}

fn write_macro_table(venv: &str) -> (String, u8) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../catalog/src/jinja/shipped_macros.rs"
    );
    let done = Upstream::open(&OsSystem, Utf8Path::new(venv))
        .and_then(|upstream| macro_table::render(&upstream))
        .and_then(|text| std::fs::write(path, text).map_err(|error| format!("cannot write {path}: {error}")));
    match done {
        Ok(()) => ("The table of shipped macros is written.\n".to_owned(), FINE),
        Err(problem) => (format!("{problem}\n"), FAILED),
    }
}
