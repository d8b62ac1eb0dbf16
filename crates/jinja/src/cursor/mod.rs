//! What stands around an offset of a text that is being typed: no tree, so that nothing depends on what is missing.

mod names;

use glueline_base::{TextRange, range};

pub use names::{LocalKind, LocalName, OpenBlock};

use crate::scan::{EndFault, Scanner, TagKind, broken_string_end, raw_tag, starts_with, trim_at};
use crate::token::{Kind, Token, lex, skip_space};
use names::Names;

/// What kind of text an offset lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Outside of tags.
    Text,
    /// Inside `{{ }}`, or in an expression that stands alone.
    Output,
    /// Inside `{% %}`.
    Statement,
    /// In a comment, between `{% raw %}` and its end, or in the middle of a delimiter: nothing of Jinja's can stand here.
    Nowhere,
}

/// What a lexeme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LexemeKind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A text in quotes.
    Text,
    /// A text without its closing quote.
    OpenText,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `|`
    Pipe,
    /// `=`
    Assign,
    /// `:`
    Colon,
    /// Any other operator, and what Jinja does not know.
    Operator,
}

/// A word, a text or a sign of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub kind: LexemeKind,
    /// Where it stands.
    pub range: TextRange,
}

/// What stands around an offset.
#[derive(Debug, Clone)]
pub struct Cursor {
    /// What kind of text it lies in.
    pub place: Place,
    /// What stands in the tag before the offset, and what the offset lies in or touches from the right.
    pub before: Vec<Lexeme>,
    /// What follows in the tag, as far as it reaches.
    pub after: Vec<Lexeme>,
    /// Where the tag begins; the offset itself outside of tags.
    pub tag: TextRange,
    /// The blocks that are open at the offset, outermost first.
    pub blocks: Vec<OpenBlock>,
    /// The names that the file binds and that are known at the offset, in the order written.
    pub names: Vec<LocalName>,
}

/// How often a tag is read to its end that turns out to have none: each time costs the rest of the text.
const MAX_ENDLESS: usize = 24;

/// How many lexemes behind the offset are told.
const MAX_AFTER: usize = 256;

/// Reads what stands around an offset, in time linear in the text.
pub fn cursor(text: &str, offset: usize) -> Cursor {
    let offset = offset.min(text.len());
    let mut reader = Reader {
        text,
        offset,
        scanner: Scanner::default(),
        endless: 0,
        names: Names::default(),
    };
    reader.read()
}

/// Reads what stands around an offset of an expression that stands alone, without braces.
pub fn expression_cursor(text: &str, offset: usize) -> Cursor {
    let offset = offset.min(text.len());
    let mut scanner = Scanner::default();
    scanner.read_expression(text, 0, text.len());
    let (before, after) = split(&scanner.tokens, text, offset);
    Cursor {
        place: Place::Output,
        before,
        after,
        tag: range(0, text.len()),
        blocks: Vec::new(),
        names: Vec::new(),
    }
}

struct Reader<'t> {
    text: &'t str,
    offset: usize,
    scanner: Scanner,
    endless: usize,
    names: Names,
}

/// What was made of a tag.
enum Outcome {
    /// The offset lies in it.
    Inside(Vec<Lexeme>, Vec<Lexeme>, usize),
    /// The offset lies in its end.
    End,
    /// It ends before the offset.
    Before(usize),
}

