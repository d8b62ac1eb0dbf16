//! Where SQL has a `;` outside of literals and comments.

use glueline_base::{TextRange, range, slice};
use glueline_project::facts::sql::SqlFacts;

use super::texts::{Lexed, Lexer, of_node};
use crate::context::NodeCx;

/// A `;` in the SQL of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Semicolon {
    /// The character.
    pub(crate) range: TextRange,
    /// Whether nothing but blanks, comments and other `;` follows it, Jinja left aside.
    pub(crate) is_last: bool,
}

/// The `;` of a node's SQL, in order.
pub(crate) fn of(cx: &NodeCx<'_>, facts: &SqlFacts) -> Vec<Semicolon> {
    let text = cx.project.files().text(cx.node.file());
    let mut found: Vec<Semicolon> = Vec::new();
    let mut lexer = Lexer::default();
    for part in of_node(cx.node, facts) {
        let start = usize::from(part.start());
        lexer.read(slice(text, part), |at, byte, state| match (state, byte) {
            (Lexed::Code, b';') => {
                found.push(Semicolon {
                    range: range(start + at, start + at + 1),
                    is_last: true,
                });
            }
            (Lexed::LineComment | Lexed::BlockComment, _) => {}
            (_, byte) if byte.is_ascii_whitespace() => {}
            _ => found.iter_mut().for_each(|semicolon| semicolon.is_last = false),
        });
    }
    found
}
