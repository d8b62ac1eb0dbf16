//! Keys of the mappings that configs take.

use crate::{Checked, KeySpec, Scope, Template, ValueType, sources};

const TEXT: KeySpec = KeySpec {
    value: ValueType::Text,
    nullable: true,
    default: "null",
    source: sources::CORE_CONFIG,
    ..KeySpec::PLAIN
};

const BUILD_AFTER: KeySpec = KeySpec {
    scopes: &[Scope::BuildAfter],
    source: sources::CORE_MODEL,
    ..TEXT
};

const SNAPSHOT_COLUMN: KeySpec = KeySpec {
    scopes: &[Scope::SnapshotColumns],
    source: sources::CORE_SNAPSHOT,
    ..TEXT
};

pub(crate) static NESTED: &[KeySpec] = &[
    KeySpec {
        name: "alias",
        scopes: &[Scope::LatestVersionPointer],
        summary: "The pointer's name, instead of the model's",
        body: "Without it the view is called like the model without its version.",
        example: "alias: customers",
        source: sources::CORE_MODEL,
        ..TEXT
    },
    KeySpec {
        name: "alias_types",
        scopes: &[Scope::Contract],
        value: ValueType::Bool,
        nullable: false,
        default: "true",
        summary: "Whether type aliases are translated before comparing",
        body: "`string` and `text` then count as the same.",
        example: "alias_types: false",
        ..TEXT
    },
    KeySpec {
        name: "build_after",
        scopes: &[Scope::ModelFreshness],
        value: ValueType::Object(Scope::BuildAfter),
        nullable: false,
        default: "",
        required: Some("dbt drops the whole `freshness` in silence"),
        summary: "When the model is due",
        body: "`count` and `period` go together.",
        example: "build_after: {count: 1, period: day}",
        source: sources::CORE_MODEL,
        ..TEXT
    },
    KeySpec {
        name: "columns",
        scopes: &[Scope::PersistDocs],
        value: ValueType::Bool,
        nullable: false,
        checked: Checked::Never,
        default: "false",
        summary: "Write column descriptions",
        body: "Breaks Delta, Iceberg and Hudi tables that have a described column: `'NoneType' object is not iterable`. No \
               effect with other formats.",
        example: "columns: false",
        source: sources::SPARK_MACROS,
        ..TEXT
    },
    KeySpec {
        name: "count",
        value: ValueType::Integer,
        summary: "How many periods",
        body: "Needs `period`.",
        example: "count: 1",
        ..BUILD_AFTER
    },
    KeySpec {
        name: "dbt_is_deleted",
        summary: "Another name for `dbt_is_deleted`",
        body: "The column exists with `hard_deletes: new_record`.",
        example: "dbt_is_deleted: is_deleted",
        ..SNAPSHOT_COLUMN
    },
    KeySpec {
        name: "dbt_scd_id",
        summary: "Another name for `dbt_scd_id`",
        body: "The column with the hash that tells versions apart.",
        example: "dbt_scd_id: version_id",
        ..SNAPSHOT_COLUMN
    },
    KeySpec {
        name: "dbt_updated_at",
        summary: "Another name for `dbt_updated_at`",
        body: "The column with the time of the source row.",
        example: "dbt_updated_at: changed_at",
        ..SNAPSHOT_COLUMN
    },
    KeySpec {
        name: "dbt_valid_from",
        summary: "Another name for `dbt_valid_from`",
        body: "The column with the time from which a version holds.",
        example: "dbt_valid_from: valid_from",
        ..SNAPSHOT_COLUMN
    },
    KeySpec {
        name: "dbt_valid_to",
        summary: "Another name for `dbt_valid_to`",
        body: "The column with the time until which a version holds.",
        example: "dbt_valid_to: valid_to",
        ..SNAPSHOT_COLUMN
    },
    KeySpec {
        name: "enabled",
        scopes: &[Scope::LatestVersionPointer],
        value: ValueType::Bool,
        summary: "Whether the pointer is kept",
        body: "Null leaves it to the flag `latest_version_pointer_enabled_by_default`.",
        example: "enabled: true",
        source: sources::CORE_MODEL,
        ..TEXT
    },
    KeySpec {
        name: "enforced",
        scopes: &[Scope::Contract],
        value: ValueType::Bool,
        nullable: false,
        default: "false",
        summary: "Whether the contract is checked",
        body: "Every column then needs a `data_type`.",
        example: "enforced: true",
        ..TEXT
    },
    KeySpec {
        name: "index",
        scopes: &[Scope::Hook],
        value: ValueType::Integer,
        summary: "The place among the hooks",
        body: "Set by dbt; there is no need to write it.",
        example: "index: 0",
        ..TEXT
    },
    KeySpec {
        name: "node_color",
        scopes: &[Scope::Docs],
        summary: "The colour in the graph of the documentation site",
        body: "An HTML colour name or a hex code; anything else stops dbt.",
        example: "node_color: \"#0066cc\"",
        source: "dbt/artifacts/resources/base.py",
        ..TEXT
    },
    KeySpec {
        name: "period",
        allowed: &["day", "hour", "minute"],
        summary: "The unit of `count`",
        body: "Needs `count`.",
        example: "period: day",
        ..BUILD_AFTER
    },
    KeySpec {
        name: "relation",
        scopes: &[Scope::PersistDocs],
        value: ValueType::Bool,
        nullable: false,
        checked: Checked::Never,
        default: "false",
        summary: "Write the description of the table",
        body: "Becomes the `comment` of `create table`; later changes of the text wait for a rebuild. An apostrophe in the \
               description breaks the statement.",
        example: "relation: true",
        source: sources::SPARK_MACROS,
        ..TEXT
    },
    KeySpec {
        name: "show",
        scopes: &[Scope::Docs],
        value: ValueType::Bool,
        nullable: false,
        default: "true",
        summary: "Whether the documentation site shows it",
        body: "The manifest holds it in any case.",
        example: "show: false",
        source: "dbt/artifacts/resources/base.py",
        ..TEXT
    },
    KeySpec {
        name: "sql",
        scopes: &[Scope::Hook],
        nullable: false,
        default: "",
        required: Some("dbt refuses the hook"),
        template: Template::Later,
        summary: "The statement",
        body: "Rendered when the node runs.",
        example: "sql: analyze table {{ this }} compute statistics",
        ..TEXT
    },
    KeySpec {
        name: "transaction",
        scopes: &[Scope::Hook],
        value: ValueType::Bool,
        nullable: false,
        default: "true",
        summary: "Whether the hook runs inside the transaction",
        body: "Glue has no transactions: with `false` models drop the hook, and seeds and snapshots send a `commit` that \
               Spark refuses.",
        example: "transaction: true",
        ..TEXT
    },
    KeySpec {
        name: "updates_on",
        nullable: false,
        default: "any",
        allowed: &["all", "any"],
        summary: "Whether one fresh parent is enough",
        body: "`all` waits for every parent.",
        example: "updates_on: all",
        ..BUILD_AFTER
    },
];
