//! An AWS that plays a script, and a clock that stands still until somebody sleeps.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use glueline_base::Cancel;
use glueline_glue::{
    Answer, Api, CatalogTable, CellsFilter, Clock, Error, Identity, Kind, LakeTags, NewSession, Page,
    Refusal, Session, SessionState, Statement, StatementError, StatementState, Tagged,
};
use serde_json::Value;

/// When every test begins, in milliseconds.
pub(crate) const BEGIN: i64 = 1_000_000_000;

/// A clock that is set on by sleeping.
#[derive(Debug)]
pub(crate) struct ManualClock {
    now: AtomicI64,
    /// When somebody says stop, which they say once.
    stop: Mutex<Option<i64>>,
    /// Who is told to stop; whoever waits then, where nobody is named.
    told: Option<Cancel>,
}

impl ManualClock {
    pub(crate) fn new(stop_after: Option<i64>) -> Self {
        Self {
            now: AtomicI64::new(BEGIN),
            stop: Mutex::new(stop_after.map(|after| BEGIN + after)),
            told: None,
        }
    }

    /// A clock at which somebody says stop to one, whoever waits.
    pub(crate) fn telling(stop_after: Option<i64>, told: &Cancel) -> Self {
        Self {
            told: Some(told.clone()),
            ..Self::new(stop_after)
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    fn sleep(&self, duration: Duration, cancel: &Cancel) -> bool {
        let now = self.now() + i64::try_from(duration.as_millis()).unwrap();
        self.now.store(now, Ordering::Relaxed);
        if self.stop.lock().unwrap().take_if(|stop| now >= *stop).is_some() {
            self.told.as_ref().unwrap_or(cancel).cancel();
        }
        !cancel.is_cancelled()
    }
}

/// Calls that are expected, in order, and what they answer: one a line, `GetSession s1 -> READY`, `StopSession s1 -> !Lost`,
/// `ListSessions -> s1 READY, s2 STOPPED next t2`, `-> none`. A line that begins with `*` answers for ever.
#[derive(Debug)]
pub(crate) struct Scripted {
    lines: Mutex<VecDeque<String>>,
    made: Mutex<Vec<String>>,
}

impl Scripted {
    pub(crate) fn new(script: &str) -> Self {
        let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
        Self {
            lines: Mutex::new(lines.map(str::to_owned).collect()),
            made: Mutex::default(),
        }
    }

    /// Every call has to have come.
    pub(crate) fn must_be_done(&self) {
        let left: Vec<String> = self.lines.lock().unwrap().iter().cloned().collect();
        let left: Vec<&String> = left.iter().filter(|line| !line.starts_with('*')).collect();
        assert!(
            left.is_empty(),
            "not called: {left:?}; called: {:#?}",
            self.made.lock().unwrap()
        );
    }

    /// What a call answers.
    fn answer(&self, call: &str, operation: &'static str) -> Result<String, Error> {
        self.made.lock().unwrap().push(call.to_owned());
        let mut lines = self.lines.lock().unwrap();
        let line = lines
            .front()
            .unwrap_or_else(|| panic!("{call} is not expected"))
            .clone();
        let (expected, answer) = line.split_once(" -> ").unwrap();
        let lasts = expected.starts_with('*');
        assert_eq!(
            expected.trim_start_matches('*').trim(),
            call,
            "after {:#?}",
            self.made.lock().unwrap()
        );
        if !lasts {
            lines.pop_front();
        }
        match answer.strip_prefix('!') {
            None => Ok(answer.to_owned()),
            Some(kind) => Err(Error::new(
                kind_of(kind),
                operation,
                format!("as scripted: {kind}"),
            )),
        }
    }
}

fn kind_of(name: &str) -> Kind {
    match name {
        "NotFound" => Kind::NotFound,
        "Throttled" => Kind::Throttled,
        "Lost" => Kind::Lost,
        "Unreachable" => Kind::Unreachable,
        "Garbled" => Kind::Garbled,
        "Denied" => Kind::Denied(Box::default()),
        "Expired" => Kind::Expired,
        "AlreadyExists" => Kind::AlreadyExists,
        "WrongState" => Kind::WrongState,
        "Limit" => Kind::Limit,
        other => panic!("{other}"),
    }
}

/// `READY`, or `FAILED: why`.
fn session(id: &str, text: &str) -> Session {
    let (state, why) = text.split_once(": ").unwrap_or((text, ""));
    Session {
        error: (!why.is_empty()).then(|| why.to_owned()),
        created: Some(BEGIN),
        ..Session::new(id, SessionState::of(state))
    }
}

/// `RUNNING`, `AVAILABLE ok: what it printed`, `AVAILABLE error: AnalysisException`.
fn statement(id: i32, text: &str) -> Statement {
    let (head, text) = text.split_once(": ").unwrap_or((text, ""));
    let (state, status) = head.split_once(' ').unwrap_or((head, ""));
    let error = (status == "error").then(|| StatementError {
        name: text.to_owned(),
        ..StatementError::default()
    });
    Statement {
        id,
        state: StatementState::of(state),
        started: None,
        completed: None,
        answer: (!status.is_empty()).then(|| Answer {
            text: error.is_none().then(|| text.to_owned()),
            status: Some(status.to_owned()),
            error,
        }),
    }
}

impl Api for Scripted {
    fn create_session(&self, new: &NewSession) -> Result<Session, Error> {
        let answer = self.answer(&format!("CreateSession {}", new.id), "CreateSession")?;
        Ok(session(&new.id, &answer))
    }

    fn get_session(&self, id: &str) -> Result<Session, Error> {
        let answer = self.answer(&format!("GetSession {id}"), "GetSession")?;
        Ok(session(id, &answer))
    }

    fn list_sessions(&self, token: Option<&str>) -> Result<Page<Session>, Error> {
        let call = token.map_or("ListSessions".to_owned(), |token| format!("ListSessions {token}"));
        let answer = self.answer(&call, "ListSessions")?;
        let (items, next) = answer.split_once("next ").unwrap_or((&answer, ""));
        let items = items
            .split(',')
            .map(str::trim)
            .filter_map(|item| item.split_once(' '));
        Ok(Page {
            items: items.map(|(id, state)| session(id, state.trim())).collect(),
            next: (!next.is_empty()).then(|| next.to_owned()),
        })
    }

    fn stop_session(&self, id: &str) -> Result<(), Error> {
        self.answer(&format!("StopSession {id}"), "StopSession")
            .map(|_| ())
    }

    fn delete_session(&self, id: &str) -> Result<(), Error> {
        self.answer(&format!("DeleteSession {id}"), "DeleteSession")
            .map(|_| ())
    }

    fn run_statement(&self, session: &str, _: &str) -> Result<i32, Error> {
        let answer = self.answer(&format!("RunStatement {session}"), "RunStatement")?;
        Ok(answer.parse().unwrap())
    }

    fn get_statement(&self, session: &str, id: i32) -> Result<Statement, Error> {
        let answer = self.answer(&format!("GetStatement {session} {id}"), "GetStatement")?;
        Ok(statement(id, &answer))
    }

    fn list_statements(&self, session: &str, _: Option<&str>) -> Result<Page<Statement>, Error> {
        let answer = self.answer(&format!("ListStatements {session}"), "ListStatements")?;
        let ids = answer.split(", ").filter_map(|id| id.parse().ok());
        Ok(Page {
            items: ids.map(|id| statement(id, "AVAILABLE")).collect(),
            next: None,
        })
    }

    fn cancel_statement(&self, session: &str, id: i32) -> Result<(), Error> {
        self.answer(&format!("CancelStatement {session} {id}"), "CancelStatement")
            .map(|_| ())
    }

    fn caller(&self) -> Result<Identity, Error> {
        let account = self.answer("GetCallerIdentity", "GetCallerIdentity")?;
        Ok(Identity {
            arn: format!("arn:aws:iam::{account}:user/me"),
            account,
        })
    }

    /// `CreateDatabase {"Name":"a"} -> `, and behind the arrow what was refused within: `k: AccessDeniedException`.
    fn change(
        &self,
        _: &'static str,
        operation: &'static str,
        request: &Value,
    ) -> Result<Vec<Refusal>, Error> {
        let answer = self.answer(&format!("{operation} {request}"), operation)?;
        let refused = answer.split(", ").filter_map(|one| one.split_once(": "));
        Ok(refused
            .map(|(part, code)| Refusal {
                part: part.to_owned(),
                code: code.to_owned(),
                message: "as scripted".to_owned(),
            })
            .collect())
    }

    /// `GetTables db -> a, b next t2`.
    fn list_tables(&self, database: &str, token: Option<&str>) -> Result<Page<CatalogTable>, Error> {
        let call = format!("GetTables {database} {}", token.unwrap_or_default());
        let answer = self.answer(call.trim(), "GetTables")?;
        let (names, next) = answer.split_once("next ").unwrap_or((&answer, ""));
        let names = names.split(',').map(str::trim).filter(|name| *name != "none");
        let table = |name: &str| CatalogTable {
            name: name.to_owned(),
            ..CatalogTable::default()
        };
        Ok(Page {
            items: names.map(table).collect(),
            next: (!next.is_empty()).then(|| next.to_owned()),
        })
    }

    fn resource_tags(&self, of: Tagged<'_>) -> Result<LakeTags, Error> {
        self.answer(&format!("GetResourceLFTags {of:?}"), "GetResourceLFTags")
            .map(|_| LakeTags::default())
    }

    fn list_filters(&self, database: &str, table: &str, _: Option<&str>) -> Result<Page<CellsFilter>, Error> {
        let call = format!("ListDataCellsFilter {database}.{table}");
        self.answer(&call, "ListDataCellsFilter").map(|_| Page {
            items: Vec::new(),
            next: None,
        })
    }

    fn list_holders(&self, of: &CellsFilter, _: Option<&str>) -> Result<Page<String>, Error> {
        let call = format!("ListPermissions {}", of.name);
        self.answer(&call, "ListPermissions").map(|_| Page {
            items: Vec::new(),
            next: None,
        })
    }
}
