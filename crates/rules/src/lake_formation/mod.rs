//! Lake Formation tags and grants.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
