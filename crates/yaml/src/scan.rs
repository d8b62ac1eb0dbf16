//! Text to tokens: indentation, simple keys and indicators, accepting what libyaml accepts.
//!
//! YAML cannot be split into tokens without context. A `:` turns what stands before it into a key, so tokens
//! wait in a queue until it is certain that no key starts there; and the columns of keys and dashes open and
//! close block collections. PyYAML's `CSafeLoader`, which dbt uses, leaves all of that to libyaml: where the
//! specification and libyaml differ, this scanner follows libyaml.

mod jinja;
mod keys;
mod scalar;
mod tag;

use std::collections::VecDeque;

use self::keys::SimpleKey;
use crate::chars::{break_len, is_blank, is_name};
use crate::fault::{Fault, FaultKind};
use crate::scalar::Style;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar(Body),
    StreamEnd,
}

/// How a scalar is written, and what its text alone does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Body {
    /// The notation.
    pub(crate) style: Style,
    /// The spaces before each line of a block scalar.
    pub(crate) indent: u32,
    /// Where the lines of a block scalar end, trailing empty lines included; else the end of the token.
    pub(crate) tail: usize,
}

/// A token and its bytes. Collections' starts and ends that only indentation shows are empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Reads tokens off a text.
#[derive(Debug)]
pub(crate) struct Scanner<'t> {
    pub(crate) text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where column 0 of the line is.
    line_start: usize,
    line: usize,
    /// One more than the column of the innermost block collection; 0 outside of any. What stands in a smaller
    /// column ends the collection or is its next entry.
    floor: usize,
    floors: Vec<usize>,
    /// The opening brackets that are not closed yet.
    brackets: Vec<usize>,
    /// One per open bracket, and one for the block around them.
    keys: Vec<SimpleKey>,
    key_allowed: bool,
    queue: VecDeque<Token>,
    /// How many tokens have left the queue.
    taken: usize,
    done: bool,
    /// The comments, `#` included and line break excluded.
    pub(crate) comments: Vec<(usize, usize)>,
    /// Faults that did not stop the scanner.
    pub(crate) faults: Vec<Fault>,
    /// Where the last scalar starts and ends.
    pub(crate) last_scalar: (usize, usize),
}

impl<'t> Scanner<'t> {
    /// A scanner of `text[start..]`, which sees `start` as the first column of the first line.
    pub(crate) fn new(text: &'t str, start: usize) -> Self {
        let mut scanner = Self {
            text,
            bytes: text.as_bytes(),
            at: start,
            line_start: start,
            line: 0,
            floor: 0,
            floors: Vec::new(),
            brackets: Vec::new(),
            keys: vec![SimpleKey::default()],
            key_allowed: true,
            queue: VecDeque::new(),
            taken: 0,
            done: false,
            comments: Vec::new(),
            faults: Vec::new(),
            last_scalar: (start, start),
        };
        // At the very start a byte order mark says how the text is encoded, and takes no column.
        if text.get(start..).is_some_and(|rest| rest.starts_with('\u{FEFF}')) {
            scanner.at += '\u{FEFF}'.len_utf8();
            scanner.line_start = scanner.at;
        }
        scanner
    }

    /// The next token, which stays.
    pub(crate) fn peek(&mut self) -> Result<Token, Fault> {
        self.fill()?;
        let end = self.bytes.len();
        Ok(self.queue.front().copied().unwrap_or(Token {
            kind: TokenKind::StreamEnd,
            start: end,
            end,
        }))
    }

    /// Takes the token that [`Scanner::peek`] showed.
    pub(crate) fn skip(&mut self) {
        if self.queue.pop_front().is_some() {
            self.taken += 1;
        }
    }

    /// The innermost bracket that is not closed yet.
    pub(crate) fn open_bracket(&self) -> Option<usize> {
        self.brackets.last().copied()
    }

    fn fill(&mut self) -> Result<(), Fault> {
        while !self.done
            && (self.queue.is_empty()
                || self
                    .keys
                    .iter()
                    .any(|key| key.possible && key.token == self.taken))
        {
            self.fetch()?;
        }
        Ok(())
    }

