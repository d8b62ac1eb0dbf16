//! Files of YAML.

use super::check;

const SCHEMA: &str = "models/marts/half.yml";

#[test]
fn keys_of_properties() {
    check(
        SCHEMA,
        &[
            ("$0", "models seeds sources", "name"),
            ("mod$0", "models", "sources"),
            ("models:\n  - name: orders\n$0", "seeds", "models name"),
            ("models:\n  $0", "name", "seeds"),
            ("models:\n  - $0", "name description columns", "models"),
            ("models:\n  - na$0", "name", "models"),
            (
                "models:\n  - name: orders\n    $0",
                "description config columns data_tests",
                "name tables",
            ),
            (
                "models:\n  - name: orders\n    $0\n    columns: []\n",
                "description config",
                "name columns",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        $0",
                "description data_type data_tests",
                "tables versions",
            ),
            (
                "models:\n  - name: orders\n    config:\n      $0",
                "materialized tags",
                "severity +materialized",
            ),
            (
                "models:\n  - name: orders\n    config:\n      lf_tags_config:\n        $0",
                "enabled tags_table",
                "materialized",
            ),
            (
                "models:\n  - name: orders\n    config:\n      lf_grants:\n        data_cell_filters:\n          filters:\n            mine:\n              $0",
                "row_filter",
                "enabled",
            ),
            (
                "models:\n  - name: orders\n    config:\n      meta:\n        $0",
                "idle_timeout workers",
                "materialized",
            ),
            (
                "models:\n  - name: orders\n    config: {mat$0}",
                "materialized",
                "",
            ),
            (
                "models:\n  - name: orders\n    constraints:\n      - $0",
                "type columns",
                "",
            ),
            (
                "models:\n  - name: orders\n    versions:\n      - $0",
                "v defined_in",
                "",
            ),
            ("sources:\n  - name: raw\n    $0", "schema tables", "columns"),
            (
                "sources:\n  - name: raw\n    tables:\n      - name: orders\n        $0",
                "columns identifier",
                "tables",
            ),
            (
                "sources:\n  - name: raw\n    freshness:\n      warn_after:\n        $0",
                "count period",
                "*",
            ),
            (
                "sources:\n  - name: raw\n    freshness:\n      warn_after: {count: 1, period: $0}",
                "day hour minute",
                "*",
            ),
            (
                "seeds:\n  - name: countries\n    config:\n      $0",
                "column_types delimiter",
                "incremental_strategy",
            ),
            ("exposures:\n  - name: x\n    type: $0", "dashboard", ""),
            ("exposures:\n  - name: x\n    owner:\n      $0", "email name", ""),
            ("unit_tests:\n  - name: x\n    $0", "model given expect", ""),
            (
                "macros:\n  - name: cents_to_euros\n    $0",
                "arguments description",
                "",
            ),
            ("groups:\n  - name: x\n    $0", "owner", "columns"),
            ("models:\n  - name: orders\n    description: |\n      $0", "", "*"),
            ("models:\n  - name: orders\n    description: some $0", "", "*"),
            ("models:\n  - name: orders # $0", "", "*"),
            ("models: $0", "", "*"),
        ],
    );
}

