//! `backslash-in-literal`.

use std::fmt::Write as _;

use glueline_base::{Diagnostic, Fix, TextRange, Value, range, slice};
use glueline_project::FileKind;

use super::texts::with_gaps;
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};
use glueline_python::{Escape, escape as python, means_something_to_spark};

pub(crate) static RULE: Rule = rule!(
    "backslash-in-literal",
    Data,
    Warning,
    "backslash_in_literal.md",
    Check::File(check)
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let text = cx.text();
    let sends_sql = matches!(
        cx.project.files().info(cx.file).kind,
        FileKind::Model
            | FileKind::Snapshot
            | FileKind::SingularTest
            | FileKind::GenericTest
            | FileKind::Macro
    );
    if !sends_sql || !text.contains('\\') || !cx.project.is_glue() {
        return;
    }
    let (Some(facts), Some(reads_escapes)) = (cx.facts().sql(), spark_reads_escapes(cx)) else {
        return;
    };
    let mut scan = Scan::new(text, reads_escapes);
    for (gap, part) in with_gaps(text, facts.texts.iter().copied()) {
        // Nothing is known of how the texts of two macros meet.
        if gap.contains("{% end") || gap.contains("{%- end") {
            scan.open = None;
        }
        scan.read(part);
    }
    for literal in &scan.found {
        sink.push(finding(cx, literal));
    }
    if let Some(backslashes) = scan.never_closed() {
        sink.push(unclosed(cx, backslashes));
    }
}

/// Whether Spark takes escapes out of literals; `None` where `conf` is not known.
fn spark_reads_escapes(cx: &FileCx<'_>) -> Option<bool> {
    match cx.project.target().and_then(|target| target.get("conf")) {
        Some(Value::Unknown) => None,
        Some(Value::Str(conf)) => Some(!conf.to_lowercase().contains("escapedstringliterals=true")),
        _ => Some(true),
    }
}

/// A literal, or the part of one between two pieces of Jinja, in which a backslash is lost.
struct Found {
    range: TextRange,
    /// What Spark gets of it, as one would write it.
    effective: String,
    /// The text that arrives as the one that stands there now.
    doubled: String,
}

/// A literal that is being read.
#[derive(Clone, Copy)]
struct Open {
    quote: char,
    /// Whether Spark leaves backslashes in it alone.
    raw: bool,
}

/// Where a character came from, once Python is done.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Itself,
    Escape,
}

struct Scan<'a> {
    text: &'a str,
    reads_escapes: bool,
    open: Option<Open>,
    found: Vec<Found>,
    /// The backslashes before the last quote that Spark did not take for the end of a literal.
    swallowed: Option<TextRange>,
}

impl<'a> Scan<'a> {
    const fn new(text: &'a str, reads_escapes: bool) -> Self {
        Self {
            text,
            reads_escapes,
            open: None,
            found: Vec::new(),
            swallowed: None,
        }
    }

    /// The backslashes that keep a literal open to the end of the file.
    fn never_closed(&self) -> Option<TextRange> {
        self.swallowed.filter(|_| self.open.is_some())
    }

    fn read(&mut self, part: TextRange) {
        let written = slice(self.text, part);
        let start = usize::from(part.start());
        let mut at = 0;
        let mut before = ' ';
        let mut literal = Literal::default();
        let mut literal_start = 0;
        while let Some(rest) = written.get(at..)
            && let Some(c) = rest.chars().next()
        {
            let Some(open) = self.open else {
                if let Some(skipped) = comment(rest) {
                    at += skipped;
                    before = ' ';
                    continue;
                }
                if matches!(c, '\'' | '"') {
                    let raw = matches!(before, 'r' | 'R');
                    self.open = Some(Open {
                        quote: c,
                        raw: raw || !self.reads_escapes,
                    });
                    literal = Literal::default();
                    literal_start = at + 1;
                }
                before = c;
                at += c.len_utf8();
                continue;
            };
            let (decoded, length) = decode(rest, c);
            let is_quote = decoded == Some((open.quote, Origin::Itself));
            if is_quote && !literal.ends_in_backslash(open.raw) {
                self.close(literal, range(start + literal_start, start + at));
                literal = Literal::default();
                self.open = None;
                before = c;
            } else if let Some((c, origin)) = decoded {
                if is_quote {
                    let before = start + at;
                    self.swallowed = Some(range(before.saturating_sub(2), before));
                }
                literal.push(c, origin, open.raw);
            }
            at += length;
        }
        if self.open.is_some() {
            self.close(literal, range(start + literal_start, start + written.len()));
        }
    }

