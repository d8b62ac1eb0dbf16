//! Scalars of block style, over as many lines as they take.

use super::Place;
use super::lines::{Read, Reader, comment_start, dash, key_of};
use crate::chars::{between, line_end};

impl<'t> Reader<'t> {
    /// Reads a scalar or collection at or after `from`, in the line that ends at `end`.
    pub(super) fn value(&mut self, from: usize, end: usize, place: Place) -> Read<'t> {
        let blanks = between(self.text, from, end);
        let mut at = from + blanks.len() - blanks.trim_start_matches([' ', '\t']).len();
        let is_last = self.offset <= end;
        if is_last && self.offset < at {
            // Between the colon and the value: only where the value is missing can one begin.
            let waits =
                between(self.text, at, end).is_empty() || between(self.text, at, end).starts_with('#');
            let spaced = self.offset > from;
            return Read::Found(if waits && spaced {
                self.empty(place)
            } else {
                self.nowhere()
            });
        }
        while between(self.text, at, end).starts_with(['&', '!']) {
            let word = between(self.text, at, end);
            let width = word.find([' ', '\t']).unwrap_or(word.len());
            let gap = between(word, width, word.len());
            at += width + gap.len() - gap.trim_start_matches([' ', '\t']).len();
            if is_last && self.offset < at {
                return Read::Found(self.nowhere());
            }
        }
        let rest = between(self.text, at, end);
        match rest.chars().next() {
            None if is_last && self.offset > from => Read::Found(self.empty(place)),
            None | Some('#') if is_last => Read::Found(self.nowhere()),
            None | Some('#') => Read::End(end),
            Some('|' | '>') if !is_last || self.offset > end => self.block_scalar(end),
            Some('|' | '>') => Read::Found(self.nowhere()),
            Some(quote @ ('\'' | '"')) => self.quoted(at, quote, place),
            Some('[' | '{') if !rest.starts_with("{{") && !rest.starts_with("{%") => self.flow(at),
            Some(_) => self.plain(at, end, place),
        }
    }

    fn plain(&mut self, at: usize, end: usize, place: Place) -> Read<'t> {
        let rest = between(self.text, at, end);
        let cut = comment_start(rest).unwrap_or(rest.len());
        let written = between(rest, 0, cut).trim_end();
        let stop = at + written.len();
        if self.offset <= end {
            if cut < rest.len() && self.offset > at + cut {
                return Read::Found(self.nowhere());
            }
            let stop = stop.max(self.offset.min(at + cut));
            return Read::Found(self.scalar(place, at, stop, None, false));
        }
        self.set_value(written);
        Read::End(end)
    }

    /// A text in quotes; one that does not close before a line that looks like the next entry ends with its own line.
    fn quoted(&mut self, at: usize, quote: char, place: Place) -> Read<'t> {
        let inside = at + 1;
        let closing = self.closing_quote(inside, quote);
        let stop = closing.unwrap_or_else(|| line_end(self.text, at));
        if self.offset <= at {
            return Read::Found(self.nowhere());
        }
        if self.offset <= stop {
            let text_end = if closing.is_some() { stop } else { self.offset };
            return Read::Found(self.scalar(place, inside, text_end, Some(quote), closing.is_some()));
        }
        self.set_value(between(self.text, inside, stop));
        let end = line_end(self.text, stop);
        if self.offset <= end {
            return Read::Found(self.nowhere());
        }
        Read::End(end)
    }

    pub(super) fn closing_quote(&self, from: usize, quote: char) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let column = self.levels.last().map_or(0, |level| level.column);
        let mark = u8::try_from(quote).unwrap_or(b'"');
        let mut at = from;
        loop {
            match *bytes.get(at)? {
                b'\\' if mark == b'"' => at += 2,
                byte if byte == mark && mark == b'\'' && bytes.get(at + 1) == Some(&mark) => at += 2,
                byte if byte == mark => return Some(at),
                b'\n' => {
                    let start = at + 1;
                    let line = between(self.text, start, line_end(self.text, start));
                    let inner = line.trim_start_matches(' ');
                    let entry = dash(inner).is_some() || key_of(inner).is_some();
                    if entry && line.len() - inner.len() <= column {
                        return None;
                    }
                    at = start;
                }
                _ => at += 1,
            }
        }
    }

    /// The lines of `|` or `>`: all that are indented deeper than what they belong to.
    fn block_scalar(&mut self, header_end: usize) -> Read<'t> {
        let column = self.levels.last().map_or(0, |level| level.column);
        let start = (header_end + 1).min(self.text.len());
        let mut end = header_end;
        let mut at = start;
        while at < self.text.len() {
            let stop = line_end(self.text, at);
            let line = between(self.text, at, stop);
            let indent = line.len() - line.trim_start_matches(' ').len();
            let is_blank_line = line.trim().is_empty();
            if !is_blank_line && indent <= column {
                break;
            }
            let has_caret = (at..=stop).contains(&self.offset);
            if !is_blank_line || has_caret && indent > column {
                end = stop;
            }
            at = stop + 1;
        }
        if self.offset > header_end && self.offset <= end {
            return Read::Found(self.scalar(Place::Value, start, end, Some('|'), true));
        }
        self.set_value("|");
        Read::End(end)
    }
}
