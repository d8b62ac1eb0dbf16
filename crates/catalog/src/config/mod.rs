//! Configs of nodes: what dbt itself types and merges, and what dbt-glue's macros read besides.
//!
//! dbt checks the types of its own fields when it parses; everything else lands in a bag that any macro may look into,
//! so a misspelt or foreign config is never an error. Where a config of the same name means different things for
//! different resource types, each meaning has an entry of its own.

mod common;
mod iceberg;
mod incremental;
mod lake_formation;
mod nested;
mod node;
mod other;
mod seed;
mod snapshot;
mod storage;
mod test_config;
mod wrong_names;

pub(crate) use common::COMMON;
pub(crate) use iceberg::ICEBERG;
pub(crate) use incremental::INCREMENTAL;
pub(crate) use lake_formation::LAKE_FORMATION;
pub(crate) use nested::NESTED;
pub(crate) use node::NODE;
pub(crate) use other::OTHER;
pub(crate) use seed::SEED;
pub(crate) use snapshot::SNAPSHOT;
pub(crate) use storage::STORAGE;
pub(crate) use test_config::TEST;
pub(crate) use wrong_names::WRONG_NAMES;
pub use wrong_names::{Origin, WrongName};

use crate::{AppliesWhen, Checked, FileFormat, KeySpec, Materialization, Scope, sources};

/// Configs of models that no other adapter reads: a project that sets one is for dbt-glue
/// (`dbt/include/glue/macros`; nothing in dbt-core and dbt-spark asks for them).
pub const GLUE_ONLY_CONFIGS: [&str; 11] = [
    "add_iceberg_timestamp",
    "custom_location",
    "custom_temp_suffix",
    "hudi_options",
    "iceberg_expire_snapshots",
    "lf_grants",
    "lf_tags_config",
    "purge_dropped_iceberg_data",
    "substitute_variables",
    "use_iceberg_temp_views",
    "write_options",
];

/// Configs that name columns of the node that they stand at.
pub const CONFIGS_OF_COLUMNS: [&str; 9] = [
    "check_cols",
    "clustered_by",
    "event_time",
    "loaded_at_field",
    "merge_exclude_columns",
    "merge_update_columns",
    "partition_by",
    "unique_key",
    "updated_at",
];

/// The scopes whose configs derive from dbt's `NodeConfig`.
const NODES: &[Scope] = &[
    Scope::ModelConfig,
    Scope::SeedConfig,
    Scope::SnapshotConfig,
    Scope::AnalysisConfig,
    Scope::FunctionConfig,
];

/// The same and data tests.
const NODES_AND_TESTS: &[Scope] = &[
    Scope::ModelConfig,
    Scope::SeedConfig,
    Scope::SnapshotConfig,
    Scope::AnalysisConfig,
    Scope::FunctionConfig,
    Scope::TestConfig,
];

/// A field of dbt's own config classes.
const CORE: KeySpec = KeySpec {
    scopes: NODES,
    source: sources::CORE_CONFIG,
    ..KeySpec::PLAIN
};

/// A config that only dbt-glue's macros and Python code read: dbt checks nothing about it.
const GLUE: KeySpec = KeySpec {
    scopes: &[Scope::ModelConfig],
    checked: Checked::AtRun,
    content: Checked::AtRun,
    ..KeySpec::PLAIN
};

/// Formats whose tables are written by `create table as` in incremental models; Delta and Hudi have code of their own.
const CREATED_AS_SELECT: &[FileFormat] = &[
    FileFormat::Csv,
    FileFormat::Hive,
    FileFormat::Iceberg,
    FileFormat::Jdbc,
    FileFormat::Json,
    FileFormat::Libsvm,
    FileFormat::Orc,
    FileFormat::Parquet,
    FileFormat::S3tables,
    FileFormat::Text,
];

/// Iceberg and S3 tables.
const ICEBERG_LIKE: &[FileFormat] = &[FileFormat::Iceberg, FileFormat::S3tables];

/// Read by these materializations.
const fn by(materializations: &'static [Materialization]) -> AppliesWhen {
    AppliesWhen {
        materializations,
        ..AppliesWhen::ALWAYS
    }
}

/// Read by incremental models of these formats.
const fn incremental(formats: &'static [FileFormat]) -> AppliesWhen {
    AppliesWhen {
        materializations: &[Materialization::Incremental],
        formats,
        ..AppliesWhen::ALWAYS
    }
}

