//! Configs of snapshots alone.

use super::CORE;
use crate::{Checked, ColumnUse, KeySpec, Merge, Scope, ValueType, sources};

const SNAPSHOT_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::SnapshotConfig],
    nullable: true,
    default: "null",
    source: sources::CORE_SNAPSHOT,
    ..CORE
};

pub(crate) static SNAPSHOT: &[KeySpec] = &[
    KeySpec {
        name: "check_cols",
        value: ValueType::TextOrTexts,
        columns: ColumnUse::Create,
        summary: "The columns that `strategy: check` compares",
        body: "A list, or the word `all`. Required with `check`, refused with `timestamp`.",
        example: "check_cols: [status, amount]",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "dbt_valid_to_current",
        value: ValueType::Text,
        content: Checked::AtRun,
        summary: "What `dbt_valid_to` of current rows holds instead of null",
        body: "A SQL expression, such as `to_date('9999-12-31')`. Existing rows are not changed when it is added.",
        example: "dbt_valid_to_current: \"to_timestamp('9999-12-31')\"",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "hard_deletes",
        value: ValueType::Text,
        default: "ignore",
        allowed: &["ignore", "invalidate", "new_record"],
        checked: Checked::AtRun,
        content: Checked::AtRun,
        summary: "What becomes of rows that left the source",
        body: "`ignore` keeps them current, `invalidate` closes them, `new_record` adds a row that says so.",
        example: "hard_deletes: invalidate",
        source: "dbt/adapters/base/impl.py",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "invalidate_hard_deletes",
        value: ValueType::Bool,
        default: "false",
        checked: Checked::AtRun,
        deprecated: Some("`hard_deletes: invalidate` says the same"),
        summary: "Close rows that left the source",
        body: "Not together with `hard_deletes`.",
        example: "invalidate_hard_deletes: true",
        source: "dbt/adapters/base/impl.py",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "snapshot_meta_column_names",
        value: ValueType::Object(Scope::SnapshotColumns),
        nullable: false,
        default: "{}",
        merge: Merge::Object,
        summary: "Other names for the columns that dbt adds",
        body: "An existing table must have them already, or dbt stops with `Snapshot target is missing configured columns`.",
        example: "snapshot_meta_column_names: {dbt_valid_from: valid_from}",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "strategy",
        value: ValueType::Text,
        required: Some("dbt stops with `Snapshots must be configured with a 'strategy' and 'unique_key'.`"),
        summary: "How changed rows are found",
        body: "`timestamp` compares `updated_at`, `check` compares `check_cols`; another word calls a macro \
               `snapshot_{word}_strategy` of yours.",
        example: "strategy: timestamp",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "target_database",
        value: ValueType::Text,
        dead: Some("Glue has no level above the schema"),
        summary: "Ignored on Glue",
        body: "Use `schema`, or `target_schema` in older projects.",
        example: "target_database: analytics",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "target_schema",
        value: ValueType::Text,
        content: Checked::AtRun,
        summary: "The Glue database of the snapshot, taken as it is",
        body: "Unlike `schema`, nothing is put in front of it: all targets write to the same table.",
        example: "target_schema: snapshots",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "unique_key",
        value: ValueType::TextOrTexts,
        required: Some("dbt stops with `Snapshots must be configured with a 'strategy' and 'unique_key'.`"),
        columns: ColumnUse::Create,
        summary: "The column or columns that tell rows apart",
        body: "An expression is possible as a text.",
        example: "unique_key: id",
        ..SNAPSHOT_ONLY
    },
    KeySpec {
        name: "updated_at",
        value: ValueType::Text,
        columns: ColumnUse::Create,
        summary: "The column that says when a row changed",
        body: "Required with `strategy: timestamp`.",
        example: "updated_at: updated_at",
        ..SNAPSHOT_ONLY
    },
];
