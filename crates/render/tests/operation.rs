//! Hooks of a run: `on-run-start` and `on-run-end`, each with what real dbt gave.
//!
//! Recorded with `dbt run` of dbt-core 1.12.6 and dbt-glue 1.12.4 on a project of these files; what no run is the same as another
//! in, the times of the results, is as the settings have it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};
use glueline_render::{Compiled, Operation, Renderer, Settings};

const PROFILES: &str = include_str!("data/profiles.yml");

const PROJECT: &str = "name: shop
version: '1.0'
profile: lake
models:
  +pre-hook: 'set x=1'
  shop:
    +colour: red
    hooks:
      +tags: nightly
    finance:
      +schema: finance
";

const FILES: [(&str, &str); 10] = [
    ("p/profiles.yml", PROFILES),
    (
        "p/models/z_base.sql",
        "{{ config(materialized='table') }}select 1 as id\n",
    ),
    ("p/models/a_top.sql", "select * from {{ ref('middle') }}\n"),
    ("p/models/middle.sql", "select * from {{ ref('z_base') }}\n"),
    (
        "p/models/passing.sql",
        "{{ config(materialized='ephemeral') }}select 1 as id\n",
    ),
    ("p/models/over.sql", "select * from {{ ref('passing') }}\n"),
    ("p/models/finance/ledger.sql", "select 1 as id\n"),
    (
        "p/macros/audit.sql",
        "{% macro audit(what) %}insert into audit values ('{{ what }}'){% endmacro %}\n",
    ),
    (
        "p/dbt_packages/zeta/dbt_project.yml",
        "name: zeta\nversion: '1.0'\non-run-start: \"{{ project_name }} {{ model.package_name }}\"\non-run-end: ['']\n",
    ),
    (
        "p/dbt_packages/beta/dbt_project.yml",
        "name: beta\nversion: '1.0'\non-run-start: [\"{{ audit('beta') }}\"]\n",
    ),
];

fn renderer(hooks: &str) -> Renderer {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", format!("{PROJECT}{hooks}"));
    system.write(
        "p/packages.yml",
        "packages:\n  - local: dbt_packages/zeta\n  - local: dbt_packages/beta\n",
    );
    for (path, text) in FILES {
        system.write(path, text);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system))
}

fn only(key: &str, hook: &str) -> (Arc<Operation>, Compiled) {
    let renderer = renderer(&format!("{key}:\n  - {}\n", serde_json::to_string(hook).unwrap()));
    let operations = renderer.operations();
    let own = operations
        .iter()
        .find(|operation| operation.package == 0)
        .unwrap();
    (own.clone(), renderer.compile_operation(own))
}

fn differences(key: &str, cases: &[(&str, &str)]) -> String {
    let mut report = String::new();
    for (hook, expected) in cases {
        let (_, compiled) = only(key, hook);
        let found = match (&compiled.code, &compiled.failure) {
            (Some(code), None) => code.clone(),
            (_, failure) => failure.as_ref().unwrap().message.clone(),
        };
        if found != *expected {
            writeln!(report, "{hook}\n  expected {expected:?}\n  found    {found:?}").unwrap();
        }
    }
    report
}

