//! `glueline compile`, as its users call it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

use serde_json::Value;

use crate::common::{Output, Project};

/// Models that read each other, one of them ephemeral, with tests, a seed, a snapshot, an analysis and a disabled model.
const SHOP: [(&str, &str); 10] = [
    ("models/a.sql", "select 1 as id, '{{ target.name }}' as target\n"),
    (
        "models/sub/e.sql",
        "{{ config(materialized='ephemeral') }}\nselect * from {{ ref('a') }}\n",
    ),
    ("models/sub/b.sql", "select id from {{ ref('e') }}\n"),
    (
        "models/off.sql",
        "{{ config(enabled=false) }}select * from {{ ref('nowhere') }}\n",
    ),
    ("models/v_v2.sql", "select 2 as v\n"),
    (
        "models/schema.yml",
        "models:\n  - name: a\n    columns:\n      - {name: id, data_tests: [unique]}\n  - name: v\n    latest_version: 2\n    versions: [{v: 2}]\n",
    ),
    ("tests/few.sql", "select * from {{ ref('b') }} where id > 9\n"),
    ("seeds/s.csv", "id\n1\n"),
    (
        "snapshots/all.sql",
        "{% snapshot snap %}{{ config(unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('a') }}{% endsnapshot %}\n",
    ),
    ("analyses/deep/an.sql", "select * from {{ ref('s') }}\n"),
];

fn json(output: &Output) -> Vec<Value> {
    let document: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", output.stdout, output.stderr));
    assert_eq!(document["schema"], "glueline-compile/1");
    document["nodes"].as_array().unwrap().clone()
}

