//! The text of a query, read as Spark's grammar reads it: tokens, the tree, and the place of a fault.

pub mod ast;
mod query;

use glueline_base::TextRange;

use ast::Name;

/// The bytes of a name of several parts; empty at the start for none.
fn range_of_path(path: &[Name]) -> TextRange {
    match (path.first(), path.last()) {
        (Some(first), Some(last)) => first.range.cover(last.range),
        _ => TextRange::default(),
    }
}
