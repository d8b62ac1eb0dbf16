//! `cargo xtask test`: everything that has to hold, in one command.
//!
//! A step whose tool is missing installs it under `target/tools`, with the ordinary package clients. A step that cannot
//! run here at all is counted and named as skipped, never passed over.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{editors, local, real_dbt};

/// Crates that must never be reachable from the analysis: what touches AWS, a protocol, an event loop or a terminal. `tokio` and
/// the protocol are the server's.
const FORBIDDEN_BELOW_SERVER: [&str; 12] = [
    "aws-config",
    "aws-sdk-glue",
    "aws-sdk-lakeformation",
    "clap",
    "codespan-reporting",
    "glueline-glue",
    "tokio",
    "tower-lsp-server",
    "ls-types",
    "notify",
    "ropey",
    "toml",
];

/// What the binary must not need without its feature `run`.
const FORBIDDEN_WITHOUT_RUN: [&str; 5] = [
    "aws-config",
    "aws-sdk-glue",
    "aws-sdk-lakeformation",
    "glueline-glue",
    "rustls",
];

/// How a step went.
pub(crate) enum Outcome {
    /// It holds.
    Passed,
    /// It does not; why.
    Failed(String),
    /// It cannot be tried here; why.
    Skipped(String),
}

struct Step {
    name: &'static str,
    run: fn(&Path) -> Outcome,
}

const STEPS: [Step; 20] = [
    Step {
        name: "formatting",
        run: |root| command(root, "cargo", &["fmt", "--all", "--check"]),
    },
    Step {
        name: "lints",
        run: lints,
    },
    Step {
        name: "tests",
        run: |root| command(root, "cargo", &["test", "--workspace", "--quiet"]),
    },
    Step {
        name: "forbidden dependencies",
        run: forbidden,
    },
    Step {
        name: "licences and sources of dependencies",
        run: deny,
    },
    Step {
        name: "spelling",
        run: spelling,
    },
    Step {
        name: "catalogue against the real dbt-glue",
        run: catalogue,
    },
    Step {
        name: "pre-commit hook",
        run: pre_commit,
    },
    Step {
        name: "recordings of the real dbt-glue",
        run: recordings,
    },
    Step {
        name: "bundled projects as the real dbt compiles them",
        run: |root| real_dbt::step(root, &oracle(root)),
    },
    Step {
        name: "artifacts as the real dbt writes and reads them",
        run: |root| real_dbt::artifacts(root, &oracle(root)),
    },
    Step {
        name: "bundled project on a local Spark, by the real dbt-glue and by Glueline",
        run: |root| local::step(root, &oracle(root), &["answers", "dbt", "end", "alike"]),
    },
    Step {
        name: "projects that lose data on a local Spark, by the real dbt-glue",
        run: |root| local::step(root, &oracle(root), &["hazards"]),
    },
    Step {
        name: "calls and Spark jobs beside the real dbt-glue",
        run: |root| local::counts(root, &oracle(root)),
    },
    Step {
        name: "language server as three editors ask it",
        run: |root| editors::step(root, "protocol"),
    },
    Step {
        name: "language server in Neovim",
        run: |root| editors::step(root, "neovim"),
    },
    Step {
        name: "language server in Emacs",
        run: |root| editors::step(root, "emacs"),
    },
    Step {
        name: "language server in Helix",
        run: |root| editors::step(root, "helix"),
    },
    Step {
        name: "configurations of other editors",
        run: |root| editors::step(root, "configs"),
    },
    Step {
        name: "language server in VS Code",
        run: editors::vscode::step,
    },
];

