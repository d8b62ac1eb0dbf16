//! Jinja2 with Python's values, rendered by minijinja, with a map from every byte back to its source.
//!
//! A text is read by [`glueline_jinja`] and *lowered* into a [`Program`]: a template of minijinja in which control flow, scopes
//! and captures are minijinja's own, while every operation on values is a call of this crate, which does what CPython does.
//! [`Engine`] runs programs for a [`Host`], which says what names mean.
//!
//! The crate knows Jinja2 and Python, but not dbt.

mod args;
mod engine;
mod error;
mod lower;
mod map;
mod marks;
mod native;
mod ops;
mod program;
mod python;
mod session;
mod value;
mod vm;

pub use args::Args;
pub use engine::{Engine, Rendered};
pub use error::{Error, ErrorKind, Fault, Frame, NativeFrame, Role, TraceFrame};
pub use lower::{Ends, Unit, lower_definition, lower_expression, lower_pieces, lower_template};
pub use map::{Provenance, SourceMap};
pub use native::{Body, Function, Native};
pub use program::{Origin, Program};
pub use python::{
    equal, from_base, from_json, insert, literal_eval, module, order, repr, to_base, to_json, to_str,
};
pub use session::{Cx, Host, Limits, Note};
pub use value::{Dict, Key, List, Set, Str, Undefined, Value};
