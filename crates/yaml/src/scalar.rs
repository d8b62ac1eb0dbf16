//! What a scalar says: quotes, escapes, folding and indentation undone, with the way back to the bytes.

mod decode;

use std::borrow::Cow;
use std::ops::ControlFlow;

use glueline_base::{TextRange, TextSize, range};

use self::decode::{BlockWalker, Chomping, Piece, walk_flow};
use crate::chars::{between, break_len};

/// The notation of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes; an absent value is an empty plain scalar.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// Behind `|`: lines are kept.
    Literal,
    /// Behind `>`: lines are joined.
    Folded,
}

/// A scalar as written.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) style: Style,
    pub(crate) indent: usize,
    pub(crate) tail: usize,
}

impl<'a> Scalar<'a> {
    /// The bytes of the scalar: with its quotes or its `|` or `>`, without the line break at its end.
    pub fn range(&self) -> TextRange {
        range(self.start, self.end)
    }

    /// The text of [`Scalar::range`].
    pub fn raw(&self) -> &'a str {
        between(self.text, self.start, self.end)
    }

    /// The notation.
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Whether quotes or a block notation make it a text, whatever it looks like.
    pub fn is_quoted(&self) -> bool {
        self.style != Style::Plain
    }

    /// The decoded text. Borrowed unless something has to be undone in its middle.
    pub fn decoded(&self) -> Cow<'a, str> {
        let content = self.content();
        let as_written = match self.style {
            Style::Plain => !has_break(content),
            Style::SingleQuoted => !content.contains('\'') && !has_break(content),
            Style::DoubleQuoted => !content.contains('\\') && !has_break(content),
            Style::Literal | Style::Folded => content.is_empty(),
        };
        if as_written {
            return Cow::Borrowed(content);
        }
        let mut decoded = String::with_capacity(content.len());
        let _: ControlFlow<()> = self.walk(&mut |piece| {
            decoded.push_str(piece.text);
            ControlFlow::Continue(())
        });
        Cow::Owned(decoded)
    }

    /// Whether the scalar holds Jinja: `{{` or `{%`.
    pub fn has_jinja(&self) -> bool {
        has_jinja(between(self.text, self.start, self.tail.max(self.end)))
    }

    /// Where in the file a byte of the decoded text comes from; its end, for the length of the decoded text.
    /// `None` for offsets beyond that. For what folding or an escape makes, the place of the line break or of
    /// the backslash.
    pub fn offset_in_source(&self, decoded_offset: usize) -> Option<TextSize> {
        let mut passed = 0;
        let mut end = self.content_start();
        let found = self.walk(&mut |piece| {
            let ahead = decoded_offset - passed;
            if ahead < piece.text.len() {
                let inside = if piece.verbatim { ahead } else { 0 };
                return ControlFlow::Break(piece.source + inside);
            }
            passed += piece.text.len();
            end = piece.source + if piece.verbatim { piece.text.len() } else { 0 };
            ControlFlow::Continue(())
        });
        match found {
            ControlFlow::Break(offset) => Some(range(offset, offset).start()),
            ControlFlow::Continue(()) if decoded_offset == passed => {
                // After a piece that is not verbatim, the closing quote or the last line is the better place.
                let end = if matches!(self.style, Style::Literal | Style::Folded) {
                    end
                } else {
                    self.content_start() + self.content().len()
                };
                Some(range(end, end).start())
            }
            ControlFlow::Continue(()) => None,
        }
    }

    /// Where the content starts: behind the quote, or on the line after `|` or `>`.
    fn content_start(&self) -> usize {
        match self.style {
            Style::Plain => self.start,
            Style::SingleQuoted | Style::DoubleQuoted => (self.start + 1).min(self.end),
            Style::Literal | Style::Folded => {
                let bytes = self.text.as_bytes();
                let mut at = self.start;
                while at < self.tail && break_len(bytes, at) == 0 {
                    at += 1;
                }
                (at + break_len(bytes, at)).min(self.tail)
            }
        }
    }

    /// The content as it stands in the file.
    fn content(&self) -> &'a str {
        let end = match self.style {
            Style::Plain => self.end,
            Style::SingleQuoted | Style::DoubleQuoted => self.end.saturating_sub(1),
            Style::Literal | Style::Folded => self.tail,
        };
        between(self.text, self.content_start(), end)
    }

    fn walk<B>(&self, sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let (content, base) = (self.content(), self.content_start());
        match self.style {
            Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => {
                walk_flow(content, base, self.style, sink)
            }
            Style::Literal | Style::Folded => {
                let header = between(self.text, self.start, base);
                let header = header.split('#').next().unwrap_or("");
                let walker = BlockWalker {
                    content,
                    base,
                    indent: self.indent,
                    folded: self.style == Style::Folded,
                };
                let chomping = if header.contains('+') {
                    Chomping::Keep
                } else if header.contains('-') {
                    Chomping::Strip
                } else {
                    Chomping::Clip
                };
                walker.walk(chomping, sink)
            }
        }
    }
}

