//! Rendered SQL as Spark's lexer cuts it, and the way back to what was written.

use glueline_base::{FileRange, TextRange, TextSize};
use glueline_project::Project;
use glueline_render::Compiled;

use crate::run::is_own;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword, a name or a number.
    Word,
    /// A name in back-ticks.
    Name,
    /// A literal in single or double quotes.
    Literal,
    /// Any other character.
    Symbol,
}

/// A token: comments and white space are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// Where it starts, in bytes.
    pub(crate) start: usize,
    /// As it stands, with its quotes.
    pub(crate) text: &'a str,
}

impl<'a> Token<'a> {
    pub(crate) fn is_word(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    /// Just behind it.
    pub(crate) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// What it names, without its quotes.
    pub(crate) fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Word => Some(self.text),
            Kind::Name => self.text.get(1..self.text.len().saturating_sub(1)),
            Kind::Literal | Kind::Symbol => None,
        }
    }
}

/// What is opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    /// Where it opens, in bytes.
    pub(crate) start: usize,
    /// What it is, for messages.
    pub(crate) what: &'static str,
}

/// The tokens of a text, and the quote or comment that is still open at its end
/// (`SqlBaseLexer.g4` of Apache Spark 3.5: comments nest, a backslash escapes in literals but not behind `r`).
pub(crate) fn tokens(text: &str) -> (Vec<Token<'_>>, Option<Open>) {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(c) = rest.chars().next() else { break };
        let (len, kind) = match c {
            c if c.is_whitespace() => (Some(c.len_utf8()), None),
            '-' if rest.starts_with("--") => (Some(rest.find(['\n', '\r']).unwrap_or(rest.len())), None),
            '/' if rest.starts_with("/*") => (comment(rest), None),
            '\'' | '"' => (literal(rest, c, is_raw(&tokens, at)), Some(Kind::Literal)),
            '`' => (name(rest), Some(Kind::Name)),
            c if is_of_word(c) => {
                let end = rest.find(|c: char| !is_of_word(c)).unwrap_or(rest.len());
                (Some(end), Some(Kind::Word))
            }
            c => (Some(c.len_utf8()), Some(Kind::Symbol)),
        };
        let Some(len) = len else {
            let what = match c {
                '/' => "comment",
                '`' => "name",
                _ => "literal",
            };
            return (tokens, Some(Open { start: at, what }));
        };
        if let (Some(kind), Some(text)) = (kind, rest.get(..len)) {
            tokens.push(Token {
                kind,
                start: at,
                text,
            });
        }
        at += len;
    }
    (tokens, None)
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_raw(tokens: &[Token<'_>], at: usize) -> bool {
    tokens
        .last()
        .is_some_and(|token| token.is_word(&["r"]) && token.end() == at)
}

/// The length of a comment at the start of a text.
fn comment(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// The length of a literal at the start of a text.
fn literal(rest: &str, quote: char, raw: bool) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' && !raw {
            chars.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

/// The length of a name in back-ticks at the start of a text.
fn name(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '`' && chars.next_if(|(_, next)| *next == '`').is_none() {
            return Some(at + 1);
        }
    }
    None
}

/// Where a stretch of rendered text comes from, in a file that is the user's own: the characters themselves, or the innermost
/// expression that printed them.
pub(crate) fn place(project: &Project, compiled: &Compiled, start: usize, end: usize) -> Option<FileRange> {
    let map = &compiled.map;
    let first = map.at(start)?;
    let own = |place: &FileRange| is_own(project, place.file);
    if !own(&first.place) {
        return first.expanded_from.into_iter().find(own);
    }
    let last = map
        .at(end.saturating_sub(1))
        .filter(|last| last.literal && first.literal);
    let reaches = last.filter(|last| {
        last.place.file == first.place.file
            && last.place.range.end() > first.place.range.start()
            && last.place.range.end() - first.place.range.start()
                == TextSize::new(u32::try_from(end - start).unwrap_or(0))
    });
    Some(match reaches {
        Some(last) => FileRange {
            file: first.place.file,
            range: TextRange::new(first.place.range.start(), last.place.range.end()),
        },
        None => first.place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_as_spark_cuts_them() {
        let cut = |text| {
            let (tokens, open) = tokens(text);
            let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
            (texts.join(" "), open.map_or("", |open| open.what))
        };
        for (text, expected, open) in [
            ("a.b1,c", "a . b1 , c", ""),
            ("a -- 'x\nb", "a b", ""),
            ("a /* 'x */ b", "a b", ""),
            ("a /* x /* y */ b */ c", "a c", ""),
            ("a /* x /* y */ b", "a", "comment"),
            ("'a''b' \"c'\"", "'a' 'b' \"c'\"", ""),
            (r"'it\'s' b", r"'it\'s' b", ""),
            (r"r'\' b", r"r '\' b", ""),
            ("'it's'", "'it' s", "literal"),
            ("`a``b` c", "`a``b` c", ""),
            ("`a", "", "name"),
            ("é ü", "é ü", ""),
        ] {
            assert_eq!(cut(text), (expected.to_owned(), open), "{text}");
        }
    }
}
