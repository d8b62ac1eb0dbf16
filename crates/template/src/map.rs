//! Where every byte of a rendered text comes from.

use std::sync::Arc;

use glueline_base::{FileRange, TextRange, TextSize};

use crate::marks::{Part, Parts};
use crate::program::{Program, SiteKind};

/// The way back from a rendered text to what it was rendered from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// In order, without gaps: each stretch ends where the next starts.
    stretches: Vec<Stretch>,
    origins: Vec<Origin>,
}

/// A stretch of rendered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// Where it starts, in bytes of the rendered text.
    start: u32,
    /// Which of the origins; `None` for text that no template wrote.
    origin: Option<u32>,
    /// How far into a literal text the stretch starts.
    skipped: u32,
}

/// Where a stretch of rendered text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    place: FileRange,
    literal: bool,
    /// The expression that this was rendered for: the call of the macro that wrote it.
    outer: Option<u32>,
}

/// What one byte of rendered text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The byte itself for text that stands as it is in a file; else the expression that printed it.
    pub place: FileRange,
    /// Whether the text stands in the file as it is.
    pub literal: bool,
    /// The expressions it was rendered for, the innermost call first.
    pub expanded_from: Vec<FileRange>,
}

impl SourceMap {
    /// Reads the marks of a text: gives the text without them, and the map.
    pub(crate) fn read(marked: &str, programs: &[Arc<Program>]) -> (String, Self) {
        let mut reader = Reader {
            programs,
            text: String::with_capacity(marked.len()),
            map: Self::default(),
            frames: vec![Frame {
                program: programs.first(),
                outer: None,
            }],
            sites: Vec::new(),
        };
        for part in Parts::new(marked) {
            reader.part(part);
        }
        (reader.text, reader.map)
    }

    /// Where the byte at an offset of the rendered text comes from; `None` beyond the text, or where no template wrote it.
    pub fn at(&self, offset: usize) -> Option<Provenance> {
        let offset = u32::try_from(offset).ok()?;
        let index = self
            .stretches
            .partition_point(|stretch| stretch.start <= offset)
            .checked_sub(1)?;
        let stretch = self.stretches.get(index)?;
        let origin = self.origin(stretch.origin?)?;
        let place = if origin.literal {
            let start = origin.place.range.start() + TextSize::new(stretch.skipped + offset - stretch.start);
            let start = start.min(origin.place.range.end());
            let end = (start + TextSize::new(1)).min(origin.place.range.end());
            FileRange {
                file: origin.place.file,
                range: TextRange::new(start, end),
            }
        } else {
            origin.place
        };
        let mut expanded_from = Vec::new();
        let mut outer = origin.outer;
        while let Some(found) = outer.and_then(|outer| self.origin(outer)) {
            expanded_from.push(found.place);
            outer = found.outer;
        }
        Some(Provenance {
            place,
            literal: origin.literal,
            expanded_from,
        })
    }

    /// Every stretch of the text that comes from one place: start, end (in bytes of the rendered text) and the place.
    pub fn stretches(&self, len: usize) -> impl Iterator<Item = (usize, usize, Option<FileRange>)> + '_ {
        self.stretches.iter().enumerate().map(move |(index, stretch)| {
            let end = self
                .stretches
                .get(index + 1)
                .map_or(len, |next| next.start as usize);
            let place = stretch
                .origin
                .and_then(|origin| self.origin(origin))
                .map(|origin| origin.place);
            (stretch.start as usize, end, place)
        })
    }

    /// The map of two texts, one behind the other, where the first has `len` bytes.
    pub fn append(&mut self, len: usize, other: &Self) {
        let shift = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        let offset = u32::try_from(len).unwrap_or(u32::MAX);
        self.origins.extend(other.origins.iter().map(|origin| Origin {
            outer: origin.outer.map(|outer| outer.saturating_add(shift)),
            ..*origin
        }));
        self.stretches
            .extend(other.stretches.iter().map(|stretch| Stretch {
                start: stretch.start.saturating_add(offset),
                origin: stretch.origin.map(|origin| origin.saturating_add(shift)),
                skipped: stretch.skipped,
            }));
    }

    /// Adds a stretch that no template wrote, from byte `start` on.
    pub fn append_unmapped(&mut self, start: usize) {
        self.stretches.push(Stretch {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            origin: None,
            skipped: 0,
        });
    }

    /// The map of a stretch of the text.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let (from, to) = (
            u32::try_from(start).unwrap_or(u32::MAX),
            u32::try_from(end).unwrap_or(u32::MAX),
        );
        let first = self
            .stretches
            .partition_point(|stretch| stretch.start <= from)
            .saturating_sub(1);
        let stretches = self
            .stretches
            .iter()
            .skip(first)
            .take_while(|stretch| stretch.start < to)
            .map(|stretch| Stretch {
                start: stretch.start.saturating_sub(from),
                origin: stretch.origin,
                skipped: stretch.skipped + from.saturating_sub(stretch.start),
            })
            .collect();
        Self {
            stretches,
            origins: self.origins.clone(),
        }
    }

    fn origin(&self, index: u32) -> Option<&Origin> {
        self.origins.get(index as usize)
    }
}

#[derive(Clone, Copy)]
struct Frame<'a> {
    program: Option<&'a Arc<Program>>,
    outer: Option<u32>,
}

struct Reader<'a> {
    programs: &'a [Arc<Program>],
    text: String,
    map: SourceMap,
    frames: Vec<Frame<'a>>,
    /// The open sites: origin, and how much of a literal text was written.
    sites: Vec<(Option<u32>, u32)>,
}

impl Reader<'_> {
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Text(text) => self.write(text),
            Part::Char(c) => self.write(c.encode_utf8(&mut [0; 4])),
            Part::Open(site) => {
                let origin = self.open(site);
                self.sites.push((origin, 0));
            }
            Part::Close => {
                self.sites.pop();
            }
            Part::Skip(count) => {
                if let Some((_, written)) = self.sites.last_mut() {
                    *written = written.saturating_add(count);
                }
            }
            Part::Frame(program) => {
                let outer = self.sites.last().and_then(|(origin, _)| *origin);
                self.frames.push(Frame {
                    program: self.programs.get(program as usize),
                    outer,
                });
            }
            Part::EndFrame => {
                self.frames.pop();
            }
        }
    }

    fn open(&mut self, site: u32) -> Option<u32> {
        let frame = self.frames.last()?;
        let program = frame.program?;
        let found = program.site(site)?;
        let index = u32::try_from(self.map.origins.len()).ok()?;
        // Within a print of the same program, as a captured text is, the outer site is the one that prints.
        let outer = self.sites.last().and_then(|(origin, _)| *origin).or(frame.outer);
        self.map.origins.push(Origin {
            place: program.place(found.range),
            literal: found.kind == SiteKind::Text && program.is_exact(),
            outer,
        });
        Some(index)
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let (origin, skipped) = match self.sites.last_mut() {
            Some((origin, written)) => {
                let before = *written;
                *written = written.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
                (*origin, before)
            }
            None => (None, 0),
        };
        self.map.stretches.push(Stretch {
            start,
            origin,
            skipped,
        });
        self.text.push_str(text);
    }
}
