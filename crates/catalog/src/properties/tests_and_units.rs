//! Properties of data tests and unit tests.

use super::PROPERTY;
use crate::{KeySpec, Scope, Template, ValueType, sources};

const IN_TEST: KeySpec = KeySpec {
    scopes: &[Scope::DataTest],
    template: Template::Later,
    source: sources::TEST_BUILDER,
    ..PROPERTY
};

/// A config that used to stand beside the arguments of a test.
const MOVED: KeySpec = KeySpec {
    deprecated: Some("dbt wants it under `config:` now"),
    ..IN_TEST
};

const IN_UNIT_TEST: KeySpec = KeySpec {
    scopes: &[Scope::UnitTest],
    ..PROPERTY
};

const ROWS: KeySpec = KeySpec {
    scopes: &[Scope::UnitTestInput, Scope::UnitTestOutput],
    source: "dbt/artifacts/resources/v1/unit_test_definition.py",
    ..PROPERTY
};

pub(crate) static TESTS: &[KeySpec] = &[
    KeySpec {
        name: "alias",
        value: ValueType::Text,
        summary: "The name of the test's relation",
        body: "Matters when failures are stored.",
        example: "alias: orders_id_unique",
        ..MOVED
    },
    KeySpec {
        name: "arguments",
        value: ValueType::Mapping,
        default: "{}",
        summary: "The arguments of the test",
        body: "Since dbt 1.10; arguments that stand beside it are still read, with a warning.",
        example: "arguments: {values: [a, b]}",
        ..IN_TEST
    },
    KeySpec {
        name: "column_name",
        value: ValueType::Text,
        summary: "The column that is tested",
        body: "Filled in by dbt for tests that stand at a column.",
        example: "column_name: id",
        ..IN_TEST
    },
    KeySpec {
        name: "config",
        value: ValueType::Mapping,
        default: "{}",
        summary: "Configs of the test",
        body: "`severity`, `where`, `store_failures` and the like.",
        example: "config: {severity: warn}",
        ..IN_TEST
    },
    KeySpec {
        name: "database",
        value: ValueType::Text,
        summary: "Ignored on Glue",
        body: "Glue has no level above the schema.",
        example: "database: analytics",
        ..MOVED
    },
    KeySpec {
        name: "description",
        value: ValueType::Text,
        summary: "What the test makes sure of",
        body: "For the documentation.",
        example: "description: Every order has a customer",
        ..IN_TEST
    },
    KeySpec {
        name: "enabled",
        value: ValueType::Bool,
        summary: "Whether the test exists for dbt",
        body: "Same as the config of this name.",
        example: "enabled: false",
        ..MOVED
    },
    KeySpec {
        name: "env_vars",
        scopes: &[Scope::UnitTestOverrides],
        value: ValueType::Mapping,
        default: "{}",
        summary: "Environment variables during the test",
        body: "Names and values.",
        example: "env_vars: {STAGE: test}",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "error_if",
        value: ValueType::Text,
        summary: "The count that makes the test fail",
        body: "Same as the config of this name.",
        example: "error_if: \">10\"",
        ..MOVED
    },
    KeySpec {
        name: "exclude",
        scopes: &[Scope::UnitTestVersions],
        value: ValueType::List,
        nullable: true,
        summary: "The versions of the model that are not tested",
        body: "Not together with `include`.",
        example: "exclude: [1]",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "expect",
        value: ValueType::Object(Scope::UnitTestOutput),
        required: Some("dbt refuses the unit test"),
        summary: "The rows that the model has to return",
        body: "Columns that are not named are not compared.",
        example: "expect: {rows: [{id: 1}]}",
        ..IN_UNIT_TEST
    },
    KeySpec {
        name: "fail_calc",
        value: ValueType::Text,
        summary: "What is computed over the failing rows",
        body: "Same as the config of this name.",
        example: "fail_calc: count(*)",
        ..MOVED
    },
    KeySpec {
        name: "fixture",
        value: ValueType::Text,
        nullable: true,
        summary: "The file with the rows",
        body: "A CSV or SQL file under `tests/fixtures`, without its ending.",
        example: "fixture: orders_small",
        ..ROWS
    },
    KeySpec {
        name: "format",
        value: ValueType::Text,
        default: "dict",
        allowed: &["csv", "dict", "sql"],
        summary: "How the rows are written",
        body: "`dict` for YAML mappings, `csv` and `sql` for texts or files.",
        example: "format: csv",
        ..ROWS
    },
    KeySpec {
        name: "given",
        value: ValueType::Objects(Scope::UnitTestInput),
        required: Some("dbt refuses the unit test"),
        summary: "The rows of the model's inputs",
        body: "One entry for each `ref` and `source` of the model.",
        example: "given: [{input: ref('raw'), rows: [{id: 1}]}]",
        ..IN_UNIT_TEST
    },
    KeySpec {
        name: "include",
        scopes: &[Scope::UnitTestVersions],
        value: ValueType::List,
        nullable: true,
        summary: "The only versions of the model that are tested",
        body: "Not together with `exclude`.",
        example: "include: [2]",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "input",
        scopes: &[Scope::UnitTestInput],
        value: ValueType::Text,
        required: Some("dbt refuses the unit test"),
        template: Template::Later,
        summary: "The input that the rows stand for",
        body: "`ref('...')`, `source('...', '...')` or `this`.",
        example: "input: ref('orders')",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "limit",
        value: ValueType::Integer,
        summary: "The most failing rows that are looked at",
        body: "Same as the config of this name.",
        example: "limit: 100",
        ..MOVED
    },
    KeySpec {
        name: "macros",
        scopes: &[Scope::UnitTestOverrides],
        value: ValueType::Mapping,
        default: "{}",
        summary: "What macros return during the test",
        body: "Names and values: `is_incremental: true`.",
        example: "macros: {is_incremental: true}",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "meta",
        value: ValueType::Mapping,
        summary: "Notes of your own",
        body: "Same as the config of this name.",
        example: "meta: {owner: finance}",
        ..MOVED
    },
    KeySpec {
        name: "model",
        value: ValueType::Text,
        required: Some("dbt refuses the unit test"),
        summary: "The model under test",
        body: "Its name, without `ref`.",
        example: "model: orders",
        ..IN_UNIT_TEST
    },
    KeySpec {
        name: "name",
        value: ValueType::Text,
        summary: "A name instead of the one made of the arguments",
        body: "Must be unique among the tests of the column or model.",
        example: "name: orders_have_customers",
        ..IN_TEST
    },
    KeySpec {
        name: "overrides",
        value: ValueType::Object(Scope::UnitTestOverrides),
        nullable: true,
        summary: "What macros, variables and the environment give during the test",
        body: "Use `macros: {is_incremental: true}` to test the incremental branch.",
        example: "overrides: {vars: {start: 2024-01-01}}",
        ..IN_UNIT_TEST
    },
    KeySpec {
        name: "rows",
        value: ValueType::Any,
        nullable: true,
        summary: "The rows",
        body: "A list of mappings, or a text with CSV or SQL.",
        example: "rows: [{id: 1}]",
        ..ROWS
    },
    KeySpec {
        name: "schema",
        value: ValueType::Text,
        summary: "The schema that stored failures go to",
        body: "Same as the config of this name.",
        example: "schema: test_failures",
        ..MOVED
    },
    KeySpec {
        name: "severity",
        value: ValueType::Text,
        summary: "Whether a failing test is an error or a warning",
        body: "Same as the config of this name.",
        example: "severity: warn",
        ..MOVED
    },
    KeySpec {
        name: "sql_header",
        summary: "SQL to run before the test",
        body: "Same as the config of this name.",
        example: "sql_header: set a=1",
        ..MOVED
    },
    KeySpec {
        name: "store_failures",
        value: ValueType::Bool,
        summary: "Keep the failing rows in a table",
        body: "Same as the config of this name.",
        example: "store_failures: true",
        ..MOVED
    },
    KeySpec {
        name: "store_failures_as",
        value: ValueType::Text,
        summary: "How failing rows are kept",
        body: "Same as the config of this name.",
        example: "store_failures_as: view",
        ..MOVED
    },
    KeySpec {
        name: "tags",
        value: ValueType::TextOrTexts,
        summary: "Words to select tests by",
        body: "Same as the config of this name.",
        example: "tags: [nightly]",
        ..MOVED
    },
    KeySpec {
        name: "test_name",
        value: ValueType::Text,
        summary: "The test, for entries that name it by a key",
        body: "The other form is `- unique: {...}`.",
        example: "test_name: unique",
        ..IN_TEST
    },
    KeySpec {
        name: "vars",
        scopes: &[Scope::UnitTestOverrides],
        value: ValueType::Mapping,
        default: "{}",
        summary: "Variables during the test",
        body: "Names and values.",
        example: "vars: {start: \"2024-01-01\"}",
        source: "dbt/artifacts/resources/v1/unit_test_definition.py",
        ..PROPERTY
    },
    KeySpec {
        name: "versions",
        value: ValueType::Object(Scope::UnitTestVersions),
        nullable: true,
        summary: "The versions of the model that are tested",
        body: "`include` or `exclude`, not both; by default all.",
        example: "versions: {include: [2]}",
        ..IN_UNIT_TEST
    },
    KeySpec {
        name: "warn_if",
        value: ValueType::Text,
        summary: "The count that makes the test warn",
        body: "Same as the config of this name.",
        example: "warn_if: \">0\"",
        ..MOVED
    },
    KeySpec {
        name: "where",
        value: ValueType::Text,
        summary: "The rows that the test looks at",
        body: "Same as the config of this name.",
        example: "where: day > current_date - 7",
        ..MOVED
    },
];
