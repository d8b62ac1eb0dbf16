//! Sessions, for people.

use std::io::{self, Write};

use glueline_glue::{Listed, Session, SessionState, Statement, Usage};

use super::{Shown, Told};
use crate::report::{clean, counted};
use crate::streams::Streams;

/// Prints what came of a command.
pub(super) fn write(told: &Told, key: &str, streams: &mut Streams<'_>) -> io::Result<()> {
    let out = &mut *streams.out;
    match told {
        Told::None => writeln!(out, "no session of {key} is on record"),
        Told::Gone(id) => writeln!(out, "session {}: AWS knows of none", clean(id)),
        Told::Session(shown) => writeln!(out, "{}", clean(&line(shown))),
        Told::Stopped(stopped) if stopped.is_empty() => writeln!(out, "no session is live"),
        Told::Stopped(stopped) => stopped.iter().try_for_each(|(id, session)| {
            let state = session.as_ref().map_or("gone", |session| session.state.name());
            writeln!(out, "session {} is {state}", clean(id))
        }),
        Told::List(rows, _) if rows.is_empty() => writeln!(out, "no session is live"),
        Told::List(rows, now) => rows.iter().try_for_each(|(listed, usage)| {
            let text = row(listed, usage.as_ref(), *now);
            writeln!(out, "{}", clean(&text))
        }),
        Told::Statements(shown, statements) => {
            writeln!(out, "{}", clean(&line(shown)))?;
            for statement in statements {
                write_statement(statement, shown.now, out)?;
            }
            let id = &shown.session.id;
            writeln!(
                streams.err,
                "note: CloudWatch has what the driver wrote: groups /aws-glue/sessions/output and /aws-glue/sessions/error, \
                 streams {}",
                clean(id)
            )
        }
    }
}

/// What came of a command, in one line: `ready, 2 × G.1X, 12 min, 4.0 DPU-min, about $0.03, stops after 10 min idle`.
pub(super) fn sentence(told: &Told, key: &str) -> String {
    let stopped = |(id, session): &(String, Option<Session>)| {
        let state = session.as_ref().map_or("gone", |session| session.state.name());
        format!("session {id} is {}", state.to_lowercase())
    };
    match told {
        Told::None => format!("no session of {key} is on record"),
        Told::Gone(id) => format!("session {id}: AWS knows of none"),
        Told::Stopped(all) if all.is_empty() => "no session is live".to_owned(),
        Told::Stopped(all) => all.iter().map(stopped).collect::<Vec<_>>().join(", "),
        Told::List(rows, _) => counted(rows.len(), "session"),
        Told::Session(shown) | Told::Statements(shown, _) => short(shown),
    }
}

/// A session, as a tooltip says it.
fn short(shown: &Shown) -> String {
    let session = &shown.session;
    let mut parts = vec![session.state.name().to_lowercase()];
    if let (Some(count), Some(kind)) = (session.workers, &session.worker_type) {
        parts.push(format!("{count} × {kind}"));
    }
    if let Some(created) = session.created {
        let until = session.completed.unwrap_or(shown.now);
        parts.push(span(until.saturating_sub(created)));
    }
    if let Some(usage) = &shown.usage {
        parts.push(format!("{:.1} DPU-min", usage.dpu_minutes));
        parts.extend(usage.dollars.map(|dollars| format!("about ${dollars:.2}")));
    }
    if !session.state.is_over() {
        parts.extend(
            session
                .idle_timeout
                .map(|minutes| format!("stops after {minutes} min idle")),
        );
    }
    parts.extend(session.error.clone());
    parts.join(", ")
}

/// `session x · READY · 2 workers G.1X · 4 min · 8.0 DPU-minutes, about $0.06 · idle stop in 6 min`.
fn line(shown: &Shown) -> String {
    let session = &shown.session;
    let mut parts = facts(session, shown.usage.as_ref(), shown.now);
    match (shown.busy, shown.idle_left) {
        (Some(true), _) => parts.push("busy".to_owned()),
        (_, Some(left)) => parts.push(format!("idle stop in {}", span(left))),
        _ => {}
    }
    if shown.is_current == Some(false) {
        parts.push("made with another configuration than the profile has now".to_owned());
    }
    parts.join(" · ")
}

/// What is told of every session.
fn facts(session: &Session, usage: Option<&Usage>, now: i64) -> Vec<String> {
    let mut parts = vec![format!("session {}", session.id), session.state.to_string()];
    if let (Some(count), Some(kind)) = (session.workers, &session.worker_type) {
        parts.push(format!(
            "{} {kind}",
            counted(usize::try_from(count).unwrap_or(0), "worker")
        ));
    }
    if let Some(created) = session.created {
        parts.push(span(session.completed.unwrap_or(now).saturating_sub(created)));
    }
    let runs =
        matches!(session.state, SessionState::Ready | SessionState::Stopping) || session.state.is_over();
    if let Some(usage) = usage.filter(|_| runs) {
        let price = match usage.dollars {
            Some(dollars) => format!("about ${dollars:.2}"),
            None => "at a price that --dpu-price has to say".to_owned(),
        };
        parts.push(format!("{:.1} DPU-minutes, {price}", usage.dpu_minutes));
    }
    parts.extend(session.error.clone());
    parts
}

fn row(listed: &Listed, usage: Option<&Usage>, now: i64) -> String {
    let mut parts = facts(&listed.session, usage, now);
    match &listed.key {
        Some(key) => parts.push(format!("on record for {key}")),
        None if listed.is_orphan() => parts.push("on no record here".to_owned()),
        None => {}
    }
    parts.join(" · ")
}

fn write_statement(statement: &Statement, now: i64, out: &mut dyn Write) -> io::Result<()> {
    let Statement {
        id,
        state,
        started,
        completed,
        answer,
    } = statement;
    let took = started.map(|started| span(completed.unwrap_or(now).saturating_sub(started)));
    let error = answer.as_ref().and_then(|answer| answer.error.as_ref());
    let status = answer.as_ref().and_then(|answer| answer.status.as_deref());
    write!(out, "{id}  {}", clean(state.name()))?;
    if let Some(status) = status.filter(|status| *status != "ok") {
        write!(out, " ({})", clean(status))?;
    }
    if let Some(took) = took {
        write!(out, "  {took}")?;
    }
    writeln!(out)?;
    if let Some(error) = error {
        writeln!(out, "   {}: {}", clean(&error.name), clean(&error.value))?;
    }
    Ok(())
}

/// Milliseconds, as people say it.
fn span(millis: i64) -> String {
    match millis.max(0) / 1000 {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        for (millis, want) in [
            (-5, "0 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (7_199_000, "119 min"),
            (7_260_000, "2 h 1 min"),
        ] {
            assert_eq!(span(millis), want);
        }
    }
}
