//! Which lines of a statement stand in which files of the project.

use glueline_base::{FileId, FileRange};
use glueline_project::Project;
use glueline_render::Compiled;

use crate::plan::PlannedNode;

/// Where the lines of a text come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// For each line of the text the line of the node's own file that it was rendered from, from 1.
    pub lines: Vec<Option<u32>>,
    /// The stretches of files that the text was rendered from, the node's own first.
    pub places: Vec<Place>,
    /// Where the compiled code of the node stands in the text.
    pub pasted: Option<Pasted>,
}

/// The compiled code of a node within a text that it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pasted {
    /// The byte of the text at which it starts.
    pub start: usize,
    /// How many bytes of it there are.
    pub len: usize,
    /// How many bytes of its own start are left out: white space.
    pub skipped: usize,
}

/// Lines of a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The first line.
    pub start: u32,
    /// The last line.
    pub end: u32,
}

/// Finds the compiled code of a node in a text that it sends. Macros paste it as it is. `line` tells the line that a place starts
/// on, from 1.
pub fn origin(
    project: &Project,
    line: &dyn Fn(FileRange) -> u32,
    planned: &PlannedNode,
    text: &str,
) -> Origin {
    let own = planned
        .node
        .map(|id| project.node(id).file())
        .or_else(|| planned.operation.as_ref().map(|operation| operation.place.file));
    let compiled = planned.run.as_ref().and_then(|run| run.compiled.as_deref());
    let (Some(own), Some(compiled)) = (own, compiled) else {
        return Origin::default();
    };
    let Some(pasted) = pasted(compiled, text) else {
        return Origin::default();
    };
    let mut origin = Origin {
        pasted: Some(pasted),
        ..Origin::default()
    };
    let mut start = 0;
    for written in text.split_inclusive('\n') {
        let first = start + written.len() - written.trim_start().len();
        start += written.len();
        let is_within =
            !written.trim().is_empty() && first >= pasted.start && first < pasted.start + pasted.len;
        let place = is_within
            .then(|| source(compiled, first - pasted.start + pasted.skipped, own))
            .flatten();
        let Some(place) = place else {
            origin.lines.push(None);
            continue;
        };
        let number = line(place);
        origin.lines.push((place.file == own).then_some(number));
        origin.note(place.file, number);
    }
    origin.places.sort_by_key(|place| place.file != own);
    origin
}

fn pasted(compiled: &Compiled, text: &str) -> Option<Pasted> {
    let code = compiled.code.as_deref()?;
    let trimmed = code.trim();
    if trimmed.is_empty() {
        return None;
    }
    Some(Pasted {
        start: text.find(trimmed)?,
        len: trimmed.len(),
        skipped: code.len() - code.trim_start().len(),
    })
}

/// The place that a byte of compiled code was rendered from: in the node's own file, where any expression there led to it.
pub fn source(compiled: &Compiled, offset: usize, own: FileId) -> Option<FileRange> {
    let found = compiled.map.at(offset)?;
    let within = std::iter::once(found.place).chain(found.expanded_from.iter().copied());
    Some(
        within
            .into_iter()
            .find(|place| place.file == own)
            .unwrap_or(found.place),
    )
}

impl Origin {
    fn note(&mut self, file: FileId, line: u32) {
        match self.places.iter_mut().find(|place| place.file == file) {
            Some(place) => {
                place.start = place.start.min(line);
                place.end = place.end.max(line);
            }
            None => self.places.push(Place {
                file,
                start: line,
                end: line,
            }),
        }
    }
}
