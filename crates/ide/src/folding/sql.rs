//! Parentheses over several lines, bodies of common table expressions among them, and comments of SQL.

use glueline_base::{FileId, TextRange, slice};
use glueline_sql::TokenKind;

use super::Folds;
use crate::{Analysis, query};

pub(super) fn read(out: &mut Folds<'_>, analysis: &Analysis, file: FileId) {
    let text = analysis.text(file);
    let mut comments: Vec<(TextRange, &str)> = Vec::new();
    for fragment in query::fragments(analysis, file) {
        let sql = &fragment.sql;
        for (at, token) in sql.tokens.iter().enumerate() {
            if token.kind != TokenKind::Open {
                continue;
            }
            let Some(range) = sql.parentheses(at) else {
                continue;
            };
            // One that is not closed ends where the next thing begins, and folds nothing.
            if slice(text, range).ends_with(')')
                && let Some(close) = range.end().checked_sub(1.into())
            {
                out.closed(range.start(), close.max(range.start()));
            }
        }
        comments.extend(sql.comments.iter().map(|comment| {
            let written = slice(text, *comment);
            let says = written.trim_start_matches(['-', '/', '*']);
            (*comment, says.trim_end_matches(['*', '/']))
        }));
    }
    comments.sort_by_key(|(range, _)| range.start());
    out.comments(&comments);
}
