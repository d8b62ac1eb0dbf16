//! When a table that nobody knows is surely none.

use glueline_base::{nearest, slice};
use glueline_spark::analyze::SparkError;

use crate::rendering::sql::{self, Kind, Token};

/// Whether what is said of a text is certain. Without a catalog nobody can say that there is no such table; but a name by itself that is
/// like that of a query in the same text, or that stands where one is named and never read, was meant to be that one.
pub(super) fn is_certain(error: &SparkError, code: &str) -> bool {
    if error.class != "TABLE_OR_VIEW_NOT_FOUND" {
        return true;
    }
    let written = slice(code, error.range).trim_matches('`');
    if written.contains('.') {
        return true;
    }
    let (tokens, _) = sql::tokens(code);
    let queries = queries(&tokens);
    let is_read = |name: &str| {
        let mut named = tokens.iter().filter_map(Token::name);
        named
            .by_ref()
            .filter(|other| other.eq_ignore_ascii_case(name))
            .count()
            > 1
    };
    // One that begins alike and is never read, or the one that the place itself is in or right behind.
    let is_alike = |name: &str| {
        let (name, written) = (name.to_lowercase(), written.to_lowercase());
        name.starts_with(&written) || written.starts_with(&name)
    };
    let before = code.get(..usize::from(error.range.start())).unwrap_or_default();
    let (tokens_before, _) = sql::tokens(before);
    let around = self::queries(&tokens_before)
        .last()
        .is_some_and(|name| !is_read(name));
    let is_left = queries.iter().any(|name| !is_read(name) && is_alike(name));
    is_left || around || nearest(written, queries).is_some()
}

/// The names of queries: `name as (...)`.
fn queries<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let named = |(window, name): (&[Token<'_>], &Token<'a>)| {
        let [before, _, r#as, open] = window else {
            return None;
        };
        let starts = before.is_word(&["with"]) || before.is_symbol(",");
        let is_one = starts && r#as.is_word(&["as"]) && open.is_symbol("(") && name.kind != Kind::Literal;
        name.name().filter(|_| is_one)
    };
    tokens
        .windows(4)
        .zip(tokens.iter().skip(1))
        .filter_map(named)
        .collect()
}
