//! A plan step by step, for people.

use std::io::{self, Write};

use glueline_plan::Plan;
use glueline_render::Renderer;

/// Prints every node with its steps.
pub(super) fn write(renderer: &Renderer, plan: &Plan, _color: bool, out: &mut dyn Write) -> io::Result<()> {
    super::sql::write(renderer, plan, out)
}
