//! Models, macros, tests and docs.

use super::{check, ranked};

const MODEL: &str = "models/marts/half.sql";

#[test]
fn references() {
    check(
        MODEL,
        &[
            (
                "{{ ref('$0",
                "orders stg_orders countries",
                "half raw dbt_utils.star",
            ),
            (
                "{{ ref('$0') }}",
                "orders stg_customers stg_orders orders_snapshot",
                "half",
            ),
            (
                "select * from {{ ref('stg$0') }}",
                "stg_customers stg_orders",
                "*",
            ),
            ("{{ ref(\"stg_o$0\") }}", "stg_orders", "orders countries"),
            ("{{ ref('stg$0_orders') }}", "stg_orders", ""),
            ("{{ ref('cust$0') }}", "stg_customers", "stg_orders"),
            ("{{ ref('shop', '$0') }}", "orders stg_orders", "dbt_utils half"),
            ("{{ ref('dbt_utils', '$0') }}", "", "*"),
            ("{{ ref($0) }}", "orders", ""),
            ("{{ ref('dim', v=$0) }}", "1 2", "*"),
            ("{{ ref('dim', version='$0') }}", "1 2", "*"),
            ("{{ builtins.ref('st$0') }}", "stg_customers stg_orders", "orders"),
            ("{{ source('$0') }}", "crm raw", "*"),
            ("{{ source('raw', '$0') }}", "customers orders", "*"),
            ("{{ source('raw', 'or$0", "orders", "leads"),
            ("{{ source('nothing', '$0') }}", "", "*"),
            ("{{ source($0) }}", "crm raw", ""),
            ("{{ var('$0') }}", "limit start_date cutoff", "dbt_utils depth"),
            ("{{ env_var('$0') }}", "DBT_STAGE", "*"),
            ("{{ doc('$0') }}", "order_status", ""),
            ("{{ 'x$0' }}", "", "*"),
            ("{{ log('$0') }}", "", "*"),
            ("{# {{ ref('$0') }} #}", "", "*"),
            ("select '$0'", "", "*"),
            ("-- $0", "", "*"),
        ],
    );
}

#[test]
fn expressions() {
    check(
        MODEL,
        &[
            (
                "{{ $0 }}",
                "ref is_incremental cents_to_euros dbt_utils",
                "test_positive positive as_bool endif default",
            ),
            ("{{ re$0 }}", "ref return", "config"),
            ("{{ ref$0('x') }}", "ref", ""),
            ("{% set total = 1 %}{{ $0 }}", "total ref", ""),
            ("{% for item in items %}{{ $0 }}{% endfor %}", "item loop", ""),
            ("{% for item in items %}{% endfor %}{{ $0 }}", "ref", "item loop"),
            ("{{ target.$0 }}", "name schema type", "ref role_arn_x"),
            ("{{ target.$0 }}", "workers", ""),
            ("{{ this.$0 }}", "identifier schema table", "ref"),
            ("{{ adapter.$0 }}", "dispatch get_relation quote", "ref"),
            ("{{ config.$0 }}", "get require", "ref"),
            ("{{ config.get('$0') }}", "materialized tags", ""),
            ("{{ exceptions.$0 }}", "raise_compiler_error warn", "ref"),
            ("{{ modules.$0 }}", "datetime re", "ref"),
            ("{{ modules.datetime.$0 }}", "datetime timedelta", "ref"),
            ("{{ flags.$0 }}", "FULL_REFRESH WHICH", "ref"),
            ("{{ graph.$0 }}", "nodes sources", "ref"),
            ("{{ graph.nodes.$0 }}", "values items get", "ref unique_id"),
            (
                "{% for each in graph.nodes.values() | list %}{{ each.$0 }}{% endfor %}",
                "unique_id resource_type",
                "ref source_name values",
            ),
            (
                "{% for each in graph.sources.values() %}{{ each.na$0 }}{% endfor %}",
                "name source_name",
                "ref",
            ),
            (
                "{% for each in others %}{{ each.$0 }}{% endfor %}",
                "",
                "unique_id ref",
            ),
            (
                "{{ dbt_utils.$0 }}",
                "group_by star",
                "ref at_least_one cents_to_euros",
            ),
            ("{{ dbt.$0 }}", "current_timestamp dateadd", "ref cents_to_euros"),
            (
                "{% for x in y %}{{ loop.$0 }}{% endfor %}",
                "first index last",
                "ref",
            ),
            ("{{ loop.$0 }}", "", "*"),
            (
                "{% set ns = namespace(found=false, rows=[]) %}{{ ns.$0 }}",
                "found rows",
                "*",
            ),
            ("{{ nothing.$0 }}", "", "*"),
            ("{{ f(x).$0 }}", "", "*"),
            ("{{ x | $0 }}", "join length tojson", "ref defined"),
            ("{{ x | up$0 }}", "upper", "lower"),
            ("{% if x is $0 %}", "not defined none", "ref upper_case join"),
            ("{% if x is not $0 %}", "defined none", "not ref"),
            ("{% if target.name == '$0' %}", "dev prod", "*"),
            ("{% if target.name in ['$0'] %}", "dev prod", "*"),
            ("{% if target.type == \"$0\" %}", "glue", "*"),
            ("{{ x $0 }}", "", "*"),
            ("{{ x a$0 }}", "and", "ref"),
            ("{{ 12$0 }}", "", "*"),
            ("{{ not $0 }}", "ref", ""),
            ("{{ a + $0 }}", "ref", ""),
            ("{{ [$0] }}", "ref", ""),
            ("{{ cents_to_euros($0) }}", "column scale", ""),
            ("{{ cents_to_euros('a', $0) }}", "scale", ""),
            ("{{ cents_to_euros(scale=2, $0) }}", "column", "scale"),
            ("{{ cents_to_euros($0, scale=2) }}", "column", "scale"),
            ("{{ dbt_utils.star($0) }}", "except from prefix", ""),
            ("{{ dateadd($0) }}", "datepart interval", ""),
        ],
    );
}

