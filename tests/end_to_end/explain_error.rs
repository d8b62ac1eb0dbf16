//! The binary bringing errors home: logs of real runs, in which the session answers what a real Spark said of each statement.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

use serde_json::{Value, json};

use crate::common::Project;

/// The project that the logs are of.
const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/answers");

/// What is said of a text, for the project of the logs.
fn explained(text: &str, arguments: &[&str]) -> (i32, Vec<Value>) {
    let place = Project::empty();
    place.write("error.txt", text);
    let path = place.path("error.txt");
    let mut all = vec![
        "explain-error",
        path.to_str().unwrap(),
        "--project-dir",
        ANSWERS,
        "--output",
        "json",
    ];
    all.extend(arguments);
    let output = place.glueline(&all);
    let document: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", output.stdout, output.stderr));
    assert_eq!(document["schema"], "glueline-explain-error/1");
    (output.status, document["errors"].as_array().unwrap().clone())
}

/// Without the explanations, which are the catalogue's.
fn without_words(errors: Vec<Value>) -> Value {
    let bare = errors.into_iter().map(|mut error| {
        let explanation = error.as_object_mut().unwrap().remove("explanation").unwrap();
        assert_eq!(explanation.is_string(), !error["class"].is_null(), "{error}");
        error
    });
    Value::Array(bare.collect())
}

#[test]
fn errors_of_whole_logs_are_brought_home() {
    let mut count = 0;
    for entry in std::fs::read_dir(format!("{ANSWERS}/said")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let stem = name.split('.').next().unwrap();
        let expected = std::fs::read_to_string(format!("{ANSWERS}/expected/{stem}.json")).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        // However its lines end, and whatever colours it.
        let coloured: Vec<String> = text
            .lines()
            .map(|line| format!("\u{1b}[0m{line}\u{1b}[31m\u{1b}[0m"))
            .collect();
        for text in [&text, &text.replace('\n', "\r\n"), &coloured.join("\n")] {
            let (status, errors) = explained(text, &[]);
            assert_eq!(without_words(errors), expected, "{name}");
            assert_eq!(status, 0, "{name}");
        }
        count += 1;
    }
    assert_eq!(count, 6);
}

/// What Spark says alone, without the statement: it is looked for in what the nodes would send.
#[test]
fn a_place_without_a_statement_counts_in_what_would_be_sent() {
    let text = "AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `orderd_at` cannot be \
                resolved. Did you mean one of the following? [`ordered_at`].; line 29 pos 8;\n'Project ['orderd_at]";
    let range = json!({"start": {"line": 14, "column": 9}, "end": {"line": 14, "column": 18}});
    for arguments in [&[][..], &["-s", "column_typo"]] {
        let (_, errors) = explained(text, arguments);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0]["node"], "model.answers.column_typo");
        assert_eq!(errors[0]["range"], range, "{arguments:?}");
    }
    // Nowhere is it said of a node that it cannot be of.
    let (_, errors) = explained(text, &["-s", "no_table"]);
    assert_eq!(errors[0]["range"], Value::Null);
    assert!(errors[0]["explanation"].is_string());
}

/// dbt-glue sends the compiled code of a Python model behind an empty line.
#[test]
fn a_line_of_a_python_model_is_found() {
    let code = "def model(dbt, spark):\n    dbt.config(materialized='python_model')\n    rows = dbt.ref('a')\n    return rows.filter(x)\n";
    let project = Project::new(&[("models/a.sql", "select 1 as a"), ("models/p.py", code)]);
    project.write(
        "error.txt",
        "Runtime Error in model p (models/p.py)\n  Python model execution failed: Runtime Error\n    Python model failed with error: \
         NameError\n    name 'x' is not defined\n    ['  File \"<stdin>\", line 5, in model\\n']",
    );
    let output = project.glueline(&["explain-error", "error.txt", "--output", "json"]);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let error = &document["errors"][0];
    assert_eq!(error["class"], "NameError", "{error}");
    assert_eq!(error["path"], "models/p.py", "{error}");
    assert_eq!(
        error["range"]["start"],
        json!({"line": 4, "column": 5}),
        "{error}"
    );
}

