//! Lists and mappings in brackets and braces.

use super::lines::{Read, Reader, indent, key_of, level};
use super::{Line, Place};
use crate::chars::{between, line_end};

/// How deep brackets may stand in brackets.
const MAX_FLOW: usize = 64;

impl<'t> Reader<'t> {
    /// Reads the brackets that open at `at`. Brackets that do not close end before a line that looks like the next entry.
    pub(super) fn flow(&mut self, at: usize) -> Read<'t> {
        let outer = self.levels.len();
        let column = self.levels.last().map_or(0, |level| level.column);
        let bytes = self.text.as_bytes();
        let mut at = at;
        while let Some(byte) = bytes.get(at).copied() {
            if at >= self.offset {
                break;
            }
            match byte {
                b'[' | b'{' => {
                    if self.levels.len() >= outer + MAX_FLOW {
                        return Read::Found(self.nowhere());
                    }
                    let mut inner = level(byte == b'[', column);
                    inner.is_flow = true;
                    if inner.is_list {
                        inner.lines.push(Line { key: "", value: "" });
                    }
                    self.levels.push(inner);
                    at += 1;
                }
                b']' | b'}' => {
                    if self.levels.len() > outer {
                        self.levels.pop();
                    }
                    at += 1;
                    if self.levels.len() <= outer {
                        self.set_value("[]");
                        return self.after(at);
                    }
                    self.set_value("[]");
                }
                b',' => {
                    if let Some(level) = self.levels.last_mut().filter(|level| level.is_list) {
                        level.lines.push(Line { key: "", value: "" });
                    }
                    at += 1;
                }
                b'#' if at
                    .checked_sub(1)
                    .and_then(|before| bytes.get(before))
                    .is_some_and(u8::is_ascii_whitespace) =>
                {
                    at = line_end(self.text, at);
                    if self.offset <= at {
                        return Read::Found(self.nowhere());
                    }
                }
                b'\n' => {
                    let start = at + 1;
                    let line = between(self.text, start, line_end(self.text, start));
                    let inner = line.trim_start_matches(' ');
                    let is_entry = key_of(inner).is_some() || inner.starts_with("- ");
                    if is_entry && indent(self.text, start) <= column {
                        self.levels.truncate(outer);
                        self.set_value("[]");
                        return Read::End(at);
                    }
                    at = start;
                }
                byte if byte.is_ascii_whitespace() => at += 1,
                _ => match self.flow_scalar(at) {
                    Read::Found(cursor) => return Read::Found(cursor),
                    Read::End(end) => at = end.max(at + 1),
                },
            }
        }
        if self.levels.len() <= outer {
            return Read::Found(self.nowhere());
        }
        let waits = match self.levels.last() {
            Some(level) if level.is_list => Place::Item,
            Some(level) if level.lines.last().is_some_and(|line| line.value.is_empty()) => Place::Value,
            _ => Place::Key,
        };
        // Right behind a scalar without a comma nothing can begin.
        let before = between(self.text, 0, self.offset).trim_end_matches([' ', '\t', '\n', '\r']);
        let fresh = before.ends_with([',', '[', '{']) || before.ends_with(':') && waits == Place::Value;
        Read::Found(if fresh { self.empty(waits) } else { self.nowhere() })
    }

    /// What follows the brackets in their line.
    fn after(&mut self, at: usize) -> Read<'t> {
        let end = line_end(self.text, at);
        if self.offset <= end {
            return Read::Found(self.nowhere());
        }
        Read::End(end)
    }

    fn flow_scalar(&mut self, at: usize) -> Read<'t> {
        let bytes = self.text.as_bytes();
        let first = bytes.get(at).copied().unwrap_or(b' ');
        let quote = matches!(first, b'\'' | b'"').then(|| char::from(first));
        let (start, stop, next, is_closed) = match quote {
            Some(quote) => match self.closing_quote(at + 1, quote) {
                Some(close) => (at + 1, close, close + 1, true),
                None => {
                    let end = line_end(self.text, at);
                    let rest = between(self.text, at + 1, end);
                    let cut = rest.find([',', ']', '}']).unwrap_or(rest.len());
                    (at + 1, at + 1 + cut, at + 1 + cut, false)
                }
            },
            None => {
                let rest = between(self.text, at, line_end(self.text, at));
                let ends = |(index, c): &(usize, char)| match c {
                    ',' | '[' | ']' | '{' | '}' => true,
                    ':' => rest
                        .get(index + 1..)
                        .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', ',', '}', ']'])),
                    _ => false,
                };
                let cut = rest
                    .char_indices()
                    .find(ends)
                    .map_or(rest.len(), |(index, _)| index);
                let written = between(rest, 0, cut).trim_end();
                (at, at + written.len(), at + cut, true)
            }
        };
        let colon = between(self.text, next, line_end(self.text, next)).trim_start_matches([' ', '\t']);
        let has_colon = colon.starts_with(':');
        let in_list = self.levels.last().is_none_or(|level| level.is_list);
        let is_value = !in_list
            && self
                .levels
                .last()
                .and_then(|level| level.lines.last())
                .is_some_and(|line| line.value.is_empty());
        let text = between(self.text, start, stop);
        if self.offset <= stop.max(start) {
            let place = match (in_list, is_value) {
                (true, _) => Place::Item,
                (false, true) => Place::Value,
                (false, false) => Place::Key,
            };
            let mut cursor = self.scalar(place, start, stop, quote, is_closed && quote.is_some());
            cursor.has_colon = has_colon;
            return Read::Found(cursor);
        }
        if self.offset <= next && !(quote.is_none() && is_closed) {
            return Read::Found(self.nowhere());
        }
        if in_list || is_value {
            self.set_value(text);
            return Read::End(next);
        }
        if let Some(level) = self.levels.last_mut() {
            let value = if has_colon { "" } else { "null" };
            level.lines.push(Line { key: text, value });
        }
        let colon_at = line_end(self.text, next) - colon.len();
        Read::End(if has_colon { colon_at + 1 } else { next })
    }
}
