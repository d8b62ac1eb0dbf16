//! How a statement is sent (`GlueCursor.execute` in `dbt/adapters/glue/gluedbapi/cursor.py`), and what comes back.

use std::sync::Arc;

use glueline_catalog::Change;
use glueline_template::{Cx, Error};

use super::connection::Connection;
use super::live::{self, Live, NoAnswer};
use super::{Event, Found, Reading, SparkError, Statement, Turn, effects, found, python};
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
    let sent = Sent {
        host,
        run,
        connection: &connection,
        // What Python cannot read does nothing in any session.
        live: run
            .live
            .as_ref()
            .filter(|_| !matches!(reading, Reading::Refused(_))),
    };
    let statement = |reading| Statement {
        sql: code.sql.clone(),
        code: code.text.clone(),
        reading,
        error: None,
        found: Vec::new(),
        node: run.node(),
    };
    match &reading {
        Reading::Refused(message) => {
            let refused = syntax_error(message.clone());
            sent.carry_out(statement(reading.clone()), &[], |_| Err(refused))
        }
        Reading::Pieces(queries) => {
            let asked: Vec<String> = queries.iter().map(|query| introspect::squash(query)).collect();
            sent.carry_out(statement(reading.clone()), &asked, |found| {
                answer(cx, host, run, &asked, found)
            })
        }
        Reading::Same => {
            let asked = [introspect::squash(sql)];
            sent.carry_out(statement(reading.clone()), &asked, |found| {
                answer(cx, host, run, &asked, found)
            })
        }
        Reading::Other | Reading::Unknown if code.sql.is_none() => {
            let asked = asked_in(&code.text);
            sent.carry_out(statement(reading.clone()), &asked, |found| {
                answer_python(cx, host, run, &code.text, found).map(|()| None)
            })
        }
        Reading::Other | Reading::Unknown => sent.carry_out(statement(reading.clone()), &[], |_| {
            cx.note("what a statement does whose text is Python of its own");
            Ok(None)
        }),
    }
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
    let connection = run.connection(&host.shared)?;
    write_python(cx, host, run, &connection, code, refused)
}

/// Sends the code of a Python model, to a session of its own.
pub(crate) fn send_python_model(cx: &Cx, host: &NodeHost, code: &str) -> Result<(), Error> {
    let Some(run) = host.run() else {
        return Ok(());
    };
    let connection = match run.node() {
        Some(node) => run.open_for_python(&host.shared, node)?,
        None => run.connection(&host.shared)?,
    };
    write_python(cx, host, run, &connection, code, None)
}

fn write_python(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<Turn>,
    connection: &Connection,
    code: &str,
    refused: Option<String>,
) -> Result<(), Error> {
    let statement = Statement {
        sql: None,
        code: code.to_owned(),
        reading: Reading::Unknown,
        error: None,
        found: Vec::new(),
        node: run.node(),
    };
    let sent = Sent {
        host,
        run,
        connection,
        // What Python cannot read does nothing in any session.
        live: run.live.as_ref().filter(|_| refused.is_none()),
    };
    let asked = asked_in(code);
    let answered = sent.carry_out(statement, &asked, |found| match refused {
        Some(value) => Err(syntax_error(value)),
        None => answer_python(cx, host, run, code, found).map(|()| None),
    });
    answered.map(|_| ())
}

/// What Python says of code that it cannot read.
fn syntax_error(value: String) -> Refusal {
    Refusal::Session(NoAnswer::Refused(SparkError::new("SyntaxError", value)))
}

/// The SQL that Python code of the adapter runs.
fn asked_in(code: &str) -> Vec<String> {
    let constants = python::constants(code, "spark.sql(");
    constants.into_iter().map(introspect::squash).collect()
}

/// Where a statement goes.
struct Sent<'a> {
    host: &'a NodeHost,
    run: &'a Arc<Turn>,
    connection: &'a Connection,
    /// What carries it out; `None` where it is imagined.
    live: Option<&'a Arc<dyn Live>>,
}

impl Sent<'_> {
    /// Has a statement carried out, or imagined where the run is only played through, and writes it down. `asked` is the SQL in it, with
    /// white space squeezed.
    fn carry_out(
        &self,
        mut statement: Statement,
        asked: &[String],
        imagined: impl FnOnce(&mut Vec<Found>) -> Result<Option<Answered>, Refusal>,
    ) -> Result<Option<Answered>, Error> {
        let answer = match self.live {
            Some(live) => {
                self.run
                    .goes_on()
                    .map_err(|why| why.of_statement(&statement.code))?;
                let found = asked.iter().filter_map(|asked| found::before(self.host, asked));
                statement.found = found.collect();
                let answer = self
                    .run
                    .hear(live::statement(live, &self.connection.opened(), &statement));
                if answer.is_ok() {
                    self.change(asked);
                }
                answer.map_err(Refusal::Session)
            }
            None => imagined(&mut statement.found),
        };
        if let Err(Refusal::Session(NoAnswer::Refused(error))) = &answer {
            statement.error = Some(error.clone());
        }
        let code = statement.code.clone();
        self.run.record(Event::Statement(statement));
        answer.map_err(|refusal| match refusal {
            Refusal::Session(why) => why.of_statement(&code),
            Refusal::Other(error) => error,
        })
    }

    /// Takes over what SQL has changed.
    fn change(&self, asked: &[String]) {
        let current = current_schema(&self.host.shared.project);
        let changing = asked.iter().filter(|asked| introspect::changes_something(asked));
        for asked in changing {
            effects::apply(&mut self.run.warehouse(), self.host, asked, &current);
        }
    }
}

fn answer_python(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<Turn>,
    code: &str,
    found: &mut Vec<Found>,
) -> Result<(), Refusal> {
    let current = current_schema(&host.shared.project);
    for asked in asked_in(code) {
        found.extend(found::before(host, &asked));
        effects::apply(&mut run.warehouse(), host, &asked, &current);
    }
    for sql in python::constants(code, "\nSqlWrapper2.execute(") {
        let told = introspect::told(cx, host, &introspect::squash(sql)).map_err(Refusal::Other)?;
        if let Some(Err(error)) = told {
            return Err(Refusal::Session(NoAnswer::Refused(error)));
        }
    }
    Ok(())
}

/// Why nothing comes back.
enum Refusal {
    /// The session gives no answer.
    Session(NoAnswer),
    /// Glueline cannot go on.
    Other(Error),
}

/// What the session answers. It runs what stands between `dbt_next_query` one by one, and answers with what the last gives.
fn answer(
    cx: &Cx,
    host: &NodeHost,
    run: &Arc<Turn>,
    queries: &[String],
    found: &mut Vec<Found>,
) -> Result<Option<Answered>, Refusal> {
    let mut last = None;
    for asked in queries {
        found.extend(found::before(host, asked));
        last = one(cx, host, run, asked)?;
    }
    Ok(last)
}

fn one(cx: &Cx, host: &NodeHost, run: &Arc<Turn>, asked: &str) -> Result<Option<Answered>, Refusal> {
    let told = introspect::told(cx, host, asked).map_err(Refusal::Other)?;
    match told {
        Some(Ok(answer)) => return Ok(Some(answer)),
        Some(Err(error)) => return Err(Refusal::Session(NoAnswer::Refused(error))),
        None => {}
    }
    if let Some(found) = introspect::shown(host, asked) {
        return found
            .map(Some)
            .map_err(|error| Refusal::Session(NoAnswer::Refused(error)));
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