impl Reader<'_> {
    fn read(&mut self) -> Cursor {
        let mut at = 0;
        while let Some(found) = next_opener(self.text, at, self.offset) {
            if found + 2 > self.offset {
                return self.done(Place::Nowhere, Vec::new(), Vec::new(), range(found, self.offset));
            }
            if starts_with(self.text, found, "{#") {
                let rest = self.text.get(found + 2..).unwrap_or("");
                match rest.find("#}").map(|end| found + 2 + end + 2) {
                    Some(end) if end <= self.offset => at = end,
                    _ => return self.done(Place::Nowhere, Vec::new(), Vec::new(), range(found, self.offset)),
                }
                continue;
            }
            if let Some(raw) = raw_tag(self.text, found, "raw")
                && raw.end <= self.offset
            {
                match self.raw_end(raw.end) {
                    Some(end) if end <= self.offset => at = end,
                    _ => return self.done(Place::Nowhere, Vec::new(), Vec::new(), range(found, self.offset)),
                }
                continue;
            }
            let tag = if starts_with(self.text, found, "{%") {
                TagKind::Statement
            } else {
                TagKind::Output
            };
            let (_, start) = trim_at(self.text, found + 2);
            match self.tag(start.min(self.offset), tag) {
                Outcome::Inside(before, after, end) => {
                    let place = match tag {
                        TagKind::Output => Place::Output,
                        TagKind::Statement => Place::Statement,
                    };
                    return self.done(place, before, after, range(found, end));
                }
                Outcome::End => {
                    return self.done(Place::Nowhere, Vec::new(), Vec::new(), range(found, self.offset));
                }
                Outcome::Before(end) => {
                    if tag == TagKind::Statement {
                        self.names.statement(self.text, found, &self.scanner.tokens);
                    }
                    at = end.max(found + 2);
                }
            }
        }
        self.done(
            Place::Text,
            Vec::new(),
            Vec::new(),
            range(self.offset, self.offset),
        )
    }

    fn done(&mut self, place: Place, before: Vec<Lexeme>, after: Vec<Lexeme>, tag: TextRange) -> Cursor {
        let (blocks, names) = std::mem::take(&mut self.names).finish();
        Cursor {
            place,
            before,
            after,
            tag,
            blocks,
            names,
        }
    }

    fn raw_end(&self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.match_indices("{%")
            .find_map(|(at, _)| raw_tag(self.text, from + at, "endraw"))
            .map(|tag| tag.end)
    }

    /// Reads the tag whose inside begins at `start`; its tokens stay with the scanner.
    fn tag(&mut self, start: usize, tag: TagKind) -> Outcome {
        if self.endless < MAX_ENDLESS {
            match self.scanner.read(self.text, start, tag) {
                Ok(end) if end.end <= self.offset => return Outcome::Before(end.end),
                // An end of the other kind is a guess; a tag that runs over the offset to reach one is no tag.
                Ok(end) if !self.is_overrun(end.fault) => {
                    if self.offset > end.inside {
                        return Outcome::End;
                    }
                    let (before, after) = split(&self.scanner.tokens, self.text, self.offset);
                    return Outcome::Inside(before, after, end.inside);
                }
                Ok(_) => {}
                Err(_) => self.endless += 1,
            }
        }
        self.half_typed(start, tag)
    }

    /// Whether a tag was read over the offset only because a text or an end of it is half typed.
    fn is_overrun(&self, fault: Option<EndFault>) -> bool {
        if matches!(fault, Some(EndFault::Other(_) | EndFault::Half(_))) {
            return true;
        }
        let at_start = |token: &&Token| token.start <= self.offset;
        let mut before = self.scanner.tokens.iter().take_while(at_start);
        before.any(|token| {
            let text = self.text.get(token.start..token.end).unwrap_or("");
            token.kind == Kind::Str
                && text.contains('\n')
                && ["}}", "%}", "{{", "{%"].iter().any(|mark| text.contains(mark))
        })
    }

    /// Reads a tag without an end: it reaches to the offset if all that stands between can be part of it.
    fn half_typed(&mut self, start: usize, tag: TagKind) -> Outcome {
        let lines = self.scanner.read_lines(self.text, start, tag);
        if lines.fault.is_none() && lines.end <= self.offset {
            return Outcome::Before(lines.end);
        }
        let mut tokens: Vec<Token> = Vec::new();
        let mut depth = 0_usize;
        let mut breaks = false;
        let mut at = start;
        loop {
            let from = at;
            at = skip_space(self.text, at);
            let until = at.min(self.offset);
            if self
                .text
                .get(from..until)
                .is_some_and(|space| space.contains('\n'))
            {
                if depth == 0 && !tokens.is_empty() {
                    return Outcome::Before(lines.end);
                }
                breaks = true;
            }
            if at >= self.offset {
                break;
            }
            let opens = |mark: &str| starts_with(self.text, at, mark);
            let closes = opens("}}") && depth == 0 || opens("%}") || opens("-%}") || opens("-}}");
            if closes || ["{{", "{%", "{#"].into_iter().any(opens) {
                return Outcome::Before(lines.end);
            }
            let Some(mut token) = lex(self.text, at, true) else {
                break;
            };
            // A text that holds the end of a tag found its closing quote in another one.
            let inside = self.text.get(token.start..token.end).unwrap_or("");
            if token.kind == Kind::Str
                && [tag.closer(), "{{", "{%"]
                    .iter()
                    .any(|mark| inside.contains(mark))
            {
                token = Token {
                    kind: Kind::BrokenStr,
                    end: token.start + 1,
                    ..token
                };
            }
            if token.kind == Kind::BrokenStr {
                token.end = broken_string_end(self.text, token.end, tag);
                let gap = self
                    .text
                    .get(token.end.min(self.offset)..self.offset)
                    .unwrap_or("");
                if !gap.contains('\n') {
                    token.end = token.end.max(self.offset);
                }
            }
            if breaks && tokens.last().is_some_and(|last| clash(self.text, last, &token)) {
                return Outcome::Before(lines.end);
            }
            match token.kind {
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                kind if kind.is_closer() => depth = depth.saturating_sub(1),
                _ => {}
            }
            at = token.end;
            tokens.push(token);
        }
        let last = tokens.last().map_or(start, |token| token.end).max(self.offset);
        let mut after = Vec::new();
        let mut at = last;
        // Only the rest of the line: what follows below most likely belongs to something else.
        while after.len() < MAX_AFTER {
            let from = at;
            at = skip_space(self.text, at);
            let gap = self.text.get(from..at).unwrap_or("");
            if gap.contains('\n')
                || ["}}", "%}", "{{", "{%"]
                    .iter()
                    .any(|mark| starts_with(self.text, at, mark))
            {
                break;
            }
            let Some(token) = lex(self.text, at, true).filter(|token| token.kind != Kind::BrokenStr) else {
                break;
            };
            at = token.end;
            after.push(lexeme(token));
        }
        let before = tokens.into_iter().map(lexeme).collect();
        Outcome::Inside(before, after, last)
    }
}

