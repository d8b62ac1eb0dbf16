//! Where in a text of YAML an offset lies, told from its lines and their indentation alone: a text that is being typed has no
//! tree, and nothing here depends on one.

mod flow;
mod lines;
mod scalars;

use glueline_base::{TextRange, range};

use crate::chars::{line_end, line_start};
use lines::Reader;

/// What an offset lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A key of the last level, which is a mapping.
    Key,
    /// The scalar beside the last key of the last level, which is a mapping.
    Value,
    /// A line of its own below the last key of the last level: a mapping or a list can begin here.
    Node,
    /// An item of the last level, which is a list: a scalar, or the first key of a mapping.
    Item,
    /// Nothing of YAML's: a comment, white space where nothing can begin, the text after a value.
    Nowhere,
}

/// A key and its value, or an item of a list, whose key is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'t> {
    /// The key, without quotes.
    pub key: &'t str,
    /// The scalar, without quotes; empty where there is none.
    pub value: &'t str,
}

/// A mapping or a list around an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level<'t> {
    /// Whether it is a list.
    pub is_list: bool,
    /// Whether it is written with brackets or braces.
    pub is_flow: bool,
    /// The column, in bytes, where its keys or dashes stand.
    pub column: usize,
    /// What stands in it before the offset, the entry of the offset last; the lines after it are in [`Cursor::later`].
    pub lines: Vec<Line<'t>>,
}

/// Where an offset lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<'t> {
    /// What it lies in.
    pub place: Place,
    /// The mappings and lists around it, outermost first. Each but the last holds the next in the last of its lines.
    pub levels: Vec<Level<'t>>,
    /// The keys that follow in the same mapping.
    pub later: Vec<Line<'t>>,
    /// The scalar that it lies in or touches, without quotes; empty where it touches none.
    pub word: TextRange,
    /// The quote that the scalar begins with.
    pub quote: Option<char>,
    /// Whether that quote has its partner.
    pub is_closed: bool,
    /// Whether a `:` follows the scalar.
    pub has_colon: bool,
}

impl<'t> Cursor<'t> {
    /// The keys of the mapping that the offset lies in, but for that at the offset itself.
    pub fn siblings(&self) -> impl Iterator<Item = Line<'t>> + '_ {
        let own = self.levels.last().filter(|level| !level.is_list);
        let known = own.map_or(&[][..], |level| &level.lines);
        let before = match self.place {
            Place::Value | Place::Node => known.split_last().map_or(&[][..], |(_, before)| before),
            _ => known,
        };
        before.iter().chain(&self.later).copied()
    }
}

/// Tells where an offset lies, in time linear in the text.
pub fn cursor(text: &str, offset: usize) -> Cursor<'_> {
    let offset = offset.min(text.len());
    let mut reader = Reader::new(text, offset);
    let mut cursor = reader.read();
    if let Some(level) = cursor.levels.last()
        && !level.is_list
        && !level.is_flow
    {
        cursor.later = later(text, line_end(text, offset), level.column);
    }
    cursor
}

/// The keys of a mapping that stand in lines after an offset.
fn later(text: &str, from: usize, column: usize) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let rest = text.get(from..).unwrap_or("");
    let skipped = rest.split_inclusive('\n').next().map_or(0, str::len);
    for line in rest.get(skipped..).unwrap_or("").lines() {
        let inner = line.trim_start_matches(' ');
        if inner.trim().is_empty() || inner.starts_with('#') {
            continue;
        }
        let indent = line.len() - inner.len();
        if indent < column {
            break;
        }
        if indent == column
            && let Some((key, value)) = lines::key_of(inner)
        {
            found.push(Line { key, value });
        }
    }
    found
}

/// A cursor outside of everything.
fn nowhere(levels: Vec<Level<'_>>, offset: usize) -> Cursor<'_> {
    Cursor {
        place: Place::Nowhere,
        levels,
        later: Vec::new(),
        word: range(offset, offset),
        quote: None,
        is_closed: false,
        has_colon: false,
    }
}

/// The column of an offset in its line, in bytes.
fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

#[cfg(test)]
mod tests;
