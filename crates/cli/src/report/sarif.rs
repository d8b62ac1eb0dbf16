//! SARIF 2.1.0, as code scanning services read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use glueline_base::{Diagnostic, Edit, FileId, FileRange, RuleMeta, Severity};
use serde_json::{Value, json};

use super::Report;
use super::gitlab::fingerprint;
use super::locate::Locator;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Prints one log with one run. Of the rules only those that reported are described.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let rules: Vec<&RuleMeta> = report
        .rules
        .iter()
        .filter(|rule| report.diagnostics.iter().any(|d| d.rule == rule.id))
        .collect();
    let mut seen = BTreeMap::new();
    let results: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let fingerprint = fingerprint(report, &locator, diagnostic, &mut seen);
            result(report, &locator, diagnostic, &rules, &fingerprint)
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "glueline",
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn described(rule: &RuleMeta) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": [rule.group.name()]},
    })
}

fn result(
    report: &Report<'_>,
    locator: &Locator<'_>,
    diagnostic: &Diagnostic,
    rules: &[&RuleMeta],
    fingerprint: &str,
) -> Value {
    let mut result = json!({"ruleId": diagnostic.rule});
    let Some(fields) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = rules.iter().position(|rule| rule.id == diagnostic.rule) {
        fields.insert("ruleIndex".to_owned(), json!(index));
    }
    fields.insert("level".to_owned(), json!(level(diagnostic.severity)));
    fields.insert("message".to_owned(), json!({"text": diagnostic.message}));
    let place = physical(report, locator, diagnostic.at);
    fields.insert("locations".to_owned(), json!([{"physicalLocation": place}]));
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().enumerate().map(|(id, related)| {
            json!({
                "id": id,
                "physicalLocation": physical(report, locator, related.at),
                "message": {"text": related.message},
            })
        });
        fields.insert("relatedLocations".to_owned(), related.collect());
    }
    fields.insert(
        "partialFingerprints".to_owned(),
        json!({"glueline/v1": fingerprint}),
    );
    if let Some(fix) = &diagnostic.fix {
        let mut files: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in &fix.edits {
            files.entry(edit.at.file).or_default().push(edit);
        }
        let changes: Vec<Value> = files
            .iter()
            .map(|(file, edits)| {
                let replacements = edits.iter().map(|edit| {
                    json!({
                        "deletedRegion": region(locator, edit.at),
                        "insertedContent": {"text": edit.text},
                    })
                });
                json!({
                    "artifactLocation": {"uri": uri(&report.place(*file))},
                    "replacements": replacements.collect::<Vec<_>>(),
                })
            })
            .collect();
        let fix = json!([{"description": {"text": fix.title}, "artifactChanges": changes}]);
        fields.insert("fixes".to_owned(), fix);
    }
    result
}

fn physical(report: &Report<'_>, locator: &Locator<'_>, at: FileRange) -> Value {
    json!({
        "artifactLocation": {"uri": uri(&report.place(at.file))},
        "region": region(locator, at),
    })
}

fn region(locator: &Locator<'_>, at: FileRange) -> Value {
    let span = locator.span(at);
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

/// A path as a URI reference: whatever RFC 3986 does not allow in a path is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, printed_empty};
    use super::*;

    #[test]
    fn the_log_is_what_code_scanning_reads() {
        let driver = format!(
            r#"{{"name":"glueline","informationUri":"{}","semanticVersion":"{}","rules":["#,
            env!("CARGO_PKG_REPOSITORY"),
            env!("CARGO_PKG_VERSION"),
        );
        let rules = concat!(
            r##"{"id":"merge-without-unique-key","shortDescription":{"text":"`merge` without `unique_key`"},"help":{"text":"# merge-without-unique-key\n\nMerge needs a key.\n","markdown":"# merge-without-unique-key\n\nMerge needs a key.\n"},"defaultConfiguration":{"level":"error"},"properties":{"tags":["fails"]}},"##,
            r##"{"id":"version-is-a-number","shortDescription":{"text":"a version that YAML reads as a number"},"help":{"text":"# version-is-a-number\n","markdown":"# version-is-a-number\n"},"defaultConfiguration":{"level":"warning"},"properties":{"tags":["ineffective"]}}"##,
        );
        let results = concat!(
            r#"{"ruleId":"version-is-a-number","ruleIndex":1,"level":"warning","message":{"text":"`1.0` is a number here; quote it to keep it a version."},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"dbt_project.yml"},"region":{"startLine":2,"startColumn":10,"endLine":2,"endColumn":13}}}],"partialFingerprints":{"glueline/v1":"4a8ea71fc2357b86"},"fixes":[{"description":{"text":"Quote `1.0`"},"artifactChanges":[{"artifactLocation":{"uri":"dbt_project.yml"},"replacements":[{"deletedRegion":{"startLine":2,"startColumn":10,"endLine":2,"endColumn":13},"insertedContent":{"text":"\"1.0\""}}]}]}]},"#,
            r#"{"ruleId":"merge-without-unique-key","ruleIndex":0,"level":"error","message":{"text":"`merge` needs `unique_key`, dbt-glue refuses the model."},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"models/orders.sql"},"region":{"startLine":2,"startColumn":23,"endLine":2,"endColumn":30}}}],"relatedLocations":[{"id":0,"physicalLocation":{"artifactLocation":{"uri":"dbt_project.yml"},"region":{"startLine":1,"startColumn":1,"endLine":1,"endColumn":11}},"message":{"text":"the project is named here"}}],"partialFingerprints":{"glueline/v1":"5e13447a7ccdcb55"},"fixes":[{"description":{"text":"Use `append`"},"artifactChanges":[{"artifactLocation":{"uri":"models/orders.sql"},"replacements":[{"deletedRegion":{"startLine":2,"startColumn":23,"endLine":2,"endColumn":30},"insertedContent":{"text":"'append'"}}]}]}]},"#,
            r#"{"ruleId":"version-is-a-number","ruleIndex":1,"level":"note","message":{"text":"Odd: 100% <\"odd\">\nand \u001b[31mred & 'quoted'."},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"models/sub%20dir/odd%25%2C%3A.sql"},"region":{"startLine":1,"startColumn":13,"endLine":1,"endColumn":24}}}],"partialFingerprints":{"glueline/v1":"90d661ce5cdfa618"}}"#,
        );
        let head = format!(r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"tool":{{"driver":"#);
        let want = format!(
            "{head}{driver}{rules}]}}}},\"columnKind\":\"unicodeCodePoints\",\"results\":[{results}]}}]}}\n"
        );
        assert_eq!(printed(Format::Sarif), want);
        let want = format!("{head}{driver}]}}}},\"columnKind\":\"unicodeCodePoints\",\"results\":[]}}]}}\n");
        assert_eq!(printed_empty(Format::Sarif), want);
    }

    #[test]
    fn paths_become_uris() {
        for (path, want) in [
            ("a b/é.sql", "a%20b/%C3%A9.sql"),
            ("/home/x.yml", "file:///home/x.yml"),
            ("50%#?.sql", "50%25%23%3F.sql"),
        ] {
            assert_eq!(uri(path), want);
        }
    }
}
