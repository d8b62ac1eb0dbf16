//! What one record of a log says: the errors in it.

use glueline_catalog::{error_in, known_error};

use super::exception::{self, Exception};
use super::{CountsIn, Position, Reported, Subject};

/// What dbt puts before what an adapter logs.
const ADAPTERS: [&str; 2] = ["Glue adapter: ", "Spark adapter: "];
/// How dbt-glue begins to tell of a statement that the session refuses (`execute` in `dbt/adapters/glue/gluedbapi/cursor.py`).
const RETURNED: [&str; 2] = ["Glue returned `", "Glue cursor returned `"];
/// What dbt calls its errors, before ` Error`.
const KINDS: [&str; 8] = [
    "Compilation",
    "Database",
    "Dependency",
    "Env Var",
    "Internal",
    "Parsing",
    "Runtime",
    "Validation",
];

/// The errors that a record tells of.
pub(super) fn read(record: &str) -> Vec<Reported> {
    let record = ADAPTERS
        .iter()
        .find_map(|words| record.strip_prefix(words))
        .unwrap_or(record);
    let mut found = Vec::new();
    for chunk in chunks(record) {
        found.extend(error(&chunk));
    }
    found
}

/// Stretches of a text that tell of one error each.
fn chunks(record: &str) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    let mut of = Start::None;
    let mut is_apart = false;
    for line in record.lines() {
        let mut start = Start::of(line);
        // Texts that are pasted one below the other.
        if is_apart && start == Start::None && of <= Start::Exception && error_in(line).is_some() {
            start = Start::Exception;
        }
        is_apart = line.trim().is_empty();
        // What dbt tells goes on until it tells of the next; what the session answers may hold anything but another answer.
        // An exception may say on the next line what it is.
        let is_awaited = start == Start::Exception
            && chunks
                .last()
                .is_some_and(|chunk| chunk.trim_end().ends_with("Exception:"));
        let begins = start > of || (start == of && start != Start::None);
        if (begins && !is_awaited) || chunks.is_empty() {
            of = start;
            chunks.push(line.to_owned());
        } else if let Some(chunk) = chunks.last_mut() {
            chunk.push('\n');
            chunk.push_str(line);
        }
    }
    chunks
}

/// What a line begins, what ends more the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    None,
    /// An exception, as Python or Java print it.
    Exception,
    /// dbt-glue's words for an answer.
    Answer,
    /// dbt's words for an error.
    Dbt,
}

impl Start {
    fn of(line: &str) -> Self {
        if dbt_head(line).is_some() {
            Self::Dbt
        } else if RETURNED.iter().any(|words| line.contains(words)) {
            Self::Answer
        } else if exception::begins(line) || line.contains("An error occurred (") {
            Self::Exception
        } else {
            Self::None
        }
    }
}

/// `Database Error in model orders (models/orders.sql)`: the error's name, and whose it is.
fn dbt_head(line: &str) -> Option<(&str, Subject)> {
    let line = line.trim();
    let (kind, rest) = line.split_once(" Error")?;
    if !KINDS.contains(&kind) {
        return None;
    }
    let name = line.get(..kind.len() + " Error".len())?;
    if rest.is_empty() {
        return Some((name, Subject::default()));
    }
    let rest = rest.strip_prefix(" in ")?;
    let (whose, path) = match rest.split_once(" (") {
        Some((whose, path)) => (whose, path.strip_suffix(')')),
        None => (rest, None),
    };
    let last = whose.split_whitespace().last();
    Some((
        name,
        Subject {
            unique_id: None,
            name: last.map(str::to_owned),
            path: path.map(|path| path.replace('\\', "/")),
        },
    ))
}

/// The error that a stretch of text tells of; `None` where it tells of none.
fn error(chunk: &str) -> Option<Reported> {
    let (first, rest) = chunk.split_once('\n').unwrap_or((chunk, ""));
    if let Some((name, subject)) = dbt_head(first) {
        let body = dedented(rest);
        let body = without_trailer(&body);
        if let Some(mut found) = of_session(body) {
            found.subject.name = subject.name;
            found.subject.path = subject.path;
            return Some(found);
        }
        return Some(of_dbt(name, subject, body));
    }
    of_session(chunk)
}

