//! dbt's node selection: `--select`, `--exclude` and `selectors.yml`, read into one tree and evaluated over any
//! graph of nodes.
//!
//! [`parse_arguments`] and [`parse_selectors`] give a [`Spec`]; [`select`] evaluates it over a [`Graph`], which is
//! all this crate knows of a project. It reads no files and knows nothing of Glue. The behaviour is that of
//! dbt-core 1.12.

mod arguments;
mod definitions;
mod evaluate;
mod fqn;
mod glob;
mod graph;
mod methods;
mod node_set;
#[cfg(test)]
mod recorded;
mod spec;
#[cfg(test)]
mod testing;

pub use arguments::{parse_arguments, parse_criterion};
pub use definitions::{Selector, Selectors, parse_selectors};
pub use evaluate::{Selection, select};
pub use glob::{Glob, PathPattern};
pub use graph::{Graph, ResourceType, Standing, StateQuestion, TestKind};
pub use spec::{Criterion, Group, IndirectSelection, Method, Reach, SelectError, Spec};