#[cfg(test)]
mod tests {
    use crate::*;

    fn read(key: &str, materialization: Materialization, format: FileFormat) -> bool {
        model_key(key).unwrap().is_read(&Situation {
            materialization: Some(materialization),
            format: Some(format),
            ..Situation::default()
        })
    }

    #[test]
    fn configs_that_only_glue_reads_are_configs_of_models() {
        assert!(GLUE_ONLY_CONFIGS.iter().all(|name| model_key(name).is_some()));
    }

    #[test]
    fn configs_of_columns_are_configs() {
        let is_config = |name: &str| all_keys().any(|key| key.name == name);
        assert!(CONFIGS_OF_COLUMNS.iter().all(|name| is_config(name)));
    }

    #[test]
    fn who_reads_what() {
        use FileFormat::{Delta, Hudi, Iceberg, Parquet, S3tables};
        use Materialization::{Incremental, PythonModel, Snapshot, Table, View};
        let cases = [
            ("partition_by", Table, Parquet, true),
            ("partition_by", View, Parquet, false),
            ("table_properties", Incremental, Delta, false),
            ("table_properties", Incremental, Iceberg, true),
            ("table_properties", Table, Delta, true),
            ("clustered_by", Incremental, Hudi, false),
            ("hudi_options", Incremental, Hudi, true),
            ("hudi_options", Table, Hudi, false),
            ("write_options", Incremental, Delta, true),
            ("on_schema_change", Incremental, Parquet, false),
            ("on_schema_change", Incremental, S3tables, true),
            ("lf_grants", View, Parquet, true),
            ("merge_update_columns", Incremental, Iceberg, true),
            ("incremental_strategy", Table, Parquet, false),
            ("file_format", View, Iceberg, true),
            ("timeout", PythonModel, Iceberg, true),
            ("timeout", Snapshot, Iceberg, false),
        ];
        for (key, materialization, format, expected) in cases {
            assert_eq!(
                read(key, materialization, format),
                expected,
                "{key} {materialization} {format}"
            );
        }
    }

    #[test]
    fn spellings_of_hooks_are_one_key() {
        for scope in [Scope::ModelConfig, Scope::SeedConfig, Scope::SnapshotConfig] {
            let hyphen = lookup(scope, "pre-hook").unwrap();
            let underscore = lookup(scope, "pre_hook").unwrap();
            assert_eq!(hyphen.name, underscore.name);
        }
    }

    #[test]
    fn the_three_text_booleans() {
        use glueline_base::Value;
        let effect = |key: &str, value: Value| {
            let ValueType::TextBool(flag) = model_key(key).unwrap().value else {
                panic!("{key} is no text boolean")
            };
            flag.effect(&value)
        };
        let text = Value::str;
        let cases = [
            ("iceberg_expire_snapshots", text("True"), Some(true)),
            ("iceberg_expire_snapshots", Value::Bool(true), Some(false)),
            ("iceberg_expire_snapshots", text("true"), Some(false)),
            ("iceberg_expire_snapshots", Value::Bool(false), Some(false)),
            ("use_iceberg_temp_views", Value::Bool(false), Some(true)),
            ("use_iceberg_temp_views", text("False"), Some(false)),
            ("use_iceberg_temp_views", text("false"), Some(true)),
            ("purge_dropped_iceberg_data", Value::Bool(true), Some(false)),
            ("purge_dropped_iceberg_data", text("True"), Some(true)),
            ("purge_dropped_iceberg_data", Value::Unknown, None),
        ];
        for (key, value, expected) in cases {
            assert_eq!(effect(key, value.clone()), expected, "{key} {value:?}");
        }
    }

    #[test]
    fn merging_is_as_in_dbt() {
        let merge = |key: &str| model_key(key).unwrap().merge;
        assert_eq!(merge("tags"), Merge::Append);
        assert_eq!(merge("pre-hook"), Merge::Append);
        assert_eq!(merge("packages"), Merge::Append);
        assert_eq!(merge("meta"), Merge::Update);
        assert_eq!(merge("grants"), Merge::DictKeyAppend);
        assert_eq!(merge("table_properties"), Merge::Clobber);
        assert_eq!(
            lookup(Scope::SnapshotConfig, "snapshot_meta_column_names")
                .unwrap()
                .merge,
            Merge::Object
        );
    }
}
