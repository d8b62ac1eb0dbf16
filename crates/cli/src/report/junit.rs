//! JUnit XML: a suite per file, a case per finding. What is below the failing level is a case that passes.

use std::io::{self, Write};

use glueline_base::Diagnostic;

use super::xml::Xml;
use super::{Locator, Report};

/// Prints one document. A clean project is one case that passes, since many readers take an empty document
/// for a failed upload.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let failures = |found: &[Diagnostic]| found.iter().filter(|d| d.severity >= report.fail_on).count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    if report.diagnostics.is_empty() {
        writeln!(out, "<testsuites name=\"glueline\" tests=\"1\" failures=\"0\">")?;
        writeln!(out, "  <testsuite name=\"glueline\" tests=\"1\" failures=\"0\">")?;
        writeln!(out, "    <testcase name=\"check\" classname=\"glueline\"/>")?;
        writeln!(out, "  </testsuite>")?;
        return writeln!(out, "</testsuites>");
    }
    writeln!(
        out,
        "<testsuites name=\"glueline\" tests=\"{}\" failures=\"{}\">",
        report.diagnostics.len(),
        failures(report.diagnostics),
    )?;
    for group in report.diagnostics.chunk_by(|a, b| a.at.file == b.at.file) {
        let Some(first) = group.first() else { continue };
        let place = report.place(first.at.file);
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">",
            Xml(&place),
            group.len(),
            failures(group),
        )?;
        for diagnostic in group {
            let start = locator.span(diagnostic.at).start;
            writeln!(
                out,
                "    <testcase name=\"{} at {}:{}\" classname=\"{}\" file=\"{}\" line=\"{}\">",
                Xml(diagnostic.rule),
                start.line,
                start.column,
                Xml(&place),
                Xml(&place),
                start.line,
            )?;
            let (severity, message) = (diagnostic.severity, Xml(&diagnostic.message));
            if severity >= report.fail_on {
                writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\"/>")?;
            } else {
                writeln!(out, "      <system-out>{severity}: {message}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::testing::{assert_well_formed_xml, printed, printed_empty};

    #[test]
    fn what_fails_the_check_fails_its_case() {
        let want = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"glueline\" tests=\"3\" failures=\"2\">
  <testsuite name=\"dbt_project.yml\" tests=\"1\" failures=\"1\">
    <testcase name=\"version-is-a-number at 2:10\" classname=\"dbt_project.yml\" file=\"dbt_project.yml\" line=\"2\">
      <failure type=\"warning\" message=\"`1.0` is a number here; quote it to keep it a version.\"/>
    </testcase>
  </testsuite>
  <testsuite name=\"models/orders.sql\" tests=\"1\" failures=\"1\">
    <testcase name=\"merge-without-unique-key at 2:23\" classname=\"models/orders.sql\" file=\"models/orders.sql\" line=\"2\">
      <failure type=\"error\" message=\"`merge` needs `unique_key`, dbt-glue refuses the model.\"/>
    </testcase>
  </testsuite>
  <testsuite name=\"models/sub dir/odd%,:.sql\" tests=\"1\" failures=\"0\">
    <testcase name=\"version-is-a-number at 1:13\" classname=\"models/sub dir/odd%,:.sql\" file=\"models/sub dir/odd%,:.sql\" line=\"1\">
      <system-out>hint: Odd: 100% &lt;&quot;odd&quot;&gt;&#10;and \u{FFFD}[31mred &amp; &apos;quoted&apos;.</system-out>
    </testcase>
  </testsuite>
</testsuites>
";
        let text = printed(Format::Junit);
        assert_eq!(text, want);
        assert_well_formed_xml(&text);
    }

    #[test]
    fn a_clean_project_is_a_case_that_passes() {
        let text = printed_empty(Format::Junit);
        assert_well_formed_xml(&text);
        assert!(text.contains("tests=\"1\" failures=\"0\""), "{text}");
    }
}
