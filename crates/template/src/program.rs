//! A template made ready to run.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, TextRange};

use crate::Role;

/// A template in the form that minijinja runs: every operation is a call of this crate, every stretch of text is marked.
#[derive(Debug)]
pub struct Program {
    /// How traces and messages call it: the macro's name, the node's.
    pub(crate) name: Arc<str>,
    /// The name under which minijinja keeps it, where it is run more than once.
    pub(crate) cached: Option<String>,
    pub(crate) source: String,
    pub(crate) origin: Origin,
    pub(crate) sites: Vec<Site>,
    /// The bodies of `call` blocks and of macros within.
    pub(crate) closures: Vec<Arc<Program>>,
    /// Whether what is undefined in it may be called and looked into.
    pub(crate) is_lenient: bool,
    /// What it is of.
    pub(crate) role: Role,
    /// What a macro takes; `None` for a template that is rendered as it is.
    pub(crate) params: Option<Params>,
    /// Offsets of `source` in order, each with what it was made from.
    pub(crate) places: Vec<(u32, TextRange)>,
}

/// Where a program's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In a file, as it is.
    File(FileId),
    /// Made up by dbt for what stands at this place: a generic test for its entry.
    Entry(FileRange),
}

/// What a macro takes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each stands for an attribute of Jinja2's `Macro`"
)]
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    /// Names, each with whether it has a default.
    pub(crate) names: Vec<(Arc<str>, bool)>,
    pub(crate) takes_varargs: bool,
    pub(crate) takes_kwargs: bool,
    pub(crate) takes_caller: bool,
    /// Whether it is the body of a `call` block, which has no name.
    pub(crate) anonymous: bool,
}

/// A place of a program that writes text or can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) kind: SiteKind,
    pub(crate) range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteKind {
    /// Text that stands in the file as it is.
    Text,
    /// An expression or a statement.
    Code,
}

impl Program {
    /// How traces and messages call it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Where the text stands.
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// What minijinja runs, for those who want to look.
    pub fn lowered(&self) -> &str {
        &self.source
    }

    /// The program as dbt runs it while it parses a node: what is undefined may be called and looked into, and stays undefined.
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.be_lenient();
        self
    }

    fn be_lenient(&mut self) {
        self.is_lenient = true;
        for closure in &mut self.closures {
            if let Some(closure) = Arc::get_mut(closure) {
                closure.be_lenient();
            }
        }
    }

    /// Says where the text stands, for a block and the blocks within it.
    pub(crate) fn settle(&mut self, origin: Origin) {
        self.origin = origin;
        for closure in &mut self.closures {
            if let Some(closure) = Arc::get_mut(closure) {
                closure.settle(origin);
            }
        }
    }

    pub(crate) fn site(&self, site: u32) -> Option<Site> {
        self.sites.get(site as usize).copied()
    }

    pub(crate) const fn place(&self, range: TextRange) -> FileRange {
        match self.origin {
            Origin::File(file) => FileRange { file, range },
            Origin::Entry(place) => place,
        }
    }

    pub(crate) const fn is_exact(&self) -> bool {
        matches!(self.origin, Origin::File(_))
    }

    /// The place that a line of the lowered source was made from.
    pub(crate) fn place_of_line(&self, line: usize) -> Option<FileRange> {
        let end: usize = self.source.split_inclusive('\n').take(line).map(str::len).sum();
        let end = u32::try_from(end).ok()?;
        let index = self
            .places
            .partition_point(|(start, _)| *start < end)
            .checked_sub(1)?;
        let (_, range) = self.places.get(index)?;
        Some(self.place(*range))
    }
}
