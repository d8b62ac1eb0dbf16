//! `cargo xtask bench`: how long `glueline check`, `compile` and `preview` take on a project, against `dbt parse` and `dbt compile`.
//!
//! `dbt compile` asks the catalog about incremental models: credentials or an endpoint (`AWS_ENDPOINT_URL`) are taken from the
//! environment, as dbt takes them.
//!
//! `cargo xtask bench run` times `glueline run` and `show` beside dbt's, on a local Spark: see `tests/bench/run_bench.py`.
//!
//! Times whole processes with GNU `time` (Debian package `time`): wall seconds and peak memory, the median of the runs
//! after one that is not counted.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::local;
use crate::test::{Outcome, oracle, root, say};

/// What to measure.
#[derive(Debug)]
pub(crate) struct Options {
    /// The project.
    pub(crate) project: PathBuf,
    /// The model that is compiled alone, if any.
    pub(crate) model: Option<String>,
    /// The `dbt` to compare with.
    pub(crate) dbt: Option<PathBuf>,
    /// Runs of `glueline` that count.
    pub(crate) runs: usize,
    /// Runs of `dbt` that count.
    pub(crate) dbt_runs: usize,
}

impl Options {
    /// Reads `--project DIR [--model NAME] [--dbt FILE] [--runs N] [--dbt-runs N]`.
    pub(crate) fn read(arguments: &[&str]) -> Option<Self> {
        let mut options = Self {
            project: PathBuf::new(),
            model: None,
            dbt: None,
            runs: 7,
            dbt_runs: 1,
        };
        for pair in arguments.chunks(2) {
            match pair {
                ["--project", value] => options.project = value.into(),
                ["--model", value] => options.model = Some((*value).to_owned()),
                ["--dbt", value] => options.dbt = Some(value.into()),
                ["--runs", value] => options.runs = value.parse().ok().filter(|runs| *runs > 0)?,
                ["--dbt-runs", value] => options.dbt_runs = value.parse().ok().filter(|runs| *runs > 0)?,
                _ => return None,
            }
        }
        (!options.project.as_os_str().is_empty()).then_some(options)
    }
}

/// Wall seconds and peak memory in kilobytes.
#[derive(Debug, Clone, Copy)]
struct Cost {
    seconds: f64,
    kilobytes: u64,
}

/// Measures and reports; the status of the process.
pub(crate) fn run(options: &Options) -> u8 {
    match measure(options) {
        Ok(()) => 0,
        Err(why) => {
            say(&format!("cannot measure: {why}"));
            2
        }
    }
}

/// Measures `run` and `show` beside dbt, with options of `tests/bench/run_bench.py`; the status of the process.
pub(crate) fn side_by_side(options: &[&str]) -> u8 {
    let root = root();
    let outcome = match release_binary() {
        Ok(binary) => local::script(&root, &oracle(&root), local::BENCH, &binary, options),
        Err(why) => Outcome::Failed(why),
    };
    match outcome {
        Outcome::Passed => 0,
        Outcome::Failed(why) | Outcome::Skipped(why) => {
            say(&format!("cannot measure: {why}"));
            2
        }
    }
}

/// Commands of ours and the one of dbt that they are compared with.
struct Pair {
    ours: Vec<&'static [&'static str]>,
    theirs: Vec<&'static str>,
    select: Option<String>,
}

/// What is measured, one after the other. dbt always reads the project anew, as Glueline does.
fn pairs(options: &Options) -> Vec<Pair> {
    const COMPILE: [&str; 4] = ["compile", "--no-partial-parse", "--no-populate-cache", "--quiet"];
    const PREVIEW: &[&str] = &["preview", "--quiet", "--output", "json"];
    let mut pairs = vec![
        Pair {
            ours: vec![&["check", "--quiet", "--exit-zero", "--output-format", "json"]],
            theirs: vec!["parse", "--no-partial-parse", "--quiet"],
            select: None,
        },
        Pair {
            ours: vec![&["compile", "--quiet", "--output", "json"], PREVIEW],
            theirs: COMPILE.to_vec(),
            select: None,
        },
    ];
    if let Some(model) = &options.model {
        pairs.push(Pair {
            ours: vec![&["compile", "--quiet"], PREVIEW],
            theirs: COMPILE.to_vec(),
            select: Some(model.clone()),
        });
    }
    pairs
}

