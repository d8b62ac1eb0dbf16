//! Projects on disk, and the built binary over them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A project file and a profile that nothing can be said against.
const PROJECT: &str = "name: shop\nprofile: shop\nversion: '1.0.0'\n";
const PROFILES: &str = include_str!("../../crates/rules/tests/common/profiles.yml");

/// A project in a directory of its own, removed at the end.
#[derive(Debug)]
pub(crate) struct Project {
    directory: PathBuf,
}

/// What a run printed.
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit status.
    pub(crate) status: i32,
    /// Data.
    pub(crate) stdout: String,
    /// Talk.
    pub(crate) stderr: String,
}

/// A finding that must be there.
#[derive(Debug)]
pub(crate) struct Seen {
    rule: &'static str,
    path: &'static str,
    line: u64,
}

impl Seen {
    /// A finding of a rule on a line of a file.
    pub(crate) fn new(rule: &'static str, path: &'static str, line: u64) -> Self {
        Self { rule, path, line }
    }
}

impl Project {
    /// A directory with nothing in it.
    pub(crate) fn empty() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("glueline-test-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        Self {
            directory: directory.canonicalize().unwrap(),
        }
    }

    /// A project with these files over a plain project file and profile.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        project.write("dbt_project.yml", PROJECT);
        project.write("profiles.yml", PROFILES);
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// Where a file lies.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.join(path)
    }

    /// Writes a file and the directories above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let place = self.path(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Every file below a directory, relative to the project, sorted.
    pub(crate) fn files_below(&self, directory: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.path(directory)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{directory}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                found.extend(self.files_below(&path));
            } else {
                found.push(path);
            }
        }
        found.sort();
        found
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    /// Runs the binary in the project.
    pub(crate) fn glueline(&self, arguments: &[&str]) -> Output {
        self.glueline_with(arguments, &[])
    }

    /// Runs the binary in the project, with variables in an otherwise clean environment.
    pub(crate) fn glueline_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        self.run(&self.directory, arguments, environment)
    }

    /// Runs the binary in another directory.
    pub(crate) fn glueline_at(&self, directory: &str, arguments: &[&str]) -> Output {
        self.run(Path::new(directory), arguments, &[])
    }

    /// The binary, about to run in a directory, with variables in an otherwise clean environment.
    pub(crate) fn command(
        &self,
        directory: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_glueline"));
        command
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .env("HOME", &self.directory)
            .envs(environment.iter().copied());
        command
    }

    fn run(&self, directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let output = self.command(directory, arguments, environment).output().unwrap();
        Output {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What `check` finds, as rule, path and line.
    pub(crate) fn found(&self) -> (i32, Vec<(String, String, u64)>) {
        let output = self.glueline(&["check", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {} {}", output.stdout, output.stderr));
        let found = report["diagnostics"].as_array().unwrap().iter().map(|found| {
            let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
            (
                text("rule"),
                text("path"),
                found["range"]["start"]["line"].as_u64().unwrap_or_default(),
            )
        });
        (output.status, found.collect())
    }

    /// Checks, and requires a status and findings; others may be there too.
    pub(crate) fn expect(&self, status: i32, seen: &[Seen]) {
        let (got, found) = self.found();
        for seen in seen {
            let is_there = found
                .iter()
                .any(|(rule, path, line)| *rule == seen.rule && *path == seen.path && *line == seen.line);
            assert!(is_there, "no {seen:?} among {found:#?}");
        }
        assert_eq!(got, status, "{found:#?}");
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}
