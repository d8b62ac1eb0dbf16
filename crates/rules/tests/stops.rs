//! What ends a run before any node runs, and what does not: each project was given to the real dbt (dbt-core 1.12.6, dbt-glue
//! 1.12.4), and the class of its error stands beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use glueline_rules::page::{PageFile, PageProject};

const PROJECT: &str = "name: shop\nversion: '1.0.0'\nprofile: shop\n";
const COLUMN: &str =
    "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - ";

fn stops(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let file = |(path, text): &(&str, &str)| PageFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
        marked: Vec::new(),
    };
    let mut all = vec![file(&("models/a.sql", "select 1 as id\n"))];
    all.extend(files.iter().map(file));
    let page = PageProject {
        faulty: true,
        title: String::new(),
        files: all,
        line: 0,
    };
    let renderer = crate::common::project(&crate::common::system(&page)).unwrap();
    let found = glueline_rules::stops(&renderer);
    let told = found.into_iter().map(|found| {
        let class = found.stop.map_or("", |stop| stop.error);
        (class.to_owned(), found.words.unwrap_or_default())
    });
    told.collect()
}

#[test]
fn nothing_stops_what_dbt_takes() {
    let tests = |rest: &str| format!("{COLUMN}{rest}\n");
    let undefined = tests("nope_test");
    let relationships = tests("relationships:\n              to: ref('nope')\n              field: id");
    let hook = format!("{PROJECT}on-run-start: ['{{{{ nope() }}}}']\n");
    for (path, text) in [
        (
            "models/b.sql",
            "{% if execute %}select * from {{ ref('nope') }}{% endif %}",
        ),
        (
            "models/b.sql",
            "{% if var('x', false) %}select * from {{ ref('nope') }}{% endif %} select 1",
        ),
        (
            "models/b.sql",
            "{% if execute %}{{ env_var('NOPE_X') }}{% endif %}",
        ),
        (
            "models/b.sql",
            "{% if execute %}{{ ref('a', 'b', 'c') }}{% endif %} select 1",
        ),
        (
            "models/b.sql",
            "{% if execute %}{{ exceptions.raise_compiler_error('no') }}{% endif %}",
        ),
        (
            "models/b.sql",
            "{{ config(enabled=false) }} select * from {{ ref('nope') }}",
        ),
        ("models/b.sql", "{{ config(alias='a', schema='x') }} select 1"),
        ("models/b.sql", "{{ config(alias='a', enabled=false) }} select 1"),
        ("models/b.sql", "{{ config(materialized='nope') }} select 1"),
        (
            "models/b.sql",
            "{{ config(materialized='table') }}{{ config(materialized='view') }} select 1",
        ),
        ("models/b.sql", "{{ nope.a.b }} select 1"),
        (
            "models/b.sql",
            "{{ nope.a(1).b }} select {{ dbt_utils.star(ref('a')) }}",
        ),
        ("models/b.sql", "{{ adapter.nope(1) }} select 1"),
        ("models/b.sql", "{{ fromjson('bad').x }} select 1"),
        ("models/b.sql", ""),
        ("models/a.b.sql", "select 1"),
        ("tests/t.sql", "select * from {{ ref('nope') }}"),
        ("snapshots/s.sql", "select 1"),
        ("models/schema.yml", &undefined),
        ("models/schema.yml", &relationships),
        ("dbt_project.yml", &hook),
    ] {
        assert_eq!(stops(&[(path, text)]), [], "{path}: {text}");
    }
}

