//! Growing a selection by syntax: from a word to what it is a part of, and on to the whole file.

mod sql;
mod template;
mod yaml;

use glueline_base::{TextRange, TextSize, slice};
use glueline_project::FileKind;

use crate::{Analysis, FilePosition};

/// The ranges around a place, each inside the next and larger than it. The first is empty or a word, the last is the whole file.
pub fn ranges(analysis: &Analysis, position: FilePosition) -> Vec<TextRange> {
    let text = analysis.text(position.file);
    let offset = position.offset.min(TextSize::of(text));
    let mut around = Around {
        text,
        offset,
        found: Vec::new(),
    };
    match analysis.project().files().info(position.file).kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro => {
            if !template::read(&mut around, text, TextSize::new(0)) {
                sql::read(&mut around, analysis, position.file);
            }
        }
        FileKind::Docs => {
            template::read(&mut around, text, TextSize::new(0));
        }
        FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Properties => yaml::read(&mut around),
        FileKind::PythonModel | FileKind::Seed | FileKind::Fixture | FileKind::Settings => {}
    }
    around.finish()
}

/// The ranges found so far.
struct Around<'a> {
    text: &'a str,
    offset: TextSize,
    found: Vec<TextRange>,
}

impl Around<'_> {
    /// Takes a range if it is around the place.
    fn add(&mut self, range: TextRange) -> bool {
        let holds = range.contains_inclusive(self.offset) && !range.is_empty();
        if holds {
            self.found.push(range);
        }
        holds
    }

    /// The word at the place, and the line that it stands on.
    fn add_words(&mut self) {
        let at = usize::from(self.offset);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (before, behind) = (
            self.text.get(..at).unwrap_or_default(),
            self.text.get(at..).unwrap_or_default(),
        );
        let start = before.trim_end_matches(is_word).len();
        let end = at + behind.len() - behind.trim_start_matches(is_word).len();
        self.add(glueline_base::range(start, end));
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = behind.find('\n').map_or(self.text.len(), |newline| at + newline);
        let written = self.text.get(line..rest).unwrap_or_default();
        let indent = written.len() - written.trim_start().len();
        self.add(glueline_base::range(
            line + indent,
            line + written.trim_end().len(),
        ));
    }

    fn finish(mut self) -> Vec<TextRange> {
        self.add_words();
        let whole = glueline_base::range(0, self.text.len());
        self.found.push(whole);
        self.found.sort_by_key(|range| (range.len(), range.start()));
        let mut out: Vec<TextRange> = Vec::with_capacity(self.found.len());
        for range in self.found {
            let is_whole_text = !slice(self.text, range).is_empty() || range == whole;
            let grows = out
                .last()
                .is_none_or(|last| range != *last && range.contains_range(*last));
            if is_whole_text && grows {
                out.push(range);
            }
        }
        out
    }
}
