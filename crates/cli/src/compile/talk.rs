//! What is said of a compilation on standard error.

use std::io::{self, Write};
use std::time::Duration;

use glueline_base::{RuleMeta, Source};
use glueline_project::Project;

use super::outcome::{Outcome, Verdict};
use crate::report::{INLINE, Locator, clean, counted};

/// What is said of a compilation.
pub(super) struct Talk<'a> {
    /// The project.
    pub(super) project: &'a Project,
    /// The files, and after them the query of the command line.
    pub(super) sources: &'a [Source],
    /// What came of each node.
    pub(super) outcomes: &'a [Outcome],
    /// What has to stand before a path relative to the project so that it can be opened from where the user is.
    pub(super) prefix: &'a str,
    /// Whether colours are wanted.
    pub(super) color: bool,
    /// The rules that there are.
    pub(super) rules: &'a [RuleMeta],
}

impl Talk<'_> {
    /// Says what could not be known, a line each.
    pub(super) fn unknowns(&self, err: &mut dyn Write) -> io::Result<()> {
        let sources = self.sources;
        let locator = Locator::new(sources);
        for outcome in self.outcomes {
            for note in outcome.unknown() {
                let place = note.trace.iter().find_map(|frame| {
                    let source = sources.get(usize::try_from(frame.place.file.0).ok()?)?;
                    Some((source.path.as_str(), frame.place))
                });
                if let Some((path, place)) = place {
                    let prefix = if path == INLINE { "" } else { self.prefix };
                    let start = locator.span(place).start;
                    write!(err, "{prefix}{}:{}:{}: ", clean(path), start.line, start.column)?;
                }
                writeln!(err, "not known: {}", clean(&note.message))?;
            }
        }
        Ok(())
    }

    /// Counts what came out. Only a person is told the time.
    pub(super) fn summary(&self, elapsed: Option<Duration>, err: &mut dyn Write) -> io::Result<()> {
        let count = |verdict| {
            self.outcomes
                .iter()
                .filter(|outcome| outcome.verdict() == verdict)
                .count()
        };
        let all = counted(self.outcomes.len(), "node");
        write!(
            err,
            "Compiled {all}: {} success, {} error, {} skipped",
            count(Verdict::Success),
            count(Verdict::Error),
            count(Verdict::Skipped)
        )?;
        let unknown = self
            .outcomes
            .iter()
            .filter(|outcome| !outcome.unknown().is_empty())
            .count();
        if unknown > 0 {
            write!(
                err,
                "; {} not fully known without a warehouse",
                counted(unknown, "node")
            )?;
        }
        if let Some(elapsed) = elapsed {
            write!(err, " in {:.2} s", elapsed.as_secs_f64())?;
        }
        writeln!(err)
    }
}
