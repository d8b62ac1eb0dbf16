//! Workflow commands that GitHub Actions turns into annotations.
//!
//! Syntax and escapes: "Workflow commands for GitHub Actions" in GitHub's documentation, and
//! `packages/core/src/command.ts` of actions/toolkit.

use std::io::{self, Write};

use glueline_base::Severity;

use super::{Locator, Report};

/// Prints `::error file=…,line=…::message` for each finding.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    for diagnostic in report.diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "notice",
        };
        let span = locator.span(diagnostic.at);
        write!(
            out,
            "::{command} title={},file={},line={},endLine={}",
            property(diagnostic.rule),
            property(&report.place(diagnostic.at.file)),
            span.start.line,
            span.end.line,
        )?;
        // Columns are understood only inside one line.
        if span.start.line == span.end.line {
            write!(out, ",col={},endColumn={}", span.start.column, span.end.column)?;
        }
        writeln!(out, "::{}", data(&diagnostic.message))?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    super::clean(&text).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, printed_empty};

    #[test]
    fn a_finding_is_a_command() {
        let want = "\
::warning title=version-is-a-number,file=dbt_project.yml,line=2,endLine=2,col=10,endColumn=13::`1.0` is a number here; quote it to keep it a version.
::error title=merge-without-unique-key,file=models/orders.sql,line=2,endLine=2,col=23,endColumn=30::`merge` needs `unique_key`, dbt-glue refuses the model.
::notice title=version-is-a-number,file=models/sub dir/odd%25%2C%3A.sql,line=1,endLine=1,col=13,endColumn=24::Odd: 100%25 <\"odd\">%0Aand ␛[31mred & 'quoted'.
";
        assert_eq!(printed(Format::Github), want);
        assert_eq!(printed_empty(Format::Github), "");
    }
}