#[test]
fn statements() {
    check(
        MODEL,
        &[
            ("{% $0 %}", "if for set", "endif else elif ref import extends"),
            ("{% if x %}{% $0 %}", "endif elif else", "endfor break macro"),
            (
                "{% for x in y %}{% if x %}{% end$0 %}",
                "endif endfor",
                "endmacro",
            ),
            ("{% for x in y %}{% $0 %}", "endfor else break", "elif"),
            ("{% set $0 %}", "", "*"),
            ("{% set x = $0 %}", "ref var", ""),
            ("{% set x $0", "", "*"),
            ("{% for $0 %}", "", "*"),
            ("{% for x $0 %}", "in", "*"),
            ("{% for x in $0 %}", "ref", ""),
            ("{% macro $0 %}", "", "*"),
            ("{% macro m($0) %}", "", "*"),
            ("{% do $0 %}", "ref adapter", ""),
            ("{% if $0 %}", "is_incremental target", ""),
            ("{% if not $0", "is_incremental", ""),
            ("{% call $0 %}", "statement", ""),
            ("{% call($0) x() %}", "", "*"),
            ("{% filter $0 %}", "upper", "ref"),
            ("{% snapshot $0 %}", "", "*"),
            (
                "{% materialization x, $0 %}",
                "adapter default supported_languages",
                "*",
            ),
            ("{% raw %}{% $0 %}{% endraw %}", "", "*"),
        ],
    );
    check(
        "macros/half.sql",
        &[
            ("{% macro m(a, b=1) %}{{ $0 }}", "a b ref caller", ""),
            ("{% macro m(a) %}{% endmacro %}{{ $0 }}", "m", ""),
            ("{% macro m() %}{% $0", "endmacro", "macro"),
            (
                "{% macro grant_all() %}{{ adapter.dispatch('$0') }}{% endmacro %}",
                "grant_all",
                "",
            ),
            ("{{ adapter.dispatch('x', '$0') }}", "dbt_utils shop dbt", "*"),
        ],
    );
}

