//! Configs of dbt-glue's incremental models.

use super::{GLUE, incremental};
use crate::sources;
use crate::{
    AdapterVersion, AppliesWhen, Checked, ColumnUse, FileFormat, KeySpec, Materialization, Strategy,
    ValueType,
};

const MERGES: AppliesWhen = AppliesWhen {
    materializations: &[Materialization::Incremental],
    formats: &[FileFormat::Delta, FileFormat::Iceberg, FileFormat::S3tables],
    strategies: &[Strategy::Merge],
    ..AppliesWhen::ALWAYS
};

pub(crate) static INCREMENTAL: &[KeySpec] = &[
    KeySpec {
        name: "custom_temp_suffix",
        value: ValueType::Text,
        default: "tmp",
        since: Some(AdapterVersion::new(1, 10, 13)),
        applies: &[incremental(&[])],
        summary: "The ending of the staging relation's name",
        body: "The staging relation is called `{alias}_{suffix}`. Two runs of one model at a time break each other unless \
               their suffixes differ.",
        example: "custom_temp_suffix: tmp_backfill",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "hudi_options",
        value: ValueType::Mapping,
        default: "{}",
        applies: &[incremental(&[FileFormat::Hudi])],
        summary: "Options of Hudi's writer",
        body: "Wins over everything the adapter sets, such as `hoodie.datasource.write.recordkey.field` and \
               `hoodie.datasource.write.precombine.field` (by default `update_hudi_ts`, a column the adapter adds). Table \
               models ignore it.",
        example: "hudi_options: {hoodie.index.type: GLOBAL_BLOOM}",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "incremental_predicates",
        value: ValueType::Texts,
        since: Some(AdapterVersion::new(1, 9, 0)),
        applies: &[MERGES],
        summary: "Further conditions of the merge",
        body: "Joined to the key comparison with `and`; `DBT_INTERNAL_DEST` is the target and `DBT_INTERNAL_SOURCE` the new \
               rows. Must be a list: a text fails with `can only concatenate list`, and only on the second run. \
               `predicates` wins when both are set.",
        example: "incremental_predicates: [\"DBT_INTERNAL_DEST.day > current_date - 7\"]",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "merge_exclude_columns",
        value: ValueType::Texts,
        since: Some(AdapterVersion::new(1, 9, 0)),
        applies: &[MERGES],
        columns: ColumnUse::LeaveOut,
        summary: "Columns that a merge leaves as they are",
        body: "Not together with `merge_update_columns`: that fails, on the second run.",
        example: "merge_exclude_columns: [created_at]",
        source: sources::STRATEGIES,
        ..GLUE
    },
    KeySpec {
        name: "merge_update_columns",
        value: ValueType::Texts,
        since: Some(AdapterVersion::new(1, 9, 0)),
        applies: &[MERGES],
        columns: ColumnUse::Add,
        summary: "The only columns that a merge updates",
        body: "Not together with `merge_exclude_columns`: `Model cannot specify merge_update_columns and \
               merge_exclude_columns`, on the second run.",
        example: "merge_update_columns: [status, updated_at]",
        source: sources::STRATEGIES,
        ..GLUE
    },
    KeySpec {
        name: "predicates",
        value: ValueType::Texts,
        since: Some(AdapterVersion::new(1, 9, 0)),
        applies: &[MERGES],
        deprecated: Some("`incremental_predicates` says the same and is the name dbt documents"),
        summary: "Older name of `incremental_predicates`",
        body: "Wins over `incremental_predicates` when both are set.",
        example: "predicates: [\"DBT_INTERNAL_DEST.day > current_date - 7\"]",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "substitute_variables",
        value: ValueType::Texts,
        default: "[]",
        applies: &[incremental(&[FileFormat::Hudi])],
        summary: "Python expressions put into Hudi's SQL inside the session",
        body: "The n-th replaces `<SUBSTITUTE_VARIABLE_n>` in the model's SQL.",
        example: "substitute_variables: [run_date]",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "write_options",
        value: ValueType::Mapping,
        default: "{}",
        checked: Checked::AtRun,
        since: Some(AdapterVersion::new(1, 8, 6)),
        applies: &[incremental(&[FileFormat::Delta])],
        summary: "Options of Delta's writer",
        body: "Used on the first run and on a full refresh; merges and appends ignore it.",
        example: "write_options: {overwriteSchema: \"true\"}",
        source: sources::INCREMENTAL,
        ..GLUE
    },
];
