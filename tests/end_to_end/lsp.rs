//! `glueline lsp`: the binary over its standard streams, with the settings that `check` knows.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::Project;

/// Sends messages, one after the other, and reads until the server ends: the status, and what it sent.
fn talk(project: &Project, arguments: &[&str], messages: &[Value]) -> (Option<i32>, Vec<Value>) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_glueline"))
        .arg("lsp")
        .args(arguments)
        .env_remove("DBT_PROFILES_DIR")
        .current_dir(project.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut sent = Vec::new();
    for message in messages {
        let text = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        // What is asked is waited for: leaving takes back what is not answered.
        let is_answer = |sent: &Value| sent.get("method").is_none() && sent["id"] == message["id"];
        while message.get("id").is_some() && !sent.last().is_some_and(is_answer) {
            sent.push(receive(&mut output).expect("an answer"));
        }
    }
    drop(input);
    sent.extend(std::iter::from_fn(|| receive(&mut output)));
    (server.wait().unwrap().code(), sent)
}

/// The next message of the server; `None` where there is none.
fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    output.read_line(&mut header).unwrap();
    let length = header
        .trim_end()
        .strip_prefix("Content-Length: ")?
        .parse()
        .unwrap();
    output.read_line(&mut header).unwrap();
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    Some(serde_json::from_slice(&body).unwrap())
}

fn request(id: i64, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn note(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// A conversation that opens a model and asks what is wrong everywhere.
fn conversation(project: &Project, text: &str) -> Vec<Value> {
    let root = format!("file://{}", project.path("models").parent().unwrap().display());
    let capabilities =
        json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}});
    let document =
        json!({"uri": format!("{root}/models/a.sql"), "languageId": "sql", "version": 1, "text": text});
    vec![
        request(
            1,
            "initialize",
            &json!({"processId": null, "rootUri": root, "capabilities": capabilities}),
        ),
        note("initialized", &json!({})),
        note("textDocument/didOpen", &json!({ "textDocument": document })),
        request(2, "workspace/diagnostic", &json!({"previousResultIds": []})),
    ]
}

fn farewell() -> [Value; 2] {
    [
        json!({"jsonrpc": "2.0", "id": 9, "method": "shutdown"}),
        json!({"jsonrpc": "2.0", "method": "exit"}),
    ]
}

/// The codes and severities of everything that an answer reports, by the ends of paths.
fn found(sent: &[Value], id: i64) -> Vec<(String, String, i64)> {
    let answer = sent
        .iter()
        .find(|message| message["id"] == id && message.get("method").is_none());
    let answer = answer.unwrap_or_else(|| panic!("no answer: {sent:?}"));
    let mut found = Vec::new();
    for file in answer["result"]["items"].as_array().unwrap() {
        let name = file["uri"].as_str().unwrap().rsplit('/').next().unwrap();
        for item in file["items"].as_array().unwrap() {
            let code = item["code"].as_str().unwrap();
            found.push((
                name.to_owned(),
                code.to_owned(),
                item["severity"].as_i64().unwrap(),
            ));
        }
    }
    found
}

#[test]
fn levels_of_rules_are_those_of_check() {
    let project = Project::new(&[("models/a.sql", "select 1 as x\n")]);
    project.write(
        "glueline.toml",
        "tarject = 'x'\n[rules]\nmissing-ref = 'hint'\njinja-syntax = 'off'\n",
    );
    let mut messages = conversation(&project, "select * from {{ ref('gone') }} {{ x }\n");
    messages.extend(farewell());
    let (status, sent) = talk(&project, &["--stdio"], &messages);
    let found = found(&sent, 2);
    let of = |name: &str| {
        found
            .iter()
            .filter(|(file, ..)| file == name)
            .map(|(_, code, level)| (code.as_str(), *level))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("a.sql"), [("missing-ref", 4)], "{found:?}");
    assert_eq!(of("glueline.toml"), [("invalid-settings", 2)], "{found:?}");
    assert_eq!(status, Some(0));
}

#[test]
fn the_status_tells_whether_the_editor_said_farewell() {
    let project = Project::new(&[("models/a.sql", "select 1 as x\n")]);
    let messages = conversation(&project, "select 1 as x\n");
    assert_eq!(talk(&project, &[], &messages).0, Some(1), "the pipe was closed");
    let exit = [json!({"jsonrpc": "2.0", "method": "exit"})];
    assert_eq!(talk(&project, &[], &exit).0, Some(1), "no farewell");
    assert_eq!(
        talk(&project, &["--record", "no/such/directory/x"], &[]).0,
        Some(2)
    );
}

#[test]
fn a_conversation_is_recorded_and_held_again() {
    let project = Project::new(&[("models/a.sql", "select 1 as x\n")]);
    let mut messages = conversation(&project, "select * from {{ ref('gone') }}\n");
    messages.extend(farewell());
    let (status, sent) = talk(&project, &["--record", "talk.jsonl"], &messages);
    assert_eq!((status, found(&sent, 2).len()), (Some(0), 1), "{sent:?}");
    let log = project.read("talk.jsonl");
    assert!(!log.contains("role_arn"), "nothing of the profile is in it");
    let again = project.glueline(&["lsp", "--replay", "talk.jsonl"]);
    assert_eq!(
        (again.status, again.stdout.as_str()),
        (0, "3 answers as before, 0 answers different\n"),
        "{}",
        again.stderr
    );
}