#[test]
fn what_dbt_cannot_get_past_stops() {
    let hook = |text: &str| format!("{PROJECT}on-run-end: [\"{text}\"]\n");
    let torn_hook = hook("{{ nope( }}");
    let lost_hook = hook("select * from {{ ref('nope') }}");
    let raising_hook = hook("{{ exceptions.raise_compiler_error('no') }}");
    let name = PROJECT.replace("name: shop", "name: my-shop");
    for (path, text, class) in [
        ("models/b.sql", "select {% if x %}", "CompilationError"),
        (
            "models/b.sql",
            "{{ config(enabled=false) }} select {% if x %}",
            "CompilationError",
        ),
        (
            "models/b.sql",
            "{{ exceptions.raise_compiler_error('no') }}",
            "CompilationError",
        ),
        (
            "models/b.sql",
            "{{ 'a' | int + 'b' }} select 1",
            "CompilationError",
        ),
        ("models/b.sql", "{{ none() }} select 1", "CompilationError"),
        (
            "models/b.sql",
            "select * from {{ ref('nope') }}",
            "TargetNotFoundError",
        ),
        (
            "models/b.sql",
            "select * from {{ source('raw', 'nope') }}",
            "TargetNotFoundError",
        ),
        ("models/b.sql", "select * from {{ ref('b') }}", "CompilationError"),
        (
            "models/b.sql",
            "select '{{ env_var('NOPE_X') }}'",
            "EnvVarMissingError",
        ),
        (
            "models/b.sql",
            "{{ config(alias='a') }} select 1",
            "AmbiguousAliasError",
        ),
        (
            "models/b.sql",
            "{{ config(alias='a', materialized='ephemeral') }} select 1",
            "AmbiguousAliasError",
        ),
        ("models/b.sql", "{{ config(group='g') }} select 1", "ParsingError"),
        (
            "models/b.sql",
            "{{ config(post_hook='{{ nope( }}') }} select 1",
            "CompilationError",
        ),
        (
            "analyses/b.sql",
            "select * from {{ ref('nope') }}",
            "TargetNotFoundError",
        ),
        ("analyses/b.sql", "select {% if x %}", "CompilationError"),
        (
            "snapshots/s.sql",
            "{% snapshot s %}select 1{% endsnapshot %}",
            "ValidationError",
        ),
        ("seeds/a.csv", "id\n1\n", "AmbiguousAliasError"),
        (
            "models/schema.yml",
            "models:\n  - name: a\n    columns: id\n",
            "YamlParseDictError",
        ),
        (
            "models/schema.yml",
            "models:\n  - name: a\n  name: b\n",
            "YamlLoadError",
        ),
        ("dbt_project.yml", &torn_hook, "CompilationError"),
        ("dbt_project.yml", &lost_hook, "TargetNotFoundError"),
        (
            "models/b.sql",
            "{{ config(post_hook=\"select * from {{ ref('nope') }}\") }} select 1",
            "TargetNotFoundError",
        ),
        ("dbt_project.yml", &raising_hook, "CompilationError"),
        ("dbt_project.yml", &name, "ProjectContractError"),
    ] {
        let found = stops(&[(path, text)]);
        assert_eq!(
            found.first().map(|first| &*first.0),
            Some(class),
            "{path}: {text}: {found:?}"
        );
    }
}

#[test]
fn dbts_own_words_are_known() {
    for (path, text, words) in [
        (
            "models/b.sql",
            "select * from {{ ref('nope') }}",
            "Compilation Error\n  Model 'model.shop.b' (models/b.sql) depends on a node named 'nope' which was not found",
        ),
        (
            "models/b.sql",
            "select * from {{ ref('crm', 'nope') }}",
            "Compilation Error\n  Model 'model.shop.b' (models/b.sql) depends on a node named 'nope' in package or project 'crm' which was not found",
        ),
        (
            "models/b.sql",
            "select * from {{ ref('b') }}",
            "Compilation Error\n  Found a cycle: model.shop.b",
        ),
        (
            "models/b.sql",
            "{{ env_var('NOPE_X') }}",
            "Parsing Error\n  Env var required but not provided: 'NOPE_X'",
        ),
        (
            "models/b.sql",
            "{{ config(alias='a') }} select 1",
            "Compilation Error\n  dbt found two resources with the database representation \"analytics.a\".\n  dbt cannot create two resources with identical database representations. To fix this,\n  change the configuration of one of these resources:\n  - model.shop.a (models/a.sql)\n  - model.shop.b (models/b.sql)",
        ),
    ] {
        let found = stops(&[(path, text)]);
        assert_eq!(
            found.first().map(|first| &*first.1),
            Some(words),
            "{path}: {text}"
        );
    }
}

/// The profile is read before the project, and a project before its files.
#[test]
fn what_dbt_finds_first_comes_first() {
    let profile = "shop:\n  target: nope\n  outputs:\n    dev:\n      type: glue\n      schema: s\n";
    let found = stops(&[
        ("profiles.yml", profile),
        ("models/b.sql", "select {% if x %}"),
        ("models/c.sql", "select * from {{ ref('nope') }}"),
    ]);
    let classes: Vec<&str> = found.iter().map(|found| &*found.0).collect();
    assert_eq!(
        classes,
        ["DbtProfileError", "CompilationError", "TargetNotFoundError"]
    );
}

/// Comments are Glueline's own: dbt does not read them.
#[test]
fn a_comment_that_allows_a_rule_lifts_nothing() {
    let allowed = "-- glueline: allow-file(missing-ref)\nselect * from {{ ref('nope') }}\n";
    assert_eq!(stops(&[("models/b.sql", allowed)]).len(), 1);
}
