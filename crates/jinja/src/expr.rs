//! The syntax tree of expressions.

use std::borrow::Cow;

use glueline_base::{Spanned, TextRange};

use crate::StringLiteral;

/// An expression and the bytes it was written with, parentheses around it included.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr<'a> {
    /// The bytes of the expression, with the parentheses that may stand around it.
    pub range: TextRange,
    /// What it is.
    pub kind: ExprKind<'a>,
    /// How many levels of expressions stand in it; bounded by the parser, so that trees can be walked and dropped
    /// by recursion.
    pub(crate) height: u16,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind<'a> {
    /// Nothing that could be read.
    Error,
    /// `none` or `None`.
    None,
    /// `true`, `True`, `false` or `False`.
    Bool(bool),
    /// A whole number; `None` where it does not fit 64 bits.
    Int(Option<i64>),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// One string, or several side by side.
    Str(StringLiteral<'a>),
    /// A name; its range has no parentheses.
    Name(Spanned<&'a str>),
    /// `[a, b]`
    List(Vec<Expr<'a>>),
    /// `(a, b)`, or `a, b` where no brackets are needed.
    Tuple(Vec<Expr<'a>>),
    /// `{a: b}`: keys and values.
    Dict(Vec<(Expr<'a>, Expr<'a>)>),
    /// `base.name`
    Attribute {
        /// What stands before the dot.
        base: Box<Expr<'a>>,
        /// The name after the dot.
        name: Spanned<&'a str>,
    },
    /// `base[index]`, and `base.0`. Several indexes, as in `base[a, b]`, are a tuple.
    Item {
        /// What stands before the bracket.
        base: Box<Expr<'a>>,
        /// What stands in the brackets.
        index: Box<Expr<'a>>,
    },
    /// `start:stop:step`, in the brackets of an item.
    Slice {
        /// Start, stop and step, each where it is written.
        parts: Box<[Option<Expr<'a>>; 3]>,
    },
    /// `callee(args)`
    Call {
        /// What is called.
        callee: Box<Expr<'a>>,
        /// The arguments in the order written.
        args: Vec<Arg<'a>>,
    },
    /// `base | name(args)`
    Filter {
        /// What is filtered.
        base: Box<Expr<'a>>,
        /// The filter.
        filter: Filter<'a>,
    },
    /// `base is name(args)` or `base is not name(args)`
    Test {
        /// What is tested.
        base: Box<Expr<'a>>,
        /// The name of the test.
        name: Spanned<&'a str>,
        /// Whether `not` stands after `is`.
        negated: bool,
        /// The arguments, with or without parentheses.
        args: Vec<Arg<'a>>,
    },
    /// `not x`, `-x`, `+x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it is applied to.
        operand: Box<Expr<'a>>,
    },
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left side.
        left: Box<Expr<'a>>,
        /// The right side.
        right: Box<Expr<'a>>,
    },
    /// `a < b == c in d`
    Compare {
        /// The first operand.
        first: Box<Expr<'a>>,
        /// Each further operand with the operator before it; at least one.
        rest: Vec<(CompareOp, Expr<'a>)>,
    },
    /// `a and b and c`; at least two.
    And(Vec<Expr<'a>>),
    /// `a or b or c`; at least two.
    Or(Vec<Expr<'a>>),
    /// `a ~ b ~ c`; at least two.
    Concat(Vec<Expr<'a>>),
    /// `then if condition else otherwise`
    Conditional {
        /// The value where the condition holds.
        then: Box<Expr<'a>>,
        /// The condition.
        condition: Box<Expr<'a>>,
        /// The value where it does not; undefined where `else` is not written.
        otherwise: Option<Box<Expr<'a>>>,
    },
}

/// A filter and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter<'a> {
    /// The name, which may have dots.
    pub name: Spanned<&'a str>,
    /// The arguments; none where no parentheses are written.
    pub args: Vec<Arg<'a>>,
}

/// An argument of a call, a filter or a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg<'a> {
    /// Name, star and value.
    pub range: TextRange,
    /// How it is passed.
    pub kind: ArgKind<'a>,
    /// What is passed.
    pub value: Expr<'a>,
}

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgKind<'a> {
    /// `value`
    Positional,
    /// `name=value`
    Keyword(Spanned<&'a str>),
    /// `*values`
    Star,
    /// `**values`
    DoubleStar,
}

/// An operator before its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// An arithmetic operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`; unlike in Python it groups from the left.
    Pow,
}

/// An operator that compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl CompareOp {
    /// How it is written, words apart by one space.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}

impl<'a> Expr<'a> {
    /// The name, if the expression is nothing else.
    pub fn as_name(&self) -> Option<&'a str> {
        match &self.kind {
            ExprKind::Name(name) => Some(name.value),
            _ => None,
        }
    }

    /// The decoded text, if the expression is a string.
    pub fn as_text(&self) -> Option<Cow<'a, str>> {
        match &self.kind {
            ExprKind::Str(literal) => Some(literal.text()),
            _ => None,
        }
    }

    /// What is called and with what, if the expression is a call.
    pub fn as_call(&self) -> Option<(&Expr<'a>, &[Arg<'a>])> {
        match &self.kind {
            ExprKind::Call { callee, args } => Some((callee, args)),
            _ => None,
        }
    }

    /// The dotted path, if the expression is a name or attributes of one: `config.get`.
    pub fn path(&self) -> Option<Cow<'a, str>> {
        match &self.kind {
            ExprKind::Name(name) => Some(Cow::Borrowed(name.value)),
            ExprKind::Attribute { base, name } => {
                let mut path = base.path()?.into_owned();
                path.push('.');
                path.push_str(name.value);
                Some(Cow::Owned(path))
            }
            _ => None,
        }
    }

    /// Calls `visit` with every expression that stands directly in this one, in the order written.
    pub fn for_each_child<'t>(&'t self, visit: &mut dyn FnMut(&'t Expr<'a>)) {
        match &self.kind {
            ExprKind::Error
            | ExprKind::None
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Name(_) => {}
            ExprKind::List(items)
            | ExprKind::Tuple(items)
            | ExprKind::And(items)
            | ExprKind::Or(items)
            | ExprKind::Concat(items) => items.iter().for_each(visit),
            ExprKind::Dict(entries) => {
                for (key, value) in entries {
                    visit(key);
                    visit(value);
                }
            }
            ExprKind::Attribute { base, .. } => visit(base),
            ExprKind::Item { base, index } => {
                visit(base);
                visit(index);
            }
            ExprKind::Slice { parts } => parts.iter().flatten().for_each(visit),
            ExprKind::Call { callee: base, args } | ExprKind::Test { base, args, .. } => {
                visit(base);
                args.iter().for_each(|arg| visit(&arg.value));
            }
            ExprKind::Filter { base, filter } => {
                visit(base);
                filter.args.iter().for_each(|arg| visit(&arg.value));
            }
            ExprKind::Unary { operand, .. } => visit(operand),
            ExprKind::Binary { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ExprKind::Compare { first, rest } => {
                visit(first);
                rest.iter().for_each(|(_, operand)| visit(operand));
            }
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                visit(then);
                visit(condition);
                if let Some(otherwise) = otherwise {
                    visit(otherwise);
                }
            }
        }
    }
}

impl<'a> Arg<'a> {
    /// The keyword, if the argument has one.
    pub fn keyword(&self) -> Option<&'a str> {
        match self.kind {
            ArgKind::Keyword(name) => Some(name.value),
            _ => None,
        }
    }

    /// Whether the argument is passed by its place.
    pub fn is_positional(&self) -> bool {
        self.kind == ArgKind::Positional
    }
}
