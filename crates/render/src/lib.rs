//! Nodes of a dbt project rendered as dbt renders them, without dbt, Python or a warehouse.
//!
//! [`Renderer`] holds a project with its macros made ready. [`Renderer::compile`] gives what `dbt compile` writes for a node, with the
//! way back to the source of every byte, and what could not be known without a warehouse.
//!
//! Facts are those of dbt-core 1.12, dbt-spark 1.11 and dbt-glue 1.12; each function names the file it follows.

mod adapter;
mod agate;
mod api;
mod builtin;
mod column;
mod compile;
mod context;
mod host;
mod info;
mod introspect;
mod known;
mod macros;
mod relation;
mod relation_name;
mod renderer;
mod run;

pub use adapter::{SeedColumn, SnapshotColumn, columns_of_seed, columns_of_snapshot};
pub use compile::{Compiled, Cut, Failure, Operation, RunHook, Status, written_path};
pub use context::{Manifest, ManifestEntry, ManifestMember, civil as civil_day, metadata_env};
pub use host::{Life, Phase, Subject};
pub use info::{Names, NodeInfo};
pub use known::Basis;
pub use macros::{PREFIXES as DISPATCH_PREFIXES, search_packages};
pub use renderer::{Flags, Renderer, Settings};
pub use run::{
    AS_IT_STANDS, ApiCall, Event, Found, Live, LogLine, NoAnswer, NodeRun, OpenedSession, Outcome, Pasted,
    Prepared, RanBatch, Reading, Replaced, Rows, Run, SPLITS, STAGED, SessionEnd, SparkError, Standing,
    Statement, queries, read_time,
};
