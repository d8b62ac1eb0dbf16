//! What follows a value: attributes, items, calls with their arguments, filters and tests.

use glueline_base::{Spanned, SyntaxError, TextRange, range};

use super::parser::{Brackets, NEAR, Parser};
use crate::token::{Kind, Token};
use crate::{Arg, ArgKind, Expr, ExprKind, Filter};

impl<'a> Parser<'a, '_> {
    /// Attributes, items and calls after a value.
    pub(super) fn postfix(&mut self, mut value: Expr<'a>) -> Expr<'a> {
        loop {
            value = match self.peek().kind {
                Kind::Dot => {
                    self.take();
                    if let Some(number) = self.take_if(Kind::Int) {
                        let index = self.int(number);
                        let range = value.range.cover(index.range);
                        self.item(value, index, range)
                    } else if let Some(name) = self.name("a name") {
                        self.attribute(value, name)
                    } else {
                        return value;
                    }
                }
                Kind::LBracket => {
                    let start = self.take();
                    let mut indexes = self.list(
                        Brackets {
                            close: Kind::RBracket,
                            trailing_comma: false,
                        },
                        |parser| Some(parser.index()),
                    );
                    let brackets = self.range_from(start.start);
                    let index = match indexes.len() {
                        1 => indexes.pop().unwrap_or_else(|| self.error_expr()),
                        _ => self.node(ExprKind::Tuple(indexes), brackets),
                    };
                    let range = value.range.cover(brackets);
                    self.item(value, index, range)
                }
                Kind::LParen => self.call(value),
                _ => return value,
            };
        }
    }

    pub(super) fn attribute(&mut self, base: Expr<'a>, name: Spanned<&'a str>) -> Expr<'a> {
        let range = base.range.cover(name.range);
        let base = Box::new(base);
        self.node(ExprKind::Attribute { base, name }, range)
    }

    pub(super) fn item(&mut self, base: Expr<'a>, index: Expr<'a>, range: TextRange) -> Expr<'a> {
        let kind = ExprKind::Item {
            base: Box::new(base),
            index: Box::new(index),
        };
        self.node(kind, range)
    }

    /// What stands in the brackets of an item: an expression or a slice.
    fn index(&mut self) -> Expr<'a> {
        let start = self.peek().start;
        let mut parts = [None, None, None];
        if !self.at(Kind::Colon) {
            let first = self.expression();
            if !self.at(Kind::Colon) {
                return first;
            }
            if let Some(part) = parts.first_mut() {
                *part = Some(first);
            }
        }
        for part in parts.iter_mut().skip(1) {
            if self.take_if(Kind::Colon).is_none() {
                break;
            }
            if !matches!(self.peek().kind, Kind::Colon | Kind::RBracket | Kind::Comma) {
                *part = Some(self.expression());
            }
        }
        let range = self.range_from(start);
        let parts = Box::new(parts);
        self.node(ExprKind::Slice { parts }, range)
    }

    pub(super) fn call(&mut self, callee: Expr<'a>) -> Expr<'a> {
        let args = self.args();
        let range = callee
            .range
            .cover(self.range_from(usize::from(callee.range.start())));
        let callee = Box::new(callee);
        self.node(ExprKind::Call { callee, args }, range)
    }

    /// Filters, tests and calls after a value with its signs.
    pub(super) fn filtered(&mut self, mut value: Expr<'a>) -> Expr<'a> {
        loop {
            value = match self.peek().kind {
                Kind::Pipe if !self.at_double_pipe() => {
                    self.take();
                    let Some(filter) = self.filter() else { return value };
                    let range = value
                        .range
                        .cover(self.range_from(usize::from(value.range.start())));
                    let base = Box::new(value);
                    self.node(ExprKind::Filter { base, filter }, range)
                }
                Kind::Name if self.at_word("is") => match self.test(value) {
                    Ok(tested) => tested,
                    Err(untested) => return untested,
                },
                Kind::LParen => self.call(value),
                _ => return value,
            };
        }
    }

    /// A filter after its `|`.
    pub(super) fn filter(&mut self) -> Option<Filter<'a>> {
        let name = self.dotted_name("the name of a filter")?;
        let args = if self.at(Kind::LParen) {
            self.args()
        } else {
            Vec::new()
        };
        Some(Filter { name, args })
    }

    pub(super) fn dotted_name(&mut self, what: &str) -> Option<Spanned<&'a str>> {
        let first = self.name(what)?;
        let start = usize::from(first.range.start());
        while self.at(Kind::Dot) && self.look(1).kind == Kind::Name {
            self.take();
            self.take();
        }
        let whole = self.range_from(start);
        Some(Spanned::new(glueline_base::slice(self.text, whole), whole))
    }

    /// A test from its `is` on; the value alone where no test follows.
    fn test(&mut self, value: Expr<'a>) -> Result<Expr<'a>, Expr<'a>> {
        self.take();
        let negated = self.take_word("not");
        let Some(name) = self.dotted_name("the name of a test") else {
            return Err(value);
        };
        let mut args = Vec::new();
        if self.at(Kind::LParen) {
            args = self.args();
        } else if self.peek().kind.starts_expression()
            && !["else", "or", "and"].iter().any(|word| self.at_word(word))
        {
            if self.at_word("is") {
                let token = self.peek();
                self.fail(
                    "two tests cannot follow each other: join them with `and`",
                    token.range(),
                );
                return Err(value);
            }
            let argument = self.primary();
            let argument = self.postfix(argument);
            args.push(Arg {
                range: argument.range,
                kind: ArgKind::Positional,
                value: argument,
            });
        }
        let range = value
            .range
            .cover(self.range_from(usize::from(value.range.start())));
        let base = Box::new(value);
        let kind = ExprKind::Test {
            base,
            name,
            negated,
            args,
        };
        Ok(self.node(kind, range))
    }

    /// The arguments in parentheses, which come next.
    pub(super) fn args(&mut self) -> Vec<Arg<'a>> {
        self.take();
        let mut order = ArgOrder::default();
        let args = self.list(
            Brackets {
                close: Kind::RParen,
                trailing_comma: true,
            },
            |parser| Some(parser.arg(&mut order)),
        );
        if let Some(name) = repeated_keyword(&args) {
            self.error(SyntaxError::new(
                format!("`{}` is passed twice", name.value),
                name.range,
            ));
        }
        args
    }

    fn arg(&mut self, order: &mut ArgOrder) -> Arg<'a> {
        let start = self.peek();
        let kind = if self.take_if(Kind::Mul).is_some() {
            ArgKind::Star
        } else if self.take_if(Kind::Pow).is_some() {
            ArgKind::DoubleStar
        } else if start.kind == Kind::Name && self.look(1).kind == Kind::Assign {
            self.take();
            self.take();
            ArgKind::Keyword(Spanned::new(self.text_of(start), start.range()))
        } else if self.at_keyword_without_equals(order) {
            self.take();
            self.missing_equals(start);
            ArgKind::Keyword(Spanned::new(self.text_of(start), start.range()))
        } else {
            ArgKind::Positional
        };
        let value = self.expression();
        let range = start.range().cover(value.range);
        if let Some(message) = order.fault(kind)
            && self.is_clean()
        {
            self.error(SyntaxError::new(message, range));
        }
        Arg { range, kind, value }
    }

    /// Whether a name and its value come next without `=`: where a name alone could not stand, or touches what
    /// follows.
    fn at_keyword_without_equals(&self, order: &ArgOrder) -> bool {
        let name = self.peek();
        let next = self.look(1);
        name.kind == Kind::Name
            && match next.kind {
                Kind::Str | Kind::BrokenStr | Kind::Int | Kind::Float | Kind::LBrace => {
                    order.keyword || name.end == next.start
                }
                Kind::Colon => true,
                _ => false,
            }
    }

    fn missing_equals(&mut self, name: Token) {
        let (place, message) = match self.take_if(Kind::Colon) {
            Some(colon) => (
                colon.range(),
                "a name and its value stand with `=` between them".to_owned(),
            ),
            None => (
                range(name.end, name.end),
                format!("`=` is missing after `{}`", self.text_of(name)),
            ),
        };
        self.error(SyntaxError {
            message,
            range: place,
            fix: Some((place, "=".to_owned())),
        });
    }
}

