//! What an editor asks of a dbt project, in plain data: offsets and paths, no protocol.
//!
//! [`Analysis`] is a project at one instant; it is cheap to copy, never changes, and [`Analysis::edited`] makes the next one of
//! it. Every feature is a function of an analysis and a place, in a module of its own.

pub mod actions;
mod analysis;
pub mod card;
pub mod columns;
pub mod completion;
pub mod diagnostics;
pub mod documents;
pub mod folding;
pub mod hierarchy;
pub mod hints;
pub mod hover;
mod inferred;
pub mod lenses;
pub mod links;
pub mod navigation;
mod nodes;
pub mod outline;
pub mod query;
pub mod references;
pub mod rename;
pub mod selection;
pub mod signature;
pub mod symbol;
pub mod tokens;

pub use analysis::{Analysis, Change, FilePosition, Options};
