//! Names, literals and what stands in brackets.

use glueline_base::{Spanned, SyntaxError, range};

use super::parser::{Brackets, Parser};
use crate::token::{Kind, Token};
use crate::{Expr, ExprKind, StringLiteral};

impl<'a> Parser<'a, '_> {
    /// A name, a literal, or something in brackets.
    pub(super) fn primary(&mut self) -> Expr<'a> {
        let token = self.peek();
        match token.kind {
            Kind::Name => {
                self.take();
                let kind = match self.text_of(token) {
                    "true" | "True" => ExprKind::Bool(true),
                    "false" | "False" => ExprKind::Bool(false),
                    "none" | "None" => ExprKind::None,
                    name => ExprKind::Name(Spanned::new(name, token.range())),
                };
                Self::leaf(kind, token.range())
            }
            Kind::Str | Kind::BrokenStr => self.string(),
            Kind::Int => {
                self.take();
                self.int(token)
            }
            Kind::Float => {
                self.take();
                let value = self.text_of(token).replace('_', "").parse().unwrap_or(f64::NAN);
                Self::leaf(ExprKind::Float(value), token.range())
            }
            Kind::LParen => self.parenthesised(),
            Kind::LBracket => {
                self.take();
                let items = self.list(
                    Brackets {
                        close: Kind::RBracket,
                        trailing_comma: true,
                    },
                    |parser| Some(parser.expression()),
                );
                let range = self.range_from(token.start);
                self.node(ExprKind::List(items), range)
            }
            Kind::LBrace => self.dict(),
            _ => {
                self.fail_missing("an expression");
                self.error_expr()
            }
        }
    }

    pub(super) fn int(&mut self, token: Token) -> Expr<'a> {
        let digits = self.text_of(token).replace('_', "").to_ascii_lowercase();
        let value = if let Some(digits) = digits.strip_prefix("0x") {
            i64::from_str_radix(digits, 16)
        } else if let Some(digits) = digits.strip_prefix("0o") {
            i64::from_str_radix(digits, 8)
        } else if let Some(digits) = digits.strip_prefix("0b") {
            i64::from_str_radix(digits, 2)
        } else {
            digits.parse()
        };
        Self::leaf(ExprKind::Int(value.ok()), token.range())
    }

    /// One string or several side by side.
    pub(super) fn string(&mut self) -> Expr<'a> {
        let start = self.peek();
        let mut broken = false;
        while !broken && matches!(self.peek().kind, Kind::Str | Kind::BrokenStr) {
            broken = self.take().kind == Kind::BrokenStr;
        }
        let whole = self.range_from(start.start);
        let literal = StringLiteral {
            source: glueline_base::slice(self.text, whole),
            range: whole,
        };
        if let Some(bad) = literal.bad_escape() {
            let place = range(start.start + bad.start, start.start + bad.end);
            let escape = glueline_base::slice(self.text, place);
            self.error(SyntaxError::new(
                format!("`{escape}` is no complete escape: write `\\\\` for a backslash"),
                place,
            ));
        }
        Self::leaf(ExprKind::Str(literal), whole)
    }

    /// An expression or a tuple in parentheses.
    fn parenthesised(&mut self) -> Expr<'a> {
        let open = self.take();
        self.count(Kind::RParen, true);
        let inner = self.nested(|parser| {
            if parser.at(Kind::RParen) {
                return None;
            }
            let inner = parser.tuple(true);
            if !parser.at(Kind::RParen) {
                parser.unexpected_in_parentheses();
            }
            Some(inner)
        });
        self.count(Kind::RParen, false);
        let Some(inner) = inner else {
            return self.error_expr();
        };
        self.close(Kind::RParen, Some(open));
        let range = self.range_from(open.start);
        match inner {
            Some(mut inner) => {
                inner.range = range.cover(inner.range);
                inner
            }
            None => self.node(ExprKind::Tuple(Vec::new()), range),
        }
    }

    fn unexpected_in_parentheses(&mut self) {
        let token = self.peek();
        if token.kind == Kind::End || token.kind.is_closer() {
            return;
        }
        self.fail_unexpected();
        loop {
            self.recover();
            if self.take_if(Kind::Comma).is_none() {
                return;
            }
        }
    }

    pub(super) fn dict(&mut self) -> Expr<'a> {
        if let Some(inner) = self.nested_braces() {
            return inner;
        }
        let open = self.take();
        let entries = self.list(
            Brackets {
                close: Kind::RBrace,
                trailing_comma: true,
            },
            |parser| {
                let key = parser.expression();
                if parser.at(Kind::Assign) && parser.look(1).kind.starts_expression() {
                    let equals = parser.take();
                    parser.error(SyntaxError {
                        message: "a key and its value stand with `:` between them".to_owned(),
                        range: equals.range(),
                        fix: Some((equals.range(), ":".to_owned())),
                    });
                } else if parser.take_if(Kind::Colon).is_none() {
                    parser.fail_missing("`:` and a value");
                    let value = parser.error_expr();
                    return Some((key, value));
                }
                let value = parser.expression();
                Some((key, value))
            },
        );
        let range = self.range_from(open.start);
        self.node(ExprKind::Dict(entries), range)
    }

    /// `{{ x }}` inside a tag, which is written out of habit: the braces are open already.
    fn nested_braces(&mut self) -> Option<Expr<'a>> {
        let adjacent = |first: Token, second: Token| first.end == second.start;
        let open = self.peek();
        let second = self.look(1);
        if second.kind != Kind::LBrace || !adjacent(open, second) {
            return None;
        }
        let mut depth = 0usize;
        let mut ahead = 1;
        let inner_close = loop {
            let token = self.look(ahead);
            match token.kind {
                Kind::End => return None,
                Kind::LBrace => depth += 1,
                Kind::RBrace if depth == 1 => break token,
                Kind::RBrace => depth -= 1,
                _ => {}
            }
            ahead += 1;
        };
        let close = self.look(ahead + 1);
        // With anything between the closing braces this is a dict that has a dict for a key.
        if close.kind != Kind::RBrace || !adjacent(inner_close, close) || ahead == 2 {
            return None;
        }
        let whole = range(open.start, close.end);
        let inside = self.text.get(second.end..inner_close.start).unwrap_or("").trim();
        self.error(SyntaxError {
            message: "`{{ }}` is not needed here: inside a tag an expression stands as it is".to_owned(),
            range: whole,
            fix: Some((whole, inside.to_owned())),
        });
        self.take();
        self.take();
        let inner = self.nested(|parser| {
            let inner = parser.tuple(true);
            if !parser.at(Kind::RBrace) {
                parser.unexpected_in_parentheses();
            }
            inner
        });
        let mut inner = inner?;
        self.take_if(Kind::RBrace);
        self.take_if(Kind::RBrace);
        inner.range = self.range_from(open.start).cover(inner.range);
        Some(inner)
    }
}
