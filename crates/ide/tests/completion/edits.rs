//! What a text is after an item was put in.

use glueline_ide::completion::{Subject, complete, resolve};

use super::{apply, offered, project};

#[test]
fn what_is_put_in() {
    let model = "models/marts/half.sql";
    let schema = "models/marts/half.yml";
    for (path, text, label, expected) in [
        (model, "{{ ref('stg$0", "stg_orders", "{{ ref('stg_orders')"),
        (
            model,
            "{{ ref('stg$0') }}",
            "stg_orders",
            "{{ ref('stg_orders') }}",
        ),
        (model, "{{ ref('stg$0 }}", "stg_orders", "{{ ref('stg_orders') }}"),
        (
            model,
            "{{ ref('stg$0) }}",
            "stg_orders",
            "{{ ref('stg_orders') }}",
        ),
        (
            model,
            "{{ ref('st$0g_customers') }}",
            "stg_orders",
            "{{ ref('stg_orders') }}",
        ),
        (model, "{{ ref(\"$0", "orders", "{{ ref(\"orders\")"),
        (model, "{{ ref($0) }}", "orders", "{{ ref('orders') }}"),
        (model, "{{ source('r$0", "raw", "{{ source('raw'"),
        (
            model,
            "{{ source('raw', 'o$0",
            "orders",
            "{{ source('raw', 'orders')",
        ),
        (
            model,
            "{{ config(mat$0) }}",
            "materialized",
            "{{ config(materialized=) }}",
        ),
        (
            model,
            "{{ config(mat$0='table') }}",
            "materialized",
            "{{ config(materialized='table') }}",
        ),
        (
            model,
            "{{ config(materialized='$0",
            "table",
            "{{ config(materialized='table'",
        ),
        (
            model,
            "{{ config(materialized=$0) }}",
            "table",
            "{{ config(materialized='table') }}",
        ),
        (
            model,
            "{{ config(tags=['n$0]) }}",
            "nightly",
            "{{ config(tags=['nightly']) }}",
        ),
        (
            model,
            "{{ is_inc$0 }}",
            "is_incremental",
            "{{ is_incremental() }}",
        ),
        (
            model,
            "{{ is_inc$0() }}",
            "is_incremental",
            "{{ is_incremental() }}",
        ),
        (model, "{{ cents$0 }}", "cents_to_euros", "{{ cents_to_euros }}"),
        (
            model,
            "{{ cents_to_euros(sc$0) }}",
            "scale",
            "{{ cents_to_euros(scale=) }}",
        ),
        (schema, "mod$0", "models", "models:"),
        (schema, "mod$0:\n", "models", "models:\n"),
        (schema, "models:\n  - na$0", "name", "models:\n  - name: "),
        (schema, "models:\n  $0", "name", "models:\n  - name: "),
        (
            schema,
            "models:\n  - name: ord$0\n",
            "orders",
            "models:\n  - name: orders\n",
        ),
        (
            schema,
            "models:\n  - name: 'ord$0'\n",
            "orders",
            "models:\n  - name: 'orders'\n",
        ),
        (
            schema,
            "models:\n  - name: orders\n    config: {mat$0}",
            "materialized",
            "models:\n  - name: orders\n    config: {materialized: }",
        ),
        (
            schema,
            "models:\n  - name: orders\n    data_tests:\n      - pos$0",
            "positive",
            "models:\n  - name: orders\n    data_tests:\n      - positive:",
        ),
        (
            schema,
            "models:\n  - name: orders\n    data_tests: [uniq$0]",
            "unique",
            "models:\n  - name: orders\n    data_tests: [unique]",
        ),
        (
            schema,
            "unit_tests:\n  - name: x\n    model: orders\n    given:\n      - input: stg_o$0",
            "ref('stg_orders')",
            "unit_tests:\n  - name: x\n    model: orders\n    given:\n      - input: ref('stg_orders')",
        ),
        (
            "profiles.yml",
            "shop:\n  outputs:\n    dev:\n      type: glue\n      glue_version: $0",
            "5.0",
            "shop:\n  outputs:\n    dev:\n      type: glue\n      glue_version: '5.0'",
        ),
        ("glueline.toml", "target = $0", "dev", "target = \"dev\""),
        ("glueline.toml", "target = \"d$0", "dev", "target = \"dev\""),
        (
            "models/half.py",
            "def model(dbt, s):\n    dbt.ref(\"o$0",
            "orders",
            "def model(dbt, s):\n    dbt.ref(\"orders\")",
        ),
    ] {
        let (analysis, at, clean) = project(path, text);
        let found = complete(&analysis, at, None);
        let item = found
            .items
            .iter()
            .find(|item| item.label == label)
            .unwrap_or_else(|| panic!("{text:?} offers {label}"));
        assert_eq!(apply(&clean, item), expected, "{text:?}");
        assert!(item.range.contains_inclusive(at.offset), "{text:?}");
    }
}

#[test]
fn documentation_is_found_again() {
    for (path, text, label, expected) in [
        (
            "models/half.sql",
            "{{ ref('$0') }}",
            "stg_orders",
            "Orders as they come",
        ),
        (
            "models/half.sql",
            "{{ $0 }}",
            "cents_to_euros",
            "macro cents_to_euros(column, scale=2)",
        ),
        (
            "models/half.sql",
            "{{ $0 }}",
            "env_var",
            "A variable of the environment",
        ),
        (
            "models/half.sql",
            "{{ config($0) }}",
            "materialized",
            "How the model is built",
        ),
        (
            "models/half.sql",
            "{{ doc('$0') }}",
            "order_status",
            "Where an order is.",
        ),
        (
            "models/half.yml",
            "models:\n  - name: orders\n    columns:\n      - name: a\n        tests:\n          - $0",
            "unique",
            "unique",
        ),
        ("glueline.toml", "[rules]\n$0", "missing-ref", "ref"),
    ] {
        let (analysis, at, _) = project(path, text);
        let found = complete(&analysis, at, None);
        let item = found.items.iter().find(|item| item.label == label).expect(label);
        let kept = item.subject.as_ref().expect(label).to_string();
        let subject: Subject = kept.parse().unwrap();
        let page = resolve(&analysis, &subject).expect(label).markdown();
        assert!(page.contains(expected), "{label}: {page}");
    }
}

#[test]
fn every_subject_has_a_page() {
    for (path, text) in [
        ("models/half.sql", "{{ $0 }}"),
        ("models/half.sql", "{{ adapter.$0 }}"),
        ("models/half.sql", "{{ target.$0 }}"),
        ("models/half.sql", "{{ config($0) }}"),
        ("models/half.yml", "models:\n  - name: orders\n    $0"),
        (
            "models/half.yml",
            "models:\n  - name: orders\n    columns:\n      - name: a\n        tests:\n          - $0",
        ),
        (
            "profiles.yml",
            "shop:\n  outputs:\n    dev:\n      type: glue\n      $0",
        ),
    ] {
        let (analysis, at, _) = project(path, text);
        let found = complete(&analysis, at, None);
        assert!(found.items.len() > 3, "{text}");
        for item in found.items {
            if let Some(subject) = item.subject {
                assert!(resolve(&analysis, &subject).is_some(), "{subject}");
            }
        }
    }
}

#[test]
fn secrets_are_not_shown() {
    let profiles = "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: \"{{ env_var('DBT_ENV_SECRET_ROLE') }}\"\n      $0";
    let shown = format!("{:?}", offered("profiles.yml", profiles));
    assert!(shown.contains("schema"));
    let names = offered("models/half.sql", "{{ env_var('$0') }}");
    assert!(names.items.iter().all(|item| item.detail.is_none()));
}
