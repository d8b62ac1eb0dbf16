//! Properties of models, their versions, and snapshots.

use super::PROPERTY;
use crate::{KeySpec, Scope, Template, ValueType, sources};

const MODEL_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::Model],
    ..PROPERTY
};

pub(crate) static MODEL: &[KeySpec] = &[
    KeySpec {
        name: "agg_time_dimension",
        value: ValueType::Text,
        nullable: true,
        summary: "The time dimension that measures are added up along",
        body: "For the semantic layer. Not read on Glue.",
        example: "agg_time_dimension: ordered_at",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "custom_granularities",
        scopes: &[Scope::TimeSpine],
        value: ValueType::List,
        default: "[]",
        summary: "Grains of your own",
        body: "Each has a `name` and may have a `column_name`; the columns must be declared.",
        example: "custom_granularities: [{name: fiscal_year}]",
        source: sources::CORE_MODEL,
        ..PROPERTY
    },
    KeySpec {
        name: "defined_in",
        scopes: &[Scope::ModelVersion],
        value: ValueType::Text,
        nullable: true,
        summary: "The file of the version, without its ending",
        body: "By default `{model}_v{v}`.",
        example: "defined_in: orders_old",
        ..PROPERTY
    },
    KeySpec {
        name: "deprecation_date",
        scopes: &[Scope::Model, Scope::ModelVersion],
        value: ValueType::Date,
        nullable: true,
        summary: "When the model goes out of use",
        body: "Readers get a warning before and after.",
        example: "deprecation_date: 2026-12-31",
        ..PROPERTY
    },
    KeySpec {
        name: "derived_semantics",
        value: ValueType::Mapping,
        nullable: true,
        summary: "Dimensions and entities computed from columns",
        body: "For the semantic layer. Not read on Glue.",
        example: "derived_semantics: {dimensions: []}",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "latest_version",
        value: ValueType::TextOrNumber,
        nullable: true,
        summary: "The version that a `ref()` without one means",
        body: "Must be one of `versions`; by default the greatest.",
        example: "latest_version: 2",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "metrics",
        value: ValueType::List,
        nullable: true,
        summary: "Metrics of the model's semantic model",
        body: "For the semantic layer. Not read on Glue.",
        example: "metrics: []",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "primary_entity",
        value: ValueType::Text,
        nullable: true,
        summary: "The entity that a row of the model is",
        body: "For the semantic layer. Not read on Glue.",
        example: "primary_entity: order",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "relation",
        scopes: &[Scope::Snapshot],
        value: ValueType::Text,
        nullable: true,
        template: Template::Later,
        summary: "The relation that is snapshotted, for a snapshot without a file",
        body: "`ref('...')` or `source('...', '...')`, as a text.",
        example: "relation: source('raw', 'orders')",
        source: sources::SCHEMA_PARSER,
        ..PROPERTY
    },
    KeySpec {
        name: "semantic_model",
        value: ValueType::Any,
        nullable: true,
        summary: "Whether the model is a semantic model as well",
        body: "`true` or a mapping with `name`, `enabled`, `group`, `config`. Not read on Glue.",
        example: "semantic_model: true",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "standard_granularity_column",
        scopes: &[Scope::TimeSpine],
        value: ValueType::Text,
        required: Some("dbt refuses the time spine"),
        summary: "The column with one row for each period",
        body: "Must be declared with a `granularity`.",
        example: "standard_granularity_column: date_day",
        source: sources::CORE_MODEL,
        ..PROPERTY
    },
    KeySpec {
        name: "time_spine",
        value: ValueType::Object(Scope::TimeSpine),
        nullable: true,
        summary: "The model is a calendar for the semantic layer",
        body: "Names the column of the standard grain.",
        example: "time_spine: {standard_granularity_column: date_day}",
        ..MODEL_ONLY
    },
    KeySpec {
        name: "v",
        scopes: &[Scope::ModelVersion],
        value: ValueType::TextOrNumber,
        required: Some("dbt refuses the version"),
        summary: "The version",
        body: "A number or a text; the file is `{model}_v{v}` unless `defined_in` says otherwise, and so is the table.",
        example: "v: 2",
        ..PROPERTY
    },
    KeySpec {
        name: "versions",
        value: ValueType::Objects(Scope::ModelVersion),
        default: "[]",
        summary: "The versions of the model",
        body: "Each has a `v` that differs from the others'.",
        example: "versions: [{v: 1}, {v: 2}]",
        ..MODEL_ONLY
    },
];
