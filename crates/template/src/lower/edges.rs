//! White space beside tags, as Jinja2's lexer strips it.

use glueline_base::TextRange;
use glueline_jinja::{Piece, Statement, Tag, Trim};

use super::{Ends, Lowerer};

/// What strips the white space at the two ends of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    pub(super) start: Edge,
    pub(super) end: Edge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Keep,
    Strip,
    /// One line break goes.
    Newline,
}

impl Edge {
    pub(super) fn of(trim: Trim) -> Self {
        if trim == Trim::Strip {
            Self::Strip
        } else {
            Self::Keep
        }
    }
}

impl Edges {
    pub(super) const fn of(ends: Ends) -> Self {
        match ends {
            Ends::Strip => Self {
                start: Edge::Strip,
                end: Edge::Strip,
            },
            Ends::Newline => Self {
                start: Edge::Keep,
                end: Edge::Newline,
            },
        }
    }

    /// A body between an opening tag and the next tag.
    pub(super) fn tags(open: &Tag<'_>, next: Option<&Tag<'_>>) -> Self {
        Self {
            start: Edge::of(open.after),
            end: next.map_or(Edge::Keep, |next| Edge::of(next.before)),
        }
    }

    /// The body of a statement that has one.
    pub(super) fn between(statement: &Statement<'_>) -> Self {
        Self::tags(&statement.open, statement.close.as_ref())
    }
}

/// What Python's `str.isspace` and `\s` take for white space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub(super) fn before(piece: &Piece<'_>) -> Trim {
    match piece {
        Piece::Text(_) => Trim::None,
        Piece::Comment(comment) => comment.before,
        Piece::Output(output) => output.before,
        Piece::Statement(statement) => statement.open.before,
    }
}

pub(super) fn after(piece: &Piece<'_>) -> Trim {
    match piece {
        Piece::Text(_) => Trim::None,
        Piece::Comment(comment) => comment.after,
        Piece::Output(output) => output.after,
        Piece::Statement(statement) => match &statement.close {
            Some(close) => close.after,
            None => statement.open.after,
        },
    }
}

impl Lowerer<'_> {
    /// A text without the white space that the tags beside it strip.
    pub(super) fn stripped(&self, range: TextRange, start: Edge, end: Edge) -> TextRange {
        let text = glueline_base::slice(self.text, range);
        let mut from = usize::from(range.start());
        let mut kept = text;
        if start == Edge::Strip {
            kept = kept.trim_start_matches(is_space);
            from += text.len() - kept.len();
        }
        match end {
            Edge::Strip => kept = kept.trim_end_matches(is_space),
            Edge::Newline => {
                kept = kept
                    .strip_suffix("\r\n")
                    .or_else(|| kept.strip_suffix(['\n', '\r']))
                    .unwrap_or(kept);
            }
            Edge::Keep => {}
        }
        glueline_base::range(from, from + kept.len())
    }
}
