//! What is told of a session, for people.

use serde_json::Value;

use crate::status::SessionLine;

/// What `glueline session ... --output json` tells an editor: for the status, and as a sentence.
pub(super) fn told(printed: &Value) -> (Option<SessionLine>, String) {
    let said = printed.get("text").and_then(Value::as_str).unwrap_or_default();
    let session = printed.get("session").filter(|session| session.is_object());
    let text = |key: &str| Some(session?.get(key)?.as_str()?.to_owned());
    let line = text("id").zip(text("state")).map(|(id, state)| SessionLine {
        id,
        state,
        text: said.to_owned(),
        is_recorded: false,
    });
    let sentence = match &line {
        Some(line) => format!("Session {}: {said}.", line.id),
        None => format!("{said}."),
    };
    (line, sentence)
}