fn measure(options: &Options) -> Result<(), String> {
    let binary = release_binary()?;
    let project = options.project.display().to_string();
    for pair in pairs(options) {
        let select: Vec<&str> = pair
            .select
            .iter()
            .flat_map(|model| ["--select", model.as_str()])
            .collect();
        let mut costs = Vec::new();
        for command in &pair.ours {
            let ours = [command, &["--project-dir", &project][..], &select].concat();
            let cost = median(&binary, &ours, Path::new("."), 1, options.runs)?;
            say(&line("glueline", command, &select, cost, options.runs));
            costs.push(cost);
        }
        let Some(dbt) = &options.dbt else { continue };
        let theirs = [pair.theirs.as_slice(), &["--profiles-dir", "."], &select].concat();
        let dbt_cost = median(dbt, &theirs, &options.project, 0, options.dbt_runs)?;
        say(&line("dbt", &pair.theirs, &select, dbt_cost, options.dbt_runs));
        for cost in costs {
            let ratio = dbt_cost.seconds / cost.seconds;
            say(&format!("{:<34}{ratio:>9.0} x", "ratio"));
        }
    }
    Ok(())
}

/// What a command cost: its program and name, and the selection, are enough to tell it by.
fn line(program: &str, command: &[&str], select: &[&str], cost: Cost, runs: usize) -> String {
    let name = command.first().copied().unwrap_or_default();
    let name = [&[program, name], select].concat().join(" ");
    format!(
        "{name:<34}{:>9.3} s   {:>5} MB   median of {runs} runs",
        cost.seconds,
        cost.kilobytes / 1024
    )
}

fn release_binary() -> Result<PathBuf, String> {
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet"])
        .current_dir(root())
        .status();
    match built {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("`cargo build --release`: {status}")),
        Err(error) => return Err(format!("`cargo` cannot be run: {error}")),
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release").join("glueline"))
}

fn median(
    program: &Path,
    arguments: &[&str],
    dir: &Path,
    warm_up: usize,
    runs: usize,
) -> Result<Cost, String> {
    let mut costs = Vec::new();
    for run in 0..warm_up + runs {
        let cost = one(program, arguments, dir)?;
        if run >= warm_up {
            costs.push(cost);
        }
    }
    costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let kilobytes = costs.iter().map(|cost| cost.kilobytes).max().unwrap_or_default();
    let middle = costs.get(costs.len() / 2).ok_or("no run")?;
    Ok(Cost {
        seconds: middle.seconds,
        kilobytes,
    })
}

fn one(program: &Path, arguments: &[&str], dir: &Path) -> Result<Cost, String> {
    let output = Command::new("time")
        .args(["--quiet", "--format", "%e %M"])
        .arg(program)
        .args(arguments)
        .current_dir(dir)
        .env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("GNU `time` cannot be run ({error}); it is in the package `time`"))?;
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", program.display(), talk.trim()));
    }
    let line = talk.lines().last().unwrap_or_default();
    let mut fields = line.split(' ');
    let seconds = fields.next().and_then(|field| field.parse().ok());
    let kilobytes = fields.next().and_then(|field| field.parse().ok());
    match (seconds, kilobytes) {
        (Some(seconds), Some(kilobytes)) => Ok(Cost { seconds, kilobytes }),
        _ => Err(format!("`time` said {line:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_pairs() {
        let options = Options::read(&["--project", "p", "--runs", "3"]).unwrap();
        assert_eq!(
            (options.project, options.runs, options.dbt),
            ("p".into(), 3, None)
        );
        assert!(Options::read(&[]).is_none());
        assert!(Options::read(&["--project", "p", "--runs", "0"]).is_none());
        assert!(Options::read(&["--project", "p", "--fast"]).is_none());
    }
}
