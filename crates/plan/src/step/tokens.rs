//! As much of SQL's lexical structure as tells what a statement is.

/// A piece of a statement. Comments and white space are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, a number, or a name in backquotes, without them.
    Word(String),
    /// The text of a literal between single or double quotes.
    Text(String),
    /// Any other character.
    Mark(char),
}

impl Token {
    /// Writes it behind others: words with a blank between them.
    fn write(&self, out: &mut String) {
        match self {
            Self::Word(word) => {
                if out.ends_with(|c: char| is_part(c) || c == ',') {
                    out.push(' ');
                }
                out.push_str(word);
            }
            Self::Text(text) => {
                out.push('\'');
                out.push_str(text);
                out.push('\'');
            }
            Self::Mark(mark) => out.push(*mark),
        }
    }
}

/// The tokens of a statement. What is left open ends with the text.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, after) = token(rest, first);
        found.extend(token);
        rest = after;
    }
    found
}

fn token(text: &str, first: char) -> (Option<Token>, &str) {
    if first.is_whitespace() {
        return (None, text.trim_start());
    }
    if let Some(after) = text.strip_prefix("--") {
        return (None, after.split_once('\n').map_or("", |(_, after)| after));
    }
    if let Some(after) = text.strip_prefix("/*") {
        return (None, after.split_once("*/").map_or("", |(_, after)| after));
    }
    if is_part(first) {
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        return (Some(Token::Word(word.to_owned())), after);
    }
    let after = text.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '`' => {
            let (name, after) = after.split_once('`').unwrap_or((after, ""));
            (Some(Token::Word(name.to_owned())), after)
        }
        '\'' | '"' => {
            let (literal, after) = literal(after, first);
            (Some(Token::Text(literal)), after)
        }
        other => (Some(Token::Mark(other)), after),
    }
}

