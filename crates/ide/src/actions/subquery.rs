//! A query in parentheses becomes a common table expression.

use glueline_base::{FileId, FileRange, TextRange, TextSize, slice};
use glueline_sql::{Branch, FromItem, HoleKind, PathKind, Query, QueryId, Relation, Source, Sql};

use super::extract::{is_balanced, is_plain};
use super::text::{dedented, line_ending, trimmed};
use super::{Action, ActionKind};
use crate::query::Fragment;
use crate::{Analysis, columns, query};

/// Where a query in parentheses is selected: a common table expression in its place, of the same name where it has one.
pub(super) fn subquery_to_cte(analysis: &Analysis, file: FileId, range: TextRange) -> Option<Action> {
    let text = analysis.text(file);
    let selected = trimmed(text, range);
    if selected.is_empty() {
        return None;
    }
    let fragments = query::fragments(analysis, file);
    let fragment = query::fragment_at(&fragments, selected.start()).filter(|fragment| fragment.is_main)?;
    let sql = &fragment.sql;
    let (item, inner) = match selected_subquery(sql, text, selected) {
        Some((item, id)) => (Some(item), id),
        None => (None, selected_expression(sql, text, selected)?),
    };
    let query = sql.query(inner)?;
    let (top, place) = top_of(sql, inner)?;
    let is_free = !fragment.is_conditional(query.range)
        && match item {
            Some(item) => item.columns.is_none() && query.outer.is_some_and(|outer| outer.select.is_none()),
            None => reads_itself(analysis, fragment, query),
        }
        && is_balanced(text, query.range)
        && reads_only_top(sql, query.range, top);
    if !is_free {
        return None;
    }
    let name = match item.and_then(|item| item.alias.as_ref()) {
        Some(alias) => alias
            .text
            .as_deref()
            .filter(|name| is_plain(name) && is_unused(sql, name))?
            .to_owned(),
        None => (1..100)
            .map(|number| {
                if number == 1 {
                    "extracted".to_owned()
                } else {
                    format!("extracted_{number}")
                }
            })
            .find(|name| is_unused(sql, name))?,
    };
    let newline = line_ending(text);
    let indented =
        dedented(slice(text, query.range))
            .trim_start()
            .lines()
            .fold(String::new(), |mut out, line| {
                if !line.is_empty() {
                    out.push_str("    ");
                }
                out.push_str(line);
                out.push_str(newline);
                out
            });
    let cte = format!("{name} as ({newline}{indented})");
    let outer = sql.query(top)?;
    let (at, written) = match (outer.ctes.get(place), outer.ctes.last()) {
        (Some(next), _) => (next.range.start(), format!("{cte},{newline}{newline}")),
        (None, Some(last)) => (last.range.end(), format!(",{newline}{newline}{cte}")),
        (None, None) => (outer.content.start(), format!("with {cte}{newline}{newline}")),
    };
    // What comes before a select has to be outside of what only some runs have.
    if fragment.is_conditional(TextRange::empty(at)) {
        return None;
    }
    let at = FileRange {
        file,
        range: TextRange::empty(at),
    };
    let (replaced, instead) = match item {
        Some(item) => (item.range, name.clone()),
        None => (query.range, format!("select * from {name}")),
    };
    let whole = FileRange {
        file,
        range: replaced,
    };
    let title = format!("Extract the query to the common table expression `{name}`");
    Some(
        Action::new(title, ActionKind::Extract)
            .replace(at, written)
            .replace(whole, instead),
    )
}

/// The item of a `from` that is a query, if that, or its parentheses, or all of the item is selected.
fn selected_subquery<'a>(sql: &'a Sql, text: &str, selected: TextRange) -> Option<(&'a FromItem, QueryId)> {
    sql.selects
        .iter()
        .flat_map(|select| &select.from)
        .find_map(|item| {
            let Relation::Query(id) = item.relation else {
                return None;
            };
            let query = sql.query(id)?;
            let around = parentheses(text, query)?;
            let is_it = selected == item.range || selected == around || selected == query.content;
            is_it.then_some((item, id))
        })
}

