//! Hooks, query comments, unit tests and what macros send.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