#[test]
fn names_of_properties() {
    check(
        SCHEMA,
        &[
            (
                "models:\n  - name: $0",
                "orders stg_customers",
                "stg_orders countries",
            ),
            ("models:\n  - name: ord$0", "orders", "stg_customers"),
            ("models:\n  - name: orders$0\n    columns: []\n", "orders", ""),
            ("seeds:\n  - name: $0", "countries", "orders"),
            ("snapshots:\n  - name: $0", "orders_snapshot", "orders"),
            ("macros:\n  - name: $0", "cents_to_euros", "star"),
            (
                "macros:\n  - name: cents_to_euros\n    arguments:\n      - name: $0",
                "column scale",
                "*",
            ),
            (
                "macros:\n  - name: cents_to_euros\n    arguments:\n      - name: column\n      - name: $0",
                "scale",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      materialized: $0",
                "incremental table view",
                "",
            ),
            (
                "models:\n  - name: orders\n    config:\n      tags: $0",
                "nightly",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      tags: [$0]",
                "nightly",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      tags:\n        - $0",
                "nightly",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      group: $0",
                "finance",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      enabled: $0",
                "false true",
                "*",
            ),
            (
                "models:\n  - name: orders\n    config:\n      access: pu$0",
                "public",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: a\n        data_type: b$0",
                "bigint boolean",
                "int string",
            ),
            ("models:\n  - name: orders\n    latest_version: $0", "", "*"),
            ("unit_tests:\n  - name: x\n    model: $0", "orders stg_orders", ""),
            (
                "unit_tests:\n  - name: x\n    model: orders\n    given:\n      - input: $0",
                "ref('stg_orders') ref source this",
                "",
            ),
            (
                "unit_tests:\n  - name: x\n    model: orders\n    given:\n      - input: ref('$0')",
                "stg_orders",
                "this",
            ),
            (
                "exposures:\n  - name: x\n    depends_on:\n      - ref('stg$0')",
                "stg_customers stg_orders",
                "*",
            ),
            (
                "exposures:\n  - name: x\n    depends_on:\n      - $0",
                "ref source",
                "this",
            ),
            (
                "models:\n  - name: orders\n    description: \"{{ doc('$0') }}\"",
                "order_status",
                "",
            ),
            (
                "models:\n  - name: orders\n    description: \"{{ $0 }}\"",
                "doc",
                "ref",
            ),
            (
                "models:\n  - name: orders\n    config:\n      pre_hook: \"{{ $0 }}\"",
                "ref this",
                "",
            ),
            (
                "models:\n  - name: orders # glueline: allow($0",
                "missing-ref",
                "",
            ),
        ],
    );
}

#[test]
fn data_tests() {
    check(
        SCHEMA,
        &[
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        data_tests:\n          - $0",
                "not_null unique dbt_utils.at_least_one positive",
                "name",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests: [$0]",
                "not_null unique",
                "",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - unique\n          - $0",
                "not_null",
                "unique",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          $0",
                "not_null",
                "",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - dbt_$0",
                "dbt_utils.at_least_one",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - relationships:\n              $0",
                "field to config",
                "values",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - accepted_values:\n              values: [a]\n              $0",
                "quote",
                "values",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - relationships:\n              to: $0",
                "ref",
                "",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - relationships:\n              to: ref('stg$0')",
                "stg_customers stg_orders",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - relationships:\n              to: ref('stg_orders')\n              field: $0",
                "amount id",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - relationships:\n              to: source('raw', 'orders')\n              field: $0",
                "order_id",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - positive:\n              $0",
                "limit strict",
                "model",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - positive:\n              arguments:\n                $0",
                "limit strict",
                "config",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - unique:\n              config:\n                $0",
                "severity where",
                "materialized",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - unique:\n              config:\n                severity: $0",
                "error warn",
                "*",
            ),
            (
                "models:\n  - name: orders\n    columns:\n      - name: id\n        tests:\n          - accepted_values:\n              quote: $0",
                "false true",
                "*",
            ),
        ],
    );
}

