//! Runs, rows, sessions, the catalog: what speaks with AWS, by commands that are scripted here.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};
use crate::jobs::Script;

const FILES: &str = "//- models/a.sql\nwith part as (select 1 as x)\nselect * from part\n//- models/b.sql\nselect é, nope from {{ ref('a') }}\n//- seeds/s.csv\nx\n1\n";

fn able() -> Value {
    json!({"window": {"workDoneProgress": true}, "experimental": {"glueline": {"status": true}}})
}

/// A client with a model open.
async fn start(capabilities: Value) -> Editor {
    let mut editor = Editor::start(FILES, capabilities).await;
    editor
        .open(&uri("models/b.sql"), "select é, nope from {{ ref('a') }}\n")
        .await;
    editor
}

async fn run(editor: &mut Editor, command: &str, argument: Value) -> Value {
    let params = json!({"command": command, "arguments": [argument]});
    let id = editor.ask("workspace/executeCommand", params).await;
    editor.answer(id).await
}

fn node(id: &str, name: &str) -> Value {
    json!({"unique_id": id, "resource_type": "model", "name": name})
}

/// The events of a run of one node.
fn events(status: &str, ended: &str) -> Vec<Value> {
    let b = node("model.shop.b", "analytics.b");
    vec![
        json!({"event": "planned", "nodes": 1}),
        json!({"event": "session-opening", "target": "shop.dev"}),
        json!({"event": "session-ready", "session": "s-1", "spark": "3.5.4"}),
        json!({"event": "something-new", "x": 1}),
        json!({"event": "node-began", "node": b}),
        json!({"event": "node-done", "node": b, "status": status, "message": null, "failures": null, "milliseconds": 1200}),
        json!({"event": "ended", "status": ended, "message": null}),
    ]
}

