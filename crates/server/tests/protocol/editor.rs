//! A client for tests: it sends what it is told to, keeps every message of both sides, and has those of the server judged.

use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use glueline_base::{
    Cancel, Diagnostic, DirEntry, FileId, FileKind, MemSystem, System, Utf8Path, Utf8PathBuf,
};
use glueline_ide::Options;
use glueline_project::{LoadOptions, parse_vars};
use glueline_server::{Asked, Ended, Exit, Host, Job, Judge, OnRecord, ProjectSettings, Setup, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;

use crate::jobs::Jobs;

/// A server that says nothing for so long has forgotten something.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the projects of tests lie.
pub(crate) const ROOT: &str = "/repo/shop";

/// A `dbt_project.yml` and a `profiles.yml` for dbt-glue, where a test has none.
const DEFAULTS: [(&str, &str); 2] = [
    ("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n"),
    (
        "profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/glue\n      region: eu-west-1\n      schema: analytics\n      location: s3://bucket/warehouse\n      glue_version: '5.0'\n      workers: 2\n      worker_type: G.1X\n",
    ),
];

/// Files that tests write to while the server looks.
#[derive(Debug, Clone)]
pub(crate) struct Disk(
    Arc<Mutex<MemSystem>>,
    Arc<Mutex<BTreeSet<Utf8PathBuf>>>,
    Arc<(Mutex<bool>, Condvar)>,
    Jobs,
);

impl Disk {
    /// The files behind lines `//- path`, below [`ROOT`], and the defaults.
    pub(crate) fn new(text: &str) -> Self {
        let mut disk = MemSystem::new();
        disk.set_env("HOME", "/home");
        for (path, content) in DEFAULTS {
            disk.write(format!("{ROOT}/{path}"), content);
        }
        for part in text.split("//- ").skip(1) {
            let (path, content) = part.split_once('\n').expect("a path and a text");
            disk.write(format!("{ROOT}/{}", path.trim()), content);
        }
        Self(
            Arc::new(Mutex::new(disk)),
            Arc::default(),
            Arc::default(),
            Jobs::default(),
        )
    }

    /// The commands that the server has carried out.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.3
    }

    /// Writes a file anywhere.
    pub(crate) fn write_at(&self, path: &str, text: &str) {
        self.0.lock().unwrap().write(path, text);
    }

    /// Removes a file or a directory anywhere.
    pub(crate) fn remove(&self, path: &str) {
        self.1.lock().unwrap().insert(path.into());
    }

    /// Whoever looks for a file waits from now on, or no longer.
    pub(crate) fn hold(&self, held: bool) {
        *self.2.0.lock().unwrap() = held;
        self.2.1.notify_all();
    }

    fn wait(&self) {
        let held = self.2.0.lock().unwrap();
        drop(self.2.1.wait_while(held, |held| *held).unwrap());
    }

    fn has(&self, path: &Utf8Path) -> std::io::Result<()> {
        let gone = self.1.lock().unwrap();
        if path.ancestors().any(|path| gone.contains(path)) {
            return Err(std::io::ErrorKind::NotFound.into());
        }
        Ok(())
    }

    /// The text of a file below [`ROOT`].
    pub(crate) fn text(&self, path: &str) -> String {
        let path = format!("{ROOT}/{path}");
        let bytes = self.0.lock().unwrap().read(path.as_str().into()).expect("a file");
        String::from_utf8(bytes).expect("a text")
    }

    /// Writes a file below [`ROOT`].
    pub(crate) fn write(&self, path: &str, text: &str) {
        self.0.lock().unwrap().write(format!("{ROOT}/{path}"), text);
    }
}

