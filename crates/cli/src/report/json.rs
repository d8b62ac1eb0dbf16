//! `glueline-check/1`: the whole report as one JSON document, or a finding per line.

use std::borrow::Cow;
use std::io::{self, Write};

use glueline_base::{Diagnostic, Severity};
use serde::Serialize;

use super::locate::{Locator, Span};
use super::{Report, times};

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    diagnostics: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    group: &'static str,
    severity: &'static str,
    message: &'a str,
    path: Cow<'a, str>,
    range: Span,
    node: Option<&'a str>,
    url: Option<&'a str>,
    related: Vec<Place<'a>>,
    fix: Option<Mend<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: Cow<'a, str>,
    range: Span,
    message: &'a str,
}

#[derive(Serialize)]
struct Mend<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    path: Cow<'a, str>,
    range: Span,
    text: &'a str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    models: usize,
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

/// Prints one document, and a line end.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let count = |severity| times(report.diagnostics, severity);
    let document = Document {
        schema: "glueline-check/1",
        diagnostics: report
            .diagnostics
            .iter()
            .map(|diagnostic| finding(report, &locator, diagnostic))
            .collect(),
        summary: Summary {
            files: report.files,
            models: report.models,
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            info: count(Severity::Info),
            hint: count(Severity::Hint),
        },
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// Prints each finding as a document of its own on a line of its own.
pub(super) fn write_lines(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    for diagnostic in report.diagnostics {
        serde_json::to_writer(&mut *out, &finding(report, &locator, diagnostic))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Each finding as a document of its own.
#[cfg(feature = "run")]
pub(crate) fn values(report: &Report<'_>) -> Vec<serde_json::Value> {
    let locator = Locator::new(report.sources);
    let all = report.diagnostics.iter();
    // The keys are texts, and nothing in it fails to be written.
    all.filter_map(|one| serde_json::to_value(finding(report, &locator, one)).ok())
        .collect()
}

fn finding<'a>(report: &Report<'a>, locator: &Locator<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let related = diagnostic.related.iter().map(|related| Place {
        path: report.path(related.at.file),
        range: locator.span(related.at),
        message: &related.message,
    });
    let fix = diagnostic.fix.as_ref().map(|fix| Mend {
        title: &fix.title,
        safety: fix.safety.name(),
        edits: fix
            .edits
            .iter()
            .map(|edit| Replacement {
                path: report.path(edit.at.file),
                range: locator.span(edit.at),
                text: &edit.text,
            })
            .collect(),
    });
    Finding {
        rule: diagnostic.rule,
        group: diagnostic.group.name(),
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        path: report.path(diagnostic.at.file),
        range: locator.span(diagnostic.at),
        node: diagnostic.node.as_deref(),
        url: None,
        related: related.collect(),
        fix,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{printed, printed_empty, sample};
    use super::super::{Format, write};

    const FIRST: &str = r#"{"rule":"version-is-a-number","group":"ineffective","severity":"warning","message":"`1.0` is a number here; quote it to keep it a version.","path":"dbt_project.yml","range":{"start":{"line":2,"column":10},"end":{"line":2,"column":13}},"node":null,"url":null,"related":[],"fix":{"title":"Quote `1.0`","safety":"safe","edits":[{"path":"dbt_project.yml","range":{"start":{"line":2,"column":10},"end":{"line":2,"column":13}},"text":"\"1.0\""}]}}"#;
    const SECOND: &str = r#"{"rule":"merge-without-unique-key","group":"fails","severity":"error","message":"`merge` needs `unique_key`, dbt-glue refuses the model.","path":"models/orders.sql","range":{"start":{"line":2,"column":23},"end":{"line":2,"column":30}},"node":"model.shop.orders","url":null,"related":[{"path":"dbt_project.yml","range":{"start":{"line":1,"column":1},"end":{"line":1,"column":11}},"message":"the project is named here"}],"fix":{"title":"Use `append`","safety":"unsafe","edits":[{"path":"models/orders.sql","range":{"start":{"line":2,"column":23},"end":{"line":2,"column":30}},"text":"'append'"}]}}"#;
    const THIRD: &str = r#"{"rule":"version-is-a-number","group":"ineffective","severity":"hint","message":"Odd: 100% <\"odd\">\nand \u001b[31mred & 'quoted'.","path":"models/sub dir/odd%,:.sql","range":{"start":{"line":1,"column":13},"end":{"line":1,"column":24}},"node":null,"url":null,"related":[],"fix":null}"#;

    #[test]
    fn the_document_is_what_the_schema_says() {
        let summary = r#"{"files":3,"models":2,"error":1,"warning":1,"info":0,"hint":1}"#;
        let want = format!(
            "{{\"schema\":\"glueline-check/1\",\"diagnostics\":[{FIRST},{SECOND},{THIRD}],\"summary\":{summary}}}\n"
        );
        assert_eq!(printed(Format::Json), want);
        let empty = r#"{"schema":"glueline-check/1","diagnostics":[],"summary":{"files":3,"models":2,"error":0,"warning":0,"info":0,"hint":0}}"#;
        assert_eq!(printed_empty(Format::Json), format!("{empty}\n"));
    }

    #[test]
    fn a_finding_is_a_line_and_nothing_is_nothing() {
        assert_eq!(
            printed(Format::JsonLines),
            format!("{FIRST}\n{SECOND}\n{THIRD}\n")
        );
        assert_eq!(printed_empty(Format::JsonLines), "");
    }

    #[test]
    fn paths_stay_relative_to_the_project() {
        let sample = sample();
        let mut report = sample.report();
        report.prefix = "shop/";
        let mut out = Vec::new();
        write(&report, Format::Json, false, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), printed(Format::Json));
    }
}
