//! How conversations begin, go wrong and end.

use glueline_server::Exit;
use serde_json::{Value, json};

use crate::editor::{Editor, uri};

fn framed(text: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{text}", text.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_answered_before_the_greeting_and_after_the_farewell() {
    let hover = || json!({"textDocument": {"uri": uri("models/a.sql")}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "context": {"diagnostics": []}});
    let mut editor = Editor::connect("");
    editor.open(&uri("models/a.sql"), "select 1").await;
    for method in ["textDocument/codeAction", "shutdown", "glueline/nothing"] {
        let params = if method == "shutdown" {
            Value::Null
        } else {
            hover()
        };
        let id = editor.ask(method, params).await;
        let code = if method.starts_with("glueline") {
            -32601
        } else {
            -32002
        };
        assert_eq!(editor.answer(id).await["error"]["code"], code, "{method}");
    }
    editor.greet(json!({"capabilities": {}})).await;
    let id = editor
        .ask(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": {}}),
        )
        .await;
    assert_eq!(
        editor.answer(id).await["error"]["code"],
        -32600,
        "a second greeting"
    );
    editor.request("shutdown", Value::Null).await;
    for (method, params) in [("textDocument/codeAction", hover()), ("shutdown", Value::Null)] {
        let id = editor.ask(method, params).await;
        assert_eq!(editor.answer(id).await["error"]["code"], -32600, "{method}");
    }
    editor.open(&uri("models/a.sql"), "select 1").await;
    editor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_before_the_farewell_is_answered_before_it() {
    let document = json!({"textDocument": {"uri": uri("models/a.sql")}});
    let mut editor = Editor::start("//- models/a.sql\nselect 1 as x\n", json!({})).await;
    editor.open(&uri("models/a.sql"), "select 1 as x\n").await;
    editor
        .request("textDocument/documentSymbol", document.clone())
        .await;
    editor.disk.hold(true);
    editor
        .request("workspace/executeCommand", json!({"command": "glueline.restart"}))
        .await;
    let asked = editor.ask("textDocument/documentSymbol", document.clone()).await;
    let farewell = editor.ask("shutdown", Value::Null).await;
    // Refused at once, and so behind a farewell that waits for nobody.
    let late = editor.ask("textDocument/documentSymbol", document).await;
    editor.answer(late).await;
    editor.disk.hold(false);
    editor.answer(asked).await;
    editor.answer(farewell).await;
    let answered = editor.answered();
    assert!(answered.ends_with(&[late, asked, farewell]), "{answered:?}");
    editor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_says_whether_the_client_said_farewell() {
    let exit = json!({"jsonrpc": "2.0", "method": "exit"});
    let mut editor = Editor::connect("");
    editor.send(exit.clone()).await;
    assert_eq!(editor.over().await, Exit::Abrupt, "no greeting");

    let mut editor = Editor::start("", json!({})).await;
    editor.send(exit.clone()).await;
    assert_eq!(editor.over().await, Exit::Abrupt, "no farewell");

    let editor = Editor::start("", json!({})).await;
    assert_eq!(editor.hang_up().await, Exit::Abrupt, "the pipe was closed");

    let mut editor = Editor::start("", json!({})).await;
    editor.request("shutdown", Value::Null).await;
    assert_eq!(
        editor.hang_up().await,
        Exit::Orderly,
        "the pipe was closed after the farewell"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_ends_with_the_client() {
    let mut editor = Editor::connect("");
    editor.disk.write_at("/proc/self/stat", "");
    editor.disk.write_at("/proc/77/stat", "");
    editor.greet(json!({"processId": 77, "capabilities": {}})).await;
    editor.disk.remove("/proc/77");
    assert_eq!(editor.over().await, Exit::Abrupt);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_refused_or_passed_over() {
    let mut editor = Editor::start("", json!({})).await;
    for (method, params, code) in [
        ("glueline/nothing", json!({}), -32601),
        ("$/nothing", json!({}), -32601),
        ("textDocument/onTypeFormatting", json!({}), -32602),
        ("textDocument/codeAction", json!({}), -32602),
        ("textDocument/codeAction", json!([1]), -32602),
        ("textDocument/codeAction", Value::Null, -32602),
        (
            "workspace/executeCommand",
            json!({"command": "glueline.nothing"}),
            -32602,
        ),
        (
            "workspace/executeCommand",
            json!({"command": "glueline.run"}),
            -32803,
        ),
        (
            "workspace/executeCommand",
            json!({"command": "glueline.session.start", "arguments": []}),
            -32803,
        ),
        (
            "workspace/executeCommand",
            json!({"command": "glueline.catalogPull"}),
            -32803,
        ),
    ] {
        let id = editor.ask(method, params.clone()).await;
        let answer = editor.answer(id).await;
        assert_eq!(answer["error"]["code"], code, "{method} {params}: {answer}");
        if code == -32803 {
            let words = answer["error"]["message"].as_str().unwrap();
            assert!(
                words == "There is nothing here that dbt runs." || words == "There is no such program.",
                "{answer}"
            );
        }
    }
    // Nor is what an answer says told a second time.
    assert_eq!(editor.messages_of("window/showMessage"), Vec::<Value>::new());
    for (method, params) in [
        ("$/nothing", json!({})),
        ("glueline/nothing", json!({})),
        ("textDocument/didOpen", json!({"textDocument": 3})),
        ("textDocument/didChange", json!({})),
        (
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri("models/z.sql"), "version": 2}, "contentChanges": [{"text": "x"}]}),
        ),
        (
            "textDocument/didClose",
            json!({"textDocument": {"uri": "file:///nowhere"}}),
        ),
        (
            "textDocument/didSave",
            json!({"textDocument": {"uri": "file:///nowhere"}}),
        ),
        (
            "workspace/didChangeWatchedFiles",
            json!({"changes": [{"uri": "http://x/y", "type": 1}]}),
        ),
        ("workspace/didChangeConfiguration", json!({"settings": 3})),
        ("window/workDoneProgress/cancel", json!({"token": "x"})),
        ("$/cancelRequest", json!({"id": 12345})),
        ("$/setTrace", json!({"value": "verbose"})),
        ("initialized", json!({})),
    ] {
        editor.notify(method, params).await;
    }
    let restarted = editor
        .request("workspace/executeCommand", json!({"command": "glueline.restart"}))
        .await;
    assert_eq!(restarted, Value::Null);
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_bytes_are_answered_and_reading_goes_on() {
    let mut editor = Editor::start("", json!({})).await;
    for (bytes, code) in [
        (framed("{\"jsonrpc\": \"2.0\", "), -32700),
        (framed(""), -32700),
        (framed("[]"), -32600),
        (framed("{\"jsonrpc\":\"2.0\"}"), -32600),
        ("Content-Length: twelve\r\n\r\n".to_owned(), -32700),
        ("Content-Type: application/json\r\n\r\n".to_owned(), -32700),
        ("what is this\r\n".to_owned(), -32700),
        ("Content-Length: 99999999999999999999\r\n\r\n".to_owned(), -32700),
        // Shorter than its header says, or longer: the next message is found all the same.
        (format!("{}}}}}", framed("{\"jsonrpc\": ")), -32700),
    ] {
        editor.send_bytes(bytes.as_bytes()).await;
        let answer = editor
            .wait(|message| message.get("method").is_none() && message["id"].is_null())
            .await;
        assert_eq!(answer["error"]["code"], code, "{bytes}");
        let id = editor
            .ask("workspace/executeCommand", json!({"command": "glueline.nothing"}))
            .await;
        assert_eq!(editor.answer(id).await["error"]["code"], -32602, "after {bytes}");
    }
    // Headers as nobody writes them, and as the protocol allows them.
    let body = "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"glueline/nothing\"}";
    for header in [
        format!("content-length:{}\n\n", body.len()),
        format!(
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            body.len()
        ),
        format!("Content-Length: {}\r\nX-One: 1\r\nX-Two: 2\r\n\r\n", body.len()),
    ] {
        editor.send_bytes(header.as_bytes()).await;
        editor.send_bytes(body.as_bytes()).await;
        let answer = editor.wait(|message| message["id"] == "x").await;
        assert_eq!(answer["error"]["code"], -32601, "{header}");
        editor.forget(&answer);
    }
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_cancelled_is_answered_so() {
    let pulls = json!({"textDocument": {"diagnostic": {}}});
    let mut editor = Editor::start("", pulls).await;
    // It waits until there is something new, which there never is.
    let params = json!({"previousResultIds": [], "partialResultToken": "t"});
    let id = editor.ask("workspace/diagnostic", params).await;
    editor.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(editor.answer(id).await["error"]["code"], -32800);
    editor.end().await;
}
