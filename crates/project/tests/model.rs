//! A project in memory goes in; what dbt would make of it comes out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on ends"
)]

use glueline_base::{MemSystem, Value};
use glueline_project::{
    Layer, LoadOptions, Node, Project, Resolution, SelectionRequest, Setting, load, parse_vars, reload,
};

const PROJECT: &str = "name: shop\nprofile: shop\n";
const PROFILES: &str = "shop:\n  target: dev\n  outputs:\n    dev: {type: glue, schema: analytics, location: 's3://b/w'}\n    prod: {type: glue, schema: live}\n";

/// Files as `path: text` pairs, over a plain project file and profile.
fn system(files: &[(&str, &str)]) -> MemSystem {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", PROJECT);
    system.write("p/profiles.yml", PROFILES);
    for (path, text) in files {
        system.write(format!("p/{path}"), *text);
    }
    system
}

fn project(files: &[(&str, &str)]) -> Project {
    load(&system(files), &LoadOptions::new("p")).unwrap()
}

fn node<'a>(project: &'a Project, unique_id: &str) -> &'a Node {
    let ids: Vec<_> = project.nodes().iter().map(|node| &*node.unique_id).collect();
    let found = project.nodes().iter().find(|node| &*node.unique_id == unique_id);
    found.unwrap_or_else(|| panic!("no {unique_id} among {ids:?}"))
}

fn config(project: &Project, unique_id: &str, key: &str) -> Option<String> {
    node(project, unique_id)
        .config
        .get(key)
        .value()
        .map(Value::display)
}

fn layer(project: &Project, unique_id: &str, key: &str) -> Option<Layer> {
    node(project, unique_id)
        .config
        .get(key)
        .set()
        .map(|set| set.layer)
}

#[test]
fn in_file_beats_properties_beats_the_project_file() {
    let tree = "name: shop\nprofile: shop\nmodels:\n  +materialized: view\n  +tags: base\n  shop:\n    staging:\n      +materialized: table\n      file_format: delta\n";
    let properties = "models:\n  - name: a\n    config: {materialized: ephemeral, tags: [mid]}\n  - name: b\n    config: {materialized: ephemeral}\n";
    let project = project(&[
        ("dbt_project.yml", tree),
        (
            "models/staging/a.sql",
            "{{ config(materialized='incremental', tags=['near']) }} select 1",
        ),
        ("models/staging/b.sql", "select 1"),
        ("models/staging/c.sql", "select 1"),
        ("models/d.sql", "select 1"),
        ("models/schema.yml", properties),
    ]);
    let of = |name: &str| config(&project, &format!("model.shop.{name}"), "materialized");
    assert_eq!(of("a").as_deref(), Some("incremental"));
    assert_eq!(of("b").as_deref(), Some("ephemeral"));
    assert_eq!(of("c").as_deref(), Some("table"));
    assert_eq!(of("d").as_deref(), Some("view"));
    assert_eq!(
        layer(&project, "model.shop.a", "materialized"),
        Some(Layer::InFile)
    );
    assert_eq!(
        layer(&project, "model.shop.b", "materialized"),
        Some(Layer::Properties)
    );
    assert_eq!(
        layer(&project, "model.shop.c", "file_format"),
        Some(Layer::ProjectFile(2))
    );
    let tags: Vec<_> = node(&project, "model.shop.a")
        .config
        .all("tags")
        .map(|set| set.value.value.display())
        .collect();
    assert_eq!(tags, ["base", "['mid']", "['near']"]);
}

#[test]
fn mappings_of_layers_update_each_other() {
    let project = project(&[
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nmodels:\n  +meta: {owner: core, tier: 1}\n",
        ),
        ("models/a.sql", "{{ config(meta={'tier': 2}) }} select 1"),
    ]);
    let meta = |key: &str| {
        let (_, value) = node(&project, "model.shop.a").config.nested("meta", key)?;
        Some(value.value.clone())
    };
    assert_eq!(meta("tier"), Some(Value::Int(2)));
    assert_eq!(meta("owner"), Some(Value::str("core")));
    assert_eq!(meta("other"), None);
}

