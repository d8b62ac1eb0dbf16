//! Tokens, as Spark's lexer makes them.

use glueline_base::{TextRange, range};

use super::ast::NumberKind;
use super::keyword::Kw;

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Tok,
    pub(crate) range: TextRange,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tok {
    /// A name without quotes that is no keyword.
    Word,
    /// A keyword, which may be a name all the same.
    Kw(Kw),
    /// `` `name` ``
    Quoted,
    /// `'text'`, `"text"`, `r'text'`
    String,
    /// A number with its suffix.
    Number(NumberKind),
    /// A sign.
    Sign(Sign),
    /// `/*+`
    HintStart,
    /// `*/`
    HintEnd,
    /// A sign that Spark does not know, a quote that is never closed.
    Bad,
    /// What could not be read, when a text is read around its faults.
    Hole,
    /// The end of the text.
    End,
}

/// Signs with a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Comma,
    Dot,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Semicolon,
    Star,
    Slash,
    Percent,
    Plus,
    Minus,
    Tilde,
    Bang,
    Ampersand,
    Pipe,
    Concat,
    Hat,
    Colon,
    Arrow,
    FatArrow,
    Question,
    Equal,
    NullSafeEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The tokens of a text, `End` last, and where a comment is that is never closed.
pub(crate) fn tokens(text: &str) -> (Vec<Token>, Option<TextRange>) {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::with_capacity(text.len() / 5 + 4),
        unclosed: None,
    };
    lexer.run();
    (lexer.tokens, lexer.unclosed)
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    unclosed: Option<TextRange>,
}

