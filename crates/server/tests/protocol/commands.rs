//! `workspace/executeCommand`.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "//- models/a.sql\nselect {{ one() }} as x\n//- seeds/s.csv\nx\n1\n//- models/m.yml\nmodels: [{name: a, columns: [{name: x, data_tests: [not_null]}]}]\n//- snapshots/all.sql\n{% snapshot one_seen %}{{ config(unique_key='x', strategy='check', check_cols='all', file_format='iceberg') }} select 1 as x{% endsnapshot %}\n//- macros/m.sql\n{% macro one() %}1{% endmacro %}\n//- README.md\n# Notes\n";

async fn run(editor: &mut Editor, command: &str, arguments: Value) -> Value {
    let params = json!({"command": command, "arguments": arguments});
    let id = editor.ask("workspace/executeCommand", params).await;
    editor.answer(id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_made_of_what_is_typed() {
    let mut editor = Editor::start(FILES, json!({})).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select {{ one() }} as typed\n").await;
    let at = json!({"line": 0, "character": 12});
    let (tests, snapshots) = (uri("models/m.yml"), uri("snapshots/all.sql"));
    for (command, arguments, holds, name) in [
        (
            "glueline.compile",
            json!([{"uri": file}]),
            "select 1 as typed",
            "glueline-compiled:///repo/shop/models/a.compiled.sql?node=model.shop.a",
        ),
        (
            "glueline.compile",
            json!([{"uri": file, "node": "model.shop.a"}]),
            "select 1 as typed",
            "glueline-compiled:///repo/shop/models/a.compiled.sql?node=model.shop.a",
        ),
        (
            "glueline.preview",
            json!([{"uri": file, "run": "first"}]),
            "as typed",
            "glueline-preview:///repo/shop/models/a.preview.first.sql?node=model.shop.a&run=first",
        ),
        (
            "glueline.expandMacro",
            json!([{"uri": file, "position": at}]),
            "1",
            "glueline-compiled:///repo/shop/models/a.expanded.sql?node=model.shop.a&expand=12",
        ),
        (
            "glueline.preview",
            json!([{"uri": snapshots}]),
            "as x",
            "glueline-preview:///repo/shop/snapshots/one_seen.preview.sql?node=snapshot.shop.one_seen",
        ),
        (
            "glueline.compile",
            json!([{"uri": tests, "position": {"line": 0, "character": 56}}]),
            "x is null",
            "glueline-compiled:///repo/shop/models/m.yml/not_null_a_x.compiled.sql?node=test.shop.not_null_a_x",
        ),
    ] {
        let answer = run(&mut editor, command, arguments.clone()).await;
        let content = answer["result"]["content"].as_str();
        let content = content.unwrap_or_else(|| panic!("{command} {arguments}: {answer}"));
        assert!(content.contains(holds), "{command} {arguments}: {content}");
        let made = answer["result"]["uri"].as_str().unwrap();
        assert!(made.starts_with(name), "{command} {arguments}: {made}");
        // The name leads to the same text again.
        let again = editor.request("glueline/document", json!({ "uri": made })).await;
        assert_eq!(again["content"], content, "{command} {arguments}");
    }
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_is_refused() {
    let mut editor = Editor::start(FILES, json!({})).await;
    editor
        .open(&uri("models/a.sql"), "select {{ one() }} as x\n")
        .await;
    for (command, arguments, code) in [
        ("glueline.compile", json!([{"uri": uri("macros/m.sql")}]), -32803),
        (
            "glueline.compile",
            json!([{"uri": uri("models/a.sql"), "node": "model.shop.z"}]),
            -32803,
        ),
        (
            "glueline.compile",
            json!([{"uri": uri("models/a.sql"), "position": 3}]),
            -32602,
        ),
    ] {
        let answer = run(&mut editor, command, arguments.clone()).await;
        assert_eq!(answer["error"]["code"], code, "{command} {arguments}: {answer}");
    }
    for arguments in [
        json!([]),
        json!([3]),
        json!([{"uri": "file:///nowhere.sql"}]),
        json!(["untitled:x"]),
    ] {
        let answer = run(&mut editor, "glueline.preview", arguments.clone()).await;
        assert_eq!(answer["result"], Value::Null, "{arguments}: {answer}");
    }
    editor.end().await;
}
