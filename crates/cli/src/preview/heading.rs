//! What is said once of a whole run: above its nodes, and below them.

use std::io::{self, Write};

use glueline_base::Utf8Path;
use glueline_project::Assume;
use glueline_render::{OpenedSession, SessionEnd};
use serde_json::Value as Json;

use super::shown::{Counts, Shown};
use super::text::{BOLD, DIM, Text};
use crate::report::counted;
use crate::settings::Settings;

/// Prints which run it is, what it finds, and the session that it starts.
pub(super) fn write(
    text: &Text<'_>,
    settings: &Settings,
    current_dir: &Utf8Path,
    out: &mut dyn Write,
) -> io::Result<()> {
    let project = text.shown.project;
    let command = text.shown.plan.command.name();
    let refresh = if settings.full_refresh.value {
        " --full-refresh"
    } else {
        ""
    };
    let target = project.target().map_or("", |target| &target.name.value);
    let run = format!("dbt {command}{refresh} for the target {target}");
    writeln!(out, "{}", text.paint(BOLD, &run))?;
    let warehouse = match (&settings.catalog, project.assume()) {
        (Some(catalog), _) => {
            let path = catalog.value.strip_prefix(current_dir).unwrap_or(&catalog.value);
            format!("warehouse: as {path} tells")
        }
        (None, Assume::Absent) => "warehouse: no relation of the project is there".to_owned(),
        (None, Assume::Either) => {
            "warehouse: no relation of the project is there, for nobody says otherwise (--run, --catalog)"
                .to_owned()
        }
        (None, Assume::Exists) => "warehouse: every relation is there as the project makes it".to_owned(),
        (None, Assume::View) => "warehouse: every relation of the project is there as a view".to_owned(),
    };
    writeln!(out, "{}", text.paint(DIM, &warehouse))?;
    writeln!(
        out,
        "{}",
        text.paint(DIM, &format!("release: {}", project.release()))
    )?;
    // Threads that share a session open it each for themselves.
    let mut sessions: Vec<String> = text.shown.plan.sessions.iter().map(told).collect();
    sessions.dedup();
    for session in &sessions {
        writeln!(out, "{}", text.paint(DIM, session))?;
    }
    writeln!(out)
}

/// `session shop-dev: Glue 5.0, 2 workers G.1X, stopped with the command; ...`.
fn told(session: &OpenedSession) -> String {
    let value = |key: &str| match session.create.get(key)? {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let workers = match (value("NumberOfWorkers"), value("WorkerType")) {
        (Some(count), Some(kind)) => Some(format!("{count} workers {kind}")),
        _ => None,
    };
    let stopped = match session.stopped {
        SessionEnd::WithCommand => "stopped when the command ends",
        SessionEnd::WithNode => "stopped when its node is done",
        SessionEnd::Never => "left running until it idles out",
    };
    let facts: Vec<String> = [
        value("GlueVersion").map(|version| format!("Glue {version}")),
        workers,
        Some(stopped.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "session: {}, {}; `{}` before each statement",
        value("Id").unwrap_or_default(),
        facts.join(", "),
        session.use_schema
    )
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
