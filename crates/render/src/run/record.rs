//! What is written down of a run.

use std::sync::Arc;

use glueline_base::{FileId, FileRange};
use glueline_catalog::Change;
use glueline_project::NodeId;
use glueline_project::Table;
use glueline_template::Note;

use super::code::Reading;
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
    /// What Spark gets of it.
    pub reading: Reading,
    /// The error that the session answers, as far as it is known.
    pub error: Option<SparkError>,
    /// The relations that its SQL makes, changes or drops, each as it finds it.
    pub found: Vec<Found>,
    /// The node that sends it; `None` for a hook of the run.
    pub node: Option<NodeId>,
}

/// A relation, as something finds it that happens in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The schema, without a catalog before it.
    pub schema: String,
    /// The name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
}

/// How a relation stands at some time of a run, as far as the catalog file or the project tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody says.
    Unknown,
    /// It is not there.
    Absent,
    /// It is a temporary view of the session.
    Temporary,
    /// It is a view.
    View,
    /// It is a table.
    Table {
        /// Its format in small letters, where it is known.
        format: Option<String>,
        /// Where its files are, where it is known.
        location: Option<String>,
        /// The names of its partition keys, as far as they are known.
        partitions: Vec<String>,
    },
}

impl Standing {
    /// How a table of the catalog stands.
    pub(super) fn of(table: &Table) -> Self {
        if table
            .kind
            .as_deref()
            .is_some_and(|kind| kind.to_lowercase().contains("view"))
        {
            return Self::View;
        }
        let provider = || {
            let parameters = table.parameters.as_ref()?;
            let provider = parameters.get("spark.sql.sources.provider")?.as_deref()?;
            Some(provider.to_lowercase())
        };
        let format = match (table.is_iceberg(), table.is_delta()) {
            (true, _) => Some("iceberg".to_owned()),
            (_, true) => Some("delta".to_owned()),
            _ => provider(),
        };
        Self::Table {
            format,
            location: table.location.clone(),
            partitions: table.partition_keys.iter().map(|key| key.name.clone()).collect(),
        }
    }

    /// Whether a relation that outlives the session is there.
    pub const fn is_there(&self) -> bool {
        matches!(self, Self::View | Self::Table { .. })
    }
}

/// An error of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkError {
    /// The name of the exception: `AnalysisException`.
    pub name: String,
    /// Its text.
    pub value: String,
    /// The lines of the program that was sent through which it came, counted from 1, the outermost first; none where no trace is known.
    pub lines: Vec<u32>,
}

impl SparkError {
    /// An error without a trace.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            lines: Vec::new(),
        }
    }
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
    /// Some batches of a microbatch model ran, and some failed.
    PartialSuccess,
    /// A test that found nothing.
    Pass,
    /// A test that found something, and only warns.
    Warn,
    /// A test that found something.
    Fail,
}

impl Outcome {
    /// As dbt's artifacts write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::PartialSuccess => "partial success",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What came of a node, as hooks at the end of a run are told (`RunResult`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeResult {
    pub(crate) node: NodeId,
    pub(crate) status: &'static str,
    pub(crate) message: Option<String>,
    pub(crate) failures: Option<i64>,
}

/// A batch of a microbatch model that is over, or that is not run for the failure of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RanBatch {
    /// Where it starts: microseconds since 1970, UTC.
    pub start: i64,
    /// Where it ends, which is no longer in it.
    pub end: i64,
    /// Whether it ran.
    pub succeeded: bool,
}

/// What a node did.
#[derive(Debug, Clone)]
pub struct NodeRun {
    /// How it came out, as far as is known.
    pub outcome: Outcome,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What dbt says of it: what the last statement answers, how many rows a test found.
    pub message: Option<String>,
    /// How many rows a test found.
    pub failures: Option<i64>,
    /// The batches of a microbatch model, in order; empty for any other.
    pub batches: Vec<RanBatch>,
    /// What it was compiled to; `None` for what is not compiled.
    pub compiled: Option<Arc<Compiled>>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What could not be known.
    pub unknown: Vec<Note>,
    /// The macros of the project that stood in for shipped ones.
    pub replaced: Vec<Replaced>,
    /// The changes of dbt-glue that the project's release has not, where they would have made a difference.
    pub older: Vec<Change>,
    /// The node's own relation before it runs; `None` for what makes none.
    pub before: Option<Found>,
    /// The node's own relation after it ran, as far as what it sent tells; `None` for what makes none.
    pub after: Option<Found>,
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
