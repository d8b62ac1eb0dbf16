//! Configs of seeds alone.

use super::CORE;
use crate::{KeySpec, Scope, ValueType, sources};

const SEED_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::SeedConfig],
    source: sources::CORE_SEED,
    ..CORE
};

pub(crate) static SEED: &[KeySpec] = &[
    KeySpec {
        name: "delimiter",
        value: ValueType::Text,
        default: "\",\"",
        summary: "The character between fields",
        body: "One character; `\"\\t\"` for tabs.",
        example: "delimiter: \";\"",
        ..SEED_ONLY
    },
    KeySpec {
        name: "quote_columns",
        value: ValueType::Bool,
        nullable: true,
        default: "null",
        dead: Some("dbt-glue sends seeds as rows and never quotes their columns"),
        summary: "No effect on Glue",
        body: "Name columns so that they need no quotes.",
        example: "quote_columns: false",
        ..SEED_ONLY
    },
];
