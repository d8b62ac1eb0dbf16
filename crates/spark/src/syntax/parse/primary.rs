//! Expressions that are no operators: names, calls, cases, casts, what stands in parentheses.

use super::{Fail, Parser, Res};
use crate::syntax::ast::{Arg, Call, CallForm, Expr, ExprKind, Name, Path};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Res<Expr> {
        if self.fuel == 0 {
            self.lost = true;
            return Err(Fail);
        }
        self.fuel -= 1;
        let start = self.here();
        match self.peek() {
            Tok::Sign(Sign::Open) => self.parentheses(),
            Tok::Sign(Sign::Star) => {
                self.at += 1;
                Ok(self.make(ExprKind::Star(Vec::new()), start))
            }
            Tok::Hole => {
                self.at += 1;
                Ok(self.make(ExprKind::Hole, start))
            }
            Tok::Kw(kw) => {
                if let Some(expr) = self.special(kw) {
                    return Ok(expr);
                }
                self.named()
            }
            Tok::Word | Tok::Quoted => {
                if self.tok(1) == Tok::String {
                    return self.literal();
                }
                self.named()
            }
            _ => self.literal(),
        }
    }

    /// What a keyword begins, where the rest of it follows.
    fn special(&mut self, kw: Kw) -> Option<Expr> {
        let call = self.is_sign(1, Sign::Open);
        let read: fn(&mut Self) -> Res<Expr> = match kw {
            Kw::Case => Self::case,
            Kw::Interval => Self::interval,
            Kw::Null | Kw::True | Kw::False
                if !call && !self.is_sign(1, Sign::Dot) && !self.is_sign(1, Sign::Arrow) =>
            {
                Self::literal
            }
            _ if self.tok(1) == Tok::String => Self::literal,
            Kw::Cast | Kw::TryCast if call => Self::cast,
            Kw::Struct if call => Self::structure,
            Kw::Extract if call => Self::extract,
            Kw::Position if call => Self::position,
            Kw::Substr | Kw::Substring if call => Self::substring,
            Kw::Trim if call => Self::trim,
            Kw::Overlay if call => Self::overlay,
            Kw::First | Kw::Last | Kw::AnyValue if call => Self::first,
            Kw::TimestampAdd | Kw::DateAdd | Kw::DateAdd2 if call => Self::timestamp_add,
            Kw::TimestampDiff | Kw::DateDiff | Kw::DateDiff2 if call => Self::timestamp_diff,
            Kw::CurrentDate | Kw::CurrentTimestamp | Kw::CurrentUser | Kw::User | Kw::SessionUser
                if !call && !self.is_sign(1, Sign::Dot) && !self.is_sign(1, Sign::Arrow) =>
            {
                Self::bare
            }
            Kw::Identifier if call => Self::identifier_clause,
            _ => return None,
        };
        self.attempt(|parser| parser.nested(read))
    }

    /// `current_date`
    fn bare(&mut self) -> Res<Expr> {
        let name = self.name()?;
        let start = name.range;
        let call = Self::call_of(name, CallForm::Bare, Vec::new());
        Ok(self.make(call, start))
    }

    /// `identifier('a')` stands for a name that only its value tells.
    fn identifier_clause(&mut self) -> Res<Expr> {
        let start = self.here();
        self.at += 2;
        self.expression()?;
        self.expect(Sign::Close)?;
        if self.is_sign(0, Sign::Open) {
            return self.fail();
        }
        Ok(self.make(ExprKind::Hole, start))
    }

    pub(super) fn call_of(name: Name, form: CallForm, args: Vec<Arg>) -> ExprKind {
        ExprKind::Call(Box::new(Call {
            name: vec![name],
            form,
            distinct: false,
            args,
            filter: None,
            ignore_nulls: None,
            within: Vec::new(),
            over: None,
        }))
    }

    /// A column, a function, a lambda, `t.*`.
    fn named(&mut self) -> Res<Expr> {
        let start = self.here();
        let mut path: Path = vec![self.name()?];
        if self.is_sign(0, Sign::Arrow) {
            self.at += 1;
            let body = Box::new(self.expression()?);
            return Ok(self.make(ExprKind::Lambda { params: path, body }, start));
        }
        while self.is_sign(0, Sign::Dot) {
            if self.is_sign(1, Sign::Star) {
                self.at += 2;
                return Ok(self.make(ExprKind::Star(path), start));
            }
            if !self.is_name(1) {
                self.expected(1);
                break;
            }
            self.at += 1;
            path.push(self.name()?);
        }
        if self.is_sign(0, Sign::Open) {
            if let Some(call) = self.attempt(|parser| parser.nested(|parser| parser.call(path.clone()))) {
                return Ok(self.make(ExprKind::Call(Box::new(call)), start));
            }
            // a name and, as Spark reads it, `(a, b)` after it: the names of a generator's columns
            return Ok(self.make(ExprKind::Column(path), start));
        }
        self.expected(0);
        Ok(self.make(ExprKind::Column(path), start))
    }

    /// The arguments of a function, and what follows them.
    fn call(&mut self, name: Path) -> Res<Call> {
        self.expect(Sign::Open)?;
        let mut call = Call {
            name,
            form: CallForm::Plain,
            distinct: false,
            args: Vec::new(),
            filter: None,
            ignore_nulls: None,
            within: Vec::new(),
            over: None,
        };
        if !self.eat(Sign::Close) {
            if matches!(self.kw(0), Some(Kw::Distinct | Kw::All)) && self.starts_expression(1) {
                call.distinct = self.is(0, Kw::Distinct);
                self.at += 1;
            }
            call.args = self.list(Self::argument)?;
            self.expect(Sign::Close)?;
        }
        self.after_call(&mut call)?;
        Ok(call)
    }

    pub(super) fn argument(&mut self) -> Res<Arg> {
        let name = if self.is_name(0) && self.is_sign(1, Sign::FatArrow) {
            let name = self.name()?;
            self.at += 1;
            Some(name)
        } else {
            None
        };
        let value = self.expression()?;
        self.expected(0);
        Ok(Arg { name, value })
    }

    /// `within group`, `filter`, `ignore nulls`, `over`
    pub(super) fn after_call(&mut self, call: &mut Call) -> Res<()> {
        if self.is(0, Kw::Within) && self.is(1, Kw::Group) {
            self.at += 2;
            let is_of_group = matches!(call.name.as_slice(), [name]
                if name.text.eq_ignore_ascii_case("percentile_cont") || name.text.eq_ignore_ascii_case("percentile_disc"));
            if !is_of_group || call.args.len() != 1 {
                return self.fail();
            }
            self.expect(Sign::Open)?;
            self.expect_kw(Kw::Order)?;
            self.expect_kw(Kw::By)?;
            call.within = vec![self.sort_item()?];
            self.expect(Sign::Close)?;
        }
        if self.is(0, Kw::Filter) && self.is_sign(1, Sign::Open) {
            self.at += 2;
            self.expect_kw(Kw::Where)?;
            call.filter = Some(Box::new(self.expression()?));
            self.expect(Sign::Close)?;
        }
        if matches!(self.kw(0), Some(Kw::Ignore | Kw::Respect)) && self.is(1, Kw::Nulls) {
            call.ignore_nulls = Some(self.is(0, Kw::Ignore));
            self.at += 2;
        }
        if self.is(0, Kw::Over) {
            if self.is_sign(1, Sign::Open) || self.is_name(1) {
                self.at += 1;
                call.over = Some(self.over()?);
            } else {
                self.expected(1);
            }
        }
        Ok(())
    }

    /// `(a)`, `(a, b)`, `(select ..)`, `(a, b) -> a + b`
    fn parentheses(&mut self) -> Res<Expr> {
        let start = self.here();
        if let Some(lambda) = self.parameters() {
            let body = Box::new(self.expression()?);
            return Ok(self.make(ExprKind::Lambda { params: lambda, body }, start));
        }
        self.at += 1;
        if self.starts_query()
            && let Some(query) = self.attempt(|parser| {
                let query = parser.query()?;
                parser.expect(Sign::Close)?;
                Ok(query)
            })
        {
            return Ok(self.make(ExprKind::Subquery(Box::new(query)), start));
        }
        let mut items = self.list(Self::item)?;
        let plain = items.len() == 1
            && items
                .first()
                .is_some_and(|item| item.alias.is_none() && item.aliases.is_empty());
        if items.len() == 1 && !plain {
            return self.fail();
        }
        self.expect(Sign::Close)?;
        if plain && let Some(item) = items.pop() {
            return Ok(item.expr);
        }
        Ok(self.make(ExprKind::Row(items), start))
    }

    /// `(a, b) ->`
    fn parameters(&mut self) -> Option<Vec<Name>> {
        let mut ahead = 1;
        while self.is_name(ahead) && self.is_sign(ahead + 1, Sign::Comma) {
            ahead += 2;
        }
        if ahead == 1
            || !self.is_name(ahead)
            || !self.is_sign(ahead + 1, Sign::Close)
            || !self.is_sign(ahead + 2, Sign::Arrow)
        {
            return None;
        }
        self.at += 1;
        let names = self.attempt(|parser| parser.list(Self::name))?;
        self.at += 2;
        Some(names)
    }

    fn case(&mut self) -> Res<Expr> {
        let start = self.here();
        self.at += 1;
        let operand = if self.is(0, Kw::When) {
            None
        } else {
            Some(Box::new(self.expression()?))
        };
        let mut whens = Vec::new();
        while whens.is_empty() || self.is(0, Kw::When) {
            self.expect_kw(Kw::When)?;
            let condition = self.expression()?;
            self.expect_kw(Kw::Then)?;
            whens.push((condition, self.expression()?));
        }
        let mut otherwise = None;
        if self.eat_kw(Kw::Else) {
            otherwise = Some(Box::new(self.expression()?));
        }
        self.expect_kw(Kw::End)?;
        let kind = ExprKind::Case {
            operand,
            whens,
            otherwise,
        };
        Ok(self.make(kind, start))
    }

    fn cast(&mut self) -> Res<Expr> {
        let start = self.here();
        let attempt = self.is(0, Kw::TryCast);
        self.at += 2;
        let expr = Box::new(self.expression()?);
        self.expect_kw(Kw::As)?;
        let to = self.data_type()?;
        self.expect(Sign::Close)?;
        Ok(self.make(ExprKind::Cast { expr, to, attempt }, start))
    }

    /// `struct(a, b as c)`
    fn structure(&mut self) -> Res<Expr> {
        let start = self.here();
        let name = self.name()?;
        self.at += 1;
        let mut args = Vec::new();
        if !self.is_sign(0, Sign::Close) {
            for item in self.list(Self::item)? {
                let name = item.alias;
                args.push(Arg {
                    name,
                    value: item.expr,
                });
            }
        }
        self.expect(Sign::Close)?;
        if matches!(self.kw(0), Some(Kw::Over | Kw::Filter)) && self.is_sign(1, Sign::Open) {
            return self.fail();
        }
        let call = Self::call_of(name, CallForm::Struct, args);
        Ok(self.make(call, start))
    }
}
