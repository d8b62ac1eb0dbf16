//! The SQL text, and what Python and Spark make of it.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
