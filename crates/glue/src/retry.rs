//! Calls that are made again, and the pauses between.

use std::cell::Cell;
use std::time::Duration;

use glueline_base::Cancel;
use serde_json::Value as Json;

use crate::api::{Api, Identity, Page, Refusal, Session, Statement};
use crate::catalog::{CatalogTable, CellsFilter, LakeTags, Tagged};
use crate::clock::Clock;
use crate::error::{Error, Kind};

/// Pauses that grow by half, from the first to the longest.
#[derive(Debug, Clone)]
pub struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    /// Pauses from `first` to `longest`.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest }
    }

    /// The next pause.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next.min(self.longest);
        self.next = pause.saturating_add(pause / 2);
        pause
    }
}

/// How often a call is made before its fault is told. Throttling passes; what cannot be reached now can rarely be reached soon.
fn attempts(kind: &Kind) -> u32 {
    match kind {
        Kind::Throttled => 8,
        Kind::Unreachable => 2,
        _ => 4,
    }
}

/// Makes calls of AWS, again where it does no harm.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The calls.
    pub api: &'a dyn Api,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Ends every wait.
    pub cancel: &'a Cancel,
}

/// Which faults a call is made again after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Whatever may go away by itself: to make the call twice is to make it once.
    Anyhow,
    /// Only what says that the call did nothing.
    IfUnheard,
}

/// Whether a fault says that what is asked for is so already.
fn is_done(operation: &str, kind: &Kind) -> bool {
    match kind {
        Kind::AlreadyExists => operation.starts_with("Create"),
        Kind::NotFound => operation.starts_with("Delete"),
        _ => false,
    }
}

impl Caller<'_> {
    /// Makes a call until it is answered for good.
    ///
    /// # Errors
    ///
    /// The last fault, or that somebody said stop.
    pub(crate) fn call<T>(
        &self,
        again: Again,
        call: impl Fn(&dyn Api) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut backoff = Backoff::new(Duration::from_millis(400), Duration::from_secs(10));
        let mut made = 0;
        loop {
            let error = match call(self.api) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            made += 1;
            let harmless = match again {
                Again::Anyhow => error.is_transient(),
                Again::IfUnheard => error.is_transient() && !error.may_have_arrived(),
            };
            if !harmless || made >= attempts(&error.kind) {
                return Err(error);
            }
            self.pause(backoff.pause())?;
        }
    }

    /// Lets time pass.
    ///
    /// # Errors
    ///
    /// Where somebody said stop.
    pub(crate) fn pause(&self, pause: Duration) -> Result<(), Error> {
        if self.clock.sleep(pause, self.cancel) {
            Ok(())
        } else {
            Err(Error::new(Kind::Interrupted, "", "interrupted"))
        }
    }

    /// A session.
    pub fn session(&self, id: &str) -> Result<Session, Error> {
        self.call(Again::Anyhow, |api| api.get_session(id))
    }

    /// A session; `None` where there is none of that id.
    pub fn find_session(&self, id: &str) -> Result<Option<Session>, Error> {
        match self.session(id) {
            Ok(session) => Ok(Some(session)),
            Err(error) if error.kind == Kind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All sessions of the account in the region.
    pub fn sessions(&self) -> Result<Vec<Session>, Error> {
        self.pages("ListSessions", |api, token| api.list_sessions(token))
    }

    /// All statements of a session.
    pub fn statements(&self, session: &str) -> Result<Vec<Statement>, Error> {
        self.pages("ListStatements", |api, token| api.list_statements(session, token))
    }

    /// Runs code in a session, once and never twice: gives the number of the statement.
    ///
    /// # Errors
    ///
    /// Where nobody knows whether it runs, too ([`Error::may_have_arrived`]).
    pub fn run(&self, session: &str, code: &str) -> Result<i32, Error> {
        self.call(Again::IfUnheard, |api| api.run_statement(session, code))
    }

    /// Whose credentials are used.
    pub fn caller(&self) -> Result<Identity, Error> {
        self.call(Again::Anyhow, |api| api.caller())
    }

    /// Makes a call that changes something, with the request as a run writes it down; gives what the service refused within the call.
    ///
    /// Each of these calls may be made twice. Where nobody knows whether the first arrived, the second may find its work done:
    /// the database made, the filter gone.
    ///
    /// # Errors
    ///
    /// Where it is not known to be done, too ([`Error::may_have_arrived`]).
    pub fn change(
        &self,
        service: &'static str,
        operation: &'static str,
        request: &Json,
    ) -> Result<Vec<Refusal>, Error> {
        let may_be_done = Cell::new(false);
        self.call(Again::Anyhow, |api| {
            match api.change(service, operation, request) {
                Err(error) if may_be_done.get() && is_done(operation, &error.kind) => Ok(Vec::new()),
                Err(error) => {
                    may_be_done.set(may_be_done.get() || error.may_have_arrived());
                    Err(error)
                }
                refused => refused,
            }
        })
    }

    /// The tables and views of a database.
    pub fn tables(&self, database: &str) -> Result<Vec<CatalogTable>, Error> {
        self.pages("GetTables", |api, token| api.list_tables(database, token))
    }

    /// The tags of something.
    pub fn resource_tags(&self, of: Tagged<'_>) -> Result<LakeTags, Error> {
        self.call(Again::Anyhow, |api| api.resource_tags(of))
    }

    /// The filters of data cells that a table has.
    pub fn filters(&self, database: &str, table: &str) -> Result<Vec<CellsFilter>, Error> {
        self.pages("ListDataCellsFilter", |api, token| {
            api.list_filters(database, table, token)
        })
    }

    /// Who may read through a filter.
    pub fn holders(&self, of: &CellsFilter) -> Result<Vec<String>, Error> {
        self.pages("ListPermissions", |api, token| api.list_holders(of, token))
    }

    fn pages<T>(
        &self,
        operation: &'static str,
        page: impl Fn(&dyn Api, Option<&str>) -> Result<Page<T>, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let found = self.call(Again::Anyhow, |api| page(api, token.as_deref()))?;
            all.extend(found.items);
            match found.next.filter(|next| !next.is_empty()) {
                None => return Ok(all),
                // An endpoint that gives the same page for ever would never let go.
                Some(next) if token.as_ref() == Some(&next) => {
                    return Err(Error::new(
                        Kind::Garbled,
                        operation,
                        "a page names itself as the next one",
                    ));
                }
                Some(next) => token = Some(next),
            }
        }
    }
}
