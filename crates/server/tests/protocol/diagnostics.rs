//! What is wrong, as it is told: to clients that ask and to those that do not.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

/// A model with a fault that a text alone has, and one that only its project shows.
const FILES: &str = "//- models/a.sql\nselect * from {{ ref('b') }}\n//- models/b.sql\nselect 1 as x\n";

fn pulls() -> Value {
    json!({
        "textDocument": {"diagnostic": {"relatedDocumentSupport": true}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    })
}

/// The codes that a client was told of a document, once they are these.
async fn until(editor: &mut Editor, uri: &str, codes: &[&str]) -> Value {
    editor
        .wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && self::codes(&message["params"]["diagnostics"]) == codes
        })
        .await
}

fn codes(diagnostics: &Value) -> Vec<&str> {
    let list = diagnostics.as_array().expect("a list");
    list.iter()
        .map(|found| found["code"].as_str().expect("a code"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_ask_is_told() {
    let mut editor = Editor::start(FILES, json!({})).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select * from {{ ref('nowhere') }}\n").await;
    let told = until(&mut editor, &file, &["missing-ref"]).await;
    assert_eq!(told["params"]["version"], 1, "{told}");
    let whole = json!(null);
    editor
        .change(&file, 2, &[(whole.clone(), "select * from {{ ref('b') }}\n")])
        .await;
    let told = until(&mut editor, &file, &[]).await;
    assert_eq!(told["params"]["version"], 2, "{told}");
    editor.change(&file, 3, &[(whole, "{{ ref('nowhere') }\n")]).await;
    until(&mut editor, &file, &["missing-ref", "jinja-syntax"]).await;
    // What is on the disk is in order.
    editor
        .notify("textDocument/didClose", json!({"textDocument": {"uri": file}}))
        .await;
    until(&mut editor, &file, &[]).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_open_are_told_of_and_taken_back() {
    let files = "//- models/a.sql\nselect * from {{ ref('nowhere') }}\n//- models/z.sql\n{{ ref('gone') }}\n";
    let mut editor = Editor::start(files, json!({})).await;
    let file = uri("models/a.sql");
    until(&mut editor, &file, &["missing-ref"]).await;
    until(&mut editor, &uri("models/z.sql"), &["missing-ref"]).await;
    // So many come that the last file with findings has a number that none had before.
    let new = ["models/l.sql", "models/m.sql", "models/nowhere.sql"];
    for path in new {
        editor.disk.write(path, "select 1 as x\n");
    }
    editor.saw(&new).await;
    let told = until(&mut editor, &file, &[]).await;
    assert_eq!(told["params"].get("version"), None, "{told}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_is_not_told_again() {
    let files = "//- models/a.sql\nselect 1\n//- models/c.sql\nselect * from {{ ref('nowhere') }}\n";
    let mut editor = Editor::start(files, json!({})).await;
    until(&mut editor, &uri("models/c.sql"), &["missing-ref"]).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select 1\n").await;
    for version in 2..12 {
        let text = format!("select {version}\n");
        editor.change(&file, version, &[(json!(null), &text)]).await;
    }
    editor
        .change(&file, 12, &[(json!(null), "{{ ref('gone') }}\n")])
        .await;
    until(&mut editor, &file, &["missing-ref"]).await;
    editor.change(&file, 13, &[(json!(null), "select 13\n")]).await;
    until(&mut editor, &file, &[]).await;
    let told = editor.messages_of("textDocument/publishDiagnostics");
    let of_c: Vec<&Value> = told
        .iter()
        .filter(|told| told["uri"] == uri("models/c.sql"))
        .collect();
    assert_eq!(of_c.len(), 1, "{told:?}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_is_answered_and_told_when_to_ask_again() {
    let mut editor = Editor::start(FILES, pulls()).await;
    let (a, b) = (uri("models/a.sql"), uri("models/b.sql"));
    editor.open(&a, "select * from {{ ref('b') }}\n").await;
    editor.open(&b, "select 1 as x\n").await;
    let ask = |uri: &str, previous: Option<&Value>| {
        let mut params = json!({"textDocument": {"uri": uri}});
        if let Some(previous) = previous {
            params["previousResultId"] = previous.clone();
        }
        params
    };
    let first = editor.request("textDocument/diagnostic", ask(&a, None)).await;
    assert_eq!((&first["kind"], codes(&first["items"])), (&json!("full"), vec![]));
    let again = editor
        .request("textDocument/diagnostic", ask(&a, Some(&first["resultId"])))
        .await;
    assert_eq!(again["kind"], "unchanged", "{again}");
    // What is typed in one document is wrong in the same document at once…
    editor
        .change(&a, 2, &[(json!(null), "select * from {{ ref('c') }}\n")])
        .await;
    loop {
        let found = editor.request("textDocument/diagnostic", ask(&a, None)).await;
        if codes(&found["items"]) == ["missing-ref"] {
            break;
        }
        editor
            .wait(|message| message["method"] == "workspace/diagnostic/refresh")
            .await;
    }
    // … and what it does to another one is told.
    editor
        .change(&a, 3, &[(json!(null), "select * from {{ ref('b') }}\n")])
        .await;
    editor.request("textDocument/diagnostic", ask(&a, None)).await;
    assert!(editor.messages_of("textDocument/publishDiagnostics").is_empty());
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_asked_about_as_a_whole() {
    let files = "//- models/a.sql\nselect * from {{ ref('nowhere') }}\n//- models/b.sql\nselect 1\n";
    let mut editor = Editor::start(files, pulls()).await;
    let file = uri("models/a.sql");
    editor.open(&uri("models/b.sql"), "select 1\n").await;
    let found = editor
        .request("workspace/diagnostic", json!({"previousResultIds": []}))
        .await;
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{found}");
    assert_eq!(
        (&items[0]["uri"], &items[0]["kind"], &items[0]["version"]),
        (&json!(file), &json!("full"), &json!(null))
    );
    let known = json!([{"uri": file, "value": items[0]["resultId"]}]);
    let found = editor
        .request("workspace/diagnostic", json!({"previousResultIds": known}))
        .await;
    assert_eq!(found["items"][0]["kind"], "unchanged", "{found}");
    // One that takes pieces is answered when there is something new.
    let id = editor
        .ask(
            "workspace/diagnostic",
            json!({"previousResultIds": known, "partialResultToken": "t"}),
        )
        .await;
    editor.disk.write("models/nowhere.sql", "select 1 as x\n");
    editor.saw(&["models/nowhere.sql"]).await;
    let piece = editor
        .wait(|message| message["method"] == "$/progress" && message["params"]["token"] == "t")
        .await;
    assert_eq!(
        piece["params"]["value"]["items"][0]["items"],
        json!([]),
        "{piece}"
    );
    assert_eq!(editor.answer(id).await["result"], json!({"items": []}));
    // One that waits is let go when the client leaves.
    let id = editor
        .ask(
            "workspace/diagnostic",
            json!({"previousResultIds": [], "partialResultToken": "u"}),
        )
        .await;
    editor.request("shutdown", Value::Null).await;
    editor.answer(id).await;
    editor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_is_still_searched_for_projects_is_waited_for() {
    let mut editor = Editor::connect("//- models/a.sql\nselect * from {{ ref('nowhere') }}\n");
    editor.disk.hold(true);
    editor.greet(json!({ "capabilities": pulls() })).await;
    let id = editor
        .ask("workspace/diagnostic", json!({"previousResultIds": []}))
        .await;
    // Answered after what came before it could have been.
    editor.request("workspace/symbol", json!({"query": ""})).await;
    editor.disk.hold(false);
    let answer = editor.answer(id).await;
    assert_eq!(
        answer["result"]["items"][0]["uri"],
        uri("models/a.sql"),
        "{answer}"
    );
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_the_answer_to_what_made_it_and_no_end() {
    let mut editor = Editor::start(FILES, pulls()).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select * from {{ ref('b') }}\n").await;
    let document = json!({"textDocument": {"uri": file}});
    let all = json!({"previousResultIds": []});
    let found = editor.request("workspace/diagnostic", all.clone()).await;
    assert_eq!(found["items"], json!([]), "{found}");
    editor
        .change(&file, 2, &[(Value::Null, "select * from {{ ref('panics') }}\n")])
        .await;
    let id = editor.ask("textDocument/diagnostic", document.clone()).await;
    let answer = editor.answer(id).await;
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    let words = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(words.contains("bug of Glueline"), "{answer}");
    // Everything was looked at in vain, too, and that is known.
    editor
        .wait(|message| {
            let told = message["params"]["message"].as_str().unwrap_or_default();
            message["method"] == "window/logMessage" && told.contains("looked at everything")
        })
        .await;
    editor
        .change(&file, 3, &[(Value::Null, "select * from {{ ref('nowhere') }}\n")])
        .await;
    let found = editor.request("textDocument/diagnostic", document).await;
    assert_eq!(codes(&found["items"]), ["missing-ref"], "{found}");
    let found = editor.request("workspace/diagnostic", all).await;
    assert_eq!(found["items"][0]["uri"], file, "{found}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_belongs_to_no_project_is_looked_at_alone() {
    for name in ["untitled:Untitled-1", "file:///elsewhere/x.sql"] {
        let mut editor = Editor::start_with(FILES, json!({"capabilities": {}, "rootUri": null})).await;
        editor
            .open(name, "select {{ ref('nowhere') }} from {{ x \n")
            .await;
        until(&mut editor, name, &["jinja-syntax"]).await;
        editor
            .change(name, 2, &[(json!(null), "select {{ ref('nowhere') }}\n")])
            .await;
        until(&mut editor, name, &[]).await;
        editor.change(name, 3, &[(json!(null), "{% if %}\n")]).await;
        editor.wait(|message| message["params"]["version"] == 3).await;
        editor
            .notify("textDocument/didClose", json!({"textDocument": {"uri": name}}))
            .await;
        until(&mut editor, name, &[]).await;
        editor.end().await;
    }
}
