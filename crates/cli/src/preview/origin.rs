//! Which lines of a statement stand in which files of the project.

use glueline_base::{FileId, FileRange};
use glueline_plan::PlannedNode;
use glueline_project::Project;
use glueline_render::Compiled;

use crate::report::Locator;

/// Where the lines of a text come from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// For each line of the text the line of the node's own file that it was rendered from, from 1.
    pub(super) lines: Vec<Option<u32>>,
    /// The stretches of files that the text was rendered from, the node's own first.
    pub(super) places: Vec<Place>,
}

/// Lines of a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The file.
    pub(super) file: FileId,
    /// The first line.
    pub(super) start: u32,
    /// The last line.
    pub(super) end: u32,
}

/// Finds the compiled code of a node in a text that it sends. Macros paste it as it is.
pub(super) fn of(project: &Project, locator: &Locator<'_>, planned: &PlannedNode, text: &str) -> Origin {
    let own = planned
        .node
        .map(|id| project.node(id).file())
        .or_else(|| planned.operation.as_ref().map(|operation| operation.place.file));
    let compiled = planned.run.as_ref().and_then(|run| run.compiled.as_deref());
    let (Some(own), Some(compiled)) = (own, compiled) else {
        return Origin::default();
    };
    let Some((code_at, code, skipped)) = pasted(compiled, text) else {
        return Origin::default();
    };
    let mut origin = Origin::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let first = start + line.len() - line.trim_start().len();
        start += line.len();
        let is_within = !line.trim().is_empty() && first >= code_at && first < code_at + code.len();
        let place = is_within
            .then(|| source(compiled, first - code_at + skipped, own))
            .flatten();
        let Some(place) = place else {
            origin.lines.push(None);
            continue;
        };
        let number = locator.span(place).start.line;
        origin.lines.push((place.file == own).then_some(number));
        origin.note(place.file, number);
    }
    origin.places.sort_by_key(|place| place.file != own);
    origin
}

/// Where the compiled code of a node stands in a text: its start, itself, and how much of its own start is left out.
fn pasted<'a>(compiled: &'a Compiled, text: &str) -> Option<(usize, &'a str, usize)> {
    let code = compiled.code.as_deref()?;
    let trimmed = code.trim();
    if trimmed.is_empty() {
        return None;
    }
    let skipped = code.len() - code.trim_start().len();
    let at = text.find(trimmed)?;
    Some((at, trimmed, skipped))
}

/// The place that a byte was rendered from: in the node's own file, where any expression there led to it.
fn source(compiled: &Compiled, offset: usize, own: FileId) -> Option<FileRange> {
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
