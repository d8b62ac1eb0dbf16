//! The releases themselves.

use glueline_catalog::AdapterVersion;

use crate::report::Report;
use crate::upstream::Upstream;

/// Compares the installed releases with those the catalogue describes.
pub(super) fn compare(upstream: &Upstream<'_>, report: &mut Report) -> Result<(), String> {
    let described = [
        ("dbt_glue", AdapterVersion::DESCRIBED.to_string()),
        ("dbt_core", AdapterVersion::DBT_CORE.to_owned()),
    ];
    for (distribution, described) in &described {
        let installed = upstream.version(distribution)?;
        if installed != *described {
            report.differs(format!(
                "{distribution} {installed} is installed, the catalogue describes {described}"
            ));
        }
    }
    report.compared("releases", described.len());
    Ok(())
}
