//! Where a tag ends: as Jinja2 finds it, and where it most likely should where Jinja2 finds nothing.

use glueline_base::{TextRange, range};

use crate::Trim;
use crate::token::{Kind, Token, char_at, lex, skip_space};

/// The longest comment that is looked for inside a tag, in bytes.
const MAX_COMMENT: usize = 4096;

/// How many braces in a row are counted; more than an expression may nest.
const MAX_BRACES: usize = 256;

/// How many bytes of a line are searched for the end of a tag.
const MAX_LOOKAHEAD: usize = 512;

/// Which tag is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `{{ ... }}`
    Output,
    /// `{% ... %}`
    Statement,
}

impl TagKind {
    /// What ends the tag.
    pub(crate) const fn closer(self) -> &'static str {
        match self {
            Self::Output => "}}",
            Self::Statement => "%}",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Output => Self::Statement,
            Self::Statement => Self::Output,
        }
    }
}

/// What is wrong with the end of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndFault {
    /// No end was found.
    Missing,
    /// The end of the other kind of tag stands here.
    Other(TextRange),
    /// A single `}` stands here.
    Half(TextRange),
    /// The end is right, and a comment stands in the tag.
    Comment(TextRange),
}

/// The end of a tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TagEnd {
    /// Where what is inside the tag ends.
    pub(crate) inside: usize,
    /// Where the text goes on.
    pub(crate) end: usize,
    /// The whitespace marker of the end.
    pub(crate) trim: Trim,
    /// What is wrong with it.
    pub(crate) fault: Option<EndFault>,
}

/// Reads tags; keeps its buffers from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    /// The tokens of the tag read last.
    pub(crate) tokens: Vec<Token>,
    brackets: Vec<Kind>,
}

impl Scanner {
    /// Reads the tokens of a tag as Jinja2 does, from `start` (after `{{` or `{%`) to its end; comments, which Jinja2
    /// refuses there, are passed over.
    ///
    /// # Errors
    ///
    /// Where the tag never ends, how far reading went: the tag then has to be read by [`Scanner::read_lines`].
    pub(crate) fn read(&mut self, text: &str, start: usize, tag: TagKind) -> Result<TagEnd, usize> {
        self.tokens.clear();
        self.brackets.clear();
        let mut at = start;
        let mut comment = None;
        loop {
            at = skip_space(text, at);
            if let Some(mut end) = self.end_at(text, at, tag) {
                end.fault = end.fault.or(comment.map(EndFault::Comment));
                return Ok(end);
            }
            if let Some(end) = comment_end(text, at) {
                comment.get_or_insert(range(at, end));
                at = end;
                continue;
            }
            if starts_with(text, at, "{%") || starts_with(text, at, "{#") {
                return Err(at);
            }
            let Some(token) = lex(text, at, false) else {
                return Err(at);
            };
            if token.kind == Kind::BrokenStr {
                return Err(text.len());
            }
            self.push(token);
            at = token.end;
        }
    }

    /// Reads the tokens of a tag that Jinja2 cannot read: strings end on their line, and the tag ends with the
    /// first line on which its brackets are closed, at the next tag, or with its own first line.
    pub(crate) fn read_lines(&mut self, text: &str, start: usize, tag: TagKind) -> TagEnd {
        self.tokens.clear();
        self.brackets.clear();
        let mut at = start;
        let mut first_line = None;
        let mut whole_line = None;
        loop {
            let before = at;
            at = skip_space(text, at);
            if !self.tokens.is_empty() && text.get(before..at).is_some_and(|space| space.contains('\n')) {
                first_line.get_or_insert(self.tokens.len());
                if self.brackets.is_empty() {
                    whole_line.get_or_insert(self.tokens.len());
                }
            }
            if let Some(end) = self.end_at(text, at, tag) {
                return end;
            }
            if ["{%", "{#", "{{"]
                .iter()
                .any(|opener| starts_with(text, at, opener))
            {
                break;
            }
            let Some(mut token) = lex(text, at, true) else {
                break;
            };
            if token.kind == Kind::BrokenStr {
                token.end = broken_string_end(text, token.end, tag);
            }
            self.push(token);
            at = token.end;
        }
        self.tokens
            .truncate(whole_line.or(first_line).unwrap_or(self.tokens.len()));
        let end = self.tokens.last().map_or(start, |token| token.end);
        TagEnd {
            inside: end,
            end,
            trim: Trim::None,
            fault: Some(EndFault::Missing),
        }
    }

    /// Reads the tokens of one expression that stands alone.
    pub(crate) fn read_expression(&mut self, text: &str, start: usize, end: usize) {
        self.tokens.clear();
        let inside = text.get(..end).unwrap_or(text);
        let mut at = start;
        let mut single_line = false;
        loop {
            at = skip_space(inside, at);
            let Some(mut token) = lex(inside, at, single_line) else {
                return;
            };
            if token.kind == Kind::BrokenStr {
                single_line = true;
                token.end = broken_string_end(inside, token.end, TagKind::Output);
            }
            self.tokens.push(token);
            at = token.end;
        }
    }

    fn push(&mut self, token: Token) {
        match token.kind {
            Kind::LParen => self.brackets.push(Kind::RParen),
            Kind::LBracket => self.brackets.push(Kind::RBracket),
            Kind::LBrace => self.brackets.push(Kind::RBrace),
            // A bracket of the wrong kind closes what it can: an inner one was left open, or it is one too many.
            closer if closer.is_closer() => {
                if let Some(depth) = self.brackets.iter().rposition(|open| *open == closer) {
                    self.brackets.truncate(depth);
                }
            }
            _ => {}
        }
        self.tokens.push(token);
    }

