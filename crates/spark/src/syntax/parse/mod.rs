//! The parser: a cursor over tokens, and what all of its parts share.

mod clause;
mod constant;
mod expr;
mod forms;
mod group;
mod literal;
mod moment;
mod primary;
mod query;
mod recover;
mod relation;
mod types;
mod window;

use glueline_base::{TextRange, TextSize, slice};

use super::ast::{Expr, ExprKind, Name, Path};
use super::keyword::Kw;
use super::lex::{Sign, Tok, Token, tokens};
use super::{Parsed, SyntaxError};
pub(crate) use moment::{is_date, is_timestamp};

/// Nothing goes on from here. Where that was is kept in the parser.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fail;

type Res<T> = Result<T, Fail>;

/// How deep expressions and queries may stand in each other before the parser lets go.
const DEPTH: u32 = 120;

pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The next token.
    at: usize,
    /// The furthest token at which anything has failed.
    furthest: usize,
    /// What Spark says of a text that its grammar reads.
    faults: Vec<SyntaxError>,
    depth: u32,
    /// Steps left before the parser lets go.
    fuel: usize,
    /// The text is too much to take on.
    lost: bool,
    /// The select list that is being read has its `from` already: another one is a name.
    past_from: bool,
}

/// Where a parser stands, to go back to.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    faults: usize,
}

/// How many faults are read around.
const FAULTS: usize = 8;

/// Reads a text.
pub(super) fn parse(text: &str) -> Parsed {
    let (tokens, unclosed) = tokens(text);
    if let Some(range) = unclosed {
        return Parsed {
            query: None,
            errors: vec![SyntaxError {
                class: "UNCLOSED_BRACKETED_COMMENT",
                message: "Found an unclosed bracketed comment. Please, append */ at the end of the comment."
                    .to_owned(),
                range,
            }],
            unread: false,
        };
    }
    let mut parser = Parser::new(text, tokens);
    if parser.is_other_statement() {
        return Parsed::unread();
    }
    let mut query = parser.statement();
    let mut errors = Vec::new();
    while query.is_err() && !parser.lost {
        let fault = parser.furthest;
        let error = SyntaxError::at_token(text, parser.range_of(fault));
        if errors.last() != Some(&error) {
            errors.push(error);
        }
        if errors.len() > FAULTS {
            break;
        }
        let Some(next) = parser.around(fault) else { break };
        parser = next.0;
        query = next.1;
    }
    if errors.is_empty() && parser.lost {
        return Parsed::unread();
    }
    errors.append(&mut parser.faults);
    Parsed {
        query: query.ok(),
        errors,
        unread: false,
    }
}

/// Statements that are no query and that the parser does not read.
const OTHER: &[&str] = &[
    "ADD", "ALTER", "ANALYZE", "CACHE", "CALL", "CLEAR", "COMMENT", "COMMIT", "CREATE", "DELETE", "DESC",
    "DESCRIBE", "DFS", "DROP", "EXPLAIN", "EXPORT", "GRANT", "IMPORT", "INSERT", "LIST", "LOAD", "LOCK",
    "MERGE", "MSCK", "OPTIMIZE", "REFRESH", "REPAIR", "REPLACE", "RESET", "REVOKE", "ROLLBACK", "SET",
    "SHOW", "START", "TRUNCATE", "UNCACHE", "UNLOCK", "UPDATE", "USE", "VACUUM", "MAP", "REDUCE",
];

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: Vec<Token>) -> Self {
        let fuel = tokens.len() * 60 + 10_000;
        Self {
            text,
            tokens,
            at: 0,
            furthest: 0,
            faults: Vec::new(),
            depth: 0,
            fuel,
            lost: false,
            past_from: false,
        }
    }

    /// The text once more, without the part that holds the fault at a token: the smallest part that lets reading come further.
    fn around(&self, fault: usize) -> Option<(Self, Res<super::ast::Query>)> {
        let parts = [
            recover::without_item(&self.tokens, fault),
            recover::without_query(&self.tokens, fault),
        ];
        parts.into_iter().flatten().find_map(|tokens| {
            let fewer = tokens.len() < self.tokens.len();
            let left = |parser: &Self| parser.tokens.len().saturating_sub(parser.furthest);
            let mut parser = Self::new(self.text, tokens);
            let query = parser.statement();
            let further = query.is_ok() || (fewer && left(&parser) < left(self));
            (further && !parser.lost).then_some((parser, query))
        })
    }
}

