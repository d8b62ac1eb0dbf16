//! What is said once of a whole run: above its nodes, and below them.

use std::io::{self, Write};

use glueline_base::Value;
use glueline_plan::Command;
use glueline_project::Assume;

use super::shown::{Counts, Shown};
use super::text::{BOLD, DIM, Text};
use crate::report::counted;
use crate::settings::Settings;

/// Prints which run it is, what it finds, and the session that it starts.
pub(super) fn write(text: &Text<'_>, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let project = text.shown.project;
    let command = match text.shown.plan.command {
        Command::Run => "run",
        Command::Seed => "seed",
        Command::Snapshot => "snapshot",
        Command::Test => "test",
        Command::Build => "build",
        Command::Compile => "compile",
    };
    let refresh = if settings.full_refresh.value {
        " --full-refresh"
    } else {
        ""
    };
    let target = project.target().map_or("", |target| &target.name.value);
    let run = format!("dbt {command}{refresh} for the target {target}");
    writeln!(out, "{}", text.paint(BOLD, &run))?;
    let warehouse = match (&settings.catalog, project.assume()) {
        (Some(catalog), _) => format!("warehouse: as {} tells", catalog.value),
        (None, Assume::Absent) => "warehouse: no relation of the project is there".to_owned(),
        (None, Assume::Either) => {
            "warehouse: no relation of the project is there, for nobody says otherwise (--run, --catalog)"
                .to_owned()
        }
        (None, Assume::Exists) => "warehouse: every relation is there as the project makes it".to_owned(),
        (None, Assume::View) => "warehouse: every relation of the project is there as a view".to_owned(),
    };
    writeln!(out, "{}", text.paint(DIM, &warehouse))?;
    if let Some(session) = session(text) {
        writeln!(out, "{}", text.paint(DIM, &format!("session: {session}")))?;
    }
    writeln!(out)
}

/// What the profile says of the session: `Glue 5.0, 2 workers G.1X, eu-west-1`.
fn session(text: &Text<'_>) -> Option<String> {
    let target = text.shown.project.target()?;
    let value = |key: &str| match target.get(key)? {
        Value::Str(text) => Some(text.to_string()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    };
    let workers = match (value("workers"), value("worker_type")) {
        (Some(count), Some(kind)) => Some(format!("{count} workers {kind}")),
        _ => None,
    };
    let facts: Vec<String> = [
        value("glue_version").map(|version| format!("Glue {version}")),
        workers,
        value("region"),
        value("glue_session_id").map(|id| format!("id {id}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!facts.is_empty()).then(|| facts.join(", "))
}

/// Counts what there is.
pub(super) fn summary(shown: &Shown<'_>, err: &mut dyn Write) -> io::Result<()> {
    let Counts {
        nodes,
        statements,
        dangers,
        failing,
        skipped,
        unknown,
    } = shown.counts();
    write!(
        err,
        "Previewed {}: {}, {}, {failing} would fail, {skipped} skipped",
        counted(nodes, "node"),
        counted(statements, "statement"),
        counted(dangers, "dangerous step"),
    )?;
    if unknown > 0 {
        write!(
            err,
            "; {} not fully known without a warehouse",
            counted(unknown, "node")
        )?;
    }
    writeln!(err)
}
