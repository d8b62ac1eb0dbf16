//! Marks within rendered text, and the map that is read from them.
//!
//! A program writes every stretch of its own text, and everything it prints, between an opening and a closing mark that give
//! the number of the *site* in the program. What a macro, a `set` block or a `call` block renders stands between *frame*
//! marks that give the program. Marks nest, so that they survive being captured, joined, sliced and printed again.
//!
//! All marks are code points of the private plane 16. A text from outside that holds one of those has it escaped.

use std::borrow::Cow;
use std::ops::Range;

const OPEN: char = '\u{10FFF0}';
const CLOSE: char = '\u{10FFF1}';
const ESCAPE: char = '\u{10FFF2}';
const FRAME: char = '\u{10FFF3}';
const END_FRAME: char = '\u{10FFF4}';
const SKIP: char = '\u{10FFF5}';
/// The first byte of every code point of plane 16 in UTF-8.
const LEAD: u8 = 0xF4;
const DIGIT_BITS: u32 = 15;
const FIRST_DIGIT: u32 = 0x10_0000;
const PLANE_16: u32 = 0x10_0000;
const PLANE_15: u32 = 0xF_0000;

/// Whether a text holds a mark or an escape.
pub(crate) fn has_marks(text: &str) -> bool {
    text.as_bytes().contains(&LEAD)
}

/// The text with what could be taken for a mark escaped.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !has_marks(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match char::from_u32((u32::from(c)).wrapping_sub(PLANE_16).wrapping_add(PLANE_15)) {
            Some(shifted) if u32::from(c) >= PLANE_16 => {
                out.push(ESCAPE);
                out.push(shifted);
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Opens a site.
pub(crate) fn open(site: u32, out: &mut String) {
    out.push(OPEN);
    push_number(site, out);
}

/// Closes the innermost site.
pub(crate) fn close(out: &mut String) {
    out.push(CLOSE);
}

/// The text of a program as others may hold it.
pub(crate) fn in_frame(program: u32, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    out.push(FRAME);
    push_number(program, &mut out);
    out.push_str(text);
    out.push(END_FRAME);
    out
}

fn skip(count: usize, out: &mut String) {
    if count > 0 {
        out.push(SKIP);
        push_number(u32::try_from(count).unwrap_or(u32::MAX), out);
    }
}

fn push_number(number: u32, out: &mut String) {
    let mask = (1 << DIGIT_BITS) - 1;
    for digit in [(number >> DIGIT_BITS) & mask, number & mask] {
        out.extend(char::from_u32(FIRST_DIGIT + digit));
    }
}

/// A part of a marked text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Text as it is.
    Text(&'a str),
    /// A character that was escaped.
    Char(char),
    /// The start of a site.
    Open(u32),
    /// The end of a site.
    Close,
    /// The start of a program's text.
    Frame(u32),
    /// The end of a program's text.
    EndFrame,
    /// That many bytes of the innermost site were cut off here.
    Skip(u32),
}

/// Goes through a marked text.
pub(crate) struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn number(&mut self) -> u32 {
        let mut number = 0;
        for _ in 0..2 {
            let mut chars = self.rest.chars();
            let digit = chars.next().map_or(FIRST_DIGIT, u32::from);
            number = (number << DIGIT_BITS) | (digit.wrapping_sub(FIRST_DIGIT) & ((1 << DIGIT_BITS) - 1));
            self.rest = chars.as_str();
        }
        number
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let part = match first {
            OPEN => {
                self.rest = chars.as_str();
                return Some(Part::Open(self.number()));
            }
            FRAME => {
                self.rest = chars.as_str();
                return Some(Part::Frame(self.number()));
            }
            SKIP => {
                self.rest = chars.as_str();
                return Some(Part::Skip(self.number()));
            }
            CLOSE => Part::Close,
            END_FRAME => Part::EndFrame,
            ESCAPE => {
                let shifted = chars.next().map_or(PLANE_15, u32::from);
                Part::Char(
                    char::from_u32(shifted.wrapping_sub(PLANE_15).wrapping_add(PLANE_16))
                        .unwrap_or('\u{FFFD}'),
                )
            }
            _ => {
                let end = self
                    .rest
                    .bytes()
                    .position(|byte| byte == LEAD)
                    .unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
                self.rest = rest;
                return Some(Part::Text(text));
            }
        };
        self.rest = chars.as_str();
        Some(part)
    }
}

