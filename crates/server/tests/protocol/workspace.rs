//! Folders, files on the disk, settings: what changes besides the texts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use glueline_base::OsSystem;
use glueline_server::{Replayed, replay};
use serde_json::{Value, json};

use crate::editor::{Disk, Editor, ROOT, uri};

/// Waits until the client is told that a file has findings with these codes.
async fn told(editor: &mut Editor, uri: &str, codes: &[&str]) {
    editor
        .wait(|message| {
            let params = &message["params"];
            let found = params["diagnostics"].as_array();
            let found = found.map(|found| {
                found
                    .iter()
                    .map(|found| found["code"].as_str().unwrap_or(""))
                    .collect::<Vec<_>>()
            });
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && found.as_deref() == Some(codes)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_come_and_go_with_their_projects() {
    let mut editor = Editor::start_with(
        "//- models/a.sql\nselect 1\n",
        json!({"capabilities": {}, "rootUri": null, "workspaceFolders": []}),
    )
    .await;
    for (path, text) in [
        ("/other/x/dbt_project.yml", "name: x\nversion: '1.0'\n"),
        ("/other/x/models/m.sql", "select * from {{ ref('gone') }}\n"),
    ] {
        editor.disk.write_at(path, text);
    }
    let folder = json!({"uri": "file:///other", "name": "other"});
    let change = |added: Value, removed: Value| json!({"event": {"added": added, "removed": removed}});
    let file = "file:///other/x/models/m.sql";
    editor
        .notify(
            "workspace/didChangeWorkspaceFolders",
            change(json!([folder]), json!([])),
        )
        .await;
    told(&mut editor, file, &["missing-ref"]).await;
    editor
        .notify(
            "workspace/didChangeWorkspaceFolders",
            change(json!([]), json!([folder])),
        )
        .await;
    told(&mut editor, file, &[]).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_comes_takes_its_documents_in() {
    let mut editor = Editor::start_with("", json!({"capabilities": {}, "rootUri": null})).await;
    let file = "file:///new/models/m.sql";
    editor.open(file, "{{ ref('gone') }}\n{{ x }\n").await;
    told(&mut editor, file, &["jinja-syntax"]).await;
    editor
        .disk
        .write_at("/new/dbt_project.yml", "name: new\nversion: '1.0'\n");
    let created = json!({"files": [{"uri": "file:///new/dbt_project.yml"}]});
    editor.notify("workspace/didCreateFiles", created).await;
    told(&mut editor, file, &["missing-ref", "jinja-syntax"]).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_deleted_and_many_change_at_once() {
    let files = "//- models/a.sql\nselect * from {{ ref('b') }}\n//- models/b.sql\nselect 1 as x\n";
    let mut editor = Editor::start(files, json!({})).await;
    let file = uri("models/a.sql");
    editor
        .open(
            &file,
            "select x from {{ ref('b') }} union all select x from {{ ref('gone') }}\n",
        )
        .await;
    told(&mut editor, &file, &["missing-ref"]).await;
    editor.disk.remove(&format!("{ROOT}/models/b.sql"));
    editor
        .notify(
            "workspace/didDeleteFiles",
            json!({"files": [{"uri": uri("models/b.sql")}]}),
        )
        .await;
    told(&mut editor, &file, &["missing-ref", "missing-ref"]).await;
    // Another branch: nobody lists what it did to every file.
    editor.disk.write("models/gone.sql", "select 1 as x\n");
    editor.disk.write("models/deep/down/b.sql", "select 1 as x\n");
    let paths: Vec<String> = (0..100)
        .map(|number| format!("models/deep/{number}.sql"))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    editor.saw(&paths).await;
    told(&mut editor, &file, &[]).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_come_with_the_greeting_by_notification_and_on_request() {
    let files = "//- models/a.sql\nselect '{{ var(\"v\") }}' as x\n";
    let file = uri("models/a.sql");
    // With the greeting.
    let options = json!({"capabilities": {}, "initializationOptions": {"vars": "{v: 1}"}});
    let mut editor = Editor::start_with(files, options).await;
    editor
        .open(&file, "select '{{ var(\"v\") }}' as x, {{ ref('gone') }}\n")
        .await;
    told(&mut editor, &file, &["missing-ref"]).await;
    // By notification.
    editor
        .notify(
            "workspace/didChangeConfiguration",
            json!({"settings": {"glueline": {"vars": ""}}}),
        )
        .await;
    told(&mut editor, &file, &["missing-var", "missing-ref"]).await;
    editor
        .notify(
            "workspace/didChangeConfiguration",
            json!({"settings": {"glueline": {"vars": "[1"}}}),
        )
        .await;
    let shown = editor
        .wait(|message| message["method"] == "window/showMessage")
        .await;
    assert!(
        shown["params"]["message"]
            .as_str()
            .unwrap()
            .contains("glueline.vars"),
        "{shown}"
    );
    editor.end().await;
    // On request.
    let capabilities = json!({"workspace": {"configuration": true}});
    let mut editor = Editor::connect(files);
    editor.configuration = json!([{"vars": "{v: 1}"}]);
    editor.greet(json!({ "capabilities": capabilities })).await;
    editor
        .wait(|message| message["method"] == "workspace/configuration")
        .await;
    editor
        .open(&file, "select '{{ var(\"v\") }}' as x, {{ ref('gone') }}\n")
        .await;
    told(&mut editor, &file, &["missing-ref"]).await;
    editor.configuration = json!([{"vars": ""}]);
    editor
        .notify("workspace/didChangeConfiguration", json!({"settings": null}))
        .await;
    told(&mut editor, &file, &["missing-var", "missing-ref"]).await;
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_open_files_are_told_of_where_that_is_wanted() {
    let files = "//- models/a.sql\nselect * from {{ ref('gone') }}\n//- models/b.sql\nselect * from {{ ref('gone') }}\n";
    let options =
        json!({"capabilities": {}, "initializationOptions": {"diagnostics": {"scope": "openFiles"}}});
    let mut editor = Editor::start_with(files, options).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select * from {{ ref('gone') }}\n").await;
    told(&mut editor, &file, &["missing-ref"]).await;
    editor
        .notify("textDocument/didClose", json!({"textDocument": {"uri": file}}))
        .await;
    told(&mut editor, &file, &[]).await;
    let others = editor.messages_of("textDocument/publishDiagnostics");
    assert!(others.iter().all(|told| told["uri"] == file), "{others:?}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_time_is_shown() {
    let capabilities = json!({
        "window": {"workDoneProgress": true},
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
    });
    let mut editor = Editor::start("//- models/a.sql\nselect 1\n", capabilities).await;
    let registered = editor
        .wait(|message| message["method"] == "client/registerCapability")
        .await;
    let watched = &registered["params"]["registrations"][0];
    assert_eq!(
        watched["method"], "workspace/didChangeWatchedFiles",
        "{registered}"
    );
    for kind in ["begin", "end"] {
        editor
            .wait(|message| message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind)
            .await;
    }
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_looks_at_the_disk_where_the_client_does_not() {
    let directory =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("watched-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("models")).unwrap();
    std::fs::write(directory.join("dbt_project.yml"), "name: shop\nversion: '1.0'\n").unwrap();
    std::fs::write(directory.join("models/a.sql"), "select * from {{ ref('b') }}\n").unwrap();
    let root = format!("file://{}", directory.display());
    let mut editor = Editor::connect_to(Arc::new(OsSystem));
    editor.greet(json!({"capabilities": {}, "rootUri": root})).await;
    let file = format!("{root}/models/a.sql");
    told(&mut editor, &file, &["missing-ref"]).await;
    std::fs::write(directory.join("models/b.sql"), "select 1 as x\n").unwrap();
    told(&mut editor, &file, &[]).await;
    std::fs::rename(directory.join("models/b.sql"), directory.join("models/c.sql")).unwrap();
    told(&mut editor, &file, &["missing-ref"]).await;
    // A directory that did not exist when the server began.
    std::fs::create_dir(directory.join("seeds")).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    std::fs::write(directory.join("seeds/b.csv"), "x\n1\n").unwrap();
    told(&mut editor, &file, &[]).await;
    editor.end().await;
    std::fs::remove_dir_all(&directory).unwrap();
}

/// A file that can be looked at while it is written.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_was_recorded_is_held_again() {
    let files = "//- models/a.sql\nselect * from {{ ref('gone') }}\n";
    let paper = Paper::default();
    let mut editor = Editor::recorded(files, Box::new(paper.clone()));
    let capabilities = json!({"workspace": {"configuration": true, "diagnostics": {"refreshSupport": true}}, "textDocument": {"diagnostic": {}}});
    editor.greet(json!({ "capabilities": capabilities })).await;
    let file = uri("models/a.sql");
    editor.open(&file, "select * from {{ ref('gone') }}\n").await;
    editor
        .request("workspace/diagnostic", json!({"previousResultIds": []}))
        .await;
    editor
        .request(
            "textDocument/foldingRange",
            json!({"textDocument": {"uri": file}}),
        )
        .await;
    editor.end().await;
    let log = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.lines()
            .filter(|line| line.contains("\"from\":\"client\""))
            .count()
            >= 6,
        "{log}"
    );

    let again = |log: String| {
        let setup = Editor::setup(Arc::new(Disk::new(files)), None);
        tokio::task::spawn_blocking(move || {
            let mut report = Vec::new();
            let replayed = replay(&log, setup, &mut report).unwrap();
            (replayed, String::from_utf8(report).unwrap())
        })
    };
    let (replayed, report) = again(log.clone()).await.unwrap();
    assert_eq!(
        replayed,
        Replayed {
            same: 4,
            different: 0
        },
        "{report}"
    );
    let (replayed, report) = again(log.replace("missing-ref", "missing-reference"))
        .await
        .unwrap();
    assert_eq!(
        replayed,
        Replayed {
            same: 3,
            different: 1
        },
        "{report}"
    );
    assert!(report.contains("missing-reference"), "{report}");
}
