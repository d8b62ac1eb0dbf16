//! The tokenizer: logical lines of tokens whose brackets are always balanced.

use std::sync::Arc;

use glueline_base::{Spanned, SyntaxError, TextRange, range, slice};

use crate::strings;

/// How deep Python allows brackets to nest.
pub(crate) const MAX_DEPTH: usize = 200;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A string with its prefix and quotes.
    Str,
    /// An opening bracket.
    Open,
    /// A closing bracket; empty where it was missing.
    Close,
    /// Anything else; empty where a comma was missing.
    Operator,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    kind: Kind,
    range: TextRange,
    /// For a bracket, the token of its partner.
    partner: usize,
}

/// A logical line: its tokens and how far it is indented, in columns, where a tab reaches to the next multiple of 8.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) indent: usize,
}

/// A range of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The tokens of a text. No line is empty, and brackets are balanced within each.
#[derive(Debug)]
pub(crate) struct Tokens<'t> {
    text: &'t str,
    all: Vec<Token>,
    pub(crate) lines: Vec<Line>,
    pub(crate) errors: Vec<SyntaxError>,
}

impl<'t> Tokens<'t> {
    pub(crate) fn read(text: &'t str) -> Self {
        let mut reader = Reader {
            out: Self {
                text,
                all: Vec::with_capacity(text.len() / 4),
                lines: Vec::new(),
                errors: Vec::new(),
            },
            at: 0,
            open: Vec::new(),
            line_start: 0,
            indent: 0,
            is_first_of_line: true,
            has_torn_string: false,
        };
        reader.run();
        reader.out
    }

    pub(crate) fn kind_at(&self, token: usize) -> Option<Kind> {
        self.all.get(token).map(|token| token.kind)
    }