/// Which kinds of arguments stood before, to find those that stand too late.
#[derive(Debug, Default)]
struct ArgOrder {
    keyword: bool,
    star: bool,
    double_star: bool,
}

impl ArgOrder {
    fn fault(&mut self, kind: ArgKind<'_>) -> Option<&'static str> {
        match kind {
            ArgKind::Positional if self.keyword => {
                Some("an argument without a name cannot follow one with a name")
            }
            ArgKind::Positional if self.star || self.double_star => {
                Some("an argument without a name cannot follow one with a star")
            }
            ArgKind::Keyword(_) | ArgKind::Star | ArgKind::DoubleStar if self.double_star => {
                Some("nothing can follow an argument with two stars")
            }
            ArgKind::Star if self.star => Some("only one argument can have a star"),
            ArgKind::Positional => None,
            ArgKind::Keyword(_) => {
                self.keyword = true;
                None
            }
            ArgKind::Star => {
                self.star = true;
                None
            }
            ArgKind::DoubleStar => {
                self.double_star = true;
                None
            }
        }
    }
}

/// The first keyword that stood before, which Python refuses.
fn repeated_keyword<'a>(args: &[Arg<'a>]) -> Option<Spanned<&'a str>> {
    args.iter().enumerate().find_map(|(index, arg)| {
        let ArgKind::Keyword(name) = arg.kind else {
            return None;
        };
        let before = args.get(index.saturating_sub(NEAR)..index)?;
        let repeats = before.iter().any(|earlier| earlier.keyword() == Some(name.value));
        repeats.then_some(name)
    })
}
