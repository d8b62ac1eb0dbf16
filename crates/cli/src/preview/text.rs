//! A plan step by step, for people.

use std::io::{self, Write};

use glueline_plan::fault::single;
use glueline_plan::show::{Dialect, Item, Origin, Show, Tone};
use glueline_plan::{Danger, PlannedNode, Status, Step};
use glueline_render::Failure;

use super::highlight::Highlighter;
use super::shown::Shown;
use crate::report::{self, clean};

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
        let position = |place| self.shown.start(place);
        let show = self.shown.show(&position);
        for item in show.node(planned, steps) {
            self.item(&show, planned, &item, out)?;
        }
        Ok(())
    }

    fn item(
        &self,
        show: &Show<'_>,
        planned: &PlannedNode,
        item: &Item<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match item {
            Item::Heading { kind, name } => {
                writeln!(out, "{} {}", self.paint(BLUE, kind), self.paint(BOLD, name))
            }
            Item::About(text) => writeln!(out, "  {}", self.paint(DIM, text)),
            Item::File(file) => {
                let path = self.shown.project.files().info(*file).shown.as_str();
                let path = format!("{}{path}", self.shown.prefix);
                writeln!(out, "  {}", self.paint(DIM, &path))
            }
            Item::Remark(tone, text) => writeln!(out, "  {}", self.toned(*tone, text)),
            Item::Step {
                number,
                title,
                call,
                tone: Tone::Quiet,
            } => writeln!(out, "  {}", self.paint(DIM, &format!("{number} {title}{call}"))),
            Item::Step {
                number,
                title,
                call,
                tone,
            } => writeln!(out, "  {number} {}{call}", self.toned(*tone, title)),
            Item::Danger(Danger {
                harm, extent, rule, ..
            }) => {
                let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
                let label = self.paint(RED, &format!("danger: {}", harm.name()));
                writeln!(out, "     {label} {}{}", clean(extent), self.paint(DIM, &rule))
            }
            Item::Code {
                dialect,
                text,
                origin,
            } => self.code(show, *dialect, text, origin, out),
            Item::Reading(tone, text) => writeln!(out, "     {}", self.toned(*tone, text)),
            Item::Note(tone, label, text) => {
                let label = self.toned(*tone, &format!("{label}:"));
                writeln!(out, "  {label} {}", clean(text))
            }
            Item::Failure(failure) => self.failure(planned, failure, out),
        }
    }

    fn toned(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => BOLD,
            Tone::Quiet => DIM,
            Tone::Doubt => YELLOW,
            Tone::Info => BLUE,
            Tone::Grave => RED,
        };
        self.paint(code, text)
    }

    fn code(
        &self,
        show: &Show<'_>,
        dialect: Dialect,
        text: &str,
        origin: &Origin,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if !origin.places.is_empty() {
            let places: Vec<String> = origin.places.iter().map(|place| show.place(*place)).collect();
            let (arrow, places) = (self.paint(BLUE, "-->"), self.paint(DIM, &places.join(", ")));
            writeln!(out, "     {arrow} {places}")?;
        }
        let mut lines = Lines::new(self, dialect, &origin.lines);
        for (index, line) in text.trim_end().lines().enumerate() {
            lines.write(origin.lines.get(index).copied().flatten(), line, out)?;
        }
        Ok(())
    }

    fn failure(&self, planned: &PlannedNode, failure: &Failure, out: &mut dyn Write) -> io::Result<()> {
        let project = self.shown.project;
        let found = single(project, planned.node, planned.operation.as_deref(), failure);
        let mut shown = Vec::new();
        let prefix = self.shown.prefix;
        report::write_faults(&[found], project, self.rules, prefix, self.color, &mut shown)?;
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
