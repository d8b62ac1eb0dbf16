//! Expressions with their meaning: what the rules about aggregates, windows and generators look at.

use std::hash::{DefaultHasher, Hash, Hasher};

use glueline_base::TextRange;

use crate::types::{DataType, Field, Literal, Operand};

/// An expression that has been understood.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) ty: DataType,
    pub(super) range: TextRange,
    pub(super) kind: Kind,
    pub(super) parts: Vec<Value>,
    pub(super) literal: Option<Constant>,
    /// Whether Spark can compute it without a row.
    pub(super) foldable: Option<bool>,
    /// The name that it has by itself.
    pub(super) name: Option<Box<str>>,
    /// Equal for expressions that mean the same.
    pub(super) key: u64,
}

/// What an expression is, as far as rules ask.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A column of the relations read.
    Column(u32),
    /// A parameter of a lambda.
    Given,
    /// A column of the query around.
    Outer,
    /// An alias of the same list.
    Alias,
    /// A constant.
    Literal,
    /// An aggregate function.
    Aggregate,
    /// A function over a window.
    Over,
    /// A function that makes rows, with its columns.
    Generator(Option<Vec<Field>>),
    /// `grouping` and `grouping_id`.
    Grouping,
    /// A lambda with so many parameters.
    Lambda(usize),
    /// A query, and whether it names columns of this one.
    Query {
        /// It does.
        correlated: bool,
        /// `exists` or `in`.
        predicate: bool,
    },
    /// Any other function or operator.
    Other,
    /// Nobody knows.
    Unknown,
}

/// The value of a literal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Null,
    Boolean(bool),
    Integer(i64),
    Text(Box<str>),
    Other,
}

impl Value {
    /// An expression of which nothing is known.
    pub(super) fn unknown(range: TextRange) -> Self {
        Self::new(
            DataType::Unknown,
            range,
            Kind::Unknown,
            Vec::new(),
            hash(&range.start()),
        )
    }

    pub(super) fn new(ty: DataType, range: TextRange, kind: Kind, parts: Vec<Self>, key: u64) -> Self {
        let foldable = match kind {
            Kind::Other if parts.iter().all(|part| part.foldable == Some(true)) => Some(true),
            Kind::Other if parts.iter().any(|part| part.foldable.is_none()) => None,
            Kind::Unknown => None,
            Kind::Literal => Some(true),
            _ => Some(false),
        };
        Self {
            ty,
            range,
            kind,
            parts,
            literal: None,
            foldable,
            name: None,
            key,
        }
    }

    /// An operator or function of these parts.
    pub(super) fn of(ty: DataType, range: TextRange, what: impl Hash, parts: Vec<Self>) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        for part in &parts {
            part.key.hash(&mut hasher);
        }
        Self::new(ty, range, Kind::Other, parts, hasher.finish())
    }

    /// An operator that gives the same whichever way around its parts stand.
    pub(super) fn commutative(ty: DataType, range: TextRange, what: impl Hash, parts: Vec<Self>) -> Self {
        let sum = parts.iter().fold(0u64, |sum, part| sum.wrapping_add(part.key));
        let key = hash(&(hash(&what), sum));
        Self::new(ty, range, Kind::Other, parts, key)
    }

    /// What typing asks of it.
    pub(super) fn operand(&self) -> Operand<'_> {
        Operand {
            ty: self.ty.clone(),
            literal: self.literal.as_ref().map(|literal| match literal {
                Constant::Null => Literal::Null,
                Constant::Boolean(value) => Literal::Boolean(*value),
                Constant::Integer(value) => Literal::Integer(*value),
                Constant::Text(text) => Literal::Text(text),
                Constant::Other => Literal::Other,
            }),
            foldable: self.foldable,
            name: self.name.as_deref(),
            lambda: match self.kind {
                Kind::Lambda(parameters) => Some(parameters),
                _ => None,
            },
        }
    }

    /// The first part, itself included, that is so; parts of what `stop` holds are left out.
    pub(super) fn first(&self, is: &dyn Fn(&Self) -> bool) -> Option<&Self> {
        if is(self) {
            return Some(self);
        }
        self.parts.iter().find_map(|part| part.first(is))
    }

    /// Calls with it and every part of it.
    pub(super) fn each<'v>(&'v self, with: &mut dyn FnMut(&'v Self)) {
        with(self);
        for part in &self.parts {
            part.each(with);
        }
    }

    /// An aggregate function in it that is no window's.
    pub(super) fn aggregate(&self) -> Option<&Self> {
        self.first(&|value| value.kind == Kind::Aggregate)
    }

    /// A function over a window in it.
    pub(super) fn over(&self) -> Option<&Self> {
        self.first(&|value| value.kind == Kind::Over)
    }

    /// A generator in it.
    pub(super) fn generator(&self) -> Option<&Self> {
        self.first(&|value| matches!(value.kind, Kind::Generator(_)))
    }
}

/// A number for anything that can be told apart.
pub(super) fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
