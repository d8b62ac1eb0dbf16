//! Block style, line by line.

use glueline_base::range;

use super::{Cursor, Level, Line, Place, column, nowhere};
use crate::chars::{between, is_blank, line_end, line_start};

/// How many mappings and lists are followed into one another.
const MAX_DEPTH: usize = 128;

/// Reads the lines before an offset.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) offset: usize,
    pub(super) levels: Vec<Level<'t>>,
}

/// What reading a scalar or a collection came to.
pub(super) enum Read<'t> {
    /// The offset lies in it.
    Found(Cursor<'t>),
    /// It ends here, before the offset.
    End(usize),
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, offset: usize) -> Self {
        Self {
            text,
            offset,
            levels: Vec::new(),
        }
    }

    pub(super) fn read(&mut self) -> Cursor<'t> {
        let mut at = if self.text.starts_with('\u{FEFF}') { 3 } else { 0 };
        loop {
            match self.line(at) {
                Read::Found(cursor) => return cursor,
                Read::End(end) => {
                    let next = line_end(self.text, end) + 1;
                    if next > self.offset || next <= at {
                        return self.nowhere();
                    }
                    at = next;
                }
            }
        }
    }

    /// Reads the line that begins at `start`, and the lines that its last value reaches over.
    fn line(&mut self, start: usize) -> Read<'t> {
        let end = line_end(self.text, start);
        let line = between(self.text, start, end);
        let mut at = start + line.len() - line.trim_start_matches([' ', '\t']).len();
        let is_last = self.offset <= end;
        if at == end {
            return if is_last { self.blank() } else { Read::End(end) };
        }
        let rest = between(self.text, at, end);
        if is_last && self.offset < at {
            return Read::Found(self.nowhere());
        }
        if rest.starts_with('#') || rest.starts_with('%') && at == start {
            return if is_last {
                Read::Found(self.nowhere())
            } else {
                Read::End(end)
            };
        }
        if at == start && (rest.trim_end() == "---" || rest.trim_end() == "...") {
            self.levels.clear();
            return if is_last {
                Read::Found(self.nowhere())
            } else {
                Read::End(end)
            };
        }
        while let Some(width) = dash(between(self.text, at, end)) {
            let column = column(self.text, at);
            if is_last && self.offset <= at {
                return Read::Found(self.nowhere());
            }
            self.item(column);
            at += width;
            if is_last && self.offset < at {
                // Between the dash and what follows: an item can begin where nothing follows.
                let rest = between(self.text, at, end).trim();
                return Read::Found(if rest.is_empty() && self.offset > start + column + 1 {
                    self.empty(Place::Item)
                } else {
                    self.nowhere()
                });
            }
            if at >= end {
                if is_last {
                    let dash = between(self.text, start, self.offset).ends_with('-');
                    let place = if dash { Place::Nowhere } else { Place::Item };
                    return Read::Found(self.empty(place));
                }
                return Read::End(end);
            }
        }
        self.content(at, end)
    }

    /// Reads a key with its value, or a scalar or collection that stands alone.
    fn content(&mut self, at: usize, end: usize) -> Read<'t> {
        let column = column(self.text, at);
        let rest = between(self.text, at, end);
        let is_last = self.offset <= end;
        if let Some((key, _)) = key_of(rest)
            && let Some(colon) = colon_of(rest)
        {
            if !self.mapping(column) {
                return if is_last {
                    Read::Found(self.nowhere())
                } else {
                    Read::End(end)
                };
            }
            let written = between(self.text, at, at + colon).trim_end();
            if self.offset <= at + colon {
                return Read::Found(self.key(at, written));
            }
            self.push(Line { key, value: "" });
            let value = at + colon + 1;
            return self.value(value, end, Place::Value);
        }
        // A bare word: the key of a mapping that goes on, or the first of one below a key, or a scalar.
        let deep = self
            .levels
            .iter()
            .rposition(|level| level.column < column || is_item(level, column));
        let goes_on = self
            .levels
            .iter()
            .any(|level| !level.is_list && level.column == column)
            && self.fits(column);
        if goes_on {
            self.mapping(column);
            if is_last {
                let written = between(self.text, at, end);
                let written = comment_start(written).map_or(written, |cut| between(written, 0, cut));
                return Read::Found(self.key(at, written.trim_end()));
            }
            return Read::End(end);
        }
        let Some(deep) = deep else {
            if is_last && self.levels.is_empty() {
                self.mapping(column);
                return Read::Found(self.key(at, rest.trim_end()));
            }
            return if is_last {
                Read::Found(self.nowhere())
            } else {
                Read::End(end)
            };
        };
        self.levels.truncate(deep + 1);
        let waits = self
            .levels
            .last()
            .and_then(|level| level.lines.last())
            .is_some_and(|line| line.value.is_empty());
        if !waits {
            return if is_last {
                Read::Found(self.nowhere())
            } else {
                Read::End(end)
            };
        }
        let place = match self.levels.last() {
            Some(level) if level.is_list => Place::Item,
            _ => Place::Node,
        };
        self.value(at, end, place)
    }

    /// Whether a key in a column belongs to the innermost mapping there.
    fn fits(&self, column: usize) -> bool {
        self.levels
            .iter()
            .rev()
            .find(|level| level.column <= column)
            .is_some_and(|level| level.column == column)
    }

    /// A line of white space that holds the offset.
    fn blank(&mut self) -> Read<'t> {
        let column = column(self.text, self.offset);
        while self.levels.last().is_some_and(|level| level.column > column) {
            self.levels.pop();
        }
        // A list whose dashes stand below their own key ends where another key can begin.
        if let [.., outer, inner] = self.levels.as_slice()
            && inner.is_list
            && inner.column == column
            && !outer.is_list
            && outer.column == column
        {
            self.levels.pop();
        }
        let place = match self.levels.last() {
            None => {
                self.levels.push(level(false, column));
                Place::Key
            }
            Some(level) if !level.is_list && level.column == column => Place::Key,
            Some(level) if level.column == column => Place::Nowhere,
            Some(level) => {
                let waits = level.lines.last().is_some_and(|line| line.value.is_empty());
                match (waits, level.is_list) {
                    (true, false) => Place::Node,
                    (true, true) => Place::Item,
                    (false, _) => Place::Nowhere,
                }
            }
        };
        Read::Found(self.empty(place))
    }

    /// Makes the innermost level the list whose dashes stand in a column.
    fn item(&mut self, column: usize) {
        while self.levels.last().is_some_and(|level| level.column > column) {
            self.levels.pop();
        }
        if self.levels.last().is_none_or(|level| !is_item(level, column)) && self.levels.len() < MAX_DEPTH {
            self.levels.push(level(true, column));
        }
        self.push(Line { key: "", value: "" });
    }

    /// Makes the innermost level the mapping whose keys stand in a column; `false` where none can be there.
    fn mapping(&mut self, column: usize) -> bool {
        while self
            .levels
            .last()
            .is_some_and(|level| level.column > column || is_item(level, column))
        {
            self.levels.pop();
        }
        match self.levels.last() {
            Some(level) if !level.is_list && level.column == column => true,
            Some(level) if level.lines.last().is_some_and(|line| !line.value.is_empty()) => false,
            _ if self.levels.len() >= MAX_DEPTH => false,
            _ => {
                self.levels.push(level(false, column));
                true
            }
        }
    }

    fn push(&mut self, line: Line<'t>) {
        if let Some(level) = self.levels.last_mut() {
            level.lines.push(line);
        }
    }

    pub(super) fn set_value(&mut self, value: &'t str) {
        if let Some(line) = self.levels.last_mut().and_then(|level| level.lines.last_mut()) {
            line.value = if value.is_empty() { "\"\"" } else { value };
        }
    }

    /// The offset lies in a key that is written so.
    fn key(&mut self, at: usize, written: &str) -> Cursor<'t> {
        let end = at + written.len();
        let has_colon = self
            .text
            .get(end..)
            .is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'));
        let quote = written.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let is_closed = quote.is_some_and(|quote| written.len() > 1 && written.ends_with(quote));
        let start = at + usize::from(quote.is_some());
        let end = end - usize::from(is_closed);
        if self.offset < start || self.offset > end && has_colon {
            return self.nowhere();
        }
        let end = end.max(self.offset);
        let mut cursor = self.scalar(Place::Key, start, end, quote, is_closed);
        cursor.has_colon = has_colon;
        cursor
    }

    pub(super) fn scalar(
        &mut self,
        place: Place,
        start: usize,
        end: usize,
        quote: Option<char>,
        is_closed: bool,
    ) -> Cursor<'t> {
        Cursor {
            place,
            levels: std::mem::take(&mut self.levels),
            later: Vec::new(),
            word: range(start, end),
            quote,
            is_closed,
            has_colon: false,
        }
    }

    pub(super) fn empty(&mut self, place: Place) -> Cursor<'t> {
        self.scalar(place, self.offset, self.offset, None, false)
    }

    pub(super) fn nowhere(&mut self) -> Cursor<'t> {
        nowhere(std::mem::take(&mut self.levels), self.offset)
    }
}

