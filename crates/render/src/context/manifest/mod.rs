//! Nodes as dbt's manifest holds them: `model`, `graph`, and the `node` of `generate_schema_name`
//! (`dbt/contracts/graph/nodes.py`, `dbt/artifacts/resources/v1/*.py`).

mod artifact;
mod columns;
mod definition;
mod depends;
mod docs;
mod entry;
mod generic;
mod graph;
mod keys;
mod macros;
mod node;
mod operation;
mod sources;
mod unit;
mod unrendered;

pub use artifact::{Entry as ManifestEntry, Manifest, Member as ManifestMember};
pub(crate) use depends::calls;
pub(crate) use graph::{Graph, graph};
pub(crate) use node::{node_while_named, node_while_parsed, of_node};
pub(crate) use operation::of_operation;
pub(crate) use unit::of_unit_test;
