//! As much of Python's grammar as it takes to tell what becomes of a call whose first argument is text that was pasted into a
//! literal (`Grammar/python.gram` and `Parser/pegen_errors.c` of CPython 3.11).
//!
//! CPython reads a program twice: the second time, after a failure, with rules that find the words for it. So does this.

use super::explain::syntax;
use super::grammar::{ARGUMENTS, Parser, Raised, is_keyword, is_soft};
use super::literal::Literal;
use super::tokens::{Kind, Stop, Token, Tokens, normal};

/// What the first argument of the call is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// A text.
    Text(String),
    /// Python refuses the code, with this message.
    Refused(String),
    /// Something else.
    Other,
    /// It cannot be told.
    Unknown,
}

/// Python's words where nothing better is found.
const INVALID: &str = "invalid syntax";

/// Reads `SqlWrapper2.execute(...)` with the texts in it.
pub(super) fn first_argument(code: &str) -> Read {
    let code = normal(code);
    let tokens = Tokens::read(&code);
    if let Some(fault) = tokens.fault {
        return Read::Refused(fault);
    }
    let mut parser = Parser::new(&tokens.found);
    let mut end = parser.program();
    if matches!(end, Ok(None)) {
        parser.explains = true;
        parser.known.clear();
        end = parser.program().and_then(|_| Err(syntax(INVALID)));
    }
    let end = match end {
        Ok(Some(end)) => end,
        Ok(None) => return Read::Unknown,
        Err(Raised::Syntax(message)) => return Read::Refused(parser.refusal(&tokens, message)),
        Err(Raised::TooDeep) => return Read::Unknown,
    };
    let rest = tokens.found.get(end..).unwrap_or_default();
    match rest {
        [newline, .., last] if newline.kind == Kind::Newline => {
            if rest.len() > 2 || last.kind != Kind::End {
                return Read::Unknown;
            }
        }
        _ => return Read::Unknown,
    }
    if !parser.is_text_argument() {
        return Read::Other;
    }
    match parser.literals.remove(&ARGUMENTS) {
        Some(Literal::Text(text)) => Read::Text(text),
        Some(Literal::Unknown) => Read::Unknown,
        Some(Literal::Other) | None => Read::Other,
    }
}

/// Why Python refuses code that is sent as it stands, where that is certain without reading all of Python.
pub(super) fn refusal(code: &str) -> Option<String> {
    let code = normal(code);
    let tokens = Tokens::read(&code);
    if tokens.fault.is_some() {
        return tokens.fault;
    }
    let first = tokens.found.first()?;
    let starts_badly = match first.kind {
        Kind::Indent => return Some("unexpected indent".to_owned()),
        // No statement starts so: above all not with the comment that dbt puts before SQL.
        Kind::Mark => !matches!(first.text, "(" | "[" | "{" | "+" | "-" | "~" | "*" | "@" | "..."),
        Kind::Name => {
            // Two names in a row: SQL.
            let next = tokens.found.get(1)?;
            !is_keyword(first.text)
                && next.kind == Kind::Name
                && !is_keyword(next.text)
                && !is_soft(first.text)
        }
        _ => false,
    };
    let parser = Parser::new(&tokens.found);
    if starts_badly {
        return Some(parser.refusal(&tokens, INVALID.to_owned()));
    }
    // A block needs a colon before it, and a bracket its end, whatever else there is.
    let is_indent = |pair: &[Token<'_>]| matches!(pair, [before, indent] if is_stray(*before, *indent));
    let ends_lines = tokens.found.iter().filter(|token| token.kind != Kind::Newline);
    let ends_lines: Vec<_> = ends_lines.copied().collect();
    if ends_lines.windows(2).any(is_indent) {
        return Some("unexpected indent".to_owned());
    }
    let last = tokens.found.last().map(|last| last.kind);
    let open = tokens.open.filter(|_| last == Some(Kind::Stop(Stop::Open)));
    open.map(|(bracket, _)| format!("'{bracket}' was never closed"))
}

/// Whether a line is indented behind one that does not end with a colon.
fn is_stray(before: Token<'_>, indent: Token<'_>) -> bool {
    indent.kind == Kind::Indent && before.text != ":"
}

impl Parser<'_> {
    /// Whether the first argument is nothing but literals.
    pub(super) fn is_text_argument(&self) -> bool {
        let argument = self.argument.and_then(|end| self.tokens.get(ARGUMENTS..end));
        argument
            .is_some_and(|tokens| !tokens.is_empty() && tokens.iter().all(|token| token.kind == Kind::Text))
    }

    /// Python's words for a failure: what stops the tokenizer comes before what a rule says, where the parser came that far, and a
    /// bracket that is not closed does, where that bracket opens on an earlier line (`_PyPegen_tokenize_full_source_to_check_for_errors`).
    pub(super) fn refusal(&self, tokens: &Tokens<'_>, message: String) -> String {
        let Some((last, Kind::Stop(why))) = tokens.found.last().map(|last| (last, last.kind)) else {
            return message;
        };
        let furthest = self.tokens.get(self.furthest.get()).unwrap_or(last);
        let is_reached = furthest.kind == last.kind;
        match (why, tokens.open) {
            (Stop::Continuation, _) if is_reached => {
                "unexpected character after line continuation character".to_owned()
            }
            (Stop::Indentation, _) if is_reached => {
                "unindent does not match any outer indentation level".to_owned()
            }
            (_, Some((bracket, line))) if is_reached || furthest.line > line => {
                format!("'{bracket}' was never closed")
            }
            _ => message,
        }
    }
}