    /// The text of a token; empty behind the last.
    pub(crate) fn text_at(&self, token: usize) -> &'t str {
        self.all
            .get(token)
            .map_or("", |token| slice(self.text, token.range))
    }

    /// The text of a bracket's kind: `(`, `[` or `{`; empty for other tokens.
    pub(crate) fn opener_at(&self, token: usize) -> &'t str {
        if self.kind_at(token) == Some(Kind::Open) {
            self.text_at(token)
        } else {
            ""
        }
    }

    pub(crate) fn name_at(&self, token: usize) -> Spanned<Arc<str>> {
        Spanned::new(Arc::from(self.text_at(token)), self.range_at(token))
    }

    pub(crate) fn range_at(&self, token: usize) -> TextRange {
        self.all
            .get(token)
            .map_or(range(self.text.len(), self.text.len()), |token| token.range)
    }

    /// The bytes of a span of tokens; of an empty span the place before its first token.
    pub(crate) fn range_of(&self, span: Span) -> TextRange {
        let first = self.range_at(span.start);
        if span.start >= span.end {
            return TextRange::empty(first.start());
        }
        first.cover(self.range_at(span.end - 1))
    }

    /// The closing token of an opening one, always behind it and inside its line.
    pub(crate) fn partner_of(&self, token: usize) -> usize {
        self.all
            .get(token)
            .map_or(token, |found| found.partner)
            .max(token)
    }

    /// What stands between the brackets that open at a token.
    pub(crate) fn inside(&self, open: usize) -> Span {
        Span {
            start: open + 1,
            end: self.partner_of(open),
        }
    }

    /// The statements, those behind `;` and behind the colon of a header on the same line included.
    pub(crate) fn statements(&self) -> impl Iterator<Item = Span> + '_ {
        self.lines.iter().flat_map(|line| {
            let body = self.inline_body(*line);
            let header = Span {
                start: line.start,
                end: body.start,
            };
            std::iter::once(header)
                .chain(self.split(body, ";"))
                .filter(|span| span.start < span.end)
        })
    }

    /// What follows the colon of a compound statement's header; the whole line where it is none.
    pub(crate) fn inline_body(&self, line: Line) -> Span {
        let is_compound = matches!(
            self.text_at(line.start),
            "if" | "elif"
                | "else"
                | "for"
                | "while"
                | "try"
                | "except"
                | "finally"
                | "with"
                | "def"
                | "class"
                | "async"
        );
        let mut start = line.start;
        if is_compound {
            start = self.header_end(line);
        }
        Span { start, end: line.end }
    }

    /// The token behind the colon that ends a header; the end of the line where there is none.
    pub(crate) fn header_end(&self, line: Line) -> usize {
        let mut lambdas = 0;
        let mut at = line.start;
        while at < line.end {
            match self.text_at(at) {
                "lambda" => lambdas += 1,
                ":" if lambdas > 0 => lambdas -= 1,
                ":" => return at + 1,
                _ => {}
            }
            at = self.after(at);
        }
        line.end
    }

    /// The parts of a span between separators outside of brackets; empty ones included, except that an empty span
    /// has no parts.
    pub(crate) fn split(&self, span: Span, separator: &'static str) -> impl Iterator<Item = Span> + '_ {
        let mut start = span.start;
        let mut is_done = span.start >= span.end;
        std::iter::from_fn(move || {
            if is_done {
                return None;
            }
            let mut at = start;
            while at < span.end && !self.is_separator(at, separator) {
                at = self.after(at);
            }
            let part = Span {
                start,
                end: at.min(span.end),
            };
            is_done = at >= span.end;
            start = at + 1;
            Some(part)
        })
    }

    /// The first token with a text in a span, outside of brackets.
    pub(crate) fn find(&self, span: Span, text: &str) -> Option<usize> {
        let mut at = span.start;
        while at < span.end {
            if self.text_at(at) == text {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }

    /// The token behind this one, or behind its closing partner.
    pub(crate) fn after(&self, token: usize) -> usize {
        if self.kind_at(token) == Some(Kind::Open) {
            self.partner_of(token) + 1
        } else {
            token + 1
        }
    }

    fn is_separator(&self, token: usize, separator: &str) -> bool {
        let text = self.text_at(token);
        text == separator
            || (separator == "," && text.is_empty() && self.kind_at(token) == Some(Kind::Operator))
    }
}

/// Words that start a statement and never stand inside an expression: where one starts a line inside brackets, the
/// brackets were not closed.
const STATEMENT_WORDS: [&str; 18] = [
    "def", "class", "import", "return", "while", "with", "try", "raise", "del", "pass", "break", "continue",
    "assert", "global", "nonlocal", "elif", "except", "finally",
];

/// Words that continue an expression, so that a line may start with them after an operand.
const INFIX_WORDS: [&str; 10] = ["if", "else", "for", "in", "is", "and", "or", "not", "async", "as"];

struct Opened {
    token: usize,
    indent: usize,
}

struct Reader<'t> {
    out: Tokens<'t>,
    at: usize,
    open: Vec<Opened>,
    /// The first token of the logical line.
    line_start: usize,
    /// How far the current physical line is indented.
    indent: usize,
    is_first_of_line: bool,
    /// After a triple-quoted string that does not end, what follows is guesswork: no more is reported.
    has_torn_string: bool,
}

impl<'t> Reader<'t> {
    fn run(&mut self) {
        if self.rest().starts_with('\u{FEFF}') {
            let mark = range(0, '\u{FEFF}'.len_utf8());
            let mut error = SyntaxError::new("Python refuses a byte order mark in a dbt model", mark);
            error.fix = Some((mark, String::new()));
            self.out.errors.push(error);
            self.at = '\u{FEFF}'.len_utf8();
        }
        self.measure_indent();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' | '\r' => {
                    self.at += 1;
                    if c == '\r' && self.rest().starts_with('\n') {
                        self.at += 1;
                    }
                    self.end_physical_line();
                }
                ' ' | '\t' | '\x0c' => self.at += 1,
                '#' => self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len()),
                '\\' => self.backslash(),
                _ => self.token(c),
            }
        }
        self.close_from(0);
        self.end_logical_line();
    }

    fn rest(&self) -> &'t str {
        self.out.text.get(self.at..).unwrap_or_default()
    }

    fn end_physical_line(&mut self) {
        if self.open.is_empty() {
            self.end_logical_line();
        }
        self.measure_indent();
    }

    fn end_logical_line(&mut self) {
        let end = self.out.all.len();
        if self.line_start < end {
            let indent = self.out.lines.pop().map_or(0, |line| line.indent);
            self.out.lines.push(Line {
                start: self.line_start,
                end,
                indent,
            });
        }
        self.line_start = end;
    }

    fn measure_indent(&mut self) {
        self.indent = 0;
        self.is_first_of_line = true;
        for byte in self.rest().bytes() {
            match byte {
                b' ' => self.indent += 1,
                b'\t' => self.indent = (self.indent / 8 + 1) * 8,
                // A form feed sets the count back.
                b'\x0c' => self.indent = 0,
                _ => break,
            }
        }
    }

    /// A backslash joins the next line; elsewhere it is a fault, but not one to stumble over.
    fn backslash(&mut self) {
        let start = self.at;
        self.at += 1;
        let rest = self.rest();
        let ending = ["\r\n", "\n", "\r"]
            .into_iter()
            .find(|ending| rest.starts_with(ending));
        match ending {
            Some(ending) => self.at += ending.len(),
            None => self.fail(
                "a backslash can only stand at the end of a line",
                range(start, self.at),
            ),
        }
    }

    fn token(&mut self, first: char) {
        let start = self.at;
        let rest = self.rest();
        if let Some(string) = strings::scan(rest) {
            self.string(start, &string);
            return;
        }
        let (kind, length) = match first {
            '(' | '[' | '{' => (Kind::Open, 1),
            ')' | ']' | '}' => (Kind::Close, 1),
            '0'..='9' => (Kind::Number, number_length(rest)),
            '.' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
                (Kind::Number, number_length(rest))
            }
            c if c == '_' || c.is_alphabetic() => (Kind::Name, name_length(rest)),
            _ => (Kind::Operator, operator_length(rest)),
        };
        self.recover_before(kind, rest.get(..length).unwrap_or_default());
        self.at += length;
        match kind {
            Kind::Close => self.close(start),
            _ => self.push(kind, range(start, self.at)),
        }
    }

    fn string(&mut self, start: usize, string: &strings::Scanned) {
        self.recover_before(Kind::Str, "");
        self.at += string.length;
        if !string.is_closed {
            let opening = range(start, start + string.prefix + string.quotes);
            let message = match string.quotes {
                3 => "the triple quotes are not closed",
                _ => "the quote is not closed on its line",
            };
            self.fail(message, opening);
            self.has_torn_string |= string.quotes == 3;
        }
        self.push(Kind::Str, range(start, self.at));
    }

    fn push(&mut self, kind: Kind, range: TextRange) {
        let index = self.out.all.len();
        if index == self.line_start {
            self.out.lines.push(Line {
                start: index,
                end: index,
                indent: self.indent,
            });
        }
        if kind == Kind::Open {
            if self.open.len() == MAX_DEPTH {
                self.fail("brackets nest too deeply for Python", range);
            }
            self.open.push(Opened {
                token: index,
                indent: self.indent,
            });
        }
        self.out.all.push(Token {
            kind,
            range,
            partner: index,
        });
        self.is_first_of_line = false;
    }

    /// A closing bracket at a place. Where it closes an outer bracket, the inner ones were forgotten; where it closes
    /// none, it is passed over.
    fn close(&mut self, start: usize) {
        let place = range(start, self.at);
        let opener = match slice(self.out.text, place) {
            ")" => "(",
            "]" => "[",
            _ => "{",
        };
        let is_partner = |opened: &Opened| self.out.text_at(opened.token) == opener;
        let Some(position) = self.open.iter().rposition(is_partner) else {
            self.fail("there is no bracket to close here", place);
            self.is_first_of_line = false;
            return;
        };
        self.close_from(position + 1);
        self.pop_open(place);
    }

    /// Closes every bracket from a depth on, each of them a fault.
    fn close_from(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(opened) = self.open.last() else { return };
            let opening = self.out.range_at(opened.token);
            self.fail("the bracket is not closed", opening);
            let end = self.out.all.last().map_or(opening, |token| token.range).end();
            self.pop_open(TextRange::empty(end));
        }
    }

    fn pop_open(&mut self, place: TextRange) {
        let Some(opened) = self.open.pop() else { return };
        let index = self.out.all.len();
        self.push(Kind::Close, place);
        for (token, partner) in [(opened.token, index), (index, opened.token)] {
            if let Some(token) = self.out.all.get_mut(token) {
                token.partner = partner;
            }
        }
    }

    /// At the first token of a line inside brackets: finds brackets left open and commas left out.
    fn recover_before(&mut self, kind: Kind, text: &str) {
        if !self.is_first_of_line || self.open.is_empty() || kind != Kind::Name {
            return;
        }
        if STATEMENT_WORDS.contains(&text) {
            self.close_from(0);
            self.end_logical_line();
            return;
        }
        let follows_operand = self.out.all.last().is_some_and(|token| match token.kind {
            Kind::Number | Kind::Str | Kind::Close => true,
            Kind::Name => !is_keyword(slice(self.out.text, token.range)),
            Kind::Open | Kind::Operator => false,
        });
        if !follows_operand || INFIX_WORDS.contains(&text) {
            return;
        }
        let is_inside = |opened: &Opened| opened.indent < self.indent;
        let kept = self.open.iter().take_while(|opened| is_inside(opened)).count();
        let end = TextRange::empty(self.out.range_at(self.out.all.len() - 1).end());
        if kept == self.open.len() {
            let mut error = SyntaxError::new("a comma is missing here", end);
            error.fix = Some((end, ",".to_owned()));
            if !self.has_torn_string {
                self.out.errors.push(error);
            }
            self.push(Kind::Operator, end);
            self.is_first_of_line = true;
            return;
        }
        self.close_from(kept);
        if self.open.is_empty() {
            self.end_logical_line();
        }
    }

    fn fail(&mut self, message: &str, place: TextRange) {
        if !self.has_torn_string {
            self.out.errors.push(SyntaxError::new(message, place));
        }
    }
}

