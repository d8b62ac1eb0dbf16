//! What can be done, as edits that the client can apply.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const TEXT: &str = "-- 😀\nwith c as (select 1 as x)\nselect * from c\n";

async fn offered(capabilities: Value, only: Value) -> Vec<Value> {
    let mut editor = Editor::start(&format!("//- models/a.sql\n{TEXT}"), capabilities).await;
    editor.open(&uri("models/a.sql"), TEXT).await;
    let place = json!({"line": 1, "character": 6});
    let mut context = json!({"diagnostics": []});
    if !only.is_null() {
        context["only"] = only;
    }
    let params = json!({
        "textDocument": {"uri": uri("models/a.sql")}, "range": {"start": place, "end": place}, "context": context,
    });
    let found = editor.request("textDocument/codeAction", params).await;
    editor.end().await;
    found.as_array().cloned().unwrap_or_default()
}

fn able(operations: &Value) -> Value {
    json!({
        "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}},
        "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": operations}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_created_where_the_client_can() {
    let found = offered(able(&json!(["create"])), Value::Null).await;
    let extract = found
        .iter()
        .find(|action| action["kind"] == "refactor.extract")
        .unwrap();
    let changes = &extract["edit"]["documentChanges"];
    assert_eq!(changes[0], json!({"kind": "create", "uri": uri("models/c.sql")}));
    assert_eq!(changes[1]["textDocument"]["uri"], json!(uri("models/c.sql")));
    assert_eq!(
        changes[2]["edits"][0]["range"],
        json!({"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 24}})
    );
    assert!(offered(able(&json!([])), Value::Null).await.is_empty());
    assert!(offered(json!({}), Value::Null).await.is_empty());
    let only = offered(able(&json!(["create"])), json!(["refactor.rewrite"])).await;
    assert!(!only.is_empty() && only.iter().all(|action| action["kind"] == "refactor.rewrite"));
    assert!(
        offered(able(&json!(["create"])), json!(["source.fixAll"]))
            .await
            .is_empty()
    );
}