impl Parser<'_> {
    /// Whether the text begins as a statement that is no query.
    fn is_other_statement(&self) -> bool {
        let first = self.word_at(0).to_ascii_uppercase();
        OTHER.contains(&first.as_str())
    }

    fn statement(&mut self) -> Res<super::ast::Query> {
        let query = self.query()?;
        while self.eat(Sign::Semicolon) {}
        if self.peek() == Tok::End {
            Ok(query)
        } else {
            self.fail()
        }
    }

    fn tok(&self, ahead: usize) -> Tok {
        self.tokens
            .get(self.at + ahead)
            .map_or(Tok::End, |token| token.kind)
    }

    fn peek(&self) -> Tok {
        self.tok(0)
    }

    /// The keyword that the token so far ahead may be.
    fn kw(&self, ahead: usize) -> Option<Kw> {
        match self.tok(ahead) {
            Tok::Kw(kw) => Some(kw),
            _ => None,
        }
    }

    fn is(&self, ahead: usize, kw: Kw) -> bool {
        self.tok(ahead) == Tok::Kw(kw)
    }

    fn is_sign(&self, ahead: usize, sign: Sign) -> bool {
        self.tok(ahead) == Tok::Sign(sign)
    }

    fn is_name(&self, ahead: usize) -> bool {
        matches!(self.tok(ahead), Tok::Word | Tok::Kw(_) | Tok::Quoted)
    }

    fn range_of(&self, token: usize) -> TextRange {
        self.tokens
            .get(token)
            .map_or_else(|| TextRange::empty(TextSize::of(self.text)), |token| token.range)
    }

    /// The range of the next token.
    fn here(&self) -> TextRange {
        self.range_of(self.at)
    }

    /// From the start of a range to the end of the last token read.
    fn since(&self, start: TextRange) -> TextRange {
        let end = self.range_of(self.at.saturating_sub(1)).end();
        TextRange::new(start.start(), end.max(start.start()))
    }

    fn word_at(&self, ahead: usize) -> &str {
        slice(self.text, self.range_of(self.at + ahead))
    }

    /// Nothing goes on with the next token.
    fn fail<T>(&mut self) -> Res<T> {
        self.fail_at(0)
    }

    /// Nothing goes on with the token so far ahead.
    fn fail_at<T>(&mut self, ahead: usize) -> Res<T> {
        self.expected(ahead);
        Err(Fail)
    }

    /// Something that was tried needs another token so far ahead.
    fn expected(&mut self, ahead: usize) {
        self.furthest = self.furthest.max(self.at + ahead);
    }

    fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            faults: self.faults.len(),
        }
    }

    fn reset(&mut self, mark: Mark) {
        self.at = mark.at;
        self.faults.truncate(mark.faults);
    }

    /// Tries to read something, and goes back where that fails.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Res<T>) -> Option<T> {
        let mark = self.mark();
        let found = read(self);
        if found.is_err() {
            self.reset(mark);
        }
        found.ok()
    }

    /// Reads something that may hold itself.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Res<T>) -> Res<T> {
        if self.depth >= DEPTH || self.fuel == 0 {
            self.lost = true;
            return Err(Fail);
        }
        self.fuel -= 1;
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn eat(&mut self, sign: Sign) -> bool {
        let found = self.is_sign(0, sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn eat_kw(&mut self, kw: Kw) -> bool {
        let found = self.is(0, kw);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, sign: Sign) -> Res<()> {
        if self.eat(sign) { Ok(()) } else { self.fail() }
    }

    fn expect_kw(&mut self, kw: Kw) -> Res<()> {
        if self.eat_kw(kw) { Ok(()) } else { self.fail() }
    }

    /// One or more of something, between commas.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Res<T>) -> Res<Vec<T>> {
        let mut list = vec![read(self)?];
        while self.eat(Sign::Comma) {
            list.push(read(self)?);
        }
        Ok(list)
    }

    /// Any name: no keyword is reserved.
    fn name(&mut self) -> Res<Name> {
        let range = self.here();
        let written = slice(self.text, range);
        let (text, quoted): (Box<str>, bool) = match self.peek() {
            Tok::Word | Tok::Kw(_) => (written.into(), false),
            Tok::Quoted => {
                let inside = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
                (inside.replace("``", "`").into(), true)
            }
            _ => return self.fail(),
        };
        self.at += 1;
        Ok(Name { text, range, quoted })
    }

    /// A name where no expression may follow: one with a hyphen is read as a whole, and refused with advice.
    fn whole_name(&mut self) -> Res<Name> {
        let start = self.here();
        let name = self.name()?;
        if !(self.is_sign(0, Sign::Minus) && self.is_name(1)) {
            self.expected(0);
            return Ok(name);
        }
        while self.is_sign(0, Sign::Minus) && self.is_name(1) {
            self.at += 2;
        }
        let range = self.since(start);
        let written = slice(self.text, range);
        self.faults.push(SyntaxError {
            class: "INVALID_IDENTIFIER",
            message: format!("The identifier {written} is invalid. Please, consider quoting it with back-quotes as `{written}`."),
            range,
        });
        Ok(name)
    }

    /// `a.b.c`, as the name of a table.
    fn path(&mut self) -> Res<Path> {
        let mut path = vec![self.whole_name()?];
        while self.eat(Sign::Dot) {
            path.push(self.whole_name()?);
        }
        Ok(path)
    }

    /// `(a, b)`
    fn names(&mut self) -> Res<Vec<Name>> {
        self.expect(Sign::Open)?;
        let names = self.list(Self::whole_name)?;
        self.expect(Sign::Close)?;
        Ok(names)
    }

    fn make(&self, kind: ExprKind, start: TextRange) -> Expr {
        Expr {
            kind,
            range: self.since(start),
        }
    }
}
