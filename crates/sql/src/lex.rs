//! The lexer. Lexical rules are those of Spark's `SqlBaseLexer.g4`.

use glueline_base::{TextRange, range};

use crate::keyword::Keyword;
use crate::token::{Hole, HoleKind, Token, TokenKind};

/// The tokens of a stretch of text.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    /// Comments and hints, in the order of the text.
    pub(crate) comments: Vec<TextRange>,
}

/// Takes a stretch of text apart. `holes` are sorted and do not overlap.
pub(crate) fn lex(text: &str, within: TextRange, holes: &[Hole]) -> Lexed {
    let mut lexer = Lexer::new(text, within, holes, false);
    lexer.run();
    if lexer.is_torn {
        // A quote is missing. A text over several lines is rarer than one that is being typed.
        lexer = Lexer::new(text, within, holes, true);
        lexer.run();
    }
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    holes: &'a [Hole],
    next_hole: usize,
    ends_at_line: bool,
    is_torn: bool,
    out: Lexed,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, within: TextRange, holes: &'a [Hole], ends_at_line: bool) -> Self {
        let end = usize::from(within.end()).min(text.len());
        Self {
            text,
            at: usize::from(within.start()).min(end),
            end,
            holes,
            next_hole: holes.partition_point(|hole| hole.range.end() <= within.start()),
            ends_at_line,
            is_torn: false,
            out: Lexed {
                tokens: Vec::new(),
                comments: Vec::new(),
            },
        }
    }

    /// The byte at an offset from here; zero where there is none.
    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end {
            self.text.as_bytes().get(at).copied().unwrap_or(0)
        } else {
            0
        }
    }

    /// The hole that begins here.
    fn hole(&mut self) -> Option<(usize, Hole)> {
        while let Some(hole) = self.holes.get(self.next_hole) {
            if usize::from(hole.range.end()) > self.at {
                break;
            }
            self.next_hole += 1;
        }
        let hole = self.holes.get(self.next_hole)?;
        (usize::from(hole.range.start()) <= self.at).then_some((self.next_hole, *hole))
    }

    /// Goes to the end of a hole.
    fn pass(&mut self, hole: Hole) {
        self.at = usize::from(hole.range.end()).max(self.at + 1).min(self.end);
    }

    /// Goes over bytes as long as they are wanted, up to a hole.
    fn while_byte(&mut self, is_wanted: impl Fn(u8) -> bool) {
        while self.at < self.end && self.hole().is_none() && is_wanted(self.peek(0)) {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.out.tokens.push(Token {
            kind,
            range: range(start, self.at),
        });
    }

    fn run(&mut self) {
        while self.at < self.end {
            if let Some((index, hole)) = self.hole() {
                self.hole_token(index, hole);
            } else {
                self.token();
            }
        }
    }

    fn hole_token(&mut self, index: usize, hole: Hole) {
        let start = self.at;
        self.pass(hole);
        match hole.kind {
            HoleKind::Blank => {}
            HoleKind::Text if self.is_glued() => self.templated(start),
            HoleKind::Relation | HoleKind::Text => {
                self.push(TokenKind::Hole(u32::try_from(index).unwrap_or(u32::MAX)), start);
            }
        }
    }

    /// Whether what follows belongs to the name that ends here.
    fn is_glued(&mut self) -> bool {
        match self.hole() {
            Some((_, hole)) => hole.kind == HoleKind::Text,
            None => is_word(self.peek(0)),
        }
    }

    /// Reads on in a name that holds holes.
    fn templated(&mut self, start: usize) {
        while self.at < self.end && self.is_glued() {
            match self.hole() {
                Some((_, hole)) => self.pass(hole),
                None => self.at += 1,
            }
        }
        self.push(TokenKind::Templated, start);
    }

    fn token(&mut self) {
        let start = self.at;
        let (first, second) = (self.peek(0), self.peek(1));
        match (first, second) {
            (b'-', b'-') => self.line_comment(),
            (b'/', b'*') => self.block_comment(),
            (b'\'' | b'"', _) => self.string(start, true),
            (b'r' | b'R', b'\'' | b'"') => {
                self.at += 1;
                self.string(start, false);
            }
            (b'`', _) => self.quoted(start),
            (b'0'..=b'9', _) => self.number(start),
            (b'.', b'0'..=b'9') if !self.follows_name() => self.number(start),
            _ if is_word(first) => self.word(start),
            _ if first.is_ascii_whitespace() => self.at += 1,
            _ => self.sign(start, first, second),
        }
    }

    fn follows_name(&self) -> bool {
        self.out.tokens.last().is_some_and(|token| {
            usize::from(token.range.end()) == self.at
                && (token.kind.is_name() || matches!(token.kind, TokenKind::Hole(_) | TokenKind::Close))
        })
    }

    fn sign(&mut self, start: usize, first: u8, second: u8) {
        let (kind, len) = match (first, second) {
            (b'-', b'>') => (TokenKind::Arrow, 2),
            (b'=', b'>') => (TokenKind::FatArrow, 2),
            (b':', b':') => (TokenKind::DoubleColon, 2),
            (b',', _) => (TokenKind::Comma, 1),
            (b'.', _) => (TokenKind::Dot, 1),
            (b'(', _) => (TokenKind::Open, 1),
            (b')', _) => (TokenKind::Close, 1),
            (b'[', _) => (TokenKind::OpenBracket, 1),
            (b']', _) => (TokenKind::CloseBracket, 1),
            (b'*', _) => (TokenKind::Star, 1),
            (b';', _) => (TokenKind::Semicolon, 1),
            (b'<', b'=' | b'>') | (b'>' | b'=' | b'!', b'=') | (b'|', b'|') => (TokenKind::Operator, 2),
            _ => (TokenKind::Operator, 1),
        };
        self.at += len;
        self.push(kind, start);
    }

    fn word(&mut self, start: usize) {
        self.while_byte(is_word);
        if self.is_glued() {
            return self.templated(start);
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        self.push(TokenKind::Word(Keyword::of(text)), start);
    }

    /// `1`, `.5`, `1e10`, `10L`, and names that begin with a digit.
    fn number(&mut self, start: usize) {
        self.while_byte(|byte| byte.is_ascii_digit());
        if self.peek(0) == b'.' && !is_name_start(self.peek(1)) {
            self.at += 1;
            self.while_byte(|byte| byte.is_ascii_digit());
        }
        if matches!(self.peek(0), b'e' | b'E')
            && matches!(self.peek(1), b'+' | b'-')
            && self.peek(2).is_ascii_digit()
        {
            self.at += 2;
        }
        let digits = self.at;
        self.while_byte(is_word);
        if self.is_glued() {
            return self.templated(start);
        }
        let tail = self.text.get(digits..self.at).unwrap_or_default().as_bytes();
        let is_number = match tail {
            [] => true,
            [b'e' | b'E', exponent @ ..] => exponent.iter().all(u8::is_ascii_digit),
            [digit, ..] if digit.is_ascii_digit() => true,
            _ => ["l", "s", "y", "d", "f", "bd"]
                .iter()
                .any(|suffix| suffix.as_bytes().eq_ignore_ascii_case(tail)),
        };
        let kind = if is_number {
            TokenKind::Number
        } else {
            TokenKind::Word(None)
        };
        self.push(kind, start);
    }

    fn string(&mut self, start: usize, has_escapes: bool) {
        let quote = self.peek(0);
        self.at += 1;
        loop {
            if self.at >= self.end {
                self.is_torn = true;
                break;
            }
            if let Some((_, hole)) = self.hole() {
                self.pass(hole);
                continue;
            }
            match self.peek(0) {
                b'\n' if self.ends_at_line => break,
                b'\\' if has_escapes && self.peek(1) != b'\n' => self.at = (self.at + 2).min(self.end),
                byte => {
                    self.at += 1;
                    if byte == quote {
                        break;
                    }
                }
            }
        }
        self.push(TokenKind::String, start);
    }

    /// A name in back-ticks; a doubled back-tick is one of the name. It ends with its line: none is longer.
    fn quoted(&mut self, start: usize) {
        let mut kind = TokenKind::Quoted;
        self.at += 1;
        while self.at < self.end {
            if let Some((_, hole)) = self.hole() {
                if hole.kind != HoleKind::Blank {
                    kind = TokenKind::Templated;
                }
                self.pass(hole);
                continue;
            }
            match (self.peek(0), self.peek(1)) {
                (b'\n', _) => break,
                (b'`', b'`') => self.at += 2,
                (b'`', _) => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.push(kind, start);
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self.at < self.end {
            if let Some((_, hole)) = self.hole() {
                self.pass(hole);
                continue;
            }
            match (self.peek(0), self.peek(1)) {
                (b'\n', _) => break,
                (b'\\', b'\n') => self.at += 2,
                _ => self.at += 1,
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        self.out
            .comments
            .push(range(start, start + text.trim_end_matches('\r').len()));
    }

    /// `/* */`, which nests, and hints.
    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        while self.at < self.end {
            if let Some((_, hole)) = self.hole() {
                self.pass(hole);
                continue;
            }
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.out.comments.push(range(start, self.at));
    }
}

/// Whether a byte belongs to a name. Letters beyond ASCII do: the text is read by bytes, and none of theirs is a sign.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

const fn is_name_start(byte: u8) -> bool {
    is_word(byte) && !byte.is_ascii_digit()
}
