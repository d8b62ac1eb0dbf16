//! The few lines of a file that one finding shows, made fit for a terminal.
//!
//! The renderer is never given whole files: a finding in a line of a megabyte, or in a file with control
//! characters, costs and shows no more than any other.

use std::ops::Range;

use codespan_reporting::files::{Error, Files, Location};
use glueline_base::{FileId, TextRange};

use super::clean;
use super::locate::{Locator, Position};

/// The most characters of a line that are shown.
const WIDTH: usize = 140;
/// How many characters before a place stay visible in a line that is too long.
const BEFORE: usize = 60;
/// A range over more lines than this is shown by its first line.
const TALL: usize = 8;

/// The lines of one or more files that one finding shows.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    files: Vec<Excerpt>,
}

#[derive(Debug)]
struct Excerpt {
    file: FileId,
    name: String,
    text: String,
    lines: Vec<Line>,
    /// Where each label really starts, by its start in `text`.
    places: Vec<(usize, Position)>,
}

#[derive(Debug)]
struct Line {
    /// From 0, in the real file.
    index: usize,
    /// In the text of the excerpt, without a line ending.
    range: Range<usize>,
    /// The part of the real file that is shown, in bytes.
    shown: Range<usize>,
    /// How many bytes of the excerpt stand before the shown part: an ellipsis.
    lead: usize,
}

/// A place to show: where it is, and where it is in the excerpt once [`Excerpts::add`] has returned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Bytes of the real file.
    pub range: TextRange,
    /// What the report says of its start.
    pub start: Position,
}

impl Excerpts {
    /// Cuts out what is needed to show the places of one file, the most important first, and returns the
    /// number of the excerpt and the range of each place inside it.
    pub(super) fn add(
        &mut self,
        locator: &Locator<'_>,
        file: FileId,
        name: &str,
        wanted: &[Wanted],
    ) -> Option<(usize, Vec<Range<usize>>)> {
        let text = locator.text(file)?;
        let ranges: Vec<Range<usize>> = wanted
            .iter()
            .map(|w| tidy(locator, file, text, w.range))
            .collect();
        let mut needed: Vec<usize> = Vec::new();
        for range in &ranges {
            // With the neighbours: a gap of one line between two labels is filled by the renderer.
            let first = locator.line_of(file, size(range.start)).saturating_sub(1);
            needed.extend(first..=locator.line_of(file, size(range.end)) + 1);
        }
        needed.sort_unstable();
        needed.dedup();

        let mut excerpt = Excerpt {
            file,
            name: clean(name).into_owned(),
            text: String::new(),
            lines: Vec::with_capacity(needed.len()),
            places: Vec::new(),
        };
        for index in needed {
            if let Some((start, line)) = locator.line(file, index) {
                excerpt.push_line(index, start, line, &ranges);
            }
        }
        let inside: Vec<Range<usize>> = ranges
            .iter()
            .map(|range| excerpt.offset(text, range.start)..excerpt.offset(text, range.end))
            .map(|range| range.start..range.end.max(range.start))
            .collect();
        excerpt.places = inside
            .iter()
            .zip(wanted)
            .map(|(range, wanted)| (range.start, wanted.start))
            .collect();
        self.files.push(excerpt);
        Some((self.files.len() - 1, inside))
    }

    /// The excerpt of a file, if there is one already.
    pub(super) fn has(&self, file: FileId) -> bool {
        self.files.iter().any(|excerpt| excerpt.file == file)
    }

    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }
}

impl Excerpt {
    fn push_line(&mut self, index: usize, start: usize, line: &str, ranges: &[Range<usize>]) {
        let line = line.trim_end_matches(['\n', '\r']);
        let end = start + line.len();
        let focus = ranges
            .iter()
            .find(|range| (start..=end).contains(&range.start))
            .map_or(0, |range| range.start - start);
        let shown = window(line, focus);
        let lead = if shown.start > 0 { ELLIPSIS } else { "" };
        let from = self.text.len();
        self.text.push_str(lead);
        self.text.push_str(&clean(line.get(shown.clone()).unwrap_or("")));
        if shown.end < line.len() {
            self.text.push_str(ELLIPSIS);
        }
        self.lines.push(Line {
            index,
            range: from..self.text.len(),
            shown: start + shown.start..start + shown.end,
            lead: lead.len(),
        });
        self.text.push('\n');
    }