    fn close(&mut self, literal: Literal, range: TextRange) {
        if literal.lost {
            let doubled = doubled(slice(self.text, range), self.open.is_some_and(|open| open.raw));
            self.found.push(Found {
                range,
                effective: literal.effective,
                doubled,
            });
        }
    }
}

/// The character that Python makes of what begins the text, with how many bytes it takes.
fn decode(rest: &str, c: char) -> (Option<(char, Origin)>, usize) {
    if c != '\\' {
        return (Some((c, Origin::Itself)), c.len_utf8());
    }
    match python(rest) {
        (Escape::Char(made), length) => (made.map(|made| (made, Origin::Escape)), length),
        (Escape::Kept, length) => (Some(('\\', Origin::Itself)), length),
        (Escape::Fault | Escape::Open, length) => (None, length),
    }
}

/// Past a comment that begins here, to its end or that of the text.
fn comment(rest: &str) -> Option<usize> {
    let end = |mark: &str| rest.find(mark).map_or(rest.len(), |found| found + mark.len());
    if rest.starts_with("--") {
        Some(end("\n"))
    } else if rest.starts_with("/*") {
        Some(end("*/"))
    } else {
        None
    }
}

/// What Spark makes of a literal, character by character.
#[derive(Default)]
struct Literal {
    effective: String,
    /// A backslash that waits for what follows it.
    waiting: bool,
    lost: bool,
}

impl Literal {
    const fn ends_in_backslash(&self, raw: bool) -> bool {
        self.waiting && !raw
    }

    fn push(&mut self, c: char, origin: Origin, raw: bool) {
        if !raw && self.waiting {
            self.waiting = false;
            self.after_backslash(c);
        } else if !raw && c == '\\' {
            self.waiting = true;
        } else {
            self.plain(c, origin);
        }
    }

    /// Spark reads the character behind a backslash.
    fn after_backslash(&mut self, c: char) {
        match c {
            '%' | '_' => self.effective.extend(['\\', c]),
            'n' => self.effective.push_str("\\n"),
            't' => self.effective.push_str("\\t"),
            'r' => self.effective.push_str("\\r"),
            'b' => {
                self.lost = true;
                self.effective.push('⌫');
            }
            _ => {
                self.lost |= !means_something_to_spark(c);
                self.effective.push(c);
            }
        }
    }

    /// A character that Spark takes as it is; a control character that nobody types is one that Python made.
    fn plain(&mut self, c: char, origin: Origin) {
        match c {
            '\n' | '\r' | '\t' if origin == Origin::Escape => {
                self.effective.push_str(match c {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    _ => "\\t",
                });
            }
            '\u{8}' if origin == Origin::Escape => {
                self.lost = true;
                self.effective.push('⌫');
            }
            c if origin == Origin::Escape && c.is_control() && c != '\0' => {
                self.lost = true;
                let _ = write!(self.effective, "U+{:04X}", u32::from(c));
            }
            c => self.effective.push(c),
        }
    }
}

