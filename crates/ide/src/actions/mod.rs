//! Code actions: fixes of findings, fix all, comments that silence a rule, refactorings.
//!
//! Each is plain data: replacements in texts, and files to create. What is offered can be applied as it is; where something stands
//! in the way, nothing is offered.

mod extract;
mod fixes;
mod incremental;
mod properties;
mod relation;
mod subquery;
mod suppress;
mod text;

use glueline_base::{Diagnostic, Edit, FileId, FileRange, TextRange, Utf8PathBuf};

use crate::Analysis;

pub use fixes::fix_all;

/// What sort of action it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionKind {
    /// It mends or silences a finding.
    QuickFix,
    /// It takes a part out into something of its own.
    Extract,
    /// It writes something in another way, or adds what is missing.
    Rewrite,
    /// It applies every safe fix of the file.
    FixAll,
}

/// A file to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// Its path from the root of the file system. Nothing is there yet.
    pub path: Utf8PathBuf,
    /// Its text.
    pub text: String,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative.
    pub title: String,
    /// What sort it is.
    pub kind: ActionKind,
    /// Whether it is the one to take: a fix that may be applied unasked.
    pub is_preferred: bool,
    /// The finding that it is about, by its number among those given.
    pub finding: Option<usize>,
    /// Replacements, which do not overlap.
    pub edits: Vec<Edit>,
    /// Files to create.
    pub creations: Vec<Creation>,
}

impl Action {
    fn new(title: impl Into<String>, kind: ActionKind) -> Self {
        Self {
            title: title.into(),
            kind,
            is_preferred: false,
            finding: None,
            edits: Vec::new(),
            creations: Vec::new(),
        }
    }

    #[must_use]
    fn replace(mut self, at: FileRange, text: impl Into<String>) -> Self {
        self.edits.push(Edit {
            at,
            text: text.into(),
        });
        self
    }

    #[must_use]
    fn create(mut self, path: Utf8PathBuf, text: String) -> Self {
        self.creations.push(Creation { path, text });
        self
    }

    #[must_use]
    const fn about(mut self, finding: usize) -> Self {
        self.finding = Some(finding);
        self
    }
}

/// What can be done at a range of a file. `findings` are those of the file, as they are shown.
pub fn actions(analysis: &Analysis, file: FileId, range: TextRange, findings: &[Diagnostic]) -> Vec<Action> {
    let mut out = fixes::of_findings(file, range, findings);
    out.extend(suppress::of_findings(analysis, file, range, findings));
    // Only the root project's files are the user's own.
    if analysis.project().files().info(file).package == 0 {
        out.extend(relation::replace(analysis, file, range));
        out.extend(incremental::wrap(analysis, file, range));
        out.extend(extract::cte_to_model(analysis, file, range));
        out.extend(subquery::subquery_to_cte(analysis, file, range));
        out.extend(properties::actions(analysis, file, range));
    }
    out
}
