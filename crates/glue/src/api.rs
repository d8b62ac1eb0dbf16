//! The calls of AWS that Glueline makes, and what they answer, in types of its own.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value as Json};

use crate::catalog::{CatalogTable, CellsFilter, LakeTags, Tagged};
use crate::error::{Error, Kind};

/// The calls, each made once: whoever calls decides what may be tried again ([`crate::Caller`]).
pub trait Api: fmt::Debug + Send + Sync {
    /// Glue `CreateSession`. The id is the caller's, so that the call can be repeated without making two.
    fn create_session(&self, new: &NewSession) -> Result<Session, Error>;
    /// Glue `GetSession`.
    fn get_session(&self, id: &str) -> Result<Session, Error>;
    /// One page of Glue `ListSessions`: what is on it, and the token of the next.
    fn list_sessions(&self, token: Option<&str>) -> Result<Page<Session>, Error>;
    /// Glue `StopSession`.
    fn stop_session(&self, id: &str) -> Result<(), Error>;
    /// Glue `DeleteSession`: frees the id of a session that has ended.
    fn delete_session(&self, id: &str) -> Result<(), Error>;
    /// Glue `RunStatement`: gives the number of the statement. To repeat it is to run the code twice.
    fn run_statement(&self, session: &str, code: &str) -> Result<i32, Error>;
    /// Glue `GetStatement`.
    fn get_statement(&self, session: &str, statement: i32) -> Result<Statement, Error>;
    /// One page of Glue `ListStatements`.
    fn list_statements(&self, session: &str, token: Option<&str>) -> Result<Page<Statement>, Error>;
    /// Glue `CancelStatement`.
    fn cancel_statement(&self, session: &str, statement: i32) -> Result<(), Error>;
    /// STS `GetCallerIdentity`.
    fn caller(&self) -> Result<Identity, Error>;
    /// A call of Glue or Lake Formation that changes something, with the request as a run writes it down; gives what the service
    /// refused within the call. Calls that no run makes are refused.
    fn change(
        &self,
        service: &'static str,
        operation: &'static str,
        request: &Json,
    ) -> Result<Vec<Refusal>, Error>;
    /// One page of Glue `GetTables`: the tables and views of a database.
    fn list_tables(&self, database: &str, token: Option<&str>) -> Result<Page<CatalogTable>, Error>;
    /// Lake Formation `GetResourceLFTags`.
    fn resource_tags(&self, of: Tagged<'_>) -> Result<LakeTags, Error>;
    /// One page of Lake Formation `ListDataCellsFilter`, of a table.
    fn list_filters(
        &self,
        database: &str,
        table: &str,
        token: Option<&str>,
    ) -> Result<Page<CellsFilter>, Error>;
    /// One page of Lake Formation `ListPermissions`, of a filter of data cells: who may read through it.
    fn list_holders(&self, of: &CellsFilter, token: Option<&str>) -> Result<Page<String>, Error>;
}

/// A part of a call that the service refused, while it answered the call itself (`Failures`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// Which part: the key of a tag, the id of an entry.
    pub part: String,
    /// The code of AWS.
    pub code: String,
    /// What AWS says of it.
    pub message: String,
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// What to ask for the next one with; `None` on the last.
    pub next: Option<String>,
}

/// Whose credentials are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account, twelve digits.
    pub account: String,
    /// The principal.
    pub arn: String,
}

/// A state of a session (`SessionStatus` of the Glue service model).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// It is being made.
    Provisioning,
    /// It takes statements.
    Ready,
    /// It could not be made, or broke.
    Failed,
    /// It idled, or lived, for as long as it may.
    Timeout,
    /// It is about to end.
    Stopping,
    /// It was stopped.
    Stopped,
    /// A state that AWS has added since.
    Other(String),
}

impl SessionState {
    /// The state of that name.
    pub fn of(name: &str) -> Self {
        match name {
            "PROVISIONING" => Self::Provisioning,
            "READY" => Self::Ready,
            "FAILED" => Self::Failed,
            "TIMEOUT" => Self::Timeout,
            "STOPPING" => Self::Stopping,
            "STOPPED" => Self::Stopped,
            other => Self::Other(other.to_owned()),
        }
    }

