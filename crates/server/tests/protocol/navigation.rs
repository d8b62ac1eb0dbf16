//! Ways from a name to other places.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "\
//- models/orders.sql
select 1 as id
//- models/a.sql
-- 😀
select * from {{ ref('orders') }} join {{ ref('orders') }}
//- models/schema.yml
models:
  - name: orders
    description: \"{{ doc('about') }}\"
//- models/d.md

{% docs about %}x{% enddocs %}
";

/// A client that has opened every file.
async fn start(capabilities: Value) -> Editor {
    let mut editor = Editor::start(FILES, capabilities).await;
    for part in FILES.split("//- ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap();
        editor.open(&uri(path), text).await;
    }
    editor
}

fn at(path: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}})
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[tokio::test(flavor = "multi_thread")]
async fn places_with_and_without_links() {
    let mut editor = start(json!({})).await;
    let place = at("models/a.sql", 1, 24);
    let found = editor.request("textDocument/definition", place.clone()).await;
    assert_eq!(
        found,
        json!([{"uri": uri("models/orders.sql"), "range": range(0, 0, 0)}])
    );
    let found = editor.request("textDocument/declaration", place.clone()).await;
    assert_eq!(
        found,
        json!([{"uri": uri("models/schema.yml"), "range": range(1, 10, 16)}])
    );
    let found = editor.request("textDocument/typeDefinition", place.clone()).await;
    assert_eq!(
        found,
        json!([{"uri": uri("models/schema.yml"), "range": range(1, 10, 16)}])
    );
    let found = editor.request("textDocument/implementation", place).await;
    assert_eq!(
        found,
        json!([{"uri": uri("models/orders.sql"), "range": range(0, 0, 0)}])
    );
    let found = editor
        .request("textDocument/definition", at("models/a.sql", 1, 1))
        .await;
    assert_eq!(found, Value::Null);
    editor.end().await;

    let links = json!({"linkSupport": true});
    let capabilities = json!({"textDocument": {"definition": links, "declaration": links}});
    let mut editor = start(capabilities).await;
    let found = editor
        .request("textDocument/definition", at("models/schema.yml", 1, 12))
        .await;
    assert_eq!(
        found,
        json!([{
            "originSelectionRange": range(1, 10, 16),
            "targetUri": uri("models/orders.sql"),
            "targetRange": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}},
            "targetSelectionRange": range(0, 0, 0),
        }])
    );
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn references_highlights_and_links() {
    let mut editor = start(json!({})).await;
    let mut params = at("models/a.sql", 1, 24);
    let found = editor
        .request("textDocument/documentHighlight", params.clone())
        .await;
    let kinds = json!([{"range": range(1, 22, 28), "kind": 2}, {"range": range(1, 47, 53), "kind": 2}]);
    assert_eq!(found, kinds);
    for (with_declaration, expected) in [(false, 3), (true, 4)] {
        params["context"] = json!({"includeDeclaration": with_declaration});
        let found = editor.request("textDocument/references", params.clone()).await;
        assert_eq!(found.as_array().unwrap().len(), expected, "{found}");
    }
    let document = json!({"textDocument": {"uri": uri("models/schema.yml")}});
    let found = editor.request("textDocument/documentLink", document).await;
    let target = format!("{}#L2,9", uri("models/d.md"));
    assert_eq!(found, json!([{"range": range(2, 26, 31), "target": target}]));
    editor.end().await;
}
