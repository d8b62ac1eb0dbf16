//! From a made text to its source and back.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, TextRange, TextSize, range};
use glueline_plan::show::source;
use glueline_render::Compiled;
use glueline_template::Provenance;

use crate::FilePosition;

/// Compiled code within a made text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The byte of the text at which it starts.
    pub(super) start: usize,
    /// How many bytes of it there are.
    pub(super) len: usize,
    /// How many bytes of the compiled code are left out before it.
    pub(super) skipped: usize,
    /// What it is a piece of.
    pub(super) compiled: Arc<Compiled>,
}

/// A stretch of a piece with where it comes from.
struct Stretch {
    start: usize,
    end: usize,
    from: Provenance,
}

impl Piece {
    pub(super) fn source_at(&self, offset: usize, own: FileId) -> Option<FileRange> {
        let inside = offset.checked_sub(self.start).filter(|at| *at < self.len)?;
        source(&self.compiled, inside + self.skipped, own)
    }

    /// The stretches of the piece, by their place in the compiled code.
    fn stretches(&self) -> impl Iterator<Item = Stretch> + '_ {
        let map = &self.compiled.map;
        let end = self.skipped + self.len;
        let all = map.stretches(end);
        all.filter(move |(start, stop, _)| start < stop && *start < end && *stop > self.skipped)
            .filter_map(move |(start, stop, _)| {
                let start = start.max(self.skipped);
                Some(Stretch {
                    start,
                    end: stop.min(end),
                    from: map.at(start)?,
                })
            })
    }

    /// Where a byte of the compiled code stands in the text.
    const fn shown(&self, at: usize) -> usize {
        at - self.skipped + self.start
    }
}

/// How near a stretch is to a place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It was rendered from so many bytes around the place.
    Around(u32),
    /// It was rendered from what ends so many bytes before the place.
    Behind(u32),
}

/// The stretches of a text that were rendered from a place.
pub(super) fn places_of(pieces: &[Piece], position: FilePosition) -> Vec<TextRange> {
    let mut best: Option<Nearness> = None;
    let mut found: Vec<(usize, usize)> = Vec::new();
    for piece in pieces {
        for stretch in piece.stretches() {
            let Some((nearness, start, end)) = near(&stretch, position) else {
                continue;
            };
            if best.is_some_and(|best| best < nearness) {
                continue;
            }
            if best != Some(nearness) {
                found.clear();
                best = Some(nearness);
            }
            let (start, end) = (piece.shown(start), piece.shown(end));
            match found.last_mut() {
                Some((_, last)) if *last == start => *last = end,
                _ => found.push((start, end)),
            }
        }
    }
    found.into_iter().map(|(start, end)| range(start, end)).collect()
}

/// How near a stretch is to a place, and which bytes of the compiled code are meant.
fn near(stretch: &Stretch, position: FilePosition) -> Option<(Nearness, usize, usize)> {
    let around =
        |place: &&FileRange| place.file == position.file && place.range.contains_inclusive(position.offset);
    let (start, end) = (stretch.start, stretch.end);
    let own = literal(stretch);
    if let Some(written) = own.filter(|written| written.file == position.file) {
        let from = written.range.start();
        if written.range.contains(position.offset) {
            let at = start + usize::from(position.offset - from);
            return Some((Nearness::Around(1), at, (at + 1).min(end)));
        }
        if let Some(past) = position.offset.checked_sub(written.range.end()) {
            return Some((
                Nearness::Behind(past.into()),
                end.saturating_sub(1).max(start),
                end,
            ));
        }
    }
    let printed = (!stretch.from.literal).then_some(&stretch.from.place);
    let calls = printed.into_iter().chain(&stretch.from.expanded_from);
    let innermost = calls.filter(around).min_by_key(|place| place.range.len())?;
    let width = u32::from(innermost.range.len()).saturating_add(1);
    Some((Nearness::Around(width), start, end))
}

/// The bytes of a file that a stretch of literal text stands for.
fn literal(stretch: &Stretch) -> Option<FileRange> {
    stretch.from.literal.then(|| {
        let start = stretch.from.place.range.start();
        let len = u32::try_from(stretch.end - stretch.start).unwrap_or(u32::MAX);
        FileRange {
            file: stretch.from.place.file,
            range: TextRange::at(start, TextSize::new(len)),
        }
    })
}

/// The stretches of compiled code that something within some bytes of a file led to, neighbours joined.
pub(super) fn rendered_from(compiled: &Arc<Compiled>, at: FileRange) -> Vec<TextRange> {
    let len = compiled.code.as_ref().map_or(0, String::len);
    let whole = Piece {
        start: 0,
        len,
        skipped: 0,
        compiled: compiled.clone(),
    };
    let within = |place: &FileRange| place.file == at.file && at.range.contains_range(place.range);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for stretch in whole.stretches() {
        let from = &stretch.from;
        let printed = !from.literal && within(&from.place);
        if !printed && !from.expanded_from.iter().any(within) {
            continue;
        }
        match found.last_mut() {
            Some((_, last)) if *last == stretch.start => *last = stretch.end,
            _ => found.push((stretch.start, stretch.end)),
        }
    }
    found.into_iter().map(|(start, end)| range(start, end)).collect()
}