/// What dbt puts behind a text that it tells: where it wrote the code.
fn without_trailer(body: &str) -> &str {
    let trailer = ["\ncompiled code at ", "\ncompiled Code at "]
        .into_iter()
        .find_map(|words| body.rfind(words));
    trailer
        .and_then(|at| body.get(..at))
        .unwrap_or(body)
        .trim_end_matches('\n')
}

/// Lines without the two blanks that dbt puts before all of them but the first.
fn dedented(text: &str) -> String {
    let is_indented = |line: &str| line.trim().is_empty() || line.starts_with("  ");
    if !text.lines().all(is_indented) {
        return text.to_owned();
    }
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    lines.join("\n")
}

/// An error of Spark or of AWS, told by dbt-glue or standing by itself.
fn of_session(text: &str) -> Option<Reported> {
    if let Some((code, exception)) = answer(text) {
        let mut found = of_exception(&exception);
        found.subject.unique_id = node_id(code).or(found.subject.unique_id);
        found.code = Some(code.to_owned());
        return Some(found);
    }
    let exception = exception::of_model(text).or_else(|| exception::find(text))?;
    Some(of_exception(&exception))
}

/// `Glue returned `error` for statement None for code CODE, NAME: VALUE`.
fn answer(text: &str) -> Option<(&str, Exception)> {
    let start = RETURNED.iter().filter_map(|words| text.find(words)).min()?;
    let (_, rest) = text.get(start..)?.split_once(" for code ")?;
    // The call of the wrapper ends where its literal does; other programs at the first thing that looks like an exception.
    let from = rest.find("''', use_arrow=").unwrap_or_default();
    let (code, exception) = exception::behind_comma(rest, from)?;
    Some((code, exception))
}

fn of_exception(exception: &Exception) -> Reported {
    let of_class = exception.class.as_deref().and_then(known_error);
    // What AWS says tells more than its code; and what stands behind, in a trace, may tell what the code does not.
    let known = of_class
        .filter(|known| known.is_of_spark())
        .or_else(|| error_in(&format!("{}: {}", exception.name, exception.message)))
        .or(of_class)
        .or_else(|| error_in(&exception.told));
    let class = exception
        .class
        .clone()
        .or_else(|| known.map(|known| known.class.to_owned()));
    let state = || known.and_then(|known| known.sql_state).map(str::to_owned);
    Reported {
        exception: Some(exception.name.clone()).filter(|name| !name.is_empty()),
        class,
        sql_state: exception.sql_state.clone().or_else(state),
        message: exception.message.clone(),
        known,
        subject: Subject {
            unique_id: exception.query.as_deref().and_then(node_id),
            ..Subject::default()
        },
        at: exception.at,
        counts_in: if exception.is_of_program {
            CountsIn::Program
        } else {
            CountsIn::Query
        },
        code: None,
        query: exception.query.clone(),
    }
}

/// What dbt says itself, of a template mostly: `line 5` is one of the file then.
fn of_dbt(name: &str, subject: Subject, body: &str) -> Reported {
    let known = error_in(body);
    let is_place = |line: &&str| {
        let number = line.trim().strip_prefix("line ");
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let place = body.lines().find(is_place);
    let said = place
        .and_then(|place| body.split_once(place))
        .map_or(body, |(said, _)| said);
    let line = body
        .lines()
        .find_map(|line| line.trim().strip_prefix("line ")?.parse().ok())
        .or_else(|| exception::number_behind(body, "on line "));
    Reported {
        exception: Some(name.to_owned()),
        class: known.map(|known| known.class.to_owned()),
        sql_state: None,
        message: exception::on_one_line(said),
        known,
        subject,
        at: line.map(|line| Position { line, column: None }),
        counts_in: CountsIn::File,
        code: None,
        query: None,
    }
}

/// The node that dbt's comment in a statement names.
fn node_id(statement: &str) -> Option<String> {
    let (_, rest) = statement.split_once("\"node_id\": \"")?;
    let (id, _) = rest.split_once('"')?;
    (!id.is_empty() && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}
