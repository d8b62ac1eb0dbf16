//! What only rendering shows.

mod does_not_render;

use crate::rule::Rule;

pub(crate) static RULES: &[&Rule] = &[&does_not_render::RULE];

pub(crate) use does_not_render::without_known;
