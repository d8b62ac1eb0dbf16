//! Ephemeral models before the text that reads them (`dbt/compilation.py`, `inject_ctes_into_sql`, which leans on `sqlparse`).

use glueline_template::SourceMap;

/// The text with the ephemeral models in its first `with`, or in one of their own.
///
/// As dbt has it, only the first statement of the text is kept.
pub(super) fn inject(text: &str, map: &SourceMap, ctes: &[(&str, &SourceMap)]) -> (String, SourceMap) {
    let found = scan(text);
    let mut out = Writer::default();
    let end = found.end;
    match found.with {
        Some(at) => {
            out.part(text, map, 0, at);
            out.ctes(ctes);
            out.made(", ");
            out.part(text, map, at, end);
        }
        None => {
            out.part(text, map, 0, found.first);
            out.made("with");
            out.ctes(ctes);
            out.made(" ");
            out.part(text, map, found.first, end);
        }
    }
    (out.text, out.map)
}

/// Where the first statement of a text ends, which is all that is kept of it.
pub(super) fn end(text: &str) -> usize {
    scan(text).end
}

#[derive(Default)]
struct Writer {
    text: String,
    map: SourceMap,
}

impl Writer {
    fn part(&mut self, text: &str, map: &SourceMap, start: usize, end: usize) {
        self.map.append(self.text.len(), &map.slice(start, end));
        self.text.push_str(text.get(start..end).unwrap_or(""));
    }

    fn made(&mut self, text: &str) {
        self.map.append_unmapped(self.text.len());
        self.text.push_str(text);
    }

    fn ctes(&mut self, ctes: &[(&str, &SourceMap)]) {
        for (index, (text, map)) in ctes.iter().enumerate() {
            if index > 0 {
                self.made(", ");
            }
            self.map.append(self.text.len(), map);
            self.text.push_str(text);
        }
    }
}

/// What `sqlparse` sees of a text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Where the first token stands that is no white space.
    first: usize,
    /// Where the first token stands that follows a `with` outside of all parentheses.
    with: Option<usize>,
    /// Where the first statement ends.
    end: usize,
}

fn scan(text: &str) -> Found {
    let first = text.len() - text.trim_start().len();
    let mut found = Found {
        first,
        with: None,
        end: text.len(),
    };
    let mut depth = 0_usize;
    let mut at = first;
    // After `with`: where the next token is awaited, and whether `recursive` may still follow.
    let mut after_with = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (len, token) = token(rest);
        if after_with && token != Token::Space {
            after_with = false;
            let recursive = token == Token::Word && word(rest, len).eq_ignore_ascii_case("recursive");
            found.with = Some(if recursive {
                at + len + spaces(text, at + len)
            } else {
                at
            });
        }
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Semicolon if depth == 0 => {
                found.end = statement_end(text, at + len);
                break;
            }
            Token::Word if depth == 0 && found.with.is_none() => {
                after_with = word(rest, len).eq_ignore_ascii_case("with");
            }
            _ => {}
        }
        at += len;
    }
    found
}

fn word(rest: &str, len: usize) -> &str {
    rest.get(..len).unwrap_or("")
}

fn spaces(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    rest.len() - rest.trim_start().len()
}

/// Blanks and one comment behind a semicolon still belong to its statement.
fn statement_end(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        let rest = text.get(end..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if blanks > 0 {
            end += blanks;
            continue;
        }
        if !rest.starts_with("--") {
            return end;
        }
        end += token(rest).0;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Space,
    Comment,
    Quoted,
    Word,
    Open,
    Close,
    Semicolon,
    Other,
}

/// The length of the first token, in bytes, and what it is.
fn token(rest: &str) -> (usize, Token) {
    let until_line_end = |from: usize| {
        rest.find(['\n', '\r'])
            .map_or(rest.len(), |end| (end + 1).max(from))
    };
    let mut chars = rest.chars();
    match chars.next() {
        None => (0, Token::Other),
        Some(c) if c.is_whitespace() => (rest.len() - rest.trim_start().len(), Token::Space),
        Some('-') if rest.starts_with("--") => (until_line_end(2), Token::Comment),
        Some('#') if rest.starts_with("# ") => (until_line_end(2), Token::Comment),
        Some('/') if rest.starts_with("/*") => {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            (end, Token::Comment)
        }
        Some(quote @ ('\'' | '"' | '`')) => (quoted(rest, quote), Token::Quoted),
        Some('(') => (1, Token::Open),
        Some(')') => (1, Token::Close),
        Some(';') => (1, Token::Semicolon),
        Some(c) if c.is_alphabetic() || c == '_' => {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
            (end.unwrap_or(rest.len()), Token::Word)
        }
        Some(c) => (c.len_utf8(), Token::Other),
    }
}

/// The length of a quoted text; one byte where it is not closed.
fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' {
            chars.next();
        } else if c == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => {
                    chars.next();
                }
                _ => return at + 1,
            }
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctes_stand_where_sqlparse_puts_them() {
        let cte = " __dbt__cte__e as (\nselect 1\n)";
        for (text, expected) in [
            ("select 1", "with{} select 1"),
            ("\n\nselect 1", "\n\nwith{} select 1"),
            ("-- c\nselect 1", "with{} -- c\nselect 1"),
            (
                "with a as (select 1) select 2",
                "with {}, a as (select 1) select 2",
            ),
            (
                "-- with\nWITH\n a as (select 1) select 2",
                "-- with\nWITH\n {}, a as (select 1) select 2",
            ),
            (
                "with recursive a as (x) select 2",
                "with recursive {}, a as (x) select 2",
            ),
            ("(with a as (x) select 2)", "with{} (with a as (x) select 2)"),
            (
                "select 'with', `with`, \"with\" from x",
                "with{} select 'with', `with`, \"with\" from x",
            ),
            ("select 1; -- c\n select 2", "with{} select 1; -- c\n "),
            (
                "with -- c\n a as (x) select 1",
                "with {}, -- c\n a as (x) select 1",
            ),
        ] {
            let (made, _) = inject(text, &SourceMap::default(), &[(cte, &SourceMap::default())]);
            assert_eq!(made, expected.replace("{}", cte), "{text:?}");
        }
    }
}
