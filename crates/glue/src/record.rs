//! What is written down of sessions, so that the next command finds them: `target/glueline/session.json`.
//!
//! The file is whole at any moment: a new text is written beside it and renamed. Whoever changes it holds `session.lock`, which the
//! system lets go of when its holder ends, however it ends.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::time::Duration;

use glueline_base::{OsSystem, System, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::clock::millis;
use crate::error::{Error, Kind};
use crate::retry::Caller;

/// The form of the file.
const SCHEMA: &str = "glueline-session/1";

/// Where the files are, below the project.
const DIRECTORY: [&str; 2] = ["target", "glueline"];

/// How long to wait for another command that changes the file, or makes a session.
const LOCK_PATIENCE: Duration = Duration::from_mins(2);

/// How old the last sign of life of an owner is at most.
const ALIVE: Duration = Duration::from_secs(30);

/// What is known of the session of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The id of the session, chosen before it is asked for.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Whose it is, where that is known.
    #[serde(default)]
    pub account: Option<String>,
    /// How far it came.
    pub phase: Phase,
    /// Whether Glueline made it; else it was there and is used along.
    pub made: bool,
    /// What tells the configuration that it was made with from others.
    pub digest: String,
    /// When it was asked for, or found, in milliseconds since 1970, UTC.
    pub since: i64,
    /// When it was first seen ready.
    #[serde(default)]
    pub ready: Option<i64>,
    /// The command that is at work with it.
    #[serde(default)]
    pub owner: Option<Owner>,
}

/// How far the making of a session came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It is about to be asked for, or was, and nobody has heard the answer.
    Creating,
    /// AWS knows of it.
    Made,
}

/// A command, told from all others: in two containers that share a project, both may be process 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its process.
    pub pid: u32,
    /// When it began, in milliseconds since 1970, UTC.
    pub started: i64,
}

/// A command at work with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Which it is.
    #[serde(flatten)]
    pub process: Process,
    /// Its last sign of life.
    pub heartbeat: i64,
}

impl Owner {
    /// Whether it has given a sign of life lately. A clock that was set back does not make it dead.
    pub fn is_alive(&self, now: i64) -> bool {
        now.saturating_sub(self.heartbeat) <= millis(ALIVE)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    schema: String,
    sessions: BTreeMap<String, Record>,
}

/// The records of a project.
#[derive(Debug, Clone)]
pub struct Store {
    project: Utf8PathBuf,
}

/// The right to change the records, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Store {
    /// The records of the project in a directory.
    pub fn new(project: impl Into<Utf8PathBuf>) -> Self {
        Self {
            project: project.into(),
        }
    }

    fn directory(&self) -> Utf8PathBuf {
        DIRECTORY
            .iter()
            .fold(self.project.clone(), |path, part| path.join(part))
    }

    /// Where the records are.
    pub fn path(&self) -> Utf8PathBuf {
        self.directory().join("session.json")
    }