/// What stands before the quote that ends a literal, and what behind it. A backslash keeps the character after it.
fn literal(text: &str, quote: char) -> (String, &str) {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            let (inner, after) = text.split_at(at);
            return (
                inner.to_owned(),
                after.get(quote.len_utf8()..).unwrap_or_default(),
            );
        }
    }
    (text.to_owned(), "")
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// Goes through the tokens of a statement.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a [Token],
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(tokens: &'a [Token]) -> Self {
        Self { rest: tokens }
    }

    /// Whether nothing is left but semicolons.
    pub(super) fn is_done(&self) -> bool {
        self.rest.iter().all(|token| *token == Token::Mark(';'))
    }

    /// The next word, in small letters.
    pub(super) fn peek(&self) -> Option<String> {
        match self.rest.first()? {
            Token::Word(word) => Some(word.to_lowercase()),
            Token::Text(_) | Token::Mark(_) => None,
        }
    }

    /// The next token, which is behind the cursor then.
    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The next word, in small letters, which is behind the cursor then.
    pub(super) fn word(&mut self) -> Option<String> {
        let word = self.peek()?;
        self.next();
        Some(word)
    }

    /// Goes past words, where all of them come next.
    pub(super) fn eats(&mut self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        for expected in words {
            if ahead.word().as_deref() != Some(*expected) {
                return false;
            }
        }
        *self = ahead;
        true
    }

    /// Goes past a mark, where it comes next.
    pub(super) fn eats_mark(&mut self, mark: char) -> bool {
        let is_next = self.rest.first() == Some(&Token::Mark(mark));
        if is_next {
            self.next();
        }
        is_next
    }

    /// A name of parts with dots between them, as it is written but for backquotes.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut parts = Vec::new();
        while let Some(Token::Word(part)) = self.rest.first() {
            parts.push(part.as_str());
            self.next();
            if !self.eats_mark('.') {
                break;
            }
        }
        (!parts.is_empty()).then(|| parts.join("."))
    }

    /// The words of a list in brackets, each up to its first blank: names of columns, partitions.
    pub(super) fn list(&mut self) -> Vec<String> {
        if !self.eats_mark('(') {
            return Vec::new();
        }
        let (mut names, mut depth, mut is_first) = (Vec::new(), 0_u32, true);
        while let Some(token) = self.next() {
            match token {
                Token::Mark('(' | '<') => depth += 1,
                Token::Mark('>') => depth = depth.saturating_sub(1),
                Token::Mark(')') if depth == 0 => break,
                Token::Mark(')') => depth -= 1,
                Token::Mark(',') if depth == 0 => is_first = true,
                Token::Word(word) if is_first => {
                    names.push(word.clone());
                    is_first = false;
                }
                Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
            }
        }
        names
    }

    /// The entries of a list in brackets, as they are written but for white space and backquotes: `months(x)`.
    pub(super) fn entries(&mut self) -> Vec<String> {
        if !self.eats_mark('(') {
            return Vec::new();
        }
        let (mut entries, mut depth) = (vec![String::new()], 0_u32);
        while let Some(token) = self.next() {
            match token {
                Token::Mark(')') if depth == 0 => break,
                Token::Mark(',') if depth == 0 => entries.push(String::new()),
                token => {
                    if let Token::Mark(mark) = token {
                        depth = match mark {
                            '(' => depth + 1,
                            ')' => depth - 1,
                            _ => depth,
                        };
                    }
                    if let Some(entry) = entries.last_mut() {
                        token.write(entry);
                    }
                }
            }
        }
        entries.retain(|entry| !entry.is_empty());
        entries
    }

    /// Goes behind the first of some words that stands outside of brackets; says which it is.
    pub(super) fn skip_to(&mut self, words: &[&str]) -> Option<String> {
        let mut depth = 0_u32;
        while let Some(token) = self.next() {
            match token {
                Token::Mark('(') => depth += 1,
                Token::Mark(')') => depth = depth.saturating_sub(1),
                Token::Word(word) if depth == 0 => {
                    let word = word.to_lowercase();
                    if words.contains(&word.as_str()) {
                        return Some(word);
                    }
                }
                Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
            }
        }
        None
    }

    /// The literal that comes next.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.rest.first()? {
            Token::Text(text) => Some(text),
            Token::Word(_) | Token::Mark(_) => None,
        }
    }

    /// What is left.
    pub(super) const fn rest(&self) -> &'a [Token] {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str) -> String {
        let pieces = tokens(sql).into_iter().map(|token| match token {
            Token::Word(word) => word,
            Token::Text(text) => format!("'{text}'"),
            Token::Mark(mark) => mark.to_string(),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn statements_are_cut_into_tokens() {
        for (sql, wanted) in [
            ("select a.b -- c\n, 'it\\'s'", "select a . b , 'it\\'s'"),
            ("/* x */drop table `a b`.`c`;", "drop table a b . c ;"),
            ("a/* open", "a"),
            ("'open", "'open'"),
            ("`open", "open"),
            ("--", ""),
            ("ünï <> 1", "ünï < > 1"),
            ("", ""),
        ] {
            assert_eq!(shown(sql), wanted, "{sql:?}");
        }
    }

    #[test]
    fn names_and_lists_are_read() {
        let all = tokens("A.`b c` (x int, y decimal(1, 2), `z`) using parquet as select 1");
        let mut cursor = Cursor::new(&all);
        assert_eq!(cursor.name().as_deref(), Some("A.b c"));
        assert_eq!(cursor.list(), ["x", "y", "z"]);
        assert!(!cursor.eats(&["using", "orc"]) && cursor.eats(&["using", "parquet"]));
        assert_eq!(cursor.skip_to(&["select", "with"]).as_deref(), Some("select"));
        assert!(!cursor.is_done());
        let more = tokens("(a, bucket(16, `b c`), d string) x");
        let mut parts = Cursor::new(&more);
        assert_eq!(parts.entries(), ["a", "bucket(16, b c)", "d string"]);
        assert_eq!(parts.peek().as_deref(), Some("x"));
        cursor.next();
        assert!(cursor.is_done() && cursor.name().is_none() && cursor.list().is_empty());
    }
}
