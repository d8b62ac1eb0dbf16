//! What is told of a session, for people.

use serde_json::Value;

use crate::status::SessionLine;

/// What `glueline session ... --output json` tells: for the status, and as a sentence.
pub(super) fn told(printed: &Value) -> (Option<SessionLine>, String) {
    if let Some(stopped) = printed.get("stopped").and_then(Value::as_array) {
        let ids: Vec<&str> = stopped.iter().filter_map(|one| one.get("id")?.as_str()).collect();
        let sentence = match ids.as_slice() {
            [] => "There was no session to stop.".to_owned(),
            ids => format!("Stopped {}.", ids.join(", ")),
        };
        return (None, sentence);
    }
    let Some(session) = printed.get("session").filter(|session| session.is_object()) else {
        return (None, "The target has no session.".to_owned());
    };
    let text = |key: &str| session.get(key).and_then(Value::as_str);
    let id = text("id").unwrap_or_default().to_owned();
    let Some(state) = text("state") else {
        return (None, format!("There is no session {id} any more."));
    };
    let line = SessionLine {
        text: facts(session, state),
        state: state.to_owned(),
        id,
    };
    let sentence = format!("Session {}: {}.", line.id, line.text);
    (Some(line), sentence)
}

/// `READY, 2 × G.1X, 4.0 DPU-minutes, about $0.03, stops after 10 min idle`.
fn facts(session: &Value, state: &str) -> String {
    let number = |key: &str| session.get(key).and_then(Value::as_f64);
    let mut facts = vec![state.to_owned()];
    let kind = session.get("worker_type").and_then(Value::as_str);
    if let (Some(workers), Some(kind)) = (number("workers"), kind) {
        facts.push(format!("{workers} × {kind}"));
    }
    if let Some(used) = number("dpu_minutes") {
        facts.push(format!("{used:.1} DPU-minutes"));
    }
    if let Some(dollars) = number("estimated_dollars") {
        facts.push(format!("about ${dollars:.2}"));
    }
    match (number("idle_stop_in_seconds"), number("idle_timeout_minutes")) {
        (Some(left), _) => facts.push(format!("stops in {:.0} min if idle", (left / 60.0).ceil())),
        (None, Some(idle)) => facts.push(format!("stops after {idle} min idle")),
        (None, None) => {}
    }
    facts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_is_a_sentence() {
        for (printed, want) in [
            (json!({"session": null}), "The target has no session."),
            (
                json!({"session": {"id": "a", "state": null}}),
                "There is no session a any more.",
            ),
            (json!({"stopped": []}), "There was no session to stop."),
            (json!({"stopped": [{"id": "a"}, {"id": "b"}]}), "Stopped a, b."),
            (
                json!({"session": {"id": "a", "state": "READY", "workers": 2, "worker_type": "G.1X", "dpu_minutes": 4.04,
                    "estimated_dollars": 0.029, "idle_timeout_minutes": 10, "idle_stop_in_seconds": 500}}),
                "Session a: READY, 2 × G.1X, 4.0 DPU-minutes, about $0.03, stops in 9 min if idle.",
            ),
            (
                json!({"session": {"id": "a", "state": "READY", "idle_timeout_minutes": 10}}),
                "Session a: READY, stops after 10 min idle.",
            ),
        ] {
            assert_eq!(told(&printed).1, want);
        }
    }
}
