//! Where a word is a name and where it begins what comes next.

use super::Parser;
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

impl Parser<'_> {
    /// Whether an expression may begin with the token so far ahead.
    pub(super) fn starts_expression(&self, ahead: usize) -> bool {
        match self.tok(ahead) {
            Tok::Word | Tok::Kw(_) | Tok::Quoted | Tok::String | Tok::Number(_) | Tok::Hole => true,
            Tok::Sign(sign) => matches!(
                sign,
                Sign::Open
                    | Sign::Star
                    | Sign::Plus
                    | Sign::Minus
                    | Sign::Tilde
                    | Sign::Bang
                    | Sign::Question
                    | Sign::Colon
            ),
            _ => false,
        }
    }

    /// Whether the word so far ahead can begin a clause, a join or an operator, as far as the token after it tells.
    pub(super) fn starts_clause(&self, ahead: usize) -> bool {
        let Some(kw) = self.kw(ahead) else { return false };
        let next = ahead + 1;
        match kw {
            Kw::From => self.is_name(next) || self.is_sign(next, Sign::Open),
            Kw::Where | Kw::Having | Kw::Limit | Kw::Offset => self.starts_expression(next),
            Kw::Group | Kw::Order | Kw::Cluster | Kw::Distribute | Kw::Sort => self.is(next, Kw::By),
            Kw::Union | Kw::Except | Kw::Intersect | Kw::Minus => {
                self.is_sign(next, Sign::Open)
                    || matches!(
                        self.kw(next),
                        Some(
                            Kw::All
                                | Kw::Distinct
                                | Kw::Select
                                | Kw::Values
                                | Kw::From
                                | Kw::Table
                                | Kw::Map
                                | Kw::Reduce
                        )
                    )
            }
            Kw::Lateral => self.is(next, Kw::View),
            Kw::Window => self.is_name(next) && self.is(next + 1, Kw::As),
            Kw::Pivot => self.is_sign(next, Sign::Open),
            Kw::Unpivot => {
                self.is_sign(next, Sign::Open) || matches!(self.kw(next), Some(Kw::Include | Kw::Exclude))
            }
            Kw::Tablesample => self.is_sign(next, Sign::Open),
            // within `pivot`
            Kw::For => self.is_sign(next, Sign::Open) || (self.is_name(next) && self.is(next + 1, Kw::In)),
            _ => false,
        }
    }

    /// Whether what stands so far ahead can come after the alias of a column.
    fn ends_item(&self, ahead: usize) -> bool {
        match self.tok(ahead) {
            Tok::End | Tok::Sign(Sign::Comma | Sign::Close | Sign::Semicolon) => true,
            _ => self.starts_clause(ahead),
        }
    }

    /// Whether the next token is the alias of a column, written without `as`. Spark prefers the alias where both can be.
    pub(super) fn is_alias(&self) -> bool {
        self.is_name(0) && (!self.starts_clause(0) || self.ends_item(1))
    }

    /// Whether `as` is itself an alias, because the word after it, so far ahead, can only begin a clause.
    pub(super) fn as_is_name(&mut self, ahead: usize) -> bool {
        self.expected(ahead);
        self.starts_clause(ahead) && !self.ends_item(ahead + 1)
    }

    /// Whether `as` is itself the alias of a relation, because the word after it, so far ahead, can only begin what follows.
    pub(super) fn as_is_relation(&self, ahead: usize) -> bool {
        if self.kw(ahead).is_some_and(Kw::ends_relation) {
            return self.starts_join(ahead) || self.starts_clause(ahead);
        }
        self.starts_clause(ahead) && !self.ends_relation(ahead + 1)
    }

    /// Whether what stands so far ahead can come after the alias of a relation.
    fn ends_relation(&self, ahead: usize) -> bool {
        // no list of relations comes after another
        !self.is(ahead, Kw::From) && (self.ends_item(ahead) || self.starts_join(ahead))
    }

    /// Whether the word so far ahead begins a join or what belongs to one, as far as the token after it tells.
    fn starts_join(&self, ahead: usize) -> bool {
        let next = ahead + 1;
        match self.kw(ahead) {
            Some(Kw::Join) => self.is_name(next) || self.is_sign(next, Sign::Open),
            Some(Kw::Inner | Kw::Cross | Kw::Semi | Kw::Anti) => self.is(next, Kw::Join),
            Some(Kw::Left | Kw::Right | Kw::Full) => {
                matches!(self.kw(next), Some(Kw::Join | Kw::Outer | Kw::Semi | Kw::Anti))
            }
            Some(Kw::Natural) => self.kw(next).is_some_and(Kw::ends_relation),
            Some(Kw::On) => self.starts_expression(next),
            Some(Kw::Using) => self.is_sign(next, Sign::Open),
            _ => false,
        }
    }

    /// Whether the next token is the alias of a relation, written without `as`.
    pub(super) fn is_table_alias(&self) -> bool {
        if !self.is_name(0) || self.kw(0).is_some_and(Kw::ends_relation) {
            return false;
        }
        let clause = self.starts_clause(0)
            || match self.kw(0) {
                Some(Kw::Select) => self.starts_expression(1),
                Some(Kw::For) => matches!(
                    self.kw(1),
                    Some(Kw::Version | Kw::Timestamp | Kw::SystemVersion | Kw::SystemTime)
                ),
                Some(Kw::Version | Kw::Timestamp | Kw::SystemVersion | Kw::SystemTime) => {
                    self.is(1, Kw::As) && self.is(2, Kw::Of)
                }
                _ => false,
            };
        !clause || self.ends_relation(1)
    }
}
