//! Configs of dbt-glue that say what a table looks like on S3.

use super::{CREATED_AS_SELECT, GLUE, by, incremental};
use crate::{
    AppliesWhen, Checked, ColumnUse, FileFormat, KeySpec, Language, Materialization, Scope, ValueType,
    sources,
};

const MODELS_AND_SNAPSHOTS: &[Scope] = &[Scope::ModelConfig, Scope::SnapshotConfig];

const TABLES: AppliesWhen = by(&[Materialization::Snapshot, Materialization::Table]);

pub(crate) static STORAGE: &[KeySpec] = &[
    KeySpec {
        name: "buckets",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::Integer,
        checked: Checked::Never,
        applies: &[TABLES, incremental(CREATED_AS_SELECT)],
        summary: "Number of buckets for `clustered_by`",
        body: "Only together with `clustered_by`; either of them alone is dropped in silence.",
        example: "buckets: 8",
        source: sources::SPARK_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "catalog",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::Text,
        checked: Checked::Never,
        content: Checked::Never,
        dead: Some("the relation keeps the name and no statement is written with it"),
        summary: "No effect on Glue",
        body: "The Iceberg catalog is `custom_iceberg_catalog_namespace` in the profile.",
        example: "catalog: glue_catalog",
        source: "dbt/adapters/glue/relation.py",
        ..GLUE
    },
    KeySpec {
        name: "clustered_by",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::TextOrTexts,
        applies: &[TABLES, incremental(CREATED_AS_SELECT)],
        columns: ColumnUse::Create,
        summary: "Columns to bucket by",
        body: "Needs `buckets`: without it no clause is written and no error shown. Not for Delta and Iceberg, which have no \
               such buckets.",
        example: "clustered_by: [customer_id]",
        source: sources::SPARK_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "custom_location",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::Text,
        applies: &[
            TABLES,
            by(&[Materialization::Incremental, Materialization::PythonModel]),
        ],
        summary: "The S3 path of this table, instead of one below `location`",
        body: "Two nodes with one path, or with one inside the other, destroy each other's files. On Iceberg do not end it \
               with a slash. The word `empty` stands for \"not set\" in the macros. Python models on Iceberg ignore it.",
        example: "custom_location: s3://bucket/special/orders",
        source: sources::GLUE_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "file_format",
        value: ValueType::Text,
        default: "parquet",
        allowed: &[
            "csv", "delta", "hive", "hudi", "iceberg", "jdbc", "json", "libsvm", "orc", "parquet",
            "s3tables", "text",
        ],
        applies: &[
            by(&[
                Materialization::Incremental,
                Materialization::PythonModel,
                Materialization::Table,
            ]),
            AppliesWhen {
                materializations: &[Materialization::View],
                formats: &[FileFormat::Iceberg, FileFormat::S3tables],
                ..AppliesWhen::ALWAYS
            },
        ],
        summary: "The storage format",
        body: "Case-sensitive. Incremental models refuse any other word; tables write whatever stands here behind `using`. A \
               view with `iceberg` becomes a table. Lake formats also need `datalake_formats` and `conf` in the profile.",
        example: "file_format: iceberg",
        source: sources::INCREMENTAL,
        ..GLUE
    },
    KeySpec {
        name: "file_format",
        scopes: &[Scope::SnapshotConfig],
        value: ValueType::Text,
        default: "parquet",
        allowed: &["delta", "hudi", "iceberg"],
        required: Some("the default, parquet, is refused: `Invalid file format: parquet`"),
        summary: "The storage format: `delta` or `iceberg`",
        body: "Snapshots need a format that rows can be merged into. `hudi` works once: the second run fails with `The \
               existing table ... is in another format`.",
        example: "file_format: iceberg",
        source: sources::GLUE_SNAPSHOT,
        ..GLUE
    },
    KeySpec {
        name: "file_format",
        scopes: &[Scope::SeedConfig],
        value: ValueType::Text,
        checked: Checked::Never,
        content: Checked::Never,
        dead: Some("seeds are written in the profile's `seed_format`"),
        summary: "Ignored on seeds",
        body: "Set `seed_format` in the profile. Here only `s3tables` changes where an existing table is looked up.",
        example: "file_format: parquet",
        source: "dbt/include/glue/macros/materializations/seed.sql",
        ..GLUE
    },
    KeySpec {
        name: "partition_by",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::TextOrTexts,
        applies: &[
            TABLES,
            by(&[Materialization::Incremental, Materialization::PythonModel]),
        ],
        columns: ColumnUse::Create,
        summary: "Columns to partition by",
        body: "Write a list: on Delta and Hudi incremental models a text is taken letter by letter. Transforms such as \
               `days(ts)` are for Iceberg and cannot be used with `insert_overwrite`. Hive-style partition columns come last \
               in the table, whatever the select says.",
        example: "partition_by: [order_date]",
        source: sources::SPARK_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "submission_method",
        value: ValueType::Text,
        default: "glue_session",
        allowed: &["glue_session"],
        applies: &[AppliesWhen {
            languages: &[Language::Python],
            ..AppliesWhen::ALWAYS
        }],
        summary: "How a Python model is run",
        body: "dbt-glue knows one way; another word fails with `Submission method ... is not supported for current adapter`.",
        example: "submission_method: glue_session",
        source: "dbt/adapters/base/impl.py",
        ..GLUE
    },
    KeySpec {
        name: "table_properties",
        scopes: MODELS_AND_SNAPSHOTS,
        value: ValueType::TextMap,
        applies: &[
            TABLES,
            by(&[Materialization::PythonModel]),
            incremental(CREATED_AS_SELECT),
        ],
        summary: "Properties of the table, written at creation",
        body: "Values must be texts: a number fails with `can only concatenate str`, after the old table was dropped. Delta \
               and Hudi incremental models ignore it; other incremental models write it on the first run and on a full \
               refresh.",
        example: "table_properties: {format-version: \"2\"}",
        source: sources::GLUE_MACROS,
        ..GLUE
    },
    KeySpec {
        name: "timeout",
        value: ValueType::Integer,
        default: "3600",
        checked: Checked::Never,
        applies: &[AppliesWhen {
            languages: &[Language::Python],
            materializations: &[Materialization::Incremental, Materialization::PythonModel],
            ..AppliesWhen::ALWAYS
        }],
        summary: "Seconds to wait for a Python model",
        body: "When it runs out dbt fails with `Timed out waiting for statement to complete` and the statement goes on.",
        example: "timeout: 7200",
        source: sources::PYTHON_SUBMISSIONS,
        ..GLUE
    },
];
