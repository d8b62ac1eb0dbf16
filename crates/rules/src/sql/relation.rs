//! When a table that nobody knows is surely none.

use glueline_base::{nearest, slice};
use glueline_spark::analyze::SparkError;

use crate::rendering::sql::{self, Token};

/// Whether what is said of a text is certain. A name with a schema was doubted for a reason (`glueline_schema`). One by itself may be
/// a view that the session has from elsewhere, unless the text says that a query (`with`) of its own was meant: one that is spelt almost
/// so, one that begins alike and is never read, or one that nobody reads and that the place itself is in or right behind.
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
    let is_unread = |query: &Query<'_>| {
        let names = tokens.iter().filter_map(Token::name);
        names.filter(|name| name.eq_ignore_ascii_case(query.name)).count() == 1
    };
    let is_alike = |query: &Query<'_>| {
        let (name, written) = (query.name.to_lowercase(), written.to_lowercase());
        name.starts_with(&written) || written.starts_with(&name)
    };
    let before = queries.partition_point(|query| query.start < usize::from(error.range.start()));
    let around = before.checked_sub(1).and_then(|last| queries.get(last));
    around.is_some_and(is_unread)
        || queries.iter().any(|query| is_alike(query) && is_unread(query))
        || nearest(written, queries.iter().map(|query| query.name)).is_some()
}

/// A query that is named: `name as (...)`.
struct Query<'a> {
    name: &'a str,
    /// Where its name starts, in bytes.
    start: usize,
}

/// The queries of a text that are named, in its order.
fn queries<'a>(tokens: &[Token<'a>]) -> Vec<Query<'a>> {
    let named = |window: &[Token<'a>]| {
        let [before, name, r#as, open] = window else {
            return None;
        };
        let starts = before.is_word(&["with"]) || before.is_symbol(",");
        let is_one = starts && r#as.is_word(&["as"]) && open.is_symbol("(");
        let start = name.start;
        name.name().filter(|_| is_one).map(|name| Query { name, start })
    };
    tokens.windows(4).filter_map(named).collect()
}

#[cfg(test)]
mod tests {
    use glueline_base::range;

    use super::*;

    #[test]
    fn a_name_is_doubted_where_the_text_says_which_was_meant() {
        for (text, expected) in [
            // Spelt almost so.
            (
                "with recent_orders as (select 1), b as (select * from recent_orders) select * from b, [recent_order]",
                true,
            ),
            // Begins alike and is never read.
            (
                "with orders_of_today as (select 1), b as (select 1) select * from b, [orders]",
                true,
            ),
            (
                "with orders_of_today as (select 1), b as (select 1) select * from b, orders_of_today, [orders]",
                false,
            ),
            // In a query that nobody reads, and right behind it.
            ("with a as (select * from [other]) select 1", true),
            ("with `a` as (select 1) select * from [other]", true),
            ("with a as (select * from [other]) select * from A", false),
            (
                "with a as (select 1), b as (select * from a, [other]) select * from b",
                false,
            ),
            ("with a as (select 1) select * from a, [other]", false),
            // Nothing else is named.
            ("select * from [other]", false),
            ("select * from [`other`]", false),
            ("select * from [a.other]", true),
        ] {
            let (start, end) = (text.find('[').unwrap(), text.find(']').unwrap());
            let error = SparkError {
                class: "TABLE_OR_VIEW_NOT_FOUND",
                message: String::new(),
                range: range(start, end - 1),
                instead: Vec::new(),
            };
            let code = text.replace(['[', ']'], "");
            assert_eq!(is_certain(&error, &code), expected, "{text}");
        }
    }
}
