//! Each request sees the texts of its own instant.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

/// The first lines that the fix of a finding would change, at an instant.
async fn fixes(editor: &mut Editor, uri: &str) -> i64 {
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    editor.ask("textDocument/codeAction", params).await
}

fn literals() -> Value {
    json!({"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sees_the_text_of_its_own_instant() {
    let mut editor = Editor::start("//- models/a.sql\nselect 1 as x\n", literals()).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select 1 as x\n").await;
    let id = fixes(&mut editor, &file).await;
    let answer = editor.answer(id).await;
    assert_eq!(answer["result"], json!([]), "{answer}");
    editor.end().await;
}
