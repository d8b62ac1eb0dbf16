//! Expressions: operators by their precedence, and predicates.

use std::collections::VecDeque;

use glueline_base::TextRange;

use super::{Parser, Res};
use crate::syntax::ast::{Binary, Expr, ExprKind, IsWhat, LikeKind, UnaryOp};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok, unescape};

/// How many operators in a row make one part of a long chain.
const CHAIN: u32 = 60;

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Res<Expr> {
        self.nested(Self::or)
    }

    fn or(&mut self) -> Res<Expr> {
        self.logic(Kw::Or, Binary::Or, Self::and)
    }

    fn and(&mut self) -> Res<Expr> {
        self.logic(Kw::And, Binary::And, Self::not)
    }

    fn logic(&mut self, word: Kw, op: Binary, operand: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        let mut start = self.here();
        let mut left = operand(self)?;
        let (mut parts, mut chain) = (Vec::new(), 0);
        while self.is(0, word) && self.goes_on(1) {
            self.at += 1;
            let next = self.here();
            let right = operand(self)?;
            if chain == CHAIN {
                parts.push(std::mem::replace(&mut left, right));
                (start, chain) = (next, 0);
            } else {
                left = self.binary(op, left, right, start, &mut chain)?;
            }
        }
        self.joined(op, parts, left)
    }

    /// Parts of a long chain of one operator, which gives the same however it is grouped: so the tree stays flat.
    fn joined(&mut self, op: Binary, parts: Vec<Expr>, last: Expr) -> Res<Expr> {
        let Some(start) = parts.first().map(|part| part.range.start()) else {
            return Ok(last);
        };
        let mut parts: VecDeque<Expr> = parts.into_iter().chain([last]).collect();
        // neighbours are joined round by round; one that is left over at the end of a round waits for the next
        while parts.len() > 1 {
            for _ in 0..parts.len() / 2 {
                if let (Some(left), Some(right)) = (parts.pop_front(), parts.pop_front()) {
                    parts.push_back(Expr {
                        range: TextRange::new(left.range.start(), right.range.end()),
                        kind: ExprKind::Binary {
                            op,
                            left: Box::new(left),
                            right: Box::new(right),
                        },
                    });
                }
            }
            if parts.front().map(|part| part.range.start()) != Some(start) {
                parts.rotate_left(1);
            }
        }
        parts.pop_front().map_or_else(|| self.fail(), Ok)
    }

    /// Whether an operator that is a word can be one, as far as the token after it tells.
    pub(super) fn goes_on(&mut self, ahead: usize) -> bool {
        let is_clause = !self.past_from && self.is(ahead, Kw::From) && self.starts_clause(ahead);
        let goes_on = self.starts_expression(ahead) && !is_clause;
        if !goes_on {
            self.expected(ahead);
        }
        goes_on
    }

    fn binary(
        &mut self,
        op: Binary,
        left: Expr,
        right: Expr,
        start: TextRange,
        chain: &mut u32,
    ) -> Res<Expr> {
        *chain += 1;
        if *chain > 300 {
            // a tree that deep is more than anybody who walks it can bear
            self.lost = true;
            return self.fail();
        }
        let kind = ExprKind::Binary {
            op,
            left: Box::new(left),
            right: Box::new(right),
        };
        Ok(self.make(kind, start))
    }

    fn not(&mut self) -> Res<Expr> {
        let start = self.here();
        let bang = self.is_sign(0, Sign::Bang);
        if (bang || self.is(0, Kw::Not))
            && self.goes_on(1)
            && let Some(expr) = self.attempt(|parser| {
                parser.at += 1;
                parser.nested(Self::not)
            })
        {
            let kind = ExprKind::Unary {
                op: UnaryOp::Not,
                expr: Box::new(expr),
            };
            return Ok(self.make(kind, start));
        }
        if bang {
            return self.fail();
        }
        if self.is(0, Kw::Exists)
            && self.is_sign(1, Sign::Open)
            && let Some(query) = self.attempt(|parser| {
                parser.at += 2;
                let query = parser.query()?;
                parser.expect(Sign::Close)?;
                Ok(query)
            })
        {
            return Ok(self.make(ExprKind::Exists(Box::new(query)), start));
        }
        let value = self.value()?;
        self.predicate(value, start)
    }

    /// What may follow a value, once.
    fn predicate(&mut self, expr: Expr, start: TextRange) -> Res<Expr> {
        let negated = (self.is(0, Kw::Not) || self.is_sign(0, Sign::Bang))
            && matches!(
                self.kw(1),
                Some(Kw::Between | Kw::In | Kw::Like | Kw::Ilike | Kw::Rlike | Kw::Regexp)
            );
        let ahead = usize::from(negated);
        let Some(kw) = self.kw(ahead) else { return Ok(expr) };
        let expr = Box::new(expr);
        let kind = match kw {
            Kw::Between if self.goes_on(ahead + 1) => {
                self.at += ahead + 1;
                let low = Box::new(self.value()?);
                self.expect_kw(Kw::And)?;
                let high = Box::new(self.value()?);
                ExprKind::Between {
                    expr,
                    negated,
                    low,
                    high,
                }
            }
            Kw::In if self.is_sign(ahead + 1, Sign::Open) => {
                self.at += ahead + 2;
                self.in_what(expr, negated)?
            }
            Kw::Like | Kw::Ilike | Kw::Rlike | Kw::Regexp if self.goes_on(ahead + 1) => {
                self.at += ahead + 1;
                self.like(kw, expr, negated)?
            }
            Kw::Is if !negated => return self.is_what(*expr, start),
            _ => return Ok(*expr),
        };
        Ok(self.make(kind, start))
    }

    fn in_what(&mut self, expr: Box<Expr>, negated: bool) -> Res<ExprKind> {
        if self.starts_query()
            && let Some(query) = self.attempt(|parser| {
                let query = parser.query()?;
                parser.expect(Sign::Close)?;
                Ok(query)
            })
        {
            return Ok(ExprKind::InQuery {
                expr,
                negated,
                query: Box::new(query),
            });
        }
        let list = self.list(Self::expression)?;
        self.expect(Sign::Close)?;
        Ok(ExprKind::InList { expr, negated, list })
    }

    fn like(&mut self, kw: Kw, expr: Box<Expr>, negated: bool) -> Res<ExprKind> {
        let kind = match kw {
            Kw::Like => LikeKind::Like,
            Kw::Ilike => LikeKind::ILike,
            _ => LikeKind::RLike,
        };
        if kind != LikeKind::RLike
            && matches!(self.kw(0), Some(Kw::Any | Kw::Some | Kw::All))
            && self.is_sign(1, Sign::Open)
        {
            let all = self.is(0, Kw::All);
            self.at += 2;
            let patterns = if self.is_sign(0, Sign::Close) {
                Vec::new()
            } else {
                self.list(Self::expression)?
            };
            self.expect(Sign::Close)?;
            return Ok(ExprKind::LikeMany {
                kind,
                all,
                expr,
                negated,
                patterns,
            });
        }
        let pattern = Box::new(self.value()?);
        let mut escape = None;
        if kind != LikeKind::RLike && self.is(0, Kw::Escape) && self.tok(1) == Tok::String {
            escape = Some(unescape(self.word_at(1)).into());
            self.at += 2;
        }
        Ok(ExprKind::Like {
            kind,
            expr,
            negated,
            pattern,
            escape,
        })
    }

    fn is_what(&mut self, expr: Expr, start: TextRange) -> Res<Expr> {
        let negated = self.is(1, Kw::Not) || self.is_sign(1, Sign::Bang);
        let ahead = 1 + usize::from(negated);
        let what = match self.kw(ahead) {
            Some(Kw::Null) => IsWhat::Null,
            Some(Kw::True) => IsWhat::True,
            Some(Kw::False) => IsWhat::False,
            Some(Kw::Unknown) => IsWhat::Unknown,
            Some(Kw::Distinct) if self.is(ahead + 1, Kw::From) => {
                self.at += ahead + 2;
                let right = Box::new(self.value()?);
                let kind = ExprKind::DistinctFrom {
                    left: Box::new(expr),
                    negated,
                    right,
                };
                return Ok(self.make(kind, start));
            }
            _ => return Ok(expr),
        };
        self.at += ahead + 1;
        let kind = ExprKind::Is {
            expr: Box::new(expr),
            negated,
            what,
        };
        Ok(self.make(kind, start))
    }

    /// A value: arithmetic and comparisons.
    pub(super) fn value(&mut self) -> Res<Expr> {
        self.nested(|parser| parser.operators(0))
    }

    /// Operators that bind at least so tightly.
    fn operators(&mut self, least: u8) -> Res<Expr> {
        let mut start = self.here();
        let first = start;
        let mut left = self.unary()?;
        let (mut parts, mut chain) = (Vec::new(), 0);
        while let Some((op, binds)) = self.operator() {
            if binds < least {
                break;
            }
            if op != Binary::Concat && !parts.is_empty() {
                left = self.joined(Binary::Concat, std::mem::take(&mut parts), left)?;
                start = first;
            }
            self.at += 1;
            let next = self.here();
            let right = self.operators(binds + 1)?;
            if op == Binary::Concat && chain == CHAIN {
                parts.push(std::mem::replace(&mut left, right));
                (start, chain) = (next, 0);
            } else {
                left = self.binary(op, left, right, start, &mut chain)?;
            }
        }
        self.joined(Binary::Concat, parts, left)
    }

    /// The operator that stands next, and how tightly it binds.
    fn operator(&mut self) -> Option<(Binary, u8)> {
        let found = match self.peek() {
            Tok::Sign(sign) => match sign {
                Sign::Star => (Binary::Multiply, 6),
                Sign::Slash => (Binary::Divide, 6),
                Sign::Percent => (Binary::Remainder, 6),
                Sign::Plus => (Binary::Add, 5),
                Sign::Minus => (Binary::Subtract, 5),
                Sign::Concat => (Binary::Concat, 5),
                Sign::Ampersand => (Binary::BitAnd, 4),
                Sign::Hat => (Binary::BitXor, 3),
                Sign::Pipe => (Binary::BitOr, 2),
                Sign::Equal => (Binary::Equal, 1),
                Sign::NotEqual => (Binary::NotEqual, 1),
                Sign::NullSafeEqual => (Binary::NullSafeEqual, 1),
                Sign::Less => (Binary::Less, 1),
                Sign::LessOrEqual => (Binary::LessOrEqual, 1),
                Sign::Greater => (Binary::Greater, 1),
                Sign::GreaterOrEqual => (Binary::GreaterOrEqual, 1),
                _ => return None,
            },
            Tok::Kw(Kw::Div) if self.goes_on(1) => (Binary::IntegralDivide, 6),
            _ => return None,
        };
        Some(found)
    }

    fn unary(&mut self) -> Res<Expr> {
        let start = self.here();
        let op = match self.peek() {
            Tok::Sign(Sign::Minus) => UnaryOp::Minus,
            Tok::Sign(Sign::Plus) => UnaryOp::Plus,
            Tok::Sign(Sign::Tilde) => UnaryOp::BitNot,
            _ => return self.postfix(),
        };
        self.at += 1;
        let expr = Box::new(self.nested(Self::unary)?);
        Ok(self.make(ExprKind::Unary { op, expr }, start))
    }

    /// A primary expression, with indexes and fields after it.
    fn postfix(&mut self) -> Res<Expr> {
        let start = self.here();
        let mut expr = self.primary()?;
        let mut chain = 0;
        loop {
            if self.eat(Sign::OpenBracket) {
                let index = Box::new(self.value()?);
                self.expect(Sign::CloseBracket)?;
                let base = Box::new(expr);
                expr = self.make(ExprKind::Index { base, index }, start);
            } else if self.is_sign(0, Sign::Dot) && self.is_name(1) {
                self.at += 1;
                let name = self.name()?;
                let base = Box::new(expr);
                expr = self.make(ExprKind::Field { base, name }, start);
            } else {
                if self.is_sign(0, Sign::Dot) {
                    self.expected(1);
                }
                return Ok(expr);
            }
            chain += 1;
            if chain > 100 {
                self.lost = true;
                return self.fail();
            }
        }
    }
}
