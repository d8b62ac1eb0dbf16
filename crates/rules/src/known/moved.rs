//! Places of an earlier text in a later one.

use glueline_base::{Diagnostic, FileId, FileRange, TextRange, range};
use glueline_project::Project;
use rustc_hash::FxHashMap;

/// What lies between what two texts have in common at their ends.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// Where it starts, in both.
    start: usize,
    /// Where it ends in the earlier text.
    before: usize,
    /// Where it ends in the later one.
    after: usize,
}

impl Change {
    fn between(before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let same = |(one, other): &(u8, u8)| one == other;
        let most = before.len().min(after.len());
        let mut start = before.bytes().zip(after.bytes()).take_while(same).count();
        while !(before.is_char_boundary(start) && after.is_char_boundary(start)) {
            start -= 1;
        }
        let ends = before.bytes().rev().zip(after.bytes().rev());
        let mut end = ends.take(most - start).take_while(same).count();
        while !(before.is_char_boundary(before.len() - end) && after.is_char_boundary(after.len() - end)) {
            end -= 1;
        }
        Some(Self {
            start,
            before: before.len() - end,
            after: after.len() - end,
        })
    }

    /// Where an offset is now; what lay in the change is at the end of it that is asked for, and so is what was put in there.
    const fn offset(&self, at: usize, to_end: bool) -> usize {
        let is_put_in = self.before == self.start;
        if at < self.start || (at == self.start && !(to_end && is_put_in)) {
            at
        } else if at >= self.before {
            at - self.before + self.after
        } else if to_end {
            self.after
        } else {
            self.start
        }
    }

    fn range(&self, at: TextRange) -> TextRange {
        let start = self.offset(usize::from(at.start()), false);
        // A word that is typed on grows; what has no length has nothing to grow.
        range(
            start,
            self.offset(usize::from(at.end()), !at.is_empty()).max(start),
        )
    }

    /// Whether a range has something of the change in it.
    fn touches(&self, at: TextRange) -> bool {
        usize::from(at.start()) < self.before.max(self.start + 1) && usize::from(at.end()) > self.start
    }
}

/// Carries places from an earlier reading of a project to a later one.
pub(super) struct Moves<'a> {
    before: &'a Project,
    after: &'a Project,
    known: FxHashMap<FileId, Option<(FileId, Option<Change>)>>,
}

impl<'a> Moves<'a> {
    pub(super) fn new(before: &'a Project, after: &'a Project) -> Self {
        Self {
            before,
            after,
            known: FxHashMap::default(),
        }
    }

    /// A finding where its places are now; `None` where a file of it has gone. A mend of a text that was changed is let go.
    pub(super) fn finding(&mut self, found: &Diagnostic) -> Option<Diagnostic> {
        let mut moved = found.clone();
        let edits = moved.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.at);
        let is_torn = edits.collect::<Vec<_>>().into_iter().any(|at| self.is_torn(at));
        if is_torn {
            moved.fix = None;
        }
        for place in moved.places_mut() {
            *place = self.place(*place)?;
        }
        Some(moved)
    }

    fn place(&mut self, at: FileRange) -> Option<FileRange> {
        let (file, change) = self.file(at.file)?;
        let range = change.map_or(at.range, |change| change.range(at.range));
        Some(FileRange { file, range })
    }

    fn is_torn(&mut self, at: FileRange) -> bool {
        let change = self.file(at.file).and_then(|(_, change)| change);
        change.is_some_and(|change| change.touches(at.range))
    }

    fn file(&mut self, file: FileId) -> Option<(FileId, Option<Change>)> {
        let (before, after) = (self.before, self.after);
        *self.known.entry(file).or_insert_with(|| {
            let info = before.files().info(file);
            let now = after.files().by_path(&info.shown)?;
            let change = Change::between(before.files().text(file), after.files().text(now));
            Some((now, change))
        })
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::slice;

    use super::*;

    #[test]
    fn places_move_with_the_text() {
        // What is between the brackets, before and after.
        let cases = [
            ("a [b] c", "xx a [b] c"),
            ("a [b] c", "a [b] c yy"),
            ("a [b] c", "a [bb] c"),
            ("a [bcd] c", "a [bd] c"),
            ("a [b] c", "a [] c"),
            ("é [é] é", "éé [é] é"),
            ("é [é] é", "é [è] é"),
            ("a [b] a", "a a [b] a"),
        ];
        for (before, after) in cases {
            let marked = |text: &str| {
                let plain = text.replace(['[', ']'], "");
                let start = text.find('[').unwrap();
                (plain, range(start, text.find(']').unwrap() - 1))
            };
            let ((before_text, at), (after_text, expected)) = (marked(before), marked(after));
            let moved = Change::between(&before_text, &after_text).map_or(at, |change| change.range(at));
            assert!(moved.contains_range(expected), "{before} -> {after}: {moved:?}");
            assert!(usize::from(moved.end()) <= after_text.len());
            assert_eq!(slice(&after_text, moved).is_empty(), moved.is_empty());
        }
    }
}