impl System for Disk {
    fn read(&self, path: &Utf8Path) -> std::io::Result<Vec<u8>> {
        self.has(path)?;
        self.0.lock().unwrap().read(path)
    }
    fn read_dir(&self, path: &Utf8Path) -> std::io::Result<Vec<DirEntry>> {
        self.wait();
        self.has(path)?;
        let mut entries = self.0.lock().unwrap().read_dir(path)?;
        entries.retain(|entry| self.has(&path.join(&entry.name)).is_ok());
        Ok(entries)
    }
    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        self.wait();
        self.has(path).ok()?;
        self.0.lock().unwrap().kind(path)
    }
    fn canonical(&self, path: &Utf8Path) -> std::io::Result<Utf8PathBuf> {
        self.0.lock().unwrap().canonical(path)
    }
    fn env_var(&self, name: &str) -> Option<String> {
        self.0.lock().unwrap().env_var(name)
    }
    fn env_vars(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().env_vars()
    }
    fn home(&self) -> Option<Utf8PathBuf> {
        self.0.lock().unwrap().home()
    }
}

/// Settings without `glueline.toml`: what the client asks for is what counts. Every finding of the rule `quiet-rule`… there is none.
struct Plain(Jobs);

impl Host for Plain {
    fn settings(&self, _: &dyn System, project_dir: &Utf8Path, asked: &Asked) -> ProjectSettings {
        let mut load = LoadOptions::new(project_dir);
        load.target.clone_from(&asked.target);
        let mut problems = Vec::new();
        if let Some(vars) = &asked.vars {
            match parse_vars(vars) {
                Ok(vars) => load.vars = vars,
                Err(why) => problems.push(format!("glueline.vars: {why}")),
            }
        }
        ProjectSettings {
            identity: format!("{load:?}"),
            options: Options {
                load,
                started_at: 1_735_689_600_000_000,
            },
            judge: Arc::new(Everything),
            problems,
            read: Vec::new(),
        }
    }

    /// A record is a line: the target, the id, and what is known of it.
    fn session(&self, files: &dyn System, dir: &Utf8Path, profile: &str, target: &str) -> Option<OnRecord> {
        let text = String::from_utf8(files.read(&self.session_file(dir)?).ok()?).ok()?;
        let key = format!("{profile}.{target} ");
        let record = text.lines().find_map(|line| line.strip_prefix(&key))?;
        let (id, text) = record.split_once(' ')?;
        Some(OnRecord {
            id: id.to_owned(),
            text: text.to_owned(),
        })
    }

    fn session_file(&self, dir: &Utf8Path) -> Option<Utf8PathBuf> {
        Some(dir.join("target/glueline/session.txt"))
    }

    fn carry_out(&self, job: &Job, cancel: &Cancel, heard: &mut dyn FnMut(&str)) -> Result<Ended, String> {
        self.0.carry_out(job, cancel, heard)
    }
}

struct Everything;

impl Judge for Everything {
    /// Panics where a model asks for one that is named like that.
    fn level(&self, finding: Diagnostic) -> Option<Diagnostic> {
        assert!(!finding.message.contains("`panics`"), "as the model wants");
        Some(finding)
    }
    fn reports_on(&self, _: &Utf8Path) -> bool {
        true
    }
    fn faults(&self, _: FileId) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// A client and the server that it talks with.
pub(crate) struct Editor {
    write: WriteHalf<DuplexStream>,
    read: BufReader<ReadHalf<DuplexStream>>,
    server: JoinHandle<std::io::Result<Exit>>,
    log: Vec<Value>,
    /// Messages that came while another was waited for.
    kept: VecDeque<Value>,
    next: i64,
    /// The answer to `workspace/configuration`.
    pub(crate) configuration: Value,
    /// The answer to `window/showMessageRequest`.
    pub(crate) chosen: Value,
    /// The result of `initialize`.
    pub(crate) greeting: Value,
    pub(crate) disk: Disk,
}

/// The name of a file below [`ROOT`].
pub(crate) fn uri(path: &str) -> String {
    format!("file://{ROOT}/{path}")
}

impl Editor {
    /// A client that has said nothing yet.
    pub(crate) fn connect(files: &str) -> Self {
        let disk = Disk::new(files);
        let host = Arc::new(Plain(disk.jobs().clone()));
        let setup = Setup {
            host,
            ..Self::setup(Arc::new(disk.clone()), None)
        };
        Self::over_pipe(setup, disk)
    }

