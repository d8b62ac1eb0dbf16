//! Tolerant YAML with byte spans, read as dbt reads it.
//!
//! dbt reads YAML with PyYAML's `CSafeLoader`: the grammar of libyaml and the types of YAML 1.1. [`parse`]
//! accepts what that reader accepts and reports what it refuses, each fault with its range, and reads on. The
//! result is a [`Tree`] of [`NodeRef`]s that borrow from the text; scalars are decoded on demand, and know
//! which byte of the file each of their decoded bytes comes from.
//!
//! This crate knows nothing of dbt's files or keys. Of Jinja it knows only that `{{` and `{%` start it: to
//! leave out the quotes around Jinja is the most frequent fault in the files it is made for.

mod build;
mod chars;
mod construct;
pub mod cursor;
mod entry;
mod fault;
mod merge;
mod recover;
mod resolve;
mod scalar;
mod scan;
mod tag;
mod tree;
mod value;

pub use entry::Entry;
pub use resolve::ScalarKind;
pub use scalar::{Scalar, Style};
pub use tag::Tag;
pub use tree::{Duplicate, Kind, NodeRef, Tree};

/// Reads a text as YAML. What cannot be read is in [`Tree::errors`]; the rest is in the tree all the same.
pub fn parse(text: &str) -> Tree<'_> {
    recover::read(text, 0)
}

/// Reads a text as [`parse`] does, without the white space around it.
///
/// dbt strips its project and property files (but not `profiles.yml`) before it reads them: the first line
/// loses its indentation, and a block scalar at the very end its last line break. Offsets count from the start
/// of `text` nevertheless.
pub fn parse_stripped(text: &str) -> Tree<'_> {
    // Python's `str.strip` takes four control characters for white space that Rust does not.
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}');
    let stripped = text.trim_end_matches(is_space);
    let start = stripped.len() - stripped.trim_start_matches(is_space).len();
    recover::read(stripped, start)
}