    fn fetch(&mut self) -> Result<(), Fault> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.close_blocks(self.column());
        if self.at_end() {
            return self.fetch_end();
        }
        if self.column() == 0 {
            if self.byte(0) == b'%' {
                return self.fetch_directive();
            }
            if let Some(kind) = self.document_marker() {
                return self.fetch_document_marker(kind);
            }
        }
        match self.byte(0) {
            b'{' if matches!(self.byte(1), b'{' | b'%') => self.fetch_bare_jinja(),
            b'[' => self.fetch_bracket(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_bracket(TokenKind::FlowMappingStart),
            b']' => self.fetch_closing_bracket(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_closing_bracket(TokenKind::FlowMappingEnd),
            b',' => self.fetch_comma(),
            b'-' if self.blank_or_end(1) => self.fetch_dash(),
            b'?' if self.in_flow() || self.blank_or_end(1) => self.fetch_question_mark(),
            b':' if self.in_flow() || self.blank_or_end(1) => self.fetch_colon(),
            b'*' => self.fetch_name(TokenKind::Alias),
            b'&' => self.fetch_name(TokenKind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if !self.in_flow() => self.fetch_block_scalar(Style::Literal),
            b'>' if !self.in_flow() => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_quoted_scalar(Style::SingleQuoted),
            b'"' => self.fetch_quoted_scalar(Style::DoubleQuoted),
            b'\t' => Err(Fault::new(FaultKind::Tab, self.at, self.at + 1)),
            b'|' | b'>' | b'%' | b'@' | b'`' => Err(Fault::new(FaultKind::CannotStart, self.at, self.at + 1)),
            _ => self.fetch_plain_scalar(),
        }
    }

    /// Blanks, comments and line breaks up to the next token.
    fn skip_to_token(&mut self) {
        loop {
            if self.column() == 0
                && self
                    .text
                    .get(self.at..)
                    .is_some_and(|s| s.starts_with('\u{FEFF}'))
            {
                // A byte order mark may start any line, and takes one column there.
                self.at += 3;
                self.line_start += 2;
            }
            while self.byte(0) == b' ' || (self.byte(0) == b'\t' && (self.in_flow() || !self.key_allowed)) {
                self.at += 1;
            }
            if self.byte(0) == b'#' {
                self.skip_comment();
            }
            let length = self.break_len();
            if length == 0 {
                return;
            }
            self.pass_break(length);
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    fn skip_comment(&mut self) {
        let start = self.at;
        while !self.at_end() && self.break_len() == 0 {
            self.at += 1;
        }
        self.comments.push((start, self.at));
    }

    fn fetch_end(&mut self) -> Result<(), Fault> {
        self.close_blocks_at_column_zero()?;
        self.done = true;
        self.push(TokenKind::StreamEnd, self.at, self.at);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Fault> {
        self.close_blocks_at_column_zero()?;
        let start = self.at;
        while !self.at_end()
            && self.break_len() == 0
            && !(self.byte(0) == b'#' && is_blank(self.byte_before()))
        {
            self.at += 1;
        }
        self.push(TokenKind::Directive, start, self.at);
        Ok(())
    }

    fn fetch_document_marker(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.close_blocks_at_column_zero()?;
        self.push(kind, self.at, self.at + 3);
        self.at += 3;
        Ok(())
    }

    /// `---` or `...` at the start of a line, followed by a blank.
    fn document_marker(&self) -> Option<TokenKind> {
        if self.column() != 0 || !self.blank_or_end(3) {
            return None;
        }
        match [self.byte(0), self.byte(1), self.byte(2)] {
            [b'-', b'-', b'-'] => Some(TokenKind::DocumentStart),
            [b'.', b'.', b'.'] => Some(TokenKind::DocumentEnd),
            _ => None,
        }
    }

    fn fetch_bracket(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.save_key()?;
        self.brackets.push(self.at);
        self.keys.push(SimpleKey::default());
        self.key_allowed = true;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_closing_bracket(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.forget_key()?;
        if self.brackets.pop().is_some() {
            self.keys.pop();
        }
        self.key_allowed = false;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_comma(&mut self) -> Result<(), Fault> {
        self.forget_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn fetch_dash(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(Fault::new(FaultKind::DashNotAllowed, self.at, self.at + 1));
            }
            self.open_block(TokenKind::BlockSequenceStart, self.column(), self.at, None);
        }
        self.forget_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_question_mark(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            if !self.key_allowed {
                return Err(Fault::new(
                    FaultKind::QuestionMarkNotAllowed,
                    self.at,
                    self.at + 1,
                ));
            }
            self.open_block(TokenKind::BlockMappingStart, self.column(), self.at, None);
        }
        self.forget_key()?;
        self.key_allowed = !self.in_flow();
        self.push_indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_colon(&mut self) -> Result<(), Fault> {
        let key = self.keys.last().copied().unwrap_or_default();
        if key.possible {
            let place = key.token.saturating_sub(self.taken).min(self.queue.len());
            let token = Token {
                kind: TokenKind::Key,
                start: key.at,
                end: key.at,
            };
            self.queue.insert(place, token);
            self.open_block(TokenKind::BlockMappingStart, key.column, key.at, Some(place));
            self.mark_key_impossible();
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.key_allowed {
                    return Err(Fault::new(FaultKind::ColonNotAllowed, self.at, self.at + 1));
                }
                self.open_block(TokenKind::BlockMappingStart, self.column(), self.at, None);
            }
            self.key_allowed = !self.in_flow();
        }
        self.push_indicator(TokenKind::Value);
        Ok(())
    }

    /// `&name` or `*name`.
    fn fetch_name(&mut self, kind: TokenKind) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        self.at += 1;
        while is_name(self.byte(0)) {
            self.at += 1;
        }
        let ends_well = self.blank_or_end(0)
            || matches!(
                self.byte(0),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if self.at == start + 1 || !ends_well {
            return Err(Fault::new(FaultKind::BadName, start, self.at.max(start + 1)));
        }
        self.push(kind, start, self.at);
        Ok(())
    }

    /// Opens a block collection whose entries start in a column, if it is deeper than the one around.
    fn open_block(&mut self, kind: TokenKind, column: usize, at: usize, place: Option<usize>) {
        if self.in_flow() || self.floor > column {
            return;
        }
        self.floors.push(self.floor);
        self.floor = column + 1;
        let token = Token {
            kind,
            start: at,
            end: at,
        };
        match place {
            Some(place) => self.queue.insert(place, token),
            None => self.queue.push_back(token),
        }
    }

    /// Closes the block collections whose entries start right of a column.
    fn close_blocks(&mut self, column: usize) {
        if !self.in_flow() {
            self.close_blocks_above(column + 1);
        }
    }

    fn close_blocks_above(&mut self, floor: usize) {
        while self.floor > floor {
            self.push(TokenKind::BlockEnd, self.at, self.at);
            self.floor = self.floors.pop().unwrap_or(0);
        }
    }

    /// Closes every block collection, before a document marker, a directive or the end.
    fn close_blocks_at_column_zero(&mut self) -> Result<(), Fault> {
        if !self.in_flow() {
            self.close_blocks_above(0);
        }
        self.forget_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn in_flow(&self) -> bool {
        !self.brackets.is_empty()
    }

    fn column(&self) -> usize {
        self.at - self.line_start
    }

    /// The byte `ahead` of the current one; 0 after the end, which no printable text holds.
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn byte_before(&self) -> u8 {
        self.at
            .checked_sub(1)
            .and_then(|at| self.bytes.get(at))
            .copied()
            .unwrap_or(0)
    }

    fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn break_len(&self) -> usize {
        break_len(self.bytes, self.at)
    }

    /// Whether a blank, a line break or the end stands `ahead` of here.
    fn blank_or_end(&self, ahead: usize) -> bool {
        let at = self.at + ahead;
        at >= self.bytes.len() || is_blank(self.byte(ahead)) || break_len(self.bytes, at) > 0
    }

    fn pass_break(&mut self, length: usize) {
        self.at += length;
        self.line_start = self.at;
        self.line += 1;
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.queue.push_back(Token { kind, start, end });
    }

    fn push_indicator(&mut self, kind: TokenKind) {
        self.push(kind, self.at, self.at + 1);
        self.at += 1;
    }
}
