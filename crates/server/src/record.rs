//! A conversation written down, for reports of faults: one JSON object a line, `{"time": seconds, "from": "client" | "server",
//! "message": …}`, in the order of the wire. Nothing is in it but what the messages hold.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// Where messages are written down, if anywhere.
pub(crate) struct Recorder {
    began: Instant,
    to: Option<Mutex<Box<dyn Write + Send>>>,
}

impl Recorder {
    pub(crate) fn new(to: Option<Box<dyn Write + Send>>) -> Self {
        Self {
            began: Instant::now(),
            to: to.map(Mutex::new),
        }
    }

    /// Writes down a message. What is no JSON is written as a text.
    pub(crate) fn note(&self, side: Side, message: &[u8]) {
        let Some(to) = &self.to else { return };
        let message = serde_json::from_slice(message)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(message).into_owned()));
        let from = match side {
            Side::Client => "client",
            Side::Server => "server",
        };
        let entry = json!({"time": self.began.elapsed().as_secs_f64(), "from": from, "message": message});
        let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not end the conversation.
        let _ = writeln!(to, "{entry}").and_then(|()| to.flush());
    }
}
