//! How a statement is sent (`GlueCursor.execute` in `dbt/adapters/glue/gluedbapi/cursor.py`), and what comes back.

use std::sync::Arc;

use glueline_template::{Cx, Error};

use super::{Event, Found, RunState, SparkError, Statement, effects, found};
use crate::adapter::current_schema;
use crate::host::NodeHost;
use crate::introspect::{self, Answered};

/// Sends a statement with the query comment, as `adapter.execute` does.
///
/// Where rows are fetched and there are none, dbt-glue stumbles (`GlueCursor.fetchall`).
pub(crate) fn execute(cx: &Cx, host: &NodeHost, sql: &str, fetch: bool) -> Result<Answered, Error> {
    let commented = format!("{}{sql}", introspect::query_comment(host));
    match send(cx, host, &commented)? {
        Some(answer) => Ok(answer),
        None if fetch => Err(Error::type_error("'NoneType' object is not iterable")),
        None => Ok(Answered::default()),
    }
}

/// Sends a statement as it is. `None` comes back where it gives no rows, not even none.
pub(crate) fn send(cx: &Cx, host: &NodeHost, sql: &str) -> Result<Option<Answered>, Error> {
    let Some(run) = host.run() else {
        return Ok(None);
    };
    let padded = if sql.ends_with('\'') {
        format!("{sql} ")
    } else {
        sql.to_owned()
    };
    let code = introspect::code(host, &padded);
    let mut found = Vec::new();
    let answer = answer(cx, host, run, &padded, &mut found);
    let error = answer.as_ref().err().and_then(|refusal| match refusal {
        Refusal::Spark(error) => Some(error.clone()),
        Refusal::Other(_) => None,
    });
    run.record(Event::Statement(Statement {
        sql: Some(padded),
        code: code.clone(),
        error,
        found,
    }));
    answer.map_err(|refusal| match refusal {
        Refusal::Spark(error) => introspect::database_error(&code, &error),
        Refusal::Other(error) => error,
    })
}

/// Sends Python code as it is: what the adapter writes itself.
pub(crate) fn send_python(run: &RunState, code: String) {
    run.record(Event::Statement(Statement {
        sql: None,
        code,
        error: None,
        found: Vec::new(),
    }));
}

/// Why nothing comes back.
enum Refusal {
    /// The session says so.
    Spark(SparkError),
    /// Glueline cannot go on.
    Other(Error),
}

/// What the session answers. It runs what stands between `dbt_next_query` one by one, and answers with what the last gives.
fn answer(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<RunState>,
    sql: &str,
    found: &mut Vec<Found>,
) -> Result<Option<Answered>, Refusal> {
    let mut last = None;
    for query in sql.split("dbt_next_query").filter(|query| !query.is_empty()) {
        let asked = introspect::squash(query);
        found.extend(found::before(host, &asked));
        last = one(cx, host, run, &asked)?;
    }
    Ok(last)
}

fn one(cx: &Cx, host: &NodeHost, run: &Arc<RunState>, asked: &str) -> Result<Option<Answered>, Refusal> {
    let told = introspect::told(cx, host, asked).map_err(Refusal::Other)?;
    match told {
        Some(Ok(answer)) => return Ok(Some(answer)),
        Some(Err(error)) => return Err(Refusal::Spark(error)),
        None => {}
    }
    if let Some(found) = introspect::shown(host, asked) {
        return found.map(Some).map_err(Refusal::Spark);
    }
    if introspect::changes_something(asked) {
        let current = current_schema(&host.shared.project);
        effects::apply(&mut run.warehouse(), host, asked, &current);
        return Ok(None);
    }
    if let Some(found) = introspect::of_test(asked) {
        return Ok(Some(found));
    }
    if !introspect::is_query(asked) {
        return Ok(None);
    }
    cx.note(format!(
        "a query needs the warehouse: {}",
        introspect::shortened(asked)
    ));
    Ok(Some(introspect::probed(host, asked)))
}
