//! Python models.

use super::check;

#[test]
fn python_models() {
    check(
        "models/half.py",
        &[
            (
                "def model(dbt, session):\n    x = dbt.ref(\"$0\")",
                "orders stg_orders",
                "half config",
            ),
            (
                "def model(dbt, session):\n    x = dbt.ref(\"stg$0",
                "stg_customers stg_orders",
                "*",
            ),
            (
                "def model(dbt, session):\n    x = dbt.ref('stg$0)\n    return x\n",
                "stg_customers stg_orders",
                "*",
            ),
            (
                "def model(d, session):\n    x = d.ref('stg$0')",
                "stg_customers stg_orders",
                "*",
            ),
            (
                "def model(dbt, session):\n    x = dbt.source('$0')",
                "crm raw",
                "*",
            ),
            (
                "def model(dbt, session):\n    x = dbt.source('raw', '$0')",
                "customers orders",
                "*",
            ),
            (
                "def model(dbt, session):\n    dbt.$0",
                "config is_incremental ref source this",
                "*",
            ),
            (
                "def model(dbt, session):\n    dbt.this.$0",
                "database identifier schema",
                "*",
            ),
            ("def model(dbt, session):\n    dbt.config.$0", "get meta_get", "*"),
            (
                "def model(dbt, session):\n    dbt.config.get(\"$0\")",
                "materialized",
                "",
            ),
            (
                "def model(dbt, session):\n    dbt.config($0)",
                "materialized file_format",
                "ref check_cols",
            ),
            (
                "def model(dbt, session):\n    dbt.config(materialized=\"$0\")",
                "incremental python_model",
                "table view",
            ),
            (
                "def model(dbt, session):\n    dbt.config(\n        materialized='python_model',\n        $0\n    )",
                "file_format",
                "materialized",
            ),
            (
                "def model(dbt, session):\n    dbt.config(enabled=$0)",
                "False True",
                "*",
            ),
            (
                "def model(dbt, session):\n    dbt.config(tags=['$0'])",
                "nightly",
                "*",
            ),
            ("def model(dbt, session):\n    x = $0", "", "*"),
            ("def model(dbt, session):\n    x = '$0'", "", "*"),
            ("def model(dbt, session):\n    # dbt.ref('$0", "", "*"),
            ("def model(dbt, session):\n    \"\"\"dbt.ref('$0", "", "*"),
            ("def model(dbt, session):\n    df.$0", "", "*"),
            ("def model(dbt, session):\n    spark.table('$0')", "", "*"),
            ("# glueline: allow($0", "missing-ref", ""),
        ],
    );
}
