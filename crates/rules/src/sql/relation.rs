//! When a table that nobody knows is surely none.

use glueline_base::{nearest, slice};
use glueline_project::Project;
use glueline_spark::analyze::SparkError;

use crate::rendering::sql::{self, Token};

/// Whether what is said of a text is certain. A name with a schema was doubted for a reason (`glueline_schema`). One by itself may be
/// a view that the session has from elsewhere, unless the text says that a query (`with`) of its own was meant: one that is spelt almost
/// so, one that begins alike and is never read, or one that nobody reads and that the place itself is in or right behind. What has the
/// name of a relation of the project is that, in the session's schema, unless a query that begins alike is never read.
pub(super) fn is_certain(project: &Project, error: &SparkError, code: &str) -> bool {
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
    let place = usize::from(error.range.start());
    let others = || queries.iter().filter(|query| !query.is_around(place));
    if others().any(|query| is_alike(query) && is_unread(query)) {
        return true;
    }
    let before = queries.partition_point(|query| query.start < place);
    let last = before.checked_sub(1).and_then(|last| queries.get(last));
    let is_in_or_behind = last.is_some_and(is_unread);
    let is_near = || nearest(written, others().map(|query| query.name)).is_some();
    (is_in_or_behind || is_near()) && !is_of_project(project, written)
}

/// Whether something in the project has a relation of that name, in whatever schema.
fn is_of_project(project: &Project, name: &str) -> bool {
    let nodes = project.nodes().iter();
    let mut identifiers = nodes.filter_map(|node| node.identifier.as_deref());
    identifiers.any(|identifier| identifier.eq_ignore_ascii_case(name))
}

/// A query that is named: `name as (...)`.
struct Query<'a> {
    name: &'a str,
    /// Where its name starts, in bytes.
    start: usize,
    /// Where it is closed; `None` where that is missing.
    end: Option<usize>,
}

impl Query<'_> {
    /// Whether a place stands in it.
    fn is_around(&self, place: usize) -> bool {
        self.start < place && self.end.is_none_or(|end| place < end)
    }
}

/// The queries of a text that are named, in its order.
fn queries<'a>(tokens: &[Token<'a>]) -> Vec<Query<'a>> {
    let named = |(number, window): (usize, &[Token<'a>])| {
        let [before, name, r#as, open] = window else {
            return None;
        };
        let starts = before.is_word(&["with"]) || before.is_symbol(",");
        let is_one = starts && r#as.is_word(&["as"]) && open.is_symbol("(");
        let start = name.start;
        let name = name.name().filter(|_| is_one)?;
        let end = end(tokens.get(number + window.len()..).unwrap_or_default());
        Some(Query { name, start, end })
    };
    tokens.windows(4).enumerate().filter_map(named).collect()
}

/// Where the parenthesis is closed behind which these stand.
fn end(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 1_u32;
    let closing = tokens.iter().find(|token| {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth -= 1;
        }
        depth == 0
    });
    closing.map(|token| token.start)
}

#[cfg(test)]
mod tests {
    use glueline_base::{MemSystem, range};
    use glueline_project::{LoadOptions, load};

    use super::*;

    #[test]
    fn a_name_is_doubted_where_the_text_says_which_was_meant() {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
        system.write(
            "p/models/s.yml",
            "sources: [{name: raw, tables: [{name: Payments}]}]",
        );
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        for (text, expected) in [
            // A source.
            ("with a as (select 1) select * from [payments]", false),
            (
                "with payment as (select 1) select * from payment, [payments]",
                false,
            ),
            (
                "with payments_of_today as (select 1) select * from [payments]",
                true,
            ),
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
            (
                "with payments_of_today as (select * from [payments]) select 1",
                false,
            ),
            (
                "with b as (select 1), a as (select * from (select * from [other])) select 1",
                true,
            ),
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
            assert_eq!(is_certain(&project, &error, &code), expected, "{text}");
        }
    }
}
