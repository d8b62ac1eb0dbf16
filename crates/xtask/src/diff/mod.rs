//! Compares the catalogue with an installed release, area by area.

mod classes;
mod known;
mod macros;
mod reads;
mod types;
mod versions;

use crate::report::Report;
use crate::upstream::Upstream;

/// Everything that differs. Fails where a file of the release is missing or does not say what it used to.
pub(crate) fn compare(upstream: &Upstream<'_>) -> Result<Report, String> {
    let mut report = Report::default();
    let mut known = known::Known::default();
    versions::compare(upstream, &mut report)?;
    classes::compare(upstream, &mut report, &mut known)?;
    reads::compare(upstream, &mut report, &mut known)?;
    macros::compare(upstream, &mut report, &mut known)?;
    known.report_unused(&mut report);
    Ok(report)
}
