//! The brackets that are open at the caret, and what is called with them.

use glueline_base::{TextRange, slice};
use glueline_jinja::{Lexeme, LexemeKind};

/// An open bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// What is called or indexed, with its dots; empty for brackets that group.
    pub(super) callee: String,
    /// `(`, `[` or `{`.
    pub(super) opener: char,
    /// How many commas stand between the bracket and the caret.
    pub(super) argument: usize,
    /// The keyword of the argument at the caret.
    pub(super) keyword: Option<String>,
    /// In a mapping, the key of the value at the caret.
    pub(super) key: Option<String>,
    /// The keywords given before the caret, that of the caret aside.
    pub(super) given: Vec<String>,
    /// The literal texts given before the caret as arguments without keyword, by their number.
    pub(super) texts: Vec<(usize, String)>,
}

/// The open brackets, outermost first, for the lexemes before what is being typed.
pub(super) fn frames(text: &str, before: &[Lexeme]) -> Vec<Frame> {
    let word = |range: TextRange| slice(text, range);
    let mut open: Vec<Frame> = Vec::new();
    let mut path = String::new();
    let mut joins = false;
    for (index, lexeme) in before.iter().enumerate() {
        let written = word(lexeme.range);
        match lexeme.kind {
            LexemeKind::Name => {
                if joins {
                    path.push_str(written);
                } else {
                    written.clone_into(&mut path);
                }
                joins = false;
                continue;
            }
            LexemeKind::Dot if !path.is_empty() => {
                path.push('.');
                joins = true;
                continue;
            }
            LexemeKind::Open => {
                let opener = written.chars().next().unwrap_or('(');
                let is_word = matches!(
                    path.as_str(),
                    "in" | "and" | "or" | "not" | "if" | "else" | "is" | "return"
                );
                let callee = if opener == '{' || is_word && path != "return" {
                    String::new()
                } else {
                    std::mem::take(&mut path)
                };
                open.push(Frame {
                    callee,
                    opener,
                    argument: 0,
                    keyword: None,
                    key: None,
                    given: Vec::new(),
                    texts: Vec::new(),
                });
            }
            LexemeKind::Close => {
                open.pop();
            }
            LexemeKind::Comma => {
                if let Some(frame) = open.last_mut() {
                    frame.argument += 1;
                    frame.given.extend(frame.keyword.take());
                    frame.key = None;
                }
            }
            LexemeKind::Assign => {
                if let Some(frame) = open.last_mut()
                    && frame.opener == '('
                    && !path.is_empty()
                {
                    frame.keyword = Some(std::mem::take(&mut path));
                }
            }
            LexemeKind::Colon => {
                let key = index
                    .checked_sub(1)
                    .and_then(|before_colon| before.get(before_colon));
                if let Some(frame) = open.last_mut()
                    && frame.opener == '{'
                    && let Some(key) = key
                {
                    frame.key = Some(unquoted(word(key.range)).to_owned());
                }
            }
            LexemeKind::Text => {
                let starts = index
                    .checked_sub(1)
                    .and_then(|earlier| before.get(earlier))
                    .is_some_and(|earlier| matches!(earlier.kind, LexemeKind::Open | LexemeKind::Comma));
                if let Some(frame) = open.last_mut()
                    && starts
                {
                    frame.texts.push((frame.argument, unquoted(written).to_owned()));
                }
            }
            _ => {}
        }
        path.clear();
        joins = false;
    }
    open
}

/// The keywords that follow the caret in the same call.
pub(super) fn given_after<'t>(text: &'t str, after: &[Lexeme]) -> Vec<&'t str> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (index, lexeme) in after.iter().enumerate() {
        match lexeme.kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close if depth == 0 => break,
            LexemeKind::Close => depth -= 1,
            LexemeKind::Assign if depth == 0 => {
                let name = index.checked_sub(1).and_then(|before| after.get(before));
                found.extend(name.map(|name| slice(text, name.range)));
            }
            _ => {}
        }
    }
    found
}

/// Whether the call that is open at the caret is closed by what follows.
pub(super) fn closes(after: &[Lexeme]) -> bool {
    let mut depth = 0_usize;
    for lexeme in after {
        match lexeme.kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close if depth == 0 => return true,
            LexemeKind::Close => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The names and dots that end the lexemes: `adapter.get_relation`, or with a last dot `adapter.`.
pub(super) fn path_at_end(text: &str, before: &[Lexeme]) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut wants_name = before.last()?.kind == LexemeKind::Dot;
    for lexeme in before.iter().rev() {
        match (lexeme.kind, wants_name) {
            (LexemeKind::Dot, true) if parts.is_empty() => {}
            (LexemeKind::Name, true) => {
                parts.push(slice(text, lexeme.range));
                wants_name = false;
            }
            (LexemeKind::Name, false) if parts.is_empty() => parts.push(slice(text, lexeme.range)),
            (LexemeKind::Dot, false) => wants_name = true,
            (_, true) => return None,
            (_, false) => break,
        }
    }
    if wants_name || parts.is_empty() {
        return None;
    }
    parts.reverse();
    Some(parts.join("."))
}

/// A literal text without its quotes, prefixes and escapes as written.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.strip_suffix(quote).unwrap_or(rest);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> (Vec<Frame>, Option<String>) {
        let cursor = glueline_jinja::expression_cursor(text, text.len());
        (frames(text, &cursor.before), path_at_end(text, &cursor.before))
    }

    #[test]
    fn open_brackets() {
        for (text, expected) in [
            ("ref(", "ref( 0"),
            ("ref('a', ", "ref( 1"),
            ("f(g(1), ", "f( 1"),
            ("f(g(1, ", "f( 0|g( 1"),
            ("config(a=1, b=", "config( 1 b="),
            ("config(a=['x', ", "config( 0 a=|[ 1"),
            ("config(a={'x': ", "config( 0 a=|{ 0 x:"),
            ("adapter.dispatch(", "adapter.dispatch( 0"),
            ("a in (", "( 0"),
            ("x[", "x[ 0"),
            ("f(1)", ""),
            ("f(a)) + g(", "g( 0"),
        ] {
            let shown: Vec<String> = all(text)
                .0
                .iter()
                .map(|frame| {
                    let keyword = frame.keyword.as_ref().map_or(String::new(), |k| format!(" {k}="));
                    let key = frame.key.as_ref().map_or(String::new(), |k| format!(" {k}:"));
                    format!(
                        "{}{} {}{keyword}{key}",
                        frame.callee, frame.opener, frame.argument
                    )
                })
                .collect();
            assert_eq!(shown.join("|"), expected, "{text}");
        }
    }

    #[test]
    fn paths() {
        for (text, expected) in [
            ("adapter.", Some("adapter")),
            ("modules.re.", Some("modules.re")),
            ("a.b", Some("a.b")),
            ("f(x).", None),
            ("1 + a.", Some("a")),
            ("", None),
        ] {
            assert_eq!(all(text).1.as_deref(), expected, "{text}");
        }
    }
}