#[test]
fn what_cannot_be_known_is_unknown() {
    let project = project(&[
        ("models/a.sql", "{{ config(materialized=some_macro()) }} select 1"),
        ("models/b.sql", "{{ config(**options) }} select 1"),
        ("models/c.sql", "{{ set_up() }} select 1"),
        (
            "models/d.sql",
            "{% if run_query('x') %}{{ config(file_format='delta') }}{% endif %} select 1",
        ),
        (
            "models/e.sql",
            "{% if target.name == 'prod' %}{{ config(file_format='delta') }}{% endif %} select 1",
        ),
        (
            "macros/m.sql",
            "{% macro set_up() %}{{ config(materialized='table') }}{% endmacro %}",
        ),
    ]);
    let unknown = |name: &str, key: &str| {
        node(&project, &format!("model.shop.{name}"))
            .config
            .get(key)
            .is_unknown()
    };
    assert!(unknown("a", "materialized"));
    assert!(unknown("b", "materialized"));
    assert!(unknown("c", "materialized"));
    assert!(unknown("d", "file_format"));
    assert_eq!(
        node(&project, "model.shop.e").config.get("file_format"),
        Setting::Unset
    );
}

#[test]
fn jinja_in_configs_sees_target_and_vars() {
    let files = [
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nvars: {format: iceberg, shop: {mode: append}}\nmodels: {+schema: \"{{ target.name }}_x\"}\n",
        ),
        (
            "models/a.sql",
            "{{ config(materialized='table' if target.name == 'prod' else 'view', file_format=var('format'), \
             incremental_strategy=var('mode'), other=var('none', 'fallback')) }} select 1",
        ),
    ];
    let project = project(&files);
    let of = |key: &str| config(&project, "model.shop.a", key);
    assert_eq!(of("materialized").as_deref(), Some("view"));
    assert_eq!(of("file_format").as_deref(), Some("iceberg"));
    assert_eq!(of("incremental_strategy").as_deref(), Some("append"));
    assert_eq!(of("other").as_deref(), Some("fallback"));
    assert_eq!(of("schema").as_deref(), Some("dev_x"));

    let mut options = LoadOptions::new("p");
    options.target = Some("prod".to_owned());
    options.vars = parse_vars("{format: hudi}").unwrap();
    let project = load(&system(&files), &options).unwrap();
    assert_eq!(
        config(&project, "model.shop.a", "materialized").as_deref(),
        Some("table")
    );
    assert_eq!(
        config(&project, "model.shop.a", "file_format").as_deref(),
        Some("hudi")
    );
    assert_eq!(
        node(&project, "model.shop.a").relation().as_deref(),
        Some("live_prod_x.a")
    );
}

#[test]
fn relations_are_named_as_dbt_names_them() {
    let snapshot =
        "{% snapshot snap %}{{ config(target_schema='snaps', strategy='check') }} select 1{% endsnapshot %}";
    let project = project(&[
        ("models/a.sql", "select 1"),
        (
            "models/b.sql",
            "{{ config(schema=' marts ', alias='bee') }} select 1",
        ),
        ("models/c_v1.sql", "select 1"),
        ("models/c_v2.sql", "select 1"),
        (
            "models/s.yml",
            "models:\n  - name: c\n    versions: [{v: 1}, {v: 2}]\nsources:\n  - name: raw\n    schema: lake\n    tables: [{name: t, identifier: tt}, {name: u}]\n",
        ),
        ("snapshots/s.sql", snapshot),
        ("seeds/d.csv", "id\n1\n"),
    ]);
    let relation = |id: &str| node(&project, id).relation().unwrap();
    assert_eq!(relation("model.shop.a"), "analytics.a");
    assert_eq!(relation("model.shop.b"), "analytics_marts.bee");
    assert_eq!(relation("model.shop.c.v2"), "analytics.c_v2");
    assert_eq!(relation("source.shop.raw.t"), "lake.tt");
    assert_eq!(relation("source.shop.raw.u"), "lake.u");
    assert_eq!(relation("snapshot.shop.snap"), "snaps.snap");
    assert_eq!(relation("seed.shop.d"), "analytics.d");
    assert!(
        node(&project, "model.shop.c.v2")
            .version
            .as_ref()
            .is_some_and(|version| version.latest)
    );
    assert_eq!(node(&project, "model.shop.c.v1").fqn.join("."), "shop.c.v1");
    assert_eq!(node(&project, "snapshot.shop.snap").fqn.join("."), "shop.s.snap");
}

