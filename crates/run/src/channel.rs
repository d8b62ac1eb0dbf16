//! One session that takes statements, and what it answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use glueline_base::Cancel;
use glueline_catalog::LONGEST_STATEMENT;
use glueline_glue::{Answer, Api, Caller, Clock, Error, Kind, Ran, Statements};
use glueline_render::{NoAnswer, SparkError};

use crate::answer::{self, PIECE, Table};
use crate::verdict::{self, Verdict};

/// What is sent to a session first.
const BOOTSTRAP: &str = include_str!("bootstrap.py");

/// How long a text may be as a literal in a statement, in characters: there has to be room for the rest.
const LONGEST_LITERAL: usize = LONGEST_STATEMENT / 2;

/// How many characters of a longer one are handed over at once. None takes more than six as a literal: `\u0001`.
const PIECE_OF_TEXT: usize = LONGEST_LITERAL / 6;

/// What makes the calls, for as long as a run lasts.
#[derive(Debug, Clone)]
pub struct Link {
    /// The calls.
    pub api: Arc<dyn Api>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Ends every wait, and cancels what runs.
    pub cancel: Cancel,
}

impl Link {
    /// Makes calls, again where it does no harm.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            api: &*self.api,
            clock: &*self.clock,
            cancel: &self.cancel,
        }
    }
}