    /// Waits for the right to change the records.
    ///
    /// # Errors
    ///
    /// Where another command keeps it for too long, or it cannot be had at all.
    pub fn lock(&self, caller: &Caller<'_>) -> Result<Lock, Error> {
        let path = self.directory().join("session.lock");
        let file = self
            .make_directory()
            .and_then(|()| File::options().create(true).append(true).open(&path))
            .map_err(|error| unwritable(&path, &error))?;
        let until = caller.clock.now().saturating_add(millis(LOCK_PATIENCE));
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::Error(error)) => return Err(unwritable(&path, &error)),
                Err(TryLockError::WouldBlock) if caller.clock.now() >= until => {
                    let message =
                        format!("another command of Glueline holds `{path}`; wait for it, or end it");
                    return Err(Error::new(Kind::Busy, "", message));
                }
                Err(TryLockError::WouldBlock) => caller.pause(Duration::from_millis(100))?,
            }
        }
    }

    /// All records, by target.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is none of ours. It is left as it is: what it names may be running.
    pub fn all(&self) -> Result<BTreeMap<String, Record>, Error> {
        self.all_on(&OsSystem)
    }

    /// All records, by target, as a system has them.
    ///
    /// # Errors
    ///
    /// As for [`Store::all`].
    pub fn all_on(&self, system: &dyn System) -> Result<BTreeMap<String, Record>, Error> {
        let path = self.path();
        let bytes = match system.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(unread(&path, &error.to_string())),
        };
        let stored: Stored =
            serde_json::from_slice(&bytes).map_err(|error| unread(&path, &error.to_string()))?;
        if stored.schema != SCHEMA {
            return Err(unread(
                &path,
                &format!("its form is `{}`, not `{SCHEMA}`", stored.schema),
            ));
        }
        Ok(stored.sessions)
    }

    /// The record of a target.
    pub fn get(&self, key: &str) -> Result<Option<Record>, Error> {
        Ok(self.all()?.remove(key))
    }

    /// Writes down the session of a target.
    pub fn put(&self, lock: &Lock, key: &str, record: Record) -> Result<(), Error> {
        self.change(lock, |records| {
            records.insert(key.to_owned(), record);
        })
    }

    /// Changes what is written down of a session, if it still is.
    pub fn update(
        &self,
        lock: &Lock,
        key: &str,
        id: &str,
        change: impl FnOnce(&mut Record),
    ) -> Result<(), Error> {
        self.change(lock, |records| {
            if let Some(record) = records.get_mut(key).filter(|record| record.id == id) {
                change(record);
            }
        })
    }

    /// Another command that is at work with a session, under whichever target.
    ///
    /// # Errors
    ///
    /// As for [`Store::all`].
    pub fn other_owner(&self, id: &str, process: Process, now: i64) -> Result<Option<Owner>, Error> {
        let records = self.all()?;
        let owners = records.values().filter(|record| record.id == id);
        Ok(owners
            .filter_map(|record| record.owner)
            .find(|owner| owner.process != process && owner.is_alive(now)))
    }

    /// Takes a session off the records.
    pub fn forget(&self, lock: &Lock, id: &str) -> Result<(), Error> {
        self.change(lock, |records| records.retain(|_, record| record.id != id))
    }

    fn change(&self, _: &Lock, change: impl FnOnce(&mut BTreeMap<String, Record>)) -> Result<(), Error> {
        let before = self.all()?;
        let mut sessions = before.clone();
        change(&mut sessions);
        if sessions == before {
            return Ok(());
        }
        let path = self.path();
        let stored = Stored {
            schema: SCHEMA.to_owned(),
            sessions,
        };
        let text = serde_json::to_vec_pretty(&stored).map_err(|error| unread(&path, &error.to_string()))?;
        self.write(&path, &text)
            .map_err(|error| unwritable(&path, &error))
    }

    /// The record has to be on the disk before the call is made that it tells of.
    fn write(&self, path: &Utf8Path, text: &[u8]) -> io::Result<()> {
        self.make_directory()?;
        let mut file = tempfile::Builder::new()
            .prefix(".glueline-")
            .suffix(".tmp")
            .tempfile_in(self.directory())?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Makes the directory. A link on the way would lead out of the project, and is refused.
    fn make_directory(&self) -> io::Result<()> {
        let mut path = self.project.clone();
        for part in DIRECTORY {
            path.push(part);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => return Err(io::Error::other(format!("`{path}` is no directory"))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::create_dir(&path) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                    _ => {}
                },
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn unread(path: &Utf8Path, why: &str) -> Error {
    let message = format!(
        "`{path}` cannot be read: {why}; look for sessions with `glueline session list --all`, then remove the file"
    );
    Error::new(Kind::Disk, "", message)
}

fn unwritable(path: &Utf8Path, error: &io::Error) -> Error {
    Error::new(Kind::Disk, "", format!("cannot write `{path}`: {error}"))
}
