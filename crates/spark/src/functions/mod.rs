//! Spark's built-in functions: which there are, what they take and what they give.

use crate::types::{DataType, Field, Mismatch, Operand};

/// A release of Spark, as far as releases differ here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Spark 3.3, of Glue 4.0
    V3_3,
    /// Spark 3.5, of Glue 5.0
    V3_5,
}

/// What a function is to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One value for the values of one row.
    Scalar,
    /// One value for many rows; may stand before `over`, may take `distinct` and `filter`.
    Aggregate,
    /// Needs `over`.
    Window,
    /// Many rows for one.
    Generator,
    /// `grouping` and `grouping_id`.
    Grouping,
    /// `window` and `session_window`, which make rows for times.
    TimeWindow,
    /// A relation, in `from` only.
    Table,
}

/// A built-in function.
#[derive(Debug)]
pub struct Function {
    /// Its name, in small letters.
    pub name: &'static str,
    /// What it is to a query.
    pub kind: Kind,
}

/// What a call gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A value of that type.
    Value(DataType),
    /// Rows of these columns: a generator's, named as Spark names them without an alias.
    Rows(Vec<Field>),
}

/// The built-in function of that name, in any case.
pub fn function(_name: &str, _version: Version) -> Option<&'static Function> {
    None
}

/// What a call of `function` gives for these arguments, or why Spark refuses it.
pub fn call(_function: &Function, _arguments: &[Operand<'_>]) -> Result<Output, Mismatch> {
    Ok(Output::Value(DataType::Unknown))
}

/// The types of the parameters of the lambda that is the argument at `position`, told from the arguments before it (lambdas among them
/// with the types of their bodies). Empty: the function takes no lambda there.
pub fn lambda_parameters(_function: &Function, _before: &[Operand<'_>], _position: usize) -> Vec<DataType> {
    Vec::new()
}
