//! Configs of sources, macros, saved queries and functions.

use super::CORE;
use crate::{KeySpec, Merge, Scope, Template, ValueType, sources};

const SOURCE_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::SourceConfig],
    source: sources::CORE_SOURCE,
    ..CORE
};

const SAVED_QUERY_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::SavedQueryConfig],
    source: "dbt/artifacts/resources/v1/saved_query.py",
    ..CORE
};

const FUNCTION_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::FunctionConfig],
    source: "dbt/artifacts/resources/v1/function.py",
    ..CORE
};

const NO_FUNCTIONS: &str = "dbt-glue has no macros that create functions";

pub(crate) static OTHER: &[KeySpec] = &[
    KeySpec {
        name: "cache",
        value: ValueType::Mapping,
        default: "{}",
        summary: "Whether the semantic layer keeps the result",
        body: "`enabled: true` turns it on in dbt's hosted semantic layer.",
        example: "cache: {enabled: true}",
        ..SAVED_QUERY_ONLY
    },
    KeySpec {
        name: "docs",
        scopes: &[Scope::MacroConfig],
        value: ValueType::Object(Scope::Docs),
        default: "{show: true}",
        merge: Merge::Clobber,
        summary: "How the macro looks in the documentation site",
        body: "`show: false` hides it.",
        example: "docs: {show: false}",
        source: "dbt/artifacts/resources/v1/macro.py",
        ..CORE
    },
    KeySpec {
        name: "entry_point",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        dead: Some(NO_FUNCTIONS),
        summary: "The Python function behind a function",
        body: "dbt's functions do not work on Glue.",
        example: "entry_point: main",
        ..FUNCTION_ONLY
    },
    KeySpec {
        name: "event_time",
        default: "null",
        summary: "The column that says when a row happened",
        body: "Lets dbt filter the source for sampling and microbatches; the latter are refused on Glue.",
        example: "event_time: ordered_at",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "export_as",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        allowed: &["table", "view"],
        summary: "What exports are written as",
        body: "Read by dbt's hosted semantic layer.",
        example: "export_as: table",
        ..SAVED_QUERY_ONLY
    },
    KeySpec {
        name: "freshness",
        value: ValueType::Object(Scope::Freshness),
        nullable: true,
        default: "{}",
        summary: "How old the source may be",
        body: "Checked by `dbt source freshness`, which needs `loaded_at_field` or `loaded_at_query` on Glue: the catalog's \
               metadata is not read for it. Null switches the check off for a table.",
        example: "freshness: {warn_after: {count: 12, period: hour}}",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "loaded_at_field",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "The column or expression that says when a row was loaded",
        body: "Its maximum is compared with now. Not together with `loaded_at_query`.",
        example: "loaded_at_field: loaded_at",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "loaded_at_query",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        template: Template::Later,
        summary: "A query that says when the source was last loaded",
        body: "Returns one timestamp. Not together with `loaded_at_field`.",
        example: "loaded_at_query: select max(loaded_at) from {{ this }}",
        ..SOURCE_ONLY
    },
    KeySpec {
        name: "materialized",
        value: ValueType::Text,
        default: "function",
        allowed: &["function"],
        dead: Some(NO_FUNCTIONS),
        summary: "Always `function`",
        body: "dbt's functions do not work on Glue.",
        example: "materialized: function",
        ..FUNCTION_ONLY
    },
    KeySpec {
        name: "runtime_version",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        dead: Some(NO_FUNCTIONS),
        summary: "The Python version of a function",
        body: "dbt's functions do not work on Glue.",
        example: "runtime_version: \"3.11\"",
        ..FUNCTION_ONLY
    },
    KeySpec {
        name: "schema",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "The schema that exports are written to",
        body: "Read by dbt's hosted semantic layer.",
        example: "schema: exports",
        ..SAVED_QUERY_ONLY
    },
    KeySpec {
        name: "snowflake",
        value: ValueType::Mapping,
        default: "{}",
        dead: Some(NO_FUNCTIONS),
        summary: "Settings of Snowflake functions",
        body: "No effect on Glue.",
        example: "snowflake: {quote_args: true}",
        ..FUNCTION_ONLY
    },
    KeySpec {
        name: "type",
        value: ValueType::Text,
        default: "scalar",
        allowed: &["aggregate", "scalar", "table"],
        dead: Some(NO_FUNCTIONS),
        summary: "The kind of a function",
        body: "dbt's functions do not work on Glue.",
        example: "type: scalar",
        ..FUNCTION_ONLY
    },
    KeySpec {
        name: "volatility",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        dead: Some(NO_FUNCTIONS),
        summary: "Whether a function always gives the same result",
        body: "dbt's functions do not work on Glue.",
        example: "volatility: deterministic",
        ..FUNCTION_ONLY
    },
];
