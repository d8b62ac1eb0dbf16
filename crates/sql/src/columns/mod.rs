//! Which columns a query has, by name.

mod join;
mod meaning;
mod needed;
mod read;

use std::sync::Arc;

use glueline_base::TextRange;

use crate::tree::{Name, QueryId, SelectId, same};

pub use meaning::Meaning;

/// More columns than this are not listed: each star may double what the last one gave.
const MAX_COLUMNS: usize = 4_000;

/// A column of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column<O> {
    /// Its name.
    pub name: Arc<str>,
    /// Where the text gives it that name: the alias, the name itself, or the star that brings it in.
    pub at: TextRange,
    /// The column of another relation that it hands on as it is.
    pub origin: Option<O>,
    /// The type that the text says it has: that of a cast.
    pub cast: Option<TextRange>,
}

/// The columns of a query or a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns<O> {
    /// Those that are known, in their order.
    pub list: Vec<Column<O>>,
    /// Whether these are all, each at its place.
    pub is_complete: bool,
}

/// The columns of the relations that a text reads.
pub trait Relations {
    /// What leads to a column of a relation.
    type Origin: Clone;

    /// The columns of what stands in a hole: names, each with what leads to it. `None` where nothing is known.
    fn hole(&self, hole: u32) -> Option<(Vec<(Arc<str>, Self::Origin)>, bool)>;

    /// The columns of a table that is named in the text.
    fn table(&self, parts: &[Name]) -> Option<(Vec<(Arc<str>, Self::Origin)>, bool)>;
}

impl<O> Default for Columns<O> {
    fn default() -> Self {
        Self::unknown()
    }
}

impl<O> Columns<O> {
    /// Nothing is known.
    pub const fn unknown() -> Self {
        Self {
            list: Vec::new(),
            is_complete: false,
        }
    }

    /// The only column of a name; `None` where there are several.
    pub fn named(&self, name: &str) -> Option<&Column<O>> {
        let mut found = self.list.iter().filter(|column| same(&column.name, name));
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether a column has this name.
    pub fn has(&self, name: &str) -> bool {
        self.list.iter().any(|column| same(&column.name, name))
    }
}

/// The columns of all queries of a text.
#[derive(Debug, Clone)]
pub struct Known<O> {
    queries: Vec<Arc<Columns<O>>>,
    /// For each select, what each item of its `from` has.
    sources: Vec<Vec<Arc<Columns<O>>>>,
}

impl<O> Known<O> {
    /// The columns of a query.
    pub fn query(&self, id: QueryId) -> Option<&Columns<O>> {
        self.queries.get(id.0 as usize).map(|columns| &**columns)
    }

    /// The columns of an item of a select's `from`.
    pub fn source(&self, select: SelectId, index: usize) -> Option<&Columns<O>> {
        self.sources
            .get(select.0 as usize)?
            .get(index)
            .map(|columns| &**columns)
    }
}
