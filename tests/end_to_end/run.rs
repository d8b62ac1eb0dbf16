//! Runs, carried out by the binary on an endpoint of the loopback that plays a session: what is sent, what comes of it, and what is said
//! where something goes wrong.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::common::{Output, Project};
use crate::session::{Endpoint, PROFILE, Reply, fault};

/// How a statement is answered whose code holds a text.
#[derive(Debug, Clone, Copy)]
enum Said {
    /// With an error of Spark.
    Error(&'static str, &'static str),
    /// With an error of Python that came through lines of what was sent.
    Raised(&'static str, &'static [u32]),
    /// With what it prints.
    Prints(&'static str),
    /// In a state, and with nothing.
    State(&'static str),
    /// `GetStatement` is refused.
    Refused(&'static str),
    /// `RunStatement` is refused so many times, and then answered well.
    Throttled(u32),
    /// It runs until it is cancelled.
    Endless,
}

/// What the session was sent.
type Sent = Arc<Mutex<BTreeMap<i64, String>>>;

/// A session that answers as it is told, and what it was sent. What nobody speaks of goes well and gives no rows.
fn session(answers: Vec<(&'static str, Said)>) -> (Endpoint, Sent) {
    session_among(&["other"], answers)
}

/// The same, where some tables are there.
fn session_among(tables: &[&str], answers: Vec<(&'static str, Said)>) -> (Endpoint, Sent) {
    let (endpoint, sent, _) = account(tables, answers);
    (endpoint, sent)
}

/// The ids of sessions.
type Live = Arc<Mutex<BTreeSet<String>>>;

/// An account with some tables, what its sessions were sent, and those that live.
fn account(tables: &[&str], answers: Vec<(&'static str, Said)>) -> (Endpoint, Sent, Live) {
    let table = |name: &&str| {
        json!({"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"spark.sql.sources.provider": "parquet"},
               "StorageDescriptor": {"Columns": [], "Location": format!("s3://lake/core/{name}")}})
    };
    let tables = json!({"TableList": tables.iter().map(table).collect::<Vec<_>>()});
    let sent = Sent::default();
    let (codes, refusals, ended) = (sent.clone(), Mutex::new(0), Mutex::new(Vec::new()));
    let live = Live::default();
    let made = live.clone();
    let said = move |code: &str| {
        let found = answers.iter().find(|(piece, _)| code.contains(piece));
        found.map(|(_, said)| *said)
    };
    let endpoint = Endpoint::new(move |name, request| {
        let id = request["Id"].as_i64().unwrap_or(0);
        Some(match name {
            "CreateSession" => {
                made.lock()
                    .unwrap()
                    .insert(request["Id"].as_str().unwrap().to_owned());
                ready()
            }
            "GetSession" if made.lock().unwrap().contains(request["Id"].as_str().unwrap()) => ready(),
            "GetSession" => fault("EntityNotFoundException", "no such session"),
            "ListSessions" => {
                let made = made.lock().unwrap();
                let made = made.iter().map(|id| json!({"Id": id, "Status": "READY"}));
                Reply::Json(200, json!({"Sessions": made.collect::<Vec<_>>()}))
            }
            "ListStatements" => Reply::Json(200, json!({"Statements": []})),
            "GetTables" => Reply::Json(200, tables.clone()),
            "StopSession" => {
                made.lock().unwrap().remove(request["Id"].as_str().unwrap());
                Reply::Json(200, json!({}))
            }
            "RunStatement" => {
                let code = request["Code"].as_str().unwrap().to_owned();
                if let Some(Said::Throttled(times)) = said(&code) {
                    let mut refusals = refusals.lock().unwrap();
                    *refusals += 1;
                    if *refusals <= times {
                        return Some(fault("ThrottlingException", "Rate exceeded"));
                    }
                }
                let mut codes = codes.lock().unwrap();
                let id = i64::try_from(codes.len()).unwrap();
                codes.insert(id, code);
                Reply::Json(200, json!({"Id": id}))
            }
            "CancelStatement" => {
                ended.lock().unwrap().push(id);
                Reply::Json(200, json!({}))
            }
            "GetStatement" => {
                let code = codes.lock().unwrap()[&id].clone();
                let is_cancelled = ended.lock().unwrap().contains(&id);
                let statement = |state: &str, output: Value| {
                    Reply::Json(
                        200,
                        json!({"Statement": {"Id": id, "State": state, "Output": output}}),
                    )
                };
                let prints =
                    |text: &str| statement("AVAILABLE", json!({"Status": "ok", "Data": {"TextPlain": text}}));
                match said(&code) {
                    _ if code.contains("class _Glueline") => {
                        prints("GLUELINE 0 18\n{\"spark\": \"3.5.4\"}\n")
                    }
                    _ if is_cancelled => statement("CANCELLED", Value::Null),
                    None | Some(Said::Throttled(_)) => prints("GLUELINE 0 4\nnull\n"),
                    Some(Said::Error(name, value)) => statement(
                        "AVAILABLE",
                        json!({"Status": "error", "ErrorName": name, "ErrorValue": value}),
                    ),
                    Some(Said::Raised(value, lines)) => {
                        let frames = lines
                            .iter()
                            .map(|line| format!("  File \"<stdin>\", line {line}, in f\n"));
                        let trace: Vec<String> = frames.collect();
                        statement(
                            "AVAILABLE",
                            json!({"Status": "error", "ErrorName": "ValueError", "ErrorValue": value, "Traceback": trace}),
                        )
                    }
                    Some(Said::Prints(text)) => prints(text),
                    Some(Said::State(state)) => statement(state, Value::Null),
                    Some(Said::Refused(code)) => fault(code, "no"),
                    Some(Said::Endless) => statement("RUNNING", Value::Null),
                }
            }
            _ => return None,
        })
    });
    (endpoint, sent, live)
}

/// A session that takes statements.
fn ready() -> Reply {
    Reply::Json(
        200,
        json!({"Session": {"Status": "READY", "CreatedOn": 1.7e9, "NumberOfWorkers": 2, "WorkerType": "G.1X"}}),
    )
}

fn project(files: &[(&str, &str)]) -> Project {
    let profile = format!("{PROFILE}      location: s3://lake\n");
    let mut all = vec![
        ("profiles.yml", profile.as_str()),
        (
            "models/orders.sql",
            "{{ config(materialized='table', file_format='parquet') }}\nselect 1 as id, nope as x",
        ),
        ("models/last.sql", "select id from {{ ref('orders') }}"),
    ];
    all.extend(files);
    Project::new(&all)
}

fn results(project: &Project) -> Vec<(String, String)> {
    let read: Value = serde_json::from_str(&project.read("target/glueline/run_results.json")).unwrap();
    let results = read["results"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    results
        .map(|one| (text(&one["unique_id"]), text(&one["status"])))
        .collect()
}

#[test]
fn what_was_previewed_is_sent_and_written_down() {
    let ((endpoint, sent), project) = (session(Vec::new()), project(&[]));
    let output = endpoint.run(&project, &["run"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(
        output.stderr.contains("2 of 2  success  model core.last"),
        "{}",
        output.stderr
    );
    let preview = project.glueline(&["preview", "--output", "json", "--run", "first"]);
    let preview: Value = serde_json::from_str(&preview.stdout).unwrap();
    let nodes = preview["nodes"].as_array().unwrap().iter();
    let planned = nodes.flat_map(|node| node["statements"].as_array().unwrap());
    let planned = planned.filter_map(|statement| statement["code"].as_str().or(statement["sql"].as_str()));
    let sent: Vec<String> = sent.lock().unwrap().values().cloned().collect();
    let mut at = 0;
    for want in planned {
        let found = sent[at..].iter().position(|code| code.contains(want));
        at += found.unwrap_or_else(|| panic!("not sent in its turn: {want}\n{sent:#?}")) + 1;
    }
    assert!(
        sent[1].starts_with("_glueline.use(\"spark.sql('use core')\")\n"),
        "{}",
        sent[1]
    );
    assert_eq!(
        results(&project),
        [("model.shop.orders", "success"), ("model.shop.last", "success")]
            .map(|(id, status)| (id.to_owned(), status.to_owned()))
    );
    assert!(project.path("target/glueline/manifest.json").exists());
    let record: Value = serde_json::from_str(&project.read("target/glueline/session.json")).unwrap();
    assert_eq!(record["sessions"]["shop.dev"]["owner"], Value::Null);
}

#[test]
fn what_goes_wrong_is_said_and_nothing_is_claimed() {
    const MISSING: &str = "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nope` cannot be \
                           resolved. Did you mean one of the following? [`id`].; line 18 pos 15;\n'Project\n";
    for (name, said, want) in [
        (
            "an error of Spark, at home",
            Said::Error("AnalysisException", MISSING),
            "models/orders.sql:2:16",
        ),
        (
            "an answer that is cut off",
            Said::Prints("GLUELINE 0 900\n{\"columns\": ["),
            "the answer of the session is cut off: 13 of 900 characters came",
        ),
        (
            "an answer that is no JSON",
            Said::Prints("GLUELINE 0 4\nnope\n"),
            "the answer of the session cannot be read",
        ),
        (
            "no answer",
            Said::Prints("hello\n"),
            "did not say what the statement gives",
        ),
        (
            "a state with nothing",
            Said::State("ERROR"),
            "is ERROR and does not say how it went",
        ),
        ("cancelled by others", Said::State("CANCELLED"), "was cancelled"),
        (
            "a session that is gone",
            Said::Refused("EntityNotFoundException"),
            "GetStatement",
        ),
        (
            "expired credentials",
            Said::Refused("ExpiredTokenException"),
            "the AWS credentials have expired",
        ),
    ] {
        let ((endpoint, _), project) = (session(vec![("nope as x", said)]), project(&[]));
        let output = endpoint.run(&project, &["run"]);
        assert_eq!(output.status, 1, "{name}: {}", output.stderr);
        assert!(output.stderr.contains(want), "{name}: {}", output.stderr);
        let want = [("model.shop.orders", "error"), ("model.shop.last", "skipped")];
        let want = want.map(|(id, status)| (id.to_owned(), status.to_owned()));
        assert_eq!(results(&project), want, "{name}");
    }
}

#[test]
fn what_selects_nothing_asks_for_no_session() {
    let ((endpoint, sent, live), project) = (account(&[], Vec::new()), project(&[]));
    let output = endpoint.run(&project, &["run", "-s", "nobody"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(output.stderr.contains("Nothing to run"), "{}", output.stderr);
    assert!(sent.lock().unwrap().is_empty() && live.lock().unwrap().is_empty());
}

#[test]
fn throttling_passes() {
    let ((endpoint, sent), project) = (session(vec![("nope as x", Said::Throttled(3))]), project(&[]));
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let sent = sent.lock().unwrap();
    let times = sent.values().filter(|code| code.contains("nope as x")).count();
    assert_eq!(times, 1, "{sent:#?}");
}

#[test]
fn a_code_that_glue_does_not_take_fails_its_node() {
    let long = format!("select 1 as id, '{}' as text", "x".repeat(70_000));
    let ((endpoint, _), project) = (session(Vec::new()), project(&[("models/orders.sql", &long)]));
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert!(
        output.stderr.contains("and Glue takes 68000"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_query_that_grows_by_its_escapes_is_handed_over_in_pieces() {
    let query = format!("select 1 as id{}, 2 as x", "\n".repeat(40_000));
    let (endpoint, sent) = session(Vec::new());
    let output = endpoint.run(&project(&[]), &["show", "--inline", &query]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let sent = sent.lock().unwrap();
    let held: Vec<&String> = sent
        .values()
        .filter(|code| code.starts_with("_glueline.hold("))
        .collect();
    assert!(held.len() > 1, "{}", held.len());
    assert!(held.iter().all(|code| code.len() < 40_000));
    let whole: usize = held.iter().map(|code| code.matches("\\n").count()).sum();
    assert!(whole >= 40_000, "{whole}");
    assert!(
        sent.values()
            .any(|code| code.ends_with("_glueline.show(_glueline.held)"))
    );
}

#[test]
fn dangers_are_asked_about_before_anything_is_sent() {
    let hooked = "{{ config(pre_hook='drop table core.other') }}\nselect 1 as id";
    let ((endpoint, sent), project) = (session(Vec::new()), project(&[("models/orders.sql", hooked)]));
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    for said in ["core.other", "Nothing was sent", "--yes"] {
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
    assert!(sent.lock().unwrap().is_empty());
    assert!(!project.path("target/glueline/run_results.json").exists());
    let output = endpoint.run(&project, &["run", "-s", "orders", "--yes"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(
        sent.lock()
            .unwrap()
            .values()
            .any(|code| code.contains("drop table core.other"))
    );
}

#[test]
fn a_query_that_depends_on_rows_is_not_looked_at_before() {
    let model = "{{ config(materialized='table', file_format='parquet') }}\n\
                 {% set found = run_query('select 1 as flag') %}select 1 as id{{ found.rows | length if execute }}";
    let (endpoint, sent) = session_among(&["orders"], Vec::new());
    let project = project(&[("models/orders.sql", model)]);
    let output = endpoint.run(&project, &["run", "-s", "orders", "--safe", "--yes"]);
    assert!(
        output
            .stderr
            .contains("the query of model.shop.orders depends on rows"),
        "{}",
        output.stderr
    );
    assert!(
        !sent
            .lock()
            .unwrap()
            .values()
            .any(|code| code.contains("_glueline.analyse"))
    );
}

#[test]
fn an_agreement_is_one_to_what_was_asked() {
    let hooked = "{{ config(pre_hook='drop table core.other') }}\nselect 1 as id";
    let ((endpoint, sent), project) = (session(Vec::new()), project(&[("models/orders.sql", hooked)]));
    let output = endpoint.run(&project, &["run", "-s", "orders", "--log-format", "json"]);
    let asks = output
        .stdout
        .lines()
        .find(|line| line.contains("\"asks\""))
        .unwrap();
    let asks: Value = serde_json::from_str(asks).unwrap();
    let agreed = [
        "run",
        "-s",
        "orders",
        "--agreed",
        asks["agreement"].as_str().unwrap(),
    ];
    project.write("models/orders.sql", &hooked.replace("other", "other purge"));
    let output = endpoint.run(&project, &agreed);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert!(sent.lock().unwrap().is_empty());
    project.write("models/orders.sql", hooked);
    let output = endpoint.run(&project, &agreed);
    assert_eq!(output.status, 0, "{}", output.stderr);
}

#[test]
fn what_nobody_asked_the_catalog_for_may_be_there() {
    let hooked = "{{ config(post_hook='drop table if exists finance.ledger') }}\nselect 1 as id";
    let ((endpoint, sent), project) = (session(Vec::new()), project(&[("models/orders.sql", hooked)]));
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert!(output.stderr.contains("finance.ledger"), "{}", output.stderr);
    assert!(sent.lock().unwrap().is_empty());
}

#[test]
fn a_call_that_rows_decide_on_is_asked_about_too() {
    let rows = r#"{"columns": [["flag", "IntegerType()", "int"]], "rows": [[1]]}"#;
    let rows = format!("GLUELINE 0 {}\n{rows}\n", rows.len());
    let model = "{% if execute and run_query('select 1 as flag').rows | length %}\
                 {% do adapter.drop_schema(api.Relation.create(schema='core')) %}{% endif %}select 1 as id";
    let said = Said::Prints(rows.leak());
    let ((endpoint, _), project) = (
        session(vec![("as flag", said)]),
        project(&[("models/orders.sql", model)]),
    );
    for (arguments, why) in [
        (
            &["run", "-s", "orders"][..],
            "not sent, for the preview did not show it",
        ),
        (&["show", "-s", "orders"], "the template calls DeleteDatabase"),
    ] {
        let output = endpoint.run(&project, arguments);
        assert_eq!(output.status, 1, "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains(why), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn a_session_of_somebody_else_is_not_stopped_at_the_end() {
    let ((endpoint, _, live), project) = (account(&[], Vec::new()), project(&[]));
    live.lock().unwrap().insert("theirs".to_owned());
    let output = endpoint.run(
        &project,
        &[
            "show",
            "--inline",
            "select 1",
            "--session",
            "theirs",
            "--stop-session",
        ],
    );
    assert!(live.lock().unwrap().contains("theirs"), "{}", output.stderr);
    assert!(
        output.stderr.contains("was not made by Glueline"),
        "{}",
        output.stderr
    );
}

#[test]
fn spark_looks_at_a_query_before_its_table_goes() {
    let refused = Said::Error("AnalysisException", "[UNRESOLVED_COLUMN] no `nope`");
    let (endpoint, sent) = session_among(&["orders"], vec![("_glueline.analyse", refused)]);
    let project = project(&[]);
    let output = endpoint.run(&project, &["run", "-s", "orders", "--safe", "--yes"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let codes = sent.lock().unwrap();
    assert!(
        codes
            .values()
            .any(|code| code.contains("_glueline.analyse(\"\\nselect 1 as id, nope as x\")")),
        "{codes:#?}"
    );
    assert!(
        !codes.values().any(|code| code.contains("drop table")),
        "{codes:#?}"
    );
}

#[test]
fn a_session_in_use_is_left_alone() {
    let ((endpoint, sent, live), project) = (account(&[], Vec::new()), project(&[]));
    live.lock().unwrap().insert("glueline-shop-me-dev-1".to_owned());
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = u64::try_from(now.as_millis()).unwrap();
    let record = json!({"schema": "glueline-session/1", "sessions": {"shop.dev": {
        "id": "glueline-shop-me-dev-1", "region": "eu-west-1", "account": "123456789012", "phase": "made", "made": true,
        "digest": "", "since": now, "ready": now, "owner": {"pid": 1, "started": now, "heartbeat": now}}}});
    project.write("target/glueline/session.json", &record.to_string());
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let said = "is in use by another command of Glueline, process 1";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    assert!(sent.lock().unwrap().is_empty());
    let kept: Value = serde_json::from_str(&project.read("target/glueline/session.json")).unwrap();
    assert_eq!(kept["sessions"]["shop.dev"]["owner"]["pid"], 1);
}

#[test]
fn a_session_is_stopped_at_the_end_where_that_is_asked_for() {
    for (settings, arguments, left) in [
        ("", &["run", "-s", "orders"][..], 1),
        ("", &["run", "-s", "orders", "--stop-session"], 0),
        ("stop-session = true", &["run", "-s", "orders"], 0),
        ("", &["show", "--inline", "-- one\nselect 1"], 1),
        ("", &["show", "--inline", "select 1", "--stop-session"], 0),
        ("stop-session = true", &["show", "--inline", "nope"], 0),
    ] {
        let refused = Said::Error("AnalysisException", "[SOMETHING] no");
        let (endpoint, _, live) = account(&[], vec![("nope\\n)", refused)]);
        let project = project(&[("glueline.toml", settings)]);
        let output = endpoint.run(&project, arguments);
        let status = i32::from(arguments.contains(&"nope"));
        assert_eq!(output.status, status, "{arguments:?}: {}", output.stderr);
        assert_eq!(
            live.lock().unwrap().len(),
            left,
            "{arguments:?}: {}",
            output.stderr
        );
    }
}

#[test]
fn artifacts_that_cannot_be_written_are_told() {
    let ((endpoint, _), project) = (session(Vec::new()), project(&[]));
    project.write("target/glueline/run_results.json/in_the_way", "");
    let output = endpoint.run(&project, &["run", "-s", "orders"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let said = "cannot write `target/glueline/run_results.json`";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    assert!(
        output.stderr.contains("success  model core.orders"),
        "{}",
        output.stderr
    );
    let left = project.files_below("target/glueline");
    assert!(left.iter().all(|path| !path.contains(".glueline-")), "{left:?}");
}

#[test]
fn rows_are_typed_and_asked_for_once() {
    let rows = r#"{"columns": [["id", "LongType()", "bigint"], ["x", "StringType()", "string"]], "rows": [[1, null]]}"#;
    let printed: &'static str = format!("GLUELINE 0 {}\n{rows}\n", rows.len()).leak();
    let ((endpoint, sent), project) = (session(vec![("nope as x", Said::Prints(printed))]), project(&[]));
    let output = endpoint.run(
        &project,
        &["show", "-s", "orders", "--limit", "7", "--output", "json"],
    );
    assert_eq!(output.status, 0, "{}", output.stderr);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["columns"][0], json!({"name": "id", "type": "bigint"}));
    assert_eq!(
        (&shown["rows"], &shown["node"]),
        (&json!([[1, null]]), &json!("model.shop.orders"))
    );
    let sent = sent.lock().unwrap();
    assert_eq!(sent.len(), 2, "{sent:#?}");
    assert!(sent[&1].contains(") limit 7"), "{}", sent[&1]);
}

#[test]
fn what_spark_refuses_of_rows_is_shown_in_the_model() {
    let said = "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nope` cannot be resolved. \
                Did you mean one of the following? [`id`].; line 3 pos 15;\n'Project\n";
    let refused = Said::Error("AnalysisException", said);
    let ((endpoint, _), project) = (session(vec![("nope as x", refused)]), project(&[]));
    let output = endpoint.run(&project, &["show", "-s", "orders"]);
    assert_eq!((output.status, &*output.stdout), (1, ""), "{}", output.stderr);
    for said in [
        "models/orders.sql:2:16",
        "select 1 as id, nope as x",
        "`glueline explain unresolved-column`",
    ] {
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
}

#[test]
fn an_error_of_a_python_model_is_shown_at_its_line() {
    let model = "import json\n\ndef model(dbt, session):\n    dbt.config(materialized='python_model', file_format='parquet')\n    \
                 return json.loads('told')\n";
    for (lines, place) in [
        // The end of the program calls the model.
        (&[99, 6][..], "models/scored.py:5:5"),
        // What the end of the program gives the model fails in itself.
        (&[99, 6, 80], "models/scored.py:5:5"),
        (&[99], "= models/scored.py\n"),
    ] {
        let raised = Said::Raised("no", lines);
        let ((endpoint, _), project) = (
            session(vec![("json.loads('told')", raised)]),
            project(&[("models/scored.py", model)]),
        );
        let output = endpoint.run(&project, &["run", "-s", "scored"]);
        assert_eq!(output.status, 1, "{lines:?}: {}", output.stderr);
        assert!(output.stderr.contains(place), "{lines:?}: {}", output.stderr);
    }
}

#[test]
fn what_happens_is_told_as_json_without_rows_and_statements() {
    let ((endpoint, _), project) = (session(Vec::new()), project(&[]));
    let output: Output = endpoint.run(&project, &["run", "--log-format", "json"]);
    let events: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        &names[..3],
        ["planned", "node-began", "session-opening"],
        "{names:?}"
    );
    assert_eq!(
        names.iter().filter(|name| **name == "node-done").count(),
        2,
        "{names:?}"
    );
    assert!(!output.stdout.contains("select"), "{}", output.stdout);
    let refused = Said::Error(
        "AnalysisException",
        "[TABLE_OR_VIEW_NOT_FOUND] no `x`; line 1 pos 3;\n'Project [secret_plan]\n+- 'UnresolvedRelation [x]",
    );
    let (endpoint, _) = session(vec![("nope as x", refused)]);
    let output = endpoint.run(&project, &["run", "--log-format", "json"]);
    let events = output.stdout;
    assert!(
        events.contains("AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] no `x`"),
        "{events}"
    );
    assert!(
        !events.contains("nope as x") && !events.contains("secret_plan"),
        "{events}"
    );
}

/// The events that a command printed.
fn told(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_last_event_says_how_it_ended() {
    let refused = Said::Error("AnalysisException", "[SOMETHING] no");
    let hooked = "{{ config(pre_hook='drop table core.other') }}\nselect 1 as id";
    for (answers, file, arguments, status, exit, message) in [
        (Vec::new(), None, &["run"][..], "success", 0, None),
        (Vec::new(), None, &["run", "-s", "nobody"], "success", 0, None),
        (vec![("nope as x", refused)], None, &["run"], "failed", 1, None),
        (
            Vec::new(),
            Some(hooked),
            &["run", "-s", "orders"],
            "asks",
            1,
            None,
        ),
        (
            Vec::new(),
            None,
            &["run", "--target", "nowhere"],
            "error",
            2,
            Some("nowhere"),
        ),
        (
            Vec::new(),
            Some("{{ ref('nobody') }}"),
            &["run"],
            "error",
            1,
            Some("depends on a node named 'nobody'"),
        ),
    ] {
        let ((endpoint, sent), project) = (session(answers), project(&[]));
        if let Some(text) = file {
            project.write("models/orders.sql", text);
        }
        let output = endpoint.run(&project, &[arguments, &["--log-format", "json"]].concat());
        assert_eq!(output.status, exit, "{arguments:?}: {}", output.stderr);
        let events = told(&output.stdout);
        let last = events.last().unwrap();
        assert_eq!(
            (&last["event"], &last["status"]),
            (&json!("ended"), &json!(status)),
            "{last}"
        );
        let said = last["message"].as_str();
        assert_eq!(said.is_some(), message.is_some(), "{last}");
        assert!(
            said.unwrap_or_default().contains(message.unwrap_or_default()),
            "{last}"
        );
        if status == "asks" {
            let asks = &events[events.len() - 2];
            assert_eq!(asks["event"], "asks");
            assert_eq!(asks["dangers"][0]["node"], "model.shop.orders", "{asks}");
            assert!(sent.lock().unwrap().is_empty());
        }
    }
}

#[test]
fn an_error_that_came_home_is_an_event() {
    let said = "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nope` cannot be resolved. \
                Did you mean one of the following? [`id`].; line 18 pos 16;\n'Project\n";
    let ((endpoint, _), project) = (
        session(vec![("nope as x", Said::Error("AnalysisException", said))]),
        project(&[]),
    );
    let output = endpoint.run(&project, &["run", "-s", "orders", "--log-format", "json"]);
    let events = told(&output.stdout);
    let found: Vec<&Value> = events
        .iter()
        .filter(|event| event["event"] == "finding")
        .collect();
    assert_eq!(found.len(), 1, "{events:#?}");
    assert_eq!(
        (&found[0]["path"], &found[0]["node"]),
        (&json!("models/orders.sql"), &json!("model.shop.orders"))
    );
    assert_eq!(found[0]["range"]["start"], json!({"line": 2, "column": 17}));
    assert_eq!(found[0]["severity"], "error");
    let edit = &found[0]["fix"]["edits"][0];
    assert_eq!(
        (&found[0]["fix"]["safety"], &edit["text"]),
        (&json!("unsafe"), &json!("id"))
    );
    assert_eq!(
        edit["range"],
        json!({"start": {"line": 2, "column": 17}, "end": {"line": 2, "column": 21}})
    );
}

#[test]
fn texts_that_an_editor_has_not_saved_are_what_runs() {
    let ((endpoint, sent), project) = (session(Vec::new()), project(&[]));
    let path = project.path("models/orders.sql");
    let texts = json!({"texts": {path.to_str().unwrap(): "select 7 as typed"}});
    let mut running = endpoint.start_with_input(&project, &["run", "-s", "orders", "--from-editor"]);
    let mut input = running.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, format!("{texts}\n").as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    drop(input);
    let sent = sent.lock().unwrap();
    assert!(
        sent.values().any(|code| code.contains("select 7 as typed")),
        "{sent:#?}"
    );
    assert!(!sent.values().any(|code| code.contains("nope as x")), "{sent:#?}");
}

#[test]
fn the_end_of_what_an_editor_says_cancels() {
    let ((endpoint, sent), project) = (session(vec![("nope as x", Said::Endless)]), project(&[]));
    let arguments = ["run", "-s", "orders", "--from-editor", "--log-format", "json"];
    let mut running = endpoint.start_with_input(&project, &arguments);
    let mut input = running.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"{\"texts\": {}}\n").unwrap();
    while !sent
        .lock()
        .unwrap()
        .values()
        .any(|code| code.contains("nope as x"))
    {
        std::thread::yield_now();
    }
    drop(input);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(endpoint.calls().iter().any(|call| call == "CancelStatement"));
    let events = told(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(events.last().unwrap()["status"], "interrupted", "{events:#?}");
    // What is torn is refused; what is closed at once is cancelled before anything is asked for.
    for (text, exit) in [("{torn\n", 2), ("", 2), ("{\"texts\": {}}\n", 130)] {
        for command in [
            &["catalog", "pull"][..],
            &["show", "-s", "last"],
            &["session", "start"],
        ] {
            let (endpoint, sent, live) = account(&[], Vec::new());
            let mut running = endpoint.start_with_input(&project, &[command, &["--from-editor"]].concat());
            let mut input = running.stdin.take().unwrap();
            // Who has ended already reads no more.
            let _ = std::io::Write::write_all(&mut input, text.as_bytes());
            drop(input);
            let output = running.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            if exit == 2 {
                assert_eq!(output.status.code(), Some(exit), "{command:?} {text:?}: {said}");
                assert!(said.contains("--from-editor: the first line"), "{said}");
                assert!(sent.lock().unwrap().is_empty() && live.lock().unwrap().is_empty());
            } else {
                // The end may be heard only when everything is done.
                assert!(
                    matches!(output.status.code(), Some(0 | 130)),
                    "{command:?}: {said}"
                );
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_cancels_what_runs_and_says_so() {
    let ((endpoint, sent), project) = (session(vec![("nope as x", Said::Endless)]), project(&[]));
    let running = endpoint.start(&project, &["run"]);
    while !sent
        .lock()
        .unwrap()
        .values()
        .any(|code| code.contains("nope as x"))
    {
        std::thread::yield_now();
    }
    let id = running.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.contains("was cancelled: the run was stopped; what it had written by then is written"),
        "{said}"
    );
    assert!(endpoint.calls().iter().any(|call| call == "CancelStatement"));
    let want = [("model.shop.orders", "error"), ("model.shop.last", "skipped")];
    assert_eq!(
        results(&project),
        want.map(|(id, status)| (id.to_owned(), status.to_owned()))
    );
}

#[test]
fn killed_at_any_moment_a_run_leaves_nothing_unseen() {
    const KILLS: u64 = 50;
    let ((endpoint, _, live), project) = (account(&[], Vec::new()), project(&[]));
    let began = std::time::Instant::now();
    assert_eq!(endpoint.run(&project, &["run"]).status, 0);
    let whole = began.elapsed();
    let mut random = 1_u64;
    for kill in 0..KILLS {
        // Every other time the session is gone before, so that one is made.
        if kill % 2 == 0 {
            assert_eq!(endpoint.run(&project, &["session", "stop"]).status, 0);
        }
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = whole.mul_f64(f64::from(u32::try_from(random >> 40).unwrap()) / f64::from(1 << 24));
        let mut running = endpoint.start(&project, &["run"]);
        std::thread::sleep(moment);
        let _ = running.kill();
        running.wait().unwrap();
        for path in project
            .files_below("target/glueline")
            .iter()
            .filter(|path| path.contains(".json"))
        {
            let read: Result<Value, _> = serde_json::from_str(&project.read(path));
            assert!(read.is_ok(), "kill {kill}: {path} is torn");
        }
        // The record names the session that lives, or it is listed as one that nobody keeps.
        let listed = endpoint.run(&project, &["session", "list", "--output", "json"]);
        let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
        let live = live.lock().unwrap();
        let shown = listed["sessions"].as_array().unwrap().iter();
        let shown: BTreeSet<String> = shown.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert!(
            live.is_subset(&shown),
            "kill {kill}: {live:?} is more than {shown:?}"
        );
    }
}

/// What is printed by a session that is asked about queries: an answer for each.
fn verdicts(answers: &Value) -> Said {
    let text = answers.to_string();
    Said::Prints(format!("GLUELINE 0 {}\n{text}\n", text.len()).leak())
}

#[test]
fn spark_is_asked_about_all_queries_at_once() {
    let missing = "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `nope` cannot be resolved. Did you \
                   mean one of the following? [`id`].; line 2 pos 16;\n'Project\n";
    let unseen = "[MADE_UP_CLASS] Spark does not like it.; line 1 pos 7;\n'Project\n";
    let refused = |value: &str| json!(["AnalysisException", value]);
    // In the order of the nodes, those left out that Spark is not asked about.
    let answers = json!([refused(missing), null, null, refused(unseen), [""]]);
    let (endpoint, sent) = session_among(&["other"], vec![("_glueline.verdicts(", verdicts(&answers))]);
    let project = Project::new(&[
        ("profiles.yml", &format!("{PROFILE}      location: s3://lake\n")),
        ("models/a_agreed.sql", "select 1 as id,\n       id, nope as x"),
        ("models/b_absent.sql", "select id from {{ ref('d_fine') }}"),
        ("models/c_doubted.sql", "select nope as x"),
        ("models/d_fine.sql", "select 1 as id"),
        ("models/e_unseen.sql", "select 1 as id"),
        ("models/f_other.sql", "drop table core.other"),
    ]);
    let output = endpoint.run(&project, &["check", "--engine", "--output-format", "json"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    let sent = sent.lock().unwrap();
    assert_eq!(sent.len(), 2, "{sent:#?}");
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    let found: Vec<_> = shown["diagnostics"].as_array().unwrap().iter().collect();
    let want = [
        (
            "a_agreed",
            "unresolved-column",
            "error",
            (2, 12),
            "Spark says so too.",
        ),
        (
            "c_doubted",
            "unresolved-column",
            "info",
            (1, 8),
            "Spark accepts this query: Glueline is wrong here, please report it.",
        ),
        (
            "e_unseen",
            "spark-refuses",
            "error",
            (1, 8),
            "Spark: [MADE_UP_CLASS] Spark does not like it.",
        ),
    ];
    assert_eq!(found.len(), want.len(), "{shown:#}");
    for (found, (name, rule, severity, (line, column), said)) in found.iter().zip(want) {
        assert_eq!(found["node"], json!(format!("model.shop.{name}")));
        assert_eq!(
            (&found["rule"], &found["severity"]),
            (&json!(rule), &json!(severity)),
            "{name}"
        );
        assert_eq!(
            found["range"]["start"],
            json!({"line": line, "column": column}),
            "{name}"
        );
        assert!(found["message"].as_str().unwrap().ends_with(said), "{found:#}");
    }
    for said in [
        "warning: Spark refuses model.shop.e_unseen (MADE_UP_CLASS), and Glueline did not see it: please report it",
        "Asked Spark about 4 nodes: 2 refused, 2 disagreements; 2 not asked: 1 that would read core.d_fine, which is not there, \
         1 with a text that is no query",
    ] {
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
}

#[test]
fn no_verdict_is_claimed_where_the_session_does_not_answer() {
    for (name, said, want) in [
        ("too few", verdicts(&json!([null])), "does not say of each query"),
        ("cut off", Said::Prints("GLUELINE 0 90\n[null"), "is cut off"),
        (
            "silence",
            Said::Prints("hello"),
            "did not say what the statement gives",
        ),
        ("an error", Said::Error("NameError", "no"), "NameError"),
        (
            "credentials",
            Said::Refused("ExpiredTokenException"),
            "the AWS credentials have expired",
        ),
    ] {
        let (endpoint, _) = session_among(&["other"], vec![("_glueline.verdicts(", said)]);
        let project = Project::new(&[
            ("profiles.yml", &format!("{PROFILE}      location: s3://lake\n")),
            ("models/one.sql", "select 1 as id"),
            ("models/two.sql", "select 1 as id"),
        ]);
        let output = endpoint.run(&project, &["check", "--engine"]);
        assert_eq!(
            (output.status, output.stdout.as_str()),
            (1, ""),
            "{name}: {}",
            output.stderr
        );
        assert!(output.stderr.contains(want), "{name}: {}", output.stderr);
    }
}
