//! Files, ranges and decoded text.

use std::sync::Arc;

use camino::Utf8PathBuf;
pub use text_size::{TextRange, TextSize};

/// A file of the project, numbered in the order in which paths sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileRange {
    /// The file.
    pub file: FileId,
    /// Byte offsets into the decoded text of the file.
    pub range: TextRange,
}

/// A value and the bytes it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where; the file is known from the context.
    pub range: TextRange,
}

impl<T> Spanned<T> {
    /// A value at a range.
    pub const fn new(value: T, range: TextRange) -> Self {
        Self { value, range }
    }

    /// The same range in a given file.
    pub const fn in_file(&self, file: FileId) -> FileRange {
        FileRange {
            file,
            range: self.range,
        }
    }
}

/// A fault in the text of a file, found by one of the tolerant parsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// One sentence without a full stop, fit to stand alone.
    pub message: String,
    /// The bytes to underline; may be empty at the end of the text.
    pub range: TextRange,
    /// Text that mends the fault where that is certain: replace `range` of the edit by `text`.
    pub fix: Option<(TextRange, String)>,
}

impl SyntaxError {
    /// A fault without a certain mend.
    pub fn new(message: impl Into<String>, range: TextRange) -> Self {
        Self {
            message: message.into(),
            range,
            fix: None,
        }
    }
}

/// The range `start..end` in bytes. Saturates at 4 GiB and never runs backwards, so that it cannot panic.
pub fn range(start: usize, end: usize) -> TextRange {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
    TextRange::new(TextSize::new(start), TextSize::new(end))
}

/// The text at a range; empty where the range does not lie inside the text on character boundaries.
pub fn slice(text: &str, range: TextRange) -> &str {
    text.get(usize::from(range.start())..usize::from(range.end()))
        .unwrap_or("")
}

/// The byte offset at which each line starts. Lines end at `\n`; a `\r` before it belongs to the line.
pub fn starts_of_lines(text: &str) -> impl Iterator<Item = usize> + '_ {
    std::iter::once(0).chain(
        text.bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(at, _)| at + 1),
    )
}

/// A file's text as the parsers see it, with what decoding found.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path, relative to the project where it lies inside it.
    pub path: Utf8PathBuf,
    /// The decoded text. A byte order mark and line endings are kept as they are; a byte that is no UTF-8 is
    /// shown as U+FFFD.
    pub text: Arc<str>,
    /// The range of the first byte sequence that is not UTF-8, in `text`.
    pub not_utf8: Option<TextRange>,
}

impl Source {
    /// Decodes bytes as UTF-8, keeping track of the first fault.
    pub fn decode(path: Utf8PathBuf, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self {
                path,
                text: text.into(),
                not_utf8: None,
            },
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self {
                    path,
                    text: text.into(),
                    not_utf8: Some(range(at, at + '\u{FFFD}'.len_utf8())),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_places_the_first_fault() {
        let source = Source::decode("a.sql".into(), b"caf\xe9 au lait".to_vec());
        assert_eq!(&*source.text, "caf\u{FFFD} au lait");
        assert_eq!(source.not_utf8, Some(range(3, 6)));
    }

    #[test]
    fn a_range_outside_the_text_is_empty() {
        assert_eq!(slice("é", range(1, 2)), "");
        assert_eq!(slice("ab", range(1, 9)), "");
        assert_eq!(range(5, 3), range(5, 5));
    }
}