impl Lexer<'_> {
    fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Tok, start: usize) {
        let range = range(start, self.at);
        self.tokens.push(Token { kind, range });
    }

    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'-' if self.byte(1) == b'-' => self.line_comment(),
                b'/' if self.byte(1) == b'*' && self.byte(2) == b'+' => {
                    self.at += 3;
                    self.push(Tok::HintStart, start);
                }
                b'/' if self.byte(1) == b'*' => self.comment(),
                b'*' if self.byte(1) == b'/' => {
                    self.at += 2;
                    self.push(Tok::HintEnd, start);
                }
                b'r' | b'R' if matches!(self.byte(1), b'\'' | b'"') => self.raw_string(),
                b'\'' | b'"' => self.string(byte),
                b'`' => self.quoted(),
                b'0'..=b'9' => self.number(),
                b'.' if self.byte(1).is_ascii_digit() && self.decimal_is_whole(1) => self.number(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
                _ => self.sign(byte),
            }
        }
        self.push(Tok::End, self.at);
    }

    fn line_comment(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'\\' && self.byte(1) == b'\n' {
                self.at += 2;
                continue;
            }
            if byte == b'\n' || byte == b'\r' {
                break;
            }
            self.at += 1;
        }
    }

    /// Comments nest.
    fn comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') if depth == 0 || self.byte(2) != b'+' => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.unclosed.get_or_insert(range(start, self.at));
    }

    fn string(&mut self, quote: u8) {
        let start = self.at;
        let mut end = start + 1;
        while let Some(&byte) = self.bytes.get(end) {
            if byte == b'\\' {
                end += 2;
            } else if byte == quote {
                self.at = end + 1;
                return self.push(Tok::String, start);
            } else {
                end += 1;
            }
        }
        self.at = start + 1;
        self.push(Tok::Bad, start);
    }

    fn raw_string(&mut self) {
        let start = self.at;
        let quote = self.byte(1);
        let rest = self.bytes.get(start + 2..).unwrap_or_default();
        if let Some(length) = rest.iter().position(|byte| *byte == quote) {
            self.at = start + 2 + length + 1;
            self.push(Tok::String, start);
        } else {
            self.word();
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let mut end = start + 1;
        while let Some(&byte) = self.bytes.get(end) {
            if byte != b'`' {
                end += 1;
            } else if self.bytes.get(end + 1) == Some(&b'`') {
                end += 2;
            } else {
                self.at = end + 1;
                return self.push(Tok::Quoted, start);
            }
        }
        self.at = start + 1;
        self.push(Tok::Bad, start);
    }

    fn word(&mut self) {
        let start = self.at;
        while is_word(self.byte(0)) {
            self.at += 1;
        }
        let kind = self
            .text
            .get(start..self.at)
            .and_then(Kw::of)
            .map_or(Tok::Word, Tok::Kw);
        self.push(kind, start);
    }

    /// Whether the decimal whose point stands `offset - 1` bytes ahead is not the beginning of a word: `.5` but not `.5th`.
    fn decimal_is_whole(&self, offset: usize) -> bool {
        let mut offset = offset;
        while self.byte(offset).is_ascii_digit() {
            offset += 1;
        }
        offset = self.exponent(offset).unwrap_or(offset);
        !is_word(self.byte(self.suffix(offset).0)) || self.byte(offset) == b'e'
    }

    /// Behind an exponent that stands at this offset.
    fn exponent(&self, offset: usize) -> Option<usize> {
        if !matches!(self.byte(offset), b'e' | b'E') {
            return None;
        }
        let mut end = offset + 1;
        if matches!(self.byte(end), b'+' | b'-') {
            end += 1;
        }
        let digits = end;
        while self.byte(end).is_ascii_digit() {
            end += 1;
        }
        (end > digits).then_some(end)
    }

    /// Behind a suffix that stands at this offset, and what it says.
    fn suffix(&self, offset: usize) -> (usize, Option<NumberKind>) {
        let (length, kind) = match (
            self.byte(offset).to_ascii_uppercase(),
            self.byte(offset + 1).to_ascii_uppercase(),
        ) {
            (b'B', b'D') => (2, Some(NumberKind::BigDecimal)),
            (b'D', _) => (1, Some(NumberKind::Double)),
            (b'F', _) => (1, Some(NumberKind::Float)),
            _ => (0, None),
        };
        (offset + length, kind)
    }

    fn number(&mut self) {
        let start = self.at;
        let mut end = 0;
        while self.byte(end).is_ascii_digit() {
            end += 1;
        }
        let whole = end;
        if self.byte(end) == b'.' {
            end += 1;
            while self.byte(end).is_ascii_digit() {
                end += 1;
            }
        }
        let decimal = end > whole;
        let exponent = self.exponent(end);
        let digits = exponent.unwrap_or(end);
        let (last, suffix) = self.suffix(digits);
        if suffix.is_some() && !is_word(self.byte(last)) {
            self.at += last;
            return self.push(Tok::Number(suffix.unwrap_or(NumberKind::Double)), start);
        }
        if exponent.is_some() && !is_word(self.byte(digits)) {
            self.at += digits;
            return self.push(Tok::Number(NumberKind::Double), start);
        }
        if decimal && !is_word(self.byte(end)) {
            self.at += end;
            return self.push(Tok::Number(NumberKind::Decimal), start);
        }
        let kind = match self.byte(whole).to_ascii_uppercase() {
            b'L' => Some(NumberKind::BigInt),
            b'S' => Some(NumberKind::SmallInt),
            b'Y' => Some(NumberKind::TinyInt),
            _ => None,
        };
        if let Some(kind) = kind
            && !is_word(self.byte(whole + 1))
        {
            self.at += whole + 1;
            return self.push(Tok::Number(kind), start);
        }
        if is_word(self.byte(whole)) {
            return self.word();
        }
        self.at += whole.max(1);
        self.push(Tok::Number(NumberKind::Integer), start);
    }

    fn sign(&mut self, byte: u8) {
        let start = self.at;
        let next = self.byte(1);
        let (length, sign) = match (byte, next) {
            (b'<', b'=') if self.byte(2) == b'>' => (3, Sign::NullSafeEqual),
            (b'<', b'=') | (b'!', b'>') => (2, Sign::LessOrEqual),
            (b'>', b'=') | (b'!', b'<') => (2, Sign::GreaterOrEqual),
            (b'<', b'>') | (b'!', b'=') => (2, Sign::NotEqual),
            (b'=', b'=') => (2, Sign::Equal),
            (b'=', b'>') => (2, Sign::FatArrow),
            (b'-', b'>') => (2, Sign::Arrow),
            (b'|', b'|') => (2, Sign::Concat),
            (b'<', _) => (1, Sign::Less),
            (b'>', _) => (1, Sign::Greater),
            (b'=', _) => (1, Sign::Equal),
            (b'!', _) => (1, Sign::Bang),
            (b'|', _) => (1, Sign::Pipe),
            (b'-', _) => (1, Sign::Minus),
            (b',', _) => (1, Sign::Comma),
            (b'.', _) => (1, Sign::Dot),
            (b'(', _) => (1, Sign::Open),
            (b')', _) => (1, Sign::Close),
            (b'[', _) => (1, Sign::OpenBracket),
            (b']', _) => (1, Sign::CloseBracket),
            (b';', _) => (1, Sign::Semicolon),
            (b'*', _) => (1, Sign::Star),
            (b'/', _) => (1, Sign::Slash),
            (b'%', _) => (1, Sign::Percent),
            (b'+', _) => (1, Sign::Plus),
            (b'~', _) => (1, Sign::Tilde),
            (b'&', _) => (1, Sign::Ampersand),
            (b'^', _) => (1, Sign::Hat),
            (b':', _) => (1, Sign::Colon),
            (b'?', _) => (1, Sign::Question),
            _ => {
                let length = self
                    .text
                    .get(start..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8);
                self.at += length;
                return self.push(Tok::Bad, start);
            }
        };
        self.at += length;
        self.push(Tok::Sign(sign), start);
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The value of a text as it is written, quotes and all: `'a\'b'`, `"a"`, `r'a\b'`. Escapes are Spark's.
pub(crate) fn unescape(written: &str) -> String {
    if let Some(raw) = written.strip_prefix(['r', 'R']) {
        return inside(raw).to_owned();
    }
    let inside = inside(written);
    if !inside.contains('\\') {
        return inside.to_owned();
    }
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        let rest = chars.as_str();
        if let Some(code) = octal(rest) {
            out.push(code);
            chars = rest.get(3..).unwrap_or_default().chars();
            continue;
        }
        if let Some(code) = rest.strip_prefix(['u', 'U']).and_then(|_| hexadecimal(rest)) {
            out.push(code.0);
            chars = rest.get(code.1..).unwrap_or_default().chars();
            continue;
        }
        match chars.next() {
            Some('0') => out.push('\0'),
            Some('b') => out.push('\u{8}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('Z') => out.push('\u{1a}'),
            Some(wild @ ('%' | '_')) => {
                out.push('\\');
                out.push(wild);
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// What stands between the first character and the last.
fn inside(quoted: &str) -> &str {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("")
}

/// `\101`: three octal digits, the first not above 1.
fn octal(rest: &str) -> Option<char> {
    let digits = rest.get(..3)?;
    if !digits.starts_with(['0', '1']) {
        return None;
    }
    u8::from_str_radix(digits, 8).ok().map(char::from)
}

/// `\u0041` or `\U00000041`: the character, and how many bytes its code takes.
fn hexadecimal(rest: &str) -> Option<(char, usize)> {
    let length = if rest.starts_with('u') { 5 } else { 9 };
    let code = u32::from_str_radix(rest.get(1..length)?, 16).ok()?;
    Some((char::from_u32(code)?, length))
}
