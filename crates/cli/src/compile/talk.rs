//! What is said of a compilation on standard error.

use std::io::{self, Write};
use std::time::Duration;

use glueline_base::{Diagnostic, FileId, FileRange, Group, Related, RuleMeta, Severity, range};
use glueline_project::{NodeId, Project, ResourceType};
use glueline_render::Failure;
use glueline_template::ErrorKind;

use super::outcome::{Outcome, Verdict};
use crate::report::{self, Format, Locator, Report, clean, counted};

/// How many of the nodes that depend on a failed one are named.
const NAMED: usize = 5;

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
    /// Shows each fault once, with the lines it is about, however many nodes fail of it.
    pub(super) fn failures(&self, err: &mut dyn Write) -> io::Result<()> {
        let mut seen: Vec<(Option<NodeId>, &str)> = Vec::new();
        let mut diagnostics = Vec::new();
        for outcome in self.outcomes {
            let Some(failure) = outcome.failure() else {
                continue;
            };
            let key = (failure.node, failure.message.as_str());
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            diagnostics.push(self.diagnostic(outcome, failure));
        }
        let report = Report {
            diagnostics: &diagnostics,
            sources: self.project.files().sources(),
            files: self.project.files().len(),
            models: 0,
            rules: self.rules,
            prefix: self.prefix,
            fail_on: Severity::Error,
        };
        report::write(&report, Format::Full, self.color, err)
    }

    fn diagnostic(&self, outcome: &Outcome, failure: &Failure) -> Diagnostic {
        let nowhere = FileRange {
            file: FileId(u32::MAX),
            range: range(0, 0),
        };
        let failed = failure.node.or(outcome.node);
        let at = failure
            .place()
            .or_else(|| Some(self.project.node(failed?).at))
            .or_else(|| Some(outcome.operation.as_ref()?.place))
            .unwrap_or(nowhere);
        let subject = match (failed, &outcome.operation) {
            (Some(node), _) => {
                let node = self.project.node(node);
                format!("{} `{}`", capital(kind(node.kind)), node.name)
            }
            (None, Some(operation)) => format!("Hook `{}`", operation.name),
            (None, None) => "The query".to_owned(),
        };
        let verb = if failure.error.kind() == ErrorKind::Unsupported {
            "cannot be compiled by this version of Glueline"
        } else {
            "cannot be compiled"
        };
        let mut message = format!("{subject} {verb}: {}", failure.reason());
        if let Some(dependents) = failed.and_then(|node| self.dependents(node)) {
            message.push('\n');
            message.push_str(&dependents);
        }
        Diagnostic {
            rule: "",
            group: Group::Fails,
            severity: Severity::Error,
            message,
            at,
            node: failed.map(|node| self.project.node(node).unique_id.to_string()),
            related: calls(failure),
            fix: None,
        }
    }

    /// Who cannot be built either: `3 nodes depend on it: a, b and c`.
    fn dependents(&self, node: NodeId) -> Option<String> {
        let graph = self.project.graph();
        let mut found = vec![node];
        let mut next = 0;
        while let Some(&node) = found.get(next) {
            next += 1;
            for child in graph.children(node) {
                if !found.contains(child) {
                    found.push(*child);
                }
            }
        }
        let mut names: Vec<&str> = found
            .iter()
            .skip(1)
            .map(|node| self.project.node(*node))
            .filter(|node| node.kind.is_refable())
            .map(|node| &*node.name)
            .collect();
        names.sort_unstable();
        let (count, more) = (names.len(), names.len().saturating_sub(NAMED));
        names.truncate(NAMED);
        let mut list = names.join(", ");
        if more > 0 {
            list.push_str(&format!(" and {more} more"));
        }
        match count {
            0 => None,
            1 => Some(format!("1 node depends on it: {list}")),
            _ => Some(format!("{count} nodes depend on it: {list}")),
        }
    }

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

/// The calls that led to a fault, the innermost first: at each, what is called there.
fn calls(failure: &Failure) -> Vec<Related> {
    let called = failure.error.trace().iter();
    called
        .zip(failure.calls())
        .map(|(called, caller)| Related {
            at: caller.place,
            message: format!("`{}` is called here", called.name),
        })
        .collect()
}

const fn kind(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::UnitTest => "unit test",
        other => other.name(),
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
