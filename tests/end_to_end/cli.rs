//! The binary as its users call it: exit statuses, streams, formats, fixes, selection.

use crate::common::{Project, Seen};

const FAULTY: &str = "{{ config(materialized='incremental', file_format='iceberg', incremental_strategy='merge', iceberg_expire_snapshots='False', use_iceberg_temp_views='True') }}\nselect 1 as id\n";

fn bundled(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_bundled_project_is_clean() {
    let project = Project::empty();
    let output = project.glueline(&[
        "check",
        "--project-dir",
        &bundled("shop"),
        "--output-format",
        "concise",
    ]);
    assert_eq!(output.status, 0, "{}", output.stdout);
    assert!(output.stdout.starts_with("No findings in"), "{}", output.stdout);
}

#[test]
fn the_faulty_twin_is_not() {
    let project = Project::empty();
    let output = project.glueline(&[
        "check",
        "--project-dir",
        &bundled("shop-faulty"),
        "--output-format",
        "concise",
    ]);
    assert_eq!(output.status, 1);
    let output = project.glueline(&["check", "--project-dir", &bundled("shop-faulty"), "--exit-zero"]);
    assert_eq!(output.status, 0);
}

#[test]
fn levels_come_from_the_settings_and_the_command_line() {
    let project = Project::new(&[("models/a.sql", FAULTY)]);
    project.expect(1, &[Seen::new("merge-without-unique-key", "models/a.sql", 1)]);
    assert_eq!(
        project
            .glueline(&["check", "--ignore", "merge-without-unique-key"])
            .status,
        0
    );
    project.write("glueline.toml", "[rules]\nmerge-without-unique-key = \"off\"\n");
    assert_eq!(project.glueline(&["check"]).status, 0);
    assert_eq!(
        project
            .glueline(&["check", "--warn", "merge-without-unique-key"])
            .status,
        1
    );
    project.write("glueline.toml", "[rules]\nmerge-without-unique-kee = \"off\"\n");
    project.expect(1, &[Seen::new("invalid-settings", "glueline.toml", 2)]);
    project.write("glueline.toml", "[rules\n");
    assert_eq!(project.glueline(&["check"]).status, 2);
}

#[test]
fn comments_allow_and_unused_ones_are_reported() {
    let allowed = format!("{{# glueline: allow(merge-without-unique-key) #}}\n{FAULTY}");
    let project = Project::new(&[("models/a.sql", &allowed)]);
    assert_eq!(project.glueline(&["check"]).status, 0);
    project.write(
        "models/a.sql",
        "-- glueline: allow(merge-without-unique-key)\nselect 1 as id\n",
    );
    project.expect(1, &[Seen::new("unused-suppression", "models/a.sql", 1)]);
}

#[test]
fn a_selection_speaks_of_its_nodes_alone() {
    let project = Project::new(&[("models/a.sql", FAULTY), ("models/b.sql", "select 1 as id\n")]);
    assert_eq!(project.glueline(&["check", "--select", "b"]).status, 0);
    assert_eq!(project.glueline(&["check", "--select", "a"]).status, 1);
    assert_eq!(project.glueline(&["check", "--exclude", "a"]).status, 0);
    assert_eq!(
        project
            .glueline(&["check", "--select", "config.materialized:incremental"])
            .status,
        1
    );
    assert_eq!(project.glueline(&["check", "--selector", "nightly"]).status, 2);
    let output = project.glueline(&["check", "--select", "nothing_like_it"]);
    assert!(
        output.status == 0 && output.stderr.contains("matches no node"),
        "{output:?}"
    );
}

#[test]
fn fixes_are_shown_and_applied() {
    let text = "{{ config(materialized='table' schema='x') }}\nselect 1 as id\n";
    let project = Project::new(&[("models/a.sql", text)]);
    let diff = project.glueline(&["check", "--diff"]);
    assert_eq!(diff.status, 1);
    assert!(
        diff.stdout
            .contains("+{{ config(materialized='table', schema='x') }}"),
        "{}",
        diff.stdout
    );
    assert_eq!(project.read("models/a.sql"), text, "--diff changes nothing");
    assert_eq!(project.glueline(&["check", "--fix"]).status, 0);
    assert_eq!(
        project.read("models/a.sql"),
        "{{ config(materialized='table', schema='x') }}\nselect 1 as id\n"
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let project = Project::empty();
    for format in [
        "full",
        "concise",
        "json",
        "json-lines",
        "github",
        "gitlab",
        "junit",
        "sarif",
        "checkstyle",
        "rdjson",
    ] {
        let directory = bundled("shop-faulty");
        let run = || {
            project
                .glueline(&["check", "--project-dir", &directory, "--output-format", format])
                .stdout
        };
        let first = run();
        assert!(!first.is_empty() && first == run(), "{format}");
    }
}

#[test]
fn every_rule_and_key_is_explained() {
    let project = Project::empty();
    let rules = project.glueline(&["rules", "--output-format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&rules.stdout).unwrap();
    let ids: Vec<&str> = listed["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert!(ids.len() > 50, "{}", ids.len());
    for id in ids
        .into_iter()
        .chain(["file_format", "glue_version", "use_iceberg_temp_views"])
    {
        let output = project.glueline(&["explain", id]);
        assert!(
            output.status == 0 && output.stdout.contains(id),
            "{id}: {output:?}"
        );
    }
    let output = project.glueline(&["explain", "glue_verison"]);
    assert!(
        output.status == 2 && output.stderr.contains("glue_version"),
        "{output:?}"
    );
}

#[test]
fn completions_are_printed_for_every_shell() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = project.glueline(&["completions", shell]);
        assert!(
            output.status == 0 && output.stdout.contains("glueline"),
            "{shell}"
        );
    }
}

#[test]
fn usage_is_status_two() {
    let project = Project::empty();
    assert_eq!(project.glueline(&["check", "--no-such-flag"]).status, 2);
    assert_eq!(project.glueline(&[]).status, 2);
    assert_eq!(project.glueline(&["check", "--project-dir", "nowhere"]).status, 2);
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = include_str!("../../README.md");
    let block = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let shown: Vec<&str> = block.unwrap().lines().filter(|line| !line.is_empty()).collect();
    assert!(shown.len() > 5, "{shown:?}");
    let project = Project::empty();
    let printed = project.glueline_at(
        env!("CARGO_MANIFEST_DIR"),
        &["check", "--project-dir", "fixtures/shop-faulty"],
    );
    for line in shown {
        assert!(
            printed.stdout.lines().any(|other| other == line),
            "not printed: {line}"
        );
    }
    let compiled = project.glueline_at(
        env!("CARGO_MANIFEST_DIR"),
        &[
            "compile",
            "--project-dir",
            "fixtures/shop",
            "--vars",
            "{start_date: soon}",
        ],
    );
    assert!(
        readme.contains(&format!("```text\n{}```", compiled.stderr)),
        "{}",
        compiled.stderr
    );
    let rules = project.glueline(&["rules", "--output-format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&rules.stdout).unwrap();
    let count = listed["rules"].as_array().unwrap().len();
    assert!(
        readme.contains(&format!("{count} rules")),
        "there are {count} rules"
    );
}