/// The text without its marks.
pub(crate) fn strip(text: &str) -> Cow<'_, str> {
    if !has_marks(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for part in Parts::new(text) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Char(c) => out.push(c),
            Part::Open(_) | Part::Close | Part::Frame(_) | Part::EndFrame | Part::Skip(_) => {}
        }
    }
    Cow::Owned(out)
}

/// Stretches of a marked text, by the bytes of its stripped text: in order, none reaching into the next. Each has the marks that
/// are open around it and those within it.
pub(crate) fn slices(text: &str, ranges: &[Range<usize>]) -> Vec<String> {
    if !has_marks(text) {
        let piece = |range: &Range<usize>| text.get(range.clone()).unwrap_or("").to_owned();
        return ranges.iter().map(piece).collect();
    }
    let mut cutter = Cutter {
        ranges,
        made: Vec::with_capacity(ranges.len()),
        piece: None,
        open: Vec::new(),
        at: 0,
    };
    for part in Parts::new(text) {
        cutter.part(part);
    }
    cutter.finish()
}

/// A mark that is open.
#[derive(Debug, Clone, Copy)]
enum Around {
    /// A site, and how many bytes of its own text went by.
    Site(u32, usize),
    /// A program.
    Frame(u32),
}

/// Cuts a marked text while going through it once.
struct Cutter<'a> {
    ranges: &'a [Range<usize>],
    made: Vec<String>,
    /// The piece that is being written.
    piece: Option<String>,
    open: Vec<Around>,
    /// How many bytes of text went by.
    at: usize,
}

impl Cutter<'_> {
    fn range(&self) -> Option<&Range<usize>> {
        self.ranges.get(self.made.len())
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Char(c) => self.text(c.encode_utf8(&mut [0; 4])),
            Part::Open(site) => self.enter(Around::Site(site, 0)),
            Part::Frame(program) => self.enter(Around::Frame(program)),
            Part::Close | Part::EndFrame => {
                if let (Some(piece), Some(around)) = (&mut self.piece, self.open.last()) {
                    around.end(piece);
                }
                self.open.pop();
            }
            Part::Skip(count) => {
                if let Some(Around::Site(_, passed)) = self.open.last_mut() {
                    *passed += count as usize;
                }
                if let Some(piece) = &mut self.piece {
                    skip(count as usize, piece);
                }
            }
        }
    }

    fn enter(&mut self, around: Around) {
        if let Some(piece) = &mut self.piece {
            around.begin(piece);
        }
        self.open.push(around);
    }

    fn text(&mut self, mut text: &str) {
        while let Some(range) = self.range().cloned() {
            let end = self.at + text.len();
            if range.start >= end && !(range.is_empty() && range.start == end && self.piece.is_none()) {
                break;
            }
            let from = range.start.max(self.at) - self.at;
            let to = range.end.clamp(self.at + from, end) - self.at;
            self.pass(from);
            let mut piece = self.piece.take().unwrap_or_else(|| self.begin());
            piece.push_str(&escape(text.get(from..to).unwrap_or("")));
            self.pass(to - from);
            text = text.get(to..).unwrap_or("");
            if range.end > end {
                self.piece = Some(piece);
                return;
            }
            self.end(piece);
            if range.end == end {
                return;
            }
        }
        self.pass(text.len());
    }

    fn pass(&mut self, bytes: usize) {
        self.at += bytes;
        if let Some(Around::Site(_, passed)) = self.open.last_mut() {
            *passed += bytes;
        }
    }

    /// A new piece with the marks that are open.
    fn begin(&self) -> String {
        let mut piece = String::new();
        for around in &self.open {
            around.begin(&mut piece);
        }
        piece
    }

    fn end(&mut self, mut piece: String) {
        for around in self.open.iter().rev() {
            around.end(&mut piece);
        }
        self.made.push(piece);
    }

    fn finish(mut self) -> Vec<String> {
        if let Some(piece) = self.piece.take() {
            self.end(piece);
        }
        self.made.resize(self.ranges.len(), String::new());
        self.made
    }
}

impl Around {
    fn begin(self, out: &mut String) {
        match self {
            Self::Site(site, passed) => {
                open(site, out);
                skip(passed, out);
            }
            Self::Frame(program) => {
                out.push(FRAME);
                push_number(program, out);
            }
        }
    }

    fn end(self, out: &mut String) {
        out.push(match self {
            Self::Site(..) => CLOSE,
            Self::Frame(_) => END_FRAME,
        });
    }
}
