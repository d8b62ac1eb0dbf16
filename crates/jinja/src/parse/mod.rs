//! The recovering parser: tags, the blocks they make, and what is wrong with them.

mod blocks;
mod expression;
mod parser;
mod postfix;
mod primary;
mod statement;
mod tag;
mod tags;

pub(crate) use tags::is_end;
pub use tags::{end_tag, statement_tags};

use glueline_base::{Spanned, SyntaxError, TextRange, range, slice};

use self::parser::Parser;
use self::tag::report_broken_string;
use crate::scan::{RawTag, Scanner, TagKind, raw_tag, trim_at};
use crate::{Comment, Expr, Piece, Statement, StatementKind, Tag, Template, Trim};

/// How many times its own length a text may be read to look for the ends of broken tags.
const REREADS: usize = 8;

/// Reads a template. Never fails: what could not be read is among the errors, and everything else in the tree.
pub fn parse(text: &str) -> Template<'_> {
    let mut builder = Builder::new(text);
    builder.run();
    builder.finish()
}

/// Reads one expression that stands at a range of a text, such as the content of a string.
///
/// A range outside of the text reads as empty.
pub fn parse_expression(text: &str, place: TextRange) -> (Expr<'_>, Vec<SyntaxError>) {
    let mut scanner = Scanner::default();
    let mut errors = Vec::new();
    let (start, end) = (usize::from(place.start()), usize::from(place.end()));
    let (start, end) = if text.get(start..end).is_some() {
        (start, end)
    } else {
        (0, 0)
    };
    scanner.read_expression(text, start, end);
    let broken = report_broken_string(text, &scanner.tokens, &mut errors);
    let mut parser = Parser::new(text, &scanner.tokens, end, &mut errors, broken);
    let expr = parser.tuple(true);
    parser.finish();
    parser.settle();
    (expr, errors)
}

/// Puts pieces together and keeps track of the blocks that are open.
struct Builder<'a> {
    text: &'a str,
    scanner: Scanner,
    errors: Vec<SyntaxError>,
    body: Vec<Piece<'a>>,
    frames: Vec<Frame<'a>>,
    /// The end tags of blocks that were opened too deep to be kept.
    too_deep: Vec<&'static str>,
    /// How many blocks of each end tag were found unclosed: an end tag that comes late after all is no second fault.
    forced: Vec<(&'static str, usize)>,
    /// Whether such a late end tag was met in the definition at hand: what else does not pair up follows from it.
    out_of_step: bool,
    /// The names of unknown tags, whose end tags are no second fault either.
    unknown: Vec<&'a str>,
    /// How many bytes may still be read in vain.
    budget: usize,
    comments_end: bool,
    raw_ends: bool,
}

/// A block whose end tag was not met yet.
struct Frame<'a> {
    statement: Statement<'a>,
    end: &'static str,
    /// Whether the opening tag itself is broken: a missing end tag is then no second fault.
    torn: bool,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            scanner: Scanner::default(),
            errors: Vec::new(),
            body: Vec::new(),
            frames: Vec::new(),
            too_deep: Vec::new(),
            forced: Vec::new(),
            out_of_step: false,
            unknown: Vec::new(),
            budget: text.len().saturating_mul(REREADS),
            comments_end: true,
            raw_ends: true,
        }
    }

    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut text_start = 0;
        while let Some(found) = self.text.get(at..).and_then(|rest| rest.find('{')) {
            let open = at + found;
            let second = bytes.get(open + 1);
            if !matches!(second, Some(b'{' | b'%' | b'#')) {
                at = open + 1;
                continue;
            }
            if open > text_start {
                self.push(Piece::Text(range(text_start, open)));
            }
            at = match second {
                Some(b'{') => self.tag(open, TagKind::Output),
                Some(b'%') => match raw_tag(self.text, open, "raw") {
                    Some(tag) => self.raw(tag),
                    None => self.tag(open, TagKind::Statement),
                },
                _ => self.comment(open),
            };
            text_start = at;
        }
        if text_start < self.text.len() {
            self.push(Piece::Text(range(text_start, self.text.len())));
        }
    }

    fn finish(mut self) -> Template<'a> {
        let end = range(self.text.len(), self.text.len());
        while let Some(frame) = self.frames.pop() {
            self.close_unclosed(frame, end);
        }
        self.errors.sort_by_key(|error| error.range.start());
        Template {
            text: self.text,
            body: self.body,
            errors: self.errors,
        }
    }

    fn push(&mut self, piece: Piece<'a>) {
        let body = self
            .frames
            .last_mut()
            .and_then(|frame| frame.statement.kind.open_body());
        body.unwrap_or(&mut self.body).push(piece);
    }

    fn error(&mut self, message: impl Into<String>, range: TextRange) {
        self.errors.push(SyntaxError::new(message, range));
    }

    /// Whether nothing stands after an offset but the line ending that Jinja2 drops.
    fn is_last(&self, at: usize) -> bool {
        matches!(self.text.get(at..), Some("" | "\n" | "\r\n" | "\r"))
    }

    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    fn comment(&mut self, open: usize) -> usize {
        let (before, inside) = trim_at(self.text, open + 2);
        let rest = self.text.get(inside..).unwrap_or("");
        let length = if self.comments_end { rest.find("#}") } else { None };
        let (end, after) = if let Some(length) = length {
            let after = match rest.get(..length).and_then(|inside| inside.chars().next_back()) {
                Some('-') => Trim::Strip,
                Some('+') => Trim::Keep,
                _ => Trim::None,
            };
            (inside + length + 2, after)
        } else {
            self.comments_end = false;
            if !self.is_last(inside) {
                self.error("`{#` is never closed: `#}` is missing", range(open, open + 2));
            }
            (self.end_of_line(inside), Trim::None)
        };
        self.push(Piece::Comment(Comment {
            range: range(open, end),
            before,
            after,
        }));
        end
    }

    fn raw(&mut self, tag: RawTag) -> usize {
        let open = Tag {
            range: tag.range,
            before: tag.before,
            after: tag.after,
            name: Spanned::new(slice(self.text, tag.name), tag.name),
        };
        let close = if self.raw_ends {
            self.end_of_raw(tag.end)
        } else {
            None
        };
        if close.is_none() {
            self.raw_ends = false;
            self.force("endraw");
            if !self.is_last(tag.end) {
                self.error(
                    "`{% raw %}` is never closed: `{% endraw %}` is missing",
                    tag.range,
                );
            }
        }
        let end = close.map_or(tag.end, |close| close.end);
        let close = close.map(|close| Tag {
            range: close.range,
            before: close.before,
            after: close.after,
            name: Spanned::new(slice(self.text, close.name), close.name),
        });
        self.push(Piece::Statement(Box::new(Statement {
            range: range(usize::from(tag.range.start()), end),
            open,
            close,
            kind: StatementKind::Raw,
        })));
        end
    }

    fn end_of_raw(&self, from: usize) -> Option<RawTag> {
        let mut at = from;
        loop {
            at += self.text.get(at..)?.find("{%")?;
            if let Some(tag) = raw_tag(self.text, at, "endraw") {
                return Some(tag);
            }
            at += 2;
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod torture;
#[cfg(test)]
mod verdicts;
