//! What stands under the cursor, and every place that names it.
//!
//! A file is read into *occurrences*: places, each with the [`Symbol`] that stands there and how. [`at`] is the occurrence
//! around an offset, and references, highlights and renames are occurrences of one symbol, so that they cannot disagree.
//! Texts are parsed anew with the tolerant parsers; names are looked up in the resolved project.

mod define;
mod kinds;
mod locals;
mod python;
mod resolve;
mod rules;
mod scan;
mod sql;
mod template;
#[cfg(test)]
mod torture;
mod yaml;

use glueline_base::{FileId, FileRange, TextRange};

pub use define::{Definition, definitions};
pub(crate) use define::{declaration, declared_column, described, versions};
pub use kinds::{MissingKind, Symbol};
pub use resolve::{config_scope, dispatch, node_of_file, nodes_of_file};
pub(crate) use resolve::{doc, generic_test, group};

use crate::{Analysis, FilePosition};
pub(crate) use scan::{Layer, contains_ignoring_case};
use scan::{Scan, Want};
pub(crate) use template::inside_quotes;

/// How a symbol stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It comes to be here: a macro's name in its tag, a table's entry, a `set`.
    Definition,
    /// It is described here, and defined elsewhere: the properties entry of a model.
    Declaration,
    /// It is named here.
    Reference,
}

/// A place where a symbol stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What stands there.
    pub symbol: Symbol,
    /// Where: the name without quotes.
    pub range: TextRange,
    /// How.
    pub role: Role,
}

/// What was found at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub symbol: Symbol,
    /// The bytes it is written with, without quotes.
    pub range: FileRange,
    /// Whether it is defined, described or named there.
    pub role: Role,
}

/// What stands at a place; of several that touch it, what begins there, and else the shortest.
pub fn at(analysis: &Analysis, position: FilePosition) -> Option<Found> {
    let text = analysis.text(position.file);
    let offset = position.offset;
    if !text.is_char_boundary(usize::from(offset)) {
        return None;
    }
    let mut found = Scan::file(analysis, position.file, Want::At(offset));
    // What ends at the cursor counts only where nothing begins there.
    found.sort_by_key(|each| (each.range.end() == offset, each.range.len()));
    let best = found.into_iter().next()?;
    Some(Found {
        symbol: best.symbol,
        range: FileRange {
            file: position.file,
            range: best.range,
        },
        role: best.role,
    })
}

/// Every place of a file where a symbol stands, in the order of the text.
pub fn occurrences(analysis: &Analysis, file: FileId) -> Vec<Occurrence> {
    sorted(Scan::file(analysis, file, Want::All(Layer::Both)))
}

/// The same without the names of SQL, which takes much less time.
pub fn occurrences_outside_sql(analysis: &Analysis, file: FileId) -> Vec<Occurrence> {
    sorted(Scan::file(analysis, file, Want::All(Layer::Names)))
}

/// The places of a file that are written with one of some names, in the order of the text.
pub(crate) fn occurrences_of(
    analysis: &Analysis,
    file: FileId,
    names: &[&str],
    layer: Layer,
) -> Vec<Occurrence> {
    sorted(Scan::file(analysis, file, Want::Names(names, layer)))
}

fn sorted(mut found: Vec<Occurrence>) -> Vec<Occurrence> {
    found.sort_by_key(|each| (each.range.start(), each.range.end(), each.role));
    found.dedup();
    found
}
