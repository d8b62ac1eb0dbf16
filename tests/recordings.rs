//! Recordings of the real dbt and dbt-glue, and the binary run over the projects they were made of.
//!
//! They lie outside this repository, in the directory named by `GLUELINE_ORACLE` (default: `../shared/oracle` beside the checkout).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// A recorded run of a case.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// The directory of the case, which is a dbt project.
    pub(crate) case: PathBuf,
    /// What `case.json` says of the run.
    pub(crate) run: Value,
}

/// Every run of every case. Where there is none, the trial that stands for them: ignored, by name.
fn runs() -> Result<Vec<Run>, Trial> {
    let root = oracle();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root.join("cases"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    if cases.is_empty() {
        let name = format!(
            "recordings of the real dbt-glue ({} is not there)",
            root.display()
        );
        return Err(Trial::test(name, || Ok(())).with_ignored_flag(true));
    }
    cases.sort();
    let runs_of = |case: PathBuf| {
        let description = read_json(&case.join("case.json"));
        let runs = description["runs"].as_array().cloned().unwrap_or_default();
        runs.into_iter().map(move |run| Run {
            case: case.clone(),
            run,
        })
    };
    Ok(cases.into_iter().flat_map(runs_of).collect())
}

/// Runs a check over every recorded run that is wanted, as one test each, says how it went, and ends the process.
pub(crate) fn score<S: Default + Send + 'static>(
    wanted: impl Fn(&Run) -> bool,
    check: fn(&Run, &Mutex<S>) -> Result<(), Failed>,
    told: impl FnOnce(&S) -> String,
) -> ! {
    let arguments = Arguments::from_args();
    let score = Arc::new(Mutex::new(S::default()));
    let trial = |run: Run| {
        let score = Arc::clone(&score);
        Trial::test(run.name(), move || check(&run, &score))
    };
    let trials = match runs() {
        Ok(runs) => runs.into_iter().filter(wanted).map(trial).collect(),
        Err(missing) => vec![missing],
    };
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Ok(score) = score.lock() {
        println!("{}", told(&score));
    }
    conclusion.exit()
}

/// The directory of the recordings.
pub(crate) fn oracle() -> PathBuf {
    let set = std::env::var_os("GLUELINE_ORACLE").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle"))
}

impl Run {
    /// `case/run`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.case_name(), text(&self.run, "name"))
    }

    /// The name of the case.
    pub(crate) fn case_name(&self) -> String {
        let name = self.case.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// What was recorded.
    pub(crate) fn expected(&self) -> Value {
        let name = text(&self.run, "name");
        read_json(&self.case.join(format!("expected.{name}.json")))
    }

    /// Runs the binary over the case as the run was made: with its catalog, target, variables and environment.
    pub(crate) fn glueline(&self, arguments: &[&str]) -> Result<Output, Failed> {
        let (case, run) = (&self.case, &self.run);
        let mut command = Command::new(env!("CARGO_BIN_EXE_glueline"));
        command.args(arguments).arg("--project-dir").arg(case);
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
        Ok(command
            .env_remove("DBT_PROFILES_DIR")
            .envs(environment)
            .output()?)
    }
}

/// A JSON file.
pub(crate) fn read_json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A text of an object; empty where there is none.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
