//! What is told of things: hovers, signatures, hints, lenses, symbols, hierarchies.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

const FILES: &str = "\
//- models/a.sql
select {{ cents('é') }} as x from {{ ref('b') }}
//- models/b.sql
select 1 as x
//- models/p.yml
models:
  - name: b
    description: The *second*.
    columns: [{name: x, data_tests: [unique]}]
//- macros/m.sql
{% macro cents(column, scale=2) %}{{ round_(column) }}{% endmacro %}
{% macro round_(x) %}{{ x }}{% endmacro %}
";

fn at(path: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}})
}

async fn started(capabilities: Value) -> Editor {
    let mut editor = Editor::start(FILES, capabilities).await;
    for path in ["models/a.sql", "models/p.yml", "macros/m.sql"] {
        let text = editor.disk.text(path);
        editor.open(&uri(path), &text).await;
    }
    editor
}

#[tokio::test]
async fn hovers_are_written_as_the_client_reads_them() {
    for (formats, kind, words) in [
        (json!(["markdown", "plaintext"]), "markdown", "**model** `b`"),
        (json!(["plaintext"]), "plaintext", "model b"),
    ] {
        let mut editor = started(json!({"textDocument": {"hover": {"contentFormat": formats}}})).await;
        let hover = editor
            .request("textDocument/hover", at("models/a.sql", 0, 42))
            .await;
        assert_eq!(hover["contents"]["kind"], kind, "{hover}");
        assert!(
            hover["contents"]["value"].as_str().unwrap().contains(words),
            "{hover}"
        );
        assert_eq!(hover["range"]["start"]["character"], 42);
        let nothing = editor
            .request("textDocument/hover", at("models/a.sql", 0, 2))
            .await;
        assert_eq!(nothing, Value::Null);
        editor.end().await;
    }
}

#[tokio::test]
async fn signatures_tell_the_parameter_that_is_written() {
    let mut editor = started(json!({})).await;
    let text = "select {{ cents('é', ";
    let whole = json!(null);
    editor.change(&uri("models/a.sql"), 2, &[(whole, text)]).await;
    let help = editor
        .request("textDocument/signatureHelp", at("models/a.sql", 0, 21))
        .await;
    assert_eq!(help["signatures"][0]["label"], "cents(column, scale=2)");
    assert_eq!(help["activeParameter"], 1);
    assert_eq!(help["signatures"][0]["parameters"][1]["label"], json!([14, 21]));
    editor.end().await;
}

#[tokio::test]
async fn hints_stand_in_their_lines() {
    let mut editor = started(json!({})).await;
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let params = json!({"textDocument": {"uri": uri("models/a.sql")}, "range": range});
    let hints = editor.request("textDocument/inlayHint", params).await;
    let labels: Vec<&str> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| hint["label"][0]["value"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["materialized=view", "analytics.b"]);
    assert_eq!(hints[0]["paddingRight"], true);
    assert_eq!(hints[1]["paddingRight"], false);
    assert_eq!(hints[1]["position"]["character"], 45);
    assert_eq!(hints[1]["label"][0]["location"]["uri"], uri("models/b.sql"));
    editor.end().await;
}

#[tokio::test]
async fn lenses_are_resolved_when_they_are_seen() {
    let mut editor = started(json!({})).await;
    for (path, wanted) in [
        (
            "models/a.sql",
            &[
                "Preview",
                "Compiled SQL",
                "Run",
                "Show rows",
                "1 parent, 0 children",
            ][..],
        ),
        (
            "models/p.yml",
            &[
                "Preview",
                "Compiled SQL",
                "Run",
                "Show rows",
                "0 parents, 1 child, 1 test",
            ],
        ),
        ("macros/m.sql", &["1 use", "1 use"]),
    ] {
        let params = json!({"textDocument": {"uri": uri(path)}});
        let lenses = editor.request("textDocument/codeLens", params).await;
        let mut titles = Vec::new();
        for lens in lenses.as_array().unwrap() {
            let lens = editor.request("codeLens/resolve", lens.clone()).await;
            titles.push(lens["command"]["title"].as_str().unwrap().to_owned());
            if lens["command"]["command"] == "glueline.preview" {
                assert_eq!(lens["command"]["arguments"][0]["uri"], uri(path));
            }
        }
        assert_eq!(titles, wanted, "{path}");
    }
    editor.end().await;
}