/// The parentheses around a query, both included; `None` where one is missing.
fn parentheses(text: &str, query: &Query) -> Option<TextRange> {
    let one = TextSize::new(1);
    let around = TextRange::new(query.range.start().checked_sub(one)?, query.range.end() + one);
    let written = slice(text, around);
    (written.starts_with('(') && written.ends_with(')')).then_some(around)
}

/// The query in an expression, be it a value, a list for `in`, or what `exists` asks for, if that or its parentheses are selected.
fn selected_expression(sql: &Sql, text: &str, selected: TextRange) -> Option<QueryId> {
    let sources = || sql.selects.iter().flat_map(|select| &select.from);
    sql.queries.iter().zip(0_u32..).find_map(|(query, number)| {
        let id = QueryId(number);
        query.outer?.select?;
        let is_it = selected == query.content || Some(selected) == parentheses(text, query);
        let is_relation =
            || sources().any(|item| matches!(item.relation, Relation::Query(read) if read == id));
        (is_it && parentheses(text, query).is_some() && !is_relation()).then_some(id)
    })
}

/// Whether every name in a query is one of what it reads itself, as far as is known: one of the queries around it could not be named
/// from elsewhere.
fn reads_itself(analysis: &Analysis, fragment: &Fragment, query: &Query) -> bool {
    let sql = &fragment.sql;
    let inside = |range: TextRange| query.range.contains_range(range);
    let is_inner = |source: &Source| {
        sql.select(source.select)
            .is_some_and(|select| inside(select.content))
    };
    let mut holes = fragment.holes.iter();
    if holes.any(|(hole, _)| hole.kind == HoleKind::Text && inside(hole.range)) {
        return false;
    }
    let known = columns::of_fragment(analysis, fragment);
    sql.paths.iter().all(|path| {
        let Some(first) = path.parts.first().filter(|first| inside(first.range)) else {
            return true;
        };
        match path.kind {
            PathKind::Function | PathKind::Lambda => true,
            PathKind::Star => path.select.is_some_and(|select| {
                let written = first.text.as_deref().unwrap_or_default();
                let named = |source: &Source| {
                    let own = sql.source(*source).and_then(FromItem::name);
                    own.is_some_and(|own| own.is(written))
                };
                sql.sources(select)
                    .iter()
                    .find(|source| named(source))
                    .is_some_and(is_inner)
            }),
            PathKind::Column => sql
                .meaning(&known, path)
                .is_some_and(|meaning| match meaning.source {
                    Some((select, _)) => sql.select(select).is_some_and(|select| inside(select.content)),
                    None => inside(meaning.column.at),
                }),
        }
    })
}

/// The outermost query around one, and the number of its common table expression that holds it; that behind the last where the body
/// does.
fn top_of(sql: &Sql, query: QueryId) -> Option<(QueryId, usize)> {
    let mut current = query;
    let mut place = usize::MAX;
    while let Some(outer) = sql.query(current)?.outer {
        let around = sql.query(outer.query)?;
        let is_cte = around.ctes.iter().position(|cte| cte.query == Some(current));
        place = is_cte.unwrap_or(around.ctes.len());
        current = outer.query;
    }
    Some((current, place))
}

/// Whether what a stretch reads by the name of a common table expression is one of the outermost query, or goes with it.
fn reads_only_top(sql: &Sql, stretch: TextRange, top: QueryId) -> bool {
    sql.selects.iter().all(|select| {
        let inside = |item: &&FromItem| stretch.contains_range(item.range);
        select
            .from
            .iter()
            .filter(inside)
            .all(|item| match sql.cte_of(select.query, item) {
                Some(id) => {
                    id.query == top || sql.cte(id).is_some_and(|cte| stretch.contains_range(cte.range))
                }
                None => true,
            })
    })
}

/// Whether no common table expression has a name, and no table is read by it alone.
fn is_unused(sql: &Sql, name: &str) -> bool {
    let tables = sql.selects.iter().flat_map(|select| &select.from);
    let is_read = |item: &FromItem| matches!(&item.relation, Relation::Named(parts) if parts.len() == 1 && parts.iter().any(|part| part.is(name)));
    let has_parts = sql
        .queries
        .iter()
        .flat_map(|query| &query.branches)
        .all(|branch| !matches!(branch, Branch::Other(_)));
    has_parts && !sql.ctes().any(|(_, cte)| cte.name.is(name)) && !tables.into_iter().any(is_read)
}
