//! Reviewdog's diagnostic format, with suggestions.
//!
//! Its columns count bytes of UTF-8, from 1 (`proto/rdf/reviewdog.proto` in reviewdog/reviewdog).

use std::borrow::Cow;
use std::io::{self, Write};

use glueline_base::{Diagnostic, FileRange, Severity};
use serde::Serialize;

use super::Report;
use super::locate::{Locator, Span};

#[derive(Serialize)]
struct Document<'a> {
    source: Tool,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Span,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Span,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

/// Prints one document.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let document = Document {
        source: Tool {
            name: "glueline",
            url: env!("CARGO_PKG_REPOSITORY"),
        },
        diagnostics: report
            .diagnostics
            .iter()
            .map(|diagnostic| finding(report, &locator, diagnostic))
            .collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn finding<'a>(report: &Report<'a>, locator: &Locator<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let location = |at: FileRange| Location {
        path: report.place(at.file),
        range: locator.byte_span(at),
    };
    // A suggestion is applied alone and to the file of its finding, so only a fix of one edit there is one.
    let suggestions = diagnostic
        .fix
        .iter()
        .filter_map(|fix| match fix.edits.as_slice() {
            [edit] if edit.at.file == diagnostic.at.file => Some(edit),
            _ => None,
        })
        .map(|edit| Suggestion {
            range: locator.byte_span(edit.at),
            text: &edit.text,
        });
    let related = diagnostic.related.iter().map(|related| Related {
        message: &related.message,
        location: location(related.at),
    });
    Finding {
        message: &diagnostic.message,
        location: location(diagnostic.at),
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info | Severity::Hint => "INFO",
        },
        code: Code {
            value: diagnostic.rule,
        },
        suggestions: suggestions.collect(),
        related: related.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, printed_empty};

    #[test]
    fn the_document_is_what_reviewdog_reads() {
        let tool = format!(
            "\"source\":{{\"name\":\"glueline\",\"url\":\"{}\"}}",
            env!("CARGO_PKG_REPOSITORY")
        );
        let first = r#"{"message":"`1.0` is a number here; quote it to keep it a version.","location":{"path":"dbt_project.yml","range":{"start":{"line":2,"column":10},"end":{"line":2,"column":13}}},"severity":"WARNING","code":{"value":"version-is-a-number"},"suggestions":[{"range":{"start":{"line":2,"column":10},"end":{"line":2,"column":13}},"text":"\"1.0\""}]}"#;
        let second = r#"{"message":"`merge` needs `unique_key`, dbt-glue refuses the model.","location":{"path":"models/orders.sql","range":{"start":{"line":2,"column":23},"end":{"line":2,"column":30}}},"severity":"ERROR","code":{"value":"merge-without-unique-key"},"suggestions":[{"range":{"start":{"line":2,"column":23},"end":{"line":2,"column":30}},"text":"'append'"}],"relatedLocations":[{"message":"the project is named here","location":{"path":"dbt_project.yml","range":{"start":{"line":1,"column":1},"end":{"line":1,"column":11}}}}]}"#;
        let third = r#"{"message":"Odd: 100% <\"odd\">\nand \u001b[31mred & 'quoted'.","location":{"path":"models/sub dir/odd%,:.sql","range":{"start":{"line":1,"column":13},"end":{"line":1,"column":24}}},"severity":"INFO","code":{"value":"version-is-a-number"}}"#;
        let want = format!("{{{tool},\"diagnostics\":[{first},{second},{third}]}}\n");
        assert_eq!(printed(Format::Rdjson), want);
        assert_eq!(
            printed_empty(Format::Rdjson),
            format!("{{{tool},\"diagnostics\":[]}}\n")
        );
    }
}