#[test]
fn a_null_brings_back_what_the_project_file_says() {
    let tree = "name: shop\nprofile: shop\nmodels: {+unique_key: a, +on_schema_change: fail, +file_format: iceberg}\n";
    let properties = "models:\n  - name: b\n    config: {unique_key: null, file_format: null}\n  - name: c\n    config: {unique_key: q}\n";
    let project = project(&[
        ("dbt_project.yml", tree),
        ("models/s.yml", properties),
        (
            "models/a.sql",
            "{{ config(unique_key=none, on_schema_change=none, file_format=none) }} select 1",
        ),
        ("models/b.sql", "select 1"),
        ("models/c.sql", "{{ config(unique_key=none) }} select 1"),
    ]);
    for (model, key, expected) in [
        ("a", "unique_key", "a"),
        ("a", "on_schema_change", "fail"),
        // dbt does not declare this key, and keeps the null.
        ("a", "file_format", "None"),
        ("b", "unique_key", "a"),
        ("b", "file_format", "None"),
        ("c", "unique_key", "a"),
    ] {
        let found = config(&project, &format!("model.shop.{model}"), key);
        assert_eq!(found.as_deref(), Some(expected), "{model} {key}");
    }
}

#[test]
fn a_generic_test_waits_for_what_its_arguments_read() {
    let properties = "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {to: ref('b'), field: id}\n          - relationships: {name: mine, to: \"{{ ref('c') }}\", field: id}\n          - accepted_values: {values: [ref, \"ref('\"]}\n";
    let project = project(&[
        ("models/s.yml", properties),
        ("models/a.sql", "select 1"),
        ("models/b.sql", "select 1"),
        ("models/c.sql", "select 1"),
    ]);
    let of_tests = project.nodes().iter().filter(|node| node.generic_test.is_some());
    let mut read: Vec<(String, Vec<&str>)> = of_tests
        .map(|test| {
            let parents = test.parents().map(|id| &*project.node(id).name);
            (test.name.chars().take(6).collect(), parents.collect())
        })
        .collect();
    read.sort();
    let expected = [
        ("accept", vec!["a"]),
        ("mine", vec!["a", "c"]),
        ("relati", vec!["a", "b"]),
    ];
    assert_eq!(read, expected.map(|(name, read)| (name.to_owned(), read)));
}

#[test]
fn a_project_may_name_schemas_itself() {
    let simple = "{% macro generate_schema_name(custom_schema_name, node) -%}\n  {%- if custom_schema_name is none -%}\n    {{ target.schema }}\n  {%- else -%}\n    {{ custom_schema_name | trim }}\n  {%- endif -%}\n{%- endmacro %}";
    let obscure = "{% macro generate_schema_name(name, node) %}{{ run_query('x') }}{% endmacro %}";
    let files = |text| {
        project(&[
            ("models/a.sql", "{{ config(schema='marts') }} select 1"),
            ("models/b.sql", "select 1"),
            ("macros/m.sql", text),
        ])
    };
    let known = files(simple);
    assert_eq!(
        node(&known, "model.shop.a").relation().as_deref(),
        Some("marts.a")
    );
    assert_eq!(
        node(&known, "model.shop.b").relation().as_deref(),
        Some("analytics.b")
    );
    assert_eq!(node(&files(obscure), "model.shop.a").relation(), None);
}

#[test]
fn a_python_model_is_a_table_unless_it_says_otherwise() {
    let text = "def model(dbt, session):\n    dbt.config(file_format='iceberg')\n    return dbt.ref('a')\n";
    let project = project(&[
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nmodels: {+materialized: view}\n",
        ),
        ("models/a.sql", "select 1"),
        ("models/b.py", text),
    ]);
    assert_eq!(
        config(&project, "model.shop.b", "materialized").as_deref(),
        Some("table")
    );
    assert_eq!(
        config(&project, "model.shop.b", "file_format").as_deref(),
        Some("iceberg")
    );
    let parents: Vec<_> = node(&project, "model.shop.b")
        .parents()
        .map(|id| project.node(id).name.clone())
        .collect();
    assert_eq!(parents, ["a".into()]);
}

