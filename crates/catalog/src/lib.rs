//! What dbt and dbt-glue allow: one typed table of knowledge.
//!
//! The heart is [`KeySpec`], one entry for each key that may stand in a profile, a project file, a properties file or a
//! node's config: what it takes, by default and by type, where and when it is read, how layers merge, and what it does in
//! reality, which often differs from its documentation. [`lookup`] finds a key by [`Scope`] and name, [`suggest`] says
//! what an unknown one most likely means, and [`keys`] lists a scope in a stable order.
//!
//! Beside the keys stand the closed sets ([`FileFormat`], [`Strategy`], [`GlueVersion`], [`WorkerType`], ...), the
//! combinations that dbt-glue refuses ([`refused`]), what Spark's `conf` needs ([`conf_needs`]), the limits of AWS
//! ([`limits`]), the releases of dbt-glue ([`RELEASES`], [`BROKEN`]), the names that Jinja knows
//! ([`jinja`]), and what is answered where something fails ([`known_error`]).
//!
//! Everything is `static` data about dbt-core 1.12.6 and dbt-glue 1.12.4 ([`AdapterVersion::DESCRIBED`]); nothing is read
//! or parsed at run time. `cargo xtask catalog-diff` compares it with an installed release. This crate knows no rule, no
//! project and no file.

mod config;
mod engine;
mod errors;
pub mod jinja;
mod lookup;
mod page;
mod profile;
mod project;
mod properties;
mod scope;
mod sources;
mod spec;
mod words;

pub use config::{CONFIGS_OF_COLUMNS, GLUE_ONLY_CONFIGS, Origin, WrongName};
pub use engine::{
    AdapterVersion, BROKEN, Broken, CHANGES, Change, Choice, ClassName, Condition, ConfNeed, ConfValue,
    DEFAULT_ARGUMENTS_MAX_PAIRS, DELTA_JARS, DatedChange, DefaultArgument, DefaultChange, DeltaJar,
    FINE_GRAINED_ACCESS, FileFormat, GlueRuntime, GlueVersion, HUDI_EXTENSION, ICEBERG_EXTENSIONS,
    LEAST_WORKERS, LOCK_MANAGERS, LONGEST_STATEMENT, Language, Limit, LockManager, Materialization, Moment,
    PUBLISHED, ProfileMinimum, RELEASES, Refusal, Release, ResourceType, SESSION_ARGUMENTS, SPARK_TYPES,
    SchemaChange, SessionArgument, SnapshotStrategy, Strategy, WorkerFacts, WorkerType, broken,
    class_near_miss, classes, conf_needs, default_arguments, default_changes, default_in, limits,
    newest_that_fits, profile_minimums, refusals, refused,
};
pub use errors::{KnownError, error_in, error_page, is_class, known_error, known_errors};
pub use lookup::{all_keys, keys, lookup, model_key, profile_key, profile_keys, suggest, wrong_name};
pub use page::{page, page_names, page_of, type_words, wrong_page};
pub use profile::{MetaValue, NOTES_IN_META, is_session_setting, meta_needs};
pub use project::RESERVED_PROJECT_NAMES;
pub use scope::Scope;
pub use spec::{
    AppliesWhen, Checked, ColumnUse, KeySpec, Merge, ProfileUse, Situation, Template, TextBool, ValueType,
};