#[test]
fn hooks_run_in_the_order_of_their_packages_with_the_root_project_last() {
    let renderer = renderer("on-run-start: ['select 1', \"{{ audit('here') }}\"]\non-run-end: 'select 2'\n");
    let found: Vec<_> = renderer
        .operations()
        .iter()
        .map(|operation| {
            let code = renderer.compile_operation(operation).code.unwrap();
            (operation.unique_id.to_string(), operation.index, code)
        })
        .collect();
    let expected = [
        (
            "operation.beta.beta-on-run-start-0",
            0,
            "insert into audit values ('beta')",
        ),
        ("operation.zeta.zeta-on-run-start-0", 1, "shop zeta"),
        ("operation.shop.shop-on-run-start-0", 2, "select 1"),
        (
            "operation.shop.shop-on-run-start-1",
            3,
            "insert into audit values ('here')",
        ),
        ("operation.zeta.zeta-on-run-end-0", 0, ""),
        ("operation.shop.shop-on-run-end-0", 1, "select 2"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(id, index, code)| (id.to_owned(), index, code.to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_hook_at_the_start_sees_what_dbt_gives_it() {
    let cases = [
        ("  {{ config(materialized='table') }} x \n", "   x "),
        (
            "{{ this }}|{{ schema }}|{{ database }}|{{ sql }}",
            "None|analytics|analytics|None",
        ),
        ("{{ results is defined }}|{{ schemas is defined }}", "False|False"),
        ("{{ ref('z_base') }}", "analytics.z_base"),
        (
            "{{ target.schema }} {{ audit('x') }}",
            "analytics insert into audit values ('x')",
        ),
        (
            "{{ model.unique_id }}|{{ model.path }}|{{ model.original_file_path }}|{{ model.fqn }}|{{ model.tags }}",
            "operation.shop.shop-on-run-start-0|hooks/shop-on-run-start-0.sql|./dbt_project.yml|['shop', 'hooks', \
             'shop-on-run-start-0']|['on-run-start', 'nightly']",
        ),
        (
            "{{ ref('z_base') }}|{{ model.refs }}|{{ model.depends_on.nodes }}",
            "analytics.z_base|[{'name': 'z_base'}]|['model.shop.z_base']",
        ),
        (
            "{% if execute %}{{ config.get('materialized') }}|{{ config.get('colour') }}|{{ pre_hooks }}|{{ post_hooks }}{% endif %}",
            "view|red|[{'sql': 'set x=1', 'transaction': True}]|[]",
        ),
        (
            "{{ model.keys() | list }}",
            "['database', 'schema', 'name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id', \
             'fqn', 'alias', 'checksum', 'config', 'tags', 'description', 'columns', 'meta', 'docs', 'unrendered_config', \
             'created_at', 'config_call_dict', 'unrendered_config_call_dict', 'raw_code', 'doc_blocks', 'language', 'refs', \
             'sources', 'metrics', 'functions', 'depends_on', 'contract', 'index']",
        ),
        (
            "{% if execute %}{{ ref('z_base') }}{% endif %}",
            "Compilation Error in operation shop-on-run-start-0 (./dbt_project.yml)\n  dbt was unable to infer all \
             dependencies for the model \"shop-on-run-start-0\".\n  This typically happens when ref() is placed within a \
             conditional block.\n  \n  To fix this, add the following hint to the top of the model \
             \"shop-on-run-start-0\":\n  \n  -- depends_on: {{ ref('z_base') }}",
        ),
        (
            "{{ nowhere() }}",
            "Compilation Error in operation shop-on-run-start-0 (./dbt_project.yml)\n  'nowhere' is undefined. This can \
             happen when calling a macro that does not exist. Check for typos and/or install package dependencies with \
             \"dbt deps\".",
        ),
    ];
    let report = differences("on-run-start", &cases);
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_hook_at_the_end_takes_every_model_to_have_succeeded() {
    let cases = [
        // As they become ready, then by id; an ephemeral model is not run, and yet comes before others.
        (
            "{{ results | map(attribute='node.name') | join(' ') }}",
            "ledger z_base over middle a_top",
        ),
        (
            "{{ schemas | sort }}|{{ database_schemas | length }}",
            "['analytics', 'analytics_finance']|2",
        ),
        (
            "{{ database_schemas | sort | first }}",
            "('analytics', 'analytics')",
        ),
        (
            "{% for r in results[:2] %}{{ r.node.name }}:{{ r.status }};{% endfor %}",
            "ledger:success;z_base:success;",
        ),
        (
            "{{ results[1].message }}|{{ results[1].adapter_response }}|{{ results[1].failures }}|{{ results[1].thread_id }}|\
             {{ results[1].skipped }}",
            "OK|{'_message': 'OK'}|None|Thread-1 (worker)|False",
        ),
        (
            "{{ results[1].node.config.materialized }}|{{ results[1].node.config.get('materialized') }}|\
             {{ results[1].node.relation_name }}|{{ results[1].node.compiled_code }}|{{ results[1]['status'] }}",
            "table|table|analytics.z_base|select 1 as id|success",
        ),
        (
            "{{ results | selectattr('node.resource_type', 'equalto', 'model') | list | length }} models",
            "5 models",
        ),
        (
            "{{ results[1].to_dict().keys() | list }}|{{ results[1].to_dict().timing[0].started_at }}",
            "['status', 'timing', 'thread_id', 'execution_time', 'adapter_response', 'message', 'failures', 'node', \
             'agate_table', 'batch_results', 'overload_results']|2025-01-01T00:00:00Z",
        ),
        (
            "{{ results[1].node.to_dict().keys() | list }}",
            "['database', 'schema', 'name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id', \
             'fqn', 'alias', 'checksum', 'config', 'tags', 'description', 'columns', 'meta', 'group', 'docs', 'patch_path', \
             'build_path', 'unrendered_config', 'created_at', 'config_call_dict', 'unrendered_config_call_dict', \
             'relation_name', 'raw_code', 'doc_blocks', 'language', 'refs', 'sources', 'metrics', 'functions', 'depends_on', \
             'compiled_path', 'compiled', 'compiled_code', 'extra_ctes_injected', 'extra_ctes', 'contract', 'access', \
             'constraints', 'version', 'latest_version', 'deprecation_date', 'defer_relation', 'primary_key', 'time_spine', \
             'batch']",
        ),
        // What fails of made-up results is what `dbt compile` gives, which has none.
        (
            "{% for r in results %}{{ exceptions.raise_compiler_error('of ' ~ r.node.name) }}{% endfor %}done",
            "done",
        ),
    ];
    let report = differences("on-run-end", &cases);
    assert!(report.is_empty(), "{report}");
}

#[test]
fn it_is_said_once_that_results_are_made_up() {
    let count = |hook: &str| only("on-run-end", hook).1.unknown.len();
    assert_eq!(count("{{ results | length }}{{ results | length }}"), 1);
    assert_eq!(
        count("{% for r in results %}{{ exceptions.raise_compiler_error('x') }}{% endfor %}"),
        1
    );
    assert_eq!(count("{{ schemas }}"), 0);
}

#[test]
fn a_fault_is_where_the_hook_is_written() {
    let (operation, compiled) = only("on-run-end", "{{ nowhere() }}");
    assert_eq!(compiled.failure.unwrap().place(), Some(operation.place));
}
