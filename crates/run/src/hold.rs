//! A session in use: nobody else sends statements meanwhile, and a command that is gone is told from one that is at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use glueline_base::Cancel;
use glueline_glue::{Error, Kind, Owner, Process, Store};

use crate::channel::Link;

/// How often a sign of life is given. [`Owner::is_alive`] asks for one in half a minute.
const BEAT: Duration = Duration::from_secs(10);

/// How old a sign of life may be before another is given at once, in milliseconds.
const OLD: i64 = 20_000;

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
    process: Process,
    /// When the last sign of life was given, in milliseconds; none where another command has taken the session meanwhile.
    beat: Arc<AtomicI64>,
}

/// Stands for a sign of life that can be given no more.
const LOST: i64 = i64::MIN;

impl Hold {
    /// Makes sure that the session is still held: a process that slept for long may have been taken for gone.
    ///
    /// # Errors
    ///
    /// Where another command has taken the session.
    pub(crate) fn ensure(&self) -> Result<(), Error> {
        let place = &self.place;
        let is_old = |beat: i64| place.link.clock.now() - beat > OLD;
        if place.beat.load(Ordering::Relaxed) != LOST && is_old(place.beat.load(Ordering::Relaxed)) {
            place.mark(true)?;
        }
        if place.beat.load(Ordering::Relaxed) == LOST {
            let why = format!(
                "session {} was taken by another command of Glueline while this one gave no sign of life",
                place.id
            );
            return Err(Error::new(Kind::Busy, "", why));
        }
        Ok(())
    }

    /// Takes hold of a session on record.
    ///
    /// # Errors
    ///
    /// Where another command is at work with it.
    pub(crate) fn take(
        link: &Link,
        store: &Store,
        key: &str,
        id: &str,
        process: Process,
    ) -> Result<Self, Error> {
        let place = Place {
            link: link.clone(),
            store: store.clone(),
            key: key.to_owned(),
            id: id.to_owned(),
            process,
            beat: Arc::new(AtomicI64::new(link.clock.now())),
        };
        let now = link.clock.now();
        {
            let lock = store.lock(&link.caller())?;
            if let Some(other) = store.other_owner(id, process, now)? {
                return Err(Error::new(
                    Kind::Busy,
                    "",
                    format!(
                        "session {id} is in use by another command of Glueline, process {}: wait for it, or end it",
                        other.process.pid
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
            process: self.process,
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
        if self.store.other_owner(&self.id, self.process, now)?.is_some() {
            self.beat.store(LOST, Ordering::Relaxed);
            return Ok(());
        }
        if self.beat.load(Ordering::Relaxed) == LOST {
            return Ok(());
        }
        self.beat.store(now, Ordering::Relaxed);
        self.store.update(&lock, &self.key, &self.id, |record| {
            let is_own = record.owner.is_some_and(|owner| owner.process == self.process);
            if is_used {
                record.owner = Some(self.owner(now));
            } else if is_own {
                record.owner = None;
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
