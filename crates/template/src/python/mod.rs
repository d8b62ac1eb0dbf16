//! What Python and Jinja2 do with values: attributes, methods, operators, filters, tests, printing.
//!
//! Names and messages are those of CPython 3.11 and Jinja2 3.1.

mod attributes;
mod bytes;
mod compare;
mod convert;
mod dicts;
mod filters;
mod format;
mod globals;
mod iterate;
mod json;
mod lists;
mod literal;
mod loops;
mod modules;
mod numbers;
mod operators;
mod params;
mod range;
mod repr;
mod sets;
mod str_format;
mod strings;
mod tests_builtin;

pub(crate) use attributes::{attr, call, call_method, item, slice};
pub(crate) use compare::compare;
pub use compare::{equal, order};
pub use convert::{from_base, insert, to_base};
pub(crate) use filters::{filter, has_filter};
pub(crate) use globals::{Namespace, global};
pub(crate) use iterate::iterate;
pub use json::{from_json, to_json};
pub use literal::literal_eval;
pub(crate) use loops::{Loop, Recurse, unpack};
pub use modules::module;
pub(crate) use operators::{binary, unary};
pub use repr::{repr, to_str};
pub(crate) use tests_builtin::{has_test, test};
