//! Tolerant Jinja syntax with byte spans, and what can be known of it without rendering.
//!
//! [`parse`] reads dbt's dialect: Jinja2 with its default delimiters, the `do` and loop control extensions, dbt's own
//! block tags and typed macro parameters. It never fails: a [`Template`] holds what could be read together with
//! the faults. [`walk`] gives every statement and expression with where it stands, [`eval`] folds an expression into a
//! value, and [`reach`] says whether code behind conditions runs.
//!
//! The crate knows the syntax of dbt's templates, but neither its functions nor its variables: those enter
//! through [`Scope`]. It never renders.

mod ast;
mod cursor;
mod eval;
mod expr;
mod parse;
mod scan;
mod string;
mod token;
mod walk;

pub use ast::{
    Branch, Comment, Definition, Loop, Output, Param, Piece, Statement, StatementKind, Tag, Template, Trim,
};
pub use cursor::{
    Cursor, Lexeme, LexemeKind, LocalKind, LocalName, OpenBlock, Place, cursor, expression_cursor,
};
pub use eval::{NoScope, Reach, Scope, eval, reach, truth};
pub use expr::{Arg, ArgKind, BinaryOp, CompareOp, Expr, ExprKind, Filter, UnaryOp};
pub use parse::{end_tag, parse, parse_expression, statement_tags};
pub use string::{Decoded, StringLiteral};
pub use walk::{Condition, Context, Visitor, walk, walk_expr, walk_pieces};
