//! Which parenthesis closes which, also where one is missing.

use crate::keyword::Keyword;
use crate::token::{Token, TokenKind};

/// For each opening parenthesis the number of the token that ends what it holds: its closing one, or where one is missing the
/// token before which it belongs. Other tokens have their own number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nest {
    ends: Vec<u32>,
    /// Whether a parenthesis, or several behind each other, lead to the start of a query.
    leads: Vec<bool>,
}

impl Nest {
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let leads = leads(tokens);
        let (ends, is_balanced) = plain(tokens);
        let ends = if is_balanced { ends } else { mended(tokens, &leads) };
        Self { ends, leads }
    }

    /// The token that ends what the parenthesis at `open` holds.
    pub(crate) fn end(&self, open: usize) -> usize {
        self.ends.get(open).map_or(open, |end| *end as usize)
    }

    /// Whether a query begins at a token: `select`, `with`, `values (`, or parentheses around one.
    pub(crate) fn leads_query(&self, at: usize) -> bool {
        self.leads.get(at).copied().unwrap_or(false)
    }
}

fn leads(tokens: &[Token]) -> Vec<bool> {
    let mut out = vec![false; tokens.len()];
    let mut next = false;
    let mut next_kind = None;
    for (token, lead) in tokens.iter().zip(&mut out).rev() {
        next = match token.kind {
            TokenKind::Open => next,
            TokenKind::Word(Some(Keyword::Select)) => true,
            // `with` is a name where a sign follows.
            TokenKind::Word(Some(Keyword::With)) => next_kind.is_none_or(TokenKind::is_name),
            TokenKind::Word(Some(Keyword::Values)) => next_kind == Some(TokenKind::Open),
            _ => false,
        };
        *lead = next;
        next_kind = Some(token.kind);
    }
    out
}

fn plain(tokens: &[Token]) -> (Vec<u32>, bool) {
    let mut ends = own(tokens.len());
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(at),
            TokenKind::Close => close(&mut ends, open.pop(), at),
            TokenKind::Semicolon => break_off(&mut ends, &mut open, at),
            _ => {}
        }
    }
    (ends, open.is_empty())
}

/// As `plain`, for a text in which a closing parenthesis is missing: what holds no query ends before a word that only a query
/// has, and a query ends before the next common table expression.
fn mended(tokens: &[Token], leads: &[bool]) -> Vec<u32> {
    let mut ends = own(tokens.len());
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(at),
            TokenKind::Close => close(&mut ends, open.pop(), at),
            TokenKind::Semicolon => break_off(&mut ends, &mut open, at),
            TokenKind::Comma if begins_cte(tokens, leads, at + 1) => {
                while let Some(body) = unclosed_body(tokens, leads, &open) {
                    for open in open.drain(body..).rev() {
                        close(&mut ends, Some(open), at);
                    }
                }
            }
            TokenKind::Word(Some(keyword)) if is_only_of_query(keyword) && !follows_dot(tokens, at) => {
                while let Some(last) = open.last().copied()
                    && !leads.get(last).copied().unwrap_or(false)
                    && !may_hold(tokens, last, keyword)
                    && open.len() > 1
                {
                    close(&mut ends, open.pop(), at);
                }
            }
            _ => {}
        }
    }
    break_off(&mut ends, &mut open, tokens.len());
    ends
}

fn own(len: usize) -> Vec<u32> {
    (0..len).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect()
}

fn close(ends: &mut [u32], open: Option<usize>, at: usize) {
    if let Some(slot) = open.and_then(|open| ends.get_mut(open)) {
        *slot = u32::try_from(at).unwrap_or(u32::MAX);
    }
}

fn break_off(ends: &mut [u32], open: &mut Vec<usize>, at: usize) {
    for open in open.drain(..) {
        close(ends, Some(open), at);
    }
}

fn kind(tokens: &[Token], at: Option<usize>) -> Option<TokenKind> {
    tokens.get(at?).map(|token| token.kind)
}

/// Whether `name as (select` stands at a token.
fn begins_cte(tokens: &[Token], leads: &[bool], at: usize) -> bool {
    kind(tokens, Some(at)).is_some_and(TokenKind::is_name)
        && kind(tokens, Some(at + 1)).is_some_and(|kind| kind.is(Keyword::As))
        && kind(tokens, Some(at + 2)) == Some(TokenKind::Open)
        && leads.get(at + 2).copied().unwrap_or(false)
}

/// The innermost open query among some parentheses, if it is the body of a common table expression and cannot hold another one.
fn unclosed_body(tokens: &[Token], leads: &[bool], open: &[usize]) -> Option<usize> {
    let is_query = |open: &usize| leads.get(*open).copied().unwrap_or(false);
    let innermost = open.iter().rposition(is_query)?;
    let at = *open.get(innermost)?;
    let has_with = kind(tokens, Some(at + 1)).is_some_and(|kind| kind.is(Keyword::With));
    (follows_as(tokens, at) && !has_with).then_some(innermost)
}

fn follows_as(tokens: &[Token], at: usize) -> bool {
    kind(tokens, at.checked_sub(1)).is_some_and(|kind| kind.is(Keyword::As))
}

fn follows_dot(tokens: &[Token], at: usize) -> bool {
    kind(tokens, at.checked_sub(1)) == Some(TokenKind::Dot)
}

const fn is_only_of_query(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::From
            | Keyword::Where
            | Keyword::Having
            | Keyword::Join
            | Keyword::Union
            | Keyword::Group
            | Keyword::Limit
    )
}

/// Whether a parenthesis that holds no query may hold such a word: `extract(year from x)`, `filter (where x)`, joins.
fn may_hold(tokens: &[Token], open: usize, keyword: Keyword) -> bool {
    let before = kind(tokens, open.checked_sub(1));
    let word = before.and_then(TokenKind::keyword);
    match keyword {
        Keyword::From => {
            let inside = kind(tokens, Some(open + 1)).and_then(TokenKind::keyword);
            word == Some(Keyword::Extract)
                || matches!(inside, Some(Keyword::Both | Keyword::Leading | Keyword::Trailing))
                || kind(tokens, Some(open + 2)).is_some_and(|kind| kind.is(Keyword::From))
        }
        Keyword::Where => word == Some(Keyword::Filter),
        Keyword::Join => {
            matches!(word, Some(Keyword::From | Keyword::Join)) || before == Some(TokenKind::Comma)
        }
        _ => false,
    }
}
