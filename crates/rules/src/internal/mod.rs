//! What the program says about itself and about its own comments.

pub(crate) mod error;
pub(crate) mod unused_suppression;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[&error::RULE, &unused_suppression::RULE];
