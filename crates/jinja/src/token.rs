//! The tokens inside a tag, read as Jinja2's lexer reads them.

use glueline_base::{TextRange, range};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Int,
    Float,
    Str,
    /// A quote without its partner; reaches to where the text most likely ends.
    BrokenStr,
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Tilde,
    LParen,
    RParen,
    LBracket,
    RBracket,
    LBrace,
    RBrace,
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Assign,
    Dot,
    Colon,
    Pipe,
    Comma,
    Semicolon,
    /// A character that Jinja does not know, or `&&`.
    Bad,
    /// Stands after the last token.
    End,
}

impl Kind {
    /// Whether the token closes a bracket.
    pub(crate) const fn is_closer(self) -> bool {
        matches!(self, Self::RParen | Self::RBracket | Self::RBrace)
    }

    /// Whether an expression can start with the token.
    pub(crate) const fn starts_expression(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Int
                | Self::Float
                | Self::Str
                | Self::BrokenStr
                | Self::LParen
                | Self::LBracket
                | Self::LBrace
        )
    }
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    /// The bytes of the token.
    pub(crate) fn range(self) -> TextRange {
        range(self.start, self.end)
    }
}

/// Whether Python's `\s` matches the character.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// The first offset from `at` on that holds no white space.
pub(crate) fn skip_space(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = at;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' | b'\x1c'..=b'\x1f') => at += 1,
            Some(byte) if !byte.is_ascii() => match char_at(text, at) {
                Some(c) if is_space(c) => at += c.len_utf8(),
                _ => return at,
            },
            _ => return at,
        }
    }
}

/// The character that starts at an offset.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The token that starts at `at`, where no white space stands; `None` at the end of the text.
///
/// A string that is not closed is a [`Kind::BrokenStr`] of one quote; the caller decides how far it reaches.
/// With `single_line` a string has to close on its own line.
pub(crate) fn lex(text: &str, at: usize, single_line: bool) -> Option<Token> {
    let bytes = text.as_bytes();
    let first = *bytes.get(at)?;
    let token = |kind, length: usize| {
        Some(Token {
            kind,
            start: at,
            end: at + length,
        })
    };
    let second = bytes.get(at + 1).copied();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => token(Kind::Name, name_length(text, at)),
        b'0'..=b'9' => {
            let after_dot = at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'.');
            let (kind, length) = number(bytes.get(at..)?, after_dot);
            token(kind, length)
        }
        b'\'' | b'"' => match string_end(bytes, at, first, single_line) {
            Some(end) => token(Kind::Str, end - at),
            None => token(Kind::BrokenStr, 1),
        },
        b'*' if second == Some(b'*') => token(Kind::Pow, 2),
        b'/' if second == Some(b'/') => token(Kind::FloorDiv, 2),
        b'=' if second == Some(b'=') => token(Kind::Eq, 2),
        b'!' if second == Some(b'=') => token(Kind::Ne, 2),
        b'>' if second == Some(b'=') => token(Kind::Ge, 2),
        b'<' if second == Some(b'=') => token(Kind::Le, 2),
        b'&' if second == Some(b'&') => token(Kind::Bad, 2),
        _ => {
            if let Some(kind) = operator(first) {
                return token(kind, 1);
            }
            let c = char_at(text, at)?;
            if c.is_alphabetic() {
                token(Kind::Name, name_length(text, at))
            } else {
                token(Kind::Bad, c.len_utf8())
            }
        }
    }
}

const fn operator(byte: u8) -> Option<Kind> {
    Some(match byte {
        b'+' => Kind::Add,
        b'-' => Kind::Sub,
        b'*' => Kind::Mul,
        b'/' => Kind::Div,
        b'%' => Kind::Mod,
        b'~' => Kind::Tilde,
        b'(' => Kind::LParen,
        b')' => Kind::RParen,
        b'[' => Kind::LBracket,
        b']' => Kind::RBracket,
        b'{' => Kind::LBrace,
        b'}' => Kind::RBrace,
        b'>' => Kind::Gt,
        b'<' => Kind::Lt,
        b'=' => Kind::Assign,
        b'.' => Kind::Dot,
        b':' => Kind::Colon,
        b'|' => Kind::Pipe,
        b',' => Kind::Comma,
        b';' => Kind::Semicolon,
        _ => return None,
    })
}