pub(super) const fn level<'t>(is_list: bool, column: usize) -> Level<'t> {
    Level {
        is_list,
        is_flow: false,
        column,
        lines: Vec::new(),
    }
}

fn is_item(level: &Level<'_>, column: usize) -> bool {
    level.is_list && level.column == column
}

/// The width of a dash with the white space behind it, if the text begins with the dash of an item.
pub(super) fn dash(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('-')?;
    let inner = rest.trim_start_matches([' ', '\t']);
    (rest.is_empty() || inner.len() < rest.len()).then(|| text.len() - inner.len())
}

/// Where a comment begins that follows a plain scalar.
pub(super) fn comment_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| {
        bytes.get(*at) == Some(&b'#') && (*at == 0 || bytes.get(at - 1).is_some_and(|byte| is_blank(*byte)))
    })
}

/// The colon behind the key that a text begins with.
fn colon_of(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if text.starts_with(['#', '[', '{', '|', '>', '@', '`', ',', ']', '}']) {
        return None;
    }
    let from = match text.chars().next()? {
        quote @ ('\'' | '"') => text.get(1..)?.find(quote)? + 2,
        _ => 0,
    };
    let is_colon = |at: &usize| {
        bytes.get(*at) == Some(&b':')
            && bytes
                .get(at + 1)
                .is_none_or(|byte| is_blank(*byte) || *byte == b'\r')
    };
    let limit = comment_start(text).unwrap_or(text.len());
    let found = (from..limit).find(is_colon)?;
    (from == 0 || text.get(from..found)?.trim().is_empty()).then_some(found)
}

/// The key that a text begins with, and the scalar behind it as far as it stands in the same line.
pub(super) fn key_of(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end_matches(['\r', '\n']);
    let colon = colon_of(text)?;
    let key = text.get(..colon)?.trim();
    let value = text.get(colon + 1..)?;
    let value = comment_start(value)
        .map_or(value, |cut| between(value, 0, cut))
        .trim();
    Some((unquoted(key), unquoted(value)))
}

fn unquoted(text: &str) -> &str {
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// The indentation of the line that holds an offset.
pub(super) fn indent(text: &str, at: usize) -> usize {
    let start = line_start(text, at);
    let line = between(text, start, line_end(text, start));
    line.len() - line.trim_start_matches(' ').len()
}
