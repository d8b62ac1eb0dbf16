//! Properties of exposures, groups, macros, functions and the semantic layer.

use super::PROPERTY;
use crate::{KeySpec, Scope, Template, ValueType};

const EXPOSURE: KeySpec = KeySpec {
    scopes: &[Scope::Exposure],
    ..PROPERTY
};

const OWNER: KeySpec = KeySpec {
    scopes: &[Scope::Owner],
    nullable: true,
    source: "dbt/artifacts/resources/v1/owner.py",
    ..PROPERTY
};

const FUNCTION: KeySpec = KeySpec {
    scopes: &[Scope::Function],
    ..PROPERTY
};

const SEMANTIC_MODEL: KeySpec = KeySpec {
    scopes: &[Scope::SemanticModel],
    ..PROPERTY
};

const SAVED_QUERY: KeySpec = KeySpec {
    scopes: &[Scope::SavedQuery],
    ..PROPERTY
};

const SEMANTIC: &str = "For the semantic layer; dbt-glue does not act upon it.";

pub(crate) static OTHER: &[KeySpec] = &[
    KeySpec {
        name: "arguments",
        scopes: &[Scope::Macro],
        value: ValueType::Objects(Scope::MacroArgument),
        default: "[]",
        summary: "The arguments of the macro",
        body: "For the documentation; the flag `validate_macro_args` compares their names with the macro.",
        example: "arguments: [{name: amount, type: number}]",
        ..PROPERTY
    },
    KeySpec {
        name: "arguments",
        value: ValueType::List,
        default: "[]",
        summary: "The arguments of the function",
        body: "Each has a `name` and a `data_type`.",
        example: "arguments: [{name: amount, data_type: int}]",
        ..FUNCTION
    },
    KeySpec {
        name: "defaults",
        value: ValueType::Mapping,
        nullable: true,
        summary: "Defaults of the measures",
        body: SEMANTIC,
        example: "defaults: {agg_time_dimension: ordered_at}",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "depends_on",
        value: ValueType::Texts,
        default: "[]",
        template: Template::Later,
        summary: "What the exposure reads",
        body: "Texts such as `ref('orders')`, `source('raw', 'orders')` or `metric('revenue')`.",
        example: "depends_on: [\"ref('orders')\"]",
        ..EXPOSURE
    },
    KeySpec {
        name: "dimensions",
        value: ValueType::List,
        default: "[]",
        summary: "The dimensions",
        body: SEMANTIC,
        example: "dimensions: [{name: status, type: categorical}]",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "email",
        value: ValueType::TextOrTexts,
        summary: "The owner's address",
        body: "An owner has a name, an address, or both; other keys are kept as they are.",
        example: "email: ada@example.org",
        ..OWNER
    },
    KeySpec {
        name: "entities",
        value: ValueType::List,
        default: "[]",
        summary: "The entities",
        body: SEMANTIC,
        example: "entities: [{name: order, type: primary}]",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "exports",
        value: ValueType::List,
        default: "[]",
        summary: "Where results are written",
        body: SEMANTIC,
        example: "exports: [{name: weekly_table}]",
        ..SAVED_QUERY
    },
    KeySpec {
        name: "label",
        scopes: &[
            Scope::Exposure,
            Scope::Metric,
            Scope::SavedQuery,
            Scope::SemanticModel,
        ],
        value: ValueType::Text,
        nullable: true,
        summary: "The name that people see",
        body: "May hold blanks.",
        example: "label: Weekly sales",
        ..PROPERTY
    },
    KeySpec {
        name: "maturity",
        value: ValueType::Text,
        nullable: true,
        allowed: &["high", "low", "medium"],
        summary: "How far the exposure is to be trusted",
        body: "For the documentation.",
        example: "maturity: high",
        ..EXPOSURE
    },
    KeySpec {
        name: "measures",
        value: ValueType::List,
        default: "[]",
        summary: "The measures",
        body: SEMANTIC,
        example: "measures: [{name: revenue, agg: sum}]",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "model",
        value: ValueType::Text,
        required: Some("dbt refuses the semantic model"),
        template: Template::Later,
        summary: "The model that it describes",
        body: "`ref('orders')`, as a text.",
        example: "model: ref('orders')",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "name",
        value: ValueType::Text,
        summary: "The owner's name",
        body: "An owner has a name, an address, or both.",
        example: "name: Ada",
        ..OWNER
    },
    KeySpec {
        name: "overloads",
        value: ValueType::List,
        default: "[]",
        summary: "Other signatures of the function",
        body: "Each names its file in `defined_in`.",
        example: "overloads: [{defined_in: to_cents_text}]",
        ..FUNCTION
    },
    KeySpec {
        name: "owner",
        scopes: &[Scope::Exposure, Scope::Group],
        value: ValueType::Object(Scope::Owner),
        required: Some("dbt refuses the entry"),
        summary: "Who answers for it",
        body: "Must have a `name` or an `email`.",
        example: "owner: {name: Ada, email: ada@example.org}",
        ..PROPERTY
    },
    KeySpec {
        name: "primary_entity",
        value: ValueType::Text,
        nullable: true,
        summary: "The entity that a row is",
        body: SEMANTIC,
        example: "primary_entity: order",
        ..SEMANTIC_MODEL
    },
    KeySpec {
        name: "query_params",
        value: ValueType::Mapping,
        required: Some("dbt refuses the saved query"),
        summary: "Metrics, groups and filters of the query",
        body: SEMANTIC,
        example: "query_params: {metrics: [revenue]}",
        ..SAVED_QUERY
    },
    KeySpec {
        name: "returns",
        value: ValueType::Mapping,
        required: Some("dbt refuses the function"),
        summary: "What the function returns",
        body: "Has a `data_type`.",
        example: "returns: {data_type: int}",
        ..FUNCTION
    },
    KeySpec {
        name: "type",
        value: ValueType::Text,
        allowed: &["analysis", "application", "dashboard", "ml", "notebook"],
        required: Some("dbt refuses the exposure"),
        summary: "The kind of exposure",
        body: "For the documentation.",
        example: "type: dashboard",
        ..EXPOSURE
    },
    KeySpec {
        name: "url",
        value: ValueType::Text,
        nullable: true,
        summary: "Where the exposure is found",
        body: "A link in the documentation site.",
        example: "url: https://example.org/sales",
        ..EXPOSURE
    },
];
