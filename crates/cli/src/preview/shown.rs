//! A plan with all that is needed to show it.

use glueline_base::{FileRange, LineColumn};
use glueline_plan::show::Show;
use glueline_plan::{Plan, PlannedNode, Status, Step};
use glueline_project::Project;
use glueline_render::{Event, Renderer};
use glueline_template::Note;

use crate::report::{Locator, clean};

/// A plan with all that is needed to show it.
pub(super) struct Shown<'a> {
    /// What knows the nodes.
    pub(super) renderer: &'a Renderer,
    /// The project.
    pub(super) project: &'a Project,
    /// What is shown.
    pub(super) plan: &'a Plan,
    /// What each event of each node does.
    pub(super) steps: Vec<Vec<Step>>,
    /// Lines and columns.
    pub(super) locator: Locator<'a>,
    /// What has to stand before a path relative to the project so that it can be opened from where the user is.
    pub(super) prefix: &'a str,
}

/// How much there is in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) nodes: usize,
    pub(super) statements: usize,
    pub(super) dangers: usize,
    pub(super) failing: usize,
    pub(super) skipped: usize,
    pub(super) unknown: usize,
}

impl<'a> Shown<'a> {
    pub(super) fn new(renderer: &'a Renderer, plan: &'a Plan, prefix: &'a str) -> Self {
        let project = &**renderer.project();
        Self {
            renderer,
            project,
            plan,
            steps: plan.steps(renderer),
            locator: Locator::new(project.files().sources()),
            prefix,
        }
    }

    /// The nodes, each with its steps.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (&'a PlannedNode, &[Step])> {
        let steps = self.steps.iter().map(Vec::as_slice);
        self.plan.nodes.iter().zip(steps)
    }

    /// The line and the column that a place starts at.
    pub(super) fn start(&self, place: FileRange) -> LineColumn {
        let start = self.locator.span(place).start;
        LineColumn {
            line: start.line,
            column: start.column,
        }
    }

    /// What turns the plan into words.
    pub(super) fn show<'s>(&'s self, position: &'s dyn Fn(FileRange) -> LineColumn) -> Show<'s> {
        Show {
            renderer: self.renderer,
            prefix: self.prefix,
            position,
        }
    }

    /// Where a note came up: `models/a.sql:3:5`.
    pub(super) fn place_of(&self, note: &Note) -> Option<String> {
        let position = |place| self.start(place);
        let place = self.show(&position).place_of(note)?;
        Some(clean(&place).into_owned())
    }

    /// How much there is.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (planned, steps) in self.nodes() {
            counts.nodes += 1;
            match planned.status {
                Status::Error | Status::PartialSuccess => counts.failing += 1,
                Status::Skipped => counts.skipped += 1,
                Status::Success | Status::NoOp | Status::Pass | Status::Warn | Status::Fail => {}
            }
            let Some(run) = &planned.run else { continue };
            let is_statement = |event: &&Event| matches!(event, Event::Statement(_));
            counts.statements += run.events.iter().filter(is_statement).count();
            counts.dangers += steps.iter().filter(|step| step.danger.is_some()).count();
            counts.unknown += usize::from(!run.unknown.is_empty());
        }
        counts
    }
}

/// dbt's id of a node or of a hook.
pub(super) fn unique_id<'a>(project: &'a Project, planned: &'a PlannedNode) -> &'a str {
    match (planned.node, &planned.operation) {
        (Some(id), _) => &project.node(id).unique_id,
        (None, Some(operation)) => &operation.unique_id,
        (None, None) => "",
    }
}
