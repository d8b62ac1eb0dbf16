//! Mending what was found.
//!
//! All work happens in memory: fixes are applied, the project is analysed again with the new texts, and so on
//! until nothing is left to mend. Only the last texts are written, or shown as a difference, so that what
//! `--diff` prints is what `--fix` does.

mod diff;
mod edits;
mod overlay;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{Diagnostic, Safety, Source, System, Utf8Path, Utf8PathBuf};

use crate::engine::Analysis;
use crate::exit::Failure;

pub(crate) use diff::{Printer, diff};
pub(crate) use overlay::Overlay;
pub(crate) use write::write;

/// A fix may open the way for another one; this many times the project is analysed anew.
const ROUNDS: usize = 10;

/// Which fixes are applied, and where.
#[derive(Clone, Copy)]
pub(crate) struct Permission<'a> {
    /// Whether fixes that change what the project does are applied as well.
    pub unsafe_fixes: bool,
    /// Whether a file may be changed.
    pub may_change: &'a dyn Fn(&Source) -> bool,
}

/// A file with a new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The file, from the root of the file system.
    pub path: Utf8PathBuf,
    /// The path as reports show it.
    pub shown: Utf8PathBuf,
    /// The text as it was read.
    pub before: Arc<str>,
    /// The text as it shall be.
    pub after: Arc<str>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Mended {
    /// The analysis of the new texts.
    pub analysis: Analysis,
    /// The files that change, by path.
    pub changes: Vec<Change>,
    /// How many fixes were applied.
    pub applied: usize,
    /// Whether nothing is left that could be applied.
    pub settled: bool,
}

/// Applies fixes in memory until there is nothing left to apply.
///
/// `again` analyses the project with the new texts; both analyses hold those findings alone that are reported.
pub(crate) fn mend<'a>(
    system: &'a dyn System,
    project_dir: &Utf8Path,
    first: Analysis,
    permission: Permission<'_>,
    mut again: impl FnMut(&Overlay<'a>) -> Result<Analysis, Failure>,
) -> Result<Mended, Failure> {
    let mut overlay = Overlay::new(system);
    let mut changes: BTreeMap<Utf8PathBuf, Change> = BTreeMap::new();
    let mut analysis = first;
    let mut applied = 0;
    for _ in 0..ROUNDS {
        let chosen = edits::choose(&analysis, permission);
        let texts = edits::apply(&analysis.sources, &chosen);
        if texts.is_empty() {
            let changes = finished(changes);
            return Ok(Mended {
                analysis,
                changes,
                applied,
                settled: true,
            });
        }
        applied += chosen.len();
        for (at, after) in texts {
            let Some(source) = analysis.sources.get(at) else {
                continue;
            };
            let path = project_dir.join(&source.path);
            let after: Arc<str> = after.into();
            overlay.put(path.clone(), Arc::clone(&after));
            changes
                .entry(path.clone())
                .and_modify(|change| change.after = Arc::clone(&after))
                .or_insert_with(|| Change {
                    path,
                    shown: source.path.clone(),
                    before: Arc::clone(&source.text),
                    after,
                });
        }
        analysis = again(&overlay)?;
    }
    let settled = edits::choose(&analysis, permission).is_empty();
    Ok(Mended {
        analysis,
        changes: finished(changes),
        applied,
        settled,
    })
}

/// The findings whose fix is one that may be applied.
fn fixable(diagnostics: &[Diagnostic], unsafe_fixes: bool) -> impl Iterator<Item = &Diagnostic> {
    diagnostics.iter().filter(move |diagnostic| {
        let safety = diagnostic.fix.as_ref().map(|fix| fix.safety);
        safety.is_some_and(|safety| unsafe_fixes || safety == Safety::Safe)
    })
}

fn finished(changes: BTreeMap<Utf8PathBuf, Change>) -> Vec<Change> {
    let changed = |change: &Change| change.before != change.after;
    changes.into_values().filter(changed).collect()
}

#[cfg(test)]
mod tests {
    use glueline_base::{Diagnostic, FileId, FileRange, Fix, Group, MemSystem, RuleMeta, Severity, range};

    use super::*;

    const RULE: RuleMeta = RuleMeta {
        id: "a-rule",
        group: Group::Fails,
        severity: Severity::Error,
        summary: "",
        page: "",
        since: "",
        stop: None,
    };

    /// An analysis that wants every `from` in `a.sql` to become `to`.
    fn analysis(system: &dyn System, from: &str, to: &str) -> Analysis {
        let bytes = system.read("/p/a.sql".into()).unwrap();
        let source = Source::decode("a.sql".into(), bytes);
        let at = |start: usize| FileRange {
            file: FileId(0),
            range: range(start, start + from.len()),
        };
        let diagnostics = source
            .text
            .match_indices(from)
            .map(|(start, _)| Diagnostic::new(&RULE, at(start), "").fix(Fix::safe("").replace(at(start), to)))
            .collect();
        Analysis {
            sources: vec![source],
            diagnostics,
            ..Analysis::default()
        }
    }

    fn run(text: &str, from: &str, to: &str) -> Mended {
        let mut system = MemSystem::new();
        system.write("/p/a.sql", text);
        let permission = Permission {
            unsafe_fixes: false,
            may_change: &|_| true,
        };
        let first = analysis(&system, from, to);
        mend(&system, "/p".into(), first, permission, |overlay| {
            Ok(analysis(overlay, from, to))
        })
        .unwrap()
    }

    #[test]
    fn fixes_open_the_way_for_others_until_none_is_left() {
        // Halves runs of `a`: each round leaves work for the next.
        let mended = run("aaaaaaaa b", "aa", "a");
        assert!(mended.settled);
        assert_eq!(mended.applied, 4 + 2 + 1);
        assert!(mended.analysis.diagnostics.is_empty());
        let [change] = mended.changes.as_slice() else {
            panic!("{:?}", mended.changes)
        };
        assert_eq!((&*change.before, &*change.after), ("aaaaaaaa b", "a b"));
        assert_eq!(
            (change.path.as_str(), change.shown.as_str()),
            ("/p/a.sql", "a.sql")
        );
    }

    #[test]
    fn fixes_that_never_end_are_stopped() {
        let mended = run("a", "a", "aa");
        assert!(!mended.settled);
        assert_eq!(mended.changes[0].after.len(), 1 << ROUNDS);
    }

    #[test]
    fn fixes_that_change_nothing_leave_nothing_to_write() {
        let mended = run("b", "a", "b");
        assert!(mended.settled && mended.changes.is_empty() && mended.applied == 0);
        let mended = run("a", "a", "a");
        assert!(mended.changes.is_empty(), "{:?}", mended.changes);
    }
}
