//! Configs of dbt-glue for Iceberg. Three of them are compared with the texts `'True'` and `'False'`.

use super::{GLUE, ICEBERG_LIKE, incremental};
use crate::sources;
use crate::spec::TextBool;
use crate::{
    AdapterVersion, AppliesWhen, Checked, FileFormat, KeySpec, Language, Materialization, Scope, ValueType,
};

pub(crate) static ICEBERG: &[KeySpec] = &[
    KeySpec {
        name: "add_iceberg_timestamp",
        scopes: &[Scope::ModelConfig, Scope::SnapshotConfig],
        value: ValueType::Bool,
        default: "false",
        checked: Checked::Never,
        since: Some(AdapterVersion::new(1, 9, 2)),
        applies: &[AppliesWhen {
            formats: ICEBERG_LIKE,
            ..AppliesWhen::ALWAYS
        }],
        summary: "Add the column `update_iceberg_ts`",
        body: "Any truthy value turns it on, the text `'False'` included. On the second run of an incremental model the \
               staging table lacks the column, so the statement fails unless `on_schema_change` is `append_new_columns` or \
               `sync_all_columns`. A model that ends in a `--` comment breaks the probe.",
        example: "add_iceberg_timestamp: true",
        source: sources::ICEBERG_HELPER,
        ..GLUE
    },
    KeySpec {
        name: "iceberg_expire_snapshots",
        value: ValueType::TextBool(TextBool::OnlyTrue),
        default: "'True'",
        checked: Checked::Never,
        content: Checked::Never,
        applies: &[AppliesWhen {
            languages: &[Language::Sql],
            ..incremental(&[FileFormat::Iceberg])
        }],
        summary: "Expire the table's old snapshots after each run",
        body: "On unless set otherwise: every incremental run removes all snapshots but the newest, and with them time \
               travel and rollback. Only the text `'True'` expires; the boolean `true` does not.",
        example: "iceberg_expire_snapshots: 'False'",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "purge_dropped_iceberg_data",
        scopes: &[Scope::ModelConfig, Scope::SnapshotConfig],
        value: ValueType::TextBool(TextBool::OnlyTrue),
        default: "'False'",
        checked: Checked::Never,
        content: Checked::Never,
        since: Some(AdapterVersion::new(1, 10, 13)),
        applies: &[AppliesWhen {
            materializations: &[
                Materialization::Incremental,
                Materialization::Snapshot,
                Materialization::Table,
            ],
            formats: &[FileFormat::Iceberg],
            ..AppliesWhen::ALWAYS
        }],
        summary: "Delete the files of dropped Iceberg tables",
        body: "Adds `purge` to `drop table`. Only the text `'True'` does so; the boolean `true` does nothing.",
        example: "purge_dropped_iceberg_data: 'True'",
        source: sources::GLUE_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "use_iceberg_temp_views",
        value: ValueType::TextBool(TextBool::AllButFalse),
        default: "'False'",
        checked: Checked::Never,
        content: Checked::Never,
        since: Some(AdapterVersion::new(1, 10, 13)),
        applies: &[incremental(&[FileFormat::Iceberg])],
        summary: "Stage new rows in a view instead of a table",
        body: "Everything but the text `'False'` turns it on, the boolean `false` included. Staging tables leave their files \
               on S3; a view leaves none but is evaluated twice. It does not work for S3 tables.",
        example: "use_iceberg_temp_views: 'True'",
        source: sources::GLUE_MACROS,
        ..GLUE
    },
];
