//! What can stand at a place, and what is known of it.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "\
//- models/orders.sql
select 1 as id
//- models/half.sql
{{ ref('ord') }} 😀{{ ref('ord') }} {{ is_incr
//- models/schema.yml
models:
  - name: orders
    description: What was ordered
";

async fn start(item: Value) -> Editor {
    let capabilities = json!({"textDocument": {"completion": {"completionItem": item}}});
    let mut editor = Editor::start(FILES, capabilities).await;
    for part in FILES.split("//- ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap();
        editor.open(&uri(path), text).await;
    }
    editor
}

async fn complete(editor: &mut Editor, character: u32) -> Value {
    let params = json!({
        "textDocument": {"uri": uri("models/half.sql")},
        "position": {"line": 0, "character": character},
    });
    editor.request("textDocument/completion", params).await
}

fn labelled<'v>(found: &'v Value, label: &str) -> &'v Value {
    let items = found["items"].as_array().unwrap();
    items.iter().find(|item| item["label"] == label).unwrap()
}

fn range(from: u32, to: u32) -> Value {
    json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simple_client_replaces_words() {
    let mut editor = start(json!({})).await;
    let found = complete(&mut editor, 10).await;
    let item = labelled(&found, "orders");
    assert_eq!(
        item["textEdit"],
        json!({"range": range(8, 11), "newText": "orders"})
    );
    assert_eq!(found["isIncomplete"], false);
    assert!(item.get("insertTextFormat").is_none() && item.get("command").is_none());
    let found = complete(&mut editor, 30).await;
    // The emoji counts two units of UTF-16.
    assert_eq!(labelled(&found, "orders")["textEdit"]["range"], range(27, 30));
    let found = complete(&mut editor, 46).await;
    let item = labelled(&found, "is_incremental");
    assert_eq!(item["textEdit"]["newText"], "is_incremental()");
    assert!(item["detail"].as_str().unwrap().starts_with("() "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rich_client_inserts_and_replaces() {
    let can = json!({"insertReplaceSupport": true, "snippetSupport": true, "labelDetailsSupport": true});
    let mut editor = start(can).await;
    let found = complete(&mut editor, 10).await;
    let edit = json!({"insert": range(8, 10), "replace": range(8, 11), "newText": "orders"});
    assert_eq!(labelled(&found, "orders")["textEdit"], edit);
    let found = complete(&mut editor, 5).await;
    let item = labelled(&found, "ref");
    assert_eq!(item["labelDetails"]["detail"], "(package, name, version=none)");
}

#[tokio::test(flavor = "multi_thread")]
async fn documentation_comes_when_asked_for() {
    for (can, kind) in [
        (json!({"documentationFormat": ["markdown"]}), "markdown"),
        (json!({"documentationFormat": ["plaintext"]}), "plaintext"),
        (json!({}), ""),
    ] {
        let mut editor = start(can).await;
        let found = complete(&mut editor, 10).await;
        let item = labelled(&found, "orders");
        assert!(item.get("documentation").is_none());
        let told = editor.request("completionItem/resolve", item.clone()).await;
        let documentation = &told["documentation"];
        // A client that names no format is given words.
        let text = if kind.is_empty() {
            documentation
        } else {
            assert_eq!(documentation["kind"], kind);
            &documentation["value"]
        };
        let text = text.as_str().unwrap();
        assert!(text.contains("What was ordered"), "{text}");
        assert_eq!(told["textEdit"], item["textEdit"]);
        let bare = json!({"label": "x"});
        assert_eq!(editor.request("completionItem/resolve", bare.clone()).await, bare);
    }
}
