//! Materializations, file formats, relations and locations.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
