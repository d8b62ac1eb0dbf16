//! SQL: from a name to its path, its parentheses, its item, clause, select, common table expression, statement.

use glueline_base::{FileId, TextRange, slice};
use glueline_sql::{Sql, TokenKind};

use super::Around;
use crate::{Analysis, query};

pub(super) fn read(around: &mut Around<'_>, analysis: &Analysis, file: FileId) {
    let fragments = query::fragments(analysis, file);
    for fragment in &fragments {
        if around.add(fragment.range) {
            for (hole, _) in &fragment.holes {
                around.add(hole.range);
            }
            sql(around, &fragment.sql);
        }
    }
}

fn sql(around: &mut Around<'_>, sql: &Sql) {
    for comment in &sql.comments {
        around.add(*comment);
    }
    for (at, token) in sql.tokens.iter().enumerate() {
        // Words are added by characters; of a text also what is between its quotes.
        match token.kind {
            TokenKind::String => string(around, token.range),
            TokenKind::Quoted | TokenKind::Templated | TokenKind::Number | TokenKind::Hole(_) => {
                around.add(token.range);
            }
            TokenKind::Open => parentheses(around, sql, at),
            _ => {}
        }
    }
    for path in &sql.paths {
        if let (Some(first), Some(last)) = (path.parts.first(), path.parts.last()) {
            around.add(first.range.cover(last.range));
        }
    }
    for query in &sql.queries {
        if !around.add(query.content) {
            continue;
        }
        for cte in &query.ctes {
            around.add(cte.range);
        }
        query.with.iter().for_each(|with| {
            around.add(*with);
        });
    }
    for select in &sql.selects {
        if !around.add(select.content) {
            continue;
        }
        for clause in &select.clauses {
            around.add(clause.content);
            let body = TextRange::new(
                clause.keyword.end(),
                clause.content.end().max(clause.keyword.end()),
            );
            let written = slice(around.text, body);
            let blank = written.len() - written.trim_start().len();
            let start = body.start() + glueline_base::range(0, blank).len();
            around.add(TextRange::new(start.min(body.end()), body.end()));
        }
        for item in &select.items {
            around.add(item.range);
            around.add(item.expr);
        }
        for item in &select.from {
            around.add(item.range);
            if let Some(join) = &item.join {
                around.add(join.range.cover(item.range));
                join.on.iter().for_each(|on| {
                    around.add(*on);
                });
            }
        }
    }
}

fn string(around: &mut Around<'_>, range: TextRange) {
    if around.add(range) {
        let written = slice(around.text, range);
        let lead = written.find(['\'', '"']).map_or(0, |quote| quote + 1);
        let closes = written.len() > lead && written.ends_with(['\'', '"']);
        let start = usize::from(range.start()) + lead;
        let end = usize::from(range.end()) - usize::from(closes);
        around.add(glueline_base::range(start, end));
    }
}

/// What stands in parentheses, each argument of it, the parentheses, and the call.
fn parentheses(around: &mut Around<'_>, sql: &Sql, open: usize) {
    let Some(range) = sql.parentheses(open) else {
        return;
    };
    if !around.add(range) {
        return;
    }
    let mut start = open + 1;
    let mut at = start;
    let mut last = None;
    let mut arguments = |from: usize, to: usize| {
        let first = sql.tokens.get(from).filter(|_| from < to);
        let end = to.checked_sub(1).and_then(|end| sql.tokens.get(end));
        if let (Some(first), Some(end)) = (first, end)
            && first.range.start() <= end.range.end()
        {
            let argument = first.range.cover(end.range);
            around.add(argument);
            last = Some(last.map_or(argument, |whole: TextRange| whole.cover(argument)));
        }
    };
    while let Some(token) = sql.tokens.get(at) {
        if token.range.end() >= range.end() {
            break;
        }
        match token.kind {
            TokenKind::Comma => {
                arguments(start, at);
                at += 1;
                start = at;
            }
            TokenKind::Open => at = sql.behind(at),
            _ => at += 1,
        }
    }
    arguments(start, at);
    if let Some(all) = last {
        around.add(all);
    }
    let name = open.checked_sub(1).and_then(|before| sql.tokens.get(before));
    if let Some(name) = name.filter(|name| name.kind.is_name() && name.range.end() == range.start()) {
        around.add(name.range.cover(range));
    }
}