#[test]
fn refs_find_versions_packages_and_what_is_disabled() {
    let project = project(&[
        ("packages.yml", "packages:\n  - local: helpers\n"),
        ("helpers/dbt_project.yml", "name: helpers\n"),
        ("helpers/models/h.sql", "select 1"),
        (
            "models/a.sql",
            "{{ ref('h') }} {{ ref('helpers', 'h') }} {{ ref('c') }} {{ ref('c', v=1) }} {{ ref('off') }} {{ ref('gone') }} {{ ref(name) }}",
        ),
        ("models/off.sql", "{{ config(enabled=false) }} select 1"),
        ("models/c.sql", "select 1"),
        ("models/c_v1.sql", "select 1"),
        (
            "models/s.yml",
            "models:\n  - name: c\n    latest_version: 2\n    versions: [{v: 1}, {v: 2}]\n",
        ),
    ]);
    let found: Vec<String> = node(&project, "model.shop.a")
        .dependencies
        .iter()
        .map(|dependency| match dependency.resolution {
            Resolution::Node(id) => project.node(id).unique_id.to_string(),
            Resolution::Disabled(id) => format!("disabled {}", project.node(id).unique_id),
            Resolution::Missing => "missing".to_owned(),
            Resolution::Unknown => "unknown".to_owned(),
        })
        .collect();
    let expected = [
        "model.helpers.h",
        "model.helpers.h",
        "model.shop.c.v2",
        "model.shop.c.v1",
        "disabled model.shop.off",
        "missing",
        "unknown",
    ];
    assert_eq!(found, expected);
}

#[test]
fn nothing_is_missing_while_a_package_is_not_installed() {
    let project = project(&[
        (
            "packages.yml",
            "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n",
        ),
        ("models/a.sql", "select * from {{ ref('elsewhere') }}"),
    ]);
    assert!(!project.all_packages_present());
    assert_eq!(
        node(&project, "model.shop.a").dependencies[0].resolution,
        Resolution::Unknown
    );
}

#[test]
fn templates_keep_the_type_of_their_only_piece() {
    let cases = [
        ("{{ true | as_bool }}", "Bool(true)"),
        (
            "{% if target.name == 'dev' -%} {{ true | as_bool }} {%- else -%} no {%- endif %}",
            "Bool(true)",
        ),
        (
            "{% if target.name == 'dev' %} {{ true | as_bool }} {% endif %}",
            "Str(\" True \")",
        ),
        (
            "{% if target.name == 'prod' %}True{% else %}False{% endif %}",
            "Str(\"False\")",
        ),
        ("{{ 'a' -}}  b  {#- c -#}  d", "Str(\"abd\")"),
        ("{{ 1 }}{{ 2 }}", "Str(\"12\")"),
        ("{% set made = 'table' %}{{ made }}", "Str(\"table\")"),
    ];
    for (template, expected) in cases {
        let yaml = format!("models:\n  - name: a\n    config:\n      group: |\n        {template}\n");
        let project = project(&[("models/a.sql", "select 1"), ("models/a.yml", &yaml)]);
        let made = node(&project, "model.shop.a")
            .config
            .get("group")
            .value()
            .cloned();
        assert_eq!(
            format!("{:?}", made.unwrap_or(Value::Null)),
            expected,
            "{template}"
        );
    }
}

#[test]
fn macros_of_other_adapters_are_known_by_what_they_stand_in_for() {
    let names = ["concat", "default__split", "generate_alias_name"];
    let text: String = names
        .map(|name| format!("{{% macro {name}() %}}{{% endmacro %}}\n"))
        .concat();
    let project = project(&[("macros/m.sql", &text)]);
    for (name, expected) in [
        ("snowflake__concat", true),
        ("redshift__split", true),
        ("bigquery__get_merge_sql", true),
        ("glue__concat", false),
        ("spark__split", false),
        ("default__split", false),
        ("orders__deduplicated", false),
        ("concat", false),
        ("__concat", false),
    ] {
        assert_eq!(project.macros().is_for_other_adapter(name), expected, "{name}");
    }
}

#[test]
fn a_package_asks_for_packages_of_its_own() {
    let local = ("packages.yml", "packages:\n  - local: helpers\n");
    let named = ("helpers/dbt_project.yml", "name: helpers\n");
    let asks = "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n";
    assert!(project(&[local, named]).all_packages_present());
    assert!(!project(&[local, named, ("helpers/packages.yml", asks)]).all_packages_present());
    assert!(
        project(&[
            local,
            named,
            ("helpers/dependencies.yml", asks),
            ("dbt_packages/dbt_utils/dbt_project.yml", "name: dbt_utils\n"),
        ])
        .all_packages_present()
    );
    // Two ways to write one package.
    assert!(
        project(&[
            (
                "packages.yml",
                "packages:\n  - git: https://github.com/dbt-labs/dbt-utils.git\n    revision: 1.3.0\n",
            ),
            ("dbt_packages/dbt_utils/dbt_project.yml", "name: dbt_utils\n"),
            ("dbt_packages/dbt_utils/packages.yml", asks),
        ])
        .all_packages_present()
    );
}

