//! Reading the tokens of one tag: looking, taking, complaining, recovering.

use glueline_base::{Spanned, SyntaxError, TextRange, range};

use crate::token::{Kind, Token};
use crate::{Expr, ExprKind};

/// How deep brackets, `not` and signs may nest. Jinja2 gives up at about 65 levels of parentheses.
const MAX_NESTING: usize = 100;

/// How high a tree of expressions may grow. Python refuses what Jinja2 makes of 200 levels.
const MAX_HEIGHT: u16 = 256;

/// How far back a repeated name is looked for, so that a very long list costs no more than its length.
pub(super) const NEAR: usize = 100;

/// The words that stand between expressions, or before one.
const OPERATOR_WORDS: [&str; 7] = ["and", "or", "not", "in", "is", "if", "else"];

/// Reads the tokens of one tag.
#[derive(Debug)]
pub(super) struct Parser<'a, 't> {
    pub(super) text: &'a str,
    tokens: &'t [Token],
    at: usize,
    /// Where the inside of the tag ends.
    end: usize,
    errors: &'t mut Vec<SyntaxError>,
    /// How many errors there were before this tag.
    errors_before: usize,
    /// Which of the errors names a bracket that is not closed.
    unclosed: Option<usize>,
    /// Whether a fault of the tag as a whole was reported, so that no other is.
    muted: bool,
    /// Whether a fault was reported that was not recovered from yet.
    panicking: bool,
    /// Whether a condition is read, in which `=` can only be a mistaken `==`.
    pub(super) in_condition: bool,
    nesting: usize,
    /// How many brackets of each kind are open: `(`, `[` and `{`.
    open: [usize; 3],
}

/// How a list in brackets is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brackets {
    /// What closes the list.
    pub(super) close: Kind,
    /// Whether a comma may stand after the last item.
    pub(super) trailing_comma: bool,
}