    /// The same, with the conversation written down.
    pub(crate) fn recorded(files: &str, record: Box<dyn Write + Send>) -> Self {
        let disk = Disk::new(files);
        Self::over_pipe(Self::setup(Arc::new(disk.clone()), Some(record)), disk)
    }

    /// The same, over other files.
    pub(crate) fn connect_to(disk: Arc<dyn System>) -> Self {
        Self::over_pipe(Self::setup(disk, None), Disk::new(""))
    }

    /// What a server of a test works with.
    pub(crate) fn setup(disk: Arc<dyn System>, record: Option<Box<dyn Write + Send>>) -> Setup {
        Setup {
            host: Arc::new(Plain(Jobs::default())),
            disk,
            record,
            client: None,
        }
    }

    fn over_pipe(setup: Setup, disk: Disk) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(theirs);
        let server = tokio::spawn(serve(input, output, setup));
        let (read, write) = tokio::io::split(ours);
        Self {
            write,
            read: BufReader::new(read),
            server,
            log: Vec::new(),
            kept: VecDeque::new(),
            next: 0,
            configuration: json!([null]),
            chosen: Value::Null,
            greeting: Value::Null,
            disk,
        }
    }

    /// A client that has introduced itself with these capabilities.
    pub(crate) async fn start(files: &str, capabilities: Value) -> Self {
        Self::start_with(files, json!({ "capabilities": capabilities })).await
    }

    /// A client that has introduced itself with these parameters of `initialize`.
    pub(crate) async fn start_with(files: &str, params: Value) -> Self {
        let mut editor = Self::connect(files);
        editor.greet(params).await;
        editor
    }

    /// Introduces itself with these parameters of `initialize`.
    pub(crate) async fn greet(&mut self, mut params: Value) {
        for (key, value) in [
            ("processId", Value::Null),
            ("rootUri", json!(format!("file://{ROOT}"))),
        ] {
            if params.get(key).is_none() {
                params[key] = value;
            }
        }
        self.greeting = self.request("initialize", params).await;
        self.notify("initialized", json!({})).await;
    }

