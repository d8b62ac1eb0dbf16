//! What is written down of a run.

use std::sync::Arc;

use glueline_base::{FileId, FileRange};
use glueline_template::Note;

use crate::compile::{Compiled, Failure};

/// What happens while a node runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A statement is sent to the session.
    Statement(Statement),
    /// A service of AWS is called.
    Call(ApiCall),
    /// The adapter logs something and goes on.
    Log(LogLine),
}

/// A statement that is sent to the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL with its comment, as it stands between the quotes of the code; `None` for other Python code.
    pub sql: Option<String>,
    /// The `Code` of the `RunStatement` call.
    pub code: String,
    /// The error that the session answers, as far as it is known.
    pub error: Option<SparkError>,
}

/// An error of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkError {
    /// The name of the exception: `AnalysisException`.
    pub name: String,
    /// Its text.
    pub value: String,
}

/// A call of a service of AWS.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiCall {
    /// `glue`, `lakeformation`, `sts`.
    pub service: &'static str,
    /// `GetTable`, ...
    pub operation: &'static str,
    /// What is asked, in the service's own shape.
    pub request: serde_json::Value,
    /// The error that the service answers, as far as it is known.
    pub error: Option<&'static str>,
}

/// A line that the adapter logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The line.
    pub message: String,
}

/// A macro of the project that is called in the place of one that dbt or an adapter ships.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// The name under which it is found: `get_merge_sql`, `glue__create_table_as`, `materialization_table_glue`.
    pub name: Arc<str>,
    /// The file that defines it.
    pub file: FileId,
}

/// How a node came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Success,
    /// It failed.
    Error,
    /// A test that found nothing.
    Pass,
    /// A test that found something, and only warns.
    Warn,
    /// A test that found something.
    Fail,
}

/// What a node did.
#[derive(Debug, Clone)]
pub struct NodeRun {
    /// How it came out, as far as is known.
    pub outcome: Outcome,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What it was compiled to; `None` for what is not compiled.
    pub compiled: Option<Arc<Compiled>>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What could not be known.
    pub unknown: Vec<Note>,
    /// The macros of the project that stood in for shipped ones.
    pub replaced: Vec<Replaced>,
}

impl NodeRun {
    /// The statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.events.iter().filter_map(|event| match event {
            Event::Statement(statement) => Some(statement),
            Event::Call(_) | Event::Log(_) => None,
        })
    }

    /// Where the failure is.
    pub fn place(&self) -> Option<FileRange> {
        self.failure.as_ref().and_then(Failure::place)
    }
}
