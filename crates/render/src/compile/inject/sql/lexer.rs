//! The tokens of `sqlparse` (`keywords.py`, `SQL_REGEX`; `lexer.py`), as far as telling them apart matters.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One blank or tab.
    Space,
    Newline,
    LineComment,
    BlockComment,
    /// A word that may be a keyword: those that are none mean nothing here.
    Keyword,
    Punctuation,
    Other,
}

/// A token and where it starts, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
}

/// Goes through the tokens of a text.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    before: Option<char>,
    /// What opens a comment or a quoted text that nothing closes: not looked for again.
    unclosed: Vec<&'a str>,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            before: None,
            unclosed: Vec::new(),
        }
    }

    /// The length of a text that opens and closes with delimiters, each as given.
    fn delimited(&mut self, rest: &'a str, open: &'a str, close: &'a str) -> Option<usize> {
        if self.unclosed.contains(&close) {
            return None;
        }
        let inner = rest.get(open.len()..)?;
        let Some(end) = inner.find(close) else {
            self.unclosed.push(close);
            return None;
        };
        Some(open.len() + end + close.len())
    }

    fn token(&mut self, rest: &'a str, first: char) -> (Kind, usize) {
        let after_word = self.before.is_some_and(is_word);
        let one = (Kind::Other, first.len_utf8());
        match first {
            '/' if rest.starts_with("/*") => match self.delimited(rest, "/*", "*/") {
                Some(len) => return (Kind::BlockComment, len),
                None => return one,
            },
            '$' => {
                let opens = !after_word && !matches!(self.before, Some('"' | '$'));
                if let Some(tag) = dollar_tag(rest).filter(|_| opens)
                    && let Some(len) = self.delimited(rest, tag, tag)
                {
                    return (Kind::Other, len);
                }
            }
            '-' if rest.starts_with("--") => return (Kind::LineComment, line(rest)),
            '#' if rest.starts_with("# ") => return (Kind::LineComment, line(rest)),
            '\r' if rest.starts_with("\r\n") => return (Kind::Newline, 2),
            '\r' | '\n' => return (Kind::Newline, 1),
            _ if first.is_whitespace() => return (Kind::Space, first.len_utf8()),
            ';' | '(' | ')' | ',' | '.' => return (Kind::Punctuation, 1),
            '[' if !after_word && !matches!(self.before, Some(']' | ')')) => {
                return bracketed(rest).map_or((Kind::Punctuation, 1), |len| (Kind::Other, len));
            }
            '[' | ']' => return (Kind::Punctuation, 1),
            '%' => return (Kind::Other, placeholder(rest)),
            '\'' | '"' => return (Kind::Other, quoted(rest, first).unwrap_or(1)),
            '`' | '´' => return (Kind::Other, doubled(rest, first).unwrap_or(first.len_utf8())),
            _ => {}
        }
        // A word behind one of these belongs to it.
        let prefix = match first {
            '$' | ':' => !after_word,
            '\\' => true,
            '@' | '#' => rest
                .chars()
                .find(|c| *c != '#' && *c != '@')
                .is_some_and(is_letter),
            _ => false,
        };
        if prefix {
            let marks = if rest.starts_with("##") { 2 } else { 1 };
            let len = word_length(rest.get(marks..).unwrap_or(""), is_word);
            return (Kind::Other, marks + len);
        }
        if is_word(first) {
            return word(rest, first, self.before);
        }
        one
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?;
        let (kind, len) = self.token(rest, rest.chars().next()?);
        let text = rest.get(..len)?;
        let start = self.at;
        self.at += len;
        self.before = text.chars().next_back();
        Some(Token { kind, text, start })
    }
}

/// `\w`
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `[A-ZÀ-Ü]` in any case.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'À'..='Ü' | 'à'..='ü')
}

fn word_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn line(rest: &str) -> usize {
    let Some(end) = rest.find(['\n', '\r']) else {
        return rest.len();
    };
    let crlf = rest.get(end..).is_some_and(|rest| rest.starts_with("\r\n"));
    end + if crlf { 2 } else { 1 }
}

/// `$$` or `$tag$` at the start of a text.
fn dollar_tag(rest: &str) -> Option<&str> {
    let inner = rest.get(1..)?;
    let len = word_length(inner, is_word);
    let starts = inner.chars().next().is_some_and(|c| is_letter(c) || c == '_');
    let closed = inner.get(len..)?.starts_with('$');
    (closed && (len == 0 || starts)).then(|| rest.get(..len + 2))?
}

