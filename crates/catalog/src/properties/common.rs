//! Properties that many kinds of entries share.

use super::{NAME, PROPERTY, TESTED};
use crate::{KeySpec, Scope, Template, ValueType};

const NAMED: &[Scope] = &[
    Scope::Analysis,
    Scope::Column,
    Scope::Exposure,
    Scope::Function,
    Scope::Group,
    Scope::Macro,
    Scope::MacroArgument,
    Scope::Metric,
    Scope::Model,
    Scope::SavedQuery,
    Scope::Seed,
    Scope::SemanticModel,
    Scope::SingularTest,
    Scope::Snapshot,
    Scope::Source,
    Scope::SourceTable,
    Scope::UnitTest,
];

const CONFIGURED: &[Scope] = &[
    Scope::Analysis,
    Scope::Column,
    Scope::Exposure,
    Scope::Function,
    Scope::Group,
    Scope::Macro,
    Scope::Metric,
    Scope::Model,
    Scope::ModelVersion,
    Scope::SavedQuery,
    Scope::Seed,
    Scope::SemanticModel,
    Scope::SingularTest,
    Scope::Snapshot,
    Scope::Source,
    Scope::SourceTable,
    Scope::UnitTest,
];

const DESCRIBED: &[Scope] = &[
    Scope::Analysis,
    Scope::Column,
    Scope::Exposure,
    Scope::Function,
    Scope::Macro,
    Scope::MacroArgument,
    Scope::Metric,
    Scope::Model,
    Scope::ModelVersion,
    Scope::SavedQuery,
    Scope::Seed,
    Scope::SemanticModel,
    Scope::SingularTest,
    Scope::Snapshot,
    Scope::Source,
    Scope::SourceTable,
    Scope::UnitTest,
];

/// Entries whose `meta` belongs under `config` by now.
const WITH_META: &[Scope] = &[
    Scope::Analysis,
    Scope::Column,
    Scope::Exposure,
    Scope::Function,
    Scope::Macro,
    Scope::Metric,
    Scope::Model,
    Scope::Seed,
    Scope::SingularTest,
    Scope::Snapshot,
    Scope::Source,
    Scope::SourceTable,
];

const WITH_DOCS: &[Scope] = &[
    Scope::Analysis,
    Scope::Column,
    Scope::Function,
    Scope::Macro,
    Scope::Model,
    Scope::ModelVersion,
    Scope::Seed,
    Scope::SingularTest,
    Scope::Snapshot,
    Scope::SourceTable,
];

const MOVED: &str = "dbt wants it under `config:` now";

