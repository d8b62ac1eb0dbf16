//! String literals and the way back from the decoded text to the source.

use std::borrow::Cow;

use glueline_base::{TextRange, TextSize, range};

use crate::token::{char_at, lex, skip_space};

/// A string as written: one literal, or several side by side, which Jinja joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StringLiteral<'a> {
    /// From the first quote to the last one. The last quote is missing where the string is not closed.
    pub source: &'a str,
    /// The bytes of `source`.
    pub range: TextRange,
}

/// The text of a string literal, and where each of its characters stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// The decoded text.
    pub text: String,
    /// The text in stretches, each with where it stands.
    stretches: Vec<Stretch>,
}

/// A part of the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// Where it starts in the decoded text.
    decoded: usize,
    /// The bytes it was written with, in the file.
    source: TextRange,
    /// Whether it is written as it is; else it is one escape.
    plain: bool,
}

/// An escape that Python refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadEscape {
    /// The bytes of the escape, counted from the start of the literal's source.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl<'a> StringLiteral<'a> {
    /// The decoded text: borrowed where it is written as it is.
    pub fn text(&self) -> Cow<'a, str> {
        match self.plain() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.decode().text),
        }
    }

    /// The decoded text with a map to the source.
    ///
    /// Escapes are Python's, read as `unicode-escape` reads them: an unknown one stays as written. A lone
    /// surrogate, or a character given by name, which takes a table to know, becomes U+FFFD.
    pub fn decode(&self) -> Decoded {
        let mut decoder = Decoder {
            base: usize::from(self.range.start()),
            out: Decoded::default(),
            bad: None,
        };
        self.each_piece(|start, text| decoder.piece(start, text));
        decoder.out
    }

    /// The first escape that Python refuses, if there is one.
    pub(crate) fn bad_escape(&self) -> Option<BadEscape> {
        if !self.source.contains('\\') {
            return None;
        }
        let mut decoder = Decoder {
            base: 0,
            out: Decoded::default(),
            bad: None,
        };
        self.each_piece(|start, text| decoder.piece(start, text));
        decoder.bad
    }

    /// What stands between the quotes, if that is the text itself.
    fn plain(&self) -> Option<&'a str> {
        let mut chars = self.source.chars();
        let quote = chars.next()?;
        let inside = chars.as_str();
        let inside = inside.strip_suffix(quote).unwrap_or(inside);
        (!inside.contains([quote, '\\', '\r'])).then_some(inside)
    }

    /// Calls `each` with what stands between the quotes of each literal, and its offset in the source.
    fn each_piece(&self, mut each: impl FnMut(usize, &'a str)) {
        let mut at = 0;
        while let Some(quote @ ('\'' | '"')) = char_at(self.source, at) {
            let closed = lex(self.source, at, false).filter(|token| token.end > at + 1);
            let (inside_end, end) = match closed {
                Some(token) => (token.end - quote.len_utf8(), token.end),
                None => (self.source.len(), self.source.len()),
            };
            each(at + 1, self.source.get(at + 1..inside_end).unwrap_or(""));
            at = skip_space(self.source, end);
        }
    }
}

impl Decoded {
    /// Where the character at an offset of the decoded text stands in the source. An offset at or past the end is
    /// the place after the last character.
    pub fn source_offset(&self, offset: TextSize) -> TextSize {
        let offset = usize::from(offset);
        if offset >= self.text.len() {
            return self
                .stretches
                .last()
                .map_or(TextSize::new(0), |last| last.source.end());
        }
        match self.stretch_at(offset) {
            Some(stretch) if stretch.plain => stretch.source.start() + size(offset - stretch.decoded),
            Some(stretch) => stretch.source.start(),
            None => TextSize::new(0),
        }
    }

