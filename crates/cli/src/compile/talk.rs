//! What is said of a compilation on standard error.

use std::io::{self, Write};
use std::time::Duration;

use glueline_base::RuleMeta;
use glueline_project::Project;

use super::outcome::{Outcome, Verdict};
use crate::report::{Locator, clean, counted};

/// What is said of a compilation.
pub(super) struct Talk<'a> {
    /// The project.
    pub(super) project: &'a Project,
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
        let sources = self.project.files().sources();
        let locator = Locator::new(sources);
        for outcome in self.outcomes {
            for note in outcome.unknown() {
                let place = note
                    .trace
                    .iter()
                    .map(|frame| frame.place)
                    .find(|place| usize::try_from(place.file.0).is_ok_and(|file| file < sources.len()));
                if let Some(place) = place {
                    let path = &self.project.files().source(place.file).path;
                    let start = locator.span(place).start;
                    write!(
                        err,
                        "{}{}:{}:{}: ",
                        self.prefix,
                        clean(path.as_str()),
                        start.line,
                        start.column
                    )?;
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
