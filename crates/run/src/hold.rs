//! A session in use: nobody else sends statements meanwhile, and a command that is gone is told from one that is at work.

use std::thread::JoinHandle;
use std::time::Duration;

use glueline_base::Cancel;
use glueline_glue::{Error, Kind, Owner, Store};

use crate::channel::Link;

/// How often a sign of life is given. [`Owner::is_alive`] asks for one in half a minute.
const BEAT: Duration = Duration::from_secs(10);

/// The right to send statements to a session, until it is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    place: Place,
    over: Cancel,
    beating: Option<JoinHandle<()>>,
}

/// What is held.
#[derive(Debug, Clone)]
struct Place {
    link: Link,
    store: Store,
    key: String,
    id: String,
    pid: u32,
}

impl Hold {
    /// Takes hold of a session on record.
    ///
    /// # Errors
    ///
    /// Where another command is at work with it.
    pub(crate) fn take(link: &Link, store: &Store, key: &str, id: &str, pid: u32) -> Result<Self, Error> {
        let place = Place {
            link: link.clone(),
            store: store.clone(),
            key: key.to_owned(),
            id: id.to_owned(),
            pid,
        };
        let now = link.clock.now();
        {
            let lock = store.lock(&link.caller())?;
            let record = store.get(key)?.filter(|record| record.id == id);
            if let Some(other) = record.and_then(|record| record.owner)
                && other.pid != pid
                && other.is_alive(now)
            {
                return Err(Error::new(
                    Kind::Busy,
                    "",
                    format!(
                        "session {id} is in use by another command of Glueline, process {}: wait for it, or end it",
                        other.pid
                    ),
                ));
            }
            place
                .store
                .update(&lock, key, id, |record| record.owner = Some(place.owner(now)))?;
        }
        let over = Cancel::new();
        let (beat, told) = (place.clone(), over.clone());
        let beating = std::thread::Builder::new().name("heartbeat".to_owned());
        let beating = beating.spawn(move || {
            while beat.link.clock.sleep(BEAT, &told) {
                // A sign of life that cannot be given is given the next time.
                let _ = beat.mark(true);
            }
        });
        Ok(Self {
            place,
            over,
            beating: beating.ok(),
        })
    }
}

impl Place {
    fn owner(&self, now: i64) -> Owner {
        Owner {
            pid: self.pid,
            started: now,
            heartbeat: now,
        }
    }

    /// Writes down that the session is in use, or no longer.
    fn mark(&self, is_used: bool) -> Result<(), Error> {
        // The end has to be written down even where somebody said stop.
        let deaf = Cancel::new();
        let caller = glueline_glue::Caller {
            cancel: &deaf,
            ..self.link.caller()
        };
        let now = self.link.clock.now();
        let lock = self.store.lock(&caller)?;
        self.store.update(&lock, &self.key, &self.id, |record| {
            let own = record.owner.filter(|owner| owner.pid == self.pid);
            match (is_used, own) {
                (true, own) => {
                    let started = own.map_or(now, |own| own.started);
                    record.owner = Some(Owner {
                        started,
                        ..self.owner(now)
                    });
                }
                (false, Some(_)) => record.owner = None,
                (false, None) => {}
            }
        })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.over.cancel();
        if let Some(beating) = self.beating.take() {
            let _ = beating.join();
        }
        // Where that cannot be written, the next command waits until the last sign of life is old.
        let _ = self.place.mark(false);
    }
}