/// The finding that a run prints.
fn finding(message: &str) -> Value {
    let place = |start: usize, end: usize| json!({"start": {"line": 1, "column": start}, "end": {"line": 1, "column": end}});
    json!({"event": "finding", "rule": "", "group": "fails", "severity": "error", "message": message, "path": "models/b.sql",
        "range": place(11, 15), "node": "model.shop.b", "url": null, "related": [],
        "fix": {"title": "Write `x`", "safety": "unsafe", "edits": [{"path": "models/b.sql", "range": place(11, 15), "text": "x"}]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_told_of_and_answered() {
    let mut editor = start(able()).await;
    let file = uri("models/b.sql");
    let typed = "select é, nope from {{ ref('a') }} -- new\n";
    editor.change(&file, 2, &[(Value::Null, typed)]).await;
    editor.disk.jobs().prints(&events("success", "success"), 0, "");
    let answer = run(&mut editor, "glueline.run", json!({"uri": file})).await;
    assert_eq!(answer["result"]["status"], "success", "{answer}");
    assert_eq!(
        answer["result"]["nodes"][0],
        json!({"unique_id": "model.shop.b", "status": "success", "message": null, "failures": null, "milliseconds": 1200})
    );
    let job = editor.disk.jobs().asked().remove(0);
    assert_eq!(
        job.arguments,
        [
            "run",
            "--log-format",
            "json",
            "--command",
            "run",
            "--select",
            "fqn:shop.b,path:models/b.sql"
        ]
    );
    assert_eq!(job.project_dir, "/repo/shop");
    let texts: Vec<_> = job
        .texts
        .iter()
        .map(|(path, text)| (path.as_str(), &**text))
        .collect();
    assert_eq!(
        texts,
        [(
            "/repo/shop/models/b.sql",
            "select é, nope from {{ ref('a') }} -- new\n"
        )]
    );
    // Progress, in the words of the protocol.
    let ended = |message: &Value| {
        message["method"] == "$/progress" && message["params"]["value"]["kind"] == "end" && is_run(message)
    };
    editor.wait(ended).await;
    let told: Vec<Value> = editor.messages_of("$/progress");
    let told = told
        .iter()
        .filter(|one| one["token"].as_str().unwrap().starts_with("glueline/run/"));
    let told: Vec<&Value> = told.map(|one| &one["value"]).collect();
    assert_eq!(
        told[0],
        &json!({"kind": "begin", "title": "Run b", "cancellable": true, "percentage": 0})
    );
    assert!(
        told.iter()
            .any(|one| one["message"] == "1 of 1 model analytics.b"),
        "{told:?}"
    );
    // What went well needs no message.
    assert_eq!(editor.messages_of("window/showMessage"), Vec::<Value>::new());
    let status = editor
        .wait(|message| {
            let project = &message["params"]["projects"][0];
            message["method"] == "glueline/status"
                && project["run"].is_null()
                && project["session"]["id"] == "s-1"
        })
        .await;
    assert_eq!(status["params"]["projects"][0]["session"]["state"], "READY");
    editor.end().await;
}

fn is_run(message: &Value) -> bool {
    let token = message["params"]["token"].as_str();
    token.is_some_and(|token| token.starts_with("glueline/run/"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_run_depends_on_where_and_what_is_asked_for() {
    let mut editor = start(json!({})).await;
    for (argument, command, selection) in [
        (
            json!({"uri": uri("models/a.sql")}),
            "run",
            "fqn:shop.a,path:models/a.sql",
        ),
        (
            json!({"uri": uri("seeds/s.csv")}),
            "seed",
            "fqn:shop.s,path:seeds/s.csv",
        ),
        (
            json!({"uri": uri("models/b.sql"), "node": "model.shop.a"}),
            "run",
            "fqn:shop.a,path:models/a.sql",
        ),
        (
            json!({"uri": uri("models/b.sql"), "command": "build", "select": "a+"}),
            "build",
            "a+",
        ),
        (json!({"select": "b", "fullRefresh": true}), "run", "b"),
    ] {
        editor.disk.jobs().prints(&events("success", "success"), 0, "");
        let answer = run(&mut editor, "glueline.run", argument.clone()).await;
        assert_eq!(answer["result"]["status"], "success", "{argument}: {answer}");
        let job = editor.disk.jobs().asked().pop().unwrap();
        assert_eq!(
            job.arguments[4..7],
            [command, "--select", selection],
            "{argument}"
        );
        let is_full = job.arguments.iter().any(|one| one == "--full-refresh");
        assert_eq!(is_full, argument.get("fullRefresh").is_some(), "{argument}");
    }
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dangers_are_asked_about_before_they_happen() {
    let asks = [
        json!({"event": "planned", "nodes": 1}),
        json!({"event": "asks", "dangers": [{"node": "model.shop.b", "step": "Drop the table", "harm": "deletes", "extent": "core.other", "rule": null}],
            "findings": [finding("Rows are lost.\nMore.")], "agreement": "5eed"}),
        json!({"event": "ended", "status": "asks", "message": null}),
    ];
    for (chosen, status) in [
        (json!({"title": "Run anyway"}), "success"),
        (json!({"title": "Cancel"}), "asks"),
        (Value::Null, "asks"),
    ] {
        let mut editor = start(able()).await;
        editor.chosen = chosen.clone();
        editor.disk.jobs().prints(&asks, 1, "");
        editor.disk.jobs().prints(&events("success", "success"), 0, "");
        let answer = run(&mut editor, "glueline.run", json!({"uri": uri("models/b.sql")})).await;
        assert_eq!(answer["result"]["status"], status, "{chosen}: {answer}");
        let question = &editor.messages_of("window/showMessageRequest")[0];
        assert_eq!(
            question["message"],
            "Run b? model.shop.b: Drop the table: deletes core.other\nmodel.shop.b: Rows are lost."
        );
        let jobs = editor.disk.jobs().asked();
        let agreed: Vec<bool> = jobs
            .iter()
            .map(|job| {
                job.arguments
                    .ends_with(&["--agreed".to_owned(), "5eed".to_owned()])
            })
            .collect();
        assert_eq!(
            agreed,
            if status == "success" {
                vec![false, true]
            } else {
                vec![false]
            }
        );
        editor.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_shown_in_the_model_until_it_changes_or_runs_again() {
    let mut editor = start(
        json!({"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}}})).await;
    let file = uri("models/b.sql");
    let mut told = events("error", "failed");
    told.insert(6, finding("Spark: no `nope`"));
    let shows = |message: &Value, wanted: bool| {
        let found = message["params"]["diagnostics"].as_array();
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["uri"] == uri("models/b.sql")
            && found
                .is_some_and(|found| found.iter().any(|one| one["message"] == "Spark: no `nope`") == wanted)
    };
    for again in ["runs", "changes"] {
        editor.disk.jobs().prints(&told, 1, "");
        let answer = run(&mut editor, "glueline.run", json!({"uri": file})).await;
        assert_eq!(answer["result"]["status"], "failed", "{answer}");
        let shown = editor.wait(|message| shows(message, true)).await;
        let own = shown["params"]["diagnostics"].as_array().unwrap().iter();
        let own: Vec<&Value> = own.filter(|one| one["message"] == "Spark: no `nope`").collect();
        assert_eq!(
            own[0]["range"],
            json!({"start": {"line": 0, "character": 10}, "end": {"line": 0, "character": 14}})
        );
        assert_eq!(own[0].get("code"), None);
        let params =
            json!({"textDocument": {"uri": file}, "range": own[0]["range"], "context": {"diagnostics": []}});
        let actions = editor.request("textDocument/codeAction", params).await;
        let titles: Vec<&str> = actions
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["title"].as_str().unwrap())
            .collect();
        assert!(titles.contains(&"Write `x` (unsafe)"), "{titles:?}");
        assert!(!titles.iter().any(|title| title.contains("``")), "{titles:?}");
        let said = editor
            .wait(|message| message["method"] == "window/showMessage")
            .await;
        assert_eq!(said["params"]["message"], "Run b: 1 node of 1 did not end well.");
        editor.forget_kept();
        if again == "runs" {
            editor.disk.jobs().prints(&events("success", "success"), 0, "");
            run(&mut editor, "glueline.run", json!({"uri": file})).await;
        } else {
            editor
                .change(&file, 2, &[(Value::Null, "select 1 as é from {{ ref('a') }}\n")])
                .await;
        }
        editor.wait(|message| shows(message, false)).await;
    }
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cancels_has_it_stopped() {
    for way in ["progress", "request", "command"] {
        let mut editor = start(able()).await;
        let began = [
            json!({"event": "planned", "nodes": 1}),
            json!({"event": "node-began", "node": node("model.shop.b", "analytics.b")}),
        ];
        let ended = json!({"event": "ended", "status": "interrupted", "message": "the statement was cancelled, analytics.b may be half written"});
        editor.disk.jobs().goes_on(&began, &[ended]);
        let params = json!({"command": "glueline.run", "arguments": [{"uri": uri("models/b.sql")}]});
        let id = editor.ask("workspace/executeCommand", params).await;
        let report = editor
            .wait(|message| {
                message["method"] == "$/progress"
                    && is_run(message)
                    && message["params"]["value"]["kind"] == "report"
            })
            .await;
        // One at a time.
        let second = run(&mut editor, "glueline.run", json!({"uri": uri("models/a.sql")})).await;
        assert_eq!(
            second["error"]["message"],
            "A run of this project goes on already."
        );
        match way {
            "progress" => {
                let token = &report["params"]["token"];
                editor
                    .notify("window/workDoneProgress/cancel", json!({"token": token}))
                    .await;
            }
            "request" => editor.notify("$/cancelRequest", json!({"id": id})).await,
            _ => {
                let answer = run(
                    &mut editor,
                    "glueline.runCancel",
                    json!({"uri": uri("models/a.sql")}),
                )
                .await;
                assert_eq!(answer["result"]["cancelled"], 1);
            }
        }
        let said = editor
            .wait(|message| message["method"] == "window/showMessage")
            .await;
        assert_eq!(
            said["params"]["message"],
            "Run b: the statement was cancelled, analytics.b may be half written."
        );
        let answer = editor.answer(id).await;
        match way {
            "request" => assert_eq!(answer["error"]["code"], -32800, "{answer}"),
            _ => assert_eq!(answer["result"]["status"], "interrupted", "{answer}"),
        }
        // Nothing is left that could be cancelled.
        editor.disk.jobs().prints(&events("success", "success"), 0, "");
        let answer = run(&mut editor, "glueline.run", json!({"uri": uri("models/b.sql")})).await;
        assert_eq!(answer["result"]["status"], "success", "{answer}");
        let answer = run(&mut editor, "glueline.runCancel", json!({})).await;
        assert_eq!(answer["result"]["cancelled"], 0);
        editor.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_ends_stops_what_it_began() {
    let mut editor = start(able()).await;
    let jobs = editor.disk.jobs().clone();
    jobs.goes_on(&[json!({"event": "planned", "nodes": 1})], &[]);
    let params = json!({"command": "glueline.run", "arguments": [{"uri": uri("models/b.sql")}]});
    editor.ask("workspace/executeCommand", params).await;
    editor
        .wait(|message| message["method"] == "$/progress" && is_run(message))
        .await;
    editor.hang_up().await;
    // The script ends once it is told to.
    while !jobs.is_idle() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_an_error_of_the_request() {
    let mut editor = start(json!({})).await;
    let file = uri("models/b.sql");
    let script = |lines: &[&str], status, said| Script {
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        until_stopped: None,
        status,
        said,
    };
    for (command, script, want) in [
        (
            "glueline.run",
            script(&[], 2, "error: there are no AWS credentials\n"),
            "there are no AWS credentials",
        ),
        (
            "glueline.run",
            script(&["{torn", "nonsense"], 101, ""),
            "The command ended with status 101 and said nothing.",
        ),
        (
            "glueline.run",
            script(
                &[r#"{"event": "ended", "status": "error", "message": "no role"}"#],
                2,
                "error: no role",
            ),
            "no role",
        ),
        (
            "glueline.show",
            script(&[], 1, "error: Spark says no"),
            "Spark says no",
        ),
        (
            "glueline.show",
            script(&["{"], 0, ""),
            "What the command printed cannot be read.",
        ),
        (
            "glueline.show",
            script(&["{}"], 0, ""),
            "The rows cannot be read: missing field `columns`",
        ),
        (
            "glueline.session.start",
            script(&[], 1, "error: denied"),
            "denied",
        ),
        (
            "glueline.catalogPull",
            script(&[], 130, "error: interrupted"),
            "interrupted",
        ),
    ] {
        editor.disk.jobs().add(script);
        let answer = run(&mut editor, command, json!({"uri": file})).await;
        assert_eq!(answer["error"]["message"], want, "{command}: {answer}");
        assert_eq!(answer["error"]["code"], -32803, "{command}");
    }
    for (command, argument, want) in [
        ("glueline.run", json!({"uri": file}), "There is no such program."),
        (
            "glueline.run",
            json!({"uri": uri("dbt_project.yml")}),
            "There is nothing here that dbt runs.",
        ),
        ("glueline.run", json!({}), "There is nothing here that dbt runs."),
        (
            "glueline.run",
            json!({"uri": "file:///nowhere.sql"}),
            "This file belongs to no dbt project.",
        ),
        (
            "glueline.show",
            json!({"uri": file, "cte": true}),
            "The cursor stands in no part after `with`.",
        ),
    ] {
        let answer = run(&mut editor, command, argument.clone()).await;
        assert_eq!(answer["error"]["message"], want, "{command} {argument}: {answer}");
    }
    let answer = run(&mut editor, "glueline.run", json!({"uri": file, "position": 3})).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_a_table_and_a_text() {
    let mut editor = start(json!({})).await;
    let file = uri("models/a.sql");
    let rows = json!({"schema": "glueline-show/1", "node": "model.shop.a", "columns": [{"name": "x", "type": "int"}], "rows": [[1], [null]], "text": "   x\n----\n   1\nnull\n"});
    let at = json!({"line": 0, "character": 16});
    for (argument, arguments, name, title) in [
        (
            json!({"uri": file}),
            &["--limit", "100", "--select", "fqn:shop.a,path:models/a.sql"][..],
            "glueline-rows:///repo/shop/models/a.rows.txt?node=model.shop.a",
            "a",
        ),
        (
            json!({"uri": file, "position": at, "cte": true, "limit": 5}),
            &[
                "--limit",
                "5",
                "--select",
                "fqn:shop.a,path:models/a.sql",
                "--cte",
                "part",
            ],
            "glueline-rows:///repo/shop/models/a.part.rows.txt?node=model.shop.a&cte=part",
            "a.part",
        ),
        // The same by its names, as it is asked for again.
        (
            json!({"uri": file, "node": "model.shop.a", "cte": "part"}),
            &[
                "--limit",
                "100",
                "--select",
                "fqn:shop.a,path:models/a.sql",
                "--cte",
                "part",
            ],
            "glueline-rows:///repo/shop/models/a.part.rows.txt?node=model.shop.a&cte=part",
            "a.part",
        ),
        (
            json!({"uri": file, "query": "select 1"}),
            &["--limit", "100", "--inline", "select 1"],
            "glueline-rows:///repo/shop/models/a.query.rows.txt",
            "query",
        ),
    ] {
        let mut rows = rows.clone();
        if argument.get("query").is_some() {
            rows["node"] = Value::Null;
        }
        editor.disk.jobs().prints(std::slice::from_ref(&rows), 0, "");
        let answer = run(&mut editor, "glueline.show", argument.clone()).await;
        let result = &answer["result"];
        assert_eq!(
            (&result["uri"], &result["title"]),
            (&json!(name), &json!(title)),
            "{answer}"
        );
        assert_eq!(
            (&result["columns"], &result["rows"]),
            (&rows["columns"], &rows["rows"])
        );
        assert_eq!(result["text"], "   x\n----\n   1\nnull\n");
        assert_eq!(result["cte"].as_str(), title.strip_prefix("a."));
        let job = editor.disk.jobs().asked().pop().unwrap();
        assert_eq!(job.arguments[..3], ["show", "--output", "json"]);
        assert_eq!(job.arguments[3..], *arguments, "{argument}");
        let made = editor.request("glueline/document", json!({"uri": name})).await;
        assert_eq!(
            (&made["content"], &made["languageId"]),
            (&result["text"], &json!("plaintext"))
        );
        let made = editor
            .request("workspace/textDocumentContent", json!({"uri": name}))
            .await;
        assert_eq!(made["text"], result["text"]);
    }
    let schemes = editor.greeting["capabilities"]["workspace"]["textDocumentContent"]["schemes"].clone();
    assert_eq!(
        schemes,
        json!(["glueline-compiled", "glueline-preview", "glueline-rows"])
    );
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_the_catalog_are_asked_for() {
    let mut editor = start(able()).await;
    let session = json!({"schema": "glueline-session/1", "text": "ready, 2 × G.1X", "session": {"id": "s-1", "state": "READY"}});
    for (command, arguments, printed, said) in [
        (
            "glueline.session.status",
            &["session", "status"][..],
            session,
            "Session s-1: ready, 2 × G.1X.",
        ),
        (
            "glueline.session.stop",
            &["session", "stop"],
            json!({"text": "session s-1 is stopped", "stopped": [{"id": "s-1", "state": "STOPPED"}]}),
            "session s-1 is stopped.",
        ),
        (
            "glueline.catalogPull",
            &["catalog", "pull"],
            json!({"schema": "glueline-catalog-pull/1", "tables": 3}),
            "The catalog is in target/glueline/catalog.json: the setting glueline.catalog has it read.",
        ),
    ] {
        editor.disk.jobs().prints(std::slice::from_ref(&printed), 0, "");
        let answer = run(&mut editor, command, json!({})).await;
        assert_eq!(answer["result"], printed, "{command}: {answer}");
        let job = editor.disk.jobs().asked().pop().unwrap();
        assert_eq!(job.arguments[..2], *arguments);
        let told = editor
            .wait(|message| message["method"] == "window/showMessage")
            .await;
        assert_eq!(told["params"]["message"], said);
    }
    editor.end().await;
}
