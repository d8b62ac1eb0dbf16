//! `triple-quotes`.

use glueline_base::{FileRange, Severity, TextSize, range, slice};

use super::texts::{is_always_rendered, is_sent, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};
use glueline_python::escape as python;

pub(crate) static RULE: Rule = rule!(
    "triple-quotes",
    Fails,
    Error,
    "triple_quotes.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    if !text.contains("'''") || !is_sent(cx) {
        return;
    }
    let first = of_node(cx.node, facts).find_map(|part| {
        let at = first_run(slice(text, part))?;
        Some(usize::from(part.start()) + at)
    });
    let Some(start) = first else { return };
    let rest = text.get(start..).unwrap_or_default();
    let quotes = rest.bytes().take_while(|byte| *byte == b'\'').count();
    let outcome = if is_certain(cx, text, start) {
        after_closing(rest.trim_end())
    } else {
        Outcome::Open
    };
    let (severity, follows) = match outcome {
        Outcome::Broken => (
            Severity::Error,
            "what follows is no Python, and the statement fails with `SyntaxError`",
        ),
        Outcome::Different | Outcome::Open => (
            Severity::Warning,
            "Spark gets other SQL than this, or Python refuses it",
        ),
    };
    let message = format!(
        "dbt-glue pastes SQL into a Python text between `'''`, and this `{}` ends it: {follows}. Write a quote in a \
         literal as `\\\\'`, or put the literal in double quotes.",
        "'".repeat(quotes.min(5))
    );
    let at = FileRange {
        file,
        range: range(start, start + quotes),
    };
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}

/// Whether the text from here on is sent as it stands.
fn is_certain(cx: &NodeCx<'_>, text: &str, start: usize) -> bool {
    let offset = TextSize::new(u32::try_from(start).unwrap_or(u32::MAX));
    let rest = text.get(start..).unwrap_or_default();
    let has_jinja = ["{{", "{%", "{#"].iter().any(|mark| rest.contains(mark));
    // Hudi and the first run of Delta are written by other code, between other quotes.
    let plain = !matches!(cx.file_format(), None | Some("hudi" | "delta"));
    plain && !has_jinja && is_always_rendered(text, offset)
}

/// The first `'''` that no backslash takes apart.
fn first_run(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let next = rest.find(['\\', '\''])?;
        at += next;
        let rest = text.get(at..)?;
        if rest.starts_with("'''") {
            return Some(at);
        }
        at += if rest.starts_with('\\') { python(rest).1 } else { 1 };
    }
    None
}

/// What Python makes of SQL that ends its text too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// A syntax error, for certain.
    Broken,
    /// Texts side by side, which Python joins: the quotes are gone.
    Different,
    /// Something else that may be Python.
    Open,
}

/// Follows Python from the `'''` that ends its text to the one that dbt-glue writes behind the SQL.
fn after_closing(sql: &str) -> Outcome {
    // dbt-glue puts a line end, or a blank, behind the SQL.
    let code = format!("{sql}\n'''");
    let mut rest = code.get(3..).unwrap_or_default();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if rest.is_empty() {
            return Outcome::Different;
        }
        match string(rest) {
            PythonText::Whole(length) => rest = rest.get(length..).unwrap_or_default(),
            PythonText::Endless => return Outcome::Broken,
            PythonText::None => {
                let is_word = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                let is_broken = is_word && !begins_python(rest);
                return if is_broken { Outcome::Broken } else { Outcome::Open };
            }
        }
    }
}

/// Whether a word may follow a text in Python: an operator, or the prefix of another text.
fn begins_python(rest: &str) -> bool {
    let word: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    let tail = rest.get(word.len()..).unwrap_or_default();
    let is_prefix =
        word.len() <= 2 && word.chars().all(|c| "rRbBuUfF".contains(c)) && tail.starts_with(['\'', '"']);
    is_prefix
        || matches!(
            &*word,
            "and" | "or" | "if" | "else" | "in" | "is" | "not" | "for" | "async"
        )
}

/// A Python text at the start of some code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PythonText {
    /// Of so many bytes.
    Whole(usize),
    /// It never ends.
    Endless,
    /// There is none.
    None,
}

fn string(rest: &str) -> PythonText {
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
        return PythonText::None;
    };
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let (mark, is_triple) = if rest.starts_with(&triple) {
        (triple, true)
    } else {
        (quote.to_string(), false)
    };
    let mut at = mark.len();
    while let Some(tail) = rest.get(at..)
        && let Some(c) = tail.chars().next()
    {
        if tail.starts_with(&mark) {
            return PythonText::Whole(at + mark.len());
        }
        if c == '\n' && !is_triple {
            return PythonText::Endless;
        }
        at += if c == '\\' {
            1 + tail.chars().nth(1).map_or(0, char::len_utf8)
        } else {
            c.len_utf8()
        };
    }
    PythonText::Endless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_decides() {
        // Each tried with dbt-glue 1.12.4 against a stand-in for Glue.
        let cases = [
            ("'''x''' as x", Outcome::Broken),
            ("'''' as x", Outcome::Broken),
            ("''' here", Outcome::Broken),
            ("''''a' as y", Outcome::Broken),
            (
                "'''', name, '''') as quoted, 'it''s' as ok from t",
                Outcome::Different,
            ),
            ("''''''' as x from t", Outcome::Different),
            ("''', 'x'", Outcome::Open),
            ("''' and 'x'", Outcome::Open),
        ];
        for (sql, expected) in cases {
            assert_eq!(after_closing(sql), expected, "{sql}");
        }
    }

    #[test]
    fn escaped_quotes_end_nothing() {
        assert_eq!(first_run(r"'a\'''"), None);
        assert_eq!(first_run(r"'a''b'"), None);
        assert_eq!(first_run("é '''"), Some(3));
        assert_eq!(first_run("\\"), None);
    }

    #[test]
    fn every_prefix_is_read() {
        let text = "'''é\\''''x\"\"\"y\n'''";
        for (at, _) in text.char_indices() {
            assert!(first_run(text.get(..at).unwrap()).is_none_or(|found| found < at));
            let _ = after_closing(text.get(..at).unwrap()) == Outcome::Open;
        }
    }
}
