//! How a statement is sent (`GlueCursor.execute` in `dbt/adapters/glue/gluedbapi/cursor.py`), and what comes back.

use std::sync::Arc;

use glueline_catalog::Change;
use glueline_template::{Cx, Error};

use super::{Event, Found, Reading, RunState, SparkError, Statement, effects, found, python};
use crate::adapter::current_schema;
use crate::host::NodeHost;
use crate::introspect::{self, Answered};

/// Sends a statement with the query comment, as `adapter.execute` does.
///
/// Where rows are fetched and there are none, dbt-glue stumbles (`GlueCursor.fetchall`).
pub(crate) fn execute(cx: &Cx, host: &NodeHost, sql: &str, fetch: bool) -> Result<Answered, Error> {
    let Some(run) = host.run() else {
        return Ok(Answered::default());
    };
    let commented = run.comments.add(&host.shared, run.node(), sql)?;
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
    let connection = run.connection(&host.shared)?;
    let credentials = &connection.credentials;
    if sql.contains('"') {
        host.has(Change::KeepsDoubleQuotes);
    }
    let code = introspect::code(sql, &credentials.use_arrow(), &credentials.location())?;
    let reading = code.reading();
    let mut found = Vec::new();
    let answer = match &reading {
        Reading::Refused(message) => Err(Refusal::Spark(SparkError {
            name: "SyntaxError".to_owned(),
            value: message.clone(),
        })),
        Reading::Pieces(queries) => answer(cx, host, run, queries.iter().map(String::as_str), &mut found),
        Reading::Same => answer(cx, host, run, std::iter::once(sql), &mut found),
        _ if code.sql.is_none() => answer_python(cx, host, run, &code.text, &mut found).map(|()| None),
        Reading::Other | Reading::Unknown => {
            cx.note("what a statement does whose text is Python of its own");
            Ok(None)
        }
    };
    let error = answer.as_ref().err().and_then(|refusal| match refusal {
        Refusal::Spark(error) => Some(error.clone()),
        Refusal::Other(_) => None,
    });
    run.record(Event::Statement(Statement {
        sql: code.sql,
        code: code.text.clone(),
        reading,
        error,
        found,
    }));
    answer.map_err(|refusal| match refusal {
        Refusal::Spark(error) => introspect::database_error(&code.text, &error),
        Refusal::Other(error) => error,
    })
}

/// Sends Python code as it is: what the adapter writes itself. `refused` is why Python cannot read it, where it cannot.
///
/// The session does what stands in it as `spark.sql(...)`, and answers with what it gives to `SqlWrapper2`.
pub(crate) fn send_python(
    cx: &Cx,
    host: &NodeHost,
    code: &str,
    refused: Option<String>,
) -> Result<(), Error> {
    let Some(run) = host.run() else {
        return Ok(());
    };
    run.connection(&host.shared)?;
    write_python(cx, host, run, code, refused)
}

/// Sends the code of a Python model, to a session of its own.
pub(crate) fn send_python_model(cx: &Cx, host: &NodeHost, code: &str) -> Result<(), Error> {
    let Some(run) = host.run() else {
        return Ok(());
    };
    match run.node() {
        Some(node) => run.open_for_python(&host.shared, node)?,
        None => run.connection(&host.shared)?,
    };
    write_python(cx, host, run, code, None)
}

fn write_python(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<RunState>,
    code: &str,
    refused: Option<String>,
) -> Result<(), Error> {
    let mut found = Vec::new();
    let answer = match refused {
        Some(value) => Err(Refusal::Spark(SparkError {
            name: "SyntaxError".to_owned(),
            value,
        })),
        None => answer_python(cx, host, run, code, &mut found),
    };
    let error = match &answer {
        Err(Refusal::Spark(error)) => Some(error.clone()),
        _ => None,
    };
    run.record(Event::Statement(Statement {
        sql: None,
        code: code.to_owned(),
        reading: Reading::Unknown,
        error,
        found,
    }));
    answer.map_err(|refusal| match refusal {
        Refusal::Spark(error) => introspect::database_error(code, &error),
        Refusal::Other(error) => error,
    })
}

fn answer_python(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<RunState>,
    code: &str,
    found: &mut Vec<Found>,
) -> Result<(), Refusal> {
    let current = current_schema(&host.shared.project);
    for sql in python::constants(code, "spark.sql(") {
        let asked = introspect::squash(sql);
        found.extend(found::before(host, &asked));
        effects::apply(&mut run.warehouse(), host, &asked, &current);
    }
    for sql in python::constants(code, "\nSqlWrapper2.execute(") {
        let told = introspect::told(cx, host, &introspect::squash(sql)).map_err(Refusal::Other)?;
        if let Some(Err(error)) = told {
            return Err(Refusal::Spark(error));
        }
    }
    Ok(())
}

/// Why nothing comes back.
enum Refusal {
    /// The session says so.
    Spark(SparkError),
    /// Glueline cannot go on.
    Other(Error),
}

/// What the session answers. It runs what stands between `dbt_next_query` one by one, and answers with what the last gives.
fn answer<'q>(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<RunState>,
    queries: impl Iterator<Item = &'q str>,
    found: &mut Vec<Found>,
) -> Result<Option<Answered>, Refusal> {
    let mut last = None;
    for query in queries {
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
