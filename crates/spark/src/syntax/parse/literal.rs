//! Constants.

use glueline_base::TextRange;

use super::moment::{is_date, is_timestamp};
use super::{Parser, Res};
use crate::syntax::SyntaxError;
use crate::syntax::ast::{Expr, ExprKind, IntervalPart, Literal, NumberKind};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok, unescape};

/// The units of an interval.
pub(super) const UNITS: &[&str] = &[
    "NANOSECOND",
    "MICROSECOND",
    "MILLISECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "WEEK",
    "MONTH",
    "YEAR",
];

impl Parser<'_> {
    /// A constant.
    pub(super) fn literal(&mut self) -> Res<Expr> {
        let start = self.here();
        let literal = match self.peek() {
            Tok::Number(kind) => {
                let digits: Box<str> = digits(self.word_at(0), kind).into();
                let negative = self.at > 0
                    && self
                        .tokens
                        .get(self.at - 1)
                        .is_some_and(|token| token.kind == Tok::Sign(Sign::Minus));
                self.constant(super::constant::number(&digits, kind, negative), start);
                Literal::Number { digits, kind }
            }
            Tok::String => {
                let mut text = unescape(self.word_at(0));
                while self.tok(1) == Tok::String {
                    text += &unescape(self.word_at(1));
                    self.at += 1;
                }
                Literal::String(text.into())
            }
            Tok::Word | Tok::Kw(_) if self.tok(1) == Tok::String => {
                let word: Box<str> = self.word_at(0).to_ascii_uppercase().into();
                let text: Box<str> = unescape(self.word_at(1)).into();
                self.judge_literal(&word, &text);
                self.at += 1;
                Literal::Typed { word, text }
            }
            Tok::Kw(Kw::Null) => Literal::Null,
            Tok::Kw(Kw::True) => Literal::Boolean(true),
            Tok::Kw(Kw::False) => Literal::Boolean(false),
            Tok::Sign(Sign::Question) => Literal::Parameter,
            Tok::Sign(Sign::Colon) if self.is_name(1) => {
                self.at += 1;
                Literal::Parameter
            }
            _ => return self.fail(),
        };
        self.at += 1;
        self.expected(0);
        Ok(self.make(ExprKind::Literal(literal), start))
    }

    /// What is wrong with a constant.
    fn constant(&mut self, fault: Option<super::constant::Fault>, range: TextRange) {
        if let Some((class, message)) = fault {
            self.faults.push(SyntaxError {
                class,
                message,
                range,
            });
        }
    }

    /// Whether the text is one that the word before it can read.
    fn judge_literal(&mut self, word: &str, text: &str) {
        let range = self.here().cover(self.range_of(self.at + 1));
        let valid = match word {
            "DATE" => is_date(text),
            "TIMESTAMP" | "TIMESTAMP_LTZ" | "TIMESTAMP_NTZ" => is_timestamp(text, word == "TIMESTAMP_NTZ"),
            "X" => text.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "INTERVAL" => super::constant::is_interval(text),
            _ => {
                self.faults.push(SyntaxError {
                    class: "UNSUPPORTED_TYPED_LITERAL",
                    message: format!(
                        "Literals of the type \"{word}\" are not supported. Supported types are \"DATE\", \"TIMESTAMP_NTZ\", \
                         \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\"."
                    ),
                    range,
                });
                return;
            }
        };
        if !valid {
            self.faults.push(SyntaxError {
                class: "INVALID_TYPED_LITERAL",
                message: format!("The value of the typed literal \"{word}\" is invalid: '{text}'."),
                range,
            });
        }
    }

    /// `interval 1 day 2 hours`, `interval '1-2' year to month`, `interval '1 day'`
    pub(super) fn interval(&mut self) -> Res<Expr> {
        let start = self.here();
        self.at += 1;
        if self.peek() == Tok::String && self.unit_at(1).is_none() {
            self.expected(1);
            self.at -= 1;
            return self.literal();
        }
        let mut parts = Vec::new();
        while self.starts_interval_value() {
            parts.push(self.interval_part()?);
            if self.is(0, Kw::To) && parts.len() == 1 {
                break;
            }
        }
        if parts.is_empty() {
            return self.fail();
        }
        let mut to = None;
        if self.is(0, Kw::To) {
            let Some(unit) = self.unit_at(1) else {
                return self.fail_at(1);
            };
            to = Some(unit.into());
            self.at += 2;
        }
        self.constant(
            super::constant::interval(&parts, to.as_deref()),
            self.since(start),
        );
        Ok(self.make(ExprKind::Literal(Literal::Interval { parts, to }), start))
    }

    fn starts_interval_value(&self) -> bool {
        let ahead = usize::from(matches!(self.peek(), Tok::Sign(Sign::Plus | Sign::Minus)));
        let value = matches!(
            self.tok(ahead),
            Tok::String | Tok::Number(NumberKind::Integer | NumberKind::Decimal)
        );
        // `interval 1 day - 1`: what follows is arithmetic when no unit comes with it
        value && (ahead == 0 || self.unit_at(ahead + 1).is_some())
    }

    fn interval_part(&mut self) -> Res<IntervalPart> {
        let mut value = String::new();
        match self.peek() {
            Tok::Sign(Sign::Minus) => {
                value.push('-');
                self.at += 1;
            }
            Tok::Sign(Sign::Plus) => self.at += 1,
            _ => {}
        }
        if self.peek() == Tok::String {
            value += &unescape(self.word_at(0));
        } else {
            value += self.word_at(0);
        }
        let Some(unit) = self.unit_at(1) else {
            return self.fail_at(1);
        };
        self.at += 2;
        Ok(IntervalPart {
            value: value.into(),
            unit: unit.into(),
        })
    }

    /// The unit of an interval so far ahead.
    fn unit_at(&self, ahead: usize) -> Option<&'static str> {
        if !matches!(self.tok(ahead), Tok::Word | Tok::Kw(_)) {
            return None;
        }
        let word = self.word_at(ahead).to_ascii_uppercase();
        let singular = word.strip_suffix('S').unwrap_or(&word);
        UNITS.iter().find(|unit| **unit == singular).copied()
    }
}

/// A number without its suffix.
fn digits(written: &str, kind: NumberKind) -> &str {
    let suffix = match kind {
        NumberKind::Integer | NumberKind::Decimal => return written,
        NumberKind::BigDecimal => 2,
        NumberKind::TinyInt | NumberKind::SmallInt | NumberKind::BigInt | NumberKind::Float => 1,
        NumberKind::Double => usize::from(written.ends_with(['d', 'D'])),
    };
    written.get(..written.len() - suffix).unwrap_or(written)
}
