//! What the SDK says, in our types, and the other way round.

use aws_sdk_glue::operation::create_session::builders::CreateSessionFluentBuilder;
use aws_sdk_glue::primitives::DateTime;
use aws_sdk_glue::types::{ConnectionsList, SessionCommand, WorkerType};

use crate::api::{Answer, NewSession, Session, SessionState, Statement, StatementError, StatementState};
use crate::error::{Error, Kind};

pub(super) fn create_session(
    call: CreateSessionFluentBuilder,
    new: &NewSession,
) -> CreateSessionFluentBuilder {
    let command = SessionCommand::builder()
        .name(&new.command)
        .set_python_version(written(&new.python_version))
        .build();
    let connections = (!new.connections.is_empty()).then(|| {
        ConnectionsList::builder()
            .set_connections(Some(new.connections.clone()))
            .build()
    });
    let mut call = call
        .id(&new.id)
        .role(&new.role)
        .command(command)
        .set_request_origin(written(&new.origin))
        .set_number_of_workers(new.workers)
        .set_worker_type(new.worker_type.as_deref().map(WorkerType::from))
        .set_idle_timeout(new.idle_timeout)
        .set_timeout(new.timeout)
        .set_glue_version(new.glue_version.clone())
        .set_security_configuration(new.security_configuration.clone())
        .set_connections(connections);
    for (key, value) in &new.arguments {
        call = call.default_arguments(key, value);
    }
    for (key, value) in &new.tags {
        call = call.tags(key, value);
    }
    call
}

fn written(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A session. One without a state is none: to take it for anything would be to make it up.
pub(super) fn session(
    call: &'static str,
    found: Option<aws_sdk_glue::types::Session>,
) -> Result<Session, Error> {
    let found = found.ok_or_else(|| lacking(call, "Session"))?;
    let state = found.status.as_ref().ok_or_else(|| lacking(call, "Status"))?;
    Ok(Session {
        state: SessionState::of(state.as_str()),
        id: found.id.ok_or_else(|| lacking(call, "Id"))?,
        error: found.error_message.filter(|text| !text.is_empty()),
        created: found.created_on.and_then(time),
        completed: found.completed_on.and_then(time),
        role: found.role,
        glue_version: found.glue_version,
        workers: found.number_of_workers,
        worker_type: found.worker_type.map(|kind| kind.as_str().to_owned()),
        idle_timeout: found.idle_timeout,
        dpu_seconds: found.dpu_seconds,
        ran_seconds: found.execution_time,
    })
}

/// A statement, without its code.
pub(super) fn statement(
    call: &'static str,
    found: Option<aws_sdk_glue::types::Statement>,
) -> Result<Statement, Error> {
    let found = found.ok_or_else(|| lacking(call, "Statement"))?;
    let state = found.state.as_ref().ok_or_else(|| lacking(call, "State"))?;
    let answer = found.output.map(|output| Answer {
        text: output.data.and_then(|data| data.text_plain),
        status: output.status.map(|status| status.as_str().to_owned()),
        error: output.error_name.map(|name| StatementError {
            name,
            value: output.error_value.unwrap_or_default(),
            traceback: output.traceback.unwrap_or_default(),
        }),
    });
    Ok(Statement {
        id: found.id,
        state: StatementState::of(state.as_str()),
        started: epoch(found.started_on),
        completed: epoch(found.completed_on),
        answer,
    })
}

fn time(time: DateTime) -> Option<i64> {
    time.to_millis().ok()
}

/// The service model says only that these are times of Unix: both seconds and milliseconds are in use. 0 is none.
fn epoch(time: i64) -> Option<i64> {
    const LARGEST_IN_SECONDS: i64 = 100_000_000_000;
    match time {
        ..=0 => None,
        seconds if seconds < LARGEST_IN_SECONDS => Some(seconds * 1000),
        millis => Some(millis),
    }
}

/// An answer that lacks what it has to have.
pub(super) fn lacking(call: &'static str, field: &str) -> Error {
    Error::new(Kind::Garbled, call, format!("`{field}` is missing in it"))
}