pub(crate) static COMMON: &[KeySpec] = &[
    KeySpec {
        scopes: NAMED,
        summary: "The name of what is described",
        body: "The name of a file without its ending, of a column, of a macro, or a new name for what exists only here. An \
               entry whose name matches nothing is passed over with a warning.",
        example: "name: orders",
        ..NAME
    },
    KeySpec {
        name: "columns",
        scopes: &[
            Scope::Analysis,
            Scope::Model,
            Scope::ModelVersion,
            Scope::Seed,
            Scope::Snapshot,
            Scope::SourceTable,
        ],
        value: ValueType::Objects(Scope::Column),
        default: "[]",
        summary: "The columns, with descriptions, types and tests",
        body: "A column that is not listed is no fault, unless a contract is enforced: then all have to be, with types. The \
               columns of a version may also hold an `include` and `exclude` entry.",
        example: "columns: [{name: id}]",
        ..PROPERTY
    },
    KeySpec {
        name: "config",
        scopes: CONFIGURED,
        value: ValueType::Mapping,
        default: "{}",
        summary: "Configs of this entry",
        body: "The layer between `dbt_project.yml` and `config()` in the file itself.",
        example: "config: {tags: [nightly]}",
        ..PROPERTY
    },
    KeySpec {
        name: "constraints",
        scopes: &[
            Scope::Analysis,
            Scope::Column,
            Scope::Function,
            Scope::Macro,
            Scope::Model,
            Scope::ModelVersion,
            Scope::Seed,
            Scope::SingularTest,
            Scope::Snapshot,
            Scope::SourceTable,
        ],
        value: ValueType::Objects(Scope::Constraint),
        default: "[]",
        summary: "Constraints of a table or column",
        body: "Only read with an enforced contract, and on Glue only by `table` models: `check` and `not_null` are sent as \
               `alter table` when `file_format` is `delta`, or is not set at all, where Spark then refuses them.",
        example: "constraints: [{type: not_null}]",
        source: "dbt/include/spark/macros/adapters.sql",
        ..PROPERTY
    },
    KeySpec {
        name: "data_tests",
        scopes: &[
            Scope::Column,
            Scope::Model,
            Scope::Seed,
            Scope::Snapshot,
            Scope::SourceTable,
        ],
        value: ValueType::DataTests,
        default: "[]",
        template: Template::Later,
        summary: "Generic data tests",
        body: "Names, or mappings from a name to `arguments:` and `config:`. Each is a query of its own and costs a statement \
               on Glue.",
        example: "data_tests: [not_null, unique]",
        ..PROPERTY
    },
    KeySpec {
        name: "data_tests",
        scopes: &[Scope::ModelVersion],
        nullable: true,
        value: ValueType::DataTests,
        default: "[]",
        template: Template::Later,
        summary: "Generic data tests",
        body: "Names, or mappings from a name to `arguments:` and `config:`. Each is a query of its own and costs a statement \
               on Glue.",
        example: "data_tests: [not_null, unique]",
        ..PROPERTY
    },
    KeySpec {
        name: "data_type",
        scopes: &[
            Scope::Analysis,
            Scope::Function,
            Scope::Macro,
            Scope::Model,
            Scope::Seed,
            Scope::SingularTest,
            Scope::Snapshot,
            Scope::SourceTable,
        ],
        value: ValueType::Text,
        nullable: true,
        dead: Some("only columns have a type"),
        summary: "No effect here",
        body: "dbt accepts the key because entries share a class with columns.",
        example: "data_type: string",
        ..PROPERTY
    },
    KeySpec {
        name: "description",
        scopes: DESCRIBED,
        value: ValueType::Text,
        nullable: false,
        default: "\"\"",
        template: Template::Later,
        summary: "What it is, in Markdown",
        body: "May hold `{{ doc('name') }}`. With `persist_docs` it becomes a comment in the Data Catalog; an apostrophe or a \
               backslash then breaks the statement.",
        example: "description: One row for each order",
        ..PROPERTY
    },
    KeySpec {
        name: "description",
        scopes: &[Scope::Group],
        value: ValueType::Text,
        nullable: true,
        default: "\"\"",
        template: Template::Later,
        summary: "What it is, in Markdown",
        body: "Markdown; only shown in the documentation.",
        example: "description: One row for each order",
        ..PROPERTY
    },
    KeySpec {
        name: "docs",
        scopes: WITH_DOCS,
        value: ValueType::Object(Scope::Docs),
        default: "{show: true}",
        deprecated: Some(MOVED),
        summary: "How it looks in the documentation site",
        body: "`show: false` hides it.",
        example: "docs: {show: false}",
        ..PROPERTY
    },
    KeySpec {
        name: "meta",
        scopes: WITH_META,
        value: ValueType::Mapping,
        default: "{}",
        deprecated: Some(MOVED),
        summary: "Notes of your own",
        body: "Merged into `config.meta`; on nodes, session keys in it open a session of their own all the same.",
        example: "meta: {owner: finance}",
        ..PROPERTY
    },
    KeySpec {
        name: "tags",
        scopes: &[
            Scope::Column,
            Scope::Exposure,
            Scope::Metric,
            Scope::SavedQuery,
            Scope::Source,
            Scope::SourceTable,
        ],
        value: ValueType::TextOrTexts,
        default: "[]",
        deprecated: Some(MOVED),
        summary: "Words to select by",
        body: "Those of a column apply to its tests.",
        example: "tags: [nightly]",
        ..PROPERTY
    },
    KeySpec {
        name: "tests",
        scopes: &[
            Scope::Column,
            Scope::Model,
            Scope::Seed,
            Scope::Snapshot,
            Scope::SourceTable,
        ],
        value: ValueType::DataTests,
        default: "[]",
        template: Template::Later,
        deprecated: Some("`data_tests` is the name now; both at one entry are refused"),
        summary: "Older name of `data_tests`",
        body: "Still read.",
        example: "tests: [not_null]",
        ..PROPERTY
    },
    KeySpec {
        name: "tests",
        scopes: &[Scope::ModelVersion],
        nullable: true,
        value: ValueType::DataTests,
        default: "[]",
        template: Template::Later,
        deprecated: Some("`data_tests` is the name now; both at one entry are refused"),
        summary: "Older name of `data_tests`",
        body: "Still read.",
        example: "tests: [not_null]",
        ..PROPERTY
    },
    KeySpec {
        name: "access",
        scopes: &[Scope::Model, Scope::ModelVersion],
        value: ValueType::Text,
        nullable: true,
        allowed: &["private", "protected", "public"],
        deprecated: Some(MOVED),
        summary: "Who may refer to the model",
        body: "Same as the config of this name.",
        example: "access: public",
        ..PROPERTY
    },
    KeySpec {
        name: "access",
        scopes: &[Scope::Analysis, Scope::Function, Scope::Seed, Scope::Snapshot],
        value: ValueType::Text,
        nullable: true,
        dead: Some("only models have an access level"),
        summary: "No effect here",
        body: "dbt accepts the key because entries share a class with models.",
        example: "access: public",
        ..PROPERTY
    },
    KeySpec {
        name: "quote_columns",
        scopes: TESTED,
        value: ValueType::Bool,
        nullable: true,
        dead: Some("dbt-glue never quotes the columns of seeds"),
        summary: "No effect on Glue",
        body: "Name columns so that they need no quotes.",
        example: "quote_columns: false",
        ..PROPERTY
    },
];
