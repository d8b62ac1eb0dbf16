//! Sessions, for machines. Times are milliseconds since 1970, UTC.

use std::io;

use glueline_glue::{Listed, Phase, Session, Statement, Usage};
use serde_json::{Map, Value, json};

use super::{Shown, Told};
use crate::streams::Streams;

/// Prints what came of a command; with a sentence for people, where whoever asks shows one.
pub(super) fn write(
    told: &Told,
    key: &str,
    remarks: &[String],
    text: Option<String>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let mut document = json!({"schema": "glueline-session/1", "target": key});
    let mut set = |name: &str, value: Value| {
        if let Some(fields) = document.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    match told {
        Told::None => set("session", Value::Null),
        Told::Gone(id) => set("session", json!({"id": id, "state": null})),
        Told::Session(shown) => set("session", whole(shown)),
        Told::Stopped(stopped) => {
            let one = |(id, session): &(String, Option<Session>)| json!({"id": id, "state": session.as_ref().map(|session| session.state.name())});
            set("stopped", stopped.iter().map(one).collect());
        }
        Told::List(rows, _) => set("sessions", rows.iter().map(row).collect()),
        Told::Statements(shown, statements) => {
            set("session", whole(shown));
            set("statements", statements.iter().map(statement).collect());
        }
    }
    set("remarks", json!(remarks));
    if let Some(text) = text {
        set("text", json!(text));
    }
    serde_json::to_writer_pretty(&mut *streams.out, &document)?;
    streams.out.write_all(b"\n")
}

fn facts(session: &Session, usage: Option<&Usage>) -> Map<String, Value> {
    let facts = json!({
        "id": session.id,
        "state": session.state.name(),
        "error": session.error,
        "created": session.created,
        "completed": session.completed,
        "role": session.role,
        "glue_version": session.glue_version,
        "workers": session.workers,
        "worker_type": session.worker_type,
        "idle_timeout_minutes": session.idle_timeout,
        "dpu_minutes": usage.map(|usage| usage.dpu_minutes),
        "estimated_dollars": usage.and_then(|usage| usage.dollars),
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

fn whole(shown: &Shown) -> Value {
    let mut facts = facts(&shown.session, shown.usage.as_ref());
    let record = shown.record.as_ref();
    facts.extend([
        ("region".to_owned(), json!(shown.region)),
        (
            "account".to_owned(),
            json!(record.and_then(|record| record.account.as_ref())),
        ),
        (
            "made_by_glueline".to_owned(),
            json!(record.map(|record| record.made)),
        ),
        (
            "creating".to_owned(),
            json!(record.map(|record| record.phase == Phase::Creating)),
        ),
        ("busy".to_owned(), json!(shown.busy)),
        (
            "idle_stop_in_seconds".to_owned(),
            json!(shown.idle_left.map(|millis| millis / 1000)),
        ),
        ("as_the_profile_says".to_owned(), json!(shown.is_current)),
    ]);
    Value::Object(facts)
}

fn row((listed, usage): &(Listed, Option<Usage>)) -> Value {
    let mut facts = facts(&listed.session, usage.as_ref());
    facts.extend([
        ("target".to_owned(), json!(listed.key)),
        ("forgotten".to_owned(), json!(listed.is_orphan())),
    ]);
    Value::Object(facts)
}

fn statement(statement: &Statement) -> Value {
    let answer = statement.answer.as_ref();
    let error = answer.and_then(|answer| answer.error.as_ref());
    json!({
        "id": statement.id,
        "state": statement.state.name(),
        "status": answer.and_then(|answer| answer.status.as_ref()),
        "started": statement.started,
        "completed": statement.completed,
        "error": error.map(|error| json!({"name": error.name, "message": error.value})),
    })
}
