//! What is read of a text around a fault: the item of a `select` that holds it, or else the query in parentheses, becomes a hole.

use glueline_base::TextRange;

use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok, Token};

/// The tokens with a hole for the item of a `select` that holds the fault at a token.
pub(super) fn without_item(tokens: &[Token], fault: usize) -> Option<Vec<Token>> {
    let first = item_start(tokens, fault)?;
    let last = item_end(tokens, fault);
    let item = tokens.get(first..last)?;
    // `as name` at its end is kept: what comes of the query still has that column
    let alias = match item {
        [
            ..,
            Token {
                kind: Tok::Kw(Kw::As),
                ..
            },
            name,
        ] if is_name(*name) && last - 2 > fault => 2,
        _ => 0,
    };
    replaced(tokens, first, last - alias)
}

/// The tokens with a hole for the innermost query in parentheses around a token.
pub(super) fn without_query(tokens: &[Token], fault: usize) -> Option<Vec<Token>> {
    let mut depth = 0usize;
    let mut open = fault.min(tokens.len());
    loop {
        open = open.checked_sub(1)?;
        match tokens.get(open)?.kind {
            Tok::Sign(Sign::Close) => depth += 1,
            Tok::Sign(Sign::Open) if depth > 0 => depth -= 1,
            Tok::Sign(Sign::Open) => {
                let inside = tokens.get(open + 1)?.kind;
                if matches!(inside, Tok::Kw(Kw::Select | Kw::With | Kw::From | Kw::Values)) {
                    break;
                }
            }
            _ => {}
        }
    }
    let mut close = fault;
    let mut depth = 0usize;
    loop {
        match tokens.get(close)?.kind {
            Tok::Sign(Sign::Open) => depth += 1,
            Tok::Sign(Sign::Close) if depth > 0 => depth -= 1,
            Tok::Sign(Sign::Close) => return replaced(tokens, open + 1, close),
            Tok::End => return None,
            _ => {}
        }
        close += 1;
    }
}

/// The first token of the item around a token, if that stands in the list of a `select`.
fn item_start(tokens: &[Token], fault: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut start = None;
    let mut at = fault.min(tokens.len());
    loop {
        at = at.checked_sub(1)?;
        match tokens.get(at)?.kind {
            Tok::Sign(Sign::Close) => depth += 1,
            Tok::Sign(Sign::Open) if depth > 0 => depth -= 1,
            // within a call: the item is what holds it
            Tok::Sign(Sign::Open) => start = None,
            Tok::Sign(Sign::Comma) if depth == 0 && start.is_none() => start = Some(at + 1),
            Tok::Kw(Kw::Select) if depth == 0 => {
                let quantified = matches!(tokens.get(at + 1)?.kind, Tok::Kw(Kw::Distinct | Kw::All));
                return Some(start.unwrap_or(at + 1 + usize::from(quantified)));
            }
            Tok::Kw(Kw::From | Kw::Where | Kw::Group | Kw::Having | Kw::Order | Kw::Join) if depth == 0 => {
                return None;
            }
            _ => {}
        }
    }
}

/// Behind the last token of the item around a token.
fn item_end(tokens: &[Token], fault: usize) -> usize {
    let mut depth = 0usize;
    let mut at = fault;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Tok::Sign(Sign::Open) => depth += 1,
            Tok::Sign(Sign::Close) if depth > 0 => depth -= 1,
            Tok::Sign(Sign::Close) if !closes_item(tokens, at) => {}
            Tok::Sign(Sign::Comma | Sign::Close) | Tok::End if depth == 0 => break,
            Tok::End => break,
            Tok::Kw(Kw::From | Kw::Union | Kw::Where) if depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether a closing parenthesis ends the query around the item rather than a call within it: what it opens stands before a `select`.
fn closes_item(tokens: &[Token], close: usize) -> bool {
    let mut depth = 0usize;
    for at in (0..close).rev() {
        match tokens.get(at).map(|token| token.kind) {
            Some(Tok::Sign(Sign::Close)) => depth += 1,
            Some(Tok::Sign(Sign::Open)) if depth > 0 => depth -= 1,
            Some(Tok::Sign(Sign::Open)) => {
                return tokens
                    .get(at + 1)
                    .is_some_and(|token| matches!(token.kind, Tok::Kw(Kw::Select | Kw::With | Kw::From)));
            }
            _ => {}
        }
    }
    true
}

fn is_name(token: Token) -> bool {
    matches!(token.kind, Tok::Word | Tok::Kw(_) | Tok::Quoted)
}

/// The tokens with one hole in place of some.
fn replaced(tokens: &[Token], first: usize, last: usize) -> Option<Vec<Token>> {
    let gone = tokens.get(first..last)?;
    let range = match (gone.first(), gone.last()) {
        (Some(first), Some(last)) if gone.len() > 1 || first.kind != Tok::Hole => {
            first.range.cover(last.range)
        }
        (Some(_), _) => return None,
        _ => TextRange::empty(tokens.get(first)?.range.start()),
    };
    let mut out = Vec::with_capacity(tokens.len());
    out.extend_from_slice(tokens.get(..first)?);
    out.push(Token {
        kind: Tok::Hole,
        range,
    });
    out.extend_from_slice(tokens.get(last..)?);
    Some(out)
}
