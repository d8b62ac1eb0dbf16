//! Texts of the server: asked for, mapped, refreshed.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "\
//- models/a.sql
{{ config(materialized='incremental', incremental_strategy='append', file_format='parquet') }}
select 1 as first_column
{% if is_incremental() %}where later{% endif %}
";

const MODEL: &str = "models/a.sql";

fn made(scheme: &str, rest: &str) -> String {
    uri(MODEL).replacen("file:", &format!("{scheme}:"), 1) + rest
}

fn place(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
    let (before, _) = text.split_at(at);
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    json!({"line": line, "character": at - start})
}

#[tokio::test]
async fn texts_are_made_and_mapped() {
    let mut editor = Editor::start(FILES, json!({})).await;
    let text = editor.disk.text(MODEL);
    editor.open(&uri(MODEL), &text).await;
    for (name, words) in [
        (
            made("glueline-compiled", ""),
            "-- The first run: analytics.a is not there yet.",
        ),
        (made("glueline-compiled", "?run=later"), "where later"),
        (
            made("glueline-compiled", "?node%3Dmodel.shop.a%26run%3Dlater"),
            "where later",
        ),
        (made("glueline-preview", "?node=model.shop.a"), "-- 1. "),
        // As the server names them, for a person to tell them apart.
        (
            made("glueline-compiled", "?run=later").replace("a.sql", "a.compiled.later.sql"),
            "where later",
        ),
        (
            made("glueline-preview", "").replace("a.sql", "a.preview.sql"),
            "-- 1. ",
        ),
    ] {
        let answer = editor.request("glueline/document", json!({"uri": name})).await;
        let content = answer["content"].as_str().unwrap();
        assert!(content.contains(words), "{content}");
        assert_eq!(answer["languageId"], "sql");
        assert_eq!(answer["complete"], true);
        let position = place(content, "first_column");
        let map = json!({"uri": name, "position": position});
        let source = editor.request("glueline/sourceMap", map).await;
        assert_eq!(source["uri"], uri(MODEL));
        assert_eq!(source["ranges"][0]["start"], place(&text, "first_column"));
        let back = json!({"uri": uri(MODEL), "position": place(&text, "first_column"), "document": name});
        let back = editor.request("glueline/sourceMap", back).await;
        assert_eq!(back["uri"], name);
        assert_eq!(back["ranges"][0]["start"], position);
    }
    for name in [
        "glueline-compiled:///nowhere/x.sql",
        "glueline-compiled:///repo/shop/models/b.compiled.sql",
        "glueline-compiled:///repo/shop/models/.compiled.sql",
        "file:///repo/shop/models/a.sql",
        "nonsense",
    ] {
        let answer = editor.request("glueline/document", json!({"uri": name})).await;
        assert_eq!(answer, Value::Null, "{name}");
    }
    editor.end().await;
}

#[tokio::test]
async fn a_text_that_changes_is_told_of() {
    let mut editor = Editor::start(FILES, json!({})).await;
    let text = editor.disk.text(MODEL);
    editor.open(&uri(MODEL), &text).await;
    let name = made("glueline-compiled", "");
    editor.request("glueline/document", json!({"uri": name})).await;
    editor
        .change(&uri(MODEL), 2, &[(Value::Null, "select 2 as other_column\n")])
        .await;
    let told = editor
        .wait(|message| message["method"] == "glueline/documentChanged")
        .await;
    assert_eq!(told["params"]["uri"], name);
    let answer = editor.request("glueline/document", json!({"uri": name})).await;
    assert_eq!(answer["content"], "select 2 as other_column\n");
    editor.end().await;
}

#[tokio::test]
async fn a_text_that_is_asked_for_before_anything_is_known_follows_too() {
    // No folder tells where the project is, and the text is asked for before its source is opened.
    let mut editor = Editor::start_with(FILES, json!({"capabilities": {}, "rootUri": null})).await;
    let name = made("glueline-compiled", "");
    let answer = editor.request("glueline/document", json!({"uri": name})).await;
    assert!(
        answer["content"].as_str().unwrap().contains("first_column"),
        "{answer}"
    );
    let gone = name.replace("a.sql", "b.sql");
    assert_eq!(
        editor.request("glueline/document", json!({"uri": gone})).await,
        Value::Null
    );
    editor.open(&uri(MODEL), "select 2 as other_column\n").await;
    editor.open(&uri("models/b.sql"), "select 3 as x\n").await;
    for name in [&name, &gone] {
        editor
            .wait(|message| {
                message["method"] == "glueline/documentChanged" && message["params"]["uri"] == **name
            })
            .await;
    }
    editor.end().await;
}

#[tokio::test]
async fn clients_that_have_such_texts_are_asked_to_ask_again() {
    let capabilities = json!({"workspace": {"textDocumentContent": {"dynamicRegistration": false}}});
    let mut editor = Editor::start(FILES, capabilities).await;
    let text = editor.disk.text(MODEL);
    editor.open(&uri(MODEL), &text).await;
    let name = made("glueline-compiled", "");
    let answer = editor
        .request("workspace/textDocumentContent", json!({"uri": name}))
        .await;
    assert!(
        answer["text"].as_str().unwrap().contains("first_column"),
        "{answer}"
    );
    editor
        .change(&uri(MODEL), 2, &[(Value::Null, "select 2 as x\n")])
        .await;
    let asked = editor
        .wait(|message| message["method"] == "workspace/textDocumentContent/refresh")
        .await;
    assert_eq!(asked["params"]["uri"], name);
    editor
        .send(json!({"jsonrpc": "2.0", "id": asked["id"], "result": null}))
        .await;
    editor.end().await;
}