/// `[name]`
fn bracketed(rest: &str) -> Option<usize> {
    let inner = rest.get(1..)?;
    let end = inner.find(['[', ']']).filter(|end| *end > 0)?;
    inner.get(end..)?.starts_with(']').then_some(end + 2)
}

/// `%s`, `%(name)s`, or `%` alone.
fn placeholder(rest: &str) -> usize {
    let inner = rest.get(1..).unwrap_or("");
    let named = inner.strip_prefix('(').and_then(|name| {
        let len = word_length(name, is_word);
        name.get(len..)?
            .starts_with(')')
            .then_some(len + 2)
            .filter(|_| len > 0)
    });
    let len = named.unwrap_or(0);
    let ends = inner.get(len..).is_some_and(|rest| rest.starts_with(['s', 'S']));
    if ends { len + 2 } else { 1 }
}

/// A text in which the quote is written twice or behind a backslash. Where nothing closes it, the last of those does.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut fallback = None;
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_quote = chars.peek().is_some_and(|(_, next)| *next == quote);
        if c == '\\' && next_is_quote {
            chars.next();
            fallback = Some(at + 2);
        } else if c == quote {
            if !next_is_quote {
                return Some(at + 1);
            }
            chars.next();
            fallback = Some(at + 1);
        }
    }
    fallback
}

/// A text in which the quote is written twice.
fn doubled(rest: &str, quote: char) -> Option<usize> {
    let mut fallback = None;
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            if chars.next_if(|(_, next)| *next == quote).is_none() {
                return Some(at + quote.len_utf8());
            }
            fallback = Some(at + quote.len_utf8());
        }
    }
    fallback
}

/// A name, a number or a keyword; a keyword of more than one word is one token.
fn word(rest: &str, first: char, before: Option<char>) -> (Kind, usize) {
    let len = word_length(rest, is_word);
    let text = rest.get(..len).unwrap_or("");
    let behind = rest.get(len..).unwrap_or("");
    if is_letter(first) && !is_always_keyword(text) {
        let dot = behind.trim_start().strip_prefix('.');
        let is_owner = dot.is_some_and(|rest| !rest.starts_with(|c: char| c.is_numeric()));
        if is_owner || before == Some('.') || behind.starts_with('(') {
            return (Kind::Other, len);
        }
    }
    if first.is_numeric() {
        return (Kind::Other, number(rest));
    }
    let more = if is_letter(first) {
        further_words(text, behind)
    } else {
        0
    };
    if more > 0 {
        return (Kind::Keyword, len + more);
    }
    (
        Kind::Keyword,
        word_length(rest, |c| is_word(c) || c == '$' || c == '#'),
    )
}

/// Keywords that are keywords before `(` and `.`, too.
fn is_always_keyword(text: &str) -> bool {
    ["case", "in", "values", "using", "from", "as"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// The length of a number, or of a name that starts with a digit.
fn number(rest: &str) -> usize {
    let digits = word_length(rest, |c| c.is_ascii_digit());
    let fraction = rest
        .get(digits..)
        .and_then(|rest| rest.strip_prefix('.'))
        .map_or(0, |rest| 1 + word_length(rest, |c| c.is_ascii_digit()));
    let whole = digits + fraction;
    let goes_on = rest
        .get(whole..)
        .is_some_and(|rest| rest.starts_with(|c| is_letter(c) || c == '_'));
    if whole > 0 && !goes_on {
        return whole;
    }
    word_length(rest, |c| is_word(c) || c == '$' || c == '#').max(1)
}

/// The length of the words behind a word that make one keyword with it.
fn further_words(text: &str, behind: &str) -> usize {
    const JOINED: &[(&str, &[&str])] = &[
        ("end", &["if", "loop", "while", "for", "case"]),
        ("if", &["exists", "not exists"]),
        ("union", &["all"]),
        ("group", &["by"]),
        ("order", &["by"]),
        ("create", &["or replace"]),
        ("handler", &["for"]),
    ];
    let Some((_, all)) = JOINED.iter().find(|(first, _)| text.eq_ignore_ascii_case(first)) else {
        return 0;
    };
    all.iter()
        .find_map(|words| words_length(behind, words))
        .unwrap_or(0)
}

/// The length of these words at the start of a text, with the white space before each.
fn words_length(text: &str, words: &str) -> Option<usize> {
    let mut at = 0;
    for word in words.split(' ') {
        let rest = text.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        let next = rest.get(blanks..)?;
        let len = word_length(next, is_word);
        if blanks == 0 || !next.get(..len)?.eq_ignore_ascii_case(word) {
            return None;
        }
        at += blanks + len;
    }
    Some(at)
}
