//! What is asked for of sessions, and what comes of it.

use std::time::Duration;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::api::{NewSession, Session};
use crate::record::Process;

/// The session that a target asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is written down under: profile and target.
    pub key: String,
    /// What it is made with.
    pub new: NewSession,
    /// Whether its id is fixed, and others may have made it: dbt-glue itself, with `glue_session_reuse`.
    pub is_shared: bool,
    /// What the ids begin with that Glueline gives to sessions of this project and user.
    pub prefix: String,
    /// What tells its configuration from others ([`digest`]).
    pub digest: String,
    /// The region that is called.
    pub region: String,
    /// The account of the credentials, where that is known.
    pub account: Option<String>,
    /// How long to wait until it is ready.
    pub patience: Duration,
    /// The command at work.
    pub process: Process,
}

/// What is wanted besides what the target says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// The session of this id, whoever made it.
    pub adopt: Option<&'a str>,
    /// A new one, and the old one stopped.
    pub fresh: bool,
}

/// How a session was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It was made.
    Made,
    /// It was on record.
    Known,
    /// It was there, and is on record now.
    Adopted,
}

/// A session that is ready.
#[derive(Debug, Clone, PartialEq)]
pub struct Started {
    /// The session.
    pub session: Session,
    /// How it was come by.
    pub how: How,
}

/// A session of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The session.
    pub session: Session,
    /// The target whose record names it.
    pub key: Option<String>,
    /// Whether its id is one that Glueline gives to sessions of this project and user.
    pub is_ours: bool,
}

impl Listed {
    /// Whether Glueline made it here and no record names it.
    pub fn is_orphan(&self) -> bool {
        self.is_ours && self.key.is_none() && !self.session.state.is_over()
    }
}

/// What tells one configuration of a session from another: of a `CreateSession` request, all but who asks and under which id.
pub fn digest(request: &Json) -> String {
    let mut fields: Vec<(&String, String)> = request
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !matches!(name.as_str(), "Id" | "RequestOrigin"))
        .map(|(name, value)| (name, value.to_string()))
        .collect();
    fields.sort();
    let mut hash = Sha256::new();
    for (name, value) in fields {
        hash.update(format!("{name}={value}\n"));
    }
    let bytes = hash.finalize();
    let start = bytes
        .iter()
        .take(8)
        .fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    format!("{start:016x}")
}
