//! The names of queries: common table expressions, aliases, columns.

use glueline_base::FileId;
use glueline_sql::{CteId, FromItem, Name, PathKind, Relation, SelectId, Source, Sql};

use super::{Modifier, Token, TokenKind};
use crate::{Analysis, query};

pub(super) fn read(analysis: &Analysis, file: FileId) -> Vec<Token> {
    let mut out = Vec::new();
    for fragment in query::fragments(analysis, file) {
        let sql = &fragment.sql;
        let mut found = Vec::new();
        names(sql, &mut found);
        paths(sql, &mut found);
        // A name with a hole in it is Jinja's.
        found.retain(|token| fragment.hole_in(token.range).is_none());
        out.extend(found);
    }
    out
}

fn defined(name: &Name, kind: TokenKind) -> Option<Token> {
    name.text.as_ref()?;
    Some(Token::new(name.range, kind).with(Modifier::Definition))
}

fn names(sql: &Sql, out: &mut Vec<Token>) {
    for (_, cte) in sql.ctes() {
        out.extend(defined(&cte.name, TokenKind::Type));
        let columns = cte.columns.iter().flatten();
        out.extend(columns.filter_map(|name| defined(name, TokenKind::Property)));
    }
    for select in &sql.selects {
        for item in &select.items {
            out.extend(
                item.aliases
                    .iter()
                    .filter_map(|name| defined(name, TokenKind::Property)),
            );
        }
        for item in &select.from {
            out.extend(relation(sql, select.query, item));
            out.extend(
                item.alias
                    .as_ref()
                    .and_then(|name| defined(name, TokenKind::Variable)),
            );
            let columns = item.columns.iter().flatten();
            out.extend(columns.filter_map(|name| defined(name, TokenKind::Property)));
        }
    }
}

fn relation(sql: &Sql, query: glueline_sql::QueryId, item: &FromItem) -> Option<Token> {
    let cte: CteId = sql.cte_of(query, item)?;
    sql.cte(cte)?;
    match &item.relation {
        Relation::Named(parts) => Some(Token::new(parts.first()?.range, TokenKind::Type)),
        _ => None,
    }
}

fn paths(sql: &Sql, out: &mut Vec<Token>) {
    // Paths of one select stand together.
    let mut last: Option<(SelectId, Vec<Source>)> = None;
    for path in &sql.paths {
        match path.kind {
            PathKind::Function => {}
            PathKind::Lambda => {
                let first = path.parts.first();
                out.extend(first.map(|name| Token::new(name.range, TokenKind::Parameter)));
            }
            PathKind::Column | PathKind::Star => {
                if last.as_ref().map(|(select, _)| *select) != path.select {
                    last = path.select.map(|select| (select, sql.sources(select)));
                }
                let sources = last.as_ref().map_or(&[][..], |(_, sources)| sources.as_slice());
                let relation = path
                    .parts
                    .first()
                    .and_then(|first| first.text.as_deref())
                    .and_then(|first| {
                        let mut items = sources.iter().filter_map(|source| sql.source(*source));
                        items.find(|item| item.name().is_some_and(|name| name.is(first)))
                    });
                let is_qualified = path.kind == PathKind::Star || path.parts.len() > 1;
                for (place, part) in path.parts.iter().enumerate() {
                    if part.text.is_none() {
                        continue;
                    }
                    let kind = match relation {
                        Some(item) if place == 0 && is_qualified => match item.alias {
                            None if sql.cte_of(path.query, item).is_some() => TokenKind::Type,
                            _ => TokenKind::Variable,
                        },
                        _ => TokenKind::Property,
                    };
                    out.push(Token::new(part.range, kind));
                }
            }
        }
    }
}
