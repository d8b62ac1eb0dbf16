//! Undoing quotes, escapes, folding and indentation, piece by piece.

use std::ops::ControlFlow;

use super::Style;
use crate::chars::{between, break_len, folds, is_blank};

/// A part of a decoded text and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'p> {
    pub(super) text: &'p str,
    pub(super) source: usize,
    /// Whether each byte stands in the source as it is.
    pub(super) verbatim: bool,
}

/// Plain and quoted scalars: blanks around line breaks vanish, a single break becomes a space, and of more
/// breaks all but the first stay.
pub(super) fn walk_flow<B>(
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
pub(super) enum Chomping {
    /// One stays.
    Clip,
    /// None stays.
    Strip,
    /// All stay.
    Keep,
}

/// The lines of a block scalar.
#[derive(Debug)]
pub(super) struct BlockWalker<'c> {
    pub(super) content: &'c str,
    pub(super) base: usize,
    pub(super) indent: usize,
    pub(super) folded: bool,
}

/// A line break that is not written out yet: its offset and length.
type Pending = (usize, usize);

impl BlockWalker<'_> {
    pub(super) fn walk<B>(
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
