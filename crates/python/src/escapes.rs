//! What becomes of a backslash on its way to Spark: dbt-glue pastes SQL into a Python text, Python takes its escapes out,
//! and Spark's parser takes its own out of literals (`dbt/adapters/glue/gluedbapi/cursor.py`; Spark's
//! `ParserUtils.unescapeSQLString`).

/// What Python makes of a backslash and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// A character, or nothing for a line that is continued.
    Char(Option<char>),
    /// The backslash stays and means nothing to Python.
    Kept,
    /// A `SyntaxError`.
    Fault,
    /// The text ends before it can be told.
    Open,
}

/// Reads the escape that begins `text`; with how many bytes it takes, the backslash included.
pub fn escape(text: &str) -> (Escape, usize) {
    let mut letters = text.char_indices().skip(1);
    let Some((_, letter)) = letters.next() else {
        return (Escape::Open, 1);
    };
    let plain = |c: char| (Escape::Char(Some(c)), 1 + letter.len_utf8());
    match letter {
        '\n' => (Escape::Char(None), 2),
        '\r' if text.get(2..3) == Some("\n") => (Escape::Char(None), 3),
        '\\' | '\'' | '"' => plain(letter),
        'a' => plain('\u{7}'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'v' => plain('\u{b}'),
        '0'..='7' => octal(text),
        'x' => hexadecimal(text, 2),
        'u' => hexadecimal(text, 4),
        'U' => hexadecimal(text, 8),
        'N' => named(text),
        _ => (Escape::Kept, 1),
    }
}

/// What Python makes of a text that stands in a literal of it; `None` where there is no backslash in it, or one that Python refuses.
pub fn unescaped(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at)?);
        rest = rest.get(at..)?;
        let (read, length) = escape(rest);
        match read {
            Escape::Char(made) => out.extend(made),
            Escape::Kept => out.push('\\'),
            Escape::Fault | Escape::Open => return None,
        }
        rest = rest.get(length..)?;
    }
    out.push_str(rest);
    Some(out)
}

fn octal(text: &str) -> (Escape, usize) {
    let digits = text
        .bytes()
        .skip(1)
        .take(3)
        .take_while(|byte| matches!(byte, b'0'..=b'7'));
    let (length, value) = digits.fold((0, 0_u32), |(length, value), digit| {
        (length + 1, value * 8 + u32::from(digit - b'0'))
    });
    (Escape::Char(char::from_u32(value)), 1 + length)
}

fn hexadecimal(text: &str, digits: usize) -> (Escape, usize) {
    let Some(written) = text.get(2..) else {
        return (Escape::Open, text.len());
    };
    let length = written
        .bytes()
        .take(digits)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if length == digits {
        let value = written
            .get(..digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .unwrap_or(u32::MAX);
        // Half of a pair of surrogates is a character to Python.
        let fault = value > 0x10_FFFF;
        let escape = if fault {
            Escape::Fault
        } else {
            Escape::Char(char::from_u32(value))
        };
        return (escape, 2 + digits);
    }
    let escape = if length == written.len() {
        Escape::Open
    } else {
        Escape::Fault
    };
    (escape, 2 + length)
}

/// `\N{NAME}`; which names there are is left to Python.
fn named(text: &str) -> (Escape, usize) {
    match text.get(2..) {
        None | Some("") => (Escape::Open, 2),
        Some(rest) if rest.starts_with('{') => match rest.find('}') {
            Some(end) if end > 1 => (Escape::Char(None), 2 + end + 1),
            Some(_) => (Escape::Fault, 2),
            None => (Escape::Open, 2),
        },
        Some(_) => (Escape::Fault, 2),
    }
}

/// Whether Spark keeps the meaning of a backslash before this character of a literal, as of a control character or a
/// pattern of `like`. Before any other it drops the backslash.
pub const fn means_something_to_spark(c: char) -> bool {
    matches!(
        c,
        '0'..='7' | 'b' | 'n' | 'r' | 't' | 'Z' | 'u' | 'U' | '\'' | '"' | '\\' | '%' | '_'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_escapes() {
        let cases = [
            (r"\n", Escape::Char(Some('\n')), 2),
            ("\\\nx", Escape::Char(None), 2),
            ("\\\r\nx", Escape::Char(None), 3),
            (r"\\d", Escape::Char(Some('\\')), 2),
            (r"\'", Escape::Char(Some('\'')), 2),
            (r"\d", Escape::Kept, 1),
            (r"\é", Escape::Kept, 1),
            (r"\101x", Escape::Char(Some('A')), 4),
            (r"\0", Escape::Char(Some('\0')), 2),
            (r"\x41", Escape::Char(Some('A')), 4),
            (r"\x4 ", Escape::Fault, 3),
            (r"\x4", Escape::Open, 3),
            (r"\u12' ", Escape::Fault, 4),
            (r"\Users", Escape::Fault, 2),
            (r"\U00110000", Escape::Fault, 10),
            (r"\N ", Escape::Fault, 2),
            (r"\N{BULLET}", Escape::Char(None), 10),
            (r"\N", Escape::Open, 2),
            (r"\", Escape::Open, 1),
        ];
        for (text, read, length) in cases {
            assert_eq!(escape(text), (read, length), "{text}");
        }
    }

    #[test]
    fn whole_texts_are_read() {
        let cases = [
            ("plain", None),
            (r"'\\d'", Some(r"'\d'")),
            (r"a\tb\'c", Some("a\tb'c")),
            (r"\d\\", Some(r"\d\")),
            (r"x\x4 ", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unescaped(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_ending_is_read() {
        for tail in ["", "x", "é", "u0", "N{é", "U0000000", "\r"] {
            let text = format!("\\{tail}");
            let (_, length) = escape(&text);
            assert!(text.is_char_boundary(length) && length > 0, "{text}");
        }
    }
}
