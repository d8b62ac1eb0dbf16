//! The call that an offset of a half-typed text lies in.

use glueline_base::{TextRange, slice};
use glueline_jinja::{Cursor, Lexeme, LexemeKind, Place, cursor, expression_cursor};

/// A call that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// What is called, with its dots.
    pub(super) path: String,
    /// Whether it is a filter, behind a `|`.
    pub(super) is_filter: bool,
    /// How many arguments without a name are complete.
    pub(super) positional: usize,
    /// The name of the argument that is being written, where it has one.
    pub(super) keyword: Option<String>,
}

/// An open bracket.
struct Open {
    /// What stands before it, where that is called.
    path: Option<(String, TextRange)>,
    is_filter: bool,
    positional: usize,
    keyword: Option<String>,
    /// Whether the argument at hand has begun with a name, and which.
    name: Option<String>,
    is_first: bool,
}

/// How far back a call of Python may begin.
const REACH: usize = 8192;

/// How many beginnings are tried.
const TRIES: usize = 64;

impl Call {
    /// The innermost call around an offset of a template.
    pub(super) fn in_template(text: &str, offset: usize) -> Option<Self> {
        let cursor = cursor(text, offset);
        matches!(cursor.place, Place::Output | Place::Statement).then_some(())?;
        let (path, call) = innermost(text, &cursor, offset)?;
        // What the file binds by that name is not what is known.
        let head = call.path.split('.').next().unwrap_or_default();
        let is_local = cursor.names.iter().any(|name| slice(text, name.name) == head);
        let is_local = is_local && !call.is_filter;
        (!is_local && usize::from(path.end()) <= offset).then_some(call)
    }

    /// The innermost call of dbt's functions around an offset of a Python model, without `dbt.`.
    pub(super) fn in_python(text: &str, offset: usize) -> Option<Self> {
        let before = text.get(..offset)?;
        let mut from = offset.saturating_sub(REACH);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let near = before.get(from..)?;
        for (at, _) in near.rmatch_indices("dbt.").take(TRIES) {
            let is_name = near
                .get(..at)?
                .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
            let start = from + at;
            let expression = text.get(start..)?;
            if is_name {
                continue;
            }
            let cursor = expression_cursor(expression, offset - start);
            if let Some((path, call)) = innermost(expression, &cursor, offset - start)
                && usize::from(path.start()) == 0
                && let Some(bare) = call.path.strip_prefix("dbt.")
            {
                let path = bare.to_owned();
                return Some(Self { path, ..call });
            }
        }
        None
    }
}

/// The innermost call around an offset, with where its path stands.
fn innermost(text: &str, cursor: &Cursor, offset: usize) -> Option<(TextRange, Call)> {
    let mut open: Vec<Open> = Vec::new();
    let before: Vec<Lexeme> = cursor
        .before
        .iter()
        .copied()
        .filter(|lexeme| usize::from(lexeme.range.start()) < offset)
        .collect();
    for (index, lexeme) in before.iter().enumerate() {
        match lexeme.kind {
            LexemeKind::Open => {
                let path = (slice(text, lexeme.range) == "(")
                    .then(|| path_before(text, before.get(..index).unwrap_or_default()))
                    .flatten();
                let is_filter = path.as_ref().is_some_and(|(_, path)| is_piped(&before, *path));
                open.push(Open {
                    path,
                    is_filter,
                    positional: 0,
                    keyword: None,
                    name: None,
                    is_first: true,
                });
                continue;
            }
            LexemeKind::Close => {
                open.pop();
            }
            _ => {}
        }
        let Some(last) = open.last_mut() else { continue };
        match lexeme.kind {
            LexemeKind::Comma => {
                last.positional += usize::from(last.keyword.is_none());
                (last.keyword, last.name, last.is_first) = (None, None, true);
            }
            LexemeKind::Name if last.is_first => {
                last.name = Some(slice(text, lexeme.range).to_owned());
                last.is_first = false;
            }
            LexemeKind::Assign => last.keyword = last.name.take(),
            _ => {
                if last.keyword.is_none() {
                    last.name = None;
                }
                last.is_first = false;
            }
        }
    }
    let found = open.into_iter().rev().find(|open| open.path.is_some())?;
    let (path, range) = found.path?;
    Some((
        range,
        Call {
            path,
            is_filter: found.is_filter,
            positional: found.positional,
            keyword: found.keyword,
        },
    ))
}

/// Whether a `|` stands before a path.
fn is_piped(before: &[Lexeme], path: TextRange) -> bool {
    let earlier = before.iter().rfind(|lexeme| lexeme.range.end() <= path.start());
    earlier.is_some_and(|lexeme| lexeme.kind == LexemeKind::Pipe)
}

/// The dotted name right before a bracket.
fn path_before(text: &str, before: &[Lexeme]) -> Option<(String, TextRange)> {
    let mut names: Vec<&str> = Vec::new();
    let mut range: Option<TextRange> = None;
    let mut wants_name = true;
    for lexeme in before.iter().rev() {
        match (lexeme.kind, wants_name) {
            (LexemeKind::Name, true) => {
                names.push(slice(text, lexeme.range));
                range = Some(range.map_or(lexeme.range, |range| range.cover(lexeme.range)));
                wants_name = false;
            }
            (LexemeKind::Dot, false) => wants_name = true,
            // A method of something that is not a name: of a text, of what a call gives.
            (_, true) if !names.is_empty() => return None,
            _ => break,
        }
    }
    if wants_name && !names.is_empty() {
        return None;
    }
    names.reverse();
    Some((names.join("."), range?)).filter(|(path, _)| !is_keyword(path))
}

/// Words that a bracket may follow and that are no names.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "in" | "and" | "or" | "not" | "is" | "else" | "elif" | "for" | "do" | "print"
    )
}