    /// Where a range of the decoded text stands in the source: whole escapes.
    pub fn source_range(&self, decoded: TextRange) -> TextRange {
        let start = self.source_offset(decoded.start());
        let last = usize::from(decoded.end()).min(self.text.len()).checked_sub(1);
        let end = match last.and_then(|last| Some((last, self.stretch_at(last)?))) {
            Some((last, stretch)) if stretch.plain => {
                stretch.source.start() + size(last + 1 - stretch.decoded)
            }
            Some((_, stretch)) => stretch.source.end(),
            None => start,
        };
        TextRange::new(start, end.max(start))
    }

    fn stretch_at(&self, offset: usize) -> Option<&Stretch> {
        let after = self
            .stretches
            .partition_point(|stretch| stretch.decoded <= offset);
        self.stretches.get(after.checked_sub(1)?)
    }
}

fn size(length: usize) -> TextSize {
    TextSize::new(u32::try_from(length).unwrap_or(u32::MAX))
}

struct Decoder {
    base: usize,
    out: Decoded,
    bad: Option<BadEscape>,
}

impl Decoder {
    fn stretch(&mut self, decoded: usize, source: usize, length: usize, plain: bool) {
        if length > 0 || self.out.stretches.is_empty() {
            let start = self.base + source;
            self.out.stretches.push(Stretch {
                decoded,
                source: range(start, start + length),
                plain,
            });
        }
    }

    fn piece(&mut self, start: usize, text: &str) {
        let mut rest = text;
        let mut at = start;
        loop {
            let plain = rest.find(['\\', '\r']).unwrap_or(rest.len());
            let (before, special) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.stretch(self.out.text.len(), at, before.len(), true);
            self.out.text.push_str(before);
            at += before.len();
            if special.is_empty() {
                return;
            }
            let decoded = self.out.text.len();
            let length = self.special(at, special).max(1);
            self.stretch(decoded, at, length, false);
            at += length;
            rest = special.get(length..).unwrap_or("");
        }
    }

    /// Decodes the escape or line ending that `text` starts with; its length in bytes.
    fn special(&mut self, at: usize, text: &str) -> usize {
        let mut chars = text.chars();
        if chars.next() == Some('\r') {
            self.out.text.push('\n');
            return if text.starts_with("\r\n") { 2 } else { 1 };
        }
        let Some(second) = chars.next() else {
            self.out.text.push('\\');
            return 1;
        };
        let simple = match second {
            '\n' => return 2,
            '\r' => return if text.starts_with("\\\r\n") { 3 } else { 2 },
            '\\' | '\'' | '"' => second,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '0'..='7' => return self.octal(text),
            'x' => return self.hexadecimal(at, text, 2),
            'u' => return self.hexadecimal(at, text, 4),
            'U' => return self.hexadecimal(at, text, 8),
            'N' => return self.named(at, text),
            other => {
                self.out.text.push('\\');
                self.push_as_python_escapes(other);
                return 1 + other.len_utf8();
            }
        };
        self.out.text.push(simple);
        1 + second.len_utf8()
    }

    /// Jinja2 writes characters beyond ASCII as escapes before Python decodes them; a backslash before one
    /// therefore leaves the letters of that escape.
    fn push_as_python_escapes(&mut self, c: char) {
        let code = u32::from(c);
        match code {
            0..=0x7f => self.out.text.push(c),
            0x80..=0xff => self.push_hexadecimal('x', code, 2),
            0x100..=0xffff => self.push_hexadecimal('u', code, 4),
            _ => self.push_hexadecimal('U', code, 8),
        }
    }

    fn push_hexadecimal(&mut self, letter: char, code: u32, digits: u32) {
        self.out.text.push(letter);
        for place in (0..digits).rev() {
            let digit = char::from_digit((code >> (4 * place)) & 0xf, 16);
            self.out.text.push(digit.unwrap_or('0'));
        }
    }

    fn octal(&mut self, text: &str) -> usize {
        let digits: &str = text.get(1..).unwrap_or("");
        let length = digits
            .bytes()
            .take(3)
            .take_while(|byte| matches!(byte, b'0'..=b'7'))
            .count();
        let code = u32::from_str_radix(digits.get(..length).unwrap_or(""), 8).unwrap_or(0);
        self.push_code(code);
        1 + length
    }

