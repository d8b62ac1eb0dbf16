//! `with`, and the parts of unions.

use glueline_base::TextRange;

use super::{Reader, Span, number};
use crate::keyword::Keyword;
use crate::token::TokenKind;
use crate::tree::{Branch, Cte, Outer, Query, QueryId};

impl Reader<'_> {
    /// Reads a query. `range` is where it may be written on.
    pub(super) fn query(&mut self, span: Span, range: TextRange, outer: Option<Outer>) -> QueryId {
        let id = QueryId(number(self.out.queries.len()));
        self.out.queries.push(Query {
            range,
            content: self.content(&span),
            outer,
            ..Query::default()
        });
        let mut branches = Vec::new();
        let mut is_ambiguous = false;
        // Nothing stands before the first part, and a set operator before each other one.
        let mut is_awaited = true;
        let mut at = span.start;
        while at < span.end {
            if let Some(behind) = self.set_operator(at, &span) {
                is_awaited = true;
                at = behind;
                continue;
            }
            if self.is(at, Keyword::With) && self.nest.leads_query(at) {
                at = self.with(at, &span, id);
                continue;
            }
            let (branch, behind) = self.branch(at, &span, id);
            at = behind.max(at + 1);
            let Some(branch) = branch.filter(|branch| is_awaited || !matches!(branch, Branch::Other(_)))
            else {
                continue;
            };
            is_ambiguous |= !is_awaited;
            is_awaited = false;
            branches.push(branch);
        }
        if let Some(query) = self.query_mut(id) {
            query.branches = branches;
            query.is_ambiguous = is_ambiguous;
        }
        id
    }

    fn branch(&mut self, at: usize, span: &Span, id: QueryId) -> (Option<Branch>, usize) {
        if self.is(at, Keyword::Select) {
            let (select, behind) = self.select(at, span, id);
            return (Some(Branch::Select(select)), behind);
        }
        if self.kind(at) == Some(TokenKind::Open) && self.nest.leads_query(at) {
            let (_, behind) = self.group(at);
            let outer = self.outer(id, None);
            return (self.nested(at, outer).map(Branch::Query), behind);
        }
        let mut end = at;
        while end < span.end
            && !self.is(end, Keyword::Select)
            && !self.nest.leads_query(end)
            && self.set_operator(end, span).is_none()
        {
            end = self.after(end);
        }
        if end == at {
            // `values`, which leads a query of its own.
            end = self.after(at);
            while end < span.end && self.set_operator(end, span).is_none() && !self.is(end, Keyword::Select) {
                end = self.after(end);
            }
        }
        let end = end.min(span.end);
        self.scan(at..end, id, None, None);
        (Some(Branch::Other(self.content(&(at..end)))), end)
    }

    /// The token behind `union all` and the like, if it stands here.
    pub(super) fn set_operator(&self, at: usize, span: &Span) -> Option<usize> {
        if self.follows_dot(at) {
            return None;
        }
        let next = at + 1;
        let leads = next < span.end
            && (self.nest.leads_query(next)
                || matches!(self.keyword(next), Some(Keyword::All | Keyword::Distinct)));
        let is_operator = match self.keyword(at)? {
            Keyword::Union | Keyword::Intersect => true,
            // `* except (a, b)` leaves columns out.
            Keyword::Except => leads || self.kind(next) != Some(TokenKind::Open),
            Keyword::Minus => leads,
            _ => false,
        };
        let has_word =
            matches!(self.keyword(next), Some(Keyword::All | Keyword::Distinct)) && next < span.end;
        is_operator.then_some(if has_word { next + 1 } else { next })
    }

    /// Reads `with name as (query), ...`; gives the token behind it.
    fn with(&mut self, with: usize, span: &Span, id: QueryId) -> usize {
        let mut at = with + 1;
        let is_recursive = self.is_in(span, at, Keyword::Recursive) && self.is_name(at + 1);
        if is_recursive {
            at += 1;
            if let Some(query) = self.query_mut(id) {
                query.is_recursive = true;
            }
        }
        while at < span.end {
            match self.kind(at) {
                // Whatever a hole gives, the list can go on behind it.
                Some(TokenKind::Hole(_) | TokenKind::Comma) => at += 1,
                Some(kind) if kind.is_name() && !kind.is(Keyword::Select) && self.begins_cte(at, span) => {
                    at = self.cte(at, span, id, is_recursive);
                }
                _ => break,
            }
        }
        let words = self.content(&(with..at.min(span.end)));
        if let Some(query) = self.query_mut(id) {
            query.with = Some(query.with.map_or(words, |before| before.cover(words)));
        }
        at.min(span.end)
    }

    /// Whether a name begins a common table expression, and not the body of the query.
    fn begins_cte(&self, at: usize, span: &Span) -> bool {
        let next = at + 1;
        next >= span.end
            || matches!(self.kind(next), Some(TokenKind::Open | TokenKind::Comma))
            || self.is(next, Keyword::As)
            || self.is(next, Keyword::Select)
    }

    fn cte(&mut self, at: usize, span: &Span, id: QueryId, is_recursive: bool) -> usize {
        let name = self.name(at);
        let mut next = at + 1;
        let mut columns = None;
        if next < span.end && self.kind(next) == Some(TokenKind::Open) && !self.nest.leads_query(next + 1) {
            columns = Some(self.names(next));
            next = self.group(next).1;
        }
        if self.is_in(span, next, Keyword::As) {
            next += 1;
        }
        let place = self.query_mut(id).map_or(0, |query| query.ctes.len());
        if let Some(query) = self.query_mut(id) {
            query.ctes.push(Cte {
                name,
                columns,
                range: TextRange::default(),
                body: None,
                query: None,
            });
        }
        let (mut body, mut inner) = (None, None);
        if next < span.end && self.kind(next) == Some(TokenKind::Open) {
            body = Some(self.parentheses(next));
            inner = self.nested(
                next,
                Outer {
                    query: id,
                    ctes: number(if is_recursive { place + 1 } else { place }),
                    select: None,
                },
            );
            next = self.group(next).1;
        }
        let range = self.content(&(at..next));
        let slot = self.query_mut(id).and_then(|query| query.ctes.get_mut(place));
        if let Some(cte) = slot {
            cte.range = range;
            cte.body = body;
            cte.query = inner;
        }
        next
    }
}
