//! GitLab's code quality report: the subset of the Code Climate format that GitLab reads.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use glueline_base::{Diagnostic, Severity};
use serde::Serialize;

use super::{Locator, Report};

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Prints one array.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let issues: Vec<Issue<'_>> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let span = locator.span(diagnostic.at);
            Issue {
                description: &diagnostic.message,
                check_name: diagnostic.rule,
                fingerprint: fingerprint(report, &locator, diagnostic, &mut seen),
                severity: match diagnostic.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Info => "minor",
                    Severity::Hint => "info",
                },
                location: Location {
                    path: report.place(diagnostic.at.file),
                    lines: Lines {
                        begin: span.start.line,
                        end: span.end.line,
                    },
                },
            }
        })
        .collect();
    serde_json::to_writer(&mut *out, &issues)?;
    out.write_all(b"\n")
}

/// A name for a finding that survives lines moving above it: it is made of the rule, the path, the message and
/// the line's own text, and of a running number among those that are alike.
pub(super) fn fingerprint(
    report: &Report<'_>,
    locator: &Locator<'_>,
    diagnostic: &Diagnostic,
    seen: &mut BTreeMap<u64, u64>,
) -> String {
    let file = diagnostic.at.file;
    let line = locator.line_of(file, diagnostic.at.range.start());
    let text = locator.line(file, line).map_or("", |(_, text)| text.trim());
    // Enough to know a line by, even where a whole file is one line.
    let text = text.split_at(text.floor_char_boundary(LINE)).0;
    let path = report.path(file);
    let parts = [diagnostic.rule, &*path, diagnostic.message.as_str(), text];
    let hash = parts
        .iter()
        .fold(FNV_OFFSET, |hash, part| fnv(fnv(hash, part.as_bytes()), &[0xFF]));
    let alike = seen.entry(hash).or_default();
    let hash = fnv(hash, &alike.to_le_bytes());
    *alike += 1;
    format!("{hash:016x}")
}

/// How many bytes of a line count.
const LINE: usize = 400;

/// FNV-1a, 64 bits: short, and the same on every machine and in every version.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

#[cfg(test)]
mod tests {
    use glueline_base::{FileId, FileRange, Source, range};

    use super::super::testing::{META, printed, printed_empty, sample};
    use super::super::{Format, write};
    use super::*;

    #[test]
    fn the_array_is_what_gitlab_reads() {
        let want = concat!(
            r#"[{"description":"`1.0` is a number here; quote it to keep it a version.","check_name":"version-is-a-number","fingerprint":"4a8ea71fc2357b86","severity":"major","location":{"path":"dbt_project.yml","lines":{"begin":2,"end":2}}},"#,
            r#"{"description":"`merge` needs `unique_key`, dbt-glue refuses the model.","check_name":"merge-without-unique-key","fingerprint":"5e13447a7ccdcb55","severity":"critical","location":{"path":"models/orders.sql","lines":{"begin":2,"end":2}}},"#,
            r#"{"description":"Odd: 100% <\"odd\">\nand \u001b[31mred & 'quoted'.","check_name":"version-is-a-number","fingerprint":"90d661ce5cdfa618","severity":"info","location":{"path":"models/sub dir/odd%,:.sql","lines":{"begin":1,"end":1}}}]"#,
            "\n"
        );
        assert_eq!(printed(Format::Gitlab), want);
        assert_eq!(printed_empty(Format::Gitlab), "[]\n");
    }

    #[test]
    fn fingerprints_survive_a_moved_line_and_tell_twins_apart() {
        let fingerprints = |text: &str| {
            let sources = [Source::decode("a.sql".into(), text.as_bytes().to_vec())];
            let found: Vec<_> = text
                .match_indices('x')
                .map(|(at, _)| FileRange {
                    file: FileId(0),
                    range: range(at, at + 1),
                })
                .map(|at| Diagnostic::new(&META[0], at, "x"))
                .collect();
            let sample = sample();
            let mut report = sample.report();
            (report.sources, report.diagnostics) = (&sources, &found);
            let mut out = Vec::new();
            write(&report, Format::Gitlab, false, &mut out).unwrap();
            let issues: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
            let of = |issue: &serde_json::Value| issue["fingerprint"].as_str().unwrap().to_owned();
            issues.iter().map(of).collect::<Vec<_>>()
        };
        let before = fingerprints("x\nx\n");
        assert_eq!(fingerprints("-- new\n\n  x\nx\n"), before);
        assert_ne!(before[0], before[1]);
        assert_ne!(fingerprints("x + 1\nx\n")[0], before[0]);
    }
}
