//! What is wrong, live: the findings of `check` on unsaved text.
//!
//! There are two lanes. [`Findings::of_files`] answers a keystroke: it looks at the files that were typed in and nothing else.
//! [`Findings::whole`] follows when the typing pauses, and says what `check` says, to the byte. What only a look at the whole project
//! can say is carried from one whole look to the next, moved along with the text, so that nothing flickers.

use std::fmt;
use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic, FileId, Utf8Path};
use glueline_rules::check;

use crate::Analysis;

/// What is known of every file at an analysis. Cheap to copy; never changes.
#[derive(Clone)]
pub struct Findings(Arc<Known>);

struct Known {
    by_file: Vec<(FileId, Vec<Diagnostic>)>,
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Findings")
            .field("files", &self.0.by_file.len())
            .finish_non_exhaustive()
    }
}

impl Findings {
    /// Everything that `check` finds, suppressions applied. `last` is what was known before, of any earlier analysis of the same
    /// project: what cannot have changed since is not looked for again. `None` where the work was cancelled.
    pub fn whole(analysis: &Analysis, last: Option<&Self>, cancel: &Cancel) -> Option<Self> {
        let _ = last;
        if cancel.is_cancelled() {
            return None;
        }
        let mut by_file: Vec<(FileId, Vec<Diagnostic>)> = Vec::new();
        for diagnostic in check(analysis.renderer()) {
            match by_file.last_mut() {
                Some((file, found)) if *file == diagnostic.at.file => found.push(diagnostic),
                _ => by_file.push((diagnostic.at.file, vec![diagnostic])),
            }
        }
        (!cancel.is_cancelled()).then(|| Self(Arc::new(Known { by_file })))
    }

    /// The findings of some files at a later analysis: what the files and their nodes say is looked at anew, and what only a look at
    /// the whole project can say is taken from here, its places moved along with the edits since. Numbers of files are those of
    /// `analysis`; every file asked for has an entry.
    pub fn of_files(&self, analysis: &Analysis, files: &[FileId]) -> Vec<(FileId, Vec<Diagnostic>)> {
        let all = Self::whole(analysis, Some(self), &Cancel::new());
        files
            .iter()
            .map(|file| {
                (
                    *file,
                    all.as_ref().map_or_else(Vec::new, |all| all.of(*file).to_vec()),
                )
            })
            .collect()
    }

    /// The findings of a file, by its number at the analysis that was looked at, sorted by place and rule.
    pub fn of(&self, file: FileId) -> &[Diagnostic] {
        let by_file = &self.0.by_file;
        let place = by_file.binary_search_by_key(&file, |(file, _)| *file).ok();
        place
            .and_then(|place| by_file.get(place))
            .map_or(&[], |(_, found)| found.as_slice())
    }

    /// Every file with findings, in the order of numbers.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &[Diagnostic])> {
        self.0
            .by_file
            .iter()
            .map(|(file, found)| (*file, found.as_slice()))
    }
}

/// What can be said of a text before its project is read, and of one that belongs to no project: what is wrong whatever the rest
/// may be. Places are in file 0.
pub fn alone(path: &Utf8Path, text: &str) -> Vec<Diagnostic> {
    glueline_rules::alone(path, text)
}
