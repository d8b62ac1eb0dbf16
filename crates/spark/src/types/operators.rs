//! What operators give for operands of these types, or why Spark refuses them.

use super::{DataType, Mismatch, Operand};

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `div`
    IntegralDivide,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `=`, `==`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<=>`
    NullSafeEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `and`
    And,
    /// `or`
    Or,
    /// `||`
    Concat,
    /// `like`, `ilike`, `rlike`: two strings
    Like,
}

/// The type of `left OP right`.
pub fn binary(_op: Binary, _left: &Operand<'_>, _right: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `-operand`.
pub fn negate(_operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `+operand`.
pub fn positive(_operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `~operand`.
pub fn bit_not(_operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `not operand`.
pub fn not(_operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `value in (items)`, the items being expressions.
pub fn in_list(_value: &Operand<'_>, _items: &[Operand<'_>]) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `value in (select ...)`: `values` before `in`, `columns` of the subquery.
pub fn in_subquery(_values: &[DataType], _columns: &[DataType]) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `operand between low and high`.
pub fn between(
    _operand: &Operand<'_>,
    _low: &Operand<'_>,
    _high: &Operand<'_>,
) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `case when condition then value ... else other end`. `case x when y` has the condition `x = y`.
pub fn case(
    _conditions: &[DataType],
    _values: &[DataType],
    _other: Option<&DataType>,
) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `base[index]`.
pub fn subscript(_base: &DataType, _index: &Operand<'_>) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `base.name`: of a field of a struct, of that field of each struct of an array, of the value of a map.
pub fn field(_base: &DataType, _name: &str) -> Result<DataType, Mismatch> {
    Ok(DataType::Unknown)
}

/// The type of `cast(operand as to)`; `try_cast` and `to::type` are judged alike.
pub fn cast(_operand: &DataType, to: &DataType) -> Result<DataType, Mismatch> {
    Ok(to.in_expressions())
}
