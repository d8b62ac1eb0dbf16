//! `lf_tags_config` and `lf_grants`: both are handed to Python constructors as keyword arguments, so an unknown key fails.

use super::GLUE;
use crate::{
    AdapterVersion, AppliesWhen, Checked, ColumnUse, KeySpec, Materialization, Scope, ValueType, sources,
};

/// Who applies tags and grants. Snapshots stopped with dbt-glue 1.9.0; `python_model` never did.
const READERS: &[AppliesWhen] = &[super::by(&[
    Materialization::Incremental,
    Materialization::Seed,
    Materialization::Table,
    Materialization::View,
])];

/// Snapshots applied both until dbt-glue 1.9.0.
const ON_SNAPSHOT: KeySpec = KeySpec {
    scopes: &[Scope::SnapshotConfig],
    until: Some(AdapterVersion::new(1, 8, 6)),
    dead: Some("snapshots have applied no tags and grants since dbt-glue 1.9.0"),
    source: sources::GLUE_SNAPSHOT,
    ..GLUE
};

const FIELD: KeySpec = KeySpec {
    checked: Checked::Never,
    content: Checked::AtRun,
    source: sources::LAKE_FORMATION,
    ..GLUE
};

const IN_TAGS: KeySpec = KeySpec {
    scopes: &[Scope::LfTags],
    ..FIELD
};

const IN_FILTER: KeySpec = KeySpec {
    scopes: &[Scope::DataCellFilter],
    ..FIELD
};