fn node<'a>(nodes: &'a [Value], id: &str) -> &'a Value {
    let found = nodes.iter().find(|node| node["unique_id"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {nodes:#?}"))
}

#[test]
fn one_model_is_its_code_and_nothing_else() {
    let project = Project::new(&SHOP);
    for (arguments, code) in [
        (&["-s", "a"][..], "select 1 as id, 'dev' as target\n"),
        (
            &["-s", "b"],
            "with __dbt__cte__e as (\n\nselect * from analytics.a\n) select id from __dbt__cte__e\n",
        ),
        (&["-s", "e"], "\nselect * from analytics.a\n"),
        (
            &["--inline", "select '{{ this_is }}{{ ref('a') }}'"],
            "select 'analytics.a'\n",
        ),
        (&["--inline", "-- one\nselect 1"], "-- one\nselect 1\n"),
    ] {
        let output = project.glueline(&[&["compile"], arguments].concat());
        assert_eq!(
            (output.status, output.stdout.as_str()),
            (0, code),
            "{arguments:?}: {}",
            output.stderr
        );
        assert!(output.stderr.starts_with("Compiled "), "{}", output.stderr);
    }
}

#[test]
fn several_nodes_are_named_as_dbt_names_them() {
    let project = Project::new(&SHOP);
    let output = project.glueline(&["compile", "-q", "-s", "a", "v", "s"]);
    assert_eq!(
        (output.status, output.stdout.as_str(), output.stderr.as_str()),
        (
            0,
            "Compiled node 'a' is:\nselect 1 as id, 'dev' as target\n\nCompiled node 'v' is:\nselect 2 as v\n",
            ""
        )
    );
    let output = project.glueline(&["compile", "-q", "-s", "a", "unique_a_id"]);
    assert!(
        output.stdout.contains("Compiled node 'unique_a_id' is:\n"),
        "a test that is named is shown: {}",
        output.stdout
    );
}

#[test]
fn without_a_selection_only_the_counts_are_told() {
    let project = Project::new(&SHOP);
    let output = project.glueline(&["compile"]);
    assert_eq!(
        (output.status, output.stdout.as_str(), output.stderr.as_str()),
        (0, "", "Compiled 9 nodes: 9 success, 0 error, 0 skipped\n")
    );
    let output = project.glueline(&["compile", "-s", "tag:none"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, ""));
    assert!(
        output
            .stderr
            .starts_with("warning: the selection `tag:none` matches no node\n"),
        "{}",
        output.stderr
    );
}

#[test]
fn the_document_holds_every_node_that_dbt_compiles() {
    let project = Project::new(&SHOP);
    let output = project.glueline(&["compile", "-q", "--output", "json"]);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    let nodes = json(&output);
    let found: Vec<(&str, &str, Option<&str>)> = nodes
        .iter()
        .map(|node| {
            (
                node["unique_id"].as_str().unwrap(),
                node["path"].as_str().unwrap(),
                node["relation_name"].as_str(),
            )
        })
        .collect();
    let test = "test.shop.unique_a_id.f6a5f640da";
    let want = [
        ("analysis.shop.an", "analyses/deep/an.sql", None),
        ("model.shop.a", "models/a.sql", Some("analytics.a")),
        ("model.shop.b", "models/sub/b.sql", Some("analytics.b")),
        ("model.shop.e", "models/sub/e.sql", None),
        ("model.shop.v.v2", "models/v_v2.sql", Some("analytics.v_v2")),
        ("seed.shop.s", "seeds/s.csv", Some("analytics.s")),
        ("snapshot.shop.snap", "snapshots/all.sql", Some("analytics.snap")),
        ("test.shop.few", "tests/few.sql", None),
        (test, "models/schema.yml", None),
    ];
    assert_eq!(found, want);
    let columns = |node: &Value| {
        let columns = node["columns"].as_array()?.iter();
        let column = |column: &Value| format!("{} {}", column["name"], column["type"]).replace('"', "");
        Some(columns.map(column).collect::<Vec<_>>().join(", "))
    };
    let typed: Vec<Option<String>> = nodes.iter().map(columns).collect();
    let typed: Vec<Option<&str>> = typed.iter().map(Option::as_deref).collect();
    let known = [
        Some("id double"),
        Some("id int, target string"),
        Some("id int"),
        Some("id int, target string"),
        Some("v int"),
        Some("id double"),
        Some("id int, target string"),
        Some("id int"),
        Some("unique_field int, n_records bigint"),
    ];
    assert_eq!(typed, known);
    for node in &nodes {
        assert_eq!(
            (node["status"].as_str(), &node["error"]),
            (Some("success"), &Value::Null),
            "{node}"
        );
        assert!(node.get("unknown").is_none(), "{node}");
        assert_eq!(
            node["compiled_code"] == "",
            node["resource_type"] == "seed",
            "{node}"
        );
    }
    assert_eq!(
        node(&nodes, "test.shop.few")["compiled_code"],
        "select * from analytics.b where id > 9"
    );

    for threads in ["1", "7"] {
        let again = project.glueline(&["compile", "-q", "--output", "json", "--threads", threads]);
        assert_eq!(again.stdout, output.stdout, "{threads} threads");
    }
    let tests = project.glueline(&["compile", "--output", "json", "--resource-type", "test"]);
    assert_eq!(json(&tests).len(), 2);
}

#[test]
fn flags_change_the_code_as_they_do_in_dbt() {
    let project = Project::new(&[
        (
            "models/i.sql",
            "{{ config(materialized='incremental', incremental_strategy='append') }}select {{ var('x', 1) }}{% if is_incremental() %} more{% endif %}",
        ),
        (
            "catalog.json",
            r#"{"databases": {"analytics": {"tables": {"i": {"columns": []}}}}}"#,
        ),
    ]);
    for (arguments, code) in [
        (&[][..], "select 1\n"),
        (&["--vars", "{x: 2}"], "select 2\n"),
        (&["--assume", "exists"], "select 1 more\n"),
        (&["--assume", "absent"], "select 1\n"),
        (&["--catalog", "catalog.json"], "select 1 more\n"),
        (&["--catalog", "catalog.json", "-f"], "select 1\n"),
    ] {
        let output = project.glueline(&[&["compile", "-q", "-s", "i"], arguments].concat());
        assert_eq!(
            (output.status, output.stdout.as_str()),
            (0, code),
            "{arguments:?}: {}",
            output.stderr
        );
    }
}

#[test]
fn a_fault_is_shown_where_it_is_with_the_calls_that_led_there() {
    let project = Project::new(&[
        (
            "macros/m.sql",
            "{% macro outer(x) %}{{ inner(x) }}{% endmacro %}\n{% macro inner(x) %}{% if execute %}{{ x / 0 }}{% endif %}{% endmacro %}\n",
        ),
        ("models/a.sql", "select 1\n"),
        ("models/bad.sql", "select\n  {{ outer(1) }}\n"),
        ("models/c.sql", "select * from {{ ref('bad') }}\n"),
        ("models/d.sql", "select * from {{ ref('c') }}\n"),
    ]);
    let output = project.glueline(&["compile", "--output", "json"]);
    assert_eq!(output.status, 1);
    for part in [
        "error: Model `bad` cannot be compiled: division by zero\n",
        "macros/m.sql:2:",
        "`inner` is called here",
        "`outer` is called here",
        "models/bad.sql:2:",
        "2 nodes depend on it: c, d",
        "Compiled 4 nodes: 3 success, 1 error, 0 skipped\n",
    ] {
        assert!(output.stderr.contains(part), "no {part:?} in\n{}", output.stderr);
    }
    let nodes = json(&output);
    let bad = node(&nodes, "model.shop.bad");
    assert_eq!(
        (&bad["status"], &bad["compiled_code"]),
        (&"error".into(), &Value::Null)
    );
    assert_eq!(
        bad["error"],
        "Compilation Error in model bad (models/bad.sql)\n  division by zero"
    );
    assert_eq!(
        node(&nodes, "model.shop.c")["compiled_code"],
        "select * from analytics.bad",
        "what reads a failed model is compiled all the same"
    );
}

#[test]
fn what_reads_a_failed_ephemeral_model_is_skipped() {
    let project = Project::new(&[
        (
            "models/e.sql",
            "{{ config(materialized='ephemeral') }}{% if execute %}{{ 1 / 0 }}{% endif %}\n",
        ),
        ("models/b.sql", "select * from {{ ref('e') }}\n"),
        ("models/c.sql", "select * from {{ ref('b') }}\n"),
    ]);
    let output = project.glueline(&["compile", "--output", "json"]);
    assert_eq!(output.status, 1);
    let nodes = json(&output);
    let b = node(&nodes, "model.shop.b");
    assert_eq!(
        (&b["status"], &b["error"]),
        (
            &"skipped".into(),
            &"Compilation Error in model.shop.b, caused by compilation error in referenced ephemeral model model.shop.e"
                .into()
        )
    );
    assert_eq!(node(&nodes, "model.shop.e")["status"], "error");
    assert_eq!(node(&nodes, "model.shop.c")["status"], "success");
    assert_eq!(
        output.stderr.matches("division by zero").count(),
        1,
        "one fault, one report: {}",
        output.stderr
    );
}

#[test]
fn what_cannot_be_used_is_a_matter_of_usage() {
    let project = Project::new(&SHOP);
    for (arguments, want) in [
        (
            &["-t", "nowhere"][..],
            "error: the profile `shop` has no target `nowhere`",
        ),
        (
            &["--profile", "bank"],
            "error: there is no profile `bank` in profiles.yml",
        ),
        (
            &["--inline", "select 1", "-s", "a"],
            "error: the argument '--inline <SQL>' cannot be used with",
        ),
        (&["--output", "xml"], "error: invalid value 'xml'"),
        (&["-s", "nonsense:x"], "error: "),
    ] {
        let output = project.glueline(&[&["compile"], arguments].concat());
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(
            output.stderr.starts_with(want),
            "{arguments:?}: {}",
            output.stderr
        );
    }
}

#[test]
fn code_is_written_where_dbt_would_write_it_below_a_directory_of_its_own() {
    let project = Project::new(&SHOP);
    project.write(
        "dbt_project.yml",
        "name: shop\nprofile: shop\nversion: '1.0.0'\ntarget-path: elsewhere\n",
    );
    let output = project.glueline(&["compile", "--write", "-q"]);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    assert_eq!(
        project.files_below("target"),
        [
            "target/glueline/compiled/shop/analyses/deep/an.sql",
            "target/glueline/compiled/shop/models/a.sql",
            "target/glueline/compiled/shop/models/schema.yml/unique_a_id.sql",
            "target/glueline/compiled/shop/models/sub/b.sql",
            "target/glueline/compiled/shop/models/sub/e.sql",
            "target/glueline/compiled/shop/models/v_v2.sql",
            "target/glueline/compiled/shop/snapshots/all.sql/snap.sql",
            "target/glueline/compiled/shop/tests/few.sql",
            "target/glueline/manifest.json",
        ]
    );
    assert_eq!(
        project.read("target/glueline/compiled/shop/models/sub/e.sql"),
        "\nselect * from analytics.a"
    );
    assert!(!project.path("elsewhere").exists());

    let manifest: Value = serde_json::from_str(&project.read("target/glueline/manifest.json")).unwrap();
    let node = &manifest["nodes"]["model.shop.e"];
    assert_eq!(node["compiled_code"], "\nselect * from analytics.a");
    assert_eq!(
        node["compiled_path"],
        "target/glueline/compiled/shop/models/sub/e.sql"
    );
    assert_eq!(
        manifest["parent_map"]["model.shop.e"],
        serde_json::json!(["model.shop.a"])
    );
}

#[cfg(unix)]
#[test]
fn a_manifest_that_cannot_be_written_is_said_and_leaves_the_last_one_whole() {
    use std::os::unix::fs::symlink;

    let project = Project::new(&SHOP);
    assert_eq!(project.glueline(&["compile", "--write", "-q"]).status, 0);
    let before = project.read("target/glueline/manifest.json");

    // A full disk: nothing larger than a block can be written there.
    let limited = format!(
        "ulimit -f 1; trap '' XFSZ; exec {} compile --write -q -s a --project-dir . --profiles-dir .",
        env!("CARGO_BIN_EXE_glueline")
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &limited])
        .current_dir(project.path("."))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("cannot write `target/glueline/manifest.json`: File too large"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(project.read("target/glueline/manifest.json"), before);
    let left = project.files_below("target/glueline");
    assert!(left.iter().all(|path| !path.contains(".glueline-")), "{left:?}");

    // A link is replaced, and never written through.
    project.write("outside.json", "mine");
    std::fs::remove_file(project.path("target/glueline/manifest.json")).unwrap();
    symlink(
        project.path("outside.json"),
        project.path("target/glueline/manifest.json"),
    )
    .unwrap();
    assert_eq!(project.glueline(&["compile", "--write", "-q"]).status, 0);
    assert_eq!(project.read("outside.json"), "mine");
}

/// A project with hooks of a run.
const HOOKS: &str = "name: shop\nprofile: shop\nversion: '1.0.0'\n\
on-run-start: ['select 1', \"{{ ref('a') }}\"]\n\
on-run-end: \"{% for r in results %}{{ r.node.name }} {{ r.status }};{% endfor %}\"\n";

#[test]
fn hooks_of_a_run_stand_around_the_nodes_and_only_where_all_or_they_are_meant() {
    let project = Project::new(&SHOP);
    project.write("dbt_project.yml", HOOKS);
    let output = project.glueline(&["compile", "--output", "json", "--write"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let nodes = json(&output);
    let ids: Vec<&str> = nodes
        .iter()
        .map(|node| node["unique_id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids[..2],
        [
            "operation.shop.shop-on-run-start-0",
            "operation.shop.shop-on-run-start-1"
        ]
    );
    assert_eq!(ids.last(), Some(&"operation.shop.shop-on-run-end-0"));
    for (id, code) in [
        ("operation.shop.shop-on-run-start-1", "analytics.a"),
        (
            "operation.shop.shop-on-run-end-0",
            "a success;v success;b success;",
        ),
    ] {
        let hook = node(&nodes, id);
        assert_eq!(hook["compiled_code"], code, "{id}");
        assert_eq!(hook["resource_type"], "operation");
        assert_eq!(hook["path"], "./dbt_project.yml");
        assert_eq!(hook["relation_name"], Value::Null);
        assert_eq!(hook["status"], "success");
    }
    let unknown = &nodes.last().unwrap()["unknown"];
    assert_eq!(unknown[0]["path"], "dbt_project.yml");
    assert_eq!(
        project.read("target/glueline/compiled/shop/dbt_project.yml/hooks/shop-on-run-start-0.sql"),
        "select 1"
    );

    let output = project.glueline(&["compile", "-q", "-s", "shop-on-run-start-1"]);
    assert_eq!(
        (output.status, output.stdout.as_str(), output.stderr.as_str()),
        (0, "analytics.a\n", "")
    );
    let output = project.glueline(&["compile", "-q", "-s", "a", "--output", "json"]);
    assert!(
        json(&output)
            .iter()
            .all(|node| node["resource_type"] != "operation")
    );
}

#[test]
fn a_hook_that_cannot_be_compiled_is_shown_where_it_is_written() {
    let project = Project::new(&[("models/a.sql", "select 1 as id\n")]);
    project.write(
        "dbt_project.yml",
        "name: shop\nprofile: shop\nversion: '1.0.0'\non-run-end:\n  - \"{{ nowhere() }}\"\n",
    );
    let output = project.glueline(&["compile"]);
    assert_eq!(output.status, 1);
    for part in [
        "Hook `shop-on-run-end-0` cannot be compiled: 'nowhere' is undefined.",
        "dbt_project.yml:5:",
    ] {
        assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;

    for link in ["target", "target/glueline", "target/glueline/compiled/shop"] {
        let project = Project::new(&[("models/a.sql", "select 1\n"), ("outside/keep", "")]);
        let place = project.path(link);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(project.path("outside"), &place).unwrap();
        let output = project.glueline(&["compile", "--write"]);
        assert_eq!(output.status, 1, "{link}");
        assert!(output.stderr.contains("is a link"), "{link}: {}", output.stderr);
        assert_eq!(project.files_below("outside"), ["outside/keep"], "{link}");
    }

    let project = Project::new(&[("models/a.sql", "select 1\n"), ("mine.sql", "keep\n")]);
    project.write("target/glueline/compiled/shop/models/b.sql", "");
    let place = project.path("target/glueline/compiled/shop/models/a.sql");
    symlink(project.path("mine.sql"), &place).unwrap();
    let output = project.glueline(&["compile", "--write", "-q"]);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    assert_eq!(
        project.read("mine.sql"),
        "keep\n",
        "the link is replaced, not followed"
    );
    assert_eq!(std::fs::read_to_string(place).unwrap(), "select 1");
}

/// A macro that is called by a macro that is called by a macro, and who uses it.
const THREE_DEEP: [(&str, &str); 5] = [
    (
        "macros/outer.sql",
        "{% macro since(column) %}{{ column }} >= {{ first_day() }}{% endmacro %}\n\n{% macro first_day() %}\n  {{ day(var('start', '2024-01-01')) }}\n{% endmacro %}\n",
    ),
    ("models/a.sql", "select 1 as id\nwhere\n  {{ since('x') }}\n"),
    (
        "models/b.sql",
        "select * from {{ ref('a') }} where {{ since('y') }}\n",
    ),
    ("models/c.sql", "select * from {{ ref('b') }}\n"),
    ("models/d.sql", "select 1 as untouched\n"),
];

/// What the third macro says, what `compile` says of it, and what `check` does.
const BROKEN: [(&str, &str, &str); 9] = [
    ("{{ nosuch(x) }}", "'nosuch' is undefined", "undefined-macro"),
    (
        "{{ x + [1] }}",
        "can only concatenate str (not \"list\") to str",
        "does-not-render",
    ),
    (
        "{{ x.nope.more }}",
        "'str object' has no attribute 'nope'",
        "does-not-render",
    ),
    (
        "{{ exceptions.raise_compiler_error('no day: ' ~ x) }}",
        "no day: 2024-01-01",
        "does-not-render",
    ),
    (
        "{{ first_day() }}",
        "maximum recursion depth exceeded",
        "does-not-render",
    ),
    (
        "{{ var('nowhere') }}",
        "Required var 'nowhere' not found in config:",
        "missing-var",
    ),
    (
        "{{ ref('nowhere') }}",
        "depends on a node named 'nowhere' which was not found",
        "does-not-render",
    ),
    (
        "{{ x | nofilter }}",
        "No filter named 'nofilter'.",
        "unknown-jinja-filter",
    ),
    ("{{ x + }}", "an expression is missing after `+`", "jinja-syntax"),
];

#[test]
fn a_fault_three_calls_deep_is_shown_once_with_all_it_breaks() {
    for (body, message, rule) in BROKEN {
        let project = Project::new(&THREE_DEEP);
        project.write(
            "macros/inner.sql",
            &format!("{{% macro day(x) %}}\n  {body}\n{{% endmacro %}}\n"),
        );
        let output = project.glueline(&["compile"]);
        assert_eq!(
            (output.status, output.stdout.as_str()),
            (1, ""),
            "{body}: {}",
            output.stderr
        );
        assert_eq!(
            output.stderr.matches("error: ").count(),
            1,
            "one fault, one report: {}",
            output.stderr
        );
        for part in [
            "error: 2 nodes cannot be compiled: ",
            message,
            "`day` is called here",
            "`first_day` is called here",
            "`since` is called here",
            "models/a.sql:3:6",
            "it breaks a, b\n",
            "1 node depends on them: c\n",
            "Compiled 4 nodes: 2 success, 2 error, 0 skipped\n",
        ] {
            assert!(
                output.stderr.contains(part),
                "{body}: no {part:?} in\n{}",
                output.stderr
            );
        }
        // What calls itself fails wherever the last call happens to be.
        if body != "{{ first_day() }}" {
            assert!(
                output.stderr.contains("macros/inner.sql:2:"),
                "{body}: {}",
                output.stderr
            );
        }
        let checked = project.glueline(&["check", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&checked.stdout).unwrap();
        let is_error = |found: &&Value| found["severity"] == "error";
        let found: Vec<&Value> = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter(is_error)
            .collect();
        assert_eq!(
            (checked.status, found.len()),
            (1, 1),
            "{body}: {}",
            checked.stdout
        );
        assert_eq!(
            (&found[0]["rule"], &found[0]["severity"]),
            (&rule.into(), &"error".into()),
            "{body}"
        );
        let told = found[0]["message"].as_str().unwrap();
        assert!(
            told.ends_with("This breaks `a`, `b`, and 1 node that depends on it."),
            "{body}: {told}"
        );
        let calls: Vec<&str> = found[0]["related"]
            .as_array()
            .unwrap()
            .iter()
            .map(|related| related["path"].as_str().unwrap())
            .collect();
        assert!(
            calls.contains(&"macros/outer.sql") && calls.contains(&"models/a.sql"),
            "{body}: {calls:?}"
        );
    }
}

#[test]
fn faults_in_a_query_are_shown_in_the_query() {
    let project = Project::new(&THREE_DEEP);
    project.write(
        "macros/inner.sql",
        "{% macro day(x) %}\n  {{ x / 2 }}\n{% endmacro %}\n",
    );
    for (query, parts) in [
        (
            "select 1,\n  {{ since('é') }}",
            &["<inline>:2:6", "macros/inner.sql:2:6", "`since` is called here"][..],
        ),
        (
            "select 'é', {{ nosuch() }}",
            &["<inline>:1:16", "'nosuch' is undefined"],
        ),
        (
            "select\n\n{{ 1 + }}",
            &["<inline>:3:6", "an expression is missing after `+`"],
        ),
        ("{{ ref('nowhere') }}", &["<inline>:1:4", "'nowhere'"]),
    ] {
        for directory in [".", "/"] {
            let place = project.path("");
            let here = place.to_str().unwrap();
            let output = project.glueline_at(
                if directory == "/" { directory } else { here },
                &["compile", "--project-dir", here, "--inline", query],
            );
            assert_eq!((output.status, output.stdout.as_str()), (1, ""), "{query}");
            for part in parts {
                assert!(
                    output.stderr.contains(part),
                    "{query}: no {part:?} in\n{}",
                    output.stderr
                );
            }
            assert!(!output.stderr.contains("/<inline>"), "{query}: {}", output.stderr);
        }
    }
}

#[test]
fn what_is_not_known_in_a_query_is_said_with_its_place() {
    let project = Project::new(&THREE_DEEP);
    let output = project.glueline(&["compile", "--inline", "select\n'{{ run_query('select 1') }}'"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(
        output.stderr.starts_with("<inline>:2:5: not known: "),
        "{}",
        output.stderr
    );
}

#[test]
fn a_file_that_was_not_read_is_not_compiled_to_something_else() {
    let project = Project::new(&[("models/a.sql", "select 1\n")]);
    std::fs::write(project.path("models/torn.sql"), b"select\n  '\xff'\n").unwrap();
    let output = project.glueline(&["compile", "--output", "json"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert!(
        output.stderr.contains("its file is not UTF-8") && output.stderr.contains("models/torn.sql:2:4"),
        "{}",
        output.stderr
    );
    let nodes = json(&output);
    assert_eq!(node(&nodes, "model.shop.torn")["compiled_code"], Value::Null);
    assert_eq!(node(&nodes, "model.shop.a")["status"], "success");
}

#[test]
fn many_threads_are_as_good_as_one() {
    let project = Project::new(&SHOP);
    let one = project.glueline(&["compile", "--output", "json", "--threads", "1"]);
    let many = project.glueline(&["compile", "--output", "json", "--threads", "4294967295"]);
    assert_eq!((many.status, &many.stdout), (0, &one.stdout), "{}", many.stderr);
    assert_eq!(project.glueline(&["compile", "--threads", "0"]).status, 2);
}
