//! The statements of a plan alone.

use std::io::{self, Write};

use glueline_plan::Plan;
use glueline_render::Renderer;

/// Prints every statement, each behind a comment that says whose it is.
pub(super) fn write(renderer: &Renderer, plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let project = renderer.project();
    for planned in &plan.nodes {
        let Some(run) = &planned.run else { continue };
        let id = planned
            .node
            .map(|id| &project.node(id).unique_id)
            .or_else(|| planned.operation.as_ref().map(|operation| &operation.unique_id));
        for statement in run.statements() {
            writeln!(out, "-- {}", id.map_or("", |id| id))?;
            let text = statement.sql.as_deref().unwrap_or(&statement.code);
            writeln!(out, "{}\n;\n", text.trim_end())?;
        }
    }
    Ok(())
}
