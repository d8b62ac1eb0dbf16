//! What `glueline preview` shows for a node.

use glueline_base::FileId;
use glueline_plan::fault::{kind, no_target, single};
use glueline_plan::show::{Dialect, Item, Origin, Show};
use glueline_plan::{Command, Danger, Plan, PlannedNode, Request, Status, Step, step};
use glueline_project::{Assume, NodeId, ResourceType};
use glueline_render::Life;

use super::lines::{Lines, comment};
use super::map::Piece;
use super::{Document, compiled, left_out};
use crate::Analysis;

/// The plan of a run of one node, as a text in the language of what is sent: everything else is a comment.
pub(super) fn document(analysis: &Analysis, id: NodeId, life: Life) -> Document {
    let project = analysis.project();
    let node = project.node(id);
    let mut document = compiled::empty(node);
    let dialect = document.dialect;
    let command = match node.kind {
        ResourceType::Model => Some(Command::Run),
        ResourceType::Seed => Some(Command::Seed),
        ResourceType::Snapshot => Some(Command::Snapshot),
        ResourceType::Test | ResourceType::UnitTest => Some(Command::Test),
        ResourceType::Analysis | ResourceType::Source | ResourceType::Exposure => None,
    };
    let not_run = || {
        command
            .is_none()
            .then(|| format!("dbt runs no {}", kind(node.kind)))
    };
    let why = left_out(analysis, node)
        .or_else(not_run)
        .or_else(|| no_target(project));
    if let Some(why) = why {
        comment(&mut document.text, dialect, &format!("Nothing is sent: {why}."));
        return document;
    }
    let request = Request {
        command: command.unwrap_or_default(),
        selected: Some(vec![id]),
        assume: match life {
            Life::Known => None,
            Life::Absent => Some(Assume::Absent),
            Life::Exists => Some(Assume::Exists),
        },
    };
    let plan = Plan::new(analysis.renderer(), &request);
    let assumed = request.assume.unwrap_or_else(|| project.assume());
    heading(analysis, &plan, &node.name, assumed, &mut document);
    let lines = Lines::new(analysis);
    let mut writer = Writer {
        analysis,
        lines: &lines,
        document: &mut document,
    };
    for planned in &plan.nodes {
        let steps = step::steps(analysis.renderer(), planned);
        writer.node(planned, &steps);
    }
    let Some(own) = plan.nodes.iter().find(|planned| planned.node == Some(id)) else {
        document.text.push('\n');
        let line = format!(
            "`{}` is ephemeral: it is made by itself nowhere, and written into each model that reads it.",
            node.name
        );
        comment(&mut document.text, dialect, &line);
        return document;
    };
    document.complete = own.status != Status::Error;
    document
}

/// Which run it is, and what it finds.
fn heading(analysis: &Analysis, plan: &Plan, name: &str, assumed: Assume, document: &mut Document) {
    let project = analysis.project();
    let command = plan.command.name();
    let refresh = if project.run_options().full_refresh {
        " --full-refresh"
    } else {
        ""
    };
    let target = project.target().map_or("", |target| &target.name.value);
    let run = format!("dbt {command}{refresh} --select {name} --target {target}");
    let warehouse = match (project.state(), assumed) {
        (Some(_), _) => "The warehouse: as the catalog file tells.",
        (None, Assume::Absent | Assume::Either) => "The first run: no relation of the project is there yet.",
        (None, Assume::Exists) => "A later run: every relation is there as the project makes it.",
        (None, Assume::View) => "The warehouse: every relation of the project is there as a view.",
    };
    for line in [&run, warehouse] {
        comment(&mut document.text, document.dialect, line);
    }
}

/// Writes nodes down.
struct Writer<'a> {
    analysis: &'a Analysis,
    lines: &'a Lines<'a>,
    document: &'a mut Document,
}

impl Writer<'_> {
    fn node(&mut self, planned: &PlannedNode, steps: &[Step]) {
        let analysis = self.analysis;
        let lines = self.lines;
        let position = |place| lines.start(place);
        let show = Show {
            renderer: analysis.renderer(),
            prefix: "",
            position: &position,
        };
        self.document.text.push('\n');
        for item in show.node(planned, steps) {
            self.item(&show, planned, &item);
        }
    }

    fn item(&mut self, show: &Show<'_>, planned: &PlannedNode, item: &Item<'_>) {
        match item {
            Item::Heading { kind, name } => self.say(&format!("{kind} {name}")),
            Item::About(text) | Item::Remark(_, text) | Item::Reading(_, text) => self.say(text),
            Item::File(file) => self.file(*file),
            Item::Step {
                number, title, call, ..
            } => {
                self.document.text.push('\n');
                self.say(&format!("{number} {title}{call}"));
            }
            Item::Danger(Danger {
                harm, extent, rule, ..
            }) => {
                let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
                self.say(&format!("   danger: {} {extent}{rule}", harm.name()));
            }
            Item::Code {
                dialect,
                text,
                origin,
            } => self.code(show, planned, *dialect, text, origin),
            Item::Note(_, label, text) => {
                self.document.text.push('\n');
                self.say(&format!("{label}: {text}"));
            }
            Item::Failure(failure) => {
                let project = self.analysis.project();
                let found = single(project, planned.node, planned.operation.as_deref(), failure);
                self.document.text.push('\n');
                let dialect = self.document.dialect;
                compiled::failed(&mut self.document.text, dialect, self.lines, &found);
            }
        }
    }

    fn say(&mut self, text: &str) {
        comment(&mut self.document.text, self.document.dialect, text);
    }

    fn file(&mut self, file: FileId) {
        let path = self.analysis.project().files().info(file).shown.clone();
        self.say(path.as_str());
    }

    /// A text that is sent. One in another language than the document's is a comment, so that what colours the document is not led
    /// astray.
    fn code(
        &mut self,
        show: &Show<'_>,
        planned: &PlannedNode,
        dialect: Dialect,
        text: &str,
        origin: &Origin,
    ) {
        let places: Vec<String> = origin.places.iter().map(|place| show.place(*place)).collect();
        if !places.is_empty() {
            self.say(&format!("   --> {}", places.join(", ")));
        }
        let text = text.trim_end();
        if dialect != self.document.dialect {
            self.say(text);
            return;
        }
        let start = self.document.text.len();
        self.document.text.push_str(text);
        self.document.text.push('\n');
        let compiled = planned.run.as_ref().and_then(|run| run.compiled.clone());
        if let (Some(pasted), Some(compiled)) = (origin.pasted, compiled) {
            self.document.pieces.push(Piece {
                start: start + pasted.start,
                len: pasted.len.min(text.len().saturating_sub(pasted.start)),
                skipped: pasted.skipped,
                compiled,
            });
        }
    }
}
