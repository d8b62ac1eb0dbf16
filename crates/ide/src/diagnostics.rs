//! What is wrong, live: the findings of `check` on unsaved text.
//!
//! There are two lanes. [`Findings::of_files`] answers a keystroke: it looks at the files that were typed in and nothing else.
//! [`Findings::whole`] follows when the typing pauses, and says what `check` says, to the byte. What only a look at the whole project
//! can say is carried from one whole look to the next, moved along with the text, so that nothing flickers.

use glueline_base::{Cancel, Diagnostic, FileId, Utf8Path};
use glueline_rules::Known;

use crate::Analysis;

/// What is known of every file at an analysis. Cheap to copy; never changes.
#[derive(Debug, Clone)]
pub struct Findings(Known);

impl Findings {
    /// Everything that `check` finds, suppressions applied. `last` is what was known before, of any earlier analysis of the same
    /// project: what cannot have changed since is not looked for again. `None` where the work was cancelled.
    pub fn whole(analysis: &Analysis, last: Option<&Self>, cancel: &Cancel) -> Option<Self> {
        Known::find(analysis.schemas(), last.map(|last| &last.0), cancel).map(Self)
    }

    /// That nothing was looked at yet, for the time until the whole was: [`Findings::of_files`] then says what files and their nodes say
    /// by themselves.
    pub fn none(analysis: &Analysis) -> Self {
        Self(Known::nothing(analysis.renderer()))
    }

    /// That only the project as a whole was looked at yet, which is soon done: [`Findings::of_files`] then says besides what only it
    /// can say of them. `None` where the work was cancelled.
    pub fn first(analysis: &Analysis, cancel: &Cancel) -> Option<Self> {
        Known::first(analysis.renderer(), cancel).map(Self)
    }

    /// The findings of some files at a later analysis: what the files and their nodes say is looked at anew, and what only a look at
    /// the whole project can say is taken from here, its places moved along with the edits since. Numbers of files are those of
    /// `analysis`; every file asked for has an entry.
    pub fn of_files(&self, analysis: &Analysis, files: &[FileId]) -> Vec<(FileId, Vec<Diagnostic>)> {
        self.0.of_files(analysis.schemas(), files, &Cancel::new())
    }

    /// The findings of a file, by its number at the analysis that was looked at, sorted by place and rule.
    pub fn of(&self, file: FileId) -> &[Diagnostic] {
        let all = self.0.found();
        let start = all.partition_point(|found| found.at.file < file);
        let end = all.partition_point(|found| found.at.file <= file);
        all.get(start..end).unwrap_or_default()
    }

    /// Every file with findings, in the order of numbers.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &[Diagnostic])> {
        let by_file = self.0.found().chunk_by(|one, next| one.at.file == next.at.file);
        by_file.filter_map(|found| Some((found.first()?.at.file, found)))
    }

    /// Everything, sorted by file, place and rule, as `check` has it.
    pub fn all(&self) -> &[Diagnostic] {
        self.0.found()
    }
}

/// What can be said of a text before its project is read, and of one that belongs to no project: what is wrong whatever the rest
/// may be. Places are in file 0.
pub fn alone(path: &Utf8Path, text: &str) -> Vec<Diagnostic> {
    glueline_rules::alone(path, text)
}