/// Whether a text holds Jinja.
pub(crate) fn has_jinja(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, b"{{" | b"{%"))
}

fn has_break(content: &str) -> bool {
    let bytes = content.as_bytes();
    (0..bytes.len()).any(|at| break_len(bytes, at) > 0)
}

#[cfg(test)]
mod tests {
    use crate::parse;

    /// The decoded text of the value of `a`, and its way back: the item `i` is the byte of the file that the
    /// byte `i` of the decoded text comes from.
    fn decode(text: &str) -> (String, Vec<usize>) {
        let tree = parse(text);
        let scalar = tree.root().unwrap().get("a").unwrap().as_scalar().unwrap();
        let decoded = scalar.decoded().into_owned();
        let source = (0..=decoded.len())
            .map(|at| usize::from(scalar.offset_in_source(at).unwrap()))
            .collect();
        assert_eq!(scalar.offset_in_source(decoded.len() + 1), None);
        (decoded, source)
    }

    #[test]
    fn notations_are_undone() {
        let cases = [
            ("a: x y", "x y"),
            ("a: x\n  y\n\n\n  z \nb: 1", "x y\n\nz"),
            ("a: 'it''s\n\n  so '", "it's\nso "),
            (r#"a: "\x41\u00e9\t\\\/\"\ \0""#, "A\u{e9}\t\\/\" \0"),
            ("a: \"x \\\n   y  \n z\"", "x y z"),
            ("a: \"x\\\n\n  y\"", "x\ny"),
            ("a: \"  x  \n  \"", "  x "),
            ("a: |\n  x\n   y\n\n", "x\n y\n"),
            ("a: |-\n  x\n", "x"),
            ("a: |+\n  x\n\n", "x\n\n"),
            ("a: |", ""),
            ("a: |\n  x", "x"),
            ("a: |2 # c\n   x\n", " x\n"),
            ("a: |\r\n  x\r\n  y\r\n", "x\ny\n"),
            ("a: >\n  x\n  y\n\n  z\n   w\n  v\n", "x y\nz\n w\nv\n"),
            ("a: >-\n\n  x\n\n\n  y\n", "\nx\n\ny"),
            ("a: >\n  x\n  # no comment\n", "x # no comment\n"),
            ("a: 'x\u{2028}y'", "x\u{2028}y"),
            ("a: 'x\u{85}y'", "x y"),
        ];
        for (text, decoded) in cases {
            assert_eq!(decode(text).0, decoded, "{text:?}");
        }
    }

    #[test]
    fn every_character_knows_where_it_was_written() {
        let cases = [
            "a: gr\u{fc}n {{ x }}",
            "a: gr\u{fc}n\n  \u{1f600}\n\n  z",
            "a: 'gr\u{fc}n ''{{ x }}'' x'",
            "a: \"gr\u{fc}n \\\"{{ \u{e9} }}\\\"\n   \u{e9}\"",
            "a: |\n  gr\u{fc}n\n    {{ x }}\n\n  \u{e9}\n",
            "a: >-\n  gr\u{fc}n\n  {{ x }}\n\n  \u{e9}\n",
        ];
        for text in cases {
            let (decoded, source) = decode(text);
            assert!(source.is_sorted(), "{text:?}: {source:?}");
            for (at, c) in decoded.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let written = text.get(source[at]..).unwrap_or_default();
                let written = written.strip_prefix('\\').unwrap_or(written);
                assert!(
                    written.starts_with(c),
                    "{text:?}: {c:?} at {at} comes from {}",
                    source[at]
                );
            }
        }
    }

    #[test]
    fn made_characters_point_at_what_makes_them() {
        let (decoded, source) = decode("a: \"\\u00e9\n b\"");
        assert_eq!(decoded, "\u{e9} b");
        assert_eq!(source, [4, 4, 10, 12, 13]);
        let (decoded, source) = decode("a: |\n  x\n\n  y\n");
        assert_eq!(decoded, "x\n\ny\n");
        assert_eq!(source, [7, 8, 9, 12, 13, 14]);
    }

    #[test]
    fn jinja_is_found_in_any_notation() {
        let has_jinja = |text| parse(text).root().unwrap().has_jinja();
        assert!(has_jinja("'{{ x }}'"));
        assert!(has_jinja("|\n {% if x %}\n"));
        assert!(has_jinja("a {{ x }}"));
        assert!(!has_jinja("'{ {x} }'"));
    }
}
