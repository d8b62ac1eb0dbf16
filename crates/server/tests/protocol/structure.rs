//! Folds, growing selections, semantic tokens.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const TEXT: &str = "-- 😀\nwith é as (\n  select '😀' as x\n)\nselect é.x from é join {{ ref('gone') }}\n";

async fn start(capabilities: Value) -> Editor {
    let mut editor = Editor::start(&format!("//- models/a.sql\n{TEXT}"), capabilities).await;
    editor.open(&uri("models/a.sql"), TEXT).await;
    editor
}

fn document() -> Value {
    json!({"uri": uri("models/a.sql")})
}

#[tokio::test(flavor = "multi_thread")]
async fn folds_are_told_as_the_client_folds() {
    let mut editor = start(json!({})).await;
    let found = editor
        .request("textDocument/foldingRange", json!({"textDocument": document()}))
        .await;
    assert_eq!(
        found,
        json!([{"startLine": 1, "startCharacter": 11, "endLine": 2, "endCharacter": 18}])
    );
    editor.end().await;
    let mut editor = start(json!({"textDocument": {"foldingRange": {"lineFoldingOnly": true}}})).await;
    let found = editor
        .request("textDocument/foldingRange", json!({"textDocument": document()}))
        .await;
    assert_eq!(found, json!([{"startLine": 1, "endLine": 2}]));
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn selections_grow_from_each_cursor() {
    let mut editor = start(json!({})).await;
    let positions = json!([{"line": 2, "character": 17}, {"line": 99, "character": 0}]);
    let found = editor
        .request(
            "textDocument/selectionRange",
            json!({"textDocument": document(), "positions": positions}),
        )
        .await;
    let first = &found[0];
    assert_eq!(
        first["range"],
        json!({"start": {"line": 2, "character": 17}, "end": {"line": 2, "character": 18}})
    );
    let item = &first["parent"]["range"];
    assert_eq!(
        *item,
        json!({"start": {"line": 2, "character": 9}, "end": {"line": 2, "character": 18}})
    );
    assert_eq!(found.as_array().unwrap().len(), 2);
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_told_in_full_and_by_what_changed() {
    let mut editor = start(json!({})).await;
    let found = editor
        .request(
            "textDocument/semanticTokens/full",
            json!({"textDocument": document()}),
        )
        .await;
    let numbers = found["data"].as_array().unwrap().clone();
    assert_eq!(numbers.len() % 5, 0);
    // `é` of the second line: a type that comes to be there.
    assert_eq!(numbers[..5], [json!(1), json!(5), json!(1), json!(2), json!(1)]);
    let id = found["resultId"].clone();

    let since = json!({"textDocument": document(), "previousResultId": id});
    let same = editor
        .request("textDocument/semanticTokens/full/delta", since)
        .await;
    assert_eq!(same["edits"], json!([]));

    let change = json!({"start": {"line": 4, "character": 7}, "end": {"line": 4, "character": 10}});
    editor.change(&uri("models/a.sql"), 2, &[(change, "1")]).await;
    let since = json!({"textDocument": document(), "previousResultId": same["resultId"]});
    let edits = editor
        .request("textDocument/semanticTokens/full/delta", since)
        .await["edits"]
        .clone();
    let edit = &edits[0];
    let mut old = numbers;
    let start = usize::try_from(edit["start"].as_u64().unwrap()).unwrap();
    let count = usize::try_from(edit["deleteCount"].as_u64().unwrap()).unwrap();
    let new = edit["data"].as_array().cloned().unwrap_or_default();
    old.splice(start..start + count, new);
    let full = editor
        .request(
            "textDocument/semanticTokens/full",
            json!({"textDocument": document()}),
        )
        .await;
    assert_eq!(json!(old), full["data"]);

    let stale = json!({"textDocument": document(), "previousResultId": "no"});
    let found = editor
        .request("textDocument/semanticTokens/full/delta", stale)
        .await;
    assert_eq!(found["data"], full["data"]);

    let part = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let found = editor
        .request(
            "textDocument/semanticTokens/range",
            json!({"textDocument": document(), "range": part}),
        )
        .await;
    assert_eq!(found["data"], json!([]));
    editor.end().await;
}
