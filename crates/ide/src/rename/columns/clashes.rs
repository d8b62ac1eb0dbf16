//! The new name where it stands already, and the old one where no meaning of it is known.

use glueline_base::{TextRange, slice};
use glueline_sql::{ItemKind, Name, PathKind, QueryId, Relation, SelectId, TokenKind};

use super::flow::{Flow, Has, Meaning};
use super::queries::{path_range, range_in};
use super::{Changes, Why};
use crate::columns::same;

/// Places that name the new name, and would mean something else, or might.
pub(super) fn taken(flow: &Flow<'_>, out: &mut Changes) {
    let target = flow.target;
    if same(target.old, target.new) {
        return;
    }
    let sql = &flow.fragment.sql;
    let sees = |select: SelectId| {
        let own = sql
            .select(select)
            .is_some_and(|select| flow.made_in(select).is_some());
        own || sql
            .sources(select)
            .into_iter()
            .any(|source| flow.source(source, target.old) == Has::Ours)
    };
    for path in &sql.paths {
        let Some(first) = path.parts.first().filter(|first| first.is(target.new)) else {
            continue;
        };
        let is_column = path.kind == PathKind::Column;
        if is_column && path.select.is_some_and(sees) {
            out.refuse(range_in(flow, first.range), Why::Taken);
        }
    }
    for number in (0_u32..).take(sql.queries.len()) {
        let id = QueryId(number);
        let has_both = flow.query(id, target.old) == Has::Ours
            && !matches!(flow.query(id, target.new), Has::Nothing | Has::Unknown);
        if has_both && let Some(query) = sql.query(id) {
            out.refuse(range_in(flow, query.content), Why::Taken);
        }
    }
    // What an unqualified name finds in a relation between its place and the column's.
    for path in &sql.paths {
        let (Meaning::Ours(0), Some(select)) = (flow.meaning(path), path.select) else {
            continue;
        };
        let clash = sql
            .sources(select)
            .into_iter()
            .find(|source| matches!(flow.source(*source, target.new), Has::Other | Has::Ours));
        if clash.is_some()
            && let Some(range) = path_range(path)
        {
            out.refuse(range_in(flow, range), Why::Taken);
        }
    }
}

/// Names of SQL that stand where no meaning of them is known, and names that the template makes in part.
pub(super) fn other_words(flow: &Flow<'_>, out: &mut Changes) {
    let sql = &flow.fragment.sql;
    let mut known: Vec<TextRange> = Vec::new();
    let mut add = |name: &Name| known.push(name.range);
    sql.paths.iter().flat_map(|path| &path.parts).for_each(&mut add);
    for (_, cte) in sql.ctes() {
        add(&cte.name);
        cte.columns.iter().flatten().for_each(&mut add);
    }
    for select in &sql.selects {
        for item in &select.items {
            item.aliases.iter().for_each(&mut add);
            if let ItemKind::Star { except, .. } = &item.kind {
                except.iter().for_each(&mut add);
            }
        }
        for item in &select.from {
            item.alias.iter().for_each(&mut add);
            item.columns.iter().flatten().for_each(&mut add);
            let using = item.join.iter().filter_map(|join| join.using.as_ref());
            using.flatten().for_each(&mut add);
            match &item.relation {
                Relation::Named(parts) => parts.iter().for_each(&mut add),
                Relation::View(name) | Relation::Function(name) => add(name),
                _ => {}
            }
        }
    }
    known.sort_unstable_by_key(|range| range.start());
    for token in &sql.tokens {
        let written = slice(flow.text, token.range);
        match token.kind {
            TokenKind::Word(_) | TokenKind::Quoted => {
                let is_old = same(written.trim_matches('`'), flow.target.old);
                let is_known = known
                    .binary_search_by_key(&token.range.start(), |range| range.start())
                    .is_ok();
                if is_old && !is_known {
                    out.refuse(range_in(flow, token.range), Why::Unclear);
                }
            }
            TokenKind::Templated if may_be_made(flow, token.range) => {
                out.refuse(range_in(flow, token.range), Why::Jinja);
            }
            _ => {}
        }
    }
}

/// Whether a name with holes in it may come to the old name.
fn may_be_made(flow: &Flow<'_>, range: TextRange) -> bool {
    let holes = flow.fragment.holes.iter().map(|(hole, _)| hole.range);
    let inside: Vec<TextRange> = holes.filter(|hole| range.contains_range(*hole)).collect();
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
        return false;
    };
    let text = flow.text;
    let before = slice(text, TextRange::new(range.start(), first.start()));
    let behind = slice(text, TextRange::new(last.end(), range.end()));
    let (before, behind) = (before.trim_matches('`'), behind.trim_matches('`'));
    let old = flow.target.old.to_lowercase();
    let (before, behind) = (before.to_lowercase(), behind.to_lowercase());
    let is_named_in_part = !before.is_empty() || !behind.is_empty();
    is_named_in_part
        && before.len() + behind.len() < old.len()
        && old.starts_with(&before)
        && old.ends_with(&behind)
}