fn name_length(rest: &str) -> usize {
    rest.find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(rest.len())
}

/// The length of a number, its exponent and suffix included: `1_000`, `0xff`, `1.5e-3`, `2j`.
fn number_length(rest: &str) -> usize {
    let is_prefixed = ["0x", "0X", "0o", "0O", "0b", "0B"]
        .iter()
        .any(|prefix| rest.starts_with(prefix));
    let mut before = ' ';
    let end = rest.find(|c: char| {
        let is_exponent_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E') && !is_prefixed;
        let belongs = c == '_' || c.is_alphanumeric() || (c == '.' && !is_prefixed) || is_exponent_sign;
        before = c;
        !belongs
    });
    end.unwrap_or(rest.len())
}

fn operator_length(rest: &str) -> usize {
    const LONG: [&str; 25] = [
        "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "==", "!=", "<=", ">=", "->", ":=", "+=",
        "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "<>",
    ];
    LONG.iter()
        .find(|operator| rest.starts_with(**operator))
        .map_or_else(
            || rest.chars().next().map_or(1, char::len_utf8),
            |operator| operator.len(),
        )
}

/// Whether a name is a keyword, so that no attribute, call or subscript can follow it.
pub(crate) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "and"
            | "as"
            | "assert"
            | "async"
            | "await"
            | "break"
            | "class"
            | "continue"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}
