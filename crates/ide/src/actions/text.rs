//! Lines, indentation and line endings of a text that is edited.

use glueline_base::{TextRange, TextSize, range, slice};

/// The line ending that a text uses.
pub(super) fn line_ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line of an offset begins.
pub(super) fn line_start(text: &str, offset: TextSize) -> TextSize {
    let before = text.get(..usize::from(offset)).unwrap_or_default();
    at(before.rfind('\n').map_or(0, |newline| newline + 1))
}

/// Where the line of an offset ends, its line break left out.
pub(super) fn line_end(text: &str, offset: TextSize) -> TextSize {
    let behind = text.get(usize::from(offset)..).unwrap_or_default();
    let line = behind.split('\n').next().unwrap_or_default();
    offset + range(0, line.trim_end_matches('\r').len()).len()
}

/// The blanks that the line of an offset begins with.
pub(super) fn indentation(text: &str, offset: TextSize) -> &str {
    let line = slice(
        text,
        TextRange::new(line_start(text, offset), line_end(text, offset)),
    );
    let rest = line.trim_start_matches([' ', '\t']);
    line.strip_suffix(rest).unwrap_or_default()
}

/// The offset of so many bytes.
pub(super) fn at(offset: usize) -> TextSize {
    range(offset, offset).start()
}

/// A range without the blanks around what it holds.
pub(super) fn trimmed(text: &str, range_: TextRange) -> TextRange {
    let written = slice(text, range_);
    let start = usize::from(range_.start()) + written.len() - written.trim_start().len();
    let end = usize::from(range_.start()) + written.trim_end().len();
    range(start, end.max(start))
}

/// A text moved left by the blanks that all of its lines but the first share, and without blanks around it.
pub(super) fn dedented(text: &str) -> String {
    let text = text.trim_matches(['\r', '\n']).trim_end();
    let is_written = |line: &&str| !line.trim().is_empty();
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let indent = text.lines().filter(is_written).map(indent_of).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let left = indent.min(indent_of(line));
        out.push_str(line.get(left..).unwrap_or(line));
    }
    out
}
