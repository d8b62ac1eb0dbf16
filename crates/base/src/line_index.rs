//! From byte offsets to what people count in.

use text_size::TextSize;

/// A line and a column, both counted from 1; columns count Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Maps byte offsets of one text to lines and columns.
#[derive(Debug, Clone)]
pub struct LineIndex {
    inner: line_index::LineIndex,
    length: TextSize,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        Self {
            inner: line_index::LineIndex::new(text),
            length: TextSize::new(u32::try_from(text.len()).unwrap_or(u32::MAX)),
        }
    }

    /// The line and column of an offset. An offset past the end counts as the end; one inside a character
    /// counts as its start.
    pub fn line_column(&self, offset: TextSize) -> LineColumn {
        let mut offset = offset.min(self.length);
        loop {
            if let Some(at) = self.inner.try_line_col(offset)
                && let Some(wide) = self.inner.to_wide(line_index::WideEncoding::Utf32, at)
            {
                return LineColumn {
                    line: wide.line + 1,
                    column: wide.col + 1,
                };
            }
            match offset.checked_sub(TextSize::new(1)) {
                Some(before) => offset = before,
                None => return LineColumn { line: 1, column: 1 },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let index = LineIndex::new("é😀x\r\ny");
        let at = |offset| {
            let found = index.line_column(TextSize::new(offset));
            (found.line, found.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2));
        assert_eq!(at(6), (1, 3));
        assert_eq!(at(9), (2, 1));
        assert_eq!(at(3), (1, 2), "inside a character is its start");
        assert_eq!(at(99), (2, 2), "past the end is the end");
    }
}
