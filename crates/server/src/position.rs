//! Between byte offsets and the positions of the protocol, in the encoding that was agreed on.

use std::sync::Arc;

use glueline_base::{TextRange, TextSize, range};
use tower_lsp_server::ls_types::{Position, PositionEncodingKind, Range};

/// What columns count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16: what every client understands.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of what a client offers: bytes need no counting. A client that offers nothing counts in UTF-16.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offered = offered.unwrap_or_default();
        let known = [
            (PositionEncodingKind::UTF8, Self::Utf8),
            (PositionEncodingKind::UTF32, Self::Utf32),
        ];
        known
            .into_iter()
            .find(|(kind, _)| offered.contains(kind))
            .map_or(Self::Utf16, |(_, encoding)| encoding)
    }

    /// Its name in the protocol.
    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many units a character takes.
    pub(crate) const fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The lines of one text. They end at `\n`, `\r\n` and `\r`, and nowhere else, as the protocol has it.
#[derive(Debug)]
pub(crate) struct Lines {
    text: Arc<str>,
    encoding: Encoding,
    /// Where each line starts, in bytes.
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: Arc<str>, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends_here = |at: usize, byte: u8| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = std::iter::once(0)
            .chain(
                bytes
                    .iter()
                    .enumerate()
                    .filter(|(at, byte)| ends_here(*at, **byte))
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Self {
            text,
            encoding,
            starts,
        }
    }

    /// The byte at a position. A column past the end of its line is the end of the line, a line past the last is the end of the
    /// text, and a place inside a character is its start.
    pub(crate) fn offset(&self, position: Position) -> TextSize {
        let at = self.byte(position);
        TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The bytes of a range. One that runs backwards is turned round, as `vscode-languageserver-textdocument` does it.
    pub(crate) fn bytes(&self, range_: Range) -> TextRange {
        let (start, end) = (self.byte(range_.start), self.byte(range_.end));
        range(start.min(end), start.max(end))
    }

    /// The position of a byte; one inside a character counts as its start, one past the end as the end.
    pub(crate) fn position(&self, offset: TextSize) -> Position {
        let offset = usize::from(offset).min(self.text.len());
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or("");
        let character: usize = rest
            .char_indices()
            .take_while(|(at, character)| start + at + character.len_utf8() <= offset)
            .map(|(_, character)| self.encoding.width(character))
            .sum();
        Position {
            line: number(line),
            character: number(character),
        }
    }

    /// The range of bytes, as positions.
    pub(crate) fn range(&self, bytes: TextRange) -> Range {
        Range {
            start: self.position(bytes.start()),
            end: self.position(bytes.end()),
        }
    }

    fn byte(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or("");
        let line = line.trim_end_matches(['\r', '\n']);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        start + within(line, wanted, self.encoding)
    }
}

/// The byte at which a column of a line lies.
pub(crate) fn within(line: &str, wanted: usize, encoding: Encoding) -> usize {
    let mut units = 0;
    for (at, character) in line.char_indices() {
        units += encoding.width(character);
        if units > wanted {
            return at;
        }
    }
    line.len()
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a😀é\r\n\rx\u{2028}y\nlast";

    #[test]
    fn every_byte_has_a_place_and_comes_back_from_it() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines::new(TEXT.into(), encoding);
            for (at, character) in TEXT.char_indices() {
                if at > 0 && character == '\n' && TEXT.as_bytes()[at - 1] == b'\r' {
                    // Between `\r` and `\n` no position lies.
                    continue;
                }
                let offset = TextSize::new(u32::try_from(at).unwrap());
                assert_eq!(lines.offset(lines.position(offset)), offset, "{encoding:?} {at}");
            }
        }
    }

    #[test]
    fn columns_count_what_was_agreed_on() {
        let after_accent = TextSize::new(7);
        for (encoding, want) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let lines = Lines::new(TEXT.into(), encoding);
            assert_eq!(lines.position(after_accent), Position::new(0, want));
        }
    }

    #[test]
    fn impossible_places_are_clamped() {
        let lines = Lines::new(TEXT.into(), Encoding::Utf16);
        let end = TextSize::new(u32::try_from(TEXT.len()).unwrap());
        for (line, character, want) in [
            (0, 99, TextSize::new(7)),
            (0, 2, TextSize::new(1)),
            (1, 5, TextSize::new(9)),
            (3, 99, end),
            (99, 0, end),
            (u32::MAX, u32::MAX, end),
        ] {
            assert_eq!(
                lines.offset(Position::new(line, character)),
                want,
                "{line}:{character}"
            );
        }
        let backwards = Range::new(Position::new(0, 3), Position::new(0, 1));
        assert_eq!(lines.bytes(backwards), range(1, 5));
    }

    #[test]
    fn the_best_encoding_is_taken() {
        use PositionEncodingKind as Kind;
        for (offered, want) in [
            (None, Encoding::Utf16),
            (Some(vec![]), Encoding::Utf16),
            (Some(vec![Kind::UTF16]), Encoding::Utf16),
            (Some(vec![Kind::UTF32, Kind::UTF8, Kind::UTF16]), Encoding::Utf8),
            (Some(vec![Kind::UTF16, Kind::UTF32]), Encoding::Utf32),
            (Some(vec![Kind::new("utf-7")]), Encoding::Utf16),
        ] {
            assert_eq!(Encoding::negotiate(offered.as_deref()), want, "{offered:?}");
        }
    }
}
