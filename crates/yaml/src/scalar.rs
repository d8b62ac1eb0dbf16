//! What a scalar says: quotes, escapes, folding and indentation undone, with the way back to the bytes.

use std::borrow::Cow;
use std::ops::ControlFlow;

use glueline_base::{TextRange, TextSize, range};

use crate::chars::{between, break_len, folds, is_blank};

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

/// A part of a decoded text and where it comes from.
#[derive(Debug, Clone, Copy)]
struct Piece<'p> {
    text: &'p str,
    source: usize,
    /// Whether each byte stands in the source as it is.
    verbatim: bool,
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

/// Plain and quoted scalars: blanks around line breaks vanish, a single break becomes a space, and of more
/// breaks all but the first stay.
fn walk_flow<B>(
    content: &str,
    base: usize,
    style: Style,
    sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let bytes = content.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut run = 0;
    let mut at = 0;
    while at < bytes.len() {
        let is_break = break_len(bytes, at) > 0;
        let special = match byte(at) {
            b'\'' => style == Style::SingleQuoted,
            b'\\' => style == Style::DoubleQuoted,
            other => is_break || is_blank(other),
        };
        if !special {
            at += 1;
            continue;
        }
        verbatim(content, base, run, at, sink)?;
        at = match byte(at) {
            b'\'' => {
                made("'", base + at, sink)?;
                at + 2
            }
            b'\\' if break_len(bytes, at + 1) > 0 => {
                let after = at + 1 + break_len(bytes, at + 1);
                walk_breaks(content, base, after, Break::Escaped, sink)?
            }
            b'\\' => walk_escape(content, base, at, sink)?,
            _ => walk_breaks(content, base, at, Break::None, sink)?,
        };
        run = at;
    }
    verbatim(content, base, run, at, sink)
}

/// The line break that blanks lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    None,
    /// Written `\` at the end of the line: nothing comes of it.
    Escaped,
    /// One that becomes a space, if no other follows.
    Folding,
    /// One that stays.
    Kept,
}

/// Blanks and line breaks between two runs of a plain or quoted scalar; returns where they end.
fn walk_breaks<B>(
    content: &str,
    base: usize,
    start: usize,
    mut first: Break,
    sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
) -> ControlFlow<B, usize> {
    let bytes = content.as_bytes();
    let mut at = start;
    let mut further = false;
    loop {
        let length = break_len(bytes, at);
        if length == 0 {
            match bytes.get(at) {
                Some(byte) if is_blank(*byte) => at += 1,
                _ => break,
            }
            continue;
        }
        let kept = if folds(length) {
            "\n"
        } else {
            between(content, at, at + length)
        };
        if first == Break::None {
            first = if folds(length) {
                Break::Folding
            } else {
                Break::Kept
            };
            if first == Break::Kept {
                made(kept, base + at, sink)?;
            }
        } else {
            further = true;
            made(kept, base + at, sink)?;
        }
        at += length;
    }
    match first {
        Break::None => verbatim(content, base, start, at, sink)?,
        Break::Folding if !further => made(" ", base + start, sink)?,
        Break::Folding | Break::Escaped | Break::Kept => {}
    }
    ControlFlow::Continue(at)
}

/// A backslash in double quotes and the character it stands for; returns where it ends.
fn walk_escape<B>(
    content: &str,
    base: usize,
    at: usize,
    sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
) -> ControlFlow<B, usize> {
    let letter = content.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
    let digits = match letter {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => 0,
    };
    let end = at + 2 + digits;
    let character = match letter {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0B',
        b'f' => '\x0C',
        b'r' => '\r',
        b'e' => '\x1B',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' | b'u' | b'U' => u32::from_str_radix(between(content, at + 2, end), 16)
            .ok()
            .and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        other => char::from(other),
    };
    made(character.encode_utf8(&mut [0; 4]), base + at, sink)?;
    ControlFlow::Continue(end)
}

/// What becomes of the line breaks at the end of a block scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// One stays.
    Clip,
    /// None stays.
    Strip,
    /// All stay.
    Keep,
}

/// The lines of a block scalar.
#[derive(Debug)]
struct BlockWalker<'c> {
    content: &'c str,
    base: usize,
    indent: usize,
    folded: bool,
}

/// A line break that is not written out yet: its offset and length.
type Pending = (usize, usize);

impl BlockWalker<'_> {
    fn walk<B>(
        &self,
        chomping: Chomping,
        sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let bytes = self.content.as_bytes();
        let mut last_break: Option<Pending> = None;
        let mut after_blank = false;
        let (mut at, mut empty_lines) = self.empty_lines(0);
        while at < bytes.len() {
            let at_blank = bytes.get(at).is_some_and(|byte| is_blank(*byte));
            if let Some((place, length)) = last_break {
                let joins = self.folded && folds(length) && !after_blank && !at_blank;
                match (joins, empty_lines.is_empty()) {
                    (true, true) => made(" ", self.base + place, sink)?,
                    (true, false) => {}
                    (false, _) => self.write_break((place, length), sink)?,
                }
            }
            for pending in empty_lines {
                self.write_break(pending, sink)?;
            }
            after_blank = at_blank;
            let start = at;
            while at < bytes.len() && break_len(bytes, at) == 0 {
                at += 1;
            }
            verbatim(self.content, self.base, start, at, sink)?;
            let length = break_len(bytes, at);
            last_break = (length > 0).then_some((at, length));
            (at, empty_lines) = self.empty_lines(at + length);
        }
        if chomping != Chomping::Strip
            && let Some(pending) = last_break
        {
            self.write_break(pending, sink)?;
        }
        if chomping == Chomping::Keep {
            for pending in empty_lines {
                self.write_break(pending, sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The breaks of empty lines from an offset on, and where the text of the line after them starts.
    fn empty_lines(&self, mut at: usize) -> (usize, Vec<Pending>) {
        let bytes = self.content.as_bytes();
        let mut breaks = Vec::new();
        loop {
            let line = bytes.get(at..).unwrap_or_default();
            at += line
                .iter()
                .take(self.indent)
                .take_while(|byte| **byte == b' ')
                .count();
            let length = break_len(bytes, at);
            if length == 0 {
                return (at, breaks);
            }
            breaks.push((at, length));
            at += length;
        }
    }

    fn write_break<B>(
        &self,
        (place, length): Pending,
        sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match (folds(length), length) {
            (true, 1) if self.content.as_bytes().get(place) == Some(&b'\n') => {
                verbatim(self.content, self.base, place, place + 1, sink)
            }
            (true, _) => made("\n", self.base + place, sink),
            (false, _) => verbatim(self.content, self.base, place, place + length, sink),
        }
    }
}

/// Passes on a part of the content as it is.
fn verbatim<B>(
    content: &str,
    base: usize,
    start: usize,
    end: usize,
    sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let text = between(content, start, end);
    if text.is_empty() {
        return ControlFlow::Continue(());
    }
    sink(Piece {
        text,
        source: base + start,
        verbatim: true,
    })
}

/// Passes on text that stands for something written otherwise.
fn made<B>(text: &str, source: usize, sink: &mut impl FnMut(Piece<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
    sink(Piece {
        text,
        source,
        verbatim: false,
    })
}
