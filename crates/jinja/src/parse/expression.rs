//! Expressions by the grammar of Jinja2's parser: tuples, inline `if`, operators.

use glueline_base::SyntaxError;

use super::parser::Parser;
use crate::token::{Kind, Token};
use crate::{BinaryOp, CompareOp, Expr, ExprKind, UnaryOp};

/// How tightly an operator binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Concat,
    Product,
    Power,
    Unary,
}

/// An operator between two operands, and of how many tokens it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Infix {
    op: InfixOp,
    tokens: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InfixOp {
    Or,
    And,
    Concat,
    Compare(CompareOp),
    /// `=` where `==` is meant.
    MistakenEq,
    Binary(BinaryOp),
}

impl InfixOp {
    const fn level(self) -> Level {
        match self {
            Self::Or => Level::Or,
            Self::And => Level::And,
            Self::Concat => Level::Concat,
            Self::Compare(_) | Self::MistakenEq => Level::Compare,
            Self::Binary(BinaryOp::Add | BinaryOp::Sub) => Level::Sum,
            Self::Binary(BinaryOp::Pow) => Level::Power,
            Self::Binary(_) => Level::Product,
        }
    }
}

impl Level {
    const fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Sum,
            Self::Sum => Self::Concat,
            Self::Concat => Self::Product,
            Self::Product => Self::Power,
            Self::Power | Self::Unary => Self::Unary,
        }
    }
}

