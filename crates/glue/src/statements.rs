//! Statements: sent once, waited for, and stopped for certain.

use std::collections::BTreeMap;
use std::time::Duration;

use glueline_base::Cancel;
use glueline_catalog::LONGEST_STATEMENT;

use crate::api::{Answer, Statement, StatementState};
use crate::clock::millis;
use crate::error::{Error, Kind};
use crate::retry::{Again, Backoff, Caller};

/// The first pause before a statement is looked at, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// How long a statement may seem to run before the session is looked at: one that has ended answers nothing any more.
const LOOK_AT_SESSION: Duration = Duration::from_secs(15);

/// How long a statement that is to stop may take to do so.
const FAREWELL: Duration = Duration::from_mins(1);

/// How long a statement may be out of sight, because AWS cannot be reached or has too much to do, before it is given up: a laptop that
/// wakes up, a network that is changed. The statement runs on meanwhile.
const OUT_OF_SIGHT: Duration = Duration::from_mins(2);

/// How often it is looked for whether code whose answer was lost has arrived.
const SEARCHES: u32 = 4;

/// What came of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Ran {
    /// It ran to its end, and says how that was.
    Answered(Answer),
    /// It was stopped: somebody said stop, or its time was over. What it had written by then is written.
    Stopped {
        /// The number of the statement.
        statement: i32,
        /// Whether its time was over.
        is_overdue: bool,
    },
}

/// Whether a fault is one of the way to AWS, or of its load, and passes.
const fn comes_back(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Throttled | Kind::Unreachable | Kind::Lost | Kind::Service
    )
}

/// Sends code to one session, a statement at a time.
#[derive(Debug)]
pub struct Statements {
    session: String,
    /// How long a statement may run; for ever where `None`.
    patience: Option<Duration>,
    /// The statements that ran, or waited for their turn, before the first one was sent.
    busy: Vec<i32>,
    /// How long the last statement of each kind took.
    usual: BTreeMap<String, Duration>,
    /// The highest number of a statement that was there before the next one is sent; `None` where there was none.
    newest: Option<i32>,
}

impl Statements {
    /// Gets ready to send code to a session that takes statements. Only one sender at a time may be at work in a session.
    ///
    /// # Errors
    ///
    /// Where the statements of the session cannot be listed.
    pub fn of(caller: &Caller<'_>, session: &str, patience: Option<Duration>) -> Result<Self, Error> {
        let known = caller.statements(session)?;
        Ok(Self {
            session: session.to_owned(),
            patience,
            busy: known
                .iter()
                .filter(|statement| !statement.state.is_over())
                .map(|statement| statement.id)
                .collect(),
            usual: BTreeMap::new(),
            newest: known.iter().map(|statement| statement.id).max(),
        })
    }

    /// The statements of others that ran, or waited for their turn, when the session was looked at: what is sent comes after them.
    pub fn busy(&self) -> &[i32] {
        &self.busy
    }

    /// Runs code, and waits until it is over. Where somebody says stop meanwhile, the statement is cancelled, and waited for until it
    /// is. Codes of one `kind` are expected to take about as long as each other: a statement is first looked at when it may be over.
    ///
    /// # Errors
    ///
    /// Where it is not known what became of it, that is what the error says: nothing is taken for done, and nothing is sent twice.
    pub fn run(&mut self, caller: &Caller<'_>, code: &str, kind: &str) -> Result<Ran, Error> {
        let length = code.chars().count();
        if length > LONGEST_STATEMENT {
            return Err(Error::new(
                Kind::Refused,
                "RunStatement",
                format!("the code has {length} characters, and Glue takes {LONGEST_STATEMENT}"),
            ));
        }
        let statement = self.send(caller, code)?;
        self.newest = Some(self.newest.map_or(statement, |newest| newest.max(statement)));
        self.wait(caller, statement, kind)
    }

    /// Sends code; gives the number of the statement.
    fn send(&self, caller: &Caller<'_>, code: &str) -> Result<i32, Error> {
        let lost = match caller.run(&self.session, code) {
            Ok(statement) => return Ok(statement),
            Err(error) if error.may_have_arrived() => error,
            Err(error) => return Err(error),
        };
        // What arrived stands in the list: it is that very statement. Whoever says stop is heard once it is known.
        let deaf = Cancel::new();
        let caller = &Caller {
            cancel: &deaf,
            ..*caller
        };
        let unknown = |why: &str| {
            Error::new(
                lost.kind.clone(),
                lost.operation,
                format!(
                    "{}; {why}, and whether it will run is not known: it is not sent again",
                    lost.message
                ),
            )
        };
        let mut backoff = Backoff::new(Duration::from_millis(400), Duration::from_secs(3));
        for _ in 0..SEARCHES {
            caller.pause(backoff.pause())?;
            let known = caller.statements(&self.session);
            let known = known
                .map_err(|error| unknown(&format!("the session does not list its statements ({error})")))?;
            let newer = known
                .iter()
                .map(|statement| statement.id)
                .filter(|id| self.newest.is_none_or(|newest| *id > newest));
            if let Some(statement) = newer.max() {
                return Ok(statement);
            }
        }
        Err(unknown("the session lists no statement for it"))
    }

