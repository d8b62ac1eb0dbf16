//! A recorded conversation held again: the client's side as it was written down, the server's side anew.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use glueline_base::{Cancel, System, Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};

use crate::host::{Asked, Ended, Host, Job, OnRecord, ProjectSettings};
use crate::serve::{Setup, serve};

/// An answer that takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a conversation went the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Answers that are as they were.
    pub same: usize,
    /// Answers that are not, or did not come.
    pub different: usize,
}

/// Holds a conversation again. `log` holds what was recorded; what differs is written to `report`.
///
/// # Errors
/// Where no threads can be started, or `report` cannot be written.
pub fn replay(log: &str, setup: Setup, report: &mut dyn Write) -> io::Result<Replayed> {
    let entries: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()?;
    let replayed = runtime.block_on(async {
        let (ours, theirs) = tokio::io::duplex(1 << 18);
        let (input, output) = tokio::io::split(theirs);
        let host = Arc::new(Quiet(Arc::clone(&setup.host)));
        let server = tokio::spawn(serve(input, output, Setup { host, ..setup }));
        let (read, write) = tokio::io::split(ours);
        let mut talk = Talk {
            read: BufReader::new(read),
            write,
            answers: BTreeMap::new(),
            questions: VecDeque::new(),
        };
        let replayed = talk.hold(&entries, report).await;
        drop(talk);
        // It has nobody to talk with any more.
        let _ = server.await;
        replayed
    });
    runtime.shutdown_background();
    replayed
}

/// Knows the settings of projects, and carries nothing out: what somebody ran once is not to run again unasked.
struct Quiet(Arc<dyn Host>);

impl Host for Quiet {
    fn settings(&self, files: &dyn System, project_dir: &Utf8Path, asked: &Asked) -> ProjectSettings {
        self.0.settings(files, project_dir, asked)
    }

    fn session(&self, _: &dyn System, _: &Utf8Path, _: &str, _: &str) -> Option<OnRecord> {
        None
    }

    fn session_file(&self, project_dir: &Utf8Path) -> Option<Utf8PathBuf> {
        self.0.session_file(project_dir)
    }

    fn carry_out(&self, _: &Job, _: &Cancel, _: &mut dyn FnMut(&str)) -> Result<Ended, String> {
        Err("A conversation that is held again runs nothing.".to_owned())
    }
}

struct Talk {
    read: BufReader<ReadHalf<DuplexStream>>,
    write: WriteHalf<DuplexStream>,
    /// Answers that nobody has looked at yet, by the requests that they answer.
    answers: BTreeMap<String, Value>,
    /// Questions of the server that are not answered yet.
    questions: VecDeque<Value>,
}

impl Talk {
    async fn hold(&mut self, entries: &[Value], report: &mut dyn Write) -> io::Result<Replayed> {
        let mut replayed = Replayed::default();
        // What the server asked then, to tell which of its questions now an answer is for.
        let mut asked: BTreeMap<String, String> = BTreeMap::new();
        for entry in entries {
            let message = entry.get("message").unwrap_or(&Value::Null);
            let method = message.get("method").and_then(Value::as_str);
            let id = message.get("id").map(Value::to_string);
            match (entry.get("from").and_then(Value::as_str), method, id) {
                (Some("client"), None, Some(id)) => {
                    if let Some(method) = asked.get(&id)
                        && let Some(question) = self.question(method).await
                    {
                        let mut answer = message.clone();
                        if let Some(fields) = answer.as_object_mut() {
                            fields.insert("id".to_owned(), question);
                        }
                        self.send(&answer).await?;
                    }
                }
                (Some("client"), ..) => self.send(message).await?,
                (Some("server"), Some(method), Some(id)) => {
                    asked.insert(id, method.to_owned());
                }
                (Some("server"), None, Some(id)) => {
                    let found = self.answer(&id).await;
                    if found.as_ref().is_some_and(|found| same(found, message)) {
                        replayed.same += 1;
                        continue;
                    }
                    replayed.different += 1;
                    let found = found.unwrap_or(json!("no answer"));
                    writeln!(report, "answer {id}\n  then: {message}\n  now:  {found}")?;
                }
                _ => {}
            }
        }
        Ok(replayed)
    }

    async fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        let header = format!("Content-Length: {}\r\n\r\n", text.len());
        self.write.write_all(header.as_bytes()).await?;
        self.write.write_all(text.as_bytes()).await
    }

    /// The answer to a request, once it is there.
    async fn answer(&mut self, id: &str) -> Option<Value> {
        loop {
            if let Some(answer) = self.answers.remove(id) {
                return Some(answer);
            }
            self.receive().await?;
        }
    }

    /// The number of the next question of a kind, once it is there.
    async fn question(&mut self, method: &str) -> Option<Value> {
        loop {
            let is_it = |question: &Value| question.get("method").and_then(Value::as_str) == Some(method);
            if let Some(at) = self.questions.iter().position(is_it) {
                return self.questions.remove(at)?.get("id").cloned();
            }
            self.receive().await?;
        }
    }

    /// Takes in the next message; `None` where none comes.
    async fn receive(&mut self) -> Option<()> {
        let message = tokio::time::timeout(PATIENCE, self.message()).await.ok()??;
        match (message.get("method").is_some(), message.get("id")) {
            (true, Some(_)) => self.questions.push_back(message),
            (false, Some(id)) => {
                self.answers.insert(id.to_string(), message);
            }
            _ => {}
        }
        Some(())
    }

    async fn message(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.read.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().ok()?,
                None => break,
            }
        }
        let mut body = Vec::new();
        (&mut self.read).take(length).read_to_end(&mut body).await.ok()?;
        serde_json::from_slice(&body).ok()
    }
}

/// Whether two answers say the same. Words of errors may be put better.
fn same(a: &Value, b: &Value) -> bool {
    let code = |answer: &Value| answer.pointer("/error/code").cloned();
    match (code(a), code(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.get("result") == b.get("result"),
    }
}