impl<'a> Parser<'a, '_> {
    /// An expression, or several between commas, which make a tuple.
    pub(super) fn tuple(&mut self, with_if: bool) -> Expr<'a> {
        self.tuple_of(|parser| {
            if with_if {
                parser.expression()
            } else {
                parser.expression_without_if()
            }
        })
    }

    /// What can be assigned to: names, with `namespaces` attributes of names, tuples of them.
    pub(super) fn target(&mut self, namespaces: bool) -> Expr<'a> {
        let target = self.tuple_of(|parser| {
            let name = parser.primary();
            if !(namespaces && parser.at(Kind::Dot) && name.as_name().is_some()) {
                return name;
            }
            parser.take();
            match parser.name("a name") {
                Some(attribute) => parser.attribute(name, attribute),
                None => name,
            }
        });
        if !is_target(&target) {
            self.fail("only a name can be assigned to", target.range);
        }
        target
    }

    fn tuple_of(&mut self, mut item: impl FnMut(&mut Self) -> Expr<'a>) -> Expr<'a> {
        let start = self.peek().start;
        let mut items = Vec::new();
        let mut commas = false;
        loop {
            if commas && (self.at(Kind::End) || self.at(Kind::RParen)) {
                break;
            }
            items.push(item(self));
            if self.take_if(Kind::Comma).is_none() {
                break;
            }
            commas = true;
        }
        if !commas && let Some(only) = items.pop() {
            return only;
        }
        let range = self.range_from(start);
        self.node(ExprKind::Tuple(items), range)
    }

    /// A condition: an expression in which `=` is a mistaken `==`.
    pub(super) fn condition(&mut self) -> Expr<'a> {
        let before = std::mem::replace(&mut self.in_condition, true);
        let condition = self.tuple(false);
        self.in_condition = before;
        condition
    }

    /// The condition of a loop, which may be an inline `if`.
    pub(super) fn loop_condition(&mut self) -> Expr<'a> {
        let before = std::mem::replace(&mut self.in_condition, true);
        let condition = self.expression();
        self.in_condition = before;
        condition
    }

    /// An expression.
    pub(super) fn expression(&mut self) -> Expr<'a> {
        // `a if b else c if d else e` groups from the right; a stack instead of recursion lets it be long.
        let mut pending = Vec::new();
        let mut value = self.binary(Level::Or);
        while self.take_word("if") {
            let before = std::mem::replace(&mut self.in_condition, true);
            let condition = self.binary(Level::Or);
            self.in_condition = before;
            if self.take_word("else") {
                pending.push((value, condition));
                value = self.binary(Level::Or);
            } else {
                value = self.conditional(value, condition, None);
            }
        }
        while let Some((then, condition)) = pending.pop() {
            value = self.conditional(then, condition, Some(Box::new(value)));
        }
        value
    }

    /// An expression that is no inline `if`.
    pub(super) fn expression_without_if(&mut self) -> Expr<'a> {
        self.binary(Level::Or)
    }

    fn conditional(
        &mut self,
        then: Expr<'a>,
        condition: Expr<'a>,
        otherwise: Option<Box<Expr<'a>>>,
    ) -> Expr<'a> {
        let end = otherwise
            .as_ref()
            .map_or(condition.range, |otherwise| otherwise.range);
        let range = then.range.cover(end);
        let kind = ExprKind::Conditional {
            then: Box::new(then),
            condition: Box::new(condition),
            otherwise,
        };
        self.node(kind, range)
    }

    /// Operands and the operators between them that bind at least as tightly as `level`.
    fn binary(&mut self, level: Level) -> Expr<'a> {
        let mut left = self.operand(level);
        while let Some(infix) = self.infix().filter(|infix| infix.op.level() >= level) {
            left = match infix.op {
                InfixOp::Or | InfixOp::And | InfixOp::Concat => self.chain(left, infix.op),
                InfixOp::Compare(_) | InfixOp::MistakenEq => self.comparison(left),
                InfixOp::Binary(op) => {
                    self.take();
                    let right = self.binary(infix.op.level().tighter());
                    let range = left.range.cover(right.range);
                    let kind = ExprKind::Binary {
                        op,
                        left: Box::new(left),
                        right: Box::new(right),
                    };
                    self.node(kind, range)
                }
            };
        }
        left
    }

    /// Operands joined by one operator over and over: kept flat, since generated code makes long ones.
    fn chain(&mut self, first: Expr<'a>, op: InfixOp) -> Expr<'a> {
        let mut range = first.range;
        let mut items = vec![first];
        while let Some(infix) = self.infix().filter(|infix| infix.op == op) {
            self.take_infix(infix);
            let item = self.binary(op.level().tighter());
            range = range.cover(item.range);
            items.push(item);
        }
        let kind = match op {
            InfixOp::Or => ExprKind::Or(items),
            InfixOp::And => ExprKind::And(items),
            _ => ExprKind::Concat(items),
        };
        self.node(kind, range)
    }

    fn comparison(&mut self, first: Expr<'a>) -> Expr<'a> {
        let mut range = first.range;
        let mut rest = Vec::new();
        while let Some(infix) = self.infix() {
            let op = match infix.op {
                InfixOp::Compare(op) => op,
                InfixOp::MistakenEq => CompareOp::Eq,
                _ => break,
            };
            self.take_infix(infix);
            let operand = self.binary(Level::Compare.tighter());
            range = range.cover(operand.range);
            rest.push((op, operand));
        }
        let kind = ExprKind::Compare {
            first: Box::new(first),
            rest,
        };
        self.node(kind, range)
    }

    /// The operator between two operands that comes next.
    fn infix(&self) -> Option<Infix> {
        let token = self.peek();
        let one = |op| Some(Infix { op, tokens: 1 });
        let two = |op| Some(Infix { op, tokens: 2 });
        match token.kind {
            Kind::Name => match self.text_of(token) {
                "or" => one(InfixOp::Or),
                "and" => one(InfixOp::And),
                "in" => one(InfixOp::Compare(CompareOp::In)),
                "not" if self.word_ahead(1) == Some("in") => two(InfixOp::Compare(CompareOp::NotIn)),
                _ => None,
            },
            Kind::Pipe if self.at_double_pipe() => two(InfixOp::Or),
            Kind::Bad if self.text_of(token) == "&&" => one(InfixOp::And),
            Kind::Tilde => one(InfixOp::Concat),
            Kind::Eq => one(InfixOp::Compare(CompareOp::Eq)),
            Kind::Ne => one(InfixOp::Compare(CompareOp::Ne)),
            Kind::Lt => one(InfixOp::Compare(CompareOp::Lt)),
            Kind::Le => one(InfixOp::Compare(CompareOp::Le)),
            Kind::Gt => one(InfixOp::Compare(CompareOp::Gt)),
            Kind::Ge => one(InfixOp::Compare(CompareOp::Ge)),
            Kind::Assign if self.in_condition => one(InfixOp::MistakenEq),
            Kind::Add => one(InfixOp::Binary(BinaryOp::Add)),
            Kind::Sub => one(InfixOp::Binary(BinaryOp::Sub)),
            Kind::Mul => one(InfixOp::Binary(BinaryOp::Mul)),
            Kind::Div => one(InfixOp::Binary(BinaryOp::Div)),
            Kind::FloorDiv => one(InfixOp::Binary(BinaryOp::FloorDiv)),
            Kind::Mod => one(InfixOp::Binary(BinaryOp::Mod)),
            Kind::Pow => one(InfixOp::Binary(BinaryOp::Pow)),
            _ => None,
        }
    }

    pub(super) fn at_double_pipe(&self) -> bool {
        self.at(Kind::Pipe) && self.look(1).kind == Kind::Pipe && self.look(1).start == self.peek().end
    }

    /// Takes an operator; one that Jinja does not know is reported with the one it does know.
    fn take_infix(&mut self, infix: Infix) {
        let start = self.peek();
        for _ in 0..infix.tokens {
            self.take();
        }
        let whole = self.range_from(start.start);
        let meant = match (start.kind, infix.op) {
            (Kind::Pipe, _) => "or",
            (Kind::Bad, _) => "and",
            (_, InfixOp::MistakenEq) => "==",
            _ => return,
        };
        let written = self.text.get(start.start..usize::from(whole.end())).unwrap_or("");
        let message = match infix.op {
            InfixOp::MistakenEq => "`=` sets a value: to compare write `==`".to_owned(),
            _ => format!("Jinja has no `{written}`: write `{meant}`"),
        };
        self.error(SyntaxError {
            message,
            range: whole,
            fix: Some((whole, meant.to_owned())),
        });
    }

    /// What an operator of `level` is applied to.
    fn operand(&mut self, level: Level) -> Expr<'a> {
        if level <= Level::Not && self.at_word("not") {
            let start = self.take();
            return self.unary(UnaryOp::Not, start, |parser| parser.binary(Level::Not));
        }
        if self.at(Kind::Bad) && self.text_of(self.peek()) == "!" {
            let bang = self.take();
            self.error(SyntaxError {
                message: "Jinja has no `!`: write `not`".to_owned(),
                range: bang.range(),
                fix: Some((bang.range(), "not ".to_owned())),
            });
            return self.unary(UnaryOp::Not, bang, |parser| parser.binary(Level::Not));
        }
        let value = self.signed();
        self.filtered(value)
    }

    fn unary(
        &mut self,
        op: UnaryOp,
        operator: Token,
        operand: impl FnOnce(&mut Self) -> Expr<'a>,
    ) -> Expr<'a> {
        let Some(operand) = self.nested(operand) else {
            return self.error_expr();
        };
        let range = operator.range().cover(operand.range);
        let operand = Box::new(operand);
        self.node(ExprKind::Unary { op, operand }, range)
    }

    /// A value with its signs, attributes, items and calls, without filters and tests.
    pub(super) fn signed(&mut self) -> Expr<'a> {
        let value = match self.peek().kind {
            Kind::Sub => {
                let sign = self.take();
                self.unary(UnaryOp::Minus, sign, Self::signed)
            }
            Kind::Add => {
                let sign = self.take();
                self.unary(UnaryOp::Plus, sign, Self::signed)
            }
            _ => self.primary(),
        };
        self.postfix(value)
    }
}

/// Whether Jinja can assign to the expression. What could not be read was reported already.
fn is_target(expr: &Expr<'_>) -> bool {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Error => true,
        ExprKind::Tuple(items) => items.iter().all(is_target),
        _ => false,
    }
}
