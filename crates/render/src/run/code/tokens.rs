//! Python's tokens and the faults among them (`Parser/tokenizer.c` of CPython 3.11).

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A literal of text or bytes, with its prefix and quotes.
    Text,
    /// An operator or a bracket.
    Mark,
    /// The end of a line that is a statement's.
    Newline,
    /// A line starts further to the right than the one before.
    Indent,
    /// A line starts further to the left.
    Dedent,
    /// The end of the text.
    End,
    /// What stops the tokenizer without a message of its own.
    Stop(Stop),
}

/// Why the tokenizer stops without a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text ends within brackets.
    Open,
    /// A backslash that does not end its line.
    Continuation,
    /// A line that starts where no line before it does, or that mixes tabs and blanks.
    Indentation,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// The line that it starts in, from 1.
    pub(super) line: usize,
    /// How many brackets are open behind it.
    pub(super) level: usize,
}

/// The tokens of a text.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    /// All up to the end, or to where the tokenizer stops.
    pub(super) found: Vec<Token<'t>>,
    /// The innermost bracket that is open at the end, with its line.
    pub(super) open: Option<(char, usize)>,
    /// The fault at which the tokenizer stops with a message.
    pub(super) fault: Option<String>,
}

/// How Python reads the text of a program: every end of a line is `\n`, and the last line has one.
pub(super) fn normal(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

impl<'t> Tokens<'t> {
    /// Reads a [`normal`] text.
    pub(super) fn read(text: &'t str) -> Self {
        let mut reader = Reader {
            text,
            at: 0,
            line: 1,
            brackets: Vec::new(),
            indents: vec![(0, 0)],
            found: Vec::new(),
            start_line: 1,
        };
        let fault = if text.contains('\0') {
            Some("source code string cannot contain null bytes".to_owned())
        } else {
            reader.all().err()
        };
        Self {
            open: reader.brackets.last().copied(),
            found: reader.found,
            fault,
        }
    }
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    line: usize,
    brackets: Vec<(char, usize)>,
    /// How far each block of lines is indented, with tabs as wide as eight blanks and as one.
    indents: Vec<(usize, usize)>,
    found: Vec<Token<'t>>,
    /// The line in which the token at hand starts.
    start_line: usize,
}

/// Operators of more than one character, the longest first.
const MARKS: [&str; 25] = [
    "**=", "//=", "<<=", ">>=", "...", "!=", "->", "**", "//", "<<", ">>", "<=", "<>", "==", ">=", ":=",
    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=",
];

/// How deep brackets may be nested.
const DEEPEST: usize = 200;
/// How deep blocks may be nested.
const DEEPEST_BLOCK: usize = 100;

impl Reader<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    pub(super) fn after(&self, count: usize) -> Option<char> {
        self.text.get(self.at..)?.chars().nth(count)
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(text))
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    pub(super) fn skip_while(&mut self, fits: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&fits) {
            self.next();
        }
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.found.push(Token {
            kind,
            text: self.text.get(start..self.at).unwrap_or_default(),
            line: self.start_line,
            level: self.brackets.len(),
        });
    }

    fn stop(&mut self, why: Stop) {
        self.push(Kind::Stop(why), self.at);
    }

    fn is_stopped(&self) -> bool {
        matches!(self.found.last(), Some(token) if matches!(token.kind, Kind::Stop(_) | Kind::End))
    }

    fn all(&mut self) -> Result<(), String> {
        let mut is_line_start = true;
        while !self.is_stopped() {
            if is_line_start && self.brackets.is_empty() {
                self.indentation();
                is_line_start = false;
                continue;
            }
            self.skip_while(|c| matches!(c, ' ' | '\t' | '\u{c}'));
            if self.peek() == Some('#') {
                self.skip_while(|c| c != '\n');
            }
            let start = self.at;
            self.start_line = self.line;
            match self.peek() {
                None if self.brackets.is_empty() => self.push(Kind::End, start),
                None => self.stop(Stop::Open),
                Some('\n') => {
                    if self.brackets.is_empty() {
                        self.push(Kind::Newline, start);
                        is_line_start = true;
                    }
                    self.next();
                }
                Some('\\') => {
                    self.next();
                    if self.peek() == Some('\n') {
                        self.next();
                    } else {
                        self.stop(Stop::Continuation);
                    }
                }
                Some(c) => self.token(c)?,
            }
        }
        Ok(())
    }

    /// What stands before the first token of a line. Lines without a token do not count.
    fn indentation(&mut self) {
        let (column, narrow) = loop {
            let (mut column, mut narrow) = (0, 0);
            while let Some(c) = self.peek() {
                (column, narrow) = match c {
                    ' ' => (column + 1, narrow + 1),
                    '\t' => ((column / 8 + 1) * 8, narrow + 1),
                    '\u{c}' => (0, 0),
                    _ => break,
                };
                self.next();
            }
            match self.peek() {
                Some('#') => {
                    self.skip_while(|c| c != '\n');
                    self.next();
                }
                Some('\n') => {
                    self.next();
                }
                None => break (0, 0),
                Some(_) => break (column, narrow),
            }
        };
        let last = self.indents.last().copied().unwrap_or_default();
        if column == last.0 && narrow == last.1 {
            return;
        }
        if column >= last.0 {
            if column == last.0 || narrow <= last.1 || self.indents.len() >= DEEPEST_BLOCK {
                return self.stop(Stop::Indentation);
            }
            self.indents.push((column, narrow));
            self.push(Kind::Indent, self.at);
        } else {
            let before = self.indents.len();
            while self.indents.len() > 1 && self.indents.last().is_some_and(|last| column < last.0) {
                self.indents.pop();
            }
            if self.indents.last() != Some(&(column, narrow)) {
                return self.stop(Stop::Indentation);
            }
            for _ in self.indents.len()..before {
                self.push(Kind::Dedent, self.at);
            }
        }
    }

    fn token(&mut self, c: char) -> Result<(), String> {
        let start = self.at;
        let is_fraction = c == '.' && self.after(1).is_some_and(|c| c.is_ascii_digit());
        if is_name_start(c) {
            self.name(start)
        } else if c.is_ascii_digit() || is_fraction {
            self.number(start)?;
            self.push(Kind::Number, start);
            Ok(())
        } else if matches!(c, '\'' | '"') {
            self.quoted(start, c)
        } else {
            self.mark(start, c)
        }
    }

    fn name(&mut self, start: usize) -> Result<(), String> {
        let prefix = self.prefix();
        if let Some(quote @ ('\'' | '"')) = self.after(prefix) {
            self.at += prefix;
            return self.quoted(start, quote);
        }
        self.skip_while(is_name_part);
        self.push(Kind::Name, start);
        let name = self.text.get(start..self.at).unwrap_or_default();
        let stranger = name.char_indices().find(|(at, c)| {
            !(c.is_ascii() || c.is_alphabetic() || (*at > 0 && (c.is_alphanumeric() || is_mark_of_name(*c))))
        });
        stranger.map_or(Ok(()), |(_, c)| Err(invalid(c)))
    }

    /// How many letters stand here that could be before a quote.
    fn prefix(&self) -> usize {
        let (mut b, mut u, mut r, mut f) = (false, false, false, false);
        let mut count = 0;
        while let Some(c) = self.after(count) {
            match c {
                'b' | 'B' if !(b || u || f) => b = true,
                'u' | 'U' if !(b || u || r || f) => u = true,
                'r' | 'R' if !(r || u) => r = true,
                'f' | 'F' if !(f || b || u) => f = true,
                _ => break,
            }
            count += 1;
        }
        count
    }

    fn quoted(&mut self, start: usize, quote: char) -> Result<(), String> {
        let three = [quote; 3].iter().collect::<String>();
        let is_long = self.starts_with(&three);
        if is_long {
            self.at += 3;
        } else {
            self.next();
        }
        loop {
            if is_long && self.starts_with(&three) {
                self.at += 3;
                break;
            }
            match self.peek() {
                None if is_long => {
                    return Err(format!(
                        "unterminated triple-quoted string literal (detected at line {})",
                        self.line - 1
                    ));
                }
                None | Some('\n') if !is_long => {
                    return Err(format!(
                        "unterminated string literal (detected at line {})",
                        self.line
                    ));
                }
                Some('\\') => {
                    self.next();
                    self.next();
                }
                Some(c) if !is_long && c == quote => {
                    self.next();
                    break;
                }
                _ => {
                    self.next();
                }
            }
        }
        self.push(Kind::Text, start);
        Ok(())
    }

    fn mark(&mut self, start: usize, c: char) -> Result<(), String> {
        if !is_printable(c) {
            return Err(invalid(c));
        }
        if let Some(long) = MARKS.into_iter().find(|long| self.starts_with(long)) {
            self.at += long.len();
            self.push(Kind::Mark, start);
            return Ok(());
        }
        match c {
            '(' | '[' | '{' => {
                if self.brackets.len() >= DEEPEST {
                    return Err("too many nested parentheses".to_owned());
                }
                self.brackets.push((c, self.line));
            }
            ')' | ']' | '}' => self.close(c)?,
            _ => {}
        }
        self.next();
        self.push(Kind::Mark, start);
        Ok(())
    }

    fn close(&mut self, c: char) -> Result<(), String> {
        let Some((open, line)) = self.brackets.pop() else {
            return Err(format!("unmatched '{c}'"));
        };
        if matches!((open, c), ('(', ')') | ('[', ']') | ('{', '}')) {
            return Ok(());
        }
        let place = if line == self.line {
            String::new()
        } else {
            format!(" on line {line}")
        };
        Err(format!(
            "closing parenthesis '{c}' does not match opening parenthesis '{open}'{place}"
        ))
    }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

pub(super) fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

/// Accents that may stand within a name.
fn is_mark_of_name(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{b7}' | '\u{203f}' | '\u{2040}')
}

/// Python's `str.isprintable`, as far as it matters for what stands outside of literals.
fn is_printable(c: char) -> bool {
    let is_space = c.is_whitespace() && c != ' ';
    let is_format = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    !(c.is_control() || is_space || is_format || is_private)
}

/// Python's message for a character that can stand nowhere.
fn invalid(c: char) -> String {
    let code = u32::from(c);
    if is_printable(c) {
        format!("invalid character '{c}' (U+{code:04X})")
    } else {
        format!("invalid non-printable character U+{code:04X}")
    }
}
