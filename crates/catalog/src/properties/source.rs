//! Properties of sources and their tables.

use super::PROPERTY;
use crate::{KeySpec, Scope, Template, ValueType, sources};

const BOTH: &[Scope] = &[Scope::Source, Scope::SourceTable];

const SOURCE_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::Source],
    ..PROPERTY
};

const EXTERNAL: KeySpec = KeySpec {
    scopes: &[Scope::External],
    nullable: true,
    value: ValueType::Text,
    source: sources::CORE_SOURCE,
    ..PROPERTY
};

const FRESHNESS: KeySpec = KeySpec {
    scopes: &[Scope::Freshness],
    nullable: true,
    source: sources::CORE_COMPONENTS,
    ..PROPERTY
};

const TIME: KeySpec = KeySpec {
    scopes: &[Scope::FreshnessTime],
    ..FRESHNESS
};

const QUOTING: KeySpec = KeySpec {
    scopes: &[Scope::Quoting],
    value: ValueType::Bool,
    nullable: true,
    source: sources::CORE_COMPONENTS,
    ..PROPERTY
};

pub(crate) static SOURCE: &[KeySpec] = &[
    KeySpec {
        name: "column",
        summary: "Quote columns",
        body: "Only dbt's own column quoting looks at it.",
        example: "column: true",
        ..QUOTING
    },
    KeySpec {
        name: "count",
        value: ValueType::Integer,
        summary: "How many periods",
        body: "Needs `period`.",
        example: "count: 12",
        ..TIME
    },
    KeySpec {
        name: "database",
        value: ValueType::Text,
        nullable: true,
        dead: Some("dbt-glue writes `schema.table` and never a level above"),
        summary: "Ignored on Glue",
        body: "For a table of another account use a resource link in your own catalog.",
        example: "database: raw",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "database",
        summary: "Quote the database",
        body: "The database is never written on Glue.",
        example: "database: false",
        ..QUOTING
    },
    KeySpec {
        name: "error_after",
        value: ValueType::Object(Scope::FreshnessTime),
        default: "{}",
        summary: "The age that is an error",
        body: "A `count` of a `period`.",
        example: "error_after: {count: 24, period: hour}",
        ..FRESHNESS
    },
    KeySpec {
        name: "external",
        scopes: &[Scope::SourceTable],
        value: ValueType::Object(Scope::External),
        nullable: true,
        summary: "How the table lies outside, for packages",
        body: "dbt and dbt-glue do not act upon it; packages such as dbt-external-tables do.",
        example: "external: {location: \"s3://bucket/raw/orders\"}",
        ..PROPERTY
    },
    KeySpec {
        name: "file_format",
        summary: "The format of the external table",
        body: "For packages.",
        example: "file_format: parquet",
        ..EXTERNAL
    },
    KeySpec {
        name: "filter",
        value: ValueType::Text,
        summary: "The rows that are looked at",
        body: "Put into the `where` of the freshness query; on a large table name a partition.",
        example: "filter: \"day >= current_date - 3\"",
        ..FRESHNESS
    },
    KeySpec {
        name: "freshness",
        scopes: BOTH,
        value: ValueType::Object(Scope::Freshness),
        nullable: true,
        deprecated: Some("dbt wants it under `config:` now"),
        summary: "How old the source may be",
        body: "A table's own freshness is merged with its source's; null switches it off.",
        example: "freshness: {warn_after: {count: 12, period: hour}}",
        ..PROPERTY
    },
    KeySpec {
        name: "identifier",
        scopes: &[Scope::SourceTable],
        value: ValueType::Text,
        nullable: true,
        summary: "The table's name in the Data Catalog",
        body: "By default the entry's `name`.",
        example: "identifier: orders_2024",
        ..PROPERTY
    },
    KeySpec {
        name: "identifier",
        summary: "Quote the table's name",
        body: "Uses back-ticks.",
        example: "identifier: true",
        ..QUOTING
    },
    KeySpec {
        name: "loaded_at_field",
        scopes: BOTH,
        value: ValueType::Text,
        nullable: true,
        deprecated: Some("dbt wants it under `config:` now"),
        summary: "The column or expression that says when a row was loaded",
        body: "An empty text is refused.",
        example: "loaded_at_field: loaded_at",
        ..PROPERTY
    },
    KeySpec {
        name: "loaded_at_query",
        scopes: BOTH,
        value: ValueType::Text,
        nullable: true,
        template: Template::Later,
        deprecated: Some("dbt wants it under `config:` now"),
        summary: "A query that says when the source was last loaded",
        body: "Not together with `loaded_at_field`.",
        example: "loaded_at_query: select max(loaded_at) from {{ this }}",
        ..PROPERTY
    },
    KeySpec {
        name: "loader",
        value: ValueType::Text,
        default: "\"\"",
        summary: "What loads the data, in words",
        body: "For the documentation.",
        example: "loader: AppFlow",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "location",
        summary: "Where the external table lies",
        body: "For packages.",
        example: "location: s3://bucket/raw/orders",
        ..EXTERNAL
    },
    KeySpec {
        name: "overrides",
        value: ValueType::Text,
        deprecated: Some("dbt warns about overridden sources and will drop them"),
        summary: "The package whose source of this name is overridden",
        body: "Turn the package's source off with `enabled: false` and declare your own.",
        example: "overrides: some_package",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "partitions",
        value: ValueType::List,
        summary: "The partition columns of the external table",
        body: "Names, or mappings with `name` and `data_type`.",
        example: "partitions: [{name: day, data_type: date}]",
        ..EXTERNAL
    },
    KeySpec {
        name: "period",
        value: ValueType::Text,
        allowed: &["day", "hour", "minute"],
        summary: "The unit of `count`",
        body: "Needs `count`.",
        example: "period: hour",
        ..TIME
    },
    KeySpec {
        name: "quoting",
        scopes: BOTH,
        value: ValueType::Object(Scope::Quoting),
        default: "{}",
        summary: "Which parts of the name are quoted",
        body: "Works on sources, unlike on models.",
        example: "quoting: {schema: true, identifier: true}",
        ..PROPERTY
    },
    KeySpec {
        name: "row_format",
        summary: "The row format of the external table",
        body: "For packages.",
        example: "row_format: serde 'org.openx.data.jsonserde.JsonSerDe'",
        ..EXTERNAL
    },
    KeySpec {
        name: "schema",
        value: ValueType::Text,
        nullable: true,
        summary: "The Glue database",
        body: "By default the source's `name`. Taken as it is: the profile's schema is not put in front.",
        example: "schema: raw",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "schema",
        summary: "Quote the schema",
        body: "Uses back-ticks. On Iceberg models it breaks the catalog's name.",
        example: "schema: true",
        ..QUOTING
    },
    KeySpec {
        name: "tables",
        value: ValueType::Objects(Scope::SourceTable),
        nullable: true,
        default: "[]",
        summary: "The tables of the source",
        body: "`source('name', 'table')` finds them.",
        example: "tables: [{name: orders}]",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "tbl_properties",
        summary: "The properties of the external table",
        body: "For packages.",
        example: "tbl_properties: \"('skip.header.line.count'='1')\"",
        ..EXTERNAL
    },
    KeySpec {
        name: "warn_after",
        value: ValueType::Object(Scope::FreshnessTime),
        default: "{}",
        summary: "The age that is a warning",
        body: "A `count` of a `period`.",
        example: "warn_after: {count: 12, period: hour}",
        ..FRESHNESS
    },
];
