//! `glueline/status`.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "//- models/a.sql\nselect 1 as x\n//- models/b.sql\nselect * from {{ ref('nowhere') }}\n";

fn announced() -> Value {
    json!({"experimental": {"glueline": {"status": true}}})
}

/// Waits until something is told of the only project.
async fn told(editor: &mut Editor, wanted: impl Fn(&Value) -> bool) -> Value {
    let told = editor
        .wait(|message| {
            let projects = &message["params"]["projects"];
            message["method"] == "glueline/status" && wanted(&projects[0]) && projects[1].is_null()
        })
        .await;
    told["params"]["projects"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_shows_it_is_told_how_things_are() {
    let mut editor = Editor::start(FILES, announced()).await;
    let ready = told(&mut editor, |project| project["state"] == "ready").await;
    assert_eq!(
        ready,
        json!({
            "uri": uri("").trim_end_matches('/'), "name": "shop", "target": "dev", "state": "ready", "reason": null,
            "counts": {"models": 2, "error": 1, "warning": 0, "info": 0, "hint": 0}, "session": null, "run": null,
        })
    );
    editor.open(&uri("models/b.sql"), "select 1 as y\n").await;
    told(&mut editor, |project| {
        project["state"] == "ready" && project["counts"]["error"] == 0
    })
    .await;
    // What is read no more has the name of its directory.
    editor.open(&uri("dbt_project.yml"), "profile: shop\n").await;
    told(&mut editor, |project| {
        project["state"] == "ready" && project["counts"]["error"] == 1
    })
    .await;
    editor.disk.remove(&format!(
        "{}/dbt_project.yml",
        uri("").trim_start_matches("file://").trim_end_matches('/')
    ));
    editor
        .notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri("dbt_project.yml")}}),
        )
        .await;
    let failed = told(&mut editor, |project| project["state"] == "failed").await;
    let words = failed["reason"].as_str().unwrap();
    assert!(words.contains("dbt_project.yml"), "{failed}");
    assert_eq!(failed["counts"], Value::Null);
    let folder = json!({"uri": uri("").trim_end_matches('/'), "name": "shop"});
    editor
        .notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri("models/b.sql")}}),
        )
        .await;
    editor
        .notify(
            "workspace/didChangeWorkspaceFolders",
            json!({"event": {"added": [], "removed": [folder]}}),
        )
        .await;
    told(&mut editor, Value::is_null).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_a_terminal_made_is_told() {
    const RECORD: &str = "target/glueline/session.txt";
    let mut files = FILES.to_owned();
    files.push_str("//- target/glueline/session.txt\nshop.prod s-0 other\nshop.dev s-1 on record\n");
    let mut editor = Editor::start(&files, announced()).await;
    let told_of = |session: Value| move |project: &Value| project["session"] == session;
    let recorded = |id: &str| json!({"id": id, "state": "ON RECORD", "text": "on record"});
    told(&mut editor, told_of(recorded("s-1"))).await;
    let changed = json!({"changes": [{"uri": uri(RECORD), "type": 2}]});
    // What was heard of a session says more than what is on record.
    let heard = json!({"id": "s-1", "state": "READY"});
    let printed = json!({"schema": "glueline-session/1", "text": "ready, 2 × G.1X", "session": heard});
    editor.disk.jobs().prints(std::slice::from_ref(&printed), 0, "");
    let asked = json!({"command": "glueline.session.status", "arguments": []});
    editor.request("workspace/executeCommand", asked).await;
    let heard = json!({"id": "s-1", "state": "READY", "text": "ready, 2 × G.1X"});
    told(&mut editor, told_of(heard.clone())).await;
    editor
        .notify("workspace/didChangeWatchedFiles", changed.clone())
        .await;
    editor.open(&uri("models/b.sql"), "select 1 as y\n").await;
    let kept = told(&mut editor, |project| project["counts"]["error"] == 0).await;
    assert_eq!(kept["session"], heard);
    editor.disk.write(RECORD, "shop.dev s-2 on record\n");
    editor
        .notify("workspace/didChangeWatchedFiles", changed.clone())
        .await;
    told(&mut editor, told_of(recorded("s-2"))).await;
    editor.disk.write(RECORD, "");
    editor.notify("workspace/didChangeWatchedFiles", changed).await;
    told(&mut editor, told_of(Value::Null)).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_nothing() {
    let mut editor = Editor::start(FILES, json!({})).await;
    editor.request("workspace/symbol", json!({"query": ""})).await;
    editor
        .open(&uri("models/b.sql"), "select * from {{ ref('nowhere') }}\n")
        .await;
    editor
        .wait(|message| message["method"] == "textDocument/publishDiagnostics")
        .await;
    assert_eq!(editor.messages_of("glueline/status"), Vec::<Value>::new());
    editor.end().await;
}