    /// The end of the tag, if it stands at `at`.
    fn end_at(&self, text: &str, at: usize, tag: TagKind) -> Option<TagEnd> {
        let bytes = text.as_bytes();
        let (mark, trim) = match bytes.get(at)? {
            b'-' => (1, Trim::Strip),
            b'+' => (1, Trim::Keep),
            b'%' | b'}' => (0, Trim::None),
            _ => return None,
        };
        let delimiter = at + mark;
        let found = |length: usize, fault| {
            Some(TagEnd {
                inside: at,
                end: delimiter + length,
                trim,
                fault,
            })
        };
        if starts_with(text, delimiter, "%}") {
            // `%` needs a right side and `}` is none: this is never part of an expression.
            return match tag {
                TagKind::Statement => found(2, None),
                TagKind::Output if trim == Trim::Keep => None,
                TagKind::Output => found(2, Some(EndFault::Other(range(delimiter, delimiter + 2)))),
            };
        }
        if bytes.get(delimiter) != Some(&b'}') || trim == Trim::Keep {
            return None;
        }
        let run = bytes
            .get(delimiter..)?
            .iter()
            .take(MAX_BRACES)
            .take_while(|byte| **byte == b'}')
            .count();
        let innermost = self.brackets.iter().rev().take(MAX_BRACES);
        let open = innermost.take_while(|open| **open == Kind::RBrace).count();
        if run <= open {
            return None;
        }
        let spare = run - open;
        if open > 0 && (mark > 0 || spare >= 2) {
            // The first of the run close dicts; then the end is met again.
            return None;
        }
        if run == 1 {
            if !self.brackets.is_empty() || ends_on_line(text, delimiter + 1, tag) {
                return None;
            }
            return found(1, Some(EndFault::Half(range(delimiter, delimiter + 1))));
        }
        if tag == TagKind::Output {
            return found(2, None);
        }
        if ends_on_line(text, delimiter + 2, tag) {
            return None;
        }
        found(2, Some(EndFault::Other(range(delimiter, delimiter + 2))))
    }
}

/// Whether the tag's own end stands on the rest of the line, before any other tag.
fn ends_on_line(text: &str, at: usize, tag: TagKind) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let closer = tag.closer().as_bytes();
    for (index, byte) in rest.iter().take(MAX_LOOKAHEAD).enumerate() {
        if matches!(byte, b'\n' | b'{') {
            return false;
        }
        if rest.get(index..).is_some_and(|rest| rest.starts_with(closer)) {
            return true;
        }
    }
    false
}

/// Where a string without a closing quote most likely ends: before the brackets and the end of the tag on its
/// line, else with the line.
pub(crate) fn broken_string_end(text: &str, start: usize, tag: TagKind) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let line = rest.split(['\n', '\r']).next().unwrap_or("");
    let end = [tag.closer(), tag.other().closer()]
        .iter()
        .filter_map(|closer| line.find(closer))
        .min();
    match end {
        Some(end) => {
            let inside = line.get(..end).unwrap_or("");
            start
                + inside
                    .trim_end_matches([' ', '\t', ')', ']', '}', ',', '-', '+'])
                    .len()
        }
        None => start + line.trim_end().len(),
    }
}

/// Whether `text` has `what` at an offset.
pub(crate) fn starts_with(text: &str, at: usize, what: &str) -> bool {
    text.as_bytes()
        .get(at..)
        .is_some_and(|rest| rest.starts_with(what.as_bytes()))
}

/// The end of a comment that starts at `at` and holds no other tag.
fn comment_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix("{#")?;
    let near = rest.get(..rest.floor_char_boundary(MAX_COMMENT))?;
    let (inside, _) = near.split_once("#}")?;
    let plain = !["{{", "}}", "{%", "%}", "{#"]
        .iter()
        .any(|mark| inside.contains(mark));
    plain.then(|| at + 2 + inside.len() + 2)
}

/// The whitespace marker at an offset, and where the text goes on.
pub(crate) fn trim_at(text: &str, at: usize) -> (Trim, usize) {
    match char_at(text, at) {
        Some('-') => (Trim::Strip, at + 1),
        Some('+') => (Trim::Keep, at + 1),
        _ => (Trim::None, at),
    }
}

/// The `{% raw %}` or `{% endraw %}` tag that starts at `at`: its markers and its end.
pub(crate) fn raw_tag(text: &str, at: usize, name: &str) -> Option<RawTag> {
    let inside = starts_with(text, at, "{%").then_some(at + 2)?;
    let (before, after_mark) = trim_at(text, inside);
    let name_start = skip_space(text, after_mark);
    starts_with(text, name_start, name).then_some(())?;
    let name_end = name_start + name.len();
    let (after, end) = trim_at(text, skip_space(text, name_end));
    // `{% raw +%}` is no raw tag: Jinja2's lexer knows no `+` there.
    if !starts_with(text, end, "%}") || (after == Trim::Keep && name == "raw") {
        return None;
    }
    Some(RawTag {
        range: range(at, end + 2),
        name: range(name_start, name_end),
        before,
        after,
        end: end + 2,
    })
}

/// A `raw` or `endraw` tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawTag {
    pub(crate) range: TextRange,
    pub(crate) name: TextRange,
    pub(crate) before: Trim,
    pub(crate) after: Trim,
    pub(crate) end: usize,
}
