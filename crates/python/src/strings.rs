//! String literals: where they end, and what they stand for.

use std::sync::Arc;

/// A string literal found at the start of a text.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// Length of the whole literal in bytes.
    pub(crate) length: usize,
    /// Length of the prefix.
    pub(crate) prefix: usize,
    /// How many quotes it opens with: 1 or 3.
    pub(crate) quotes: usize,
    /// Whether it ends. A single-quoted one is cut at its line's end, a triple-quoted one as well.
    pub(crate) is_closed: bool,
}

/// What a string literal stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// A text.
    Text(Arc<str>),
    /// A literal that is no text, or a text that cannot be told: bytes, `\N{...}`.
    Opaque,
    /// An f-string, which is no literal.
    Formatted,
}

/// The string literal at the start of a text, if there is one.
pub(crate) fn scan(text: &str) -> Option<Scanned> {
    let prefix = text
        .bytes()
        .take(3)
        .position(|byte| matches!(byte, b'"' | b'\''))?;
    let prefix_text = text.get(..prefix)?;
    if !is_prefix(prefix_text) {
        return None;
    }
    let body = text.get(prefix..)?;
    let quote = body.chars().next()?;
    let triple = if quote == '"' { "\"\"\"" } else { "'''" };
    let (quotes, end) = if body.starts_with(triple) {
        (3, closing(body, triple, true))
    } else {
        (1, closing(body, triple.get(..1)?, false))
    };
    let line = || body.find(['\n', '\r']).unwrap_or(body.len());
    let is_formatted = prefix_text.contains(['f', 'F']);
    let end = match end {
        Some(end) if is_formatted && quotes == 1 => Some(behind_fields(body, end)),
        end => end,
    };
    // Since Python 3.12 the field of an f-string may hold line breaks.
    let may_go_on = || is_formatted && body.get(..line()).is_some_and(|line| line.contains('{'));
    Some(Scanned {
        length: prefix + end.unwrap_or_else(line),
        prefix,
        quotes,
        is_closed: end.is_some() || may_go_on(),
    })
}

/// Since Python 3.12 the fields of an f-string may hold its own quotes: moves the end on to the first quote outside
/// of fields. Where there is none on the line, it stays.
fn behind_fields(body: &str, first_end: usize) -> usize {
    let Some(quote) = body.chars().next() else {
        return first_end;
    };
    let mut end = first_end;
    while body
        .get(1..end - 1)
        .is_some_and(|inner| has_open_field(inner, quote))
    {
        let rest = body.get(end..).unwrap_or_default();
        match rest.find(['\n', '\r', quote]) {
            Some(next) if rest.get(next..).is_some_and(|found| found.starts_with(quote)) => end += next + 1,
            _ => return first_end,
        }
    }
    end
}

fn has_open_field(inner: &str, quote: char) -> bool {
    let mut depth = 0_usize;
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '{' if depth == 0 && rest.starts_with('{') => rest = rest.get(1..).unwrap_or_default(),
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '"' | '\'' if depth > 0 => match rest.split_once(c) {
                Some((_, after)) => rest = after,
                None if c == quote => return true,
                None => {}
            },
            _ => {}
        }
    }
    depth > 0
}

fn is_prefix(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "r" | "u" | "b" | "f" | "br" | "rb" | "fr" | "rf"
    )
}

/// Where a literal that starts with its opening quotes ends, behind the closing ones.
fn closing(body: &str, quotes: &str, spans_lines: bool) -> Option<usize> {
    let mut at = quotes.len();
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(quotes) {
            return Some(at + quotes.len());
        }
        let mut chars = rest.chars();
        let c = chars.next()?;
        at += c.len_utf8();
        match c {
            // Even in a raw string a backslash keeps a quote, or a line's end, from counting.
            '\\' => {
                let next = chars.next()?;
                at += next.len_utf8();
                if next == '\r' && chars.next() == Some('\n') {
                    at += 1;
                }
            }
            '\n' | '\r' if !spans_lines => return None,
            _ => {}
        }
    }
}