    /// As AWS writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Ready => "READY",
            Self::Failed => "FAILED",
            Self::Timeout => "TIMEOUT",
            Self::Stopping => "STOPPING",
            Self::Stopped => "STOPPED",
            Self::Other(name) => name,
        }
    }

    /// Whether it is over: such a session never takes a statement again. A state that is not known is not over.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Failed | Self::Timeout | Self::Stopped)
    }
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A session, as AWS describes it. Times are milliseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: SessionState,
    /// Why it is in that state, where AWS says so.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: Option<i64>,
    /// When it ended.
    pub completed: Option<i64>,
    /// As which role it runs.
    pub role: Option<String>,
    /// Its release of Glue.
    pub glue_version: Option<String>,
    /// How many workers it has.
    pub workers: Option<i32>,
    /// Of which type they are.
    pub worker_type: Option<String>,
    /// After how many idle minutes it ends.
    pub idle_timeout: Option<i32>,
    /// How many DPU-seconds it has used, where AWS says so.
    pub dpu_seconds: Option<f64>,
    /// For how many seconds it ran, where AWS says so.
    pub ran_seconds: Option<f64>,
}

impl Session {
    /// A session of which nothing is known but its id and state.
    pub fn new(id: impl Into<String>, state: SessionState) -> Self {
        Self {
            id: id.into(),
            state,
            error: None,
            created: None,
            completed: None,
            role: None,
            glue_version: None,
            workers: None,
            worker_type: None,
            idle_timeout: None,
            dpu_seconds: None,
            ran_seconds: None,
        }
    }
}

/// A state of a statement (`StatementState` of the Glue service model).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementState {
    /// It stands in the queue.
    Waiting,
    /// It runs.
    Running,
    /// It is done, and its answer can be had: which may be an error.
    Available,
    /// It is being cancelled.
    Cancelling,
    /// It was cancelled.
    Cancelled,
    /// It failed.
    Error,
    /// A state that AWS has added since.
    Other(String),
}

impl StatementState {
    /// The state of that name.
    pub fn of(name: &str) -> Self {
        match name {
            "WAITING" => Self::Waiting,
            "RUNNING" => Self::Running,
            "AVAILABLE" => Self::Available,
            "CANCELLING" => Self::Cancelling,
            "CANCELLED" => Self::Cancelled,
            "ERROR" => Self::Error,
            other => Self::Other(other.to_owned()),
        }
    }

    /// As AWS writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Waiting => "WAITING",
            Self::Running => "RUNNING",
            Self::Available => "AVAILABLE",
            Self::Cancelling => "CANCELLING",
            Self::Cancelled => "CANCELLED",
            Self::Error => "ERROR",
            Self::Other(name) => name,
        }
    }

    /// Whether nothing will come of it any more.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Available | Self::Cancelled | Self::Error)
    }
}

impl fmt::Display for StatementState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A statement of a session. Its code is not kept: whoever sent it knows it. Times are milliseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its number within the session.
    pub id: i32,
    /// Its state.
    pub state: StatementState,
    /// When it began to run.
    pub started: Option<i64>,
    /// When it was done.
    pub completed: Option<i64>,
    /// What it answered.
    pub answer: Option<Answer>,
}

/// What a statement answered. Its text may hold rows of a table: it is never printed with `{:?}`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// What it printed.
    pub text: Option<String>,
    /// `ok` or `error`, as the session says it.
    pub status: Option<String>,
    /// What it failed with.
    pub error: Option<StatementError>,
}

/// What a statement failed with.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct StatementError {
    /// The class of the exception.
    pub name: String,
    /// Its message.
    pub value: String,
    /// Where it was raised, line by line.
    pub traceback: Vec<String>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field(
                "text",
                &self.text.as_ref().map(|text| format!("{} bytes", text.len())),
            )
            .field("status", &self.status)
            .field("error", &self.error)
            .finish()
    }
}

