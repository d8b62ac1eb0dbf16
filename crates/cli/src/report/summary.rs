//! The last line for people.

use std::fmt::Write;
use std::time::Duration;

use glueline_base::{Diagnostic, Safety, Severity};

use super::Report;

/// How many findings there are of a severity.
pub(crate) fn times(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|d| d.severity == severity).count()
}

/// `Found 3 errors, 2 warnings in 120 files (98 models) in 41 ms; 2 fixable with --fix`, with the time only if
/// it is given.
pub(crate) fn summary(report: &Report<'_>, elapsed: Option<Duration>) -> String {
    let counts: Vec<String> = Severity::ALL
        .iter()
        .map(|severity| (*severity, times(report.diagnostics, *severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| match severity {
            // "2 infos" is no English.
            Severity::Info => format!("{count} info"),
            other => counted(count, other.name()),
        })
        .collect();
    let mut line = if counts.is_empty() {
        "No findings".to_owned()
    } else {
        format!("Found {}", counts.join(", "))
    };
    let (files, models) = (counted(report.files, "file"), counted(report.models, "model"));
    let _ = write!(line, " in {files} ({models})");
    if let Some(elapsed) = elapsed {
        let _ = match elapsed.as_millis() {
            short @ ..10_000 => write!(line, " in {short} ms"),
            _ => write!(line, " in {:.1} s", elapsed.as_secs_f32()),
        };
    }
    let fixable = |safety| {
        report
            .diagnostics
            .iter()
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .filter(|fix| fix.safety == safety)
            .count()
    };
    let _ = match (fixable(Safety::Safe), fixable(Safety::Unsafe)) {
        (0, 0) => Ok(()),
        (safe, 0) => write!(line, "; {safe} fixable with --fix"),
        (0, more) => write!(line, "; {more} fixable with --fix --unsafe-fixes"),
        (safe, more) => write!(
            line,
            "; {safe} fixable with --fix, {more} more with --unsafe-fixes"
        ),
    };
    line
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;

    #[test]
    fn the_last_line_tells_the_size_of_it() {
        let sample = sample();
        let mut report = sample.report();
        assert_eq!(
            summary(&report, None),
            "Found 1 error, 1 warning, 1 hint in 3 files (2 models); \
             1 fixable with --fix, 1 more with --unsafe-fixes"
        );
        report.diagnostics = &report.diagnostics[..1];
        assert_eq!(
            summary(&report, Some(Duration::from_millis(41))),
            "Found 1 warning in 3 files (2 models) in 41 ms; 1 fixable with --fix"
        );
        report.diagnostics = &[];
        (report.files, report.models) = (1, 0);
        assert_eq!(
            summary(&report, Some(Duration::from_millis(12_345))),
            "No findings in 1 file (0 models) in 12.3 s"
        );
    }
}
