//! An exception as Spark, Java, Python and AWS print it.

use glueline_catalog::is_class;

use super::Position;

/// The most characters of a message that are kept.
const LONGEST: usize = 1000;
/// How names of exceptions end.
const ENDINGS: [&str; 4] = ["Exception", "Error", "Interrupt", "ExecutableError"];
/// What stands between what Spark says and the query plan, the statement, or the trace.
const BEHIND: [&str; 6] = [
    "\n== SQL",
    "\n\tat ",
    "\n    at ",
    "\nJVM stacktrace",
    "\nTraceback",
    "\nThe above exception",
];

/// What an exception says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Exception {
    /// Its name, without a package before it; empty where none is printed.
    pub(super) name: String,
    /// Spark's error class, or the code of AWS.
    pub(super) class: Option<String>,
    /// The SQLSTATE that is printed.
    pub(super) sql_state: Option<String>,
    /// What it says, on one line.
    pub(super) message: String,
    /// All that it says.
    pub(super) told: String,
    /// Where in the statement.
    pub(super) at: Option<Position>,
    /// The statement.
    pub(super) query: Option<String>,
    /// Whether the place is one of the Python program that was sent.
    pub(super) is_of_program: bool,
}

/// Whether a line begins an exception: `pyspark.errors.exceptions.captured.AnalysisException: ...`, `[CLASS] ...`.
pub(super) fn begins(line: &str) -> bool {
    let line = line.strip_prefix("Caused by: ").map_or(line, |_| "");
    name_at(line).is_some() || class_at(line).is_some()
}

/// The first exception in a text that begins with one, or with a class, or that tells of a call of AWS.
pub(super) fn find(text: &str) -> Option<Exception> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let here = text.get(start..)?;
        if let Some((name, value)) = name_at(line).and_then(|name| Some((name, behind_name(here)?))) {
            return Some(read(name, value));
        }
        if class_at(line).is_some() {
            return Some(read("", here));
        }
        if let Some(call) = line.find("An error occurred (") {
            return Some(read("", text.get(start + call..)?));
        }
        start += line.len();
    }
    let is_known = glueline_catalog::error_in(text).is_some();
    let (_, at) = position(text);
    (is_known || at.is_some()).then(|| read("", text))
}

/// The text before the first `, NAME: ` behind a place, and the exception there.
pub(super) fn behind_comma(text: &str, from: usize) -> Option<(&str, Exception)> {
    let mut at = from;
    while let Some(found) = text.get(at..)?.find(", ") {
        let comma = at + found;
        let rest = text.get(comma + 2..)?;
        if let Some(name) = name_at(rest) {
            return Some((text.get(..comma)?, read(name, behind_name(rest)?)));
        }
        at = comma + 2;
    }
    None
}

/// The name of the exception that a text begins with.
fn name_at(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$')))?;
    let (path, rest) = text.split_at(end);
    let name = path.rsplit(['.', '$']).next()?;
    let is_name =
        name.starts_with(|c: char| c.is_ascii_uppercase()) && ENDINGS.iter().any(|end| name.ends_with(end));
    // Python prints an exception that says nothing without a colon.
    (is_name && rest.starts_with(':')).then_some(name)
}

