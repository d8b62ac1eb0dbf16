//! Places in a few words, for tables of tests.

use glueline_base::{FileRange, TextRange, slice};
use glueline_ide::Analysis;

/// `path:line written`; nothing written for the start of a file.
pub(crate) fn place(analysis: &Analysis, at: FileRange) -> String {
    let text = analysis.text(at.file);
    let before = slice(text, TextRange::up_to(at.range.start()));
    let line = before.matches('\n').count() + 1;
    let path = &analysis.project().files().info(at.file).shown;
    format!("{path}:{line} {}", slice(text, at.range))
        .trim_end()
        .to_owned()
}