/// The first `{{`, `{%` or `{#` from `from` on that begins before the offset.
fn next_opener(text: &str, from: usize, offset: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < offset {
        at += bytes.get(at..offset)?.iter().position(|byte| *byte == b'{')?;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether two tokens cannot follow one another in an expression: what comes second is then no part of the tag.
fn clash(text: &str, first: &Token, second: &Token) -> bool {
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or("").to_owned();
    let joins = |token: &Token| {
        token.kind == Kind::Name
            && matches!(
                word(token).as_str(),
                "and" | "or" | "not" | "in" | "is" | "if" | "else" | "recursive" | "set" | "do" | "elif"
            )
    };
    let is_operand = |token: &Token| {
        matches!(
            token.kind,
            Kind::Name | Kind::Str | Kind::BrokenStr | Kind::Int | Kind::Float
        ) && !joins(token)
    };
    let ends_operand = is_operand(first) || first.kind.is_closer();
    ends_operand && is_operand(second) && !(first.kind == Kind::Str && second.kind == Kind::Str)
        || matches!(second.kind, Kind::Semicolon | Kind::Bad)
}

/// The tokens that begin before the offset, and those that follow.
fn split(tokens: &[Token], text: &str, offset: usize) -> (Vec<Lexeme>, Vec<Lexeme>) {
    let at = tokens.partition_point(|token| token.start < offset);
    let (before, after) = tokens.split_at_checked(at).unwrap_or((tokens, &[]));
    let mut before: Vec<Lexeme> = before.iter().copied().map(lexeme).collect();
    if let Some(last) = before.last_mut()
        && last.kind == LexemeKind::OpenText
        && usize::from(last.range.end()) < offset
        && !text
            .get(usize::from(last.range.end())..offset)
            .is_some_and(|gap| gap.contains('\n'))
    {
        last.range = range(usize::from(last.range.start()), offset);
    }
    let after = after.iter().copied().take(MAX_AFTER).map(lexeme).collect();
    (before, after)
}

fn lexeme(token: Token) -> Lexeme {
    let kind = match token.kind {
        Kind::Name => LexemeKind::Name,
        Kind::Int | Kind::Float => LexemeKind::Number,
        Kind::Str => LexemeKind::Text,
        Kind::BrokenStr => LexemeKind::OpenText,
        Kind::LParen | Kind::LBracket | Kind::LBrace => LexemeKind::Open,
        Kind::RParen | Kind::RBracket | Kind::RBrace => LexemeKind::Close,
        Kind::Comma => LexemeKind::Comma,
        Kind::Dot => LexemeKind::Dot,
        Kind::Pipe => LexemeKind::Pipe,
        Kind::Assign => LexemeKind::Assign,
        Kind::Colon => LexemeKind::Colon,
        _ => LexemeKind::Operator,
    };
    Lexeme {
        kind,
        range: token.range(),
    }
}

#[cfg(test)]
mod tests;
