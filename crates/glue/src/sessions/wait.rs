//! Waiting until a session is ready, or over.

use std::time::Duration;

use super::{Sessions, Wanted};
use crate::api::{Session, SessionState};
use crate::clock::millis;
use crate::error::{Error, Kind};
use crate::retry::{Again, Backoff};

/// For how long a session that was just asked for may be unknown to those that ask for it.
const UNSEEN: Duration = Duration::from_secs(15);

/// How long to wait for a session to end.
const ENDING: Duration = Duration::from_mins(2);

/// How often a command that waits gives a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(10);

impl Sessions<'_> {
    /// Waits until a session takes statements; also says whether it was seen before that.
    pub(super) fn wait_until_ready(&self, wanted: &Wanted, id: &str) -> Result<(Session, bool), Error> {
        let clock = self.caller.clock;
        let began = clock.now();
        let until = began.saturating_add(millis(wanted.patience));
        let mut heartbeat = began;
        let mut was_waited_for = false;
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(5));
        loop {
            let found = self.caller.find_session(id)?;
            let now = clock.now();
            match &found {
                Some(session) if session.state == SessionState::Ready => {
                    return Ok((session.clone(), was_waited_for));
                }
                Some(session) if session.state.is_over() => return Err(ended(session)),
                None if now.saturating_sub(began) > millis(UNSEEN) => {
                    let message = format!("there is no session {id}, though it was asked for");
                    return Err(Error::new(Kind::NotFound, "GetSession", message));
                }
                _ => {}
            }
            was_waited_for = true;
            if now >= until {
                let state = found.map_or("not there yet".to_owned(), |session| session.state.to_string());
                let seconds = wanted.patience.as_secs();
                let message = format!(
                    "session {id} is {state} after {seconds} s (session_provisioning_timeout_in_seconds); it goes on: \
                     `glueline session start` waits again, `glueline session stop` stops it"
                );
                return Err(Error::new(Kind::Overdue, "GetSession", message));
            }
            if now.saturating_sub(heartbeat) >= millis(HEARTBEAT) {
                heartbeat = now;
                let lock = self.store.lock(&self.caller)?;
                self.store.update(&lock, &wanted.key, id, |record| {
                    if let Some(owner) = &mut record.owner
                        && owner.process == wanted.process
                    {
                        owner.heartbeat = now;
                    }
                })?;
            }
            let left = u64::try_from(until.saturating_sub(now)).unwrap_or(0);
            self.caller
                .pause(backoff.pause().min(Duration::from_millis(left)))?;
        }
    }

    /// Stops a session and waits until it is over. One that is still being made may refuse until it is ready.
    pub(super) fn end(&self, id: &str, patience: Duration) -> Result<Option<Session>, Error> {
        let clock = self.caller.clock;
        let until = clock.now().saturating_add(millis(patience.max(ENDING)));
        let mut backoff = Backoff::new(Duration::from_millis(300), Duration::from_secs(3));
        let mut is_asked = false;
        loop {
            let Some(session) = self.caller.find_session(id)? else {
                return Ok(None);
            };
            if session.state.is_over() {
                return Ok(Some(session));
            }
            let mut refused = None;
            if !is_asked && session.state != SessionState::Stopping {
                match self.caller.call(Again::Anyhow, |api| api.stop_session(id)) {
                    Ok(()) => is_asked = true,
                    Err(error) if error.kind == Kind::WrongState => refused = Some(error),
                    Err(error) if error.kind == Kind::NotFound => return Ok(None),
                    Err(error) => return Err(error),
                }
            }
            let now = clock.now();
            if now >= until {
                let why = refused
                    .map(|error| format!(": {}", error.message))
                    .unwrap_or_default();
                let message = format!("session {id} is still {}{why}", session.state);
                return Err(Error::new(Kind::Overdue, "StopSession", message));
            }
            self.caller.pause(backoff.pause())?;
        }
    }
}

/// A session that takes no statement any more, and why.
pub(super) fn ended(session: &Session) -> Error {
    let Session { id, state, error, .. } = session;
    let why = match error {
        Some(why) => why.clone(),
        None => {
            "AWS gives no reason; look at its role, its connections and the quota of the account".to_owned()
        }
    };
    Error::new(
        Kind::Ended(state.to_string()),
        "GetSession",
        format!("session {id} is {state}: {why}"),
    )
}
