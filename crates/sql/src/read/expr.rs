//! The names that expressions use, and the queries in them.

use super::{Reader, Span};
use crate::keyword::Keyword;
use crate::token::TokenKind;
use crate::tree::{ClauseKind, Name, Path, PathKind, QueryId, SelectId};

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Place {
    query: QueryId,
    select: Option<SelectId>,
    clause: Option<ClauseKind>,
}

/// What is open while an expression is scanned.
#[derive(Default)]
struct Open {
    /// The ends of parentheses.
    groups: Vec<usize>,
    /// The types of casts.
    types: Vec<Span>,
    /// The parameters of lambdas, and where they end.
    lambdas: Vec<(Name, usize)>,
}

impl Open {
    /// Remembers a parameter of a lambda. Nobody writes more of them than this at once.
    fn push(&mut self, name: Name, end: usize) {
        if self.lambdas.len() >= 16 {
            self.lambdas.remove(0);
        }
        self.lambdas.push((name, end));
    }
}

impl Reader<'_> {
    /// Takes down the names in a run of tokens, and reads the queries in it.
    pub(super) fn scan(
        &mut self,
        span: Span,
        query: QueryId,
        select: Option<SelectId>,
        clause: Option<ClauseKind>,
    ) {
        let place = Place {
            query,
            select,
            clause,
        };
        let mut open = Open::default();
        let mut at = span.start;
        while at < span.end {
            while open.groups.last().is_some_and(|end| *end <= at) {
                open.groups.pop();
            }
            open.lambdas.retain(|(_, end)| *end > at);
            if let Some(kind) = open.types.pop_if(|kind| kind.start <= at) {
                at = kind.end.max(at);
                continue;
            }
            at = match self.kind(at) {
                Some(TokenKind::Open) => self.scan_group(at, &span, place, &mut open),
                Some(TokenKind::DoubleColon) if self.is_name(at + 1) => self.after_type(at + 1),
                // A field of what a call or an index gives.
                Some(TokenKind::Dot) if self.follows_dot(at + 1) && self.is_name(at + 1) => at + 2,
                Some(TokenKind::Hole(_)) if self.kind(at + 1) == Some(TokenKind::Dot) => {
                    self.scan_path(at, &span, place, &open)
                }
                Some(kind) if kind.is_name() => self.scan_name(at, &span, place, &mut open),
                _ => at + 1,
            };
        }
    }

    /// The token behind the type at a token.
    fn after_type(&self, at: usize) -> usize {
        if self.kind(at + 1) == Some(TokenKind::Open) {
            self.after(at + 1)
        } else {
            at + 1
        }
    }

    fn scan_group(&mut self, at: usize, span: &Span, place: Place, open: &mut Open) -> usize {
        let (inside, behind) = self.group(at);
        if self.nest.leads_query(at + 1) && at + 1 < inside.end {
            let outer = self.outer(place.query, place.select);
            self.nested(at, outer);
            return behind;
        }
        if behind < span.end && self.kind(behind) == Some(TokenKind::Arrow) {
            let end = open.groups.last().copied().unwrap_or(span.end);
            let params = self.names(at);
            for name in &params {
                self.take_down(vec![name.clone()], PathKind::Lambda, place);
            }
            for name in params {
                open.push(name, end);
            }
            return behind + 1;
        }
        let is_cast = at
            .checked_sub(1)
            .is_some_and(|before| matches!(self.keyword(before), Some(Keyword::Cast | Keyword::TryCast)));
        if is_cast && let Some(kind) = self.type_of_cast(&inside) {
            open.types.push(kind);
        }
        open.groups.push(inside.end);
        at + 1
    }

    /// The type in the parentheses of a cast.
    pub(super) fn type_of_cast(&self, inside: &Span) -> Option<Span> {
        let mut last = None;
        let mut at = inside.start;
        while at < inside.end {
            if self.is(at, Keyword::As) {
                last = Some(at + 1);
            }
            at = self.after(at);
        }
        Some(last?..inside.end)
    }

    /// A word: a name, or one of the words that belong to expressions. Gives the token behind it.
    fn scan_name(&mut self, at: usize, span: &Span, place: Place, open: &mut Open) -> usize {
        let next = self.kind(at + 1).filter(|_| at + 1 < span.end);
        let next_word = next.and_then(TokenKind::keyword);
        if next == Some(TokenKind::Dot) {
            return self.scan_path(at, span, place, open);
        }
        match next {
            // `date '2024-01-01'`, and arguments by name.
            Some(TokenKind::String) if !self.keyword(at).is_some_and(Keyword::is_never_column) => {
                return at + 2;
            }
            Some(TokenKind::FatArrow) => return at + 2,
            Some(TokenKind::Arrow) => {
                let name = self.name(at);
                self.take_down(vec![name.clone()], PathKind::Lambda, place);
                let end = open.groups.last().copied().unwrap_or(span.end);
                open.push(name, end);
                return at + 2;
            }
            _ => {}
        }
        let Some(keyword) = self.keyword(at) else {
            if next_word == Some(Keyword::Nulls) && next.is_some() {
                return at + 2; // `ignore nulls`
            }
            return self.scan_path(at, span, place, open);
        };
        match (keyword, next_word) {
            (Keyword::As | Keyword::Over, _) if next.is_some_and(TokenKind::is_name) => at + 2,
            (Keyword::Interval, _) => self.after_interval(at, span),
            (Keyword::Nulls, Some(Keyword::First | Keyword::Last))
            | (
                Keyword::Partition
                | Keyword::Order
                | Keyword::Sort
                | Keyword::Cluster
                | Keyword::Distribute
                | Keyword::Group,
                Some(Keyword::By),
            )
            | (Keyword::Within, Some(Keyword::Group))
            | (Keyword::At, Some(Keyword::Time))
            | (Keyword::Time, Some(Keyword::Zone))
            | (Keyword::Both | Keyword::Leading | Keyword::Trailing, Some(Keyword::From)) => at + 2,
            (Keyword::Zone, _)
                if at
                    .checked_sub(1)
                    .is_some_and(|before| self.is(before, Keyword::Time)) =>
            {
                at + 1
            }
            (
                Keyword::Rows | Keyword::Range,
                Some(Keyword::Between | Keyword::Unbounded | Keyword::Current),
            ) => open
                .groups
                .last()
                .copied()
                .unwrap_or(at + 1)
                .max(at + 1)
                .min(span.end),
            (Keyword::All | Keyword::Any | Keyword::Some, _) if next == Some(TokenKind::Open) => at + 1,
            (Keyword::Filter, _) if next == Some(TokenKind::Open) && self.is(at + 2, Keyword::Where) => {
                at + 1
            }
            // `cast` and the like are functions where a parenthesis follows.
            (keyword, _) if keyword.is_never_column() => at + 1,
            _ => self.scan_path(at, span, place, open),
        }
    }

    /// The token behind `interval 1 day` or `interval '1' day to hour`.
    fn after_interval(&self, at: usize, span: &Span) -> usize {
        let mut next = at + 1;
        while next < span.end {
            match self.kind(next) {
                Some(TokenKind::Operator) if next == at + 1 => {}
                Some(TokenKind::String | TokenKind::Number | TokenKind::Hole(_)) => {}
                Some(TokenKind::Word(None)) if self.is_interval_word(next) => {}
                _ => break,
            }
            next += 1;
        }
        next
    }

    fn is_interval_word(&self, at: usize) -> bool {
        const WORDS: [&str; 11] = [
            "to",
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "hour",
            "minute",
            "second",
            "millisecond",
            "microsecond",
        ];
        let name = self.name(at);
        let word = name.text.as_deref().unwrap_or_default();
        let single = word.strip_suffix(['s', 'S']).unwrap_or(word);
        WORDS.iter().any(|known| known.eq_ignore_ascii_case(single))
    }

    /// Whether a word is a value of its own: `current_date` and the like need no parentheses.
    pub(super) fn is_constant(&self, at: usize) -> bool {
        const WORDS: [&str; 7] = [
            "current_date",
            "current_timestamp",
            "current_time",
            "current_user",
            "session_user",
            "localtimestamp",
            "user",
        ];
        self.kind(at) == Some(TokenKind::Word(None)) && {
            let name = self.name(at);
            WORDS.iter().any(|known| name.is(known))
        }
    }

    fn scan_path(&mut self, at: usize, span: &Span, place: Place, open: &Open) -> usize {
        let (parts, next) = self.dotted(at, span.end);
        let follows = self.kind(next).filter(|_| next < span.end);
        let is_alone = parts.len() == 1;
        let kind = match follows {
            Some(TokenKind::Open) => PathKind::Function,
            // Behind the last dot stands a star, or nothing yet.
            Some(TokenKind::Dot) => PathKind::Star,
            _ if parts.first().is_some_and(|first| is_lambda(first, open)) => PathKind::Lambda,
            // The field of `extract(year from x)`, and a word without parentheses that is a value.
            _ if is_alone && (self.is_extracted(at) || self.is_constant(at)) => return next,
            _ => PathKind::Column,
        };
        self.take_down(parts, kind, place);
        let is_star = kind == PathKind::Star && self.kind(next + 1) == Some(TokenKind::Star);
        if is_star { next + 2 } else { next }
    }

    fn is_extracted(&self, at: usize) -> bool {
        let before = |count: usize| at.checked_sub(count).filter(|_| at >= count);
        before(1).is_some_and(|open| self.kind(open) == Some(TokenKind::Open))
            && before(2).is_some_and(|name| self.is(name, Keyword::Extract))
            && self.is(at + 1, Keyword::From)
    }

    fn take_down(&mut self, parts: Vec<Name>, kind: PathKind, place: Place) {
        self.out.paths.push(Path {
            parts,
            kind,
            query: place.query,
            select: place.select,
            clause: place.clause,
        });
    }
}

fn is_lambda(name: &Name, open: &Open) -> bool {
    let Some(text) = name.text.as_deref() else {
        return false;
    };
    open.lambdas.iter().any(|(param, _)| param.is(text))
}