#[test]
fn the_root_project_configures_packages_last() {
    let project = project(&[
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nmodels: {helpers: {+materialized: table}}\n",
        ),
        (
            "dbt_packages/helpers/dbt_project.yml",
            "name: helpers\nmodels: {helpers: {+materialized: view}}\n",
        ),
        (
            "dbt_packages/helpers/models/h.sql",
            "{{ config(materialized='ephemeral') }} select 1",
        ),
    ]);
    assert_eq!(
        config(&project, "model.helpers.h", "materialized").as_deref(),
        Some("table")
    );
    assert_eq!(
        layer(&project, "model.helpers.h", "materialized"),
        Some(Layer::RootProjectFile(1))
    );
}

#[test]
fn generic_tests_hang_on_what_they_test() {
    let properties = "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests: [unique, {accepted_values: {arguments: {values: [1, 2]}}}]\nsources:\n  - name: raw\n    tables:\n      - name: t\n        columns: [{name: x, data_tests: [not_null]}]\n";
    let project = project(&[("models/a.sql", "select 1"), ("models/s.yml", properties)]);
    let tests: Vec<_> = project
        .nodes()
        .iter()
        .filter(|node| node.generic_test.is_some())
        .collect();
    let names: Vec<_> = tests.iter().map(|node| &*node.name).collect();
    assert_eq!(
        names,
        [
            "accepted_values_a_id__1__2",
            "source_not_null_raw_t_x",
            "unique_a_id"
        ]
    );
    let parents: Vec<_> = tests
        .iter()
        .flat_map(|node| node.parents())
        .map(|id| &*project.node(id).unique_id)
        .collect();
    assert_eq!(parents, ["model.shop.a", "source.shop.raw.t", "model.shop.a"]);
}

#[test]
fn the_graph_knows_circles_and_selection() {
    let project = project(&[
        ("models/a.sql", "{{ ref('b') }}"),
        ("models/b.sql", "{{ ref('a') }}"),
        ("models/c.sql", "{{ ref('b') }}"),
        ("models/deep/d.sql", "{{ ref('c') }}"),
    ]);
    assert_eq!(project.graph().cycles().len(), 1);
    let select = ["+d".to_owned()];
    let selected = project
        .select(&SelectionRequest {
            select: &select,
            ..SelectionRequest::default()
        })
        .unwrap();
    let names: Vec<_> = selected.nodes.iter().map(|id| &*project.node(*id).name).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let select = ["path:models/deep".to_owned()];
    let selected = project
        .select(&SelectionRequest {
            select: &select,
            ..SelectionRequest::default()
        })
        .unwrap();
    assert_eq!(selected.nodes.len(), 1);
    let none = project.select(&SelectionRequest {
        selector: Some("nightly"),
        ..SelectionRequest::default()
    });
    assert!(none.is_err());
}

#[test]
fn a_profile_is_found_rendered_and_its_target_chosen() {
    let mut system = system(&[(
        "profiles.yml",
        "shop:\n  target: \"{{ env_var('T', 'dev') }}\"\n  outputs:\n    dev: {type: glue, workers: \"{{ env_var('W') | as_number }}\"}\n    prod: {type: glue, role_arn: \"{{ env_var('MISSING') }}\"}\n",
    )]);
    system.set_env("W", "4");
    let project = load(&system, &LoadOptions::new("p")).unwrap();
    let target = project.target().unwrap();
    assert_eq!(&*target.name.value, "dev");
    assert_eq!(target.get("workers"), Some(&Value::Int(4)));
    assert!(
        project.missing_env().is_empty(),
        "dbt renders only the target it uses"
    );
    system.set_env("T", "prod");
    let project = load(&system, &LoadOptions::new("p")).unwrap();
    assert_eq!(project.missing_env().len(), 1);
    assert_eq!(project.missing_env()[0].1, "MISSING");
}