pub(crate) static LAKE_FORMATION: &[KeySpec] = &[
    KeySpec {
        name: "lf_grants",
        scopes: &[Scope::ModelConfig, Scope::SeedConfig],
        value: ValueType::Object(Scope::LfGrants),
        applies: READERS,
        summary: "Lake Formation data cell filters and who may read through them",
        body: "The only key is `data_cell_filters`. Applied after the node is built, so that a mistake fails a node whose data \
               is already written. On Iceberg and S3 tables the database is looked up under `glue_catalog.{schema}` and not \
               found.",
        example: "lf_grants: {data_cell_filters: {enabled: true, filters: {}}}",
        source: sources::LAKE_FORMATION,
        ..GLUE
    },
    KeySpec {
        name: "lf_tags_config",
        scopes: &[Scope::ModelConfig, Scope::SeedConfig],
        value: ValueType::Object(Scope::LfTags),
        applies: READERS,
        summary: "Lake Formation tags of the database, the table and its columns",
        body: "An unknown key fails the node even when `enabled` is false. Tags and their values must exist. On Iceberg and S3 \
               tables the database is looked up under `glue_catalog.{schema}` and not found.",
        example: "lf_tags_config: {enabled: true, tags_table: {domain: sales}}",
        source: sources::LAKE_FORMATION,
        ..GLUE
    },
    KeySpec {
        name: "lf_grants",
        value: ValueType::Object(Scope::LfGrants),
        summary: "Ignored on snapshots since dbt-glue 1.9.0",
        body: "Grant on the snapshot's table in Lake Formation itself.",
        example: "lf_grants: {data_cell_filters: {enabled: true, filters: {}}}",
        ..ON_SNAPSHOT
    },
    KeySpec {
        name: "lf_tags_config",
        value: ValueType::Object(Scope::LfTags),
        summary: "Ignored on snapshots since dbt-glue 1.9.0",
        body: "Tag the snapshot's table in Lake Formation itself.",
        example: "lf_tags_config: {enabled: true, tags_table: {domain: sales}}",
        ..ON_SNAPSHOT
    },
    KeySpec {
        name: "data_cell_filters",
        scopes: &[Scope::LfGrants],
        value: ValueType::Object(Scope::DataCellFilters),
        checked: Checked::AtRun,
        required: Some("the node fails with `missing 1 required positional argument`"),
        summary: "The filters of the table",
        body: "Filters that are not listed stay unless `drop_existing` is true.",
        example: "data_cell_filters: {enabled: true, filters: {}}",
        ..FIELD
    },
    KeySpec {
        name: "enabled",
        scopes: &[Scope::DataCellFilters, Scope::LfTags],
        value: ValueType::Bool,
        default: "false",
        summary: "Whether anything is done",
        body: "Off unless set: filters and tags without it are read and passed over.",
        example: "enabled: true",
        ..FIELD
    },
    KeySpec {
        name: "drop_existing",
        scopes: &[Scope::DataCellFilters],
        value: ValueType::Bool,
        default: "false",
        summary: "Delete filters that are not listed",
        body: "Grants on the deleted filters go with them.",
        example: "drop_existing: true",
        ..FIELD
    },
    KeySpec {
        name: "drop_existing",
        value: ValueType::Bool,
        default: "false",
        summary: "Remove tags that are not listed",
        body: "Takes away all column tags, including those that are set again right after. Without `tags_table` it fails on a \
               table that has tags: `argument of type 'NoneType' is not iterable`.",
        example: "drop_existing: true",
        ..IN_TAGS
    },
    KeySpec {
        name: "filters",
        scopes: &[Scope::DataCellFilters],
        value: ValueType::ObjectMap(Scope::DataCellFilter),
        default: "{}",
        checked: Checked::AtRun,
        summary: "Filters by name",
        body: "Each has a `row_filter`, `principals`, and either `column_names` or `excluded_column_names`.",
        example: "filters: {eu_only: {row_filter: \"region = 'eu'\", principals: []}}",
        ..FIELD
    },
    KeySpec {
        name: "column_names",
        value: ValueType::Texts,
        columns: ColumnUse::Govern,
        default: "[]",
        summary: "The columns that may be seen",
        body: "Wins over `excluded_column_names` in silence. With neither, all columns may be seen.",
        example: "column_names: [id, region]",
        ..IN_FILTER
    },
    KeySpec {
        name: "excluded_column_names",
        value: ValueType::Texts,
        columns: ColumnUse::Govern,
        default: "[]",
        summary: "The columns that may not be seen",
        body: "The spelling `excluded_columns_names` of older documentation is refused or ignored, and with an empty list every \
               column is granted.",
        example: "excluded_column_names: [email]",
        ..IN_FILTER
    },
    KeySpec {
        name: "principals",
        value: ValueType::Texts,
        default: "[]",
        required: Some(
            "the node fails with `'NoneType' object is not iterable`, after the filter was created",
        ),
        summary: "ARNs that may select through the filter",
        body: "Other principals lose their grant on it.",
        example: "principals: [\"arn:aws:iam::123456789012:role/analyst\"]",
        ..IN_FILTER
    },
    KeySpec {
        name: "row_filter",
        value: ValueType::Text,
        required: Some(
            "the node fails with `Invalid type for parameter TableData.RowFilter.FilterExpression`",
        ),
        summary: "The condition on rows",
        body: "A PartiQL expression such as `region = 'eu'`; `true` for every row, in quotes.",
        example: "row_filter: \"region = 'eu'\"",
        ..IN_FILTER
    },
    KeySpec {
        name: "tags_columns",
        value: ValueType::Mapping,
        columns: ColumnUse::Govern,
        nullable: true,
        default: "null",
        summary: "Column tags: tag, then value, then a list of columns",
        body: "One call is made for each value of each tag.",
        example: "tags_columns: {pii: {high: [email, phone]}}",
        ..IN_TAGS
    },
    KeySpec {
        name: "tags_database",
        value: ValueType::TextMap,
        nullable: true,
        default: "null",
        checked: Checked::AtRun,
        summary: "Tags of the database",
        body: "Values are texts; a list fails in boto3. The last node that runs decides for the whole database.",
        example: "tags_database: {domain: sales}",
        ..IN_TAGS
    },
    KeySpec {
        name: "tags_table",
        value: ValueType::TextMap,
        nullable: true,
        default: "null",
        checked: Checked::AtRun,
        summary: "Tags of the table",
        body: "Values are texts; a list fails in boto3.",
        example: "tags_table: {domain: sales}",
        ..IN_TAGS
    },
];
