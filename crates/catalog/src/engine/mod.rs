//! What exists on the Glue side: materializations, formats, strategies, runtimes, workers, limits, releases.

mod changes;
mod conf;
mod glue_version;
mod limits;
mod refusals;
mod releases;
mod requirement;
mod spark_types;
mod vocabulary;
mod worker_type;

pub use changes::{CHANGES, Change, DatedChange};
pub use conf::{
    ClassName, ConfNeed, ConfValue, DELTA_JARS, DeltaJar, HUDI_EXTENSION, ICEBERG_EXTENSIONS, LOCK_MANAGERS,
    LockManager, class_near_miss, classes, conf_needs,
};
pub use glue_version::{GlueRuntime, GlueVersion};
pub use limits::{
    DEFAULT_ARGUMENTS_MAX_PAIRS, DefaultArgument, FINE_GRAINED_ACCESS, LEAST_WORKERS, LONGEST_STATEMENT,
    Limit, ProfileMinimum, SESSION_ARGUMENTS, SessionArgument, default_arguments, limits, profile_minimums,
};
pub use refusals::{Choice, Condition, Moment, Refusal, refusals, refused};
pub use releases::{
    AdapterVersion, BROKEN, Broken, DefaultChange, RELEASES, Release, broken, default_changes, default_in,
};
pub use requirement::{PUBLISHED, newest_that_fits};
pub use spark_types::SPARK_TYPES;
pub use vocabulary::{
    FileFormat, Language, Materialization, ResourceType, SchemaChange, SnapshotStrategy, Strategy,
};
pub use worker_type::{WorkerFacts, WorkerType};