impl<'a, 't> Parser<'a, 't> {
    /// A reader of tokens whose inside ends at `end`.
    pub(super) fn new(
        text: &'a str,
        tokens: &'t [Token],
        end: usize,
        errors: &'t mut Vec<SyntaxError>,
        muted: bool,
    ) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            end,
            errors_before: errors.len(),
            errors,
            unclosed: None,
            muted,
            panicking: false,
            in_condition: false,
            nesting: 0,
            open: [0; 3],
        }
    }

    /// The token `ahead` places on.
    pub(super) fn look(&self, ahead: usize) -> Token {
        self.tokens.get(self.at + ahead).copied().unwrap_or(Token {
            kind: Kind::End,
            start: self.end,
            end: self.end,
        })
    }

    /// The next token.
    pub(super) fn peek(&self) -> Token {
        self.look(0)
    }

    /// Whether the next token is of a kind.
    pub(super) fn at(&self, kind: Kind) -> bool {
        self.peek().kind == kind
    }

    /// Whether the next token is a word.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.word_ahead(0) == Some(word)
    }

    /// The word `ahead` places on, if one stands there.
    pub(super) fn word_ahead(&self, ahead: usize) -> Option<&'a str> {
        let token = self.look(ahead);
        (token.kind == Kind::Name).then(|| self.text_of(token))
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Token {
        let token = self.peek();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Takes the next token if it is of a kind.
    pub(super) fn take_if(&mut self, kind: Kind) -> Option<Token> {
        self.at(kind).then(|| self.take())
    }

    /// Takes the next token if it is a word.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.take();
        }
        found
    }

    /// The token taken last.
    pub(super) fn previous(&self) -> Option<Token> {
        self.at
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .copied()
    }

    /// From `start` to the end of the token taken last.
    pub(super) fn range_from(&self, start: usize) -> TextRange {
        range(start, self.previous().map_or(start, |token| token.end))
    }

    /// Reports a fault, unless it most likely follows from one reported before.
    pub(super) fn error(&mut self, error: SyntaxError) {
        if !self.muted && !self.panicking {
            self.errors.push(error);
        }
    }

    /// Whether nothing was reported in this tag yet.
    pub(super) fn is_clean(&self) -> bool {
        !self.muted && self.errors.len() == self.errors_before
    }

    /// Leaves one error where brackets do not pair up, since the others most likely follow from that: the one
    /// that names the bracket, else the first.
    pub(super) fn settle(self) {
        if self.errors.len() <= self.errors_before + 1 || brackets_pair_up(self.tokens) {
            return;
        }
        if let Some(unclosed) = self.unclosed
            && unclosed < self.errors.len()
            && unclosed >= self.errors_before
        {
            self.errors.swap(self.errors_before, unclosed);
        }
        self.errors.truncate(self.errors_before + 1);
    }

    /// Reports a fault that makes what follows unreadable up to the next comma or bracket.
    pub(super) fn fail(&mut self, message: impl Into<String>, range: TextRange) {
        self.error(SyntaxError::new(message, range));
        self.panicking = true;
    }

    /// Reports that nothing stands where `what` has to: an expression, a name.
    pub(super) fn fail_missing(&mut self, what: &str) {
        let token = self.peek();
        let ends = token.kind.is_closer() || matches!(token.kind, Kind::End | Kind::Comma | Kind::Colon);
        match self.previous() {
            Some(previous) if ends => {
                let after = shown(self.text_of(previous));
                self.fail(format!("{what} is missing after `{after}`"), previous.range());
            }
            None if token.kind == Kind::End => self.fail(format!("{what} is missing"), token.range()),
            _ => {
                let found = shown(self.text_of(token));
                self.fail(
                    format!("`{found}` cannot stand here: {what} is expected"),
                    token.range(),
                );
            }
        }
    }

    /// Reports the next token as one that cannot stand here.
    pub(super) fn fail_unexpected(&mut self) {
        let token = self.peek();
        let found = shown(self.text_of(token));
        let hint = match token.kind {
            Kind::Assign => ": to compare write `==`",
            kind if kind.is_closer() => ": it closes nothing",
            _ => "",
        };
        self.fail(format!("`{found}` cannot stand here{hint}"), token.range());
        self.muted |= token.kind.is_closer();
    }

    /// Reports whatever is left in the tag.
    pub(super) fn finish(&mut self) {
        if !self.at(Kind::End) {
            self.fail_unexpected();
            self.at = self.tokens.len();
        }
    }

    /// As [`Parser::finish`], for a tag that opens a body: a colon may end it, as in Python.
    pub(super) fn finish_block(&mut self) {
        self.take_if(Kind::Colon);
        self.finish();
    }

    /// Passes over whatever is left in the tag.
    pub(super) fn skip_rest(&mut self) {
        self.at = self.tokens.len();
    }

    /// Runs `read` one level deeper; gives up on the tag where that is too deep.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.nesting >= MAX_NESTING {
            self.fail_too_deep();
            return None;
        }
        self.nesting += 1;
        let out = read(self);
        self.nesting -= 1;
        Some(out)
    }

    fn fail_too_deep(&mut self) {
        let token = self.previous().unwrap_or_else(|| self.peek());
        self.fail("the expression is nested too deeply", token.range());
        self.skip_rest();
    }

    /// An expression made of others.
    pub(super) fn node(&mut self, kind: ExprKind<'a>, range: TextRange) -> Expr<'a> {
        let mut expr = Expr {
            range,
            kind,
            height: 0,
        };
        let mut below = 0;
        let mut whole = range;
        expr.for_each_child(&mut |child| {
            below = below.max(child.height);
            whole = whole.cover(child.range);
        });
        expr.range = whole;
        if below >= MAX_HEIGHT {
            self.fail_too_deep();
            return Expr {
                range,
                kind: ExprKind::Error,
                height: 0,
            };
        }
        expr.height = below + 1;
        expr
    }

    /// An expression in which no other stands.
    pub(super) fn leaf(kind: ExprKind<'a>, range: TextRange) -> Expr<'a> {
        Expr {
            range,
            kind,
            height: 1,
        }
    }

    /// The expression that stands where none could be read.
    pub(super) fn error_expr(&self) -> Expr<'a> {
        let at = self.previous().map_or(self.peek().start, |token| token.end);
        Expr {
            range: range(at, at),
            kind: ExprKind::Error,
            height: 0,
        }
    }

    /// Takes a name.
    pub(super) fn name(&mut self, what: &str) -> Option<Spanned<&'a str>> {
        if let Some(token) = self.take_if(Kind::Name) {
            return Some(Spanned::new(self.text_of(token), token.range()));
        }
        self.fail_missing(what);
        None
    }

    /// Reads items between commas up to the closing bracket, whose opening one was just taken.
    pub(super) fn list<T>(
        &mut self,
        brackets: Brackets,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Vec<T> {
        let opening = self.previous();
        let mut items = Vec::new();
        let in_condition = std::mem::replace(&mut self.in_condition, false);
        self.count(brackets.close, true);
        self.nested(|parser| {
            loop {
                if parser.close(brackets.close, opening) {
                    break;
                }
                let before = parser.at;
                items.extend(item(parser));
                if parser.panicking {
                    parser.recover();
                } else if parser.at == before {
                    parser.fail_unexpected();
                    parser.recover();
                }
                parser.separator(brackets, before);
            }
        });
        self.count(brackets.close, false);
        self.in_condition = in_condition;
        items
    }

    /// Takes the closing bracket, or finds that it is missing; whether the list is over.
    pub(super) fn close(&mut self, close: Kind, opening: Option<Token>) -> bool {
        let token = self.peek();
        if token.kind == close {
            self.take();
            self.panicking = false;
            return true;
        }
        if token.kind != Kind::End && !token.kind.is_closer() {
            return false;
        }
        if let Some(opening) = opening {
            let bracket = self.text_of(opening);
            let expected = bracket_text(close);
            if token.kind == Kind::End || self.is_open(token.kind) {
                self.fail(
                    format!("`{bracket}` is never closed: `{expected}` is missing"),
                    opening.range(),
                );
                self.unclosed.get_or_insert(self.errors.len().saturating_sub(1));
                self.muted = true;
            } else {
                let found = self.text_of(token);
                let message = format!("`{bracket}` is closed by `{found}`: write `{expected}`");
                self.error(SyntaxError::new(message, token.range()));
                // Which brackets belong together is anybody's guess from here on.
                self.muted = true;
                self.take();
            }
        }
        true
    }

    /// Takes the comma between two items, or finds that it is missing.
    fn separator(&mut self, brackets: Brackets, item_start: usize) {
        let token = self.peek();
        match token.kind {
            Kind::Comma => {
                self.take();
                if !brackets.trailing_comma && self.at(brackets.close) {
                    self.error(SyntaxError {
                        message: "nothing may follow but another item: this comma is one too many".to_owned(),
                        range: token.range(),
                        fix: Some((token.range(), String::new())),
                    });
                }
            }
            kind if kind.is_closer() || kind == Kind::End => {}
            kind if kind.starts_expression() && !self.at_operator_word() => self.missing_comma(item_start),
            _ => {
                self.fail_unexpected();
                self.recover();
                self.take_if(Kind::Comma);
            }
        }
    }

    fn at_operator_word(&self) -> bool {
        self.word_ahead(0).is_some_and(is_operator_word)
    }

    fn missing_comma(&mut self, item_start: usize) {
        let Some(previous) = self.previous() else { return };
        let start = self
            .tokens
            .get(item_start)
            .map_or(previous.start, |token| token.start);
        let item = shown(self.text.get(start..previous.end).unwrap_or(""));
        let place = range(previous.end, previous.end);
        let named = matches!(self.look(1).kind, Kind::Assign | Kind::Colon);
        let literals = is_literal(previous.kind) && is_literal(self.peek().kind);
        self.error(SyntaxError {
            message: format!("a comma is missing after `{item}`"),
            range: place,
            fix: (named || literals).then(|| (place, ",".to_owned())),
        });
    }

    /// Passes over what cannot be read, up to the next comma or closing bracket of this level.
    pub(super) fn recover(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                // What is missing at the end of the tag follows from what was reported.
                Kind::End => return,
                Kind::Comma if depth == 0 => break,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                kind if kind.is_closer() => match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => break,
                },
                _ => {}
            }
            self.take();
        }
        self.panicking = false;
    }

    /// Counts an open bracket in or out.
    pub(super) fn count(&mut self, close: Kind, opens: bool) {
        if let Some(count) = bracket_index(close).and_then(|index| self.open.get_mut(index)) {
            *count = if opens {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
    }

    fn is_open(&self, close: Kind) -> bool {
        bracket_index(close)
            .and_then(|index| self.open.get(index))
            .is_some_and(|count| *count > 0)
    }
}

/// A piece of the source as a message shows it: one line, not long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or("").trim_end();
    let mut out: String = line.chars().take(LONGEST).collect();
    if out.len() < text.trim_end().len() {
        out.push_str("...");
    }
    out
}

fn brackets_pair_up(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::LParen => open.push(Kind::RParen),
            Kind::LBracket => open.push(Kind::RBracket),
            Kind::LBrace => open.push(Kind::RBrace),
            closer if closer.is_closer() && open.pop() != Some(closer) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Whether a word stands between expressions, or before one.
pub(super) fn is_operator_word(word: &str) -> bool {
    OPERATOR_WORDS.contains(&word)
}

const fn is_literal(kind: Kind) -> bool {
    matches!(kind, Kind::Str | Kind::Int | Kind::Float)
}

const fn bracket_index(close: Kind) -> Option<usize> {
    match close {
        Kind::RParen => Some(0),
        Kind::RBracket => Some(1),
        Kind::RBrace => Some(2),
        _ => None,
    }
}

const fn bracket_text(close: Kind) -> &'static str {
    match close {
        Kind::RBracket => "]",
        Kind::RBrace => "}",
        _ => ")",
    }
}