#[test]
fn torn_files_do_not_stop_anything() {
    let files = [
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nmodels:\n  shop:\n    +tags: [a\n",
        ),
        (
            "profiles.yml",
            "shop:\n  outputs:\n    dev:\n      type: glue\n      schema: 'x\n",
        ),
        (
            "models/a.sql",
            "{{ config(materialized='table' unique_key='x') }} select {{ ref('b' }}",
        ),
        (
            "models/b.py",
            "def model(dbt, session:\n  dbt.config(materialized=",
        ),
        (
            "models/s.yml",
            "models:\n  - name: a\n    columns:\n      - name: \"id\n",
        ),
        ("snapshots/s.sql", "{% snapshot x %}{{ config("),
        ("seeds/c.csv", "a,b\n\"1,2"),
    ];
    for cut in 0..files.len() {
        for (index, (path, text)) in files.iter().enumerate() {
            let ends = (0..=text.len()).filter(|end| index == cut && text.is_char_boundary(*end));
            for end in ends {
                let mut torn = files;
                torn[index] = (path, &text[..end]);
                project(&torn);
            }
        }
    }
}

#[test]
fn a_torn_file_keeps_what_it_declared() {
    let good = [
        (
            "models/a.sql",
            "{{ helper() }} select * from {{ source('raw', 't') }}",
        ),
        (
            "models/s.yml",
            "sources:\n  - name: raw\n    tables: [{name: t}]\n",
        ),
        ("macros/m.sql", "{% macro helper() %}1{% endmacro %}"),
    ];
    let torn = [
        good[0],
        ("models/s.yml", "sources:\n  - name: raw\n    tables: [{name\n"),
        ("macros/m.sql", "{% macro helper( %}1{% endmacro"),
    ];
    let options = LoadOptions::new("p");
    let before = load(&system(&good), &options).unwrap();
    let resolution = |project: &Project| node(project, "model.shop.a").dependencies[0].resolution;
    assert!(matches!(resolution(&before), Resolution::Node(_)));
    let alone = load(&system(&torn), &options).unwrap();
    assert!(
        !matches!(resolution(&alone), Resolution::Node(_)),
        "without memory the table is gone"
    );
    let after = reload(&system(&torn), &options, &before).unwrap();
    assert!(matches!(resolution(&after), Resolution::Node(_)));
    assert!(after.macros().find("helper", 0).is_some());
}

#[test]
fn without_a_profile_the_adapter_is_guessed_from_traces() {
    let is_glue = |files: &[(&str, &str)]| {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        for (path, text) in files {
            system.write(format!("p/{path}"), *text);
        }
        load(&system, &LoadOptions::new("p")).unwrap().is_glue()
    };
    assert!(!is_glue(&[(
        "models/a.sql",
        "{{ config(file_format='delta') }} select 1"
    )]));
    assert!(is_glue(&[(
        "models/a.sql",
        "{{ config(custom_location='s3://b/x') }} select 1"
    )]));
    assert!(is_glue(&[("requirements.txt", "dbt_glue==1.10.0\n")]));
    assert!(is_glue(&[("dbt_project.yml", "name: shop\nprofile: my_glue\n")]));
    assert!(!is_glue(&[
        ("profiles.yml", "shop: {target: d, outputs: {d: {type: spark}}}"),
        ("requirements.txt", "dbt-glue")
    ]));
}

#[test]
fn versions_take_over_columns_and_tests() {
    let project = project(&[
        ("models/ver_v1.sql", "select 1 as a, 2 as b"),
        ("models/ver_v2.sql", "select 1 as a, 3 as c"),
        (
            "models/schema.yml",
            "models:\n  - name: ver\n    latest_version: 2\n    data_tests: [{unique: {column_name: a}}]\n    columns:\n      \
             - {name: a, data_tests: [not_null]}\n      - {name: b, data_tests: [unique]}\n    versions:\n      - v: 1\n      \
             - v: 2\n        data_tests: []\n        columns:\n          - {include: all, exclude: [b]}\n          \
             - {name: c, data_tests: [not_null]}\n",
        ),
    ]);
    let tests: Vec<_> = project
        .nodes()
        .iter()
        .filter_map(|node| node.unique_id.strip_prefix("test.shop."))
        .map(|id| id.split('.').next().unwrap())
        .collect();
    // Recorded from dbt-core 1.12.6.
    assert_eq!(
        tests,
        [
            "not_null_ver_v1_a",
            "not_null_ver_v2_a",
            "not_null_ver_v2_c",
            "unique_ver_v1_a",
            "unique_ver_v1_b",
        ]
    );
}
