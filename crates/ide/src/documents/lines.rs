//! Lines of comments, and the places that they name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use glueline_base::{FileId, FileRange, LineColumn, LineIndex};
use glueline_plan::show::Dialect;

use crate::Analysis;

/// Lines and columns, each file read at most once.
pub(super) struct Lines<'a> {
    analysis: &'a Analysis,
    read: RefCell<BTreeMap<FileId, LineIndex>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(analysis: &'a Analysis) -> Self {
        Self {
            analysis,
            read: RefCell::default(),
        }
    }

    /// The line and the column that a place starts at; the first of all where its file is none of the project's.
    pub(super) fn start(&self, place: FileRange) -> LineColumn {
        let files = self.analysis.project().files();
        if place.file.0 as usize >= files.len() {
            return LineColumn { line: 1, column: 1 };
        }
        let mut read = self.read.borrow_mut();
        let index = read
            .entry(place.file)
            .or_insert_with(|| LineIndex::new(files.text(place.file)));
        index.line_column(place.range.start())
    }

    /// `models/a.sql:3:5`.
    pub(super) fn place(&self, place: FileRange) -> String {
        let files = self.analysis.project().files();
        if place.file.0 as usize >= files.len() {
            return "elsewhere".to_owned();
        }
        let at = self.start(place);
        let path = &files.info(place.file).shown;
        format!("{path}:{}:{}", at.line, at.column)
    }
}

/// Writes lines of text as comments.
pub(super) fn comment(out: &mut String, dialect: Dialect, text: &str) {
    let mark = match dialect {
        Dialect::Sql => "--",
        Dialect::Python => "#",
    };
    for line in text.lines() {
        out.push_str(mark);
        if !line.is_empty() {
            out.push(' ');
            out.push_str(line);
        }
        out.push('\n');
    }
}