/// The same literal with as many backslashes as it takes for one to arrive.
fn doubled(written: &str, raw: bool) -> String {
    let mut out = String::with_capacity(written.len() + 8);
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let length = after.bytes().take_while(|byte| *byte == b'\\').count();
        let next = after.get(length..).and_then(|tail| tail.chars().next());
        // One that Spark or Python reads as it was meant to be stays as it is.
        let is_fine = match next {
            Some('n' | 't' | 'r' | '%' | '_' | '\'' | '"' | '\n') => true,
            _ => length >= if raw { 2 } else { 3 },
        };
        let wanted = if is_fine {
            length
        } else if raw {
            2
        } else {
            4
        };
        out.extend(std::iter::repeat_n('\\', wanted));
        rest = after.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn finding(cx: &FileCx<'_>, found: &Found) -> Diagnostic {
    let written = slice(cx.text(), found.range);
    let message = format!(
        "Spark reads `{}` where `{}` is written: dbt-glue pastes SQL into a Python text, so that a backslash is taken out \
         twice, by Python and by Spark. The run succeeds. Write four for one that shall arrive: `{}`.",
        shortened(&found.effective),
        shortened(written),
        shortened(&found.doubled)
    );
    let at = cx.at(found.range);
    let fix = Fix::needs_consent("Let the backslash arrive").replace(at, found.doubled.clone());
    Diagnostic::new(&RULE.meta, at, message).fix(fix)
}

/// A literal that ends in two backslashes: one backslash arrives, and takes the quote into the literal.
fn unclosed(cx: &FileCx<'_>, backslashes: TextRange) -> Diagnostic {
    let message = "Spark gets one backslash here, in front of the quote: the literal does not end, and the statement \
                   does not parse. dbt-glue pastes SQL into a Python text, so that a backslash is taken out twice. \
                   Write four.";
    let at = cx.at(backslashes);
    Diagnostic::new(&RULE.meta, at, message)
        .fix(Fix::needs_consent("Write four backslashes").replace(at, "\\\\\\\\"))
}

/// Up to 40 characters, on one line.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let mut out: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    fn found(sql: &str) -> Vec<(String, String)> {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        system.write("p/models/a.sql", sql);
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let file = project.files().by_path("models/a.sql".into()).unwrap();
        let facts = project.facts(file).sql().unwrap();
        let mut scan = Scan::new(project.files().text(file), true);
        for part in &facts.texts {
            scan.read(*part);
        }
        scan.found
            .into_iter()
            .map(|literal| (literal.effective, literal.doubled))
            .collect()
    }

    #[test]
    fn what_spark_reads() {
        let cases = [
            (r"select '\\d+'", Some(("d+", r"\\\\d+"))),
            (r"select '\d+'", Some(("d+", r"\\\\d+"))),
            (r"select '\\\\d+'", None),
            (r"select '\\\d+'", None),
            (r"select '\\.'", Some((".", r"\\\\."))),
            (r"select '\bword\\b'", Some(("⌫word⌫", r"\\\\bword\\\\b"))),
            (r"select '\n\t'", None),
            (r"select '\\n'", None),
            (r"select 'a\\%' , '\_'", None),
            (r"select 'it\\\'s'", None),
            (r"select 'plain' -- '\d'", None),
            (r"select 1 /* '\d' */", None),
            (r#"select "\\d""#, Some(("d", r"\\\\d"))),
            (r"select r'\\d'", None),
            (r"select '\0'", None),
            (r"select '\f'", Some(("U+000C", r"\\\\f"))),
            (r"select `\d`", None),
            (r"select '{{ x }}\\d'", Some(("d", r"\\\\d"))),
        ];
        for (sql, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(seen, doubled)| ((*seen).to_owned(), (*doubled).to_owned()))
                .collect();
            assert_eq!(found(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_backslash_takes_the_quote_in() {
        let scan = |sql| {
            let mut scan = Scan::new(sql, true);
            scan.read(range(0, sql.len()));
            scan.never_closed().map(|place| slice(sql, place).to_owned())
        };
        assert_eq!(scan(r"select split(a, '\\') as b"), Some(r"\\".to_owned()));
        assert_eq!(scan(r"select split(a, '\\\\') as b"), None);
        assert_eq!(scan(r"select 'it\\'s' as x"), None);
    }

    #[test]
    fn what_is_doubled_is_fine() {
        for sql in [r"select '\\d+\w'", r"select '\\.\\n\b'", r"select 'a\fé\\s'"] {
            for (_, doubled) in found(sql) {
                assert_eq!(found(&format!("select '{doubled}'")), [], "{doubled}");
            }
        }
    }

    #[test]
    fn torn_texts_are_read() {
        let text = "select '\\\\d{{ x }}\\', \"\\é\" -- \\\n'\\";
        for (at, _) in text.char_indices() {
            for literal in found(text.get(..at).unwrap()) {
                assert!(literal.1.len() < 100);
            }
        }
    }
}