#[test]
fn configs() {
    check(
        MODEL,
        &[
            (
                "{{ config($0) }}",
                "materialized incremental_strategy file_format alias",
                "check_cols batch_size begin ref pre-hook",
            ),
            ("{{ config(mat$0) }}", "materialized", "tags"),
            ("{{ config(materialized='table', $0) }}", "tags", "materialized"),
            ("{{ config($0, materialized='table') }}", "tags", "materialized"),
            (
                "{{ config(\n    materialized='table',\n    $0\n",
                "tags",
                "materialized",
            ),
            ("{{ config(pre$0) }}", "pre_hook", ""),
            (
                "{{ config(materialized='$0') }}",
                "ephemeral incremental streamed table view",
                "python_model seed snapshot materialized_view",
            ),
            ("{{ config(materialized=$0) }}", "table view", "python_model"),
            (
                "{{ config(file_format='$0') }}",
                "delta hudi iceberg parquet",
                "table",
            ),
            (
                "{{ config(materialized='incremental', file_format='iceberg', incremental_strategy='$0') }}",
                "append insert_overwrite merge",
                "microbatch",
            ),
            (
                "{{ config(materialized='incremental', file_format='parquet', incremental_strategy='$0') }}",
                "append insert_overwrite",
                "merge",
            ),
            (
                "{{ config(on_schema_change='$0') }}",
                "append_new_columns ignore",
                "",
            ),
            ("{{ config(enabled=$0) }}", "false true", "table"),
            ("{{ config(tags='$0') }}", "nightly", "*"),
            ("{{ config(tags=['$0']) }}", "nightly", "*"),
            ("{{ config(tags=['x', '$0']) }}", "nightly", ""),
            ("{{ config(group='$0') }}", "finance", "*"),
            ("{{ config(access='$0') }}", "private protected public", "*"),
            ("{{ config(iceberg_expire_snapshots='$0') }}", "False True", "*"),
            (
                "{{ config(lf_tags_config={'$0'}) }}",
                "enabled tags_table",
                "materialized",
            ),
            (
                "{{ config(lf_tags_config={'enabled': $0}) }}",
                "false true",
                "tags_table",
            ),
            (
                "{{ config(lf_tags_config={'enabled': true, '$0'}) }}",
                "tags_table",
                "",
            ),
            ("{{ config(persist_docs={'$0': true}) }}", "columns relation", "*"),
            ("{{ config(contract={'enforced': $0}) }}", "false true", ""),
            ("{{ config(meta={'$0': 1}) }}", "", "*"),
            ("{{ config(alias='$0') }}", "", "*"),
            ("{{ config(nothing='$0') }}", "", "*"),
            ("{{ config(tags=var('$0')) }}", "limit start_date", ""),
        ],
    );
    check(
        "models/staging/stg_orders.sql",
        &[("{{ config(unique_key='$0') }}", "amount id", "*")],
    );
    check(
        "snapshots/half.sql",
        &[
            (
                "{% snapshot s %}{{ config($0) }}{% endsnapshot %}",
                "strategy unique_key updated_at check_cols",
                "incremental_strategy",
            ),
            (
                "{% snapshot s %}{{ config(strategy='$0') }}{% endsnapshot %}",
                "check timestamp",
                "",
            ),
        ],
    );
    check(
        "tests/half.sql",
        &[
            (
                "{{ config($0) }}",
                "severity store_failures",
                "incremental_strategy",
            ),
            ("{{ config(severity='$0') }}", "error warn", ""),
        ],
    );
}

#[test]
fn comments_that_allow_rules() {
    check(
        MODEL,
        &[
            ("select 1 -- glueline: allow($0", "missing-ref", "ref"),
            (
                "select 1 -- glueline: allow(missing-ref, missing-so$0",
                "missing-source",
                "missing-ref",
            ),
            ("{# glueline: allow-file(unused$0) #}", "unused-suppression", ""),
            ("select 1 -- glueline: allow(x) $0", "", "*"),
            ("select 'glueline: allow($0'", "", "*"),
        ],
    );
}

#[test]
fn documentation() {
    check(
        "models/more.md",
        &[
            ("{% docs x %}\n{{ $0", "doc", "ref adapter"),
            ("{{ doc('$0') }}", "order_status", ""),
            ("{% $0", "docs", ""),
        ],
    );
}

#[test]
fn the_likeliest_comes_first() {
    ranked(
        "models/staging/half.sql",
        &[
            (
                "{{ ref('$0') }}",
                "stg_customers stg_orders dim orders countries orders_snapshot",
            ),
            ("{{ ref('orders$0') }}", "orders orders_snapshot stg_orders"),
            ("{% set order = 1 %}{{ $0 }}", "order config ref source var"),
            ("{% if x %}{% $0 %}", "endif elif else"),
            (
                "{{ config($0) }}",
                "materialized incremental_strategy unique_key file_format partition_by schema alias tags",
            ),
        ],
    );
    ranked(
        "models/staging/stg_orders.sql",
        &[(
            "{{ ref('$0') }}",
            "stg_customers dim countries orders_snapshot orders",
        )],
    );
}