    fn hexadecimal(&mut self, at: usize, text: &str, expected: usize) -> usize {
        let digits = text.get(2..).unwrap_or("");
        let length = digits
            .bytes()
            .take(expected)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        let code = u32::from_str_radix(digits.get(..length).unwrap_or(""), 16).unwrap_or(0);
        let whole = 2 + length;
        if length < expected || code > 0x10_ffff {
            self.refuse(at, whole);
            self.out.text.push_str(text.get(..whole).unwrap_or(""));
        } else {
            self.push_code(code);
        }
        whole
    }

    fn named(&mut self, at: usize, text: &str) -> usize {
        let name = text
            .get(2..)
            .and_then(|rest| rest.strip_prefix('{'))
            .and_then(|rest| rest.find('}'));
        match name {
            Some(length) if length > 0 => {
                self.out.text.push('\u{FFFD}');
                length + 4
            }
            _ => {
                self.refuse(at, 2);
                self.out.text.push_str("\\N");
                2
            }
        }
    }

    fn push_code(&mut self, code: u32) {
        self.out.text.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
    }

    fn refuse(&mut self, at: usize, length: usize) {
        self.bad.get_or_insert(BadEscape {
            start: at,
            end: at + length,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(source: &str) -> StringLiteral<'_> {
        StringLiteral {
            source,
            range: range(10, 10 + source.len()),
        }
    }

    #[test]
    fn escapes_are_pythons() {
        for (source, expected) in [
            ("'a'", "a"),
            ("''", ""),
            ("'a' \"b\"\n'c'", "abc"),
            (r"'\n\t\\\'\x41\101\u00e9\U0001F600'", "\n\t\\'AA\u{e9}\u{1F600}"),
            (r"'\d+\.'", r"\d+\."),
            ("'a\r\nb\rc'", "a\nb\nc"),
            ("'a\\\nb'", "ab"),
            ("'\\é\\€\\😀'", r"\xe9\u20ac\U0001f600"),
            (r"'\ud83d'", "\u{FFFD}"),
            (r"'\N{BULLET}.'", "\u{FFFD}."),
            (r"'\x4'", r"\x4"),
            ("'open", "open"),
            ("'", ""),
            ("'open\\", "open\\"),
            ("'it''s'", "its"),
        ] {
            assert_eq!(literal(source).text(), expected, "{source}");
        }
    }

    #[test]
    fn refused_escapes_are_found() {
        for (source, expected) in [
            (r"'\x4'", Some((1, 4))),
            (r"'ab\u12z'", Some((3, 7))),
            (r"'\U00110000'", Some((1, 11))),
            (r"'a' '\N'", Some((5, 7))),
            (r"'\x41\d'", None),
        ] {
            let found = literal(source).bad_escape().map(|bad| (bad.start, bad.end));
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn decoded_offsets_lead_back_to_the_source() {
        // source: 'a\n' "bé\x41c" at 10; decoded: a, newline, b, é, A, c
        let source = "'a\\n' \"bé\\x41c\"";
        let decoded = literal(source).decode();
        assert_eq!(decoded.text, "a\nbéAc");
        let shown = |start, end| {
            let found = decoded.source_range(range(start, end));
            glueline_base::slice(source, found - TextSize::new(10))
        };
        assert_eq!(shown(0, 1), "a");
        assert_eq!(shown(1, 2), "\\n");
        assert_eq!(shown(0, 2), "a\\n");
        assert_eq!(shown(2, 5), "bé");
        assert_eq!(shown(5, 6), "\\x41");
        assert_eq!(shown(6, 7), "c");
        assert_eq!(shown(1, 3), "\\n' \"b");
        assert_eq!(
            decoded.source_offset(TextSize::new(99)),
            TextSize::new(10 + 14 + 1)
        );
    }
}
