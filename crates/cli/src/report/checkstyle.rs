//! Checkstyle XML, which many servers for continuous integration read.

use std::io::{self, Write};

use glueline_base::Severity;

use super::xml::Xml;
use super::{Locator, Report};

/// Prints one document with a `file` element per file.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<checkstyle version=\"4.3\">")?;
    for group in report.diagnostics.chunk_by(|a, b| a.at.file == b.at.file) {
        let Some(first) = group.first() else { continue };
        writeln!(out, "  <file name=\"{}\">", Xml(&report.place(first.at.file)))?;
        for diagnostic in group {
            let start = locator.span(diagnostic.at).start;
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info | Severity::Hint => "info",
            };
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"glueline.{}\"/>",
                start.line,
                start.column,
                Xml(&diagnostic.message),
                Xml(diagnostic.rule),
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{assert_well_formed_xml, printed, printed_empty};

    #[test]
    fn findings_stand_below_their_file() {
        let want = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<checkstyle version=\"4.3\">
  <file name=\"dbt_project.yml\">
    <error line=\"2\" column=\"10\" severity=\"warning\" message=\"`1.0` is a number here; quote it to keep it a version.\" source=\"glueline.version-is-a-number\"/>
  </file>
  <file name=\"models/orders.sql\">
    <error line=\"2\" column=\"23\" severity=\"error\" message=\"`merge` needs `unique_key`, dbt-glue refuses the model.\" source=\"glueline.merge-without-unique-key\"/>
  </file>
  <file name=\"models/sub dir/odd%,:.sql\">
    <error line=\"1\" column=\"13\" severity=\"info\" message=\"Odd: 100% &lt;&quot;odd&quot;&gt;&#10;and \u{FFFD}[31mred &amp; &apos;quoted&apos;.\" source=\"glueline.version-is-a-number\"/>
  </file>
</checkstyle>
";
        let text = printed(Format::Checkstyle);
        assert_eq!(text, want);
        assert_well_formed_xml(&text);
        assert_well_formed_xml(&printed_empty(Format::Checkstyle));
    }
}