/// Runs every step, or those whose name holds one of the `wanted` words; 0 where none failed.
pub(crate) fn run(wanted: &[&str]) -> u8 {
    let is_wanted = |step: &Step| wanted.is_empty() || wanted.iter().any(|word| step.name.contains(word));
    if let Some(word) = wanted
        .iter()
        .find(|word| !STEPS.iter().any(|step| step.name.contains(**word)))
    {
        say(&format!("There is no step `{word}`."));
        return 2;
    }
    let root = root();
    let mut counts = [0_u32; 3];
    let mut lines = Vec::new();
    for step in STEPS.into_iter().filter(is_wanted) {
        say(&format!("== {}", step.name));
        let began = Instant::now();
        let outcome = (step.run)(&root);
        let seconds = began.elapsed().as_secs();
        let (kind, line) = match outcome {
            Outcome::Passed => (0, format!("passed   {} ({seconds} s)", step.name)),
            Outcome::Failed(why) => (1, format!("FAILED   {} ({seconds} s): {why}", step.name)),
            Outcome::Skipped(why) => (2, format!("skipped  {}: {why}", step.name)),
        };
        if let Some(count) = counts.get_mut(kind) {
            *count += 1;
        }
        say(&line);
        lines.push(line);
    }
    say("");
    lines.iter().for_each(|line| say(line));
    let [passed, failed, skipped] = counts;
    say(&format!("{passed} passed, {failed} failed, {skipped} skipped"));
    u8::from(failed > 0)
}

/// The workspace's own directory.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

#[expect(clippy::print_stdout, reason = "a chore's output is its report")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A command that has to succeed.
pub(crate) fn command(root: &Path, program: &str, arguments: &[&str]) -> Outcome {
    command_in(root, program, arguments)
}

fn command_in(dir: &Path, program: &str, arguments: &[&str]) -> Outcome {
    match Command::new(program).args(arguments).current_dir(dir).status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("`{program} {}`: {status}", arguments.join(" "))),
        Err(error) => Outcome::Failed(format!("`{program}` cannot be run: {error}")),
    }
}

fn lints(root: &Path) -> Outcome {
    command(
        root,
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    )
}

fn forbidden(root: &Path) -> Outcome {
    let trees: [(&[&str], &[&str]); 2] = [
        (&["glueline-ide"], &FORBIDDEN_BELOW_SERVER),
        (&["glueline", "--no-default-features"], &FORBIDDEN_WITHOUT_RUN),
    ];
    for (package, forbidden) in trees {
        let outcome = must_not_reach(root, package, forbidden);
        if !matches!(outcome, Outcome::Passed) {
            return outcome;
        }
    }
    Outcome::Passed
}

/// A package, with flags, must not depend on some others.
fn must_not_reach(root: &Path, package: &[&str], forbidden: &[&str]) -> Outcome {
    let output = Command::new("cargo")
        .args([
            "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "-p",
        ])
        .args(package)
        .current_dir(root)
        .output();
    let Ok(output) = output else {
        return Outcome::Failed("`cargo tree` cannot be run".to_owned());
    };
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() || !tree.contains("glueline-base") {
        return Outcome::Failed("`cargo tree` gave no tree".to_owned());
    }
    let is_there = |name: &str| tree.lines().any(|line| line.split(' ').next() == Some(name));
    let reached: Vec<&str> = forbidden.iter().copied().filter(|name| is_there(name)).collect();
    if reached.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("{} reaches {}", package.join(" "), reached.join(", ")))
    }
}

/// Where tools are installed.
pub(crate) fn tools(root: &Path) -> PathBuf {
    root.join("target").join("tools")
}

fn deny(root: &Path) -> Outcome {
    let tools = tools(root);
    let binary = tools.join("bin").join("cargo-deny");
    if !binary.exists() {
        let into = tools.display().to_string();
        let installed = command(
            root,
            "cargo",
            &["install", "--quiet", "--locked", "--root", &into, "cargo-deny"],
        );
        if !matches!(installed, Outcome::Passed) {
            return installed;
        }
    }
    // Those for other systems than this one are never built here, and may not have been downloaded yet.
    let fetched = command(root, "cargo", &["fetch", "--quiet", "--locked"]);
    if !matches!(fetched, Outcome::Passed) {
        return fetched;
    }
    // The advisory database lies on a host that not every machine reaches: see `--advisories` of the tool itself.
    let config = root.join(".deny.toml").display().to_string();
    command(
        root,
        &binary.display().to_string(),
        &[
            "--offline",
            "--config",
            &config,
            "check",
            "bans",
            "licenses",
            "sources",
        ],
    )
}

