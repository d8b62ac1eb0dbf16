//! Configs that every kind of node has.

use super::{CORE, NODES_AND_TESTS};
use crate::{Checked, KeySpec, Merge, Scope, ValueType, sources};

/// Resource types with a config class of their own, apart from `NodeConfig`.
const OTHERS: &[Scope] = &[
    Scope::ExposureConfig,
    Scope::MetricConfig,
    Scope::SavedQueryConfig,
    Scope::SemanticModelConfig,
    Scope::SourceConfig,
    Scope::UnitTestConfig,
];

pub(crate) static COMMON: &[KeySpec] = &[
    KeySpec {
        name: "alias",
        scopes: NODES_AND_TESTS,
        value: ValueType::Text,
        nullable: true,
        default: "null",
        content: Checked::AtRun,
        summary: "The table's name, where it differs from the node's",
        body: "`ref()` follows it. A seed is created under the name of its file all the same, so that readers of an \
               aliased seed look for a table that is not there. Lower-case letters, digits and underscores are safe on \
               Glue; nothing is quoted.",
        example: "alias: orders",
        ..CORE
    },
    KeySpec {
        name: "database",
        scopes: &[
            Scope::ModelConfig,
            Scope::SeedConfig,
            Scope::SnapshotConfig,
            Scope::AnalysisConfig,
            Scope::FunctionConfig,
            Scope::TestConfig,
        ],
        value: ValueType::Text,
        nullable: true,
        default: "null",
        dead: Some(
            "Glue has no level above the schema: dbt-glue's `generate_database_name` returns the profile's schema",
        ),
        summary: "Ignored on Glue",
        body: "Use `schema` to move a node to another Glue database.",
        example: "database: analytics",
        source: sources::GLUE_MACROS,
        ..CORE
    },
    KeySpec {
        name: "enabled",
        scopes: NODES_AND_TESTS,
        value: ValueType::Bool,
        default: "true",
        summary: "Whether the node exists for dbt",
        body: "A disabled node is not built, and a `ref()` to it fails when dbt parses.",
        example: "enabled: false",
        ..CORE
    },
    KeySpec {
        name: "enabled",
        scopes: OTHERS,
        value: ValueType::Bool,
        default: "true",
        summary: "Whether the resource exists for dbt",
        body: "A disabled resource cannot be referred to.",
        example: "enabled: false",
        ..CORE
    },
    KeySpec {
        name: "group",
        scopes: NODES_AND_TESTS,
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "The group the node belongs to",
        body: "The group must be declared under `groups:`. Private models can be referred to from their own group only.",
        example: "group: finance",
        ..CORE
    },
    KeySpec {
        name: "group",
        scopes: &[
            Scope::MetricConfig,
            Scope::SavedQueryConfig,
            Scope::SemanticModelConfig,
        ],
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "The group the resource belongs to",
        body: "The group must be declared under `groups:`.",
        example: "group: finance",
        source: "dbt/artifacts/resources/v1/metric.py",
        ..CORE
    },
    KeySpec {
        name: "meta",
        scopes: NODES_AND_TESTS,
        value: ValueType::Mapping,
        default: "{}",
        merge: Merge::Update,
        summary: "Notes of your own, some of which dbt-glue acts upon",
        body: "A truthy value under the name of a session key of the profile (`workers`, `worker_type`, `idle_timeout`, \
               `conf`, ... but also `tags`, `schema`, `location`, `region`, `packages`) overrides that key without a check \
               and gives the node a session of its own, at its own cost. `group_session_id` shares such a session among \
               nodes. `0`, `false` and `\"\"` are ignored: nothing can be switched off this way.",
        example: "meta: {owner: finance}",
        source: sources::GLUE_CONNECTIONS,
        ..CORE
    },
    KeySpec {
        name: "meta",
        scopes: &[
            Scope::ColumnConfig,
            Scope::GroupConfig,
            Scope::MetricConfig,
            Scope::SavedQueryConfig,
            Scope::SemanticModelConfig,
            Scope::SourceConfig,
            Scope::UnitTestConfig,
        ],
        value: ValueType::Mapping,
        default: "{}",
        merge: Merge::Update,
        summary: "Notes of your own",
        body: "Ends up in the manifest; dbt and dbt-glue do not act upon it here.",
        example: "meta: {owner: finance}",
        source: sources::CORE_COMPONENTS,
        ..CORE
    },
    KeySpec {
        name: "meta",
        scopes: &[Scope::ExposureConfig, Scope::MacroConfig],
        value: ValueType::Mapping,
        default: "{}",
        summary: "Notes of your own",
        body: "Ends up in the manifest. The nearest layer replaces the others whole.",
        example: "meta: {owner: finance}",
        source: "dbt/artifacts/resources/v1/exposure.py",
        ..CORE
    },
    KeySpec {
        name: "schema",
        scopes: &[
            Scope::ModelConfig,
            Scope::SeedConfig,
            Scope::SnapshotConfig,
            Scope::AnalysisConfig,
            Scope::FunctionConfig,
        ],
        value: ValueType::Text,
        nullable: true,
        default: "null",
        content: Checked::AtRun,
        summary: "The Glue database of the node, appended to the profile's schema",
        body: "Becomes `{profile schema}_{schema}` unless the project has a `generate_schema_name` of its own. dbt creates \
               the database when it is missing; if that fails, it says nothing.",
        example: "schema: staging",
        ..CORE
    },
    KeySpec {
        name: "static_analysis",
        scopes: NODES_AND_TESTS,
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "A setting for dbt's own SQL analysis",
        body: "Read by dbt's newer engine; dbt-core 1.12 keeps it and does nothing. YAML's `on` and `off` are turned back \
               into texts.",
        example: "static_analysis: \"off\"",
        ..CORE
    },
    KeySpec {
        name: "static_analysis",
        scopes: &[Scope::SourceConfig, Scope::UnitTestConfig],
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "A setting for dbt's own SQL analysis",
        body: "Read by dbt's newer engine; dbt-core 1.12 keeps it and does nothing.",
        example: "static_analysis: \"off\"",
        source: sources::CORE_SOURCE,
        ..CORE
    },
    KeySpec {
        name: "tags",
        scopes: NODES_AND_TESTS,
        value: ValueType::TextOrTexts,
        default: "[]",
        merge: Merge::Append,
        summary: "Words to select nodes by",
        body: "Every layer adds to them: tags of `dbt_project.yml` cannot be taken away further down. Select with \
               `tag:nightly`.",
        example: "tags: [nightly, finance]",
        ..CORE
    },
    KeySpec {
        name: "tags",
        scopes: &[Scope::UnitTestConfig],
        value: ValueType::TextOrTexts,
        default: "[]",
        merge: Merge::Append,
        summary: "Words to select unit tests by",
        body: "Every layer adds to them.",
        example: "tags: [nightly]",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..CORE
    },
    KeySpec {
        name: "tags",
        scopes: &[Scope::ColumnConfig, Scope::ExposureConfig, Scope::SourceConfig],
        value: ValueType::Texts,
        default: "[]",
        summary: "Words to select by",
        body: "The nearest layer replaces the others.",
        example: "tags: [nightly]",
        source: sources::CORE_SOURCE,
        ..CORE
    },
];
