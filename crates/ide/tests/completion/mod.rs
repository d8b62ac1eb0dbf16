//! What completion offers: tables of half-typed texts.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

mod edits;
mod jinja;
mod many;
mod python;
mod settings;
mod sql;
mod torture;
mod yaml;

use std::sync::Arc;

use glueline_base::{MemSystem, Overlay, TextSize};
use glueline_ide::completion::{Completions, Item, complete};
use glueline_ide::{Analysis, FilePosition, Options};
use glueline_project::LoadOptions;

/// The files around each case.
const PROJECT: &[(&str, &str)] = &[
    (
        "dbt_project.yml",
        "name: shop\nversion: '1.0'\nprofile: shop\nvars:\n  start_date: '2024-01-01'\n  limit: 10\n  dbt_utils:\n    depth: 3\n\
         packages-install-path: dbt_packages\n",
    ),
    (
        "profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/glue\n      \
         region: eu-west-1\n      schema: analytics\n      location: s3://bucket/warehouse\n      glue_version: '5.0'\n      \
         workers: 2\n      worker_type: G.1X\n    prod:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/glue\n      \
         region: eu-west-1\n      schema: analytics\n      location: s3://bucket/prod\n      workers: 5\n      worker_type: G.1X\n",
    ),
    (
        "packages.yml",
        "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n",
    ),
    (
        "dbt_packages/dbt_utils/dbt_project.yml",
        "name: dbt_utils\nversion: '1.0'\n",
    ),
    (
        "dbt_packages/dbt_utils/macros/star.sql",
        "{% macro star(from, except=[], prefix='') %}*{% endmacro %}\n{% macro group_by(n) %}{% endmacro %}\n\
         {% test at_least_one(model, column_name, group_by_columns=[]) %}{% endtest %}\n",
    ),
    (
        "models/staging/stg_orders.sql",
        "{{ config(materialized='incremental', file_format='iceberg', unique_key='id', tags=['nightly']) }}\n\
         select id, amount from {{ source('raw', 'orders') }} where d > '{{ var(\"cutoff\") }}' and e = '{{ env_var(\"DBT_STAGE\") }}'\n",
    ),
    (
        "models/staging/stg_customers.sql",
        "select 1 as id from {{ source('raw', 'customers') }}\n",
    ),
    (
        "models/marts/orders.sql",
        "select * from {{ ref('stg_orders') }}\n",
    ),
    ("models/marts/dim_v1.sql", "select 1 as id\n"),
    ("models/marts/dim_v2.sql", "select 1 as id\n"),
    (
        "models/staging/schema.yml",
        "models:\n  - name: stg_orders\n    description: Orders as they come\n    columns:\n      - name: id\n        data_type: bigint\n      - name: amount\n\
         \x20   config:\n      group: finance\n  - name: dim\n    latest_version: 2\n    versions:\n      - v: 1\n      - v: 2\ngroups:\n  - name: finance\n    owner: {name: Ada}\n",
    ),
    (
        "models/sources.yml",
        "sources:\n  - name: raw\n    schema: landing\n    tables:\n      - name: orders\n        columns:\n          - name: order_id\n      - name: customers\n  - name: crm\n    tables:\n      - name: leads\n",
    ),
    (
        "models/docs.md",
        "{% docs order_status %}\nWhere an order is.\n{% enddocs %}\n",
    ),
    (
        "macros/cents.sql",
        "{% macro cents_to_euros(column, scale=2) %}round({{ column }} / 100, {{ scale }}){% endmacro %}\n\
         {% macro default__grant_all() %}{% endmacro %}\n{% materialization streamed, adapter='glue' %}{% endmaterialization %}\n",
    ),
    (
        "tests/generic/positive.sql",
        "{% test positive(model, column_name, strict=false, limit) %}select 1{% endtest %}\n",
    ),
    ("seeds/countries.csv", "code,name\nde,Germany\n"),
    (
        "snapshots/orders_snapshot.sql",
        "{% snapshot orders_snapshot %}select 1{% endsnapshot %}\n",
    ),
];

/// The project with one file added or replaced, and the caret in it.
pub(crate) fn project(path: &str, text: &str) -> (Analysis, FilePosition, String) {
    let (before, after) = text.split_once("$0").expect("a caret");
    let clean = format!("{before}{after}");
    let mut disk = MemSystem::new();
    disk.set_env("HOME", "/home");
    for (other, content) in PROJECT {
        if *other != path {
            disk.write(format!("/repo/{other}"), *content);
        }
    }
    disk.write(format!("/repo/{path}"), clean.as_str());
    let options = Options {
        load: LoadOptions::new("/repo"),
        started_at: 1_735_689_600_000_000,
    };
    let analysis = Analysis::open(Overlay::new(Arc::new(disk)), options).expect("a project");
    let file = analysis
        .file(format!("/repo/{path}").as_str().into())
        .unwrap_or_else(|| panic!("{path} is a file of the project"));
    let offset = TextSize::new(u32::try_from(before.len()).unwrap());
    (analysis, FilePosition { file, offset }, clean)
}

/// What is offered at the caret of a text.
pub(crate) fn offered(path: &str, text: &str) -> Completions {
    let (analysis, at, _) = project(path, text);
    complete(&analysis, at, None)
}

fn labels(found: &Completions) -> Vec<&str> {
    found.items.iter().map(|item| item.label.as_str()).collect()
}

/// A case: a text with a caret; labels that are offered; labels that are not, where `*` stands
/// for anything beside those that are named.
pub(crate) type Case<'c> = (&'c str, &'c str, &'c str);

/// Checks a table of cases in a file of one path.
pub(crate) fn check(path: &str, cases: &[Case<'_>]) {
    let mut faults = Vec::new();
    for (text, wanted, unwanted) in cases {
        let found = offered(path, text);
        let labels = labels(&found);
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        for label in &wanted {
            if labels.iter().all(|found| found.replace(' ', "") != **label) {
                faults.push(format!("{text:?}: {label} is missing in {:?}", few(&labels)));
            }
        }
        for label in unwanted.split_whitespace() {
            let is_there = match label {
                "*" => labels
                    .iter()
                    .any(|found| !wanted.contains(&found.replace(' ', "").as_str())),
                label => labels.iter().any(|found| found.replace(' ', "") == label),
            };
            if is_there {
                faults.push(format!("{text:?}: {label} is in {:?}", few(&labels)));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Enough labels to see what went wrong.
fn few<'l>(labels: &'l [&'l str]) -> &'l [&'l str] {
    &labels[..labels.len().min(14)]
}

/// Checks what comes first.
pub(crate) fn ranked(path: &str, cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        let found = offered(path, text);
        let labels = labels(&found);
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        assert_eq!(
            &labels[..labels.len().min(wanted.len())],
            wanted,
            "{text:?}: {:?}",
            few(&labels)
        );
    }
}

/// The text after an item was put in, by its plain text and over the whole word.
pub(crate) fn apply(text: &str, item: &Item) -> String {
    let (start, end) = (usize::from(item.range.start()), usize::from(item.range.end()));
    format!("{}{}{}", &text[..start], item.text, &text[end..])
}
