//! Colours for SQL and Python on a terminal: comments, literals, numbers, and the words that carry the structure.

use std::borrow::Cow;

use glueline_plan::show::Dialect;

use crate::report::clean;

/// What a line begins within.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Within {
    Nothing,
    /// A comment that ends with a star and a slash.
    Comment,
    /// A literal that ends with this.
    Literal(String),
}

/// Goes through a text line by line.
#[derive(Debug)]
pub(super) struct Highlighter {
    dialect: Dialect,
    color: bool,
    within: Within,
}

const COMMENT: &str = "\x1b[2m";
const LITERAL: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[35m";
const KEYWORD: &str = "\x1b[36m";
const END: &str = "\x1b[0m";

impl Highlighter {
    pub(super) const fn new(dialect: Dialect, color: bool) -> Self {
        Self {
            dialect,
            color,
            within: Within::Nothing,
        }
    }

    /// A line made harmless for a terminal, with colours where they are wanted.
    pub(super) fn line<'a>(&mut self, line: &'a str) -> Cow<'a, str> {
        if !self.color {
            return clean(line);
        }
        let mut out = String::with_capacity(line.len() * 2);
        let mut rest = line;
        while !rest.is_empty() {
            let (piece, code, after) = self.piece(rest);
            if code.is_empty() {
                out.push_str(&clean(piece));
            } else {
                out.push_str(code);
                out.push_str(&clean(piece));
                out.push_str(END);
            }
            rest = after;
        }
        if matches!(&self.within, Within::Literal(end) if self.dialect == Dialect::Python && end.len() == 1) {
            // A plain literal of Python ends with its line.
            self.within = Within::Nothing;
        }
        Cow::Owned(out)
    }

    /// The first piece of a text that is of one colour, its colour, and what is behind it.
    fn piece<'a>(&mut self, text: &'a str) -> (&'a str, &'static str, &'a str) {
        match self.within.clone() {
            Within::Comment => return self.ending(text, 0, "*/", COMMENT),
            Within::Literal(end) => return self.ending(text, 0, &end, LITERAL),
            Within::Nothing => {}
        }
        let Some(first) = text.chars().next() else {
            return (text, "", "");
        };
        let line_comment = match self.dialect {
            Dialect::Sql => "--",
            Dialect::Python => "#",
        };
        if text.starts_with(line_comment) {
            return (text, COMMENT, "");
        }
        if self.dialect == Dialect::Sql && text.starts_with("/*") {
            self.within = Within::Comment;
            return self.ending(text, 2, "*/", COMMENT);
        }
        if matches!(first, '\'' | '"') {
            let triple = first.to_string().repeat(3);
            let end = if self.dialect == Dialect::Python && text.starts_with(&triple) {
                triple
            } else {
                first.to_string()
            };
            self.within = Within::Literal(end.clone());
            return self.ending(text, end.len(), &end, LITERAL);
        }
        if is_part(first) {
            let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
            let (word, after) = text.split_at(end);
            return (word, self.color_of(word), after);
        }
        let end = text
            .find(|c: char| is_part(c) || matches!(c, '\'' | '"' | '-' | '/' | '#'))
            .filter(|end| *end > 0)
            .unwrap_or(first.len_utf8());
        let (piece, after) = text.split_at(end);
        (piece, "", after)
    }

    /// Up to the end of what the text begins with; `from` bytes of it are its beginning. A backslash keeps what follows it.
    fn ending<'a>(
        &mut self,
        text: &'a str,
        from: usize,
        end: &str,
        code: &'static str,
    ) -> (&'a str, &'static str, &'a str) {
        let mut at = from;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with(end) {
                self.within = Within::Nothing;
                let (piece, after) = text.split_at(at + end.len());
                return (piece, code, after);
            }
            let mut chars = rest.chars();
            at += chars.next().map_or(1, char::len_utf8);
            if rest.starts_with('\\') && code == LITERAL {
                at += chars.next().map_or(0, char::len_utf8);
            }
        }
        (text, code, "")
    }

    fn color_of(&self, word: &str) -> &'static str {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return NUMBER;
        }
        let is_keyword = match self.dialect {
            Dialect::Sql => SQL.binary_search(&word.to_ascii_lowercase().as_str()).is_ok(),
            Dialect::Python => PYTHON.binary_search(&word).is_ok(),
        };
        if is_keyword { KEYWORD } else { "" }
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// In order, for searching.
const SQL: [&str; 98] = [
    "add",
    "all",
    "alter",
    "analyze",
    "and",
    "as",
    "asc",
    "between",
    "by",
    "call",
    "case",
    "cast",
    "column",
    "columns",
    "comment",
    "constraint",
    "create",
    "cross",
    "database",
    "delete",
    "desc",
    "describe",
    "distinct",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "external",
    "false",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "if",
    "in",
    "inner",
    "insert",
    "intersect",
    "interval",
    "into",
    "is",
    "join",
    "lateral",
    "left",
    "like",
    "limit",
    "location",
    "matched",
    "merge",
    "msck",
    "not",
    "null",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "overwrite",
    "partition",
    "partitioned",
    "purge",
    "qualify",
    "refresh",
    "rename",
    "repair",
    "replace",
    "revoke",
    "right",
    "rows",
    "schema",
    "select",
    "semi",
    "set",
    "show",
    "source",
    "table",
    "tables",
    "tblproperties",
    "temporary",
    "then",
    "timestamp",
    "to",
    "true",
    "truncate",
    "union",
    "unset",
    "update",
    "use",
    "using",
    "values",
    "view",
    "when",
    "where",
    "window",
    "with",
    "within",
];

