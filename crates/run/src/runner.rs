//! Sends what a run says to the sessions that it opens.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use glueline_glue::{Choice, Error, Kind, NewSession, Sessions, Store, Wanted, digest};
use glueline_render::{
    ApiCall, Live, NoAnswer, OpenedSession, Rows, STAGED, SessionEnd, SparkError, Statement,
};

use crate::channel::{Channel, Link, stopped};
use crate::hold::Hold;

/// Which sessions a run uses, and how.
#[derive(Debug, Clone)]
pub struct Doors {
    /// The session of the target: what is kept warm from one command to the next.
    pub wanted: Wanted,
    /// What is written down of sessions.
    pub store: Store,
    /// A session that is there and is to be used, whoever made it.
    pub adopt: Option<String>,
    /// How many sessions the threads of a run are spread over; one where it is less, or where the profile fixes its id.
    pub sessions: usize,
    /// How long a statement may run; for ever where `None`.
    pub patience: Option<Duration>,
}

/// What happens between a run and its sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something worth knowing of a session, in a sentence.
    Remark(String),
    /// A session is asked for, or found again.
    Opening {
        /// The target, and what tells it from other sessions of it.
        key: String,
    },
    /// A session takes statements.
    Ready {
        /// Its id.
        session: String,
        /// Its release of Spark.
        spark: String,
    },
}

/// Is told what happens between a run and its sessions.
pub trait Ear: fmt::Debug + Send + Sync {
    /// Hears it, as it happens.
    fn hear(&self, heard: &Heard);
}

/// What is about to be sent.
#[derive(Debug, Clone, Copy)]
pub enum Sending<'a> {
    /// Code, to a session.
    Statement(&'a Statement),
    /// A call, to a service.
    Call(&'a ApiCall),
}

impl Sending<'_> {
    /// What makes it the same as something that was seen.
    fn key(self) -> String {
        match self {
            Self::Statement(statement) => statement.code.clone(),
            Self::Call(call) => format!("{} {} {}", call.service, call.operation, call.request),
        }
    }
}

/// Decides on what nobody has seen before it is sent.
pub trait Gate: fmt::Debug + Send + Sync {
    /// Whether something may be sent; a text for people where it may not.
    ///
    /// # Errors
    ///
    /// With why not.
    fn admit(&self, sending: Sending<'_>) -> Result<(), String>;
}

/// Carries out what a run says, on sessions of AWS Glue.
#[derive(Debug)]
pub struct Runner {
    link: Link,
    doors: Doors,
    gate: Box<dyn Gate>,
    /// Queries that Spark has to accept before a statement is sent, by its code.
    first: BTreeMap<String, String>,
    ear: Arc<dyn Ear>,
    /// The name of views that stage something, this run's own.
    staged: String,
    /// The sessions that are open, by what they are written down under.
    open: Mutex<BTreeMap<String, Arc<Mutex<Slot>>>>,
}

/// A session, once it is open.
#[derive(Debug, Default)]
struct Slot {
    channel: Option<Channel>,
    /// The id, and when dbt-glue would stop it.
    opened: Option<(String, SessionEnd)>,
    /// The right to use it, as long as it is open.
    hold: Option<Hold>,
}

impl Runner {
    /// Gets ready to carry something out. No session is asked for before the first statement.
    pub fn new(link: Link, doors: Doors, gate: Box<dyn Gate>, ear: Arc<dyn Ear>) -> Self {
        Self {
            staged: format!("temp_schema_view_{}", link.clock.now()),
            link,
            doors,
            gate,
            first: BTreeMap::new(),
            ear,
            open: Mutex::default(),
        }
    }

    /// Has Spark look at a query before a statement is sent: what it refuses costs no table. By the code of the statement.
    #[must_use]
    pub fn looking_first(mut self, first: BTreeMap<String, String>) -> Self {
        self.first = first;
        self
    }

    /// Does something with the session that statements of some kind go to; it is opened where it is not yet.
    ///
    /// # Errors
    ///
    /// Where there is no session, and with what `act` fails with.
    pub fn with<T>(
        &self,
        session: &OpenedSession,
        act: impl FnOnce(&mut Channel) -> Result<T, NoAnswer>,
    ) -> Result<T, NoAnswer> {
        let wanted = self.wanted(session)?;
        let slot = self.open().entry(wanted.key.clone()).or_default().clone();
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(hold), Some(_)) = (&slot.hold, &slot.channel) {
            hold.ensure().map_err(|error| stopped(&error))?;
        }
        let slot = &mut *slot;
        let channel = match &mut slot.channel {
            Some(channel) => channel,
            None => {
                let (channel, id, hold) = self.enter(&wanted, slot.hold.take())?;
                slot.hold = Some(hold);
                slot.opened = Some((id, session.stopped));
                slot.channel.insert(channel)
            }
        };
        let done = act(channel);
        // What did not answer may be gone: the next statement looks for the session anew.
        if matches!(done, Err(NoAnswer::Stopped(_))) {
            slot.channel = None;
        }
        done
    }

