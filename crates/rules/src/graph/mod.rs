//! Names and what they name: refs, sources, macros, variables, versions.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