    /// Waits until a statement is over.
    fn wait(&mut self, caller: &Caller<'_>, statement: i32, kind: &str) -> Result<Ran, Error> {
        let began = caller.clock.now();
        let mut backoff = Backoff::new(PAUSES.0, PAUSES.1);
        let mut looked = began;
        // A little less than the last one: a look too many costs a call, and one too late somebody's time.
        let expected = self.usual.get(kind).map(|usual| *usual * 9 / 10);
        let mut first = expected.filter(|expected| *expected > PAUSES.0);
        let mut looks = 0;
        let mut lost = None;
        let mut running = None;
        loop {
            let pause = first
                .take()
                .map_or_else(|| backoff.pause(), |first| first.min(PAUSES.1));
            if let Err(stop) = caller.pause(pause) {
                return match stop.kind {
                    Kind::Interrupted => self.stop(caller, statement, false),
                    _ => Err(stop),
                };
            }
            let found = self.look(caller, statement);
            let now = caller.clock.now();
            let found = match found {
                Ok(found) => found,
                Err(error) if error.kind == Kind::Interrupted => {
                    return self.stop(caller, statement, false);
                }
                Err(error) => {
                    let since: i64 = *lost.get_or_insert(now);
                    if !comes_back(&error.kind) || now - since >= millis(OUT_OF_SIGHT) {
                        return Err(self.unseen(statement, error));
                    }
                    continue;
                }
            };
            lost = None;
            looks += 1;
            if found.state.is_over() {
                let took = Duration::from_millis(u64::try_from(now - began).unwrap_or_default());
                // What was over at the first look may have been so for a while.
                let took = if looks == 1 { took * 4 / 5 } else { took };
                self.usual.insert(kind.to_owned(), took);
                return self.over(found);
            }
            // What waits for its turn has not begun.
            if found.state != StatementState::Waiting {
                let since = *running.get_or_insert(if looks == 1 { began } else { now });
                if self
                    .patience
                    .is_some_and(|patience| now - since >= millis(patience))
                {
                    return self.stop(caller, statement, true);
                }
            }
            if now - looked >= millis(LOOK_AT_SESSION) {
                looked = now;
                match self.must_live(caller, statement) {
                    Err(error) if error.kind == Kind::Interrupted => {
                        return self.stop(caller, statement, false);
                    }
                    // It is looked at again with the statement.
                    Err(error) if !comes_back(&error.kind) => return Err(self.unseen(statement, error)),
                    _ => {}
                }
            }
        }
    }

    fn look(&self, caller: &Caller<'_>, statement: i32) -> Result<Statement, Error> {
        caller.call(Again::Anyhow, |api| api.get_statement(&self.session, statement))
    }

    /// A fault that leaves nobody to see how a statement goes on.
    fn unseen(&self, statement: i32, error: Error) -> Error {
        if matches!(error.kind, Kind::Ended(_)) {
            return error;
        }
        let message = format!(
            "{}; statement {statement} of session {} may still run",
            error.message, self.session
        );
        Error { message, ..error }
    }

    /// What a statement that is over came to.
    fn over(&self, statement: Statement) -> Result<Ran, Error> {
        match (statement.state, statement.answer) {
            (StatementState::Cancelled, _) => Ok(Ran::Stopped {
                statement: statement.id,
                is_overdue: false,
            }),
            // Only what says that it is well is taken for that.
            (_, Some(answer)) if answer.error.is_some() || answer.status.is_some() => {
                Ok(Ran::Answered(answer))
            }
            (state, _) => Err(Error::new(
                Kind::Garbled,
                "GetStatement",
                format!(
                    "statement {} of session {} is {state} and does not say how it went",
                    statement.id, self.session
                ),
            )),
        }
    }

    /// A session that has ended leaves its statements as they are.
    fn must_live(&self, caller: &Caller<'_>, statement: i32) -> Result<(), Error> {
        let session = caller.session(&self.session)?;
        if !session.state.is_over() {
            return Ok(());
        }
        let why = session.error.map(|why| format!(": {why}")).unwrap_or_default();
        Err(Error::new(
            Kind::Ended(session.state.name().to_owned()),
            "GetSession",
            format!(
                "session {} ended while statement {statement} ran{why}; what it had written by then is not known",
                self.session
            ),
        ))
    }

    /// Cancels a statement, and waits until it is over. Whoever says stop a second time is not heard: nobody would know what still runs.
    fn stop(&self, caller: &Caller<'_>, statement: i32, is_overdue: bool) -> Result<Ran, Error> {
        let deaf = Cancel::new();
        let caller = Caller {
            cancel: &deaf,
            ..*caller
        };
        let asked = caller.call(Again::Anyhow, |api| {
            api.cancel_statement(&self.session, statement)
        });
        let until = caller.clock.now() + millis(FAREWELL);
        let mut backoff = Backoff::new(PAUSES.0, PAUSES.1);
        loop {
            let found = self.look(&caller, statement).map_err(|error| {
                let message = format!("{}; it was told to stop", error.message);
                self.unseen(statement, Error { message, ..error })
            })?;
            match found.state {
                StatementState::Cancelled => {
                    return Ok(Ran::Stopped {
                        statement,
                        is_overdue,
                    });
                }
                // It was done before anybody could stop it.
                ref state if state.is_over() => return self.over(found),
                _ if caller.clock.now() >= until => {
                    let why = asked.err().map(|error| format!(": {error}")).unwrap_or_default();
                    return Err(Error::new(
                        Kind::Overdue,
                        "CancelStatement",
                        format!(
                            "statement {statement} of session {} was told to stop and is still {}{why}; it may write on until the session \
                             is stopped",
                            self.session, found.state
                        ),
                    ));
                }
                _ => caller.pause(backoff.pause())?,
            }
        }
    }
}
