//! The clauses of a select, and the items of its list.

use glueline_base::TextRange;

use super::{Reader, Span, number};
use crate::keyword::Keyword;
use crate::token::TokenKind;
use crate::tree::{Clause, ClauseKind, Item, ItemKind, Name, QueryId, Select, SelectId};

/// A clause by its tokens.
struct Part {
    kind: ClauseKind,
    start: usize,
    /// The token behind its first words.
    body: usize,
}

impl Reader<'_> {
    /// Reads the select that begins at a token; gives the token behind it.
    pub(super) fn select(&mut self, at: usize, span: &Span, query: QueryId) -> (SelectId, usize) {
        let (parts, end) = self.clauses(at, span);
        let id = SelectId(number(self.out.selects.len()));
        let range_end = if end < span.end {
            self.start(end)
        } else {
            self.out
                .query(query)
                .map_or(self.start(end), |query| query.range.end())
        };
        let start = self.start(at);
        self.out.selects.push(Select {
            query,
            range: TextRange::new(start, range_end.max(start)),
            content: self.content(&(at..end)),
            ..Select::default()
        });
        let mut clauses = Vec::with_capacity(parts.len());
        for (place, part) in parts.iter().enumerate() {
            let next = parts.get(place + 1).map(|next| next.start);
            let span = part.body..next.unwrap_or(end);
            let start = self.start(part.start);
            clauses.push(Clause {
                kind: part.kind,
                keyword: self.content(&(part.start..part.body)),
                range: TextRange::new(start, next.map_or(range_end, |next| self.start(next)).max(start)),
                content: self.content(&(part.start..span.end)),
            });
            match part.kind {
                ClauseKind::Select => {
                    let items = self.items(span, query, id);
                    if let Some(select) = self.select_mut(id) {
                        select.items = items;
                    }
                }
                ClauseKind::From => self.from(span, query, id),
                kind => self.scan(span, query, Some(id), Some(kind)),
            }
        }
        if let Some(select) = self.select_mut(id) {
            select.clauses = clauses;
        }
        (id, end)
    }

    pub(super) fn select_mut(&mut self, id: SelectId) -> Option<&mut Select> {
        self.out.selects.get_mut(id.0 as usize)
    }

    /// Where the clauses of a select begin, and the token behind the last.
    fn clauses(&self, at: usize, span: &Span) -> (Vec<Part>, usize) {
        let mut parts = vec![Part {
            kind: ClauseKind::Select,
            start: at,
            body: at + 1,
        }];
        let mut current = ClauseKind::Select;
        let mut next = at + 1;
        while next < span.end {
            let is_other = self.is(next, Keyword::Select) && !self.follows_dot(next)
                || self.is(next, Keyword::With) && self.nest.leads_query(next)
                || self.set_operator(next, span).is_some();
            if is_other {
                break;
            }
            if let Some((kind, words)) = self.clause(next, span, current) {
                current = kind;
                parts.push(Part {
                    kind,
                    start: next,
                    body: next + words,
                });
                next += words;
            } else {
                next = self.after(next);
            }
        }
        (parts, next.min(span.end))
    }

    /// The clause that begins at a token, and how many words it begins with.
    fn clause(&self, at: usize, span: &Span, current: ClauseKind) -> Option<(ClauseKind, usize)> {
        let keyword = self.keyword(at)?;
        if self.follows_dot(at) {
            return None;
        }
        let by = |kind| self.is_in(span, at + 1, Keyword::By).then_some((kind, 2));
        let is_first = current == ClauseKind::Select;
        match keyword {
            Keyword::From => (!self.is_distinct_from(at)).then_some((ClauseKind::From, 1)),
            Keyword::Where => Some((ClauseKind::Where, 1)),
            Keyword::Having => Some((ClauseKind::Having, 1)),
            Keyword::Group => by(ClauseKind::GroupBy),
            Keyword::Order | Keyword::Sort => by(ClauseKind::OrderBy),
            Keyword::Cluster | Keyword::Distribute => by(ClauseKind::DistributeBy),
            Keyword::Qualify => (!is_first).then_some((ClauseKind::Qualify, 1)),
            Keyword::Window => {
                let is_named = self.is_name(at + 1) && self.is_in(span, at + 2, Keyword::As);
                is_named.then_some((ClauseKind::Window, 1))
            }
            // Columns may be called so.
            Keyword::Limit | Keyword::Offset => {
                let has_count = matches!(self.kind(at + 1), Some(TokenKind::Number | TokenKind::Hole(_)));
                let is_sure = at + 1 < span.end && (has_count || self.is(at + 1, Keyword::All));
                let follows_value = self.ends_value(at.checked_sub(1)?);
                (is_sure || (!is_first && follows_value && at + 1 >= span.end))
                    .then_some((ClauseKind::Limit, 1))
            }
            _ => None,
        }
    }

    /// Whether the `from` here belongs to `is distinct from`.
    fn is_distinct_from(&self, at: usize) -> bool {
        let before = |count: usize| at.checked_sub(count).and_then(|at| self.keyword(at));
        before(1) == Some(Keyword::Distinct) && matches!(before(2), Some(Keyword::Is | Keyword::Not))
    }

    /// Whether an expression can end with a token, so that a name behind it is an alias.
    fn ends_value(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(TokenKind::Word(Some(keyword))) => {
                !keyword.is_never_column()
                    || matches!(
                        keyword,
                        Keyword::End | Keyword::Null | Keyword::True | Keyword::False
                    )
                    || self.follows_dot(at)
            }
            Some(
                TokenKind::Word(None)
                | TokenKind::Quoted
                | TokenKind::Templated
                | TokenKind::Hole(_)
                | TokenKind::String
                | TokenKind::Number
                | TokenKind::Close
                | TokenKind::CloseBracket,
            ) => true,
            _ => false,
        }
    }

    fn items(&mut self, span: Span, query: QueryId, select: SelectId) -> Vec<Item> {
        let mut items = Vec::new();
        let mut start = span.start;
        if matches!(self.keyword(start), Some(Keyword::Distinct | Keyword::All)) && start < span.end {
            start += 1;
        }
        let mut at = start;
        while at <= span.end {
            if at == span.end || self.kind(at) == Some(TokenKind::Comma) {
                if start < at {
                    items.push(self.item(start..at, query, select));
                }
                start = at + 1;
                at = start;
                continue;
            }
            at = self.after(at).min(span.end);
        }
        items
    }

    fn item(&mut self, span: Span, query: QueryId, select: SelectId) -> Item {
        let (expr, aliases) = self.alias(&span);
        self.scan(expr.clone(), query, Some(select), Some(ClauseKind::Select));
        Item {
            range: self.content(&span),
            expr: self.content(&expr),
            kind: self.item_kind(&expr),
            aliases,
            cast: self.cast(&expr),
        }
    }

    /// Parts an item into its expression and its aliases.
    fn alias(&self, span: &Span) -> (Span, Vec<Name>) {
        let last = span.end - 1;
        let before = |count: usize| last.checked_sub(count).filter(|at| *at > span.start);
        if let Some(as_word) = before(1).filter(|at| self.is(*at, Keyword::As))
            && self.is_name(last)
        {
            return (span.start..as_word, vec![self.name(last)]);
        }
        // `explode(m) as (key, value)`; `as` alone is half an alias.
        let as_word = (span.start + 1..span.end)
            .rev()
            .find(|at| self.is(*at, Keyword::As) && self.after(*at + 1) == span.end);
        if let Some(as_word) = as_word {
            let aliases = match self.kind(as_word + 1) {
                Some(TokenKind::Open) => self.names(as_word + 1),
                // A hole: the name is not known.
                _ => vec![self.name(as_word + 1)],
            };
            return (span.start..as_word, aliases);
        }
        if self.is(last, Keyword::As) && last > span.start {
            return (span.start..last, Vec::new());
        }
        let is_implicit = last > span.start
            && self.is_name(last)
            && !self.keyword(last).is_some_and(Keyword::is_never_column)
            && self.ends_value(last - 1)
            && !self.is_unit(last, span);
        if is_implicit {
            return (span.start..last, vec![self.name(last)]);
        }
        (span.clone(), Vec::new())
    }

    /// Whether a word is the unit of an interval: `interval 1 day`.
    fn is_unit(&self, at: usize, span: &Span) -> bool {
        at.checked_sub(2)
            .is_some_and(|start| span.contains(&start) && self.is(start, Keyword::Interval))
    }

    fn item_kind(&self, span: &Span) -> ItemKind {
        let Some(first) = self.kind(span.start) else {
            return ItemKind::Expr;
        };
        let starts_path = first.is_name() || matches!(first, TokenKind::Hole(_));
        let (parts, next) = if starts_path {
            self.dotted(span.start, span.end)
        } else {
            (Vec::new(), span.start)
        };
        let star = if parts.is_empty() { next } else { next + 1 };
        if star < span.end && self.kind(star) == Some(TokenKind::Star) {
            let behind = star + 1;
            let is_alone = behind == span.end;
            let is_except = self.is_in(span, behind, Keyword::Except) && self.after(behind + 1) == span.end;
            if is_alone || is_except {
                let except = if is_except {
                    self.names(behind + 1)
                } else {
                    Vec::new()
                };
                return ItemKind::Star {
                    qualifier: parts,
                    except,
                };
            }
        }
        if !starts_path || next != span.end {
            return ItemKind::Expr;
        }
        match first {
            TokenKind::Hole(hole) if parts.len() == 1 => ItemKind::Hole(Some(hole)),
            _ if parts.last().is_some_and(|name| name.text.is_none()) => ItemKind::Hole(None),
            TokenKind::Word(Some(keyword)) if parts.len() == 1 && keyword.is_never_column() => ItemKind::Expr,
            _ if parts.len() == 1 && self.is_constant(span.start) => ItemKind::Expr,
            _ => ItemKind::Column(parts),
        }
    }

    /// The type that an expression says itself that it has.
    fn cast(&self, span: &Span) -> Option<TextRange> {
        if matches!(self.keyword(span.start), Some(Keyword::Cast | Keyword::TryCast))
            && self.kind(span.start + 1) == Some(TokenKind::Open)
        {
            let (inside, behind) = self.group(span.start + 1);
            let kind = self.type_of_cast(&inside)?;
            return (behind == span.end && !kind.is_empty()).then(|| self.content(&kind));
        }
        let mut at = span.start;
        let mut last = None;
        while at < span.end {
            match self.kind(at)? {
                TokenKind::DoubleColon => last = Some(at + 1),
                // The type would belong to the last operand alone.
                TokenKind::Operator | TokenKind::Star => return None,
                TokenKind::Word(Some(keyword)) if keyword.is_never_column() => return None,
                _ => {}
            }
            at = self.after(at);
        }
        let kind = last?;
        let mut behind = kind + 1;
        if self.kind(behind) == Some(TokenKind::Open) && behind < span.end {
            behind = self.group(behind).1;
        }
        (behind == span.end && self.is_name(kind)).then(|| self.content(&(kind..behind)))
    }
}