impl fmt::Debug for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A message of Spark may quote a value of a row.
        f.debug_struct("StatementError")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a session is made with: `CreateSession`, as the preview shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The id of the session.
    pub id: String,
    /// Who asks, as the trail of the account shows it.
    pub origin: String,
    /// The role that it runs as.
    pub role: String,
    /// The name of the command: `glueetl`.
    pub command: String,
    /// The version of Python.
    pub python_version: String,
    /// `DefaultArguments`.
    pub arguments: BTreeMap<String, String>,
    /// The number of workers.
    pub workers: Option<i32>,
    /// Their type.
    pub worker_type: Option<String>,
    /// After how many idle minutes it ends.
    pub idle_timeout: Option<i32>,
    /// After how many minutes it ends, busy or not.
    pub timeout: Option<i32>,
    /// The release of Glue.
    pub glue_version: Option<String>,
    /// The security configuration.
    pub security_configuration: Option<String>,
    /// Connections, in order.
    pub connections: Vec<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Arguments may hold passwords, as those of a metastore.
        f.debug_struct("NewSession")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("arguments", &self.arguments.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl NewSession {
    /// Reads a `CreateSession` request.
    ///
    /// # Errors
    ///
    /// Where something in it is of another type than the service model has it, or is missing that has to be there.
    pub fn read(request: &Json) -> Result<Self, Error> {
        let reader = Reader(request);
        let command = Reader(request.get("Command").unwrap_or(&Json::Null));
        Ok(Self {
            id: reader.needed("Id")?,
            origin: reader.text("RequestOrigin")?.unwrap_or_default(),
            role: reader.needed("Role")?,
            command: command.needed("Name")?,
            python_version: command.text("PythonVersion")?.unwrap_or_default(),
            arguments: reader.texts("DefaultArguments")?,
            workers: reader.whole("NumberOfWorkers")?,
            worker_type: reader.text("WorkerType")?,
            idle_timeout: reader.whole("IdleTimeout")?,
            timeout: reader.whole("Timeout")?,
            glue_version: reader.text("GlueVersion")?,
            security_configuration: reader.text("SecurityConfiguration")?,
            connections: reader.connections()?,
            tags: reader.texts("Tags")?,
        })
    }
}

/// Reads the fields of a request.
struct Reader<'a>(&'a Json);

impl Reader<'_> {
    fn field(&self, name: &str) -> Option<&Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let text = |value: &Json| value.as_str().map(str::to_owned).ok_or_else(|| misread(name));
        self.field(name).map(text).transpose()
    }

    fn needed(&self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| misread(name))
    }

    fn whole(&self, name: &str) -> Result<Option<i32>, Error> {
        let whole = |value: &Json| {
            let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
            number.ok_or_else(|| misread(name))
        };
        self.field(name).map(whole).transpose()
    }

    fn texts(&self, name: &str) -> Result<BTreeMap<String, String>, Error> {
        let Some(value) = self.field(name) else {
            return Ok(BTreeMap::new());
        };
        let map: &Map<String, Json> = value.as_object().ok_or_else(|| misread(name))?;
        let entry = |(key, value): (&String, &Json)| {
            let text = value.as_str().ok_or_else(|| misread(name))?;
            Ok((key.clone(), text.to_owned()))
        };
        map.iter().map(entry).collect()
    }

    fn connections(&self) -> Result<Vec<String>, Error> {
        const NAME: &str = "Connections";
        let Some(list) = self.field(NAME).and_then(|outer| outer.get(NAME)) else {
            return Ok(Vec::new());
        };
        let list = list.as_array().ok_or_else(|| misread(NAME))?;
        let text = |value: &Json| value.as_str().map(str::to_owned).ok_or_else(|| misread(NAME));
        list.iter().map(text).collect()
    }
}

fn misread(field: &str) -> Error {
    Error::new(
        Kind::Refused,
        "CreateSession",
        format!("`{field}` is missing or of the wrong type"),
    )
}
