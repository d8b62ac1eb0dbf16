//! Previews of commands that dbt ends before it runs a node.

use serde_json::{Value, json};

use crate::common::Project;

#[test]
fn a_preview_says_why_dbt_runs_nothing() {
    let project = Project::new(&[
        ("models/a.sql", "select 1 as id\n"),
        (
            "models/b.sql",
            "-- glueline: allow-file(missing-ref)\nselect * from {{ ref('nope') }}\n",
        ),
    ]);
    for select in [&[][..], &["--select", "a"]] {
        let arguments: Vec<&str> = ["preview", "--output", "json"]
            .iter()
            .chain(select)
            .copied()
            .collect();
        let output = project.glueline(&arguments);
        assert_eq!(output.status, 1, "{}", output.stderr);
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        let expected = json!({
            "schema": "glueline-preview/1",
            "run_error": {
                "type": "TargetNotFoundError",
                "message": "Compilation Error\n  Model 'model.shop.b' (models/b.sql) depends on a node named 'nope' which was not found",
            },
            "session_bootstrap": {"create_session": [], "statements": []},
            "nodes": [],
        });
        assert_eq!(document, expected);
    }
    let output = project.glueline(&["preview"]);
    assert_eq!(output.status, 1);
    assert!(output.stdout.contains("error[missing-ref]"), "{}", output.stdout);
    let output = project.glueline(&["preview", "--output", "sql"]);
    assert_eq!((output.status, output.stdout.as_str()), (1, ""));
    assert!(output.stderr.contains("error[missing-ref]"), "{}", output.stderr);
}

#[test]
fn a_target_that_is_not_there_is_what_dbt_says_it_is() {
    let project = Project::new(&[("models/a.sql", "select 1 as id\n")]);
    let output = project.glueline(&["preview", "--output", "json", "--target", "nope"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(document["run_error"]["type"], "DbtProfileError");
}
