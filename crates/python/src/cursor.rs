//! What stands before and behind an offset of a model that is being typed.

use glueline_base::{TextRange, range};

/// What a lexeme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LexemeKind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A string with its prefix and quotes.
    Text,
    /// A string without its closing quote.
    OpenText,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `=`
    Assign,
    /// `:`
    Colon,
    /// Anything else.
    Operator,
}

/// A word, a string or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub kind: LexemeKind,
    /// Where it stands.
    pub range: TextRange,
}

/// What stands around an offset.
#[derive(Debug, Clone, Default)]
pub struct Cursor {
    /// The lexemes of the logical line that begin before the offset.
    pub before: Vec<Lexeme>,
    /// Those that follow, up to the end of the line of text or of the innermost open bracket.
    pub after: Vec<Lexeme>,
    /// Whether the offset lies in a comment.
    pub in_comment: bool,
}

/// How many lexemes behind the offset are told.
const MAX_AFTER: usize = 256;

/// Reads what stands around an offset, in time linear in the text.
pub fn cursor(text: &str, offset: usize) -> Cursor {
    let mut found = Cursor::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < offset.min(text.len()) {
        let (kind, end) = match next(text, at) {
            Step::Blank(end) => {
                let gap = text.get(at..end).unwrap_or("");
                if gap.contains('\n') && depth > 0 && begins_statement(text, end) {
                    depth = 0;
                }
                if gap.contains('\n') && depth == 0 {
                    found.before.clear();
                }
                at = end;
                continue;
            }
            Step::Comment(end) => {
                if offset > at && offset <= end {
                    found.in_comment = true;
                    return found;
                }
                at = end;
                continue;
            }
            Step::Lexeme(kind, end) => (kind, end),
        };
        match kind {
            LexemeKind::Open => depth += 1,
            LexemeKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        found.before.push(Lexeme {
            kind,
            range: range(at, end),
        });
        at = end;
    }
    follow(text, at, depth, &mut found.after);
    found
}

/// Gathers what follows: the rest of the line, or of the brackets that are open.
fn follow(text: &str, from: usize, depth: usize, after: &mut Vec<Lexeme>) {
    let mut depth = depth;
    let mut at = from;
    while at < text.len() && after.len() < MAX_AFTER {
        match next(text, at) {
            Step::Blank(end) => {
                let ends = text.get(at..end).is_some_and(|gap| gap.contains('\n'));
                if ends && (depth == 0 || begins_statement(text, end)) {
                    return;
                }
                at = end;
            }
            Step::Comment(end) => at = end,
            Step::Lexeme(kind, end) => {
                match kind {
                    LexemeKind::Open => depth += 1,
                    LexemeKind::Close => depth = depth.saturating_sub(1),
                    _ => {}
                }
                after.push(Lexeme {
                    kind,
                    range: range(at, end),
                });
                at = end;
            }
        }
    }
}

/// Whether a line can only be a new statement: brackets above it were left open.
fn begins_statement(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    ["def ", "return ", "import ", "from ", "class ", "with ", "while "]
        .iter()
        .any(|word| rest.starts_with(word))
        || is_assignment(rest)
}

/// Whether a line begins with `name = `: inside a call, a keyword argument is written without blanks.
fn is_assignment(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    name.len() < rest.len() && name.starts_with(" = ")
}

enum Step {
    Blank(usize),
    Comment(usize),
    Lexeme(LexemeKind, usize),
}

fn next(text: &str, at: usize) -> Step {
    let rest = text.get(at..).unwrap_or("");
    let Some(first) = rest.chars().next() else {
        return Step::Blank(text.len());
    };
    if first.is_whitespace() || first == '\u{FEFF}' {
        let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
        return Step::Blank(text.len() - rest.trim_start_matches(blank).len());
    }
    if rest.starts_with("\\\n") {
        // A joined line: the break does not end the statement.
        return Step::Comment(at + 2);
    }
    if first == '#' {
        return Step::Comment(at + rest.find('\n').unwrap_or(rest.len()));
    }
    let word = rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
            .len();
    let prefix = rest.get(..word).unwrap_or("");
    let is_prefix = word <= 2 && prefix.chars().all(|c| "rRbBuUfF".contains(c));
    let behind = rest.get(word..).unwrap_or("");
    if is_prefix && behind.starts_with(['\'', '"']) {
        return string(text, at + word);
    }
    if word > 0 {
        let kind = if first.is_ascii_digit() {
            LexemeKind::Number
        } else {
            LexemeKind::Name
        };
        return Step::Lexeme(kind, at + word);
    }
    let second = rest.chars().nth(1);
    let (kind, width) = match first {
        '(' | '[' | '{' => (LexemeKind::Open, 1),
        ')' | ']' | '}' => (LexemeKind::Close, 1),
        ',' => (LexemeKind::Comma, 1),
        '.' => (LexemeKind::Dot, 1),
        ':' if second == Some('=') => (LexemeKind::Operator, 2),
        ':' => (LexemeKind::Colon, 1),
        '=' | '!' | '<' | '>' | '+' | '-' | '*' | '/' | '%' if second == Some('=') => {
            (LexemeKind::Operator, 2)
        }
        '=' => (LexemeKind::Assign, 1),
        c => (LexemeKind::Operator, c.len_utf8()),
    };
    Step::Lexeme(kind, at + width)
}

/// A string whose quote stands at `quote_at`.
fn string(text: &str, quote_at: usize) -> Step {
    let rest = text.get(quote_at..).unwrap_or("");
    let quote = rest.chars().next().unwrap_or('"');
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if let Some(inner) = rest.strip_prefix(triple.as_str()) {
        return match inner.find(triple.as_str()) {
            Some(end) => Step::Lexeme(LexemeKind::Text, quote_at + 3 + end + 3),
            None => Step::Lexeme(LexemeKind::OpenText, text.len()),
        };
    }
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return Step::Lexeme(LexemeKind::OpenText, quote_at + broken_end(rest, index)),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Step::Lexeme(LexemeKind::Text, quote_at + index + 1),
            _ => {}
        }
    }
    Step::Lexeme(LexemeKind::OpenText, quote_at + broken_end(rest, rest.len()))
}