/// What a literal with prefix and quotes stands for.
pub(crate) fn decode(literal: &str) -> Decoded {
    let Some(scanned) = scan(literal) else {
        return Decoded::Opaque;
    };
    let prefix = literal
        .get(..scanned.prefix)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if prefix.contains('f') {
        return Decoded::Formatted;
    }
    if prefix.contains('b') {
        return Decoded::Opaque;
    }
    let start = scanned.prefix + scanned.quotes;
    let ends = literal.len() - if scanned.is_closed { scanned.quotes } else { 0 };
    let body = literal.get(start..ends).unwrap_or_default();
    // Python reads every line ending as a line feed.
    let unified;
    let body = if body.contains('\r') {
        unified = body.replace("\r\n", "\n").replace('\r', "\n");
        &unified
    } else {
        body
    };
    if prefix.contains('r') || !body.contains('\\') {
        return Decoded::Text(Arc::from(body));
    }
    unescape(body).map_or(Decoded::Opaque, |text| Decoded::Text(text.into()))
}

/// `None` where there is an escape this does not know, or a faulty one.
fn unescape(body: &str) -> Option<String> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        let c = rest.chars().next()?;
        rest = rest.get(c.len_utf8()..)?;
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let code = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
            out.push(char::from_u32(code)?);
            rest = rest.get(digits..)?;
            continue;
        }
        match c {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(c),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\x0b'),
            '0'..='7' => {
                let more = rest
                    .bytes()
                    .take(2)
                    .take_while(|byte| matches!(byte, b'0'..=b'7'))
                    .count();
                let code = format!("{c}{}", rest.get(..more)?);
                out.push(char::from_u32(u32::from_str_radix(&code, 8).ok()?)?);
                rest = rest.get(more..)?;
            }
            'N' => return None,
            // An unknown escape stands for itself, backslash included.
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_stand_for_texts() {
        for (literal, expected) in [
            (r#""a""#, "a"),
            ("''", ""),
            (r#"'a"b'"#, "a\"b"),
            (r#""a\"b""#, "a\"b"),
            (r#"u"é\n""#, "é\n"),
            (r#"r"a\n\"""#, "a\\n\\\""),
            (r#""\x41\u00e9\101\q\0""#, "AéA\\q\0"),
            ("'a\\\nb'", "ab"),
            ("'a\\\r\nb'", "ab"),
            ("'''a\r\n'b'\r'''", "a\n'b'\n"),
            ("\"\"\"a\"\"\"", "a"),
            ("'unclosed", "unclosed"),
        ] {
            assert_eq!(decode(literal), Decoded::Text(expected.into()), "{literal}");
        }
        for literal in [r#"b"a""#, r"rb'a'", r#""\N{BULLET}""#, r#""\xg0""#, r#""\ud800""#] {
            assert_eq!(decode(literal), Decoded::Opaque, "{literal}");
        }
        for literal in [r#"f"a""#, r"Rf'a'", r#"F"""a""""#] {
            assert_eq!(decode(literal), Decoded::Formatted, "{literal}");
        }
    }

    #[test]
    fn literals_end_where_python_ends_them() {
        for (text, length, is_closed) in [
            ("'a'b", 3, true),
            ("'a\nb'", 2, false),
            ("'a\\\nb' c", 6, true),
            ("'''a\n''b''' c", 11, true),
            ("'''a\nb", 4, false),
            ("''", 2, true),
            ("rb'a\\' c", 8, false),
            ("f'{x", 4, true),
            ("f'{x['a']}' b'", 11, true),
            ("f\"{'{'}\" \"", 8, true),
            ("f\"{x:'>3}\" \"", 10, true),
            ("f'{{' '", 5, true),
            ("f'{x' y", 5, true),
            ("f'x", 3, false),
            ("'a\\", 3, false),
        ] {
            let found = scan(text).map(|found| (found.length, found.is_closed));
            assert_eq!(found, Some((length, is_closed)), "{text:?}");
        }
        for text in ["a'b'", "bb'a'", "x", "rbf'a'", ""] {
            assert!(scan(text).is_none(), "{text}");
        }
    }
}
