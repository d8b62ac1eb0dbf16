//! The sessions that a run opens: one for each thread, model or group, made when its first statement comes.

use std::sync::Arc;

use glueline_template::Error;
use serde_json::Value as Json;

use super::session::{Credentials, RANDOM, SessionKey, Stops};
use super::turn::{Turn, Whose};
use crate::Renderer;
use crate::renderer::Shared;

/// A session that statements of a run are sent to.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(super) credentials: Credentials,
    /// What is sent to make it.
    pub(super) create: Json,
    /// What is sent before each statement.
    pub(super) use_schema: String,
    /// The thread whose statement was the first.
    thread: usize,
}

/// A session that a run opens.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedSession {
    /// The `CreateSession` request; the random part of the id is shown as `<UUID>`.
    pub create: Json,
    /// What is sent before each statement, besides the adapter's own preamble: `spark.sql('use analytics')`.
    pub use_schema: String,
    /// When dbt-glue stops it.
    pub stopped: SessionEnd,
    /// The thread of the run that opens it: 0 for the main thread, and for the only one. Nodes without a session of their own have
    /// one for each thread, where its id is not fixed.
    pub thread: usize,
}

/// When dbt-glue stops a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// When the command ends.
    WithCommand,
    /// When the node is done.
    WithNode,
    /// Never: it idles until its timeout.
    Never,
}

impl Connection {
    fn open(credentials: Credentials, thread: usize) -> Result<Self, Error> {
        Ok(Self {
            create: credentials.create_session()?,
            use_schema: credentials.use_schema()?,
            credentials,
            thread,
        })
    }

    /// Whether statements with some credentials, from some thread, go here.
    fn takes(&self, credentials: &Credentials, thread: usize) -> bool {
        let is_own = *credentials.key() == SessionKey::Worker;
        self.credentials.key() == credentials.key()
            && (!is_own || self.thread == thread || fixed_id(&self.create).is_some())
    }

    pub(super) fn opened(&self) -> OpenedSession {
        OpenedSession {
            create: self.create.clone(),
            use_schema: self.use_schema.clone(),
            stopped: match self.credentials.stops() {
                Stops::AtEnd => SessionEnd::WithCommand,
                Stops::WithNode => SessionEnd::WithNode,
                Stops::Never => SessionEnd::Never,
            },
            thread: self.thread,
        }
    }
}

impl OpenedSession {
    /// The id of the session, where it is the same each time: dbt-glue then takes up the one that is there (`glue_session_reuse`).
    pub fn fixed_id(&self) -> Option<&str> {
        fixed_id(&self.create)
    }
}

fn fixed_id(create: &Json) -> Option<&str> {
    let id = create.get("Id")?.as_str()?;
    (!id.contains(RANDOM)).then_some(id)
}

impl Renderer {
    /// The session of the profile alone, as no node's `meta` changes it.
    ///
    /// # Errors
    ///
    /// With what keeps it from being opened.
    pub fn profile_session(&self) -> Result<OpenedSession, Error> {
        Ok(Connection::open(Credentials::of_profile(&self.0), 0)?.opened())
    }
}

impl Turn {
    /// The session that statements of what is at hand are sent to; opened where it is not yet.
    ///
    /// # Errors
    ///
    /// With what keeps it from being opened, each time anew as dbt-glue tries anew.
    pub(crate) fn connection(&self, shared: &Arc<Shared>) -> Result<Arc<Connection>, Error> {
        if let Some(known) = &self.current().connection {
            return Ok(known.clone());
        }
        let credentials = match self.whose() {
            Whose::Node(node) => Credentials::of_node(shared, *node),
            Whose::Hook(id) => Credentials::of_hook(shared, id),
            Whose::Nobody => Credentials::of_hook(shared, ""),
        };
        let connection = self.shared_session(credentials)?;
        self.current().connection = Some(connection.clone());
        Ok(connection)
    }

    /// The session of some credentials: that of the first with the same key, where there is one.
    pub(crate) fn shared_session(&self, credentials: Credentials) -> Result<Arc<Connection>, Error> {
        // Held until it is there: two threads may need the same one.
        let mut connections = self.connections();
        let is_it = |known: &&Arc<Connection>| known.takes(&credentials, self.thread());
        if let Some(known) = connections.iter().find(is_it) {
            return Ok(known.clone());
        }
        let made = Arc::new(Connection::open(credentials, self.thread())?);
        connections.push(made.clone());
        Ok(made)
    }

    /// Opens the session in which the code of a Python model runs.
    pub(crate) fn open_for_python(
        &self,
        shared: &Shared,
        node: glueline_project::NodeId,
    ) -> Result<Arc<Connection>, Error> {
        let credentials = Credentials::of_python(shared, node);
        self.shared_session(credentials)
    }
}