/// A virtual environment of Python with these packages in it.
fn python(root: &Path, name: &str, packages: &[&str], with_dependencies: bool) -> Result<PathBuf, Outcome> {
    let venv = tools(root).join(name);
    let pip = venv.join("bin").join("pip");
    if !pip.exists() {
        let place = venv.display().to_string();
        let made = command(root, "python3", &["-m", "venv", &place]);
        if !matches!(made, Outcome::Passed) {
            return Err(made);
        }
    }
    let mut arguments = vec!["install", "--quiet", "--disable-pip-version-check"];
    if !with_dependencies {
        arguments.push("--no-deps");
    }
    arguments.extend(packages);
    match command(root, &pip.display().to_string(), &arguments) {
        Outcome::Passed => Ok(venv),
        other => Err(other),
    }
}

fn spelling(root: &Path) -> Outcome {
    match python(root, "lint-tools", &["typos==1.50.2"], true) {
        Ok(venv) => {
            let binary = venv.join("bin").join("typos").display().to_string();
            command(root, &binary, &["--config", ".typos.toml"])
        }
        Err(outcome) => outcome,
    }
}

/// The releases that the catalogue describes.
const DBT: [&str; 5] = [
    "dbt-core==1.12.6",
    "dbt-glue==1.12.4",
    "dbt-adapters==1.24.5",
    "dbt-common==1.39.0",
    "dbt-spark==1.11.0",
];

fn catalogue(root: &Path) -> Outcome {
    match python(root, "dbt", &DBT, false) {
        Ok(venv) => {
            let venv = venv.display().to_string();
            command(root, "cargo", &["xtask", "catalog-diff", "--venv", &venv])
        }
        Err(outcome) => outcome,
    }
}

/// The hook as a user's repository would run it: from a clone of this one, over the bundled projects, each in a folder of
/// a repository of its own. It is installed once; no more is asked of the compiler than that it comes out as it should.
fn pre_commit(root: &Path) -> Outcome {
    let venv = match python(root, "pre-commit", &["pre-commit==4.7.0"], true) {
        Ok(venv) => venv,
        Err(outcome) => return outcome,
    };
    let binary = venv.join("bin").join("pre-commit").display().to_string();
    let work = tools(root).join("pre-commit-work");
    let configured = hook_of(root, &work.join("hook"));
    let home = work.join("home").display().to_string();
    let target = tools(root).join("pre-commit-target").display().to_string();
    let environment = [
        ("PRE_COMMIT_HOME", home.as_str()),
        ("CARGO_TARGET_DIR", target.as_str()),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ];
    let _ = std::fs::remove_dir_all(&home);
    for (project, clean) in [("shop", true), ("examples", true), ("shop-faulty", false)] {
        let copied = configured
            .as_deref()
            .map_err(Clone::clone)
            .and_then(|config| repository_with(root, project, &work.join(project), config));
        let copied = match copied {
            Ok(copied) => copied,
            Err(why) => return Outcome::Failed(why),
        };
        let output = Command::new(&binary)
            .args(["run", "glueline", "--all-files", "--verbose"])
            .current_dir(copied)
            .envs(environment)
            .output();
        let Ok(output) = output else {
            return Outcome::Failed("`pre-commit` cannot be run".to_owned());
        };
        let talk = String::from_utf8_lossy(&output.stdout).into_owned();
        let summary = if clean { "No findings in" } else { "Found " };
        if output.status.success() != clean || !talk.contains(summary) {
            say(&talk);
            say(&String::from_utf8_lossy(&output.stderr));
            return Outcome::Failed(format!("the hook is wrong about fixtures/{project}"));
        }
    }
    Outcome::Passed
}

