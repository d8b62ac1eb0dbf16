//! Tolerant reading of Spark SQL as it stands in a model, Jinja and all: tokens, and what names are in scope where.
//!
//! [`read`] never fails: half a query gives the facts of that half. The crate knows no dbt. Whoever asks says with [`Hole`]s
//! where Jinja stands and what it comes to: nothing, a relation, or some expression. Offsets are those of the text as it is.
//!
//! [`Sql::scope_at`] says what can be named at an offset, [`Sql::columns`] which columns a query has, as far as its text and the
//! columns of the relations that it reads tell. What cannot be told is never guessed: a list of columns says whether it is
//! complete.

mod columns;
mod functions;
mod keyword;
mod lex;
mod nest;
mod read;
mod scope;
mod token;
mod tree;

#[cfg(test)]
mod tests;

pub use columns::{Column, Columns, Known, Meaning, Relations};
pub use functions::{FUNCTIONS, Function, FunctionGroup, function};
pub use keyword::Keyword;
pub use read::read;
pub use scope::{Scope, Source};
pub use token::{Hole, HoleKind, Token, TokenKind};
pub use tree::{
    Branch, Clause, ClauseKind, Cte, CteId, FromItem, Item, ItemKind, Join, JoinKind, Name, Outer, Path,
    PathKind, Query, QueryId, Relation, Select, SelectId, Sql,
};
