//! One client, from its first message to its last.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use glueline_base::System;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::{
    DidChangeConfigurationParams, DidCloseTextDocumentParams, InitializeParams,
};

use crate::agreed::Agreed;
use crate::host::Host;
use crate::moment::Moment;
use crate::pool::Pool;
use crate::settings::Settings;
use crate::world::World;

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody has said who they are.
    Before,
    /// Messages are handled.
    Running,
    /// The client has asked to end; only `exit` may follow.
    Ending,
}

/// Everything that a conversation is made of.
pub(crate) struct Session {
    /// Where messages to the client go.
    pub(crate) client: Client,
    /// The threads that think.
    pub(crate) pool: Pool,
    agreed: OnceLock<Arc<Agreed>>,
    world: Mutex<World>,
    phase: AtomicU8,
}

impl Session {
    pub(crate) fn new(client: Client, pool: Pool, host: Arc<dyn Host>, disk: Arc<dyn System>) -> Arc<Self> {
        Arc::new(Self {
            client,
            pool,
            agreed: OnceLock::new(),
            world: Mutex::new(World::new(host, disk)),
            phase: AtomicU8::new(0),
        })
    }

    /// How far the conversation is.
    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::SeqCst) {
            0 => Phase::Before,
            1 => Phase::Running,
            _ => Phase::Ending,
        }
    }

    pub(crate) fn set_phase(&self, phase: Phase) {
        let number = match phase {
            Phase::Before => 0,
            Phase::Running => 1,
            Phase::Ending => 2,
        };
        self.phase.store(number, Ordering::SeqCst);
    }

    /// What was agreed on; nothing before the client has introduced itself.
    pub(crate) fn agreed(&self) -> Arc<Agreed> {
        self.agreed.get().cloned().unwrap_or_default()
    }

    /// What the client has told.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client introduces itself.
    pub(crate) fn begin(&self, params: &InitializeParams) -> Arc<Agreed> {
        let agreed = Arc::clone(self.agreed.get_or_init(|| Arc::new(Agreed::new(params))));
        let mut world = self.world();
        world.encoding = agreed.encoding;
        if let Some(options) = &params.initialization_options {
            world.set_settings(Settings::read(options));
        }
        agreed
    }

    /// A notification that changes what is known. Returns false for one that is not known here.
    pub(crate) fn apply(&self, method: &str, params: Option<&Value>) -> bool {
        let params = params.unwrap_or(&Value::Null);
        match method {
            "textDocument/didOpen" => with(params, |params| self.world().open(params)),
            "textDocument/didChange" => with(params, |params| {
                self.world().change(params);
            }),
            "textDocument/didClose" => with(params, |params: DidCloseTextDocumentParams| {
                self.world().close(&params.text_document.uri);
            }),
            "workspace/didChangeConfiguration" => with(params, |params: DidChangeConfigurationParams| {
                self.world().set_settings(Settings::read(&params.settings));
            }),
            _ => return false,
        }
        true
    }

    /// This instant, for a request with these parameters.
    pub(crate) fn moment(&self, params: Option<&Value>) -> Moment {
        let uri = params.and_then(|params| {
            ["/textDocument/uri", "/item/uri", "/data/uri"]
                .into_iter()
                .find_map(|pointer| params.pointer(pointer)?.as_str())
        });
        self.world().moment(uri)
    }
}

/// Does something with the parameters of a notification. Malformed ones are passed over: nobody waits for an answer.
fn with<T: DeserializeOwned>(params: &Value, apply: impl FnOnce(T)) {
    if let Ok(params) = T::deserialize(params) {
        apply(params);
    }
}
