//! `glueline-explain-error/1`: every error as one JSON document.

use std::io::{self, Write};

use glueline_base::FileId;
use serde::Serialize;

use super::{Explained, Known};
use crate::report::{Locator, Span};

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    errors: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    class: Option<&'a str>,
    sql_state: Option<&'a str>,
    message: &'a str,
    node: Option<&'a str>,
    path: Option<&'a str>,
    range: Option<Span>,
    statement_line: Option<u32>,
    compiled_line: Option<u32>,
    explanation: Option<String>,
    rule: Option<&'static str>,
    url: Option<&'static str>,
}

/// Prints one document, and a line end.
pub(super) fn write(explained: &[Explained], known: Option<&Known>, out: &mut dyn Write) -> io::Result<()> {
    let project = known.map(Known::project);
    let sources = project.map_or_else(Vec::new, |project| project.files().sources().to_vec());
    let locator = Locator::new(&sources);
    let path = |file: FileId| Some(project?.files().info(file).shown.as_str());
    let entry = |error: &'_ Explained| {
        let (reported, placed) = (&error.reported, &error.placed);
        let file = placed
            .at
            .map(|at| at.file)
            .or_else(|| Some(project?.node(placed.node?).file()));
        (
            file.and_then(path),
            placed.at.map(|at| locator.span(at)),
            reported.known,
        )
    };
    let errors = explained.iter().map(|error| {
        let (path, range, means) = entry(error);
        Entry {
            class: error.reported.class.as_deref(),
            sql_state: error.reported.sql_state.as_deref(),
            message: &error.reported.message,
            node: error.node(project),
            path: path.or(error.reported.subject.path.as_deref()),
            range,
            statement_line: error.placed.statement_line.or_else(|| error.statement_line()),
            compiled_line: error.placed.compiled_line,
            explanation: means.map(glueline_catalog::KnownError::explanation),
            rule: error.rule(),
            url: means.and_then(glueline_catalog::KnownError::url),
        }
    });
    let document = Document {
        schema: "glueline-explain-error/1",
        errors: errors.collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}
