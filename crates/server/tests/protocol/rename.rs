//! Renaming through the protocol.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "\
//- models/orders.sql
select 1 as id
//- models/a.sql
{% set é = 1 %}select * from {{ ref('orders') }}{% set x = 2 %}{{ x }}
";

async fn start(capabilities: Value) -> Editor {
    let mut editor = Editor::start(FILES, capabilities).await;
    let text = FILES.rsplit("a.sql\n").next().unwrap();
    editor.open(&uri("models/a.sql"), text).await;
    editor
}

fn at(character: u32) -> Value {
    json!({"textDocument": {"uri": uri("models/a.sql")}, "position": {"line": 0, "character": character}})
}

fn range(from: u32, to: u32) -> Value {
    json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}})
}

fn named(character: u32, name: &str) -> Value {
    let mut params = at(character);
    params["newName"] = json!(name);
    params
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_files() {
    let edit = json!({"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]});
    let capabilities = json!({
        "workspace": {"workspaceEdit": edit, "fileOperations": {"willRename": true}},
        "textDocument": {"rename": {"prepareSupport": true}},
    });
    let mut editor = start(capabilities).await;
    let found = editor.request("textDocument/prepareRename", at(37)).await;
    assert_eq!(found, json!({"range": range(37, 43), "placeholder": "orders"}));
    let found = editor.request("textDocument/rename", named(38, "sales")).await;
    assert_eq!(
        found,
        json!({"documentChanges": [
            {
                "textDocument": {"uri": uri("models/a.sql"), "version": 1},
                "edits": [{"range": range(37, 43), "newText": "sales"}],
            },
            {"kind": "rename", "oldUri": uri("models/orders.sql"), "newUri": uri("models/sales.sql")},
        ]})
    );
    // An editor that applies it asks what has to change with the file: all of it is in the edit.
    let files = json!({"files": [{"oldUri": uri("models/orders.sql"), "newUri": uri("models/sales.sql")}]});
    let found = editor.request("workspace/willRenameFiles", files.clone()).await;
    assert_eq!(found, Value::Null);
    let id = editor.ask("textDocument/rename", named(38, "a")).await;
    let answer = editor.answer(id).await;
    assert_eq!(
        answer["error"],
        json!({"code": -32803, "message": "There is a model `a` already."})
    );
    let id = editor.ask("textDocument/prepareRename", at(20)).await;
    let answer = editor.answer(id).await;
    assert_eq!(
        answer["error"]["message"],
        "Nothing that can be renamed stands here."
    );
    let edit = json!({"documentChanges": [{
        "textDocument": {"uri": uri("models/a.sql"), "version": 1},
        "edits": [{"range": range(37, 43), "newText": "sales"}],
    }]});
    let found = editor.request("workspace/willRenameFiles", files.clone()).await;
    assert_eq!(found, edit, "a user renames it");
    editor.request("textDocument/rename", named(38, "sales")).await;
    editor.open(&uri("models/b.sql"), "select 1\n").await;
    editor
        .change(&uri("models/b.sql"), 2, &[(Value::Null, "select 2\n")])
        .await;
    let found = editor.request("workspace/willRenameFiles", files).await;
    assert_eq!(
        found, edit,
        "the edit was not wanted, and something else is typed"
    );
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_cannot_rename_files() {
    let mut editor = start(json!({})).await;
    let found = editor.request("textDocument/rename", named(56, "y")).await;
    let edits = json!([{"range": range(55, 56), "newText": "y"}, {"range": range(66, 67), "newText": "y"}]);
    let mut changes = json!({});
    changes[uri("models/a.sql")] = edits;
    assert_eq!(found, json!({ "changes": changes }));
    let id = editor.ask("textDocument/rename", named(38, "sales")).await;
    let answer = editor.answer(id).await;
    assert_eq!(
        answer["error"]["message"],
        "This takes files of other names (sales.sql), and the editor cannot rename files when a server asks."
    );
    editor.end().await;
}