/// Where a string that does not close in its line most likely ends: before the brackets that end the line.
fn broken_end(rest: &str, line: usize) -> usize {
    let inner = rest.get(..line).unwrap_or(rest);
    inner
        .trim_end_matches([')', ']', '}', ',', ':', ' ', '\r'])
        .len()
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glueline_base::slice;

    #[test]
    fn what_stands_around() {
        for (text, before, after) in [
            (
                "def model(dbt, s):\n    x = dbt.ref(\"$0\")",
                "x = dbt . ref ( \"\"",
                ")",
            ),
            ("x = dbt.ref(\"a$0", "x = dbt . ref ( \"a", ""),
            ("x = dbt.ref(\"a$0)\ny = 1", "x = dbt . ref ( \"a", ")"),
            (
                "dbt.config(\n    a=1,\n    $0\n)\n",
                "dbt . config ( a = 1 ,",
                ")",
            ),
            (
                "dbt.config(\n    a=1,\n    $0\n    b=2)\n",
                "dbt . config ( a = 1 ,",
                "b = 2 )",
            ),
            ("f(\nx = 1\ny$0", "y", ""),
            ("f(\n    x$0", "f ( x", ""),
            ("\"\"\"a\nb\"\"\"\nc$0", "c", ""),
            ("a = r'\\d' + f\"{x}\" $0", "a = r'\\d' + f\"{x}\"", ""),
            ("a == b$0", "a == b", ""),
            ("\u{FEFF}é$0", "é", ""),
        ] {
            let (head, tail) = text.split_once("$0").unwrap();
            let clean = format!("{head}{tail}");
            let found = cursor(&clean, head.len());
            let words = |list: &[Lexeme]| {
                list.iter()
                    .map(|l| slice(&clean, l.range))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            assert_eq!(
                (words(&found.before).as_str(), words(&found.after).as_str()),
                (before, after),
                "{text}"
            );
        }
        assert!(cursor("# dbt.ref(", 9).in_comment);
        assert!(!cursor("# a\nb", 5).in_comment);
    }

    #[test]
    fn no_text_is_too_broken() {
        let text = "é = '''a\n\"\"\" # '\ndef f(x, y='\\\n'):\n  return [1, {'a': (2)\n\\\n@x\n\u{FEFF}";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let prefix = text.get(..end).unwrap();
            for offset in (0..=end).filter(|offset| text.is_char_boundary(*offset)) {
                let found = cursor(prefix, offset);
                for lexeme in found.before.iter().chain(&found.after) {
                    let (from, to) = (usize::from(lexeme.range.start()), usize::from(lexeme.range.end()));
                    assert!(prefix.get(from..to).is_some());
                }
            }
        }
    }
}
