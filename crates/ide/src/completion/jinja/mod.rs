//! What can stand at a place in Jinja: in a file of SQL and Jinja, in a scalar of YAML, in an expression that stands alone.

mod expression;
mod members;
mod names;
mod statement;
mod strings;

pub(super) use expression::with_value;
pub(super) use names::find_macro;
pub(super) use strings::{argument as text_argument, config_at, offer_nested};

use glueline_base::{TextRange, TextSize, range};
use glueline_catalog::jinja::Place as Known;
use glueline_jinja::{Cursor, Lexeme, LexemeKind, LocalName, OpenBlock, Place, cursor, expression_cursor};
use glueline_project::FileKind;

use super::calls::{Frame, closes, frames, given_after};
use super::cx::Cx;
use super::item::{Completions, List};
use super::words::Ending;

/// What stands around the caret in a tag; all ranges count from the start of the file.
pub(super) struct Spot {
    pub(super) place: Place,
    /// Where the names of dbt's context are known.
    pub(super) known: Known,
    /// What stands before the word at the caret.
    pub(super) before: Vec<Lexeme>,
    pub(super) after: Vec<Lexeme>,
    /// The word at the caret.
    pub(super) word: TextRange,
    /// The literal text that the caret stands in.
    pub(super) literal: Option<Ending>,
    pub(super) frames: Vec<Frame>,
    pub(super) blocks: Vec<OpenBlock>,
    pub(super) names: Vec<LocalName>,
}

/// What can stand at the caret of a file of SQL and Jinja, or of Markdown.
pub(super) fn complete(cx: &Cx<'_>) -> Completions {
    let known = match cx.info.kind {
        FileKind::Docs => Known::Docs,
        FileKind::Macro | FileKind::GenericTest => Known::Running,
        _ => Known::Nodes,
    };
    let found = cursor(cx.text, cx.offset());
    if found.place == Place::Text {
        return super::sql::complete(cx);
    }
    at_cursor(cx, found, 0, known)
}

/// What can stand at the caret inside a scalar of YAML that holds Jinja; `None` where the caret is not in Jinja.
pub(super) fn in_scalar(cx: &Cx<'_>, scalar: TextRange, known: Known) -> Option<Completions> {
    let base = usize::from(scalar.start());
    let text = cx.slice(scalar);
    let found = cursor(text, cx.offset().checked_sub(base)?);
    (found.place != Place::Text).then(|| at_cursor(cx, found, base, known))
}

/// What can stand at the caret of an expression without braces.
pub(super) fn in_expression(cx: &Cx<'_>, expression: TextRange, known: Known) -> Completions {
    let base = usize::from(expression.start());
    let found = expression_cursor(cx.slice(expression), cx.offset().saturating_sub(base));
    at_cursor(cx, found, base, known)
}

fn at_cursor(cx: &Cx<'_>, cursor: Cursor, base: usize, known: Known) -> Completions {
    let Some(spot) = spot(cx, cursor, base, known) else {
        return Completions::default();
    };
    let mut list = List::new(cx.text, spot.word, cx.caret);
    if spot.literal.is_some() {
        strings::offer(cx, &spot, &mut list);
    } else if spot.place == Place::Statement {
        statement::offer(cx, &spot, &mut list);
    } else {
        expression::offer(cx, &spot, &mut list);
    }
    list.finish()
}

/// Takes the word at the caret apart from what stands before it; `None` where nothing can be typed.
fn spot(cx: &Cx<'_>, cursor: Cursor, base: usize, known: Known) -> Option<Spot> {
    if !matches!(cursor.place, Place::Output | Place::Statement) {
        return None;
    }
    let shift = |at: TextRange| {
        range(
            usize::from(at.start()).saturating_add(base),
            usize::from(at.end()).saturating_add(base),
        )
    };
    let shifted = |mut lexeme: Lexeme| {
        lexeme.range = shift(lexeme.range);
        lexeme
    };
    let mut before: Vec<Lexeme> = cursor.before.into_iter().map(shifted).collect();
    let after: Vec<Lexeme> = cursor.after.into_iter().map(shifted).collect();
    let (word, literal) = word_of(cx, &mut before, &after)?;
    let frames = frames(cx.text, &before);
    let names = cursor
        .names
        .into_iter()
        .map(|name| LocalName {
            name: shift(name.name),
            tag: shift(name.tag),
            ..name
        })
        .collect();
    Some(Spot {
        place: cursor.place,
        known,
        before,
        after,
        word,
        literal,
        frames,
        blocks: cursor.blocks,
        names,
    })
}

/// The word at the caret, taken off the lexemes, and what it needs behind it where it is a literal text.
fn word_of(cx: &Cx<'_>, before: &mut Vec<Lexeme>, after: &[Lexeme]) -> Option<(TextRange, Option<Ending>)> {
    let caret = cx.caret;
    let empty = TextRange::empty(caret);
    let Some(last) = before.last().copied() else {
        return Some((empty, None));
    };
    let one = TextSize::from(1);
    match last.kind {
        LexemeKind::Name if last.range.end() >= caret => {
            before.pop();
            Some((last.range, None))
        }
        LexemeKind::Number if last.range.end() >= caret => None,
        LexemeKind::Text if caret < last.range.end() => {
            before.pop();
            let inner = TextRange::new(last.range.start() + one, last.range.end() - one);
            Some((inner, Some(Ending::default())))
        }
        LexemeKind::OpenText => {
            before.pop();
            let start = last.range.start() + one;
            let end = last.range.end().max(caret);
            let quote = cx.slice(last.range).chars().next();
            let bracket = !closes(after) && !cx.line_after().contains(')');
            (start <= caret).then(|| (TextRange::new(start, end), Some(Ending { quote, bracket })))
        }
        _ => Some((empty, None)),
    }
}

impl Spot {
    /// The innermost open bracket.
    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// Whether an argument begins at the word.
    pub(super) fn starts_argument(&self) -> bool {
        self.before
            .last()
            .is_some_and(|last| matches!(last.kind, LexemeKind::Open | LexemeKind::Comma))
    }

    /// The keywords that the call at the caret is given, before it and after it.
    pub(super) fn given<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let mut given: Vec<&str> = given_after(text, &self.after);
        if let Some(frame) = self.frame() {
            given.extend(frame.given.iter().map(String::as_str));
        }
        given
    }

    /// Whether a sign follows the word right away.
    pub(super) fn is_followed_by(&self, cx: &Cx<'_>, sign: char) -> bool {
        let rest = cx.text.get(usize::from(self.word.end())..).unwrap_or("");
        rest.trim_start_matches([' ', '\t']).starts_with(sign)
    }
}
