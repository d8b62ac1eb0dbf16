//! Places in a few words, for tables of tests.

use glueline_base::{FileRange, slice};
use glueline_ide::Analysis;

/// `path:line written`; nothing written for the start of a file.
pub fn place(analysis: &Analysis, at: FileRange) -> String {
    let text = analysis.text(at.file);
    let line = text[..usize::from(at.range.start())].matches('\n').count() + 1;
    let path = &analysis.project().files().info(at.file).shown;
    format!("{path}:{line} {}", slice(text, at.range))
        .trim_end()
        .to_owned()
}
