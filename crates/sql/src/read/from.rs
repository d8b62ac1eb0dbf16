//! What a select reads: relations, joins, lateral views.

use glueline_base::TextRange;

use super::{Reader, Span};
use crate::keyword::Keyword;
use crate::token::TokenKind;
use crate::tree::{ClauseKind, FromItem, Join, JoinKind, Name, QueryId, Relation, SelectId};

/// The clause that is being read.
struct At {
    span: Span,
    query: QueryId,
    select: SelectId,
    /// Joins in parentheses in joins in parentheses.
    depth: usize,
}

/// Joins in parentheses beyond this are not read.
const MAX_NESTED_JOINS: usize = 30;

impl Reader<'_> {
    /// Reads what stands after `from`.
    pub(super) fn from(&mut self, span: Span, query: QueryId, select: SelectId) {
        self.joined(&At {
            span,
            query,
            select,
            depth: 0,
        });
    }

    fn joined(&mut self, place: &At) {
        let span = &place.span;
        let mut at = span.start;
        while at < span.end {
            if self.kind(at) == Some(TokenKind::Comma) {
                at += 1;
                continue;
            }
            let start = at;
            at = if self.is(at, Keyword::Lateral) && self.is_in(span, at + 1, Keyword::View) {
                self.lateral_view(at, place)
            } else if self.starts_join(at, span) {
                let (kind, is_natural, behind) = self.join_words(at, span);
                let keyword = self.content(&(at..behind));
                self.relation(
                    behind,
                    place,
                    Some(Join {
                        kind,
                        is_natural,
                        keyword,
                        using: None,
                        on: None,
                        range: keyword,
                    }),
                )
            } else {
                self.relation(at, place, None)
            };
            at = at.max(start + 1);
        }
    }

    /// Whether a join, or a lateral view, begins at a token.
    fn starts_join(&self, at: usize, span: &Span) -> bool {
        if self.follows_dot(at) || at >= span.end {
            return false;
        }
        match self.keyword(at) {
            Some(
                Keyword::Join
                | Keyword::Inner
                | Keyword::Cross
                | Keyword::Natural
                | Keyword::Full
                | Keyword::Lateral,
            ) => true,
            // `left(x, 1)` is a function.
            Some(Keyword::Left | Keyword::Right) => self.kind(at + 1) != Some(TokenKind::Open),
            Some(Keyword::Semi | Keyword::Anti) => self.is_in(span, at + 1, Keyword::Join),
            _ => false,
        }
    }

    fn join_words(&self, at: usize, span: &Span) -> (JoinKind, bool, usize) {
        let (mut kind, mut is_natural, mut next) = (JoinKind::Inner, false, at);
        while next < span.end {
            match self.keyword(next) {
                Some(Keyword::Natural) => is_natural = true,
                Some(Keyword::Cross) => kind = JoinKind::Cross,
                Some(Keyword::Left) => kind = JoinKind::Left,
                Some(Keyword::Right) => kind = JoinKind::Right,
                Some(Keyword::Full) => kind = JoinKind::Full,
                Some(Keyword::Semi) => kind = JoinKind::Semi,
                Some(Keyword::Anti) => kind = JoinKind::Anti,
                Some(Keyword::Inner | Keyword::Outer | Keyword::Lateral) => {}
                Some(Keyword::Join) => {
                    next += 1;
                    break;
                }
                _ => break,
            }
            next += 1;
        }
        if self.is_in(span, next, Keyword::Lateral) {
            next += 1;
        }
        (kind, is_natural, next)
    }

    fn push(&mut self, select: SelectId, item: FromItem) {
        if let Some(select) = self.select_mut(select) {
            select.from.push(item);
        }
    }

    /// `lateral view outer explode(x) t as a, b`
    fn lateral_view(&mut self, at: usize, place: &At) -> usize {
        let span = &place.span;
        let mut next = at + 2;
        let words = self.content(&(at..next));
        if self.is_in(span, next, Keyword::Outer) {
            next += 1;
        }
        let start = next;
        let mut function = Name {
            text: None,
            range: TextRange::empty(self.start(next)),
        };
        if next < span.end && self.is_name(next) {
            let (parts, behind) = self.dotted(next, span.end);
            if let Some(last) = parts.last() {
                function = last.clone();
            }
            next = behind;
        }
        if next < span.end && self.kind(next) == Some(TokenKind::Open) {
            let behind = self.group(next).1;
            self.scan(
                next..behind,
                place.query,
                Some(place.select),
                Some(ClauseKind::From),
            );
            next = behind;
        }
        let is_alias = |at: usize| {
            at < span.end && self.is_name(at) && !self.keyword(at).is_some_and(Keyword::ends_relation)
        };
        let alias = is_alias(next).then(|| self.name(next));
        next += usize::from(alias.is_some());
        let mut columns = None;
        if self.is_in(span, next, Keyword::As) {
            let mut names = Vec::new();
            next += 1;
            while is_alias(next) {
                names.push(self.name(next));
                next += 1;
                if next >= span.end || self.kind(next) != Some(TokenKind::Comma) {
                    break;
                }
                next += 1;
            }
            columns = Some(names);
        }
        let range = self.content(&(at..next.min(span.end)));
        let item = FromItem {
            range: self.content(&(start..next.min(span.end))),
            relation: Relation::View(function),
            alias,
            columns,
            join: Some(Join {
                kind: JoinKind::View,
                is_natural: false,
                keyword: words,
                using: None,
                on: None,
                range,
            }),
            is_reshaped: false,
        };
        self.push(place.select, item);
        next
    }

    /// A relation with its alias and its condition; gives the token behind it.
    fn relation(&mut self, at: usize, place: &At, join: Option<Join>) -> usize {
        let span = &place.span;
        let is_lateral = at
            .checked_sub(1)
            .is_some_and(|before| self.is(before, Keyword::Lateral));
        let is_group =
            at < span.end && self.kind(at) == Some(TokenKind::Open) && !self.nest.leads_query(at + 1);
        if is_group && place.depth < MAX_NESTED_JOINS {
            let (inside, behind) = self.group(at);
            self.joined(&At {
                span: inside,
                query: place.query,
                select: place.select,
                depth: place.depth + 1,
            });
            return self.condition(behind, place, join).1;
        }
        let (relation, mut next) = self.what(at, place, is_lateral);
        let mut is_reshaped = false;
        next = self.behind_relation(next, span, &mut is_reshaped);
        let (alias, columns);
        (alias, columns, next) = self.relation_alias(next, span);
        next = self.behind_relation(next, span, &mut is_reshaped);
        let range = self.content(&(at..next.min(span.end)));
        let (join, next) = self.condition(next, place, join);
        self.push(
            place.select,
            FromItem {
                range,
                relation,
                alias,
                columns,
                join,
                is_reshaped,
            },
        );
        next
    }

    fn what(&mut self, at: usize, place: &At, is_lateral: bool) -> (Relation, usize) {
        let span = &place.span;
        let unknown = |this: &Self, end: usize| (Relation::Unknown(this.content(&(at..end))), end);
        if at >= span.end {
            return unknown(self, at);
        }
        match self.kind(at) {
            Some(TokenKind::Open) => {
                let mut outer = self.outer(place.query, is_lateral.then_some(place.select));
                outer.select = is_lateral.then_some(place.select);
                let behind = self.group(at).1;
                match self.nested(at, outer) {
                    Some(query) => (Relation::Query(query), behind),
                    None => unknown(self, behind),
                }
            }
            Some(TokenKind::Hole(hole)) if self.kind(at + 1) != Some(TokenKind::Dot) => {
                let range = self.content(&(at..at + 1));
                (Relation::Hole { hole, range }, at + 1)
            }
            Some(TokenKind::Word(Some(Keyword::Values))) if self.nest.leads_query(at) => {
                self.values(at, place)
            }
            Some(TokenKind::Word(Some(keyword))) if keyword.ends_relation() => unknown(self, at),
            Some(kind) if kind.is_name() || matches!(kind, TokenKind::Hole(_)) => {
                let (parts, next) = self.dotted(at, span.end);
                if next < span.end && self.kind(next) == Some(TokenKind::Open) {
                    let behind = self.group(next).1;
                    self.scan(
                        next..behind,
                        place.query,
                        Some(place.select),
                        Some(ClauseKind::From),
                    );
                    let name = parts.into_iter().next_back();
                    return match name {
                        Some(name) => (Relation::Function(name), behind),
                        None => unknown(self, behind),
                    };
                }
                if parts.iter().all(|name| name.text.is_some()) {
                    (Relation::Named(parts), next)
                } else {
                    unknown(self, next)
                }
            }
            _ => unknown(self, at + 1),
        }
    }

    /// `values (1, 2), (3, 4)`
    fn values(&mut self, at: usize, place: &At) -> (Relation, usize) {
        let mut next = at + 1;
        let (first, _) = self.group(next);
        let mut width = usize::from(!first.is_empty());
        let mut inside = first.start;
        while inside < first.end {
            width += usize::from(self.kind(inside) == Some(TokenKind::Comma));
            inside = self.after(inside);
        }
        loop {
            next = self.group(next).1;
            let goes_on = next + 1 < place.span.end
                && self.kind(next) == Some(TokenKind::Comma)
                && self.kind(next + 1) == Some(TokenKind::Open);
            if !goes_on {
                break;
            }
            next += 1;
        }
        self.scan(
            at + 1..next,
            place.query,
            Some(place.select),
            Some(ClauseKind::From),
        );
        (Relation::Values(width), next)
    }

    /// The token behind `tablesample (...)`, `version as of 1`, `pivot (...)`.
    fn behind_relation(&self, at: usize, span: &Span, is_reshaped: &mut bool) -> usize {
        let mut next = at;
        while next < span.end {
            next = match self.keyword(next) {
                Some(Keyword::Tablesample) => self.after(next + 1),
                Some(Keyword::Pivot | Keyword::Unpivot) => {
                    *is_reshaped = true;
                    let open = (next + 1..span.end.min(next + 4))
                        .find(|open| self.kind(*open) == Some(TokenKind::Open))
                        .unwrap_or(next);
                    self.after(open)
                }
                Some(Keyword::For | Keyword::Version | Keyword::System | Keyword::Timestamp) => {
                    let as_word = next + 1 + usize::from(self.is(next, Keyword::For));
                    if !(self.is_in(span, as_word, Keyword::As) && self.is_in(span, as_word + 1, Keyword::Of))
                    {
                        return next;
                    }
                    let value = as_word + 2;
                    let is_call = self.is_name(value) && self.kind(value + 1) == Some(TokenKind::Open);
                    self.after(if is_call { value + 1 } else { value })
                }
                _ => return next,
            };
        }
        next.min(span.end)
    }

    fn relation_alias(&self, at: usize, span: &Span) -> (Option<Name>, Option<Vec<Name>>, usize) {
        let mut next = at;
        let has_word = self.is_in(span, next, Keyword::As);
        next += usize::from(has_word);
        let is_name =
            next < span.end && self.is_name(next) && !self.keyword(next).is_some_and(Keyword::ends_relation);
        if !is_name {
            return (None, None, next);
        }
        let alias = self.name(next);
        next += 1;
        let has_columns =
            next < span.end && self.kind(next) == Some(TokenKind::Open) && !self.nest.leads_query(next + 1);
        if !has_columns {
            return (Some(alias), None, next);
        }
        (Some(alias), Some(self.names(next)), self.group(next).1)
    }

    /// `on ...` and `using (...)`.
    fn condition(&mut self, at: usize, place: &At, mut join: Option<Join>) -> (Option<Join>, usize) {
        let span = &place.span;
        let mut next = at.min(span.end);
        let start = next;
        if self.is_in(span, next, Keyword::Using) && self.kind(next + 1) == Some(TokenKind::Open) {
            let names = self.names(next + 1);
            if let Some(join) = &mut join {
                join.using = Some(names);
            }
            next = self.group(next + 1).1;
        } else if self.is_in(span, next, Keyword::On) {
            let first = next + 1;
            next = first;
            while next < span.end
                && self.kind(next) != Some(TokenKind::Comma)
                && !self.starts_join(next, span)
            {
                next = self.after(next);
            }
            next = next.min(span.end);
            self.scan(
                first..next,
                place.query,
                Some(place.select),
                Some(ClauseKind::From),
            );
            if let Some(join) = &mut join {
                join.on = Some(self.content(&(first..next)));
            }
        }
        if let Some(join) = &mut join
            && start < next
        {
            join.range = join.range.cover(self.content(&(start..next)));
        }
        (join, next)
    }
}