    /// The sessions that were opened so far: what they are written down under, the id, and when dbt-glue would stop them.
    pub fn sessions(&self) -> Vec<(String, String, SessionEnd)> {
        let open = self.open().clone();
        let opened = open.iter().filter_map(|(key, slot)| {
            let slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let (id, end) = slot.opened.clone()?;
            Some((key.clone(), id, end))
        });
        opened.collect()
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Mutex<Slot>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is asked for where a statement needs a session.
    fn wanted(&self, session: &OpenedSession) -> Result<Wanted, NoAnswer> {
        let target = &self.doors.wanted;
        let read = NewSession::read(&session.create).map_err(|error| stopped(&error))?;
        let Some(id) = session.fixed_id() else {
            return Ok(self.of_thread(session.thread));
        };
        if id == target.new.id {
            return Ok(target.clone());
        }
        Ok(Wanted {
            key: format!("{}:{id}", target.key),
            new: NewSession {
                origin: target.new.origin.clone(),
                ..read
            },
            is_shared: true,
            digest: digest(&session.create),
            ..target.clone()
        })
    }

    /// The session of a thread: that of the target for the first, and others of the same making beside it.
    fn of_thread(&self, thread: usize) -> Wanted {
        let target = &self.doors.wanted;
        let number = thread % self.doors.sessions.max(1);
        if number == 0 || target.is_shared {
            return target.clone();
        }
        let beside = number + 1;
        Wanted {
            key: format!("{}#{beside}", target.key),
            new: NewSession {
                id: format!("{}-{beside}", target.new.id),
                ..target.new.clone()
            },
            ..target.clone()
        }
    }

    /// Finds or makes a session, and waits until it takes statements.
    fn enter(&self, wanted: &Wanted, before: Option<Hold>) -> Result<(Channel, String, Hold), NoAnswer> {
        drop(before);
        let key = wanted.key.clone();
        self.ear.hear(&Heard::Opening { key });
        let adopt = self
            .doors
            .adopt
            .as_deref()
            .filter(|_| wanted.key == self.doors.wanted.key);
        let mut say = |remark: &str| self.ear.hear(&Heard::Remark(remark.to_owned()));
        let mut sessions = Sessions {
            caller: self.link.caller(),
            store: &self.doors.store,
            say: &mut say,
        };
        let started = sessions.start(wanted, Choice { adopt, fresh: false });
        let id = started.map_err(|error| stopped(&error))?.session.id;
        let Doors { store, patience, .. } = &self.doors;
        let hold = Hold::take(&self.link, store, &wanted.key, &id, wanted.process);
        let hold = hold.map_err(|error| stopped(&error))?;
        let mut say = |remark: &str| self.ear.hear(&Heard::Remark(remark.to_owned()));
        let channel = Channel::open(&self.link, &id, *patience, &mut say)?;
        self.ear.hear(&Heard::Ready {
            session: id.clone(),
            spark: channel.spark().to_owned(),
        });
        Ok((channel, id, hold))
    }
}

impl Live for Runner {
    fn statement(&self, session: &OpenedSession, statement: &Statement) -> Result<Option<Rows>, NoAnswer> {
        let sending = Sending::Statement(statement);
        self.gate.admit(sending).map_err(NoAnswer::Stopped)?;
        self.with(session, |channel| {
            let is_sql = statement.sql.is_some();
            if let Some(query) = self.first.get(&statement.code) {
                channel.analyse(&session.use_schema, query)?;
            }
            let code = statement.code.replace(STAGED, &self.staged);
            let table = channel.run(&session.use_schema, &code, is_sql)?;
            Ok(table.map(Rows::from))
        })
    }

    fn call(&self, call: &ApiCall) -> Result<(), NoAnswer> {
        let sending = Sending::Call(call);
        self.gate.admit(sending).map_err(NoAnswer::Stopped)?;
        let made = self
            .link
            .caller()
            .change(call.service, call.operation, &call.request);
        match made.map_err(|error| refused(&error))?.into_iter().next() {
            None => Ok(()),
            // The call is answered, and a part of it is not done.
            Some(part) => Err(NoAnswer::Refused(SparkError::new(
                part.code,
                format!("{}: {}", part.part, part.message),
            ))),
        }
    }
}

/// What a service says of a call that it did not carry out.
fn refused(error: &Error) -> NoAnswer {
    match &error.kind {
        Kind::Interrupted | Kind::Lost | Kind::Garbled | Kind::Unreachable => stopped(error),
        kind => NoAnswer::Refused(SparkError::new(kind.code(), error.message.clone())),
    }
}

/// Lets pass what was previewed. What was not is looked at by `judge`: a text for people where it may not be sent.
pub struct Previewed<J> {
    seen: BTreeSet<String>,
    judge: J,
}

impl<J> Previewed<J> {
    /// Lets pass what was seen.
    pub fn new<'a>(seen: impl IntoIterator<Item = Sending<'a>>, judge: J) -> Self {
        Self {
            seen: seen.into_iter().map(Sending::key).collect(),
            judge,
        }
    }
}

impl<J> fmt::Debug for Previewed<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Previewed")
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}

impl<J: Fn(Sending<'_>) -> Result<(), String> + Send + Sync> Gate for Previewed<J> {
    fn admit(&self, sending: Sending<'_>) -> Result<(), String> {
        if self.seen.contains(&sending.key()) {
            return Ok(());
        }
        (self.judge)(sending)
    }
}
