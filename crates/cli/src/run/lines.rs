//! What happens in a run, line by line, for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use glueline_plan::Status;
use glueline_run::Heard;

use super::events::Event;
use crate::report::{clean, counted};

/// Prints events.
#[derive(Debug)]
pub(super) struct Lines {
    /// How many nodes and hooks the plan has.
    pub(super) total: usize,
    /// Whether colours are wanted.
    pub(super) color: bool,
    /// How many are over, by how they came out.
    counts: BTreeMap<&'static str, usize>,
}

impl Lines {
    pub(super) fn new(total: usize, color: bool) -> Self {
        Self {
            total,
            color,
            counts: BTreeMap::new(),
        }
    }

    /// Prints what happened.
    pub(super) fn write(&mut self, event: &Event, err: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Session(Heard::Remark(text)) => writeln!(err, "note: {}", clean(text)),
            Event::Session(Heard::Opening { key }) => {
                writeln!(
                    err,
                    "{}",
                    self.dim(&format!("session of {key}: looked for, or made"))
                )
            }
            Event::Session(Heard::Ready { session, spark }) => {
                writeln!(
                    err,
                    "{}",
                    self.dim(&format!("session {session}: ready, Spark {spark}"))
                )
            }
            Event::Began(_) => Ok(()),
            Event::Done {
                subject,
                status,
                failures,
                took,
                ..
            } => {
                *self.counts.entry(status.name()).or_default() += 1;
                let done: usize = self.counts.values().sum();
                let width = self.total.to_string().len();
                let mut line = format!(
                    "{done:>width$} of {}  {}  {} {}",
                    self.total,
                    self.status(*status),
                    subject.kind,
                    clean(&subject.name)
                );
                if let Some(rows) = failures.filter(|rows| *rows > 0) {
                    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
                    line.push_str(&format!(": {}", counted(rows, "row")));
                }
                if let Some(took) = took {
                    line.push_str(&self.dim(&format!("  {}", seconds(*took))));
                }
                writeln!(err, "{line}")
            }
        }
    }

    /// `3 success, 1 error, 2 skipped`.
    pub(super) fn summary(&self) -> String {
        let parts = self.counts.iter().map(|(name, count)| format!("{count} {name}"));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            "nothing to run".to_owned()
        } else {
            parts.join(", ")
        }
    }

    fn status(&self, status: Status) -> String {
        const GREEN: &str = "\x1b[32m";
        const YELLOW: &str = "\x1b[33m";
        const RED: &str = "\x1b[1;31m";
        let color = match status {
            Status::Success | Status::Pass => GREEN,
            Status::Skipped | Status::NoOp | Status::Warn => YELLOW,
            Status::Error | Status::PartialSuccess | Status::Fail => RED,
        };
        let name = format!("{:<7}", status.name());
        if self.color {
            format!("{color}{name}\x1b[0m")
        } else {
            name
        }
    }

    fn dim(&self, text: &str) -> String {
        let text = clean(text);
        if self.color {
            format!("\x1b[2m{text}\x1b[0m")
        } else {
            text.into_owned()
        }
    }
}

/// A time that passed: `0.4 s`, `2 min 5 s`.
pub(super) fn seconds(millis: i64) -> String {
    let tenths = millis.max(0) / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    format!("{} min {} s", tenths / 600, tenths % 600 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::events::Subject;

    #[test]
    fn a_line_says_how_a_node_came_out() {
        let mut lines = Lines::new(12, false);
        let mut out = Vec::new();
        for (status, failures, took) in [
            (Status::Success, None, Some(1_240)),
            (Status::Fail, Some(3), Some(125_000)),
            (Status::Skipped, None, None),
        ] {
            let subject = Subject {
                unique_id: "model.shop.a".to_owned(),
                kind: "model",
                name: "dev.a".to_owned(),
            };
            let message = None;
            let done = Event::Done {
                subject,
                status,
                message,
                failures,
                took,
            };
            lines.write(&done, &mut out).unwrap();
        }
        assert_eq!(
            String::from_utf8(out).unwrap(),
            " 1 of 12  success  model dev.a  1.2 s\n 2 of 12  fail     model dev.a: 3 rows  2 min 5 s\n 3 of 12  skipped  model \
             dev.a\n"
        );
        assert_eq!(lines.summary(), "1 fail, 1 skipped, 1 success");
    }
}
