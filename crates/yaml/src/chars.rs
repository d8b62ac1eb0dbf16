//! The classes of characters that YAML 1.1 tells apart, on bytes of UTF-8.

/// The length of the line break at an offset; 0 where there is none.
///
/// YAML 1.1 knows five: `\n`, `\r`, `\r\n`, U+0085, and U+2028 or U+2029.
pub(crate) fn break_len(bytes: &[u8], at: usize) -> usize {
    let byte = |n: usize| bytes.get(at + n).copied().unwrap_or(0);
    match byte(0) {
        b'\r' if byte(1) == b'\n' => 2,
        b'\n' | b'\r' => 1,
        0xC2 if byte(1) == 0x85 => 2,
        0xE2 if byte(1) == 0x80 && matches!(byte(2), 0xA8 | 0xA9) => 3,
        _ => 0,
    }
}

/// Whether a line break is one that folds into a space: all but U+2028 and U+2029, which are kept.
pub(crate) const fn folds(break_len: usize) -> bool {
    break_len != 3
}

/// Space or tab.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// What names of anchors and handles of tags are made of.
pub(crate) const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether YAML 1.1 allows the character in a text (section 5.1 of the specification).
pub(crate) const fn is_printable(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The start of the line that holds an offset. Lines end at `\n` or `\r`.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before
        .iter()
        .rposition(|b| matches!(b, b'\n' | b'\r'))
        .map_or(0, |found| found + 1)
}

/// The end of the line that holds an offset, without its line break.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let after = text.as_bytes().get(at..).unwrap_or_default();
    after
        .iter()
        .position(|b| matches!(b, b'\n' | b'\r'))
        .map_or(text.len(), |found| at + found)
}

/// The text between two offsets; empty where they are no character boundaries of it.
pub(crate) fn between(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or("")
}