#[tokio::test]
async fn counts_lead_to_places_where_the_client_has_a_command_for_it() {
    let known = json!({"experimental": {"commands": {"commands": ["glueline.showReferences"]}}});
    for (capabilities, wanted) in [(json!({}), ""), (known, "glueline.showReferences")] {
        let mut editor = started(capabilities).await;
        let params = json!({"textDocument": {"uri": uri("models/p.yml")}});
        let lenses = editor.request("textDocument/codeLens", params).await;
        let last = lenses.as_array().unwrap().last().unwrap().clone();
        let lens = editor.request("codeLens/resolve", last).await;
        assert_eq!(lens["command"]["title"], "0 parents, 1 child, 1 test");
        assert_eq!(lens["command"]["command"], wanted);
        let arguments = &lens["command"]["arguments"];
        if !wanted.is_empty() {
            assert_eq!(arguments[0], uri("models/p.yml"));
            assert_eq!(arguments[1], lens["range"]["start"]);
            assert_eq!(arguments[2].as_array().unwrap().len(), 2);
        }
        editor.end().await;
    }
}

#[tokio::test]
async fn symbols_are_a_tree_or_a_list() {
    let params = json!({"textDocument": {"uri": uri("models/p.yml")}});
    let mut editor =
        started(json!({"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}}}))
            .await;
    let symbols = editor
        .request("textDocument/documentSymbol", params.clone())
        .await;
    assert_eq!(symbols[0]["name"], "b");
    assert_eq!(symbols[0]["children"][0]["name"], "x");
    assert_eq!(symbols[0]["children"][0]["children"][0]["name"], "unique");
    editor.end().await;
    let mut editor = started(json!({})).await;
    let symbols = editor.request("textDocument/documentSymbol", params).await;
    let names: Vec<_> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| &symbol["name"])
        .collect();
    assert_eq!(names, ["b", "x", "unique"]);
    assert_eq!(symbols[2]["containerName"], "x");
    let found = editor.request("workspace/symbol", json!({"query": "cnts"})).await;
    assert_eq!(found[0]["name"], "cents");
    assert_eq!(found[0]["location"]["uri"], uri("macros/m.sql"));
    editor.end().await;
}

#[tokio::test]
async fn macros_and_nodes_have_hierarchies() {
    let mut editor = started(json!({})).await;
    let items = editor
        .request("textDocument/prepareCallHierarchy", at("macros/m.sql", 0, 11))
        .await;
    assert_eq!(items[0]["name"], "cents");
    let item = json!({"item": items[0]});
    let up = editor.request("callHierarchy/incomingCalls", item.clone()).await;
    assert_eq!(up[0]["from"]["name"], "a");
    assert_eq!(up[0]["fromRanges"][0]["start"]["character"], 10);
    let down = editor.request("callHierarchy/outgoingCalls", item).await;
    assert_eq!(down[0]["to"]["name"], "round_");
    let items = editor
        .request("textDocument/prepareTypeHierarchy", at("models/a.sql", 0, 0))
        .await;
    assert_eq!(items[0]["name"], "a");
    let item = json!({"item": items[0]});
    let parents = editor.request("typeHierarchy/supertypes", item.clone()).await;
    assert_eq!(parents[0]["name"], "b");
    let children = editor.request("typeHierarchy/subtypes", item).await;
    assert_eq!(children, json!([]));
    let of_parent = json!({"item": parents[0]});
    let back = editor.request("typeHierarchy/subtypes", of_parent).await;
    assert_eq!(back[0]["name"], "a");
    editor.end().await;
}