#[test]
fn project_files() {
    check(
        "dbt_project.yml",
        &[
            ("name: shop\n$0", "profile models vars", "name"),
            ("name: shop\nprofile: $0", "", ""),
            (
                "name: shop\nprofile: shop\nmodels:\n  $0",
                "dbt_utils shop +materialized",
                "materialized",
            ),
            (
                "name: shop\nprofile: shop\nmodels:\n  shop:\n    $0",
                "marts staging +materialized +tags",
                "dbt_utils",
            ),
            (
                "name: shop\nprofile: shop\nmodels:\n  shop:\n    staging:\n      $0",
                "stg_customers stg_orders +file_format",
                "marts",
            ),
            (
                "name: shop\nprofile: shop\nmodels:\n  shop:\n    +mat$0",
                "+materialized",
                "marts",
            ),
            (
                "name: shop\nprofile: shop\nmodels:\n  shop:\n    +materialized: $0",
                "incremental table view",
                "",
            ),
            (
                "name: shop\nprofile: shop\nseeds:\n  shop:\n    $0",
                "countries +column_types",
                "marts +incremental_strategy",
            ),
            (
                "name: shop\nprofile: shop\nmodels:\n  shop:\n    +lf_tags_config:\n      $0",
                "enabled tags_table",
                "+enabled",
            ),
            (
                "name: shop\nprofile: shop\ndispatch:\n  - macro_namespace: $0",
                "dbt_utils shop dbt",
                "",
            ),
            (
                "name: shop\nprofile: shop\ndispatch:\n  - $0",
                "macro_namespace search_order",
                "*",
            ),
            ("name: shop\nprofile: shop\nmodel-paths: [$0]", "macros", ""),
            (
                "name: shop\nprofile: shop\nflags:\n  $0",
                "send_anonymous_usage_stats",
                "name",
            ),
            (
                "name: shop\nprofile: shop\non-run-start: \"{{ $0 }}\"",
                "ref target",
                "",
            ),
            (
                "name: shop\nprofile: shop\nquery-comment:\n  $0",
                "append comment",
                "*",
            ),
        ],
    );
}

#[test]
fn profiles() {
    let head = "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      ";
    let case = |tail: &str| format!("{head}{tail}");
    let texts = [
        (
            case("$0"),
            "role_arn schema location workers worker_type",
            "type target",
        ),
        (case("wor$0"), "workers worker_type", "role_arn"),
        (case("worker_type: $0"), "G.1X G.2X", "dev"),
        (case("glue_version: $0"), "5.0", ""),
        (case("enable_spark_seed_casting: $0"), "false true", "*"),
        (case("role_arn: \"{{ env_var('$0') }}\""), "DBT_STAGE", ""),
        (case("role_arn: \"{{ $0 }}\""), "env_var", "ref adapter"),
    ];
    let mut cases: Vec<(&str, &str, &str)> = texts
        .iter()
        .map(|(text, yes, no)| (text.as_str(), *yes, *no))
        .collect();
    cases.extend([
        ("$0", "shop", "*"),
        ("shop:\n  $0", "outputs target", "role_arn"),
        (
            "shop:\n  target: $0\n  outputs:\n    dev:\n      type: glue\n    prod: {}\n",
            "dev prod",
            "*",
        ),
        ("shop:\n  outputs:\n    dev:\n      $0", "type", ""),
        ("shop:\n  outputs:\n    dev:\n      type: $0", "glue", "*"),
        (
            "shop:\n  outputs:\n    dev:\n      type: duckdb\n      $0",
            "",
            "*",
        ),
    ]);
    check("profiles.yml", &cases);
}

#[test]
fn packages_and_selectors() {
    check(
        "packages.yml",
        &[
            ("$0", "packages", "projects"),
            ("packages:\n  - $0", "git local package", "projects"),
            ("packages:\n  - package: x\n    $0", "version", "package"),
        ],
    );
    check(
        "selectors.yml",
        &[
            ("$0", "selectors", "models"),
            (
                "selectors:\n  - name: nightly\n    $0",
                "definition description default",
                "name method",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      $0",
                "method union value",
                "name",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      method: $0",
                "config tag",
                "",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      method: tag\n      value: $0",
                "nightly",
                "*",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      method: path\n      value: $0",
                "models models/staging",
                "",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      method: config.materialized\n      value: $0",
                "incremental",
                "*",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      union:\n        - $0",
                "method",
                "",
            ),
            (
                "selectors:\n  - name: nightly\n    definition:\n      union:\n        - tag:n$0",
                "nightly",
                "*",
            ),
            (
                "selectors:\n  - name: nightly\n    definition: $0",
                "tag orders",
                "",
            ),
            (
                "selectors:\n  - name: nightly\n    definition: \"+stg$0\"",
                "stg_customers stg_orders",
                "tag",
            ),
            (
                "selectors:\n  - name: nightly\n    definition: \"tag:n$0\"",
                "nightly",
                "*",
            ),
            (
                "selectors:\n  - name: a\n    definition: x\n  - name: nightly\n    definition:\n      method: selector\n      value: $0",
                "a",
                "",
            ),
        ],
    );
}
