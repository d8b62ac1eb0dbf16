//! The life of a session: made once, found again by every later command, stopped when somebody says so.

mod wait;
mod wanted;

use std::time::Duration;

use self::wait::ended;
pub use self::wanted::{Choice, How, Listed, Started, Wanted, digest};
use crate::api::{NewSession, Session, SessionState, Statement};
use crate::error::{Error, Kind};
use crate::record::{Lock, Owner, Phase, Record, Store};
use crate::retry::{Again, Caller};

/// Sessions and what is written down of them.
pub struct Sessions<'a> {
    /// Makes the calls.
    pub caller: Caller<'a>,
    /// The records.
    pub store: &'a Store,
    /// Is told what is worth knowing, a sentence each, as it happens.
    pub say: &'a mut dyn FnMut(&str),
}

impl std::fmt::Debug for Sessions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions")
            .field("store", self.store)
            .finish_non_exhaustive()
    }
}

impl Sessions<'_> {
    /// The session of a target, ready for statements: that on record where it still lives, else a new one.
    ///
    /// # Errors
    ///
    /// Where there is none in the end. What may have been made all the same is on record, and the next command finds it.
    pub fn start(&mut self, wanted: &Wanted, choice: Choice<'_>) -> Result<Started, Error> {
        let lock = self.store.lock(&self.caller)?;
        let (id, how) = self.claim(&lock, wanted, choice)?;
        let now = self.caller.clock.now();
        let owner = Owner {
            process: wanted.process,
            heartbeat: now,
        };
        self.store.update(&lock, &wanted.key, &id, |record| {
            // Who is at work with the session stays its owner: to find that it is ready takes nothing from anybody.
            let other = record
                .owner
                .filter(|other| other.process != wanted.process && other.is_alive(now));
            record.owner = other.or(Some(owner));
        })?;
        drop(lock);
        let waited = self.wait_until_ready(wanted, &id);
        let lock = self.store.lock(&self.caller)?;
        let now = self.caller.clock.now();
        self.store.update(&lock, &wanted.key, &id, |record| {
            if record.owner.is_some_and(|owner| owner.process == wanted.process) {
                record.owner = None;
            }
            // One that was ready when it was looked at first has been so for nobody knows how long.
            if waited
                .as_ref()
                .is_ok_and(|(_, was_waited_for)| *was_waited_for || how == How::Made)
            {
                record.ready.get_or_insert(now);
            }
        })?;
        let (session, _) = waited?;
        Ok(Started { session, how })
    }

    /// Finds the session that is meant, or asks for it; gives its id. Nobody else does so meanwhile.
    fn claim(&mut self, lock: &Lock, wanted: &Wanted, choice: Choice<'_>) -> Result<(String, How), Error> {
        let known = self.store.get(&wanted.key)?;
        if let Some(id) = choice.adopt {
            return self.adopt(lock, wanted, known.as_ref(), id);
        }
        if let Some(record) = known {
            return self.resume(lock, wanted, &record, choice.fresh);
        }
        if !wanted.is_shared {
            self.tell_of_orphans(wanted);
            return self.create(lock, wanted, &wanted.new.id);
        }
        match self.caller.find_session(&wanted.new.id)? {
            Some(session) if choice.fresh || is_ending(&session.state) => {
                self.end(&session.id, wanted.patience)?;
                self.delete(&session.id)?;
                self.create(lock, wanted, &wanted.new.id)
            }
            Some(session) => self.take_over(lock, wanted, &session),
            None => self.create(lock, wanted, &wanted.new.id),
        }
    }

    fn adopt(
        &mut self,
        lock: &Lock,
        wanted: &Wanted,
        known: Option<&Record>,
        id: &str,
    ) -> Result<(String, How), Error> {
        if let Some(record) = known.filter(|record| record.id == id) {
            return self.resume(lock, wanted, record, false);
        }
        let session = self.caller.session(id)?;
        if is_ending(&session.state) {
            return Err(ended(&session));
        }
        if let Some(record) = known
            && let Some(old) = self.caller.find_session(&record.id)?
            && !old.state.is_over()
        {
            (self.say)(&format!(
                "session {} of this target is {} and goes on; `glueline session stop {}` stops it",
                old.id, old.state, old.id
            ));
        }
        self.take_over(lock, wanted, &session)
    }

    /// Writes down a session that is there.
    fn take_over(&self, lock: &Lock, wanted: &Wanted, session: &Session) -> Result<(String, How), Error> {
        let made = session.id.starts_with(&wanted.prefix);
        let record = self.record(wanted, &session.id, Phase::Made, made);
        // When it became ready is not known, and with what it was made is not either.
        let record = Record {
            digest: String::new(),
            since: session.created.unwrap_or(record.since),
            ..record
        };
        self.store.put(lock, &wanted.key, record)?;
        Ok((session.id.clone(), How::Adopted))
    }

    /// Goes on with the session on record, where it lives.
    fn resume(
        &mut self,
        lock: &Lock,
        wanted: &Wanted,
        record: &Record,
        fresh: bool,
    ) -> Result<(String, How), Error> {
        must_be_here(wanted, record)?;
        let now = self.caller.clock.now();
        if let Some(owner) = record.owner
            && !owner.is_alive(now)
        {
            (self.say)(&format!(
                "the command that was at work with session {} (process {}) ended without a word",
                record.id, owner.process.pid
            ));
        }
        let Some(session) = self.caller.find_session(&record.id)? else {
            // An id that nobody has seen used is used again: should the call still arrive, it makes the same session.
            let id = match record.phase {
                Phase::Creating if !wanted.is_shared => record.id.clone(),
                _ => wanted.new.id.clone(),
            };
            if record.phase == Phase::Made {
                (self.say)(&format!("session {} is gone", record.id));
            }
            return self.create(lock, wanted, &id);
        };
        if !fresh && !is_ending(&session.state) {
            self.tell_of_changes(wanted, record);
            self.store
                .update(lock, &wanted.key, &record.id, |record| record.phase = Phase::Made)?;
            return Ok((session.id, How::Known));
        }
        if !fresh {
            let why = session
                .error
                .as_deref()
                .map(|why| format!(" ({why})"))
                .unwrap_or_default();
            (self.say)(&format!("session {} is {}{why}", session.id, session.state));
        }
        self.end(&session.id, wanted.patience)?;
        if session.id == wanted.new.id {
            self.delete(&session.id)?;
        }
        self.create(lock, wanted, &wanted.new.id)
    }

    fn tell_of_changes(&mut self, wanted: &Wanted, record: &Record) {
        if !record.digest.is_empty() && record.digest != wanted.digest {
            (self.say)(&format!(
                "session {} was made with another configuration than the profile has now; \
                 `glueline session start --new` replaces it",
                record.id
            ));
        }
    }

    /// Asks for a session. It is written down first.
    fn create(&mut self, lock: &Lock, wanted: &Wanted, id: &str) -> Result<(String, How), Error> {
        let record = self.record(wanted, id, Phase::Creating, true);
        self.store.put(lock, &wanted.key, record)?;
        let new = NewSession {
            id: id.to_owned(),
            ..wanted.new.clone()
        };
        let unsure = std::cell::Cell::new(false);
        let asked = self.caller.call(Again::Anyhow, |api| {
            api.create_session(&new)
                .inspect_err(|error| unsure.set(unsure.get() || error.may_have_arrived()))
        });
        let made = match asked {
            Ok(_) => true,
            // Its id is ours alone, or some attempt was not answered: then it is that attempt's.
            Err(error) if error.kind == Kind::AlreadyExists => !wanted.is_shared || unsure.get(),
            Err(error) if unsure.get() => match self.caller.find_session(id) {
                Ok(Some(_)) => true,
                // Nobody knows. The record stays, and the next command asks again.
                _ => return Err(error),
            },
            Err(error) if error.kind == Kind::Interrupted => return Err(error),
            Err(error) => {
                self.store.forget(lock, id)?;
                return Err(error);
            }
        };
        self.store.update(lock, &wanted.key, id, |record| {
            record.phase = Phase::Made;
            record.made = made;
        })?;
        let how = if made { How::Made } else { How::Adopted };
        Ok((id.to_owned(), how))
    }

    fn record(&self, wanted: &Wanted, id: &str, phase: Phase, made: bool) -> Record {
        Record {
            id: id.to_owned(),
            region: wanted.region.clone(),
            account: wanted.account.clone(),
            phase,
            made,
            digest: wanted.digest.clone(),
            since: self.caller.clock.now(),
            ready: None,
            owner: None,
        }
    }

    /// Says which sessions of this project and user live that no record names. Not to be allowed to look is no reason to stop.
    fn tell_of_orphans(&mut self, wanted: &Wanted) {
        let found = match self.list(&wanted.prefix) {
            Ok(found) => found,
            Err(error) => {
                (self.say)(&format!("forgotten sessions cannot be looked for: {error}"));
                return;
            }
        };
        for orphan in found.iter().filter(|listed| listed.is_orphan()) {
            let Session { id, state, .. } = &orphan.session;
            (self.say)(&format!(
                "session {id} is {state} and on no record here; `glueline session start {id}` uses it, \
                 `glueline session stop {id}` stops it"
            ));
        }
    }

    /// All sessions of the account in the region, those on record first.
    pub fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        let records = self.store.all()?;
        let key_of = |id: &str| {
            let found = records.iter().find(|(_, record)| record.id == id);
            found.map(|(key, _)| key.clone())
        };
        let mut listed: Vec<Listed> = self
            .caller
            .sessions()?
            .into_iter()
            .map(|session| Listed {
                key: key_of(&session.id),
                is_ours: session.id.starts_with(prefix),
                session,
            })
            .collect();
        listed.sort_by(|a, b| {
            let rank = |one: &Listed| (one.key.is_none(), !one.is_ours, one.session.id.clone());
            rank(a).cmp(&rank(b))
        });
        Ok(listed)
    }

    /// Stops a session, waits until it is over, and takes it off the records. Gives it as it ended; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where it is not over in the end: it stays on record.
    pub fn stop(&mut self, id: &str, patience: Duration) -> Result<Option<Session>, Error> {
        let ended = self.end(id, patience)?;
        if ended.is_none() {
            self.must_be_the_same_account(id)?;
        }
        let lock = self.store.lock(&self.caller)?;
        self.store.forget(&lock, id)?;
        Ok(ended)
    }

    /// A session that is not there may live in the account that it was made in, and not in that of these credentials.
    ///
    /// # Errors
    ///
    /// Where it is on record for another account, or nobody can tell.
    pub fn must_be_the_same_account(&self, id: &str) -> Result<(), Error> {
        let records = self.store.all()?;
        let of = records.values().find(|record| record.id == id);
        let Some(there) = of.and_then(|record| record.account.as_ref()) else {
            return Ok(());
        };
        let here = self.caller.caller()?.account;
        if here == *there {
            return Ok(());
        }
        let message = format!("session {id} is in account {there}, and these credentials are of {here}");
        Err(Error::new(Kind::Elsewhere, "GetSession", message))
    }

    /// Frees an id: while its session is there, none can be made of that id.
    fn delete(&self, id: &str) -> Result<(), Error> {
        match self.caller.call(Again::Anyhow, |api| api.delete_session(id)) {
            Err(error) if error.kind != Kind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The statements of a session, in the order in which they were sent.
    pub fn statements(&self, id: &str) -> Result<Vec<Statement>, Error> {
        let mut found = self.caller.statements(id)?;
        found.sort_by_key(|statement| statement.id);
        Ok(found)
    }
}

/// The session on record has to be the one that calls of this region and account mean.
fn must_be_here(wanted: &Wanted, record: &Record) -> Result<(), Error> {
    let elsewhere = |what: &str, there: &str, here: &str| {
        let id = &record.id;
        let message = format!(
            "session {id} of this target is in {what} {there}, and {here} is meant now; stop it with the credentials and \
             region that it was made with (`glueline session stop {id}`)"
        );
        Err(Error::new(Kind::Elsewhere, "", message))
    };
    if record.region != wanted.region {
        return elsewhere("region", &record.region, &wanted.region);
    }
    match (&record.account, &wanted.account) {
        (Some(there), Some(here)) if there != here => elsewhere("account", there, here),
        _ => Ok(()),
    }
}

fn is_ending(state: &SessionState) -> bool {
    state.is_over() || *state == SessionState::Stopping
}
