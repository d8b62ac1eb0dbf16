//! A plan step by step, for people.

use std::io::{self, Write};

use glueline_base::Severity;
use glueline_plan::{Danger, Effect, PlannedNode, Status, Step};
use glueline_project::Node;
use glueline_render::{ApiCall, Event, NodeRun, Reading, Standing, Statement};

use super::highlight::{Dialect, Highlighter};
use super::shown::Shown;
use crate::compile::{fault, kind};
use crate::report::{self, Format, Report, clean};

/// Prints steps.
pub(super) struct Text<'a> {
    /// What is shown.
    pub(super) shown: &'a Shown<'a>,
    /// Whether colours are wanted.
    pub(super) color: bool,
    /// The rules that there are.
    pub(super) rules: &'a [glueline_base::RuleMeta],
}

pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[33m";
const BLUE: &str = "\x1b[34m";

impl Text<'_> {
    /// Prints every node with its steps.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let does_something = self.shown.nodes().filter(|(node, _)| node.status != Status::NoOp);
        for (index, (planned, steps)) in does_something.enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            self.node(planned, steps, out)?;
        }
        Ok(())
    }

    /// A text made harmless for a terminal, in a colour where colours are wanted.
    pub(super) fn paint(&self, code: &str, text: &str) -> String {
        let text = clean(text);
        if self.color {
            format!("{code}{text}\x1b[0m")
        } else {
            text.into_owned()
        }
    }

    fn node(&self, planned: &PlannedNode, steps: &[Step], out: &mut dyn Write) -> io::Result<()> {
        self.heading(planned, out)?;
        let Some(run) = &planned.run else {
            return writeln!(
                out,
                "  {}",
                self.paint(YELLOW, "skipped: what it comes after fails")
            );
        };
        let width = run.events.len().to_string().len();
        for (index, (event, step)) in run.events.iter().zip(steps).enumerate() {
            let number = format!("{:>width$}.", index + 1);
            self.event(planned, &number, event, step, out)?;
        }
        if run.events.is_empty() && planned.status != Status::Error {
            writeln!(out, "  {}", self.paint(DIM, "nothing is sent"))?;
        }
        self.notes(run, out)?;
        self.failure(planned, run, out)
    }

    fn heading(&self, planned: &PlannedNode, out: &mut dyn Write) -> io::Result<()> {
        let (kind, name) = match (planned.node, &planned.operation) {
            (Some(id), _) => {
                let node = self.shown.project.node(id);
                let relation = self.shown.renderer.relation_name(id);
                let name = relation
                    .filter(|_| node.kind.is_refable())
                    .unwrap_or_else(|| node.name.to_string());
                (kind(node.kind), name)
            }
            (None, Some(operation)) => ("hook", operation.name.to_string()),
            (None, None) => ("", String::new()),
        };
        writeln!(out, "{} {}", self.paint(BLUE, kind), self.paint(BOLD, &name))?;
        let Some(id) = planned.node else {
            return Ok(());
        };
        let node = self.shown.project.node(id);
        let how = self.how(node);
        let state = planned.run.as_ref().and_then(|run| self.state(node, run));
        let line: Vec<String> = how.into_iter().chain(state).collect();
        if !line.is_empty() {
            writeln!(out, "  {}", self.paint(DIM, &line.join("; ")))?;
        }
        let path = self.shown.project.files().info(node.file()).shown.as_str();
        writeln!(
            out,
            "  {}",
            self.paint(DIM, &format!("{}{path}", self.shown.prefix))
        )
    }

    /// `incremental by merge, iceberg`.
    fn how(&self, node: &Node) -> Option<String> {
        if !node.kind.is_refable() {
            return None;
        }
        let info = self.shown.renderer.info(node.id);
        let text = |key: &str| {
            let value = info.config.get_str(key).filter(|value| !value.is_none())?;
            Some(glueline_template::to_str(&value).plain().into_owned())
        };
        let mut how = info.materialized();
        if how == "incremental"
            && let Some(strategy) = text("incremental_strategy")
        {
            how = format!("{how} by {strategy}");
        }
        if let Some(format) = text("file_format") {
            how = format!("{how}, {format}");
        }
        Some(how)
    }

    /// How the relation of a node stands before it runs, and who says so.
    fn state(&self, node: &Node, run: &NodeRun) -> Option<String> {
        if !node.kind.is_refable() {
            return None;
        }
        let stands = match &run.before.as_ref()?.standing {
            Standing::Unknown | Standing::Temporary => return None,
            Standing::Absent => "is not there yet".to_owned(),
            Standing::View => "is there as a view".to_owned(),
            Standing::Table { format, .. } => match format {
                Some(format) => format!("is there as {} table", with_article(format)),
                None => "is there as a table".to_owned(),
            },
        };
        let who = if self.shown.project.state().is_some() {
            "by the catalog file"
        } else {
            "assumed"
        };
        Some(format!("{stands} ({who})"))
    }

    fn event(
        &self,
        planned: &PlannedNode,
        number: &str,
        event: &Event,
        step: &Step,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match event {
            Event::Call(call) if step.danger.is_none() => {
                let line = format!("{number} {} ({})", step.title, called(call));
                writeln!(out, "  {}", self.paint(DIM, &line))
            }
            Event::Call(call) => {
                writeln!(out, "  {number} {} ({})", self.title(step), called(call))?;
                self.danger(step, out)
            }
            Event::Log(line) => writeln!(
                out,
                "  {number} {}",
                self.paint(YELLOW, &format!("{}: {}", step.title, line.message))
            ),
            Event::Statement(statement) => {
                writeln!(out, "  {number} {}", self.title(step))?;
                self.danger(step, out)?;
                self.statement(planned, statement, out)
            }
        }
    }

    fn title(&self, step: &Step) -> String {
        let code = match step.effect {
            Effect::Deletes | Effect::Replaces | Effect::Moves if step.danger.is_some() => RED,
            _ => BOLD,
        };
        self.paint(code, &step.title)
    }

    fn danger(&self, step: &Step, out: &mut dyn Write) -> io::Result<()> {
        let Some(Danger { harm, extent, rule }) = &step.danger else {
            return Ok(());
        };
        let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        let label = self.paint(RED, &format!("danger: {}", harm.name()));
        writeln!(out, "     {label} {}{}", clean(extent), self.paint(DIM, &rule))
    }

    fn statement(&self, planned: &PlannedNode, statement: &Statement, out: &mut dyn Write) -> io::Result<()> {
        let (text, dialect) = match &statement.sql {
            Some(sql) => (sql, Dialect::Sql),
            None => (&statement.code, Dialect::Python),
        };
        let origin = self.shown.origin(planned, text);
        if !origin.places.is_empty() {
            let places: Vec<String> = origin
                .places
                .iter()
                .map(|place| self.shown.place(*place))
                .collect();
            writeln!(
                out,
                "     {} {}",
                self.paint(BLUE, "-->"),
                self.paint(DIM, &places.join(", "))
            )?;
        }
        let mut lines = Lines::new(self, dialect, &origin.lines);
        for (index, line) in text.trim_end().lines().enumerate() {
            lines.write(origin.lines.get(index).copied().flatten(), line, out)?;
        }
        self.reading(statement, out)?;
        if let Some(error) = &statement.error {
            let line = format!("the session answers {}: {}", error.name, error.value);
            writeln!(out, "     {}", self.paint(RED, &line))?;
        }
        Ok(())
    }

    /// What Spark gets, where it is something else than what is sent.
    fn reading(&self, statement: &Statement, out: &mut dyn Write) -> io::Result<()> {
        let Some(sql) = &statement.sql else {
            return Ok(());
        };
        match &statement.reading {
            Reading::Same => Ok(()),
            Reading::Other | Reading::Unknown => {
                writeln!(
                    out,
                    "     {}",
                    self.paint(YELLOW, "what Spark gets of it is not known")
                )
            }
            Reading::Refused(message) => {
                let line = format!("Python cannot read it, and nothing reaches Spark: {message}");
                writeln!(out, "     {}", self.paint(RED, &line))
            }
            Reading::Pieces(pieces) => {
                let count = pieces.len();
                if count > 1 {
                    let line = format!("Spark runs it as {count} queries, one after the other");
                    writeln!(out, "     {}", self.paint(DIM, &line))?;
                }
                let as_sent = sql.split("dbt_next_query").filter(|piece| !piece.is_empty());
                if as_sent.eq(pieces.iter().map(String::as_str)) {
                    return Ok(());
                }
                writeln!(
                    out,
                    "     {}",
                    self.paint(YELLOW, "Spark gets this, once Python has read it:")
                )?;
                let mut lines = Lines::new(self, Dialect::Sql, &[]);
                for piece in pieces {
                    for line in piece.trim_end().lines() {
                        lines.write(None, line, out)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Which macros of the project had a part in it, and what is not known.
    fn notes(&self, run: &NodeRun, out: &mut dyn Write) -> io::Result<()> {
        for replaced in &run.replaced {
            let path = self.shown.project.files().info(replaced.file).shown.as_str();
            let line = format!(
                "`{}` is the project's own, in {}{path}",
                replaced.name, self.shown.prefix
            );
            writeln!(out, "  {} {}", self.paint(BLUE, "note:"), clean(&line))?;
        }
        let release = self.shown.project.release().version;
        for change in &run.older {
            let dated = change.dated();
            let line = format!("dbt-glue {release}, before {}: {}", dated.since, dated.before);
            writeln!(out, "  {} {}", self.paint(BLUE, "note:"), clean(&line))?;
        }
        for note in &run.unknown {
            let place = self.shown.place_of(note).map(|place| format!(" ({place})"));
            let line = format!("{}{}", note.message, place.unwrap_or_default());
            writeln!(out, "  {} {}", self.paint(YELLOW, "not known:"), clean(&line))?;
        }
        Ok(())
    }

    fn failure(&self, planned: &PlannedNode, run: &NodeRun, out: &mut dyn Write) -> io::Result<()> {
        let Some(failure) = &run.failure else {
            return Ok(());
        };
        let project = self.shown.project;
        let found = fault(project, planned.node, planned.operation.as_deref(), failure);
        let report = Report {
            diagnostics: &[found],
            sources: project.files().sources(),
            files: project.files().len(),
            models: 0,
            rules: self.rules,
            prefix: self.shown.prefix,
            fail_on: Severity::Error,
        };
        let mut shown = Vec::new();
        report::write(&report, Format::Full, self.color, &mut shown)?;
        // The report leaves a line free, as the next heading does.
        out.write_all(shown.trim_ascii_end())?;
        out.write_all(b"\n")
    }
}

/// The lines of a statement, each with the number of the line of the source that it comes from.
struct Lines<'a> {
    text: &'a Text<'a>,
    highlighter: Highlighter,
    width: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a Text<'a>, dialect: Dialect, numbers: &[Option<u32>]) -> Self {
        let widest = numbers.iter().flatten().max();
        Self {
            text,
            highlighter: Highlighter::new(dialect, text.color),
            width: widest.map_or(0, |number| number.to_string().len()),
        }
    }

    fn write(&mut self, number: Option<u32>, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let gutter = format!("{number:>width$} |", width = self.width);
        let line = self.highlighter.line(line);
        let space = if line.is_empty() { "" } else { " " };
        writeln!(out, "     {}{space}{line}", self.text.paint(BLUE, &gutter))
    }
}

/// `glue GetTable: EntityNotFoundException`.
fn called(call: &ApiCall) -> String {
    let error = call.error.map(|error| format!(": {error}")).unwrap_or_default();
    format!("{} {}{error}", call.service, call.operation)
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}
