//! Properties of columns, constraints and macro arguments.

use super::PROPERTY;
use crate::{KeySpec, Scope, ValueType, sources};

const COLUMN_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::Column],
    ..PROPERTY
};

const CONSTRAINT: KeySpec = KeySpec {
    scopes: &[Scope::Constraint],
    source: sources::CONSTRAINTS,
    ..PROPERTY
};

pub(crate) static COLUMN: &[KeySpec] = &[
    KeySpec {
        name: "columns",
        value: ValueType::Texts,
        default: "[]",
        summary: "The columns of a constraint on the table",
        body: "Needed for constraints that stand at the model and not at a column.",
        example: "columns: [order_id, line]",
        ..CONSTRAINT
    },
    KeySpec {
        name: "data_type",
        value: ValueType::Text,
        nullable: true,
        summary: "The column's type, as Spark writes it",
        body: "Compared when a contract is enforced, only up to the first `(` or `<`. On sources it is the only word about \
               types that can be had without the Data Catalog.",
        example: "data_type: \"decimal(10,2)\"",
        ..COLUMN_ONLY
    },
    KeySpec {
        name: "dimension",
        nullable: true,
        summary: "The dimension of the semantic layer that the column is",
        body: "A kind (`categorical`, `time`) or a mapping. Not read on Glue.",
        example: "dimension: categorical",
        ..COLUMN_ONLY
    },
    KeySpec {
        name: "entity",
        nullable: true,
        summary: "The entity of the semantic layer that the column is",
        body: "A kind (`primary`, `foreign`, ...) or a mapping. Not read on Glue.",
        example: "entity: primary",
        ..COLUMN_ONLY
    },
    KeySpec {
        name: "expression",
        value: ValueType::Text,
        nullable: true,
        summary: "The condition or the rest of the constraint",
        body: "For `check` the condition.",
        example: "expression: amount > 0",
        ..CONSTRAINT
    },
    KeySpec {
        name: "granularity",
        value: ValueType::Text,
        nullable: true,
        summary: "The grain of a time column in the semantic layer",
        body: "Required for columns of a time spine and for time dimensions.",
        example: "granularity: day",
        ..COLUMN_ONLY
    },
    KeySpec {
        name: "name",
        value: ValueType::Text,
        nullable: true,
        summary: "The name of the constraint",
        body: "Made up when it is missing.",
        example: "name: positive_amount",
        ..CONSTRAINT
    },
    KeySpec {
        name: "quote",
        value: ValueType::Bool,
        nullable: true,
        summary: "Quote the column in tests and contracts",
        body: "Uses Spark's back-ticks. Most of dbt-glue's own statements never quote.",
        example: "quote: true",
        ..COLUMN_ONLY
    },
    KeySpec {
        name: "to",
        value: ValueType::Text,
        nullable: true,
        summary: "The relation that a foreign key points to",
        body: "Foreign keys are not sent on Glue.",
        example: "to: ref('customers')",
        ..CONSTRAINT
    },
    KeySpec {
        name: "to_columns",
        value: ValueType::Texts,
        default: "[]",
        summary: "The columns that a foreign key points to",
        body: "Foreign keys are not sent on Glue.",
        example: "to_columns: [id]",
        ..CONSTRAINT
    },
    KeySpec {
        name: "type",
        value: ValueType::Text,
        allowed: &[
            "check",
            "custom",
            "foreign_key",
            "not_null",
            "primary_key",
            "unique",
        ],
        required: Some("dbt refuses the constraint"),
        summary: "The kind of constraint",
        body: "On Glue only `check` and `not_null` are sent, and at columns only `not_null`.",
        example: "type: not_null",
        ..CONSTRAINT
    },
    KeySpec {
        name: "type",
        scopes: &[Scope::MacroArgument],
        value: ValueType::Text,
        nullable: true,
        summary: "The argument's type, in words",
        body: "For the documentation; with the flag `validate_macro_args` it has to be a type that dbt knows.",
        example: "type: string",
        source: "dbt/artifacts/resources/v1/macro.py",
        ..PROPERTY
    },
    KeySpec {
        name: "warn_unenforced",
        value: ValueType::Bool,
        default: "true",
        summary: "Warn that Spark does not enforce the constraint",
        body: "`false` silences the warning.",
        example: "warn_unenforced: false",
        ..CONSTRAINT
    },
    KeySpec {
        name: "warn_unsupported",
        value: ValueType::Bool,
        default: "true",
        summary: "Warn that the constraint is not sent at all",
        body: "`false` silences the warning.",
        example: "warn_unsupported: false",
        ..CONSTRAINT
    },
];
