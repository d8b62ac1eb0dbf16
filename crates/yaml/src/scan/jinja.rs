//! `{{ ... }}` and `{% ... %}` without quotes around them.
//!
//! YAML is read before Jinja is rendered, and to YAML these are a mapping inside a mapping's key, or a
//! character that starts nothing: PyYAML refuses all of them. What was meant is plain, so they are read as if
//! they had been quoted, or as if their line were empty, and the fault is noted.

use super::Scanner;
use crate::chars::{between, is_blank, line_end};
use crate::fault::{Fault, FaultKind};
use crate::scalar::Style;

/// How many bytes a Jinja expression may span, so that one that is never closed does not cost a long search.
const LONGEST_EXPRESSION: usize = 4096;

impl Scanner<'_> {
    pub(super) fn fetch_bare_jinja(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let (end, closed) = self.end_of_bare_jinja();
        if self.is_template_line(start, end) {
            self.faults.push(Fault::new(FaultKind::JinjaLine, start, end));
            self.pass_to(end);
            return Ok(());
        }
        self.save_key()?;
        self.key_allowed = false;
        let kind = if closed {
            FaultKind::BareJinja
        } else {
            FaultKind::UnclosedJinja
        };
        self.faults.push(Fault::new(kind, start, end));
        self.pass_to(end);
        self.push_scalar(Style::Plain, start, end);
        Ok(())
    }

    /// Where the value that starts with Jinja ends, and whether all of its Jinja is closed.
    fn end_of_bare_jinja(&self) -> (usize, bool) {
        let mut at = self.at;
        let mut end = at;
        while let Some(&byte) = self.bytes.get(at) {
            let next = self.bytes.get(at + 1).copied().unwrap_or(b'\n');
            match byte {
                b'{' if matches!(next, b'{' | b'%') => {
                    let Some(after) = self.end_of_expression(at) else {
                        let rest = between(self.text, at, line_end(self.text, at));
                        return (at + rest.trim_end().len(), false);
                    };
                    at = after;
                    end = after;
                    continue;
                }
                b'\n' | b'\r' => break,
                b'#' if at > end => break,
                b':' if is_blank(next) || matches!(next, b'\n' | b'\r') => break,
                b',' | b'[' | b']' | b'{' | b'}' if self.in_flow() => break,
                b' ' | b'\t' => {}
                _ => end = at + 1,
            }
            at += 1;
        }
        (end, true)
    }

    /// Where the Jinja that opens at an offset is closed, before an empty line and before any other opens.
    fn end_of_expression(&self, open: usize) -> Option<usize> {
        let close = if self.bytes.get(open + 1) == Some(&b'{') {
            b'}'
        } else {
            b'%'
        };
        let body = self.bytes.get(open + 2..)?;
        let mut line_is_empty = false;
        for (at, pair) in body.windows(2).take(LONGEST_EXPRESSION).enumerate() {
            match pair {
                [first, b'}'] if *first == close => return Some(open + 2 + at + 2),
                [b'{', b'{' | b'%'] => return None,
                [b'\n', _] if line_is_empty => return None,
                [b'\n', _] => line_is_empty = true,
                [b' ' | b'\t' | b'\r', _] => {}
                _ => line_is_empty = false,
            }
        }
        None
    }

    /// Whether Jinja stands alone on its line where a key or a dash belongs, so that it can be no value.
    fn is_template_line(&self, start: usize, end: usize) -> bool {
        let rest = between(self.text, end, line_end(self.text, end)).trim_start();
        if self.in_flow() || !(rest.is_empty() || rest.starts_with('#')) {
            return false;
        }
        let alone = between(self.text, self.line_start, start)
            .bytes()
            .all(|b| b == b' ');
        let is_statement = self.bytes.get(start + 1) == Some(&b'%');
        alone && (is_statement || self.floor == 0 || self.floor == self.column() + 1)
    }

    /// Moves on, over the line breaks inside an expression.
    fn pass_to(&mut self, end: usize) {
        while self.at < end {
            match self.break_len() {
                0 => self.at += 1,
                length => self.pass_break(length),
            }
        }
    }
}
