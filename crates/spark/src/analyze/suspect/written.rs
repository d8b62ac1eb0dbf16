//! The text between the parts of an expression: parentheses and comments are not in the tree.

use glueline_base::{TextRange, TextSize, range, slice};

/// What stands between two places.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Behind the last closing parenthesis; where it begins if there is none.
    pub(super) closed: usize,
    /// Whether a line ends in it.
    pub(super) newline: bool,
    /// What is left without blanks, comments and closing parentheses.
    pub(super) rest: Box<str>,
    /// Where that begins.
    pub(super) rest_at: usize,
}

/// What stands in a range.
pub(super) fn gap(text: &str, at: TextRange) -> Gap {
    let start = usize::from(at.start());
    let written = slice(text, at);
    let mut found = Gap {
        closed: start,
        rest_at: start,
        ..Gap::default()
    };
    let mut rest = String::new();
    let mut offset = 0;
    while let Some(here) = written.get(offset..)
        && let Some(c) = here.chars().next()
    {
        if let Some(length) = comment(here) {
            found.newline |= here.get(..length).is_some_and(|comment| comment.contains('\n'));
            offset += length;
            continue;
        }
        match c {
            '\n' | '\r' => found.newline = true,
            ')' if rest.is_empty() => found.closed = start + offset + 1,
            c if c.is_whitespace() => {}
            c => {
                if rest.is_empty() {
                    found.rest_at = start + offset;
                }
                rest.push(c);
            }
        }
        offset += c.len_utf8();
    }
    found.rest = rest.into();
    found
}

/// The length of a comment that begins here, with the end of its line.
fn comment(text: &str) -> Option<usize> {
    let end = |mark: &str| text.find(mark).map_or(text.len(), |found| found + mark.len());
    if text.starts_with("--") {
        Some(end("\n"))
    } else if text.starts_with("/*") {
        Some(end("*/"))
    } else {
        None
    }
}

/// How far from the start of its line a place stands, if nothing but blanks stands before it there.
pub(super) fn indent(text: &str, at: TextSize) -> Option<usize> {
    let before = slice(text, TextRange::new(TextSize::new(0), at));
    let line = before.rsplit('\n').next().unwrap_or(before);
    line.bytes()
        .all(|byte| byte == b' ' || byte == b'\t')
        .then_some(line.len())
}

/// Between two ranges.
pub(super) fn between(first: TextRange, second: TextRange) -> TextRange {
    if first.end() <= second.start() {
        TextRange::new(first.end(), second.start())
    } else {
        TextRange::empty(first.end())
    }
}

/// The texts in quotes that a constant is written as.
pub(super) fn pieces(text: &str, at: TextRange) -> Vec<TextRange> {
    let start = usize::from(at.start());
    let bytes = slice(text, at).as_bytes();
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some(&byte) = bytes.get(offset) {
        let raw = matches!(byte, b'r' | b'R');
        let open = offset + usize::from(raw);
        let Some(&quote @ (b'\'' | b'"')) = bytes.get(open) else {
            let skipped = slice(text, at).get(offset..).and_then(comment);
            offset += skipped.unwrap_or(1);
            continue;
        };
        let mut end = open + 1;
        while let Some(&byte) = bytes.get(end) {
            if byte == b'\\' && !raw {
                end += 1;
            } else if byte == quote {
                break;
            }
            end += 1;
        }
        let end = (end + 1).min(bytes.len());
        found.push(range(start + offset, start + end));
        offset = end;
    }
    found
}

/// Whether a word stands in a text by itself.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !part(c))
        .any(|found| found.eq_ignore_ascii_case(word))
}