    /// Sends a message as it is.
    pub(crate) async fn send(&mut self, message: Value) {
        self.log.push(json!({"from": "client", "message": message}));
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes())
            .await;
    }

    /// Sends bytes as they are; they are not judged.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.write.write_all(bytes).await.expect("the server reads");
    }

    /// Sends a notification.
    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await;
    }

    /// Sends a request; its number.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message).await;
        id
    }

    /// Sends a request and waits for its result.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        let answer = self.answer(id).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for the answer to a request.
    pub(crate) async fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message.get("method").is_none() && message["id"] == id)
            .await
    }

    /// Lets go of the messages that were kept: what is waited for from now on comes from now on.
    pub(crate) fn forget_kept(&mut self) {
        self.kept.clear();
    }

    /// Waits for a message of the server; others are kept.
    pub(crate) async fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&wanted) {
            return self.kept.remove(at).expect("it is there");
        }
        loop {
            let next = tokio::time::timeout(PATIENCE, self.receive()).await;
            let Ok(next) = next else {
                let last: Vec<String> = self.log.iter().rev().take(8).map(Value::to_string).collect();
                panic!("nothing came; before it:\n{}", last.join("\n"));
            };
            let message = next.expect("the server talks on");
            if wanted(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// The next message; `None` where the server has closed the pipe.
    async fn receive(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.read.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => {
                    if let Some(number) = line.strip_prefix("Content-Length: ") {
                        length = number.parse().expect("a length");
                    }
                }
            }
        }
        let mut bytes = vec![0; length];
        self.read.read_exact(&mut bytes).await.ok()?;
        let message: Value = serde_json::from_slice(&bytes).expect("JSON");
        self.log.push(json!({"from": "server", "message": message}));
        if let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) {
            let result = match method {
                "workspace/configuration" => self.configuration.clone(),
                "window/showMessageRequest" => self.chosen.clone(),
                _ => Value::Null,
            };
            let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
            let text = answer.to_string();
            self.log.push(json!({"from": "client", "message": answer}));
            let text = format!("Content-Length: {}\r\n\r\n{text}", text.len());
            // A server that was told to end meanwhile reads no answers any more.
            let _ = self.write.write_all(text.as_bytes()).await;
        }
        Some(message)
    }

    /// Opens a document.
    pub(crate) async fn open(&mut self, uri: &str, text: &str) {
        let item = json!({"uri": uri, "languageId": "sql", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({ "textDocument": item }))
            .await;
    }

    /// Edits a document; each change is a range and a text, or `null` and the whole text.
    pub(crate) async fn change(&mut self, uri: &str, version: i32, changes: &[(Value, &str)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|(range, text)| match range {
                Value::Null => json!({ "text": text }),
                range => json!({"range": range, "text": text}),
            })
            .collect();
        let document = json!({"uri": uri, "version": version});
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": changes}),
        )
        .await;
    }

    /// Tells the server that files below [`ROOT`] changed on the disk.
    pub(crate) async fn saw(&mut self, paths: &[&str]) {
        let changes: Vec<Value> = paths
            .iter()
            .map(|path| json!({"uri": uri(path), "type": 2}))
            .collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }))
            .await;
    }

    /// The parameters of all messages of one kind that the server has sent.
    pub(crate) fn messages_of(&self, method: &str) -> Vec<Value> {
        let sent = self.log.iter().filter(|entry| entry["from"] == "server");
        sent.filter(|entry| entry["message"]["method"] == method)
            .map(|entry| entry["message"]["params"].clone())
            .collect()
    }

    /// The requests that the server has answered, in the order of the answers.
    pub(crate) fn answered(&self) -> Vec<i64> {
        let sent = self.log.iter().filter(|entry| entry["from"] == "server");
        let answers = sent.filter(|entry| entry["message"].get("method").is_none());
        answers
            .filter_map(|entry| entry["message"]["id"].as_i64())
            .collect()
    }

    /// Ends the conversation as the protocol has it, and has every message of the server judged.
    pub(crate) async fn end(mut self) {
        self.request("shutdown", Value::Null).await;
        self.leave().await;
    }

    /// Leaves an answer to bytes that were sent out of the judgement.
    pub(crate) fn forget(&mut self, answer: &Value) {
        self.log.retain(|entry| entry["message"] != *answer);
    }

    /// Waits until the server has ended.
    pub(crate) async fn over(mut self) -> Exit {
        while self.receive().await.is_some() {}
        self.server.await.expect("no panic").expect("threads")
    }

    /// Closes the pipe, without a word.
    pub(crate) async fn hang_up(self) -> Exit {
        let Self {
            server, read, write, ..
        } = self;
        drop((read, write));
        server.await.expect("no panic").expect("threads")
    }

    /// Leaves after `shutdown`, and has every message of the server judged.
    pub(crate) async fn leave(mut self) {
        self.send(json!({"jsonrpc": "2.0", "method": "exit"})).await;
        while self.receive().await.is_some() {}
        let exit = self.server.await.expect("no panic").expect("threads");
        assert_eq!(exit, Exit::Orderly);
        judge(&self.log);
    }
}

/// Has the checker beside the model of the protocol look at a conversation.
fn judge(log: &[Value]) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("talk-{}-{number}.jsonl", std::process::id()));
    let mut text = Vec::new();
    for entry in log {
        writeln!(text, "{entry}").expect("memory");
    }
    std::fs::write(&file, text).expect("a place for the conversation");
    let checker = protocol().join("check_messages.py");
    let output = Command::new("python3").arg(&checker).arg(&file).output();
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", checker.display()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("no faults"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let _ = std::fs::remove_file(file);
}

/// Where the model of the protocol and its checker lie: beside the recordings.
fn protocol() -> PathBuf {
    match std::env::var_os("GLUELINE_ORACLE") {
        Some(oracle) => PathBuf::from(oracle).join("../lsp"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lsp"),
    }
}