/// A session that takes statements. Only one at a time is sent.
pub struct Channel {
    link: Link,
    session: String,
    statements: Statements,
    /// The release of Spark that the session has.
    spark: String,
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl Channel {
    /// Gets a session that is ready to take statements, and takes back what an earlier command left in it. `patience` is how long a
    /// statement may run; for ever where `None`. `say` is told what is worth knowing.
    ///
    /// # Errors
    ///
    /// Where it does not take them.
    pub fn open(
        link: &Link,
        session: &str,
        patience: Option<Duration>,
        say: &mut dyn FnMut(&str),
    ) -> Result<Self, NoAnswer> {
        let statements =
            Statements::of(&link.caller(), session, patience).map_err(|error| stopped(&error))?;
        if let [first, ..] = statements.busy() {
            say(&format!(
                "statement {first} of session {session} still runs, sent by somebody else or by a command that is gone: what \
                 follows waits for it"
            ));
        }
        let mut channel = Self {
            link: link.clone(),
            session: session.to_owned(),
            statements,
            spark: String::new(),
        };
        let code = format!("{BOOTSTRAP}\n\n_glueline = _Glueline({PIECE})\n_glueline.begin()\n");
        let printed = channel.printed(&code)?;
        let said = answer::piece(&printed).map_err(NoAnswer::Stopped)?;
        let said = said.and_then(|piece| serde_json::from_str::<serde_json::Value>(piece.text).ok());
        let spark = said.as_ref().and_then(|said| said.get("spark")?.as_str());
        let nothing = || NoAnswer::Stopped(format!("session {session} runs code and does not answer"));
        spark.ok_or_else(nothing)?.clone_into(&mut channel.spark);
        Ok(channel)
    }

    /// The id of the session.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The release of Spark that the session has: `3.5.4`.
    pub fn spark(&self) -> &str {
        &self.spark
    }

    /// Runs code of dbt-glue behind what it sends before each: `spark.sql('use analytics')`. Both go in one statement where there is
    /// room. `None` comes back for what gives no rows, not even none.
    ///
    /// # Errors
    ///
    /// With why there is no answer.
    pub fn run(&mut self, before: &str, code: &str, is_sql: bool) -> Result<Option<Table>, NoAnswer> {
        let mut first = format!("_glueline.use({})", literal(before));
        if !is_sql {
            first.push_str("; _glueline.imports()");
        }
        // The program of a Python model begins with an empty line: it keeps its numbers of lines.
        if !code.starts_with('\n') {
            first.push('\n');
        }
        let length = first.chars().count() + code.chars().count();
        let printed = if length > LONGEST_STATEMENT {
            self.printed(&first)?;
            self.printed(code)?
        } else {
            self.printed(&format!("{first}{code}"))?
        };
        self.table(&printed, is_sql)
    }

    /// Has Spark look at a query, and not run it.
    ///
    /// # Errors
    ///
    /// With what Spark refuses in it, or why there is no answer.
    pub fn analyse(&mut self, before: &str, sql: &str) -> Result<(), NoAnswer> {
        let code = format!("_glueline.analyse({})", self.expression(sql)?);
        self.run(before, &code, true).map(|_| ())
    }

    /// Has Spark look at queries, and run none: what it makes of each, in their order. As many go in one statement as there is room for.
    ///
    /// # Errors
    ///
    /// With why there is no answer; what Spark refuses in a query is one.
    pub fn verdicts(&mut self, before: &str, queries: &[String]) -> Result<Vec<Verdict>, NoAnswer> {
        let first = format!("_glueline.use({})\n", literal(before));
        let room = LONGEST_STATEMENT.saturating_sub(verdict::code(&first, &[]).chars().count());
        let literals: Vec<String> = queries.iter().map(|sql| literal(sql)).collect();
        let mut verdicts = Vec::with_capacity(queries.len());
        for batch in verdict::batches(&literals, room) {
            let code = match (batch, queries.get(verdicts.len())) {
                ([only], Some(sql)) if only.chars().count() > room => {
                    verdict::code(&first, &[self.expression(sql)?])
                }
                _ => verdict::code(&first, batch),
            };
            let printed = self.printed(&code)?;
            let text = self.whole(&printed)?.ok_or_else(|| unread(SILENT.to_owned()))?;
            verdicts.extend(verdict::read(&text, batch.len()).map_err(unread)?);
        }
        Ok(verdicts)
    }

    /// Runs a query for people to look at its rows: structs with their names, values as Spark's SQL writes them.
    ///
    /// # Errors
    ///
    /// With why there is no answer.
    pub fn show(&mut self, before: &str, sql: &str) -> Result<Option<Table>, NoAnswer> {
        let code = format!("_glueline.show({})", self.expression(sql)?);
        self.run(before, &code, true)
    }

    /// A text as an expression of Python that leaves room for more in its statement. One that would not is handed over before, in pieces:
    /// with its escapes, a text that fits into a statement of dbt-glue may be longer than one as a literal.
    fn expression(&mut self, text: &str) -> Result<String, NoAnswer> {
        let whole = literal(text);
        if whole.chars().count() <= LONGEST_LITERAL {
            return Ok(whole);
        }
        let characters: Vec<char> = text.chars().collect();
        for (number, piece) in characters.chunks(PIECE_OF_TEXT).enumerate() {
            let piece = literal(&piece.iter().collect::<String>());
            let is_first = if number == 0 { "True" } else { "False" };
            self.printed(&format!("_glueline.hold({piece}, {is_first})"))?;
        }
        Ok("_glueline.held".to_owned())
    }

    /// The table in what was printed, its other pieces fetched.
    fn table(&mut self, printed: &str, must_answer: bool) -> Result<Option<Table>, NoAnswer> {
        match self.whole(printed)? {
            Some(text) => Table::read(&text).map_err(unread),
            None if must_answer => Err(unread(SILENT.to_owned())),
            None => Ok(None),
        }
    }

    /// The answer in what was printed, its other pieces fetched; `None` where there is none.
    fn whole(&mut self, printed: &str) -> Result<Option<String>, NoAnswer> {
        let Some(first) = answer::piece(printed).map_err(unread)? else {
            return Ok(None);
        };
        let mut text = first.text.to_owned();
        let (count, total) = (first.count(), first.total);
        for number in 1..count {
            let printed = self.printed(&format!("_glueline.more({number})"))?;
            match answer::piece(&printed).map_err(unread)? {
                Some(next) if (next.number, next.total) == (number, total) => text.push_str(next.text),
                _ => {
                    return Err(unread(format!(
                        "piece {number} of the session's answer did not come"
                    )));
                }
            }
        }
        Ok(Some(text))
    }

    /// Runs code as it is; gives what it prints.
    fn printed(&mut self, code: &str) -> Result<String, NoAnswer> {
        match self.statements.run(&self.link.caller(), code, &kind(code)) {
            Ok(Ran::Answered(answer)) => said(answer),
            Ok(Ran::Stopped {
                statement,
                is_overdue,
            }) => {
                let why = if is_overdue {
                    "its time was over"
                } else {
                    "the run was stopped"
                };
                Err(NoAnswer::Stopped(format!(
                    "statement {statement} of session {} was cancelled: {why}; what it had written by then is written",
                    self.session
                )))
            }
            Err(error) if error.kind == Kind::Refused => Err(NoAnswer::Refused(SparkError::new(
                "InvalidInputException",
                error.message,
            ))),
            Err(error) => Err(stopped(&error)),
        }
    }
}

/// What tells codes apart that take about as long as each other: the first words behind the comment that dbt puts before each.
fn kind(code: &str) -> String {
    let sql = code.split_once("*/").map_or(code, |(_, sql)| sql);
    let words = sql
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(3).map(str::to_lowercase).collect();
    words.join(" ")
}

/// What a statement printed. Only what says that it is well is taken for that.
fn said(answer: Answer) -> Result<String, NoAnswer> {
    match (answer.error, answer.status.as_deref()) {
        (None, Some("ok")) => Ok(answer.text.unwrap_or_default()),
        (Some(error), _) => Err(NoAnswer::Refused(SparkError {
            lines: lines_of_program(&error.traceback),
            name: error.name,
            value: error.value,
        })),
        (None, status) => Err(NoAnswer::Refused(SparkError::new(
            status.unwrap_or("error"),
            "the session does not say what is wrong",
        ))),
    }
}

/// The lines of what was sent that a trace of Python names: it has no other file that is called like this.
fn lines_of_program(trace: &[String]) -> Vec<u32> {
    let frames = trace
        .iter()
        .flat_map(|text| text.split("File \"<stdin>\", line ").skip(1));
    let digits = frames.filter_map(|frame| frame.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
    digits.collect()
}

/// That a statement does not answer though it has to.
const SILENT: &str = "the session did not say what the statement gives";

/// What is said where an answer cannot be read.
#[expect(clippy::needless_pass_by_value, reason = "it stands behind `map_err`")]
fn unread(why: String) -> NoAnswer {
    NoAnswer::Stopped(format!(
        "{why}; the statement ran, and what it changed is changed"
    ))
}

/// A fault between here and the session.
pub(crate) fn stopped(error: &Error) -> NoAnswer {
    NoAnswer::Stopped(error.to_string())
}

/// A text as a literal of Python.
fn literal(text: &str) -> String {
    // A text of JSON is one of Python: the escapes of JSON mean the same there, and all else stands for itself. `\/` is never written.
    serde_json::Value::from(text).to_string()
}
