//! The top level of a properties file.

use super::PROPERTY;
use crate::{Checked, KeySpec, Scope, ValueType, sources};

const SECTION: KeySpec = KeySpec {
    scopes: &[Scope::PropertiesFile],
    source: sources::SCHEMA_PARSER,
    ..PROPERTY
};

pub(crate) static FILE: &[KeySpec] = &[
    KeySpec {
        name: "analyses",
        value: ValueType::Objects(Scope::Analysis),
        summary: "Properties of analyses",
        body: "Each entry is matched by name with a file under `analysis-paths`.",
        example: "analyses: [{name: revenue}]",
        ..SECTION
    },
    KeySpec {
        name: "anchors",
        value: ValueType::Any,
        summary: "A place for YAML anchors",
        body: "dbt passes over what stands here, so that anchors can be defined once and used below.",
        example: "anchors: [&id {name: id}]",
        ..SECTION
    },
    KeySpec {
        name: "data_tests",
        value: ValueType::Objects(Scope::SingularTest),
        summary: "Properties of singular data tests",
        body: "Each entry is matched by name with a file under `test-paths`.",
        example: "data_tests: [{name: assert_positive}]",
        ..SECTION
    },
    KeySpec {
        name: "exposures",
        value: ValueType::Objects(Scope::Exposure),
        summary: "Dashboards and applications that read models",
        body: "They can be selected with `exposure:` and show up in the graph.",
        example: "exposures: [{name: sales, type: dashboard, owner: {name: Ada}}]",
        ..SECTION
    },
    KeySpec {
        name: "functions",
        value: ValueType::Objects(Scope::Function),
        summary: "Properties of user-defined functions",
        body: "dbt-glue has no macros that create functions.",
        example: "functions: [{name: to_cents, returns: {data_type: int}}]",
        ..SECTION
    },
    KeySpec {
        name: "groups",
        value: ValueType::Objects(Scope::Group),
        summary: "Groups and their owners",
        body: "Models name their group in `config.group`.",
        example: "groups: [{name: finance, owner: {name: Ada}}]",
        ..SECTION
    },
    KeySpec {
        name: "macros",
        value: ValueType::Objects(Scope::Macro),
        summary: "Properties of macros",
        body: "For the documentation; arguments can be checked with the flag `validate_macro_args`.",
        example: "macros: [{name: cents_to_euros}]",
        ..SECTION
    },
    KeySpec {
        name: "metrics",
        value: ValueType::Objects(Scope::Metric),
        summary: "Metrics of the semantic layer",
        body: "Not built on Glue.",
        example: "metrics: [{name: revenue, label: Revenue, type: simple}]",
        ..SECTION
    },
    KeySpec {
        name: "models",
        value: ValueType::Objects(Scope::Model),
        summary: "Properties of models",
        body: "Each entry is matched by name with a file under `model-paths`; one that matches nothing is passed over with a \
               warning.",
        example: "models: [{name: orders}]",
        ..SECTION
    },
    KeySpec {
        name: "saved_queries",
        value: ValueType::Objects(Scope::SavedQuery),
        summary: "Saved queries of the semantic layer",
        body: "Not built on Glue.",
        example: "saved_queries: [{name: weekly, query_params: {}}]",
        ..SECTION
    },
    KeySpec {
        name: "seeds",
        value: ValueType::Objects(Scope::Seed),
        summary: "Properties of seeds",
        body: "Each entry is matched by name with a CSV file under `seed-paths`.",
        example: "seeds: [{name: countries}]",
        ..SECTION
    },
    KeySpec {
        name: "semantic_models",
        value: ValueType::Objects(Scope::SemanticModel),
        summary: "Semantic models",
        body: "Not built on Glue.",
        example: "semantic_models: [{name: orders, model: ref('orders')}]",
        ..SECTION
    },
    KeySpec {
        name: "snapshots",
        value: ValueType::Objects(Scope::Snapshot),
        summary: "Properties of snapshots, or whole snapshots",
        body: "With `relation` the entry is the snapshot itself and needs no SQL file.",
        example: "snapshots: [{name: orders_snapshot, relation: ref('orders')}]",
        ..SECTION
    },
    KeySpec {
        name: "sources",
        value: ValueType::Objects(Scope::Source),
        summary: "Tables that dbt reads and does not build",
        body: "The only place where they are declared.",
        example: "sources: [{name: raw, tables: [{name: orders}]}]",
        ..SECTION
    },
    KeySpec {
        name: "unit_tests",
        value: ValueType::Objects(Scope::UnitTest),
        summary: "Unit tests of models; they always fail on Glue",
        body: "dbt sets a unit test up with a statement that returns no rows, which dbt-glue cannot take: `'NoneType' object \
               is not iterable`.",
        example: "unit_tests: [{name: t, model: orders, given: [], expect: {rows: []}}]",
        ..SECTION
    },
    KeySpec {
        name: "version",
        value: ValueType::Integer,
        checked: Checked::Never,
        content: Checked::Never,
        default: "2",
        allowed: &["2"],
        summary: "The version of the file's form",
        body: "Always 2, and may be left out. dbt looks at it no more.",
        example: "version: 2",
        ..SECTION
    },
];
