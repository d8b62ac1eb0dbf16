//! Lines, and what indentation alone tells.

use glueline_base::{TextRange, TextSize, range, slice, starts_of_lines};

use super::{FoldKind, Folds};

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<TextSize>,
    end: TextSize,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        Self {
            starts: starts_of_lines(text)
                .map(|start| range(start, start).start())
                .collect(),
            end: range(text.len(), text.len()).start(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The number of the line of an offset, from 0.
    pub(super) fn of(&self, offset: TextSize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    pub(super) fn start(&self, line: usize) -> TextSize {
        self.starts.get(line).copied().unwrap_or(self.end)
    }

    /// The end of a line, its line break left out.
    pub(super) fn end(&self, text: &str, line: usize) -> TextSize {
        let start = self.start(line);
        let next = self.start(line + 1).max(start);
        let written = slice(text, TextRange::new(start, next));
        let kept = written.trim_end_matches(['\r', '\n']).len();
        start + range(0, kept).len()
    }
}

/// Folds what stands further right than the line above it, as Python means it.
pub(super) fn indented(out: &mut Folds<'_>) {
    // The lines that are open, with their indentation.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut last = 0;
    let mut found = Vec::new();
    let mut comments = Vec::new();
    for line in 0..out.lines.count() {
        let start = out.lines.start(line);
        let written = slice(out.text, TextRange::new(start, out.lines.end(out.text, line)));
        let rest = written.trim_start();
        if rest.is_empty() {
            continue;
        }
        let indent = written.len() - rest.len();
        if let Some(says) = rest.strip_prefix('#') {
            let at = start + range(0, indent).len();
            comments.push((TextRange::new(at, out.lines.end(out.text, line)), says));
        }
        while let Some((first, _)) = open.pop_if(|(_, left)| *left >= indent) {
            found.push((first, last));
        }
        open.push((line, indent));
        last = line;
    }
    found.extend(open.into_iter().map(|(first, _)| (first, last)));
    for (first, last) in found {
        out.hide(first, last, FoldKind::Block);
    }
    out.comments(&comments);
}