/// In order, for searching.
const PYTHON: [&str; 20] = [
    "False", "None", "True", "and", "as", "def", "else", "except", "for", "from", "if", "import", "in", "is",
    "not", "or", "return", "try", "while", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(dialect: Dialect, text: &str) -> String {
        let mut highlighter = Highlighter::new(dialect, true);
        let lines: Vec<_> = text
            .split('\n')
            .map(|line| highlighter.line(line).into_owned())
            .collect();
        let text = lines.join("\n");
        [
            (COMMENT, "<c>"),
            (LITERAL, "<l>"),
            (NUMBER, "<n>"),
            (KEYWORD, "<k>"),
            (END, "</>"),
        ]
        .into_iter()
        .fold(text, |text, (code, tag)| text.replace(code, tag))
    }

    #[test]
    fn keywords_can_be_searched() {
        assert!(SQL.is_sorted() && PYTHON.is_sorted());
    }

    #[test]
    fn sql_is_coloured() {
        for (sql, wanted) in [
            ("Select a1 from b", "<k>Select</> a1 <k>from</> b"),
            (
                "/* a\nb */ select 1 -- x",
                "<c>/* a</>\n<c>b */</> <k>select</> <n>1</> <c>-- x</>",
            ),
            (
                "'it\\'s\nopen' + \"x\"",
                "<l>'it\\'s</>\n<l>open'</> + <l>\"x\"</>",
            ),
            ("a-b/c", "a-b/c"),
            ("é = '\u{1b}'", "é = <l>'␛'</>"),
            ("", ""),
        ] {
            assert_eq!(shown(Dialect::Sql, sql), wanted, "{sql:?}");
        }
    }

    #[test]
    fn python_is_coloured() {
        for (code, wanted) in [
            (
                "x = 'open # y\nif z:  # why",
                "x = <l>'open # y</>\n<k>if</> z:  <c># why</>",
            ),
            (
                "f(\"\"\"a\n'b\"\"\", 1)",
                "f(<l>\"\"\"a</>\n<l>'b\"\"\"</>, <n>1</>)",
            ),
        ] {
            assert_eq!(shown(Dialect::Python, code), wanted, "{code:?}");
        }
    }

    #[test]
    fn without_colours_a_line_is_only_made_harmless() {
        let mut plain = Highlighter::new(Dialect::Sql, false);
        assert_eq!(plain.line("select '\u{1b}[31m'"), "select '␛[31m'");
    }
}
