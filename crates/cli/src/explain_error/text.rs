//! Errors with their source and what they mean, for people.

use std::io::{self, Write};

use glueline_base::{Diagnostic, FileId, FileRange, Group, Related, RuleMeta, Severity, range};
use glueline_plan::answer::{CountsIn, Finding};
use glueline_project::Project;

use super::{Explained, Known};
use crate::report::{self, Format, Report};

/// Prints each error as `glueline check` prints its findings.
pub(super) fn write(
    explained: &[Explained],
    known: Option<&Known>,
    rules: &[RuleMeta],
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let project = known.map(Known::project);
    let sources = project.map_or_else(Vec::new, |project| project.files().sources().to_vec());
    let diagnostics: Vec<Diagnostic> = explained.iter().map(|error| diagnostic(error, project)).collect();
    let report = Report::of_faults(
        &diagnostics,
        &sources,
        rules,
        known.map_or("", |known| &known.prefix),
    );
    report::write(&report, Format::Full, color, out)
}

pub(super) fn diagnostic(error: &Explained, project: Option<&Project>) -> Diagnostic {
    let reported = &error.reported;
    let class = reported.class.as_deref().or(reported.exception.as_deref());
    let mut lines = vec![match class {
        Some(class) => format!("[{class}] {}", reported.message),
        None => reported.message.clone(),
    }];
    if let Some(means) = reported.known {
        lines.push(means.meaning.to_owned());
        lines.push(means.advice.to_owned());
    }
    lines.extend(place(error, project));
    if let Some(means) = reported.known {
        lines.extend(error.rule().map(|rule| {
            format!("`glueline check` looks for it before a run: see `glueline explain {rule}`")
        }));
        lines.push(match error.node(project) {
            Some(node) => format!("{node}: see `glueline explain {}`", means.class),
            None => format!("see `glueline explain {}`", means.class),
        });
    } else if let Some(node) = error.node(project) {
        lines.push(node.to_owned());
    }
    let nowhere = FileRange {
        file: FileId(u32::MAX),
        range: range(0, 0),
    };
    let written = error.placed.written.map(|at| Related {
        at,
        message: "this is what writes it".to_owned(),
    });
    Diagnostic {
        rule: "",
        group: Group::Fails,
        severity: Severity::Error,
        message: lines.join("\n"),
        at: error.placed.at.unwrap_or(nowhere),
        node: None,
        related: written.into_iter().collect(),
        fix: None,
        stop: None,
        words: None,
    }
}

/// How the place was found, and where it is in the texts on the way.
fn place(error: &Explained, project: Option<&Project>) -> Option<String> {
    let placed = &error.placed;
    let statement = placed.statement_line.or_else(|| error.statement_line());
    let of_statement = |line: u32| format!("line {line} of the statement");
    let Some(finding) = placed.finding else {
        let file = project
            .zip(placed.node)
            .map(|(project, node)| project.files().info(project.node(node).file()).shown.as_str());
        return match (
            statement.map(of_statement),
            file.or(error.reported.subject.path.as_deref()),
        ) {
            (Some(line), Some(file)) => Some(format!(
                "{line} that {file} sends; the place in the file is not known"
            )),
            (Some(line), None) => Some(format!(
                "{line}; whose it is cannot be told: name the node with -s"
            )),
            (None, file) => file.map(str::to_owned),
        };
    };
    let compiled = placed.compiled_line;
    let way = statement.zip(compiled).map(|(statement, compiled)| {
        format!(
            "{} is line {compiled} of the compiled code",
            of_statement(statement)
        )
    });
    match finding {
        Finding::Exact => way,
        Finding::Behind => way.map(|_| {
            "Spark stops behind the model's own code: what is missing or too much is at its end".to_owned()
        }),
        Finding::ByLine => way.map(|way| format!("{way}; the rest of the code differs from that of the run")),
        Finding::ByName => Some("no place is told; what is named stands only here".to_owned()),
        Finding::ByWords => statement.map(|line| {
            format!(
                "{} is not of the model's own query; the same words stand here",
                of_statement(line)
            )
        }),
        Finding::Around => statement.map(|line| {
            format!(
                "{} is not of the model's own query: a hook, or what dbt-glue writes around it",
                of_statement(line)
            )
        }),
    }
}

impl Explained {
    /// The line of the statement that the text tells, where it counts in one.
    pub(super) fn statement_line(&self) -> Option<u32> {
        let is_of_file = self.reported.counts_in == CountsIn::File;
        self.reported.at.filter(|_| !is_of_file).map(|at| at.line)
    }
}
