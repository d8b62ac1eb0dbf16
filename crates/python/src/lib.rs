//! Tolerant reading of dbt Python models.
//!
//! [`parse`] finds what dbt learns of a `models/*.py` without running it: the calls of `dbt.ref`, `dbt.source` and
//! `dbt.config`, the function `model`, and the imported packages. There is no syntax tree: a tokenizer that closes
//! what was left open, and readers that look for a few shapes in its output. [`PythonModel::refusals`] says what dbt
//! itself refuses. The behaviour is that of dbt-core 1.12.
//!
//! Calls inside the fields of f-strings are not found.

mod calls;
mod cursor;
mod escapes;
mod functions;
mod literals;
mod model;
mod refusals;
mod strings;
mod tokens;

#[cfg(test)]
mod tests;

pub use cursor::{Cursor, Lexeme, LexemeKind, cursor};
pub use escapes::{Escape, escape, means_something_to_spark, unescaped};
pub use model::{
    Argument, Call, CallKind, Ending, Function, Parameter, ParameterKind, PythonModel, Star, parse,
};
pub use refusals::{Refusal, RefusalKind};