fn behind_name(text: &str) -> Option<&str> {
    let (_, value) = text.split_once(':')?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

/// The class in brackets that a text begins with.
fn class_at(text: &str) -> Option<&str> {
    let (class, _) = text.trim_start().strip_prefix('[')?.split_once(']')?;
    // `[ERROR]` and the like are levels of logs.
    (is_class(class) && class.contains('_')).then_some(class)
}

/// Reads what an exception says.
fn read(name: &str, value: &str) -> Exception {
    // Java's own stands behind what Py4J says of it.
    let (name, value) = match value.split_once("\n: ") {
        Some((head, java)) if head.contains("An error occurred while calling ") => match name_at(java) {
            Some(of_java) => (of_java, behind_name(java).unwrap_or(java)),
            None => (name, java),
        },
        _ => (name, value),
    };
    let value = value.trim_start_matches('\n');
    let (_, at) = position(value);
    let head = bare(head(value));
    Exception {
        name: name.to_owned(),
        class: class_at(value).or_else(|| code_of_aws(value)).map(str::to_owned),
        sql_state: sql_state(value).map(str::to_owned),
        message: on_one_line(head),
        told: value.to_owned(),
        at,
        query: at.and_then(|at| query(value, at)),
        is_of_program: name == "SyntaxError",
    }
}

/// The error of a Python model (`_wait_for_statement_completion` in `dbt/adapters/glue/python_submissions.py`): name, text and trace.
pub(super) fn of_model(text: &str) -> Option<Exception> {
    let (_, rest) = text.split_once("Python model failed with error: ")?;
    let (name, rest) = rest.split_once('\n')?;
    let start = rest.find("['").unwrap_or(rest.len());
    let (value, trace) = rest.split_at_checked(start)?;
    let frames = trace.split("File \"<stdin>\", line ").skip(1);
    let line = frames.filter_map(|frame| number(frame).0).last();
    let mut found = read(name.trim(), value.trim());
    if line.is_some() {
        found.at = line.map(|line| Position { line, column: None });
        found.is_of_program = true;
    }
    Some(found)
}

/// `An error occurred (AccessDeniedException) when calling the GetTable operation: ...`.
fn code_of_aws(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("An error occurred (")?;
    let (code, rest) = rest.split_once(')')?;
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_code && rest.trim_start().starts_with([':', 'w'])).then_some(code)
}

/// What is said before the place, the plan, the statement and the trace.
fn head(text: &str) -> &str {
    let (before, _) = position(text);
    let ends = BEHIND.iter().filter_map(|words| text.find(words));
    // Spark 3.3 puts no place before the plan.
    let end = ends
        .chain(before)
        .chain(text.find(";\n"))
        .min()
        .unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim().trim_end_matches(';')
}

/// What is said without the class before it and the SQLSTATE behind.
fn bare(head: &str) -> &str {
    let behind = class_at(head).and_then(|_| head.split_once(']'));
    let said = behind.map_or(head, |(_, said)| said.trim_start());
    let end = said
        .rfind("SQLSTATE: ")
        .filter(|at| said.len() - at == "SQLSTATE: 42703".len());
    end.and_then(|end| said.get(..end)).unwrap_or(said).trim_end()
}

/// Where the words begin that tell a place in the statement, and the place.
fn position(text: &str) -> (Option<usize>, Option<Position>) {
    // In `== SQL (line 1, position 8) ==` the first character is 1.
    for (words, between, base) in [
        ("; line ", " pos ", 0),
        ("(line ", ", pos ", 0),
        ("(line ", ", position ", 1),
    ] {
        for (start, _) in text.match_indices(words) {
            let rest = text.get(start + words.len()..).unwrap_or_default();
            let (line, rest) = number(rest);
            let column = rest.strip_prefix(between).map(|rest| number(rest).0);
            if let Some((line, Some(column))) = line.zip(column) {
                let column = Some(column.saturating_sub(base));
                return (Some(start), Some(Position { line, column }));
            }
        }
    }
    // Python: `(<stdin>, line 14)`.
    match text
        .find("(<")
        .and_then(|start| Some((start, number_behind(text.get(start..)?, ">, line ")?)))
    {
        Some((start, line)) => (Some(start), Some(Position { line, column: None })),
        None => (None, None),
    }
}

/// The digits that a text begins with, and what is behind them.
fn number(text: &str) -> (Option<u32>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.parse().ok(), rest)
}

/// The number behind words.
pub(super) fn number_behind(text: &str, words: &str) -> Option<u32> {
    number(text.split_once(words)?.1).0
}

fn sql_state(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("SQLSTATE: ")?;
    let state = rest.get(..5)?;
    state
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        .then_some(state)
}

/// The statement that a `ParseException` prints, without the line that Spark puts under the one it stops in.
fn query(text: &str, at: Position) -> Option<String> {
    let (_, statement) = text.split_once("\n== SQL ==\n")?;
    let marked = usize::try_from(at.line).ok()?;
    let is_mark = |(index, line): (usize, &str)| {
        index == marked
            && line.ends_with("^^^")
            && line.trim_end_matches('^').bytes().all(|byte| byte == b'-')
    };
    let lines: Vec<&str> = statement
        .split('\n')
        .enumerate()
        .filter(|found| !is_mark(*found))
        .map(|(_, line)| line)
        .collect();
    Some(lines.join("\n"))
}

/// A text on one line, cut where it is too long.
pub(super) fn on_one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