    /// Where a byte of the real file is in the excerpt. What is not shown is at the nearest end of its line.
    fn offset(&self, real: &str, at: usize) -> usize {
        let next = self.lines.partition_point(|line| line.shown.start <= at);
        let Some(line) = self.lines.get(next.saturating_sub(1)) else {
            return 0;
        };
        if at < line.shown.start {
            return line.range.start;
        }
        if at > line.shown.end {
            return line.range.end;
        }
        let before = real.get(line.shown.start..at).unwrap_or("");
        line.range.start + line.lead + clean(before).len()
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.get(id).map(|excerpt| excerpt.name.as_str())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.get(id).map(|excerpt| excerpt.text.as_str())
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, Error> {
        let lines = &self.get(id)?.lines;
        let next = lines.partition_point(|line| line.range.start <= byte_index);
        Ok(lines.get(next.saturating_sub(1)).map_or(0, |line| line.index))
    }

    fn location(&'a self, id: usize, byte_index: usize) -> Result<Location, Error> {
        let places = &self.get(id)?.places;
        let found = places.iter().find(|(start, _)| *start == byte_index);
        let position = found.map_or(Position { line: 1, column: 1 }, |(_, position)| *position);
        Ok(Location {
            line_number: usize::try_from(position.line).unwrap_or(usize::MAX),
            column_number: usize::try_from(position.column).unwrap_or(usize::MAX),
        })
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, Error> {
        let lines = &self.get(id)?.lines;
        let found = lines.binary_search_by_key(&line_index, |line| line.index);
        let line = found
            .ok()
            .and_then(|at| lines.get(at))
            .ok_or(Error::LineTooLarge {
                given: line_index,
                max: lines.last().map_or(0, |line| line.index),
            })?;
        Ok(line.range.clone())
    }
}

const ELLIPSIS: &str = "…";

/// A range that lies inside the text on character boundaries, does not end with a line break, and is not too
/// tall to show.
fn tidy(locator: &Locator<'_>, file: FileId, text: &str, range: TextRange) -> Range<usize> {
    let start = text.floor_char_boundary(usize::from(range.start()));
    let end = text.floor_char_boundary(usize::from(range.end())).max(start);
    let covered = text.get(start..end).unwrap_or("");
    let mut end = start + covered.trim_end_matches(['\n', '\r']).len();
    let first = locator.line_of(file, size(start));
    if locator.line_of(file, size(end)) - first >= TALL
        && let Some((line_start, line)) = locator.line(file, first)
    {
        end = line_start + line.trim_end_matches(['\n', '\r']).len();
    }
    start..end.max(start)
}

/// The part of a line to show so that a byte of it is seen.
fn window(line: &str, focus: usize) -> Range<usize> {
    // Bytes are at least as many as characters, so that short lines are not counted.
    if line.len() <= WIDTH {
        return 0..line.len();
    }
    let (before, after) = line.split_at(line.floor_char_boundary(focus));
    let start = before
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(0, |(at, _)| at);
    let rest = line.get(start..).unwrap_or(after);
    let end = rest
        .char_indices()
        .nth(WIDTH)
        .map_or(line.len(), |(at, _)| start + at);
    start..end
}

fn size(offset: usize) -> glueline_base::TextSize {
    glueline_base::range(offset, offset).start()
}

#[cfg(test)]
mod tests {
    use glueline_base::{Source, range};

    use super::*;

    fn shown(text: &str, start: usize, end: usize) -> (String, String) {
        let sources = [Source::decode("a.sql".into(), text.as_bytes().to_vec())];
        let locator = Locator::new(&sources);
        let mut excerpts = Excerpts::default();
        let wanted = Wanted {
            range: range(start, end),
            start: Position { line: 1, column: 1 },
        };
        let (id, ranges) = excerpts.add(&locator, FileId(0), "a.sql", &[wanted]).unwrap();
        let text = excerpts.source(id).unwrap().to_owned();
        let marked = text.get(ranges[0].clone()).unwrap().to_owned();
        (text, marked)
    }

    #[test]
    fn the_marked_text_is_what_is_shown() {
        for (text, start, end, want) in [
            ("select x", 7, 8, "x"),
            ("\u{FEFF}select x", 3, 9, "select"),
            ("a\u{1b}b\r\n", 0, 3, "a␛b"),
            ("ab\r\ncd\r\n", 1, 4, "b"),
            ("ab\ncd\n", 1, 5, "b\ncd"),
            ("ab\n", 3, 3, ""),
            ("", 0, 0, ""),
            ("é", 1, 1, ""),
            ("a", 9, 12, ""),
        ] {
            assert_eq!(shown(text, start, end).1, want, "{text:?} {start}..{end}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}needle{}", "é".repeat(50_000), "世".repeat(50_000));
        let (excerpt, marked) = shown(&text, 100_000, 100_006);
        assert_eq!(marked, "needle");
        assert!(
            excerpt.chars().count() <= WIDTH + 3,
            "{}",
            excerpt.chars().count()
        );
        assert!(excerpt.starts_with("…é") && excerpt.ends_with("世…\n"));
    }

    #[test]
    fn a_tall_range_is_shown_by_its_first_line() {
        let text = "first\n".repeat(TALL + 1);
        assert_eq!(shown(&text, 1, text.len()).1, "irst");
        let text = "first\n".repeat(TALL);
        assert_eq!(shown(&text, 1, text.len()).1.lines().count(), TALL);
    }
}
