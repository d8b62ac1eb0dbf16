//! Configs of dbt's `NodeConfig` and `ModelConfig`, with what becomes of them on Glue.

use super::{CORE, ICEBERG_LIKE, by, incremental};
use crate::{
    AppliesWhen, Checked, ColumnUse, FileFormat, KeySpec, Language, Materialization, Merge, Scope, Strategy,
    Template,
};
use crate::{ValueType, sources};

/// Nodes that take the plain meaning of `unique_key`.
const NOT_SNAPSHOTS: &[Scope] = &[
    Scope::ModelConfig,
    Scope::SeedConfig,
    Scope::AnalysisConfig,
    Scope::FunctionConfig,
];

const MICROBATCH_ONLY: &str = "dbt-glue refuses the `microbatch` strategy, which alone reads it";

const HOOKS: KeySpec = KeySpec {
    value: ValueType::Hooks,
    default: "[]",
    merge: Merge::Append,
    template: Template::Later,
    ..CORE
};

pub(crate) static NODE: &[KeySpec] = &[
    KeySpec {
        name: "access",
        scopes: &[Scope::ModelConfig],
        value: ValueType::Text,
        default: "protected",
        allowed: &["private", "protected", "public"],
        summary: "Who may refer to the model",
        body: "`private` models can be referred to from their own group, `protected` ones from their own project, `public` \
               ones from everywhere.",
        example: "access: public",
        source: sources::CORE_MODEL,
        ..CORE
    },
    KeySpec {
        name: "batch_size",
        default: "null",
        dead: Some(MICROBATCH_ONLY),
        summary: "The period of a microbatch",
        body: "dbt-glue accepts `append`, `insert_overwrite` and `merge` alone.",
        example: "batch_size: day",
        ..CORE
    },
    KeySpec {
        name: "begin",
        default: "null",
        dead: Some(MICROBATCH_ONLY),
        summary: "Where microbatches start",
        body: "dbt-glue accepts `append`, `insert_overwrite` and `merge` alone.",
        example: "begin: \"2024-01-01\"",
        ..CORE
    },
    KeySpec {
        name: "column_types",
        value: ValueType::Mapping,
        default: "{}",
        merge: Merge::Update,
        content: Checked::AtRun,
        applies: &[by(&[Materialization::Seed])],
        summary: "Types of a seed's columns",
        body: "On Glue a typed column is first read as text, and only `enable_spark_seed_casting: true` in the profile \
               casts it. Without that flag the table holds texts.",
        example: "column_types: {id: bigint, amount: \"decimal(10,2)\"}",
        source: sources::GLUE_IMPL,
        ..CORE
    },
    KeySpec {
        name: "concurrent_batches",
        default: "null",
        dead: Some(MICROBATCH_ONLY),
        summary: "Whether microbatches run side by side",
        body: "dbt-glue accepts `append`, `insert_overwrite` and `merge` alone.",
        example: "concurrent_batches: false",
        ..CORE
    },
    KeySpec {
        name: "contract",
        value: ValueType::Object(Scope::Contract),
        default: "{enforced: false, alias_types: true}",
        merge: Merge::Update,
        summary: "Whether the columns must match the declared ones",
        body: "Two probe queries compare names and types, the latter only up to the first `(` or `<`: precision and element \
               types are not looked at. Incremental models are checked only on runs that create the table, Delta and Hudi \
               ones never.",
        example: "contract: {enforced: true}",
        ..CORE
    },
    KeySpec {
        name: "docs",
        value: ValueType::Object(Scope::Docs),
        default: "{show: true}",
        merge: Merge::Update,
        summary: "How the node looks in the documentation site",
        body: "`show: false` hides it, `node_color` colours it in the graph.",
        example: "docs: {show: false}",
        ..CORE
    },
    KeySpec {
        name: "event_time",
        default: "null",
        summary: "The column that says when a row happened",
        body: "Lets dbt filter the node for `--event-time-start` and for sampling. The microbatch strategy, its main \
               reader, is refused on Glue.",
        example: "event_time: ordered_at",
        ..CORE
    },
    KeySpec {
        name: "freshness",
        scopes: &[Scope::ModelConfig],
        value: ValueType::Object(Scope::ModelFreshness),
        nullable: true,
        checked: Checked::Never,
        default: "null",
        summary: "How old the model may grow before it is rebuilt",
        body: "Read by dbt's hosted orchestration. A value without `build_after` is dropped in silence.",
        example: "freshness: {build_after: {count: 1, period: day}}",
        source: sources::CORE_MODEL,
        ..CORE
    },
    KeySpec {
        name: "full_refresh",
        value: ValueType::Bool,
        nullable: true,
        default: "null",
        applies: &[
            AppliesWhen {
                materializations: &[Materialization::Incremental],
                formats: &[
                    FileFormat::Csv,
                    FileFormat::Delta,
                    FileFormat::Hive,
                    FileFormat::Iceberg,
                    FileFormat::Jdbc,
                    FileFormat::Json,
                    FileFormat::Libsvm,
                    FileFormat::Orc,
                    FileFormat::Parquet,
                    FileFormat::S3tables,
                    FileFormat::Text,
                ],
                ..AppliesWhen::ALWAYS
            },
            by(&[Materialization::PythonModel, Materialization::Seed]),
        ],
        summary: "Rebuild always, or never, whatever the command line says",
        body: "`true` rebuilds on each run; `false` protects the table from `--full-refresh`. Hudi models ignore both: an \
               existing table is always upserted.",
        example: "full_refresh: false",
        ..CORE
    },
    KeySpec {
        name: "grants",
        value: ValueType::Mapping,
        default: "{}",
        merge: Merge::DictKeyAppend,
        content: Checked::AtRun,
        applies: &[by(&[
            Materialization::Snapshot,
            Materialization::Table,
            Materialization::View,
        ])],
        summary: "SQL grants; Spark on Glue refuses them",
        body: "The statement `grant ... on ... to ...` is sent after the table is built and fails there. Incremental models \
               ignore the config. Use `lf_grants` or Lake Formation itself.",
        example: "grants: {select: [reporter]}",
        source: "dbt/include/global_project/macros/adapters/apply_grants.sql",
        ..CORE
    },
    KeySpec {
        name: "incremental_strategy",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        allowed: &["append", "insert_overwrite", "merge"],
        content: Checked::AtRun,
        required: Some(
            "an incremental model fails with `Invalid incremental strategy provided: None`: the default that the \
             documentation names is never reached",
        ),
        applies: &[by(&[Materialization::Incremental])],
        summary: "How new rows get into an existing table",
        body: "`append` inserts them; `insert_overwrite` replaces the table, or its partitions when Spark's \
               `spark.sql.sources.partitionOverwriteMode` is `dynamic`; `merge` updates by `unique_key` and needs Delta, \
               Hudi, Iceberg or S3 tables. dbt defines the key with the value null, so the adapter's own default \
               (`insert_overwrite`) never applies.",
        example: "incremental_strategy: merge",
        source: sources::INCREMENTAL,
        ..CORE
    },
    KeySpec {
        name: "latest_version_pointer",
        scopes: &[Scope::ModelConfig],
        value: ValueType::Object(Scope::LatestVersionPointer),
        default: "{}",
        merge: Merge::Update,
        summary: "A view under the plain name for the latest version of a model",
        body: "For versioned models: keeps a view called like the model without its version suffix.",
        example: "latest_version_pointer: {enabled: true}",
        source: sources::CORE_MODEL,
        ..CORE
    },
    KeySpec {
        name: "lookback",
        default: "1",
        dead: Some(MICROBATCH_ONLY),
        summary: "How many past microbatches are rebuilt",
        body: "dbt-glue accepts `append`, `insert_overwrite` and `merge` alone.",
        example: "lookback: 1",
        ..CORE
    },
    KeySpec {
        name: "materialized",
        scopes: &[Scope::ModelConfig, Scope::AnalysisConfig],
        value: ValueType::Text,
        default: "view",
        content: Checked::AtRun,
        summary: "How the model is built",
        body: "On Glue: `view`, `table`, `incremental`, `ephemeral`, and `python_model` for Python, beside materializations \
               of your own. A Python model must say `python_model` or `incremental`; dbt's default for Python, `table`, is \
               refused. `materialized_view` is not implemented. A `table` is dropped before its SQL is tried.",
        example: "materialized: incremental",
        ..CORE
    },
    KeySpec {
        name: "materialized",
        scopes: &[Scope::SeedConfig],
        value: ValueType::Text,
        default: "seed",
        allowed: &["seed"],
        summary: "Always `seed`",
        body: "Another value stops dbt with `A seed must have a materialized value of 'seed'`.",
        example: "materialized: seed",
        source: sources::CORE_SEED,
        ..CORE
    },
    KeySpec {
        name: "materialized",
        scopes: &[Scope::SnapshotConfig],
        value: ValueType::Text,
        default: "snapshot",
        allowed: &["snapshot"],
        summary: "Always `snapshot`",
        body: "Another value stops dbt with `A snapshot must have a materialized value of 'snapshot'`.",
        example: "materialized: snapshot",
        source: sources::CORE_SNAPSHOT,
        ..CORE
    },
    KeySpec {
        name: "on_configuration_change",
        value: ValueType::Text,
        default: "apply",
        allowed: &["apply", "continue", "fail"],
        dead: Some("only materialized views read it, and dbt-glue has none"),
        summary: "What a changed materialized view does",
        body: "dbt-glue does not implement materialized views.",
        example: "on_configuration_change: apply",
        ..CORE
    },
    KeySpec {
        name: "on_error",
        scopes: &[Scope::ModelConfig],
        value: ValueType::Text,
        nullable: true,
        default: "null",
        allowed: &["continue", "skip_children"],
        summary: "Whether nodes behind a failed model still run",
        body: "`skip_children` is what dbt does anyway; `continue` runs them on the old data.",
        example: "on_error: continue",
        source: sources::CORE_MODEL,
        ..CORE
    },
    KeySpec {
        name: "on_schema_change",
        value: ValueType::Text,
        nullable: true,
        default: "ignore",
        allowed: &["append_new_columns", "fail", "ignore", "sync_all_columns"],
        content: Checked::Never,
        applies: &[incremental(ICEBERG_LIKE)],
        summary: "What a new or missing column does to an incremental table",
        body: "Acts on Iceberg and S3 tables alone: `append_new_columns` adds columns; `sync_all_columns` adds them, changes \
               types, and fails with `Apache Spark does not support dropping columns from tables` when one disappeared. \
               `fail` never fails anything, and an unknown word counts as `ignore`. An enforced contract asks for \
               `append_new_columns` or `fail`.",
        example: "on_schema_change: append_new_columns",
        source: sources::INCREMENTAL,
        ..CORE
    },
    KeySpec {
        name: "packages",
        value: ValueType::Texts,
        default: "[]",
        merge: Merge::Append,
        applies: &[AppliesWhen {
            languages: &[Language::Python],
            ..AppliesWhen::ALWAYS
        }],
        dead: Some("dbt-glue keeps the list and installs nothing"),
        summary: "Packages of a Python model; never installed",
        body: "Put `--additional-python-modules=...` into the profile's `default_arguments` instead.",
        example: "packages: [numpy]",
        source: sources::PYTHON_SUBMISSIONS,
        ..CORE
    },
    KeySpec {
        name: "persist_docs",
        value: ValueType::Object(Scope::PersistDocs),
        default: "{}",
        content: Checked::AtRun,
        applies: &[
            by(&[Materialization::Snapshot, Materialization::Table]),
            incremental(super::CREATED_AS_SELECT),
        ],
        summary: "Write descriptions into the Data Catalog",
        body: "`relation` becomes the table's comment when the table is created; views never get one. `columns` makes Delta, \
               Iceberg and Hudi tables fail after the first column with `'NoneType' object is not iterable`, and does \
               nothing for other formats.",
        example: "persist_docs: {relation: true}",
        source: sources::SPARK_MACROS,
        ..CORE
    },
    KeySpec {
        name: "post-hook",
        aliases: &["post_hook"],
        content: Checked::AtRun,
        summary: "SQL that runs after the node",
        body: "Each entry is sent as one statement; several statements in one text fail. Models drop entries with \
               `transaction: false`, seeds and snapshots run them together with a `commit` that Spark refuses.",
        example: "post-hook: analyze table {{ this }} compute statistics",
        ..HOOKS
    },
    KeySpec {
        name: "pre-hook",
        aliases: &["pre_hook"],
        content: Checked::AtRun,
        summary: "SQL that runs before the node",
        body: "Runs in the node's own session, so `set spark.sql...=...` here holds for the node. Each entry is sent as one \
               statement. Models drop entries with `transaction: false`.",
        example: "pre-hook: set spark.sql.shuffle.partitions=64",
        ..HOOKS
    },
    KeySpec {
        name: "quoting",
        value: ValueType::Object(Scope::Quoting),
        default: "{}",
        merge: Merge::Update,
        dead: Some("dbt-glue takes quoting from `dbt_project.yml`, and of sources from the source"),
        summary: "No effect on a node",
        body: "Set `quoting` at the top of `dbt_project.yml`. Quoting the schema breaks Iceberg: the catalog's name is part \
               of the text that is quoted.",
        example: "quoting: {identifier: true}",
        ..CORE
    },
    KeySpec {
        name: "sql_header",
        scopes: &[Scope::ModelConfig, Scope::SnapshotConfig],
        value: ValueType::Text,
        checked: Checked::Never,
        dead: Some("none of dbt-glue's statements writes it"),
        template: Template::Later,
        summary: "Ignored on Glue",
        body: "Use a `pre-hook` for `set` statements.",
        example: "sql_header: set spark.sql.shuffle.partitions=64",
        source: sources::GLUE_MACROS,
        ..CORE
    },
    KeySpec {
        name: "unique_key",
        scopes: NOT_SNAPSHOTS,
        value: ValueType::TextOrTexts,
        nullable: true,
        default: "null",
        content: Checked::Never,
        applies: &[
            AppliesWhen {
                materializations: &[Materialization::Incremental],
                strategies: &[Strategy::Merge],
                ..AppliesWhen::ALWAYS
            },
            incremental(&[FileFormat::Hudi]),
        ],
        columns: ColumnUse::Add,
        summary: "The columns that tell rows apart",
        body: "With `merge`, matching rows are updated; without a key the statement merges `on FALSE`, and every run inserts \
               everything again. Several columns are a list on Iceberg, Delta and S3 tables, but one comma-joined text on \
               Hudi, where the key is required with every strategy.",
        example: "unique_key: [order_id, line]",
        source: sources::STRATEGIES,
        ..CORE
    },
];

#[cfg(test)]
mod tests {
    use crate::config::NODES;
    use crate::{Scope, keys};

    #[test]
    fn every_node_has_the_common_configs() {
        for scope in NODES {
            let names: Vec<_> = keys(*scope).map(|key| key.name).collect();
            for name in [
                "alias",
                "enabled",
                "materialized",
                "pre-hook",
                "tags",
                "unique_key",
            ] {
                assert!(names.contains(&name), "{scope} {name}");
            }
        }
        assert!(keys(Scope::SourceConfig).all(|key| key.name != "materialized"));
    }
}
