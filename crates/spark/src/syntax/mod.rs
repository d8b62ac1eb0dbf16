//! The text of a query, read as Spark's grammar reads it: tokens, the tree, and the place of a fault.
//!
//! None of Spark's keywords is reserved, so that almost any text has some beginning that Spark can read, and a fault stands at the
//! first token with which nothing can go on. The parser tries what the grammar allows in its order and keeps the furthest token
//! that any attempt has failed at.

pub mod ast;
pub(crate) mod keyword;
mod lex;
mod parse;
mod query;

use glueline_base::{TextRange, slice};

use ast::{Name, Query};
pub(crate) use parse::{is_date, is_timestamp};

/// A fault of a text, as Spark's parser tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Spark's error class, such as `PARSE_SYNTAX_ERROR`.
    pub class: &'static str,
    /// Spark's message, without class and place.
    pub message: String,
    /// The token at fault; empty at the end of the text.
    pub range: TextRange,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The query, where one could be read. With faults it may have holes.
    pub query: Option<Query>,
    /// The faults: at most one that ends the reading for Spark comes first, and after it those of parts read on their own.
    pub errors: Vec<SyntaxError>,
    /// The text is something other than a query, or more than the parser takes on: nothing is known of it.
    pub unread: bool,
}

/// Reads a query.
pub fn parse(text: &str) -> Parsed {
    parse::parse(text)
}

impl Parsed {
    /// A text of which nothing is known.
    fn unread() -> Self {
        Self {
            unread: true,
            ..Self::default()
        }
    }
}

impl SyntaxError {
    /// The fault of a token that nothing can go on with.
    fn at_token(text: &str, range: TextRange) -> Self {
        let near = if range.is_empty() {
            "end of input".to_owned()
        } else {
            format!("'{}'", slice(text, range))
        };
        Self {
            class: "PARSE_SYNTAX_ERROR",
            message: format!("Syntax error at or near {near}."),
            range,
        }
    }
}

/// The bytes of a name of several parts; empty at the start for none.
pub(crate) fn range_of_path(path: &[Name]) -> TextRange {
    match (path.first(), path.last()) {
        (Some(first), Some(last)) => first.range.cover(last.range),
        _ => TextRange::default(),
    }
}
