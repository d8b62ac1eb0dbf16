//! One line per finding: `path:line:column: severity[rule] message`.

use std::io::{self, Write};

use super::full::severity_color;
use super::{Locator, Report, clean};

/// Prints one line per finding.
pub(super) fn write(report: &Report<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    for diagnostic in report.diagnostics {
        let start = locator.span(diagnostic.at).start;
        let place = report.place(diagnostic.at.file);
        let (on, off) = if color {
            (severity_color(diagnostic.severity), "\x1b[0m")
        } else {
            ("", "")
        };
        writeln!(
            out,
            "{}:{}:{}: {on}{}[{}]{off} {}",
            clean(&place),
            start.line,
            start.column,
            diagnostic.severity,
            diagnostic.rule,
            clean(&diagnostic.message),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{printed, printed_empty};

    #[test]
    fn a_finding_is_a_line() {
        let want = "\
dbt_project.yml:2:10: warning[version-is-a-number] `1.0` is a number here; quote it to keep it a version.
models/orders.sql:2:23: error[merge-without-unique-key] `merge` needs `unique_key`, dbt-glue refuses the model.
models/sub dir/odd%,:.sql:1:13: hint[version-is-a-number] Odd: 100% <\"odd\"> and ␛[31mred & 'quoted'.
";
        assert_eq!(printed(Format::Concise), want);
        assert_eq!(printed_empty(Format::Concise), "");
    }
}
