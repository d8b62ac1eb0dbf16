//! What carries a run out, where it is not only played through.
//!
//! The same macros and the same adapter send the same statements; what the session answers is what they go on with, in place of what
//! a catalog file says or nobody knows.

use std::fmt;
use std::sync::Arc;

use glueline_template::{Error, ErrorKind, Value, from_json, to_json};

use super::{ApiCall, OpenedSession, SparkError, Statement};
use crate::introspect::{self, Answered};

/// Sends what a run says, and waits for what comes back.
pub trait Live: fmt::Debug + Send + Sync {
    /// Runs a statement in a session. `None` comes back for what gives no rows, not even none.
    ///
    /// # Errors
    ///
    /// With why there is no answer.
    fn statement(&self, session: &OpenedSession, statement: &Statement) -> Result<Option<Rows>, NoAnswer>;

    /// Makes a call that changes something: a database, a grant, the entry of a table. Calls that only ask are not made: the catalog
    /// was read before the run.
    ///
    /// # Errors
    ///
    /// With why it is not known to be done.
    fn call(&self, call: &ApiCall) -> Result<(), NoAnswer>;
}

/// What a statement gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns, with their types as Python prints those of Spark: `IntegerType()`.
    pub columns: Vec<(String, String)>,
    /// The values of each row.
    pub rows: Vec<Vec<serde_json::Value>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The session, or the service, refuses: this node fails.
    Refused(SparkError),
    /// Nothing came back, and nobody knows what was done: the session is gone, or somebody stopped the run. A text for people.
    Stopped(String),
}

/// Sends a statement.
pub(super) fn statement(
    live: &Arc<dyn Live>,
    session: &OpenedSession,
    statement: &Statement,
) -> Result<Option<Answered>, NoAnswer> {
    let rows = live.statement(session, statement)?;
    rows.map(|rows| answered(&rows))
        .transpose()
        .map_err(|error| NoAnswer::Stopped(format!("the rows that came back cannot be read: {error}")))
}

/// Rows as templates take them: what holds other values becomes a text of JSON (`table_from_data_flat` of dbt).
fn answered(rows: &Rows) -> Result<Answered, Error> {
    let cell = |cell: &serde_json::Value| -> Result<Value, Error> {
        let value = from_json(&cell.to_string())?;
        Ok(match cell {
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                Value::from(to_json(&value, false)?)
            }
            _ => value,
        })
    };
    let row = |row: &Vec<serde_json::Value>| row.iter().map(cell).collect();
    Ok(Answered {
        columns: rows.columns.clone(),
        rows: rows.rows.iter().map(row).collect::<Result<_, _>>()?,
    })
}

impl NoAnswer {
    /// What dbt-glue would say of a statement with this code.
    pub(super) fn of_statement(self, code: &str) -> Error {
        match self {
            Self::Refused(error) => introspect::database_error(code, &error),
            Self::Stopped(message) => Error::new(ErrorKind::Python("DbtRuntimeError"), message),
        }
    }

    /// Lets a refusal pass, as code does that logs what goes wrong and goes on. Where nobody knows what was done nothing goes on.
    ///
    /// # Errors
    ///
    /// With what is no refusal.
    pub(crate) fn refused(self) -> Result<(), Self> {
        match self {
            Self::Refused(_) => Ok(()),
            Self::Stopped(_) => Err(self),
        }
    }

    /// What botocore would say of a call.
    pub(crate) fn of_call(self) -> Error {
        match self {
            Self::Refused(_) => Error::new(ErrorKind::Python("ClientError"), self.to_string()),
            Self::Stopped(message) => Error::new(ErrorKind::Python("DbtRuntimeError"), message),
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "{}: {}", error.name, error.value),
            Self::Stopped(message) => f.write_str(message),
        }
    }
}