fn name_length(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let ascii = rest
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_'))
        .unwrap_or(rest.len());
    if rest.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    // The middle dot is the one letter of Python's identifiers that Unicode calls punctuation.
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\u{b7}' || is_mark(c)))
        .unwrap_or(rest.len())
}

/// Combining marks of the blocks in common use; they continue an identifier.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20dc}')
}

/// The kind and length of the number that the bytes start with.
fn number(bytes: &[u8], after_dot: bool) -> (Kind, usize) {
    if !after_dot && let Some(length) = float_length(bytes) {
        return (Kind::Float, length);
    }
    if bytes.first() == Some(&b'0') {
        let radix = match bytes.get(1).map(u8::to_ascii_lowercase) {
            Some(b'b') => Some(2),
            Some(b'o') => Some(8),
            Some(b'x') => Some(16),
            _ => None,
        };
        if let Some(radix) = radix {
            let digits = digits(bytes, 2, true, |byte| char::from(byte).is_digit(radix));
            if digits > 2 {
                return (Kind::Int, digits);
            }
        }
        return (Kind::Int, digits(bytes, 1, true, |byte| byte == b'0'));
    }
    (Kind::Int, digits(bytes, 1, true, |byte| byte.is_ascii_digit()))
}

/// Digits then a fraction, an exponent or both.
fn float_length(bytes: &[u8]) -> Option<usize> {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let whole = digits(bytes, 0, false, is_digit);
    let mut at = whole;
    if bytes.get(at) == Some(&b'.') {
        let end = digits(bytes, at + 1, false, is_digit);
        if end > at + 1 {
            at = end;
        }
    }
    let has_fraction = at > whole;
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(bytes, at + 1 + sign, false, is_digit);
        if end > at + 1 + sign {
            return Some(end);
        }
    }
    has_fraction.then_some(at)
}

/// The end of the digits that start at `at`; one underscore may stand between two, or first if `leading`.
fn digits(bytes: &[u8], at: usize, leading: bool, is_digit: impl Fn(u8) -> bool) -> usize {
    let mut end = at;
    loop {
        match bytes.get(end) {
            Some(byte) if is_digit(*byte) => end += 1,
            Some(b'_') if (end > at || leading) && bytes.get(end + 1).is_some_and(|byte| is_digit(*byte)) => {
                end += 2;
            }
            _ => return end,
        }
    }
}

/// The offset after the closing quote.
fn string_end(bytes: &[u8], at: usize, quote: u8, single_line: bool) -> Option<usize> {
    let mut end = at + 1;
    loop {
        match *bytes.get(end)? {
            b'\\' => end += 2,
            b'\n' if single_line => return None,
            byte if byte == quote => return Some(end + 1),
            _ => end += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut at = 0;
        let mut out = Vec::new();
        loop {
            at = skip_space(text, at);
            let Some(token) = lex(text, at, false) else {
                return out;
            };
            out.push(glueline_base::slice(text, token.range()));
            at = token.end;
        }
    }

    #[test]
    fn text_is_cut_where_jinja_cuts_it() {
        for (text, expected) in [
            ("a.b", "a . b"),
            ("a.1.2", "a . 1 . 2"),
            ("1.5", "1.5"),
            ("1.e", "1 . e"),
            ("1e5", "1e5"),
            ("1e", "1 e"),
            ("1_000", "1_000"),
            ("1__0", "1 __0"),
            ("0x1F", "0x1F"),
            ("0x", "0 x"),
            ("0b_1", "0b_1"),
            ("01", "0 1"),
            ("00_0", "00_0"),
            ("1.5e+3x", "1.5e+3 x"),
            ("2**-3//4", "2 ** - 3 // 4"),
            ("a!=b!", "a != b !"),
            ("é\u{b7}x,ß", "é\u{b7}x , ß"),
            ("\u{a0}a\u{a0}", "a"),
            (r#"'a\'b' "c""#, r#"'a\'b' "c""#),
            ("&& &", "&& &"),
        ] {
            assert_eq!(tokens(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_lone_quote_is_broken() {
        for text in ["'", "'a", "\"a'", "'a\\'", "'\\"] {
            assert_eq!(
                lex(text, 0, false).map(|token| token.kind),
                Some(Kind::BrokenStr),
                "{text}"
            );
        }
        assert_eq!(
            lex("'a\n'", 0, true).map(|token| token.kind),
            Some(Kind::BrokenStr)
        );
        assert_eq!(lex("'a\n'", 0, false).map(|token| token.kind), Some(Kind::Str));
    }
}
