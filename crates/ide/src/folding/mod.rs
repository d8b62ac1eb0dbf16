//! Ranges that can be folded.
//!
//! A range is what is hidden: from the end of the line that stays to the end of the last line that goes. What closes a thing on a
//! line of its own stays, too.

mod lines;
mod sql;
mod template;
mod yaml;

use glueline_base::{FileId, TextRange};
use glueline_project::FileKind;

use crate::Analysis;
use lines::Lines;

pub(crate) use template::bodies;

/// What folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoldKind {
    /// A comment, or several on lines of their own.
    Comment,
    /// What stands between `region` and `endregion` in comments.
    Region,
    /// Anything else.
    Block,
}

/// A range that can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// What is hidden.
    pub range: TextRange,
    /// What folds.
    pub kind: FoldKind,
}

/// What can be folded in a file, in the order of the text; one range for each line that one begins on.
pub fn folds(analysis: &Analysis, file: FileId) -> Vec<Fold> {
    let text = analysis.text(file);
    let mut out = Folds {
        text,
        lines: Lines::new(text),
        found: Vec::new(),
    };
    match analysis.project().files().info(file).kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro => {
            template::read(&mut out);
            sql::read(&mut out, analysis, file);
        }
        FileKind::Docs => template::read(&mut out),
        FileKind::PythonModel => lines::indented(&mut out),
        FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Properties => yaml::read(&mut out),
        FileKind::Seed | FileKind::Fixture | FileKind::Settings => {}
    }
    out.finish()
}

/// What was found so far.
struct Folds<'a> {
    text: &'a str,
    lines: Lines,
    found: Vec<Fold>,
}

impl Folds<'_> {
    /// A thing that ends with its last byte.
    fn whole(&mut self, range: TextRange, kind: FoldKind) {
        let first = self.lines.of(range.start());
        let last = self.lines.of(range.end());
        self.hide(first, last, kind);
    }

    /// A thing that is closed at `close`: where that begins its line, the line stays.
    fn closed(&mut self, start: glueline_base::TextSize, close: glueline_base::TextSize) {
        let first = self.lines.of(start);
        let last = self.lines.of(close);
        let begins = glueline_base::slice(
            self.text,
            TextRange::new(self.lines.start(last), close.max(self.lines.start(last))),
        );
        // Several may be closed on one line: `) }}`.
        let stays = begins
            .trim_matches(|c: char| c.is_whitespace() || ")]}".contains(c))
            .is_empty();
        self.hide(
            first,
            if stays { last.saturating_sub(1) } else { last },
            FoldKind::Block,
        );
    }

    /// Hides the lines behind one, up to another.
    fn hide(&mut self, first: usize, last: usize, kind: FoldKind) {
        if first >= last {
            return;
        }
        let range = TextRange::new(self.lines.end(self.text, first), self.lines.end(self.text, last));
        self.found.push(Fold { range, kind });
    }

    /// Comments, each with what it says: those on lines of their own below each other fold, and regions.
    fn comments(&mut self, comments: &[(TextRange, &str)]) {
        let mut open = Vec::new();
        let mut run: Option<(usize, usize)> = None;
        for (range, says) in comments {
            let (first, last) = (self.lines.of(range.start()), self.lines.of(range.end()));
            if first < last {
                self.hide(first, last, FoldKind::Comment);
            }
            let says = says.trim().trim_start_matches('#');
            let word = says.split_whitespace().next().unwrap_or_default();
            if word.eq_ignore_ascii_case("region") {
                open.push(first);
            } else if word.eq_ignore_ascii_case("endregion")
                && let Some(start) = open.pop()
            {
                self.hide(start, last, FoldKind::Region);
            }
            let before = TextRange::new(self.lines.start(first), range.start());
            let is_region = word.to_ascii_lowercase().ends_with("region");
            if is_region || !glueline_base::slice(self.text, before).trim().is_empty() {
                self.end_run(&mut run);
                continue;
            }
            match &mut run {
                Some((_, end)) if *end + 1 == first => *end = last,
                _ => {
                    self.end_run(&mut run);
                    run = Some((first, last));
                }
            }
        }
        self.end_run(&mut run);
    }

    fn end_run(&mut self, run: &mut Option<(usize, usize)>) {
        if let Some((first, last)) = run.take() {
            self.hide(first, last, FoldKind::Comment);
        }
    }

    fn finish(mut self) -> Vec<Fold> {
        let key = |fold: &Fold| (fold.range.start(), std::cmp::Reverse(fold.range.end()), fold.kind);
        self.found.sort_by_key(key);
        // An editor shows one sign for a line: that of the largest range.
        self.found.dedup_by_key(|fold| fold.range.start());
        self.found
    }
}
