//! From byte offsets to lines and columns, each file read at most once.

use std::cell::OnceCell;

use glueline_base::{FileId, FileRange, LineIndex, Source, TextSize, starts_of_lines};
use serde::Serialize;

/// A line and a column, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// Where something starts and where it ends; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Span {
    /// The first character.
    pub start: Position,
    /// The character after the last one.
    pub end: Position,
}

/// Finds lines and columns in the files of a report.
#[derive(Debug)]
pub(crate) struct Locator<'a> {
    files: Vec<File<'a>>,
}

#[derive(Debug)]
struct File<'a> {
    text: &'a str,
    index: OnceCell<LineIndex>,
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Locator<'a> {
    /// Reads nothing yet.
    pub(crate) fn new(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let files = sources
            .into_iter()
            .map(|source| File {
                text: &source.text,
                index: OnceCell::new(),
                starts: OnceCell::new(),
            })
            .collect();
        Self { files }
    }

    /// Lines and columns of a range, in characters. What fits no file is at its first character.
    pub(crate) fn span(&self, at: FileRange) -> Span {
        Span {
            start: self.position(at.file, at.range.start()),
            end: self.position(at.file, at.range.end()),
        }
    }

    /// Lines and columns of a range, columns counted in bytes.
    pub(crate) fn byte_span(&self, at: FileRange) -> Span {
        let position = |offset| {
            let line = self.line_of(at.file, offset);
            let (start, text) = self.line(at.file, line).unwrap_or((0, ""));
            let column = usize::from(offset).saturating_sub(start).min(text.len());
            Position {
                line: number(line),
                column: number(column),
            }
        };
        Span {
            start: position(at.range.start()),
            end: position(at.range.end()),
        }
    }

    /// The line that an offset stands on, from 0.
    pub(crate) fn line_of(&self, file: FileId, offset: TextSize) -> usize {
        let Some(file) = self.file(file) else { return 0 };
        let offset = usize::from(offset);
        file.starts()
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// Where a line, counted from 0, starts in its file, and its text with its line ending.
    pub(crate) fn line(&self, file: FileId, line: usize) -> Option<(usize, &'a str)> {
        let file = self.file(file)?;
        let starts = file.starts();
        let start = *starts.get(line)?;
        let end = starts.get(line + 1).copied().unwrap_or(file.text.len());
        Some((start, file.text.get(start..end)?))
    }

    /// The whole text of a file.
    pub(crate) fn text(&self, file: FileId) -> Option<&'a str> {
        self.file(file).map(|file| file.text)
    }

    fn position(&self, file: FileId, offset: TextSize) -> Position {
        let Some(file) = self.file(file) else {
            return Position { line: 1, column: 1 };
        };
        let found = file
            .index
            .get_or_init(|| LineIndex::new(file.text))
            .line_column(offset);
        Position {
            line: found.line,
            column: found.column,
        }
    }

    fn file(&self, file: FileId) -> Option<&File<'a>> {
        self.files.get(usize::try_from(file.0).ok()?)
    }
}

impl File<'_> {
    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| starts_of_lines(self.text).collect())
    }
}

fn number(from_zero: usize) -> u32 {
    u32::try_from(from_zero).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use glueline_base::range;

    use super::*;

    #[test]
    fn characters_and_bytes_are_counted_apart() {
        let sources = [Source::decode(
            "a.sql".into(),
            "é😀x\r\nselect\n".as_bytes().to_vec(),
        )];
        let locator = Locator::new(&sources);
        for (start, end, characters, bytes) in [
            (0, 2, ((1, 1), (1, 2)), ((1, 1), (1, 3))),
            (6, 7, ((1, 3), (1, 4)), ((1, 7), (1, 8))),
            (9, 15, ((2, 1), (2, 7)), ((2, 1), (2, 7))),
            (16, 99, ((3, 1), (3, 1)), ((3, 1), (3, 1))),
        ] {
            let at = FileRange {
                file: FileId(0),
                range: range(start, end),
            };
            let plain = |span: Span| {
                (
                    (span.start.line, span.start.column),
                    (span.end.line, span.end.column),
                )
            };
            assert_eq!(plain(locator.span(at)), characters, "{start}..{end}");
            assert_eq!(plain(locator.byte_span(at)), bytes, "{start}..{end}");
        }
        assert_eq!(locator.line(FileId(0), 0), Some((0, "é😀x\r\n")));
        assert_eq!(locator.line(FileId(0), 2), Some((16, "")));
        assert_eq!(locator.line(FileId(0), 3), None);
    }
}
