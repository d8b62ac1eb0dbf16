//! What is told of a run as a whole, as lines of the event stream. What nodes do is told by [`super::events`].

use std::io::{self, Write};

use glueline_base::{Diagnostic, RuleMeta};
use glueline_project::Project;
use serde_json::{Value as Json, json};

use crate::exit::{Exit, Failure};
use crate::report::{self, Report};

/// How a run ended that nothing kept from ending.
#[derive(Debug)]
pub(super) enum End {
    /// All went well.
    Success,
    /// Some nodes failed.
    Failed,
    /// Nothing was sent: somebody has to agree first.
    Asks,
    /// Nothing was sent, with this status and for this reason, which was said.
    Refused(Exit, String),
}

impl End {
    /// The status of the process.
    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Success => Exit::Success,
            Self::Failed | Self::Asks => Exit::Findings,
            Self::Refused(exit, _) => exit,
        }
    }
}

/// Prints a line, at once.
pub(super) fn write(event: &Json, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{event}")?;
    out.flush()
}

/// How many nodes and hooks there are in the plan.
pub(super) fn planned(nodes: usize) -> Json {
    json!({"event": "planned", "nodes": nodes})
}

/// The last line.
pub(super) fn ended(end: &Result<End, Failure>) -> Json {
    let (status, message) = match end {
        Ok(End::Success) => ("success", None),
        Ok(End::Failed) => ("failed", None),
        Ok(End::Asks) => ("asks", None),
        Ok(End::Refused(_, why)) => ("error", Some(why.clone())),
        Err(Failure::Interrupted(why)) => ("interrupted", Some(why.clone())),
        Err(failure) => ("error", failure.message()),
    };
    json!({"event": "ended", "status": status, "message": message})
}

/// Findings in the shape that `check --output-format json` gives them.
pub(super) fn findings(found: &[Diagnostic], project: &Project, rules: &[RuleMeta]) -> Vec<Json> {
    let sources = project.files().sources().to_vec();
    report::values(&Report::of_faults(found, &sources, rules, ""))
}