/// The code has changed since the run: the line is found by its words.
#[test]
fn a_line_is_found_again_in_code_that_changed() {
    let log = std::fs::read_to_string(format!("{ANSWERS}/said/console.txt")).unwrap();
    let changed = log.replace("    order_id,\n", "    order_id as id,\n");
    let place = |text: &str| {
        let (_, errors) = explained(text, &[]);
        let of = errors
            .into_iter()
            .find(|error| error["node"] == "model.answers.column_typo")
            .unwrap();
        of["range"].clone()
    };
    assert_ne!(log, changed);
    assert_eq!(place(&log), place(&changed));
}

#[test]
fn people_see_the_line_and_what_it_means() {
    let output = Project::empty().glueline(&[
        "explain-error",
        &format!("{ANSWERS}/said/events.json"),
        "--project-dir",
        ANSWERS,
        "--no-color",
    ]);
    let expected = "   │
14 │     max(orderd_at) as last_at
   │         ^^^^^^^^^
   │
";
    assert!(output.stdout.contains(expected), "{}", output.stdout);
    for words in [
        "error: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `orderd_at` cannot be resolved.",
        "= line 29 of the statement is line 13 of the compiled code",
        "= `glueline check` looks for it before a run: see `glueline explain unresolved-column`",
        "= model.answers.column_typo: see `glueline explain UNRESOLVED_COLUMN`",
    ] {
        assert!(output.stdout.contains(words), "{words}\n{}", output.stdout);
    }
    assert!(output.stderr.starts_with("Explained "), "{}", output.stderr);
}

#[test]
fn without_a_project_an_error_is_explained_all_the_same() {
    let place = Project::empty();
    place.write(
        "error.txt",
        "ParseException: Syntax error at or near 'x'(line 1, pos 2)",
    );
    let output = place.glueline(&["explain-error", "error.txt"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(
        output
            .stdout
            .starts_with("error: [PARSE_SYNTAX_ERROR] Syntax error at or near 'x'\n"),
        "{}",
        output.stdout
    );
    assert!(
        output.stderr.starts_with("warning: nothing can be placed: "),
        "{}",
        output.stderr
    );
}

#[test]
fn what_holds_no_error_and_what_cannot_be_read_is_said() {
    let (status, errors) = explained("All is well.\n", &[]);
    assert_eq!((status, errors.len()), (1, 0));
    let output = Project::empty().glueline(&["explain-error", "no-such-file"]);
    assert_eq!(output.status, 2);
    let page = Project::empty().glueline(&["explain", "UNRESOLVED_COLUMN.WITH_SUGGESTION"]);
    assert!(
        page.stdout.contains("`glueline explain unresolved-column`"),
        "{}",
        page.stdout
    );
}

/// AWS says back what it was sent; what is secret in the profile is not said again.
#[test]
fn secrets_are_not_said_again() {
    let project = Project::new(&[("models/a.sql", "select 1 as a")]);
    let profiles = project.read("profiles.yml");
    let asked = "      conf: \"{{ env_var('DBT_ENV_SECRET_CONF') }}\"\n      region: ";
    project.write("profiles.yml", &profiles.replacen("      region: ", asked, 1));
    project.write(
        "error.txt",
        "An error occurred (ValidationException) when calling the CreateSession operation: not hunter22",
    );
    let output = project.glueline_with(
        &["explain-error", "error.txt"],
        &[("DBT_ENV_SECRET_CONF", "hunter22")],
    );
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(
        output.stdout.contains("operation: not *****\n"),
        "{}",
        output.stdout
    );
    assert!(!output.stdout.contains("hunter22"), "{}", output.stdout);
}
