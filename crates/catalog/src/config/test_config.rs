//! Configs of data tests.

use super::CORE;
use crate::{Checked, KeySpec, Scope, ValueType};

const TEST_ONLY: KeySpec = KeySpec {
    scopes: &[Scope::TestConfig],
    ..CORE
};

pub(crate) static TEST: &[KeySpec] = &[
    KeySpec {
        name: "error_if",
        value: ValueType::Text,
        default: "\"!= 0\"",
        summary: "The count that makes the test fail",
        body: "A comparison put behind the number that `fail_calc` computes.",
        example: "error_if: \">10\"",
        ..TEST_ONLY
    },
    KeySpec {
        name: "fail_calc",
        value: ValueType::Text,
        default: "count(*)",
        summary: "What is computed over the failing rows",
        body: "A SQL aggregate; it must not be null.",
        example: "fail_calc: \"count(distinct id)\"",
        ..TEST_ONLY
    },
    KeySpec {
        name: "limit",
        value: ValueType::TextOrNumber,
        nullable: true,
        default: "null",
        summary: "The most failing rows that are looked at",
        body: "A whole number; `'100'` and `100.5` are taken as 100. Makes a test of a large table cheaper once it fails.",
        example: "limit: 100",
        ..TEST_ONLY
    },
    KeySpec {
        name: "materialized",
        value: ValueType::Text,
        default: "test",
        allowed: &["test"],
        summary: "Always `test`",
        body: "Another value stops dbt with `A test must have a materialized value of 'test'`.",
        example: "materialized: test",
        ..TEST_ONLY
    },
    KeySpec {
        name: "schema",
        value: ValueType::Text,
        nullable: true,
        default: "dbt_test__audit",
        summary: "The schema that stored failures go to",
        body: "Appended to the profile's schema like that of a model.",
        example: "schema: test_failures",
        ..TEST_ONLY
    },
    KeySpec {
        name: "severity",
        value: ValueType::Text,
        default: "ERROR",
        allowed: &["ERROR", "Error", "WARN", "Warn", "error", "warn"],
        summary: "Whether a failing test is an error or a warning",
        body: "`warn` never fails the run; `error` looks at `error_if` first and then at `warn_if`. Case does not matter.",
        example: "severity: warn",
        ..TEST_ONLY
    },
    KeySpec {
        name: "sql_header",
        default: "null",
        summary: "SQL to run before the test",
        body: "Only understood with the flag `require_sql_header_in_test_configs`.",
        example: "sql_header: set spark.sql.ansi.enabled=true",
        ..TEST_ONLY
    },
    KeySpec {
        name: "store_failures",
        value: ValueType::Bool,
        nullable: true,
        default: "null",
        summary: "Keep the failing rows in a table",
        body: "The table is replaced by the next run.",
        example: "store_failures: true",
        ..TEST_ONLY
    },
    KeySpec {
        name: "store_failures_as",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        allowed: &["ephemeral", "table", "view"],
        content: Checked::AtRun,
        summary: "How failing rows are kept",
        body: "Wins over `store_failures`. `ephemeral` keeps nothing.",
        example: "store_failures_as: view",
        ..TEST_ONLY
    },
    KeySpec {
        name: "warn_if",
        value: ValueType::Text,
        default: "\"!= 0\"",
        summary: "The count that makes the test warn",
        body: "A comparison put behind the number that `fail_calc` computes.",
        example: "warn_if: \">0\"",
        ..TEST_ONLY
    },
    KeySpec {
        name: "where",
        value: ValueType::Text,
        nullable: true,
        default: "null",
        summary: "The rows that the test looks at",
        body: "Wraps the tested relation in a subquery with this condition.",
        example: "where: \"order_date > current_date - 7\"",
        ..TEST_ONLY
    },
];
