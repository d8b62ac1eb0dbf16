//! One command at work: its process, its progress, what is said of it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use glueline_base::Utf8PathBuf;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_lsp_server::ls_types::{MessageType, ProgressToken};

use super::at_work::Begun;
use crate::host::{Asked, Ended, Job};
use crate::project::Project;
use crate::session::Session;
use crate::session::tasks::Progress as Notice;

/// What is carried out, and for whom.
pub(super) struct Task {
    pub(super) session: Arc<Session>,
    pub(super) project: Arc<Project>,
    pub(super) asked: Asked,
    pub(super) texts: BTreeMap<Utf8PathBuf, Arc<str>>,
    pub(super) begun: Begun,
}

/// Does work that goes on when nobody waits for it any more: only it can end what it began. The client is asked and told within, which
/// no answer may wait for.
pub(super) async fn work<T: Send + 'static>(
    work: impl Future<Output = Result<T, String>> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|_| Err("This is a bug of Glueline: it panicked.".to_owned()))
}

impl Task {
    /// Runs a command to its end; what it prints is heard line by line.
    pub(super) async fn carry_out(
        &self,
        arguments: Vec<String>,
        mut heard: impl FnMut(&str) + Send,
    ) -> Result<Ended, String> {
        let job = Job {
            project_dir: self.project.dir.clone(),
            asked: self.asked.clone(),
            arguments,
            texts: self.texts.clone(),
        };
        let (host, cancel) = (Arc::clone(&self.session.host), self.begun.cancel.clone());
        let (send, mut lines) = unbounded_channel::<String>();
        let (end, ended) = oneshot::channel();
        // A thread of its own, which nobody waits for at the end of the conversation: the process knows how to end by itself.
        let work = move || {
            let mut hear = |line: &str| {
                let _ = send.send(line.to_owned());
            };
            let _ = end.send(host.carry_out(&job, &cancel, &mut hear));
        };
        let thread = std::thread::Builder::new().name("command".to_owned()).spawn(work);
        thread.map_err(|error| format!("There is no thread to be had: {error}"))?;
        while let Some(line) = lines.recv().await {
            heard(&line);
        }
        ended
            .await
            .unwrap_or_else(|_| Err("The command broke off.".to_owned()))
    }

    /// Runs a command that prints one JSON document.
    pub(super) async fn printed(&self, arguments: Vec<String>) -> Result<Value, String> {
        let mut text = String::new();
        let ended = self
            .carry_out(arguments, |line| {
                text.push_str(line);
                text.push('\n');
            })
            .await?;
        if ended.status != Some(0) {
            return Err(why(&ended));
        }
        serde_json::from_str(&text).map_err(|_| "What the command printed cannot be read.".to_owned())
    }

    /// Says something to people.
    pub(super) async fn say(&self, kind: MessageType, message: String) {
        self.session.client.show_message(kind, message).await;
    }

    /// Shows that something goes on, and lets it be stopped. Nothing where the client cannot show it.
    pub(super) fn progress(&self, title: String) -> Progress {
        let (send, mut values) = unbounded_channel::<Value>();
        if !self.session.agreed().has("/window/workDoneProgress") {
            return Progress {
                values: send,
                told: None,
            };
        }
        let (client, token) = (self.session.client.clone(), self.begun.token());
        let told = tokio::spawn(async move {
            let known = ProgressToken::String(token.clone());
            if client.create_work_done_progress(known).await.is_err() {
                return;
            }
            let tell = async |value: Value| {
                let params = json!({"token": token, "value": value});
                client.send_notification::<Notice>(params).await;
            };
            tell(json!({"kind": "begin", "title": title, "cancellable": true, "percentage": 0})).await;
            while let Some(value) = values.recv().await {
                tell(value).await;
            }
            tell(json!({"kind": "end"})).await;
        });
        Progress {
            values: send,
            told: Some(told),
        }
    }
}

/// Something that goes on; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    values: UnboundedSender<Value>,
    /// Done once the client is told of the end.
    told: Option<JoinHandle<()>>,
}

/// How long the end waits to be told: a client that never answers is answered all the same.
const FAREWELL: Duration = Duration::from_secs(1);

impl Progress {
    /// How far it is.
    pub(super) fn report(&self, message: &str, done: u64, total: u64) {
        let percentage = (done * 100).checked_div(total).unwrap_or(0).min(100);
        let value = json!({"kind": "report", "message": message, "percentage": percentage});
        // Nobody may show it.
        let _ = self.values.send(value);
    }

    /// Ends it, before anything else is answered: the end is handed over by then, though an answer may overtake it on the way.
    pub(super) async fn end(self) {
        drop(self.values);
        if let Some(told) = self.told {
            // Late or not, it is over.
            let _ = tokio::time::timeout(FAREWELL, told).await;
        }
    }
}

/// Why a command did not do what it was asked for, in its own words.
pub(super) fn why(ended: &Ended) -> String {
    let said = ended.said.trim();
    let said = said.strip_prefix("error: ").unwrap_or(said);
    match (said, ended.status) {
        ("", Some(status)) => format!("The command ended with status {status} and said nothing."),
        ("", None) => "The command was killed.".to_owned(),
        (said, _) => said.to_owned(),
    }
}
