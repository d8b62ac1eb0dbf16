//! Functions that have a grammar of their own.

use glueline_base::{TextRange, slice};

use super::{Parser, Res};
use crate::syntax::SyntaxError;
use crate::syntax::ast::{Arg, Call, CallForm, Expr, ExprKind, Literal, Name};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

impl Parser<'_> {
    fn arg(value: Expr) -> Arg {
        Arg { name: None, value }
    }

    pub(super) fn extract(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        let field = self.name()?;
        self.expect_kw(Kw::From)?;
        let source = self.value()?;
        self.expect(Sign::Close)?;
        let field = Expr {
            kind: ExprKind::Literal(Literal::String(field.text)),
            range: field.range,
        };
        let call = Self::call_of(name, CallForm::Extract, vec![Self::arg(field), Self::arg(source)]);
        Ok(self.make(call, start))
    }

    pub(super) fn position(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        // `in` is an operator too, but not within a value
        let part = self.value()?;
        self.expect_kw(Kw::In)?;
        let whole = self.value()?;
        self.expect(Sign::Close)?;
        let call = Self::call_of(name, CallForm::Position, vec![Self::arg(part), Self::arg(whole)]);
        Ok(self.make(call, start))
    }

    pub(super) fn substring(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        let mut args = vec![Self::arg(self.value()?)];
        let form = if self.eat(Sign::Comma) {
            CallForm::Plain
        } else {
            self.expect_kw(Kw::From)?;
            CallForm::Substring
        };
        args.push(Self::arg(self.value()?));
        if self.eat(Sign::Comma) || self.eat_kw(Kw::For) {
            args.push(Self::arg(self.value()?));
        }
        self.expect(Sign::Close)?;
        if self.is(0, Kw::Over) || self.is(0, Kw::Filter) {
            return self.fail();
        }
        let call = Self::call_of(name, form, args);
        Ok(self.make(call, start))
    }

    pub(super) fn trim(&mut self) -> Res<Expr> {
        let start = self.here();
        let mut name = self.name()?;
        self.at += 1;
        match self.kw(0) {
            Some(Kw::Both) => self.at += 1,
            Some(Kw::Leading) => {
                self.at += 1;
                name.text = "ltrim".into();
            }
            Some(Kw::Trailing) => {
                self.at += 1;
                name.text = "rtrim".into();
            }
            _ => {}
        }
        let mut characters = None;
        if !self.is(0, Kw::From) {
            characters = Some(self.value()?);
        }
        self.expect_kw(Kw::From)?;
        let mut args = vec![Self::arg(self.value()?)];
        args.extend(characters.map(Self::arg));
        self.expect(Sign::Close)?;
        let call = Self::call_of(name, CallForm::Trim, args);
        Ok(self.make(call, start))
    }

    pub(super) fn overlay(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        let mut args = vec![Self::arg(self.value()?)];
        self.expect_kw(Kw::Placing)?;
        args.push(Self::arg(self.value()?));
        self.expect_kw(Kw::From)?;
        args.push(Self::arg(self.value()?));
        if self.eat_kw(Kw::For) {
            args.push(Self::arg(self.value()?));
        }
        self.expect(Sign::Close)?;
        let call = Self::call_of(name, CallForm::Overlay, args);
        Ok(self.make(call, start))
    }

    /// `first(a ignore nulls)`
    pub(super) fn first(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        let value = self.expression()?;
        self.expect_kw(Kw::Ignore)?;
        self.expect_kw(Kw::Nulls)?;
        self.expect(Sign::Close)?;
        let mut call = Call {
            name: vec![name],
            form: CallForm::Plain,
            distinct: false,
            args: vec![Self::arg(value)],
            filter: None,
            ignore_nulls: Some(true),
            within: Vec::new(),
            over: None,
        };
        self.after_call(&mut call)?;
        Ok(self.make(ExprKind::Call(Box::new(call)), start))
    }

    /// The unit of a function, whose name was read just before. One in quotes is refused once all is read.
    fn unit(&mut self, function: TextRange) -> Res<Name> {
        const UNITS: &[&str] = &[
            "YEAR",
            "QUARTER",
            "MONTH",
            "WEEK",
            "DAY",
            "DAYOFYEAR",
            "HOUR",
            "MINUTE",
            "SECOND",
            "MILLISECOND",
            "MICROSECOND",
        ];
        if self.peek() == Tok::String {
            let range = self.here();
            let message = format!(
                "The value of parameter(s) `unit` in `{}` is invalid: expects one of the units without quotes {}, but got the string \
                 literal {}.",
                slice(self.text, function),
                UNITS.join(", "),
                self.word_at(0)
            );
            self.at += 1;
            self.faults.push(SyntaxError {
                class: "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
                message,
                range,
            });
            let text = slice(self.text, range).trim_matches(['\'', '"']).into();
            let quoted = false;
            return Ok(Name { text, range, quoted });
        }
        if !UNITS
            .iter()
            .any(|unit| unit.eq_ignore_ascii_case(self.word_at(0)))
        {
            return self.fail();
        }
        self.name()
    }

    pub(super) fn timestamp_add(&mut self) -> Res<Expr> {
        let start = self.here();
        self.at += 2;
        let unit = self.unit(start)?;
        self.expect(Sign::Comma)?;
        let amount = Box::new(self.value()?);
        self.expect(Sign::Comma)?;
        let to = Box::new(self.value()?);
        self.expect(Sign::Close)?;
        Ok(self.make(ExprKind::TimestampAdd { unit, amount, to }, start))
    }

    pub(super) fn timestamp_diff(&mut self) -> Res<Expr> {
        let first = self.here();
        self.at += 2;
        let unit = self.unit(first)?;
        self.expect(Sign::Comma)?;
        let start = Box::new(self.value()?);
        self.expect(Sign::Comma)?;
        let end = Box::new(self.value()?);
        self.expect(Sign::Close)?;
        Ok(self.make(ExprKind::TimestampDiff { unit, start, end }, first))
    }
}
