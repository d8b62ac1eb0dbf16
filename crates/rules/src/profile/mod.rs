//! The profile: keys, types, sessions, Spark configuration.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
