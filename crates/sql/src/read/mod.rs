//! From tokens to queries. Nothing here fails: what cannot be read is passed over.

mod expr;
mod from;
mod query;
mod select;

use glueline_base::{TextRange, TextSize};

use crate::keyword::Keyword;
use crate::lex::{Lexed, lex};
use crate::nest::Nest;
use crate::token::{Hole, Token, TokenKind};
use crate::tree::{Name, Outer, Query, QueryId, Sql, unquoted};

/// Queries in queries beyond this are not read: nobody writes them, and the stack ends.
const MAX_DEPTH: usize = 60;

/// A run of tokens, by their numbers.
type Span = std::ops::Range<usize>;

/// Reads a stretch of a text. `holes` are sorted, do not overlap, and may reach beyond the stretch.
pub fn read(text: &str, within: TextRange, holes: &[Hole]) -> Sql {
    let Lexed { tokens, comments } = lex(text, within, holes);
    let nest = Nest::new(&tokens);
    let mut reader = Reader {
        text,
        tokens: &tokens,
        nest: &nest,
        within,
        depth: 0,
        out: Sql::default(),
    };
    reader.statements();
    let mut out = reader.out;
    out.paths
        .sort_by_key(|path| path.parts.first().map(|name| name.range.start()));
    Sql {
        range: within,
        tokens,
        comments,
        nest,
        ..out
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    nest: &'a Nest,
    within: TextRange,
    depth: usize,
    out: Sql,
}

impl Reader<'_> {
    fn statements(&mut self) {
        let (mut first, mut start) = (0, self.within.start());
        for at in 0..=self.tokens.len() {
            let is_end = at == self.tokens.len();
            if !is_end && self.kind(at) != Some(TokenKind::Semicolon) {
                continue;
            }
            if first < at {
                let end = self.start(at);
                let id = self.statement(first..at, TextRange::new(start, end.max(start)));
                self.out.statements.push(id);
            }
            first = at + 1;
            start = self.end(at);
        }
    }

    /// A query, with what may stand before it: `insert into t`, `create table t as`.
    fn statement(&mut self, span: Span, range: TextRange) -> QueryId {
        let mut at = span.start;
        while at < span.end && !self.nest.leads_query(at) {
            at = self.after(at);
        }
        if at >= span.end {
            at = span.start;
        }
        let id = self.query(at..span.end, range, None);
        self.scan(span.start..at, id, None, None);
        id
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn keyword(&self, at: usize) -> Option<Keyword> {
        self.kind(at)?.keyword()
    }

    fn is(&self, at: usize, keyword: Keyword) -> bool {
        self.keyword(at) == Some(keyword)
    }

    /// As `is`, for a token of a span.
    fn is_in(&self, span: &Span, at: usize, keyword: Keyword) -> bool {
        span.contains(&at) && self.is(at, keyword)
    }

    fn is_name(&self, at: usize) -> bool {
        self.kind(at).is_some_and(TokenKind::is_name)
    }

    /// Whether a dot stands right before a token, so that a keyword is none. Behind `t.` and a blank it is one: the name is yet
    /// to be typed.
    fn follows_dot(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| {
            self.kind(before) == Some(TokenKind::Dot) && self.end(before) == self.start(at)
        })
    }

    /// Where a token starts; the end of the stretch behind the last.
    fn start(&self, at: usize) -> TextSize {
        self.tokens
            .get(at)
            .map_or(self.within.end(), |token| token.range.start())
    }

    /// Where a token ends.
    fn end(&self, at: usize) -> TextSize {
        self.tokens
            .get(at)
            .map_or(self.within.end(), |token| token.range.end())
    }

    /// From the first to the last token of a span; empty before the next token where it has none.
    fn content(&self, span: &Span) -> TextRange {
        let start = self.start(span.start);
        match span.end.checked_sub(1).filter(|last| *last >= span.start) {
            Some(last) => TextRange::new(start, self.end(last).max(start)),
            None => TextRange::empty(start),
        }
    }

    /// The token behind this one, or behind the parentheses that it opens.
    fn after(&self, at: usize) -> usize {
        if self.kind(at) == Some(TokenKind::Open) {
            self.group(at).1
        } else {
            at + 1
        }
    }

    /// What stands in the parentheses that a token opens, and the number of the token behind them.
    fn group(&self, open: usize) -> (Span, usize) {
        let end = self.nest.end(open).max(open + 1);
        let behind = if self.kind(end) == Some(TokenKind::Close) {
            end + 1
        } else {
            end
        };
        (open + 1..end, behind)
    }

    /// The bytes inside the parentheses that a token opens.
    fn inside(&self, open: usize) -> TextRange {
        let (span, _) = self.group(open);
        let start = self.end(open);
        TextRange::new(start, self.start(span.end).max(start))
    }

    /// The bytes of the parentheses that a token opens, themselves included.
    fn parentheses(&self, open: usize) -> TextRange {
        let (_, behind) = self.group(open);
        self.content(&(open..behind))
    }

    fn name(&self, at: usize) -> Name {
        let range = self.content(&(at..at + 1));
        let text = match self.kind(at) {
            Some(TokenKind::Word(_) | TokenKind::Quoted) => Some(unquoted(self.text, range).into()),
            _ => None,
        };
        Name { text, range }
    }

    /// `a.b.c` at a token, and the token behind it. A hole can be a part of it.
    fn dotted(&self, at: usize, end: usize) -> (Vec<Name>, usize) {
        let mut parts = vec![self.name(at)];
        let mut next = at + 1;
        while next < end && self.kind(next) == Some(TokenKind::Dot) {
            let part = next + 1;
            let is_name = self.is_name(part) && (self.keyword(part).is_none() || self.follows_dot(part));
            let is_hole = matches!(self.kind(part), Some(TokenKind::Hole(_)));
            if part >= end || !(is_name || is_hole) {
                break;
            }
            parts.push(self.name(part));
            next += 2;
        }
        (parts, next)
    }

    /// The names in parentheses, with commas between them.
    fn names(&self, open: usize) -> Vec<Name> {
        let (span, _) = self.group(open);
        let is_first = |at: &usize| matches!(self.kind(at - 1), Some(TokenKind::Open | TokenKind::Comma));
        span.filter(|at| self.is_name(*at) && is_first(at))
            .map(|at| self.name(at))
            .collect()
    }

    /// A query in the parentheses that a token opens; `None` where it stands too deep.
    fn nested(&mut self, open: usize, outer: Outer) -> Option<QueryId> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let (span, _) = self.group(open);
        let range = self.inside(open);
        self.depth += 1;
        let id = self.query(span, range, Some(outer));
        self.depth -= 1;
        Some(id)
    }

    fn query_mut(&mut self, id: QueryId) -> Option<&mut Query> {
        self.out.queries.get_mut(id.0 as usize)
    }

    /// What a query in an expression sees: the common table expressions of the query around it, and what its select reads.
    fn outer(&self, query: QueryId, select: Option<crate::tree::SelectId>) -> Outer {
        let known = self.out.query(query).map_or(0, |query| query.ctes.len());
        Outer {
            query,
            ctes: u32::try_from(known).unwrap_or(u32::MAX),
            select,
        }
    }
}

/// The number of a new element of a list.
fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