/// Clones this repository with what is not committed yet in it, as a commit; the configuration that asks for the hook of it.
fn hook_of(root: &Path, place: &Path) -> Result<String, String> {
    let _ = std::fs::remove_dir_all(place);
    let (from, into) = (root.display().to_string(), place.display().to_string());
    let git_dir = place.join(".git").display().to_string();
    let here = ["--git-dir", git_dir.as_str(), "--work-tree", from.as_str()];
    let who = ["-c", "user.name=glueline", "-c", "user.email=glueline@localhost"];
    let clone = ["clone", "--quiet", "--shared", "--no-checkout", &from, &into];
    let commit = [
        "commit",
        "--quiet",
        "--no-verify",
        "--allow-empty",
        "--message",
        "worktree",
    ];
    for arguments in [
        clone.to_vec(),
        [&here[..], &["read-tree", "HEAD"]].concat(),
        [&here[..], &["add", "--update", "."]].concat(),
        [&here[..], &who, &commit].concat(),
    ] {
        if let Outcome::Failed(why) = command_in(root, "git", &arguments) {
            return Err(why);
        }
    }
    let output = Command::new("git")
        .args(here)
        .args(["rev-parse", "HEAD"])
        .output();
    let revision = output.map_err(|error| error.to_string())?.stdout;
    let revision = String::from_utf8_lossy(&revision);
    Ok(format!(
        "repos:\n  - repo: {into}\n    rev: {}\n    hooks:\n      - id: glueline\n",
        revision.trim()
    ))
}

/// A repository that holds a bundled project in a folder, and asks for hooks; the folder.
fn repository_with(root: &Path, project: &str, place: &Path, hooks: &str) -> Result<PathBuf, String> {
    let _ = std::fs::remove_dir_all(place);
    std::fs::create_dir_all(place).map_err(|error| format!("{}: {error}", place.display()))?;
    let config = place.join(".pre-commit-config.yaml");
    std::fs::write(&config, hooks).map_err(|error| format!("{}: {error}", config.display()))?;
    let source = root.join("fixtures").join(project).display().to_string();
    let target = place.display().to_string();
    for (program, arguments) in [
        ("cp", vec!["-r", source.as_str(), target.as_str()]),
        ("git", vec!["init", "--quiet", "."]),
        ("git", vec!["add", "--all", "--force", "."]),
    ] {
        if let Outcome::Failed(why) = command_in(place, program, &arguments) {
            return Err(why);
        }
    }
    Ok(place.join(project))
}

/// Where recordings of the real dbt lie, and what records them.
pub(crate) fn oracle(root: &Path) -> PathBuf {
    std::env::var_os("GLUELINE_ORACLE").map_or_else(|| root.join("../shared/oracle"), PathBuf::from)
}

/// The score against recordings is part of the tests; here it is only said when they are not there.
fn recordings(root: &Path) -> Outcome {
    let place = oracle(root);
    if !place.join("cases").is_dir() {
        return Outcome::Skipped(format!(
            "there are none at {} (GLUELINE_ORACLE names them)",
            place.display()
        ));
    }
    command(root, "cargo", &["test", "--quiet", "--test", "oracle"])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The tests of a crate are one program, which names its parts: a part that nobody names would never run.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the folders of the workspace are no project"
    )]
    fn every_file_of_tests_is_run() {
        let mut seen = 0;
        for package in fs::read_dir(root().join("crates")).unwrap() {
            let tests = package.unwrap().path().join("tests");
            let Ok(main) = fs::read_to_string(tests.join("main.rs")) else {
                continue;
            };
            let manifest = fs::read_to_string(tests.join("../Cargo.toml")).unwrap();
            for file in fs::read_dir(&tests).unwrap() {
                let file = file.unwrap().path();
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                if file.extension().is_some_and(|extension| extension == "rs") && name != "main" {
                    let named = main.lines().any(|line| line == format!("mod {name};"));
                    let own = manifest.contains(&format!("[[test]]\nname = \"{name}\""));
                    assert!(named || own, "{} names no {name}", tests.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 50, "only {seen} files of tests were found");
    }
}
