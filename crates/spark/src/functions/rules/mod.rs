//! What functions give whose type follows from their arguments in ways of their own, and what they refuse.

mod aggregates;
mod arrays;
mod branches;
mod generators;
mod lambdas;
mod maps;
mod numbers;
mod structs;
mod texts;
mod times;

use super::{Function, Output};
use crate::types::{DataType, Mismatch, Operand};

/// A call that is judged.
pub(super) struct Call<'c, 'a> {
    /// Which function.
    pub(super) function: &'c Function,
    /// Its arguments as they stand.
    pub(super) arguments: &'c [Operand<'a>],
    /// The types of the arguments after the casts that Spark adds.
    pub(super) types: &'c [DataType],
}

static UNKNOWN: DataType = DataType::Unknown;

impl<'c, 'a> Call<'c, 'a> {
    /// The type of an argument, unknown where there is none.
    fn ty(&self, position: usize) -> &'c DataType {
        self.types.get(position).unwrap_or(&UNKNOWN)
    }

    fn argument(&self, position: usize) -> Option<&'c Operand<'a>> {
        self.arguments.get(position)
    }
}

/// What a rule says.
type Verdict = Result<Output, Mismatch>;
/// A rule for the calls of the functions of one class.
type Rule = fn(&Call<'_, '_>) -> Verdict;

/// The rule for functions of that class of Spark's expressions.
pub(super) fn rule(class: &str) -> Option<Rule> {
    aggregates::rule(class)
        .or_else(|| arrays::rule(class))
        .or_else(|| branches::rule(class))
        .or_else(|| generators::rule(class))
        .or_else(|| lambdas::rule(class))
        .or_else(|| maps::rule(class))
        .or_else(|| numbers::rule(class))
        .or_else(|| structs::rule(class))
        .or_else(|| texts::rule(class))
        .or_else(|| times::rule(class))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last word of a rule, which may refuse"
)]
const fn value(ty: DataType) -> Verdict {
    Ok(Output::Value(ty))
}
