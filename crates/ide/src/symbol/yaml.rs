//! Occurrences in YAML.

use glueline_project::FileKind;

use super::scan::Scan;

/// Reads a file of YAML.
pub(super) fn file(_scan: &mut Scan<'_>, _kind: FileKind) {}
