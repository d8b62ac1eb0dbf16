//! What typing has to know of an expression besides its type.

use super::DataType;

/// An expression that is part of another: an operand, or the argument of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand<'a> {
    /// Its type. Of a lambda, the type of its body.
    pub ty: DataType,
    /// Its value, where it is a literal or folds to one.
    pub literal: Option<Literal<'a>>,
    /// Whether Spark can compute it without a row, as far as anybody knows.
    pub foldable: Option<bool>,
    /// The name that it has by itself: of a column, an alias or a field.
    pub name: Option<&'a str>,
    /// How many parameters it has, when it is a lambda.
    pub lambda: Option<usize>,
}

impl Operand<'_> {
    /// Some expression of that type, of which nothing else is known.
    pub const fn of(ty: DataType) -> Self {
        Self {
            ty,
            literal: None,
            foldable: None,
            name: None,
            lambda: None,
        }
    }
}

/// The value of a literal, as far as types depend on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A whole number of any width.
    Integer(i64),
    /// A text, without quotes and escapes.
    Text(&'a str),
    /// Any other literal: a decimal, a date, an interval.
    Other,
}
