//! Configs of nodes: unknown, foreign, of the wrong type, without effect.

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[];
