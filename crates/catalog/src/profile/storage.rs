//! Where data goes, in which format, and settings of seeds and lake formats.

use super::{FLAG, TEXT};
use crate::spec::ProfileUse;
use crate::{AdapterVersion, Checked, KeySpec, sources};

const HIDDEN: ProfileUse = ProfileUse {
    in_target: false,
    meta_override: false,
};

pub(crate) static STORAGE: &[KeySpec] = &[
    KeySpec {
        name: "custom_iceberg_catalog_namespace",
        default: "glue_catalog",
        since: Some(AdapterVersion::new(1, 9, 0)),
        profile: HIDDEN,
        summary: "The Spark catalog that Iceberg tables are written through",
        body: "Put in front of the schema in statements on Iceberg and S3 tables, so `conf` has to define a catalog of this \
               name. `ref()` and `source()` never show it. An empty text or null leaves the prefix out.",
        example: "custom_iceberg_catalog_namespace: glue_catalog",
        source: sources::GLUE_IMPL,
        ..TEXT
    },
    KeySpec {
        name: "delta_athena_prefix",
        summary: "Name prefix of the Athena twin of Delta tables",
        body: "Incremental Delta models then keep a second table for Athena, made from a symlink manifest. Without it each \
               run logs two errors that do no harm.",
        example: "delta_athena_prefix: athena_",
        source: sources::GLUE_IMPL,
        ..TEXT
    },
    KeySpec {
        name: "enable_spark_seed_casting",
        since: Some(AdapterVersion::new(1, 9, 2)),
        summary: "Give seed columns their types",
        body: "Without it Spark guesses: numbers become doubles, an empty column fails, and `column_types` does nothing but \
               turn values into texts. With it columns are cast to `column_types` or to the type dbt found in the file.",
        example: "enable_spark_seed_casting: true",
        source: sources::GLUE_IMPL,
        ..FLAG
    },
    KeySpec {
        name: "iceberg_glue_commit_lock_table",
        default: "myGlueLockTable",
        until: Some(AdapterVersion::new(1, 8, 6)),
        dead: Some("nothing has read it since dbt-glue 1.9.0; only `conf` decides about locks"),
        summary: "Once the DynamoDB table of Iceberg's locks",
        body: "Set `spark.sql.catalog.{catalog}.lock.table` in `conf` instead, and only on Glue 3.0: later releases commit \
               with optimistic locking.",
        example: "iceberg_glue_commit_lock_table: myGlueLockTable",
        ..TEXT
    },
    KeySpec {
        name: "lf_tags",
        dead: Some("nothing reads it"),
        summary: "Never read",
        body: "Lake Formation tags are set by the node config `lf_tags_config`.",
        example: "lf_tags: \"\"",
        ..TEXT
    },
    KeySpec {
        name: "location",
        required: Some(
            "nodes that write files fail with `'location' must be set in profiles.yml to build a table location`",
        ),
        content: Checked::AtRun,
        summary: "The S3 path that tables are written below",
        body: "A table lies at `{location}/{schema}/{name}`. A project of views alone runs without it. Trailing slashes are \
               dropped for tables but double the slash in the location of new databases. A `'` in it breaks every \
               statement. In `dbt_project.yml` or on a model it does nothing: see `custom_location`.",
        example: "location: s3://bucket/warehouse",
        source: sources::GLUE_IMPL,
        ..TEXT
    },
    KeySpec {
        name: "root_location",
        nullable: false,
        since: Some(AdapterVersion::new(1, 12, 0)),
        profile: HIDDEN,
        summary: "Leave the schema out of table paths",
        body: "Tables then lie at `{location}/{name}`: two tables of the same name in two schemas overwrite each other's \
               files.",
        example: "root_location: false",
        source: sources::GLUE_IMPL,
        ..FLAG
    },
    KeySpec {
        name: "seed_format",
        default: "parquet",
        content: Checked::AtRun,
        summary: "The format seeds are written in",
        body: "Handed to Spark's writer without a check.",
        example: "seed_format: parquet",
        source: sources::GLUE_IMPL,
        ..TEXT
    },
    KeySpec {
        name: "seed_mode",
        default: "overwrite",
        allowed: &["append", "overwrite"],
        content: Checked::Never,
        summary: "What happens to the rows of an existing seed table",
        body: "Exactly `overwrite` replaces them; every other text appends, a misspelt `Overwrite` included.",
        example: "seed_mode: overwrite",
        source: sources::GLUE_IMPL,
        ..TEXT
    },
    KeySpec {
        name: "temp_schema",
        since: Some(AdapterVersion::new(1, 10, 9)),
        summary: "The schema of Iceberg's staging tables",
        body: "Holds the physical staging tables of incremental models on Iceberg and S3 tables. It must exist: dbt does \
               not create it. Staging views ignore it.",
        example: "temp_schema: analytics_tmp",
        source: sources::INCREMENTAL,
        ..TEXT
    },
];
