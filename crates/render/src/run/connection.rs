//! The sessions that a run opens: one for each thread, model or group, made when its first statement comes.

use std::sync::Arc;

use glueline_template::Error;
use serde_json::Value as Json;

use super::session::{Credentials, RANDOM, Stops};
use super::{RunState, Turn};
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
    fn open(credentials: Credentials) -> Result<Self, Error> {
        Ok(Self {
            create: credentials.create_session()?,
            use_schema: credentials.use_schema()?,
            credentials,
        })
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
        }
    }
}

impl OpenedSession {
    /// The id of the session, where it is the same each time: dbt-glue then takes up the one that is there (`glue_session_reuse`).
    pub fn fixed_id(&self) -> Option<&str> {
        let id = self.create.get("Id")?.as_str()?;
        (!id.contains(RANDOM)).then_some(id)
    }
}

impl Renderer {
    /// The session of the profile alone, as no node's `meta` changes it.
    ///
    /// # Errors
    ///
    /// With what keeps it from being opened.
    pub fn profile_session(&self) -> Result<OpenedSession, Error> {
        Ok(Connection::open(Credentials::of_profile(&self.0))?.opened())
    }
}

impl RunState {
    /// The session that statements of what is at hand are sent to; opened where it is not yet.
    ///
    /// # Errors
    ///
    /// With what keeps it from being opened, each time anew as dbt-glue tries anew.
    pub(crate) fn connection(&self, shared: &Arc<Shared>) -> Result<Arc<Connection>, Error> {
        if let Some(known) = &self.current().connection {
            return Ok(known.clone());
        }
        let turn = self.current().turn.clone();
        let credentials = match &turn {
            Turn::Node(node) => Credentials::of_node(shared, *node),
            Turn::Hook(id) => Credentials::of_hook(shared, id),
            Turn::None => Credentials::of_hook(shared, ""),
        };
        let connection = self.shared_session(credentials)?;
        self.current().connection = Some(connection.clone());
        Ok(connection)
    }

    /// The session of some credentials: that of the first with the same key, where there is one.
    pub(crate) fn shared_session(&self, credentials: Credentials) -> Result<Arc<Connection>, Error> {
        let same = |known: &&Arc<Connection>| known.credentials.key() == credentials.key();
        if let Some(known) = self.connections().iter().find(same) {
            return Ok(known.clone());
        }
        let made = Arc::new(Connection::open(credentials)?);
        self.connections().push(made.clone());
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
