//! Printing what was found, in every format.
//!
//! A report is printed from the findings and the texts alone: the same input gives the same bytes.

mod checkstyle;
mod clean;
mod concise;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod locate;
mod rdjson;
mod sarif;
mod statistics;
mod summary;
#[cfg(test)]
mod testing;
mod xml;

use std::borrow::Cow;
use std::io::{self, Write};

use clap::ValueEnum;
use glueline_base::{Diagnostic, FileId, RuleMeta, Severity, Source};
use glueline_project::Project;

pub(crate) use clean::clean;
#[cfg(feature = "run")]
pub(crate) use json::values;
pub(crate) use locate::{Locator, Span};
pub(crate) use statistics::statistics;
use summary::times;
pub(crate) use summary::{counted, summary};

/// What stands for the path of a text of the command line.
pub(crate) const INLINE: &str = "<inline>";

/// What was found, with all that is needed to show it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report<'a> {
    /// The findings, as [`sort`] orders them.
    pub diagnostics: &'a [Diagnostic],
    /// The files, at the index that is their [`FileId`].
    pub sources: &'a [Source],
    /// How many files were read.
    pub files: usize,
    /// How many models the project has.
    pub models: usize,
    /// The rules that may appear.
    pub rules: &'a [RuleMeta],
    /// What has to stand before a path relative to the project so that it can be opened from where the user
    /// is: empty, or ending in `/`.
    pub prefix: &'a str,
    /// The least severity that fails the check.
    pub fail_on: Severity,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source, for people
    Full,
    /// One line per finding
    Concise,
    /// One JSON document
    Json,
    /// One JSON object per line and finding
    JsonLines,
    /// GitHub workflow commands
    Github,
    /// GitLab code quality
    Gitlab,
    /// JUnit XML
    Junit,
    /// SARIF 2.1.0
    Sarif,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog diagnostic format
    Rdjson,
}

impl Format {
    /// Whether a person reads it: such a format ends with a summary.
    pub(crate) const fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }
}

impl<'a> Report<'a> {
    /// Why something could not be done: errors, with what they are about. It is no look at a project, and counts none of it.
    pub(crate) fn of_faults(
        diagnostics: &'a [Diagnostic],
        sources: &'a [Source],
        rules: &'a [RuleMeta],
        prefix: &'a str,
    ) -> Self {
        Self {
            diagnostics,
            sources,
            files: sources.len(),
            models: 0,
            rules,
            prefix,
            fail_on: Severity::Error,
        }
    }

    /// The path of a file relative to the project, with `/`.
    pub(crate) fn path(&self, file: FileId) -> Cow<'a, str> {
        match self.source(file) {
            Some(source) if cfg!(windows) => Cow::Owned(source.path.as_str().replace('\\', "/")),
            Some(source) => Cow::Borrowed(source.path.as_str()),
            None => Cow::Borrowed(""),
        }
    }

    /// The path of a file as it can be opened from where the user is.
    pub(crate) fn place(&self, file: FileId) -> Cow<'a, str> {
        let path = self.path(file);
        let opens_as_it_is = |source: &Source| source.path.is_absolute() || source.path == INLINE;
        if self.prefix.is_empty() || self.source(file).is_some_and(opens_as_it_is) {
            return path;
        }
        Cow::Owned(format!("{}{path}", self.prefix))
    }

    fn source(&self, file: FileId) -> Option<&'a Source> {
        self.sources.get(usize::try_from(file.0).ok()?)
    }
}

/// Puts findings in the order in which they are reported: path, start, rule.
pub(crate) fn sort(diagnostics: &mut [Diagnostic], sources: &[Source]) {
    let path = |file: FileId| {
        usize::try_from(file.0)
            .ok()
            .and_then(|at| sources.get(at))
            .map_or("", |source| source.path.as_str())
    };
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.at.range.start(), d.rule, d.at.range.end());
        path(a.at.file)
            .cmp(path(b.at.file))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
}

/// Prints for people why something could not be done with a project, with what it is about.
pub(crate) fn write_faults(
    diagnostics: &[Diagnostic],
    project: &Project,
    rules: &[RuleMeta],
    prefix: &str,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sources = project.files().sources().to_vec();
    let report = Report::of_faults(diagnostics, &sources, rules, prefix);
    write(&report, Format::Full, color, out)
}

/// Prints the findings. Colours concern the formats for people alone.
pub(crate) fn write(report: &Report<'_>, format: Format, color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => full::write(report, color, out),
        Format::Concise => concise::write(report, color, out),
        Format::Json => json::write(report, out),
        Format::JsonLines => json::write_lines(report, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Checkstyle => checkstyle::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::{FileRange, range};

    use super::testing::{META, assert_well_formed_xml, sample};
    use super::*;

    #[test]
    fn findings_are_ordered_by_path_start_and_rule() {
        let sources: Vec<_> = ["b.sql", "a.sql"]
            .map(|path| Source::decode(path.into(), Vec::new()))
            .into();
        let at = |file, start| FileRange {
            file: FileId(file),
            range: range(start, start),
        };
        let mut found = vec![
            Diagnostic::new(&META[0], at(0, 0), "last"),
            Diagnostic::new(&META[0], at(1, 5), "third"),
            Diagnostic::new(&META[0], at(1, 2), "b"),
            Diagnostic::new(&META[0], at(1, 2), "a"),
        ];
        sort(&mut found, &sources);
        let messages: Vec<_> = found.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["a", "b", "third", "last"]);
    }

    #[test]
    fn a_prefix_makes_paths_openable_but_leaves_absolute_ones() {
        let sample = sample();
        let mut report = sample.report();
        report.prefix = "shop/";
        assert_eq!(report.place(FileId(0)), "shop/dbt_project.yml");
        assert_eq!(report.path(FileId(0)), "dbt_project.yml");
        assert_eq!(report.place(FileId(99)), "shop/");
        let absolute = [Source::decode("/home/me/.dbt/profiles.yml".into(), Vec::new())];
        report.sources = &absolute;
        assert_eq!(report.place(FileId(0)), "/home/me/.dbt/profiles.yml");
    }

    #[test]
    fn no_format_falls_over_a_range_that_fits_no_text() {
        let sample = sample();
        let mut broken: Vec<Diagnostic> = Vec::new();
        for file in [0, 1, 2, 7, u32::MAX] {
            for (start, end) in [(0, 0), (1, 4), (3, 9999), (9999, 10_000), (0, usize::MAX)] {
                let at = FileRange {
                    file: FileId(file),
                    range: range(start, end),
                };
                let fix = glueline_base::Fix::safe("Mend").replace(at, "x");
                broken.push(
                    Diagnostic::new(&META[0], at, "broken")
                        .related(at, "there")
                        .fix(fix),
                );
            }
        }
        let mut report = sample.report();
        report.diagnostics = &broken;
        for format in Format::value_variants() {
            for color in [false, true] {
                let mut out = Vec::new();
                write(&report, *format, color, &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                assert!(text.contains("broken"), "{format:?}");
                match format {
                    Format::Junit | Format::Checkstyle => assert_well_formed_xml(&text),
                    Format::Json | Format::Gitlab | Format::Sarif | Format::Rdjson => {
                        serde_json::from_str::<serde_json::Value>(&text).unwrap();
                    }
                    Format::Full | Format::Concise | Format::Github | Format::JsonLines => {}
                }
            }
        }
    }
}
