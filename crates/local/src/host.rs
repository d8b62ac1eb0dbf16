//! The process that hosts Spark: asked one question at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::answer::{Answer, Refusal, optional};
use crate::worker::{Places, Worker};

/// A question, and where its answer goes.
struct Question {
    operation: &'static str,
    arguments: Value,
    reply: oneshot::Sender<Answer>,
}

/// Spark, its metastore, and how sessions reach them.
#[derive(Debug)]
pub(crate) struct Host {
    questions: Mutex<Option<mpsc::UnboundedSender<Question>>>,
    /// The port of the JVM's gateway.
    pub(crate) port: String,
    /// What the gateway wants to hear first.
    pub(crate) secret: String,
    /// The address of the metastore.
    pub(crate) metastore: String,
    /// The release of Spark.
    pub(crate) spark: String,
    mounted: Mutex<BTreeSet<String>>,
}

impl Host {
    /// Starts the JVM and waits until it answers. The task ends when the process does, or after [`Host::end`].
    pub(crate) async fn start(places: &Places, memory: &str) -> io::Result<(Self, JoinHandle<()>)> {
        let mut worker = Worker::start(places, "host.py", &[])?;
        worker
            .send(&json!({"data": places.data, "jars": places.jars, "memory": memory}))
            .await?;
        let Some(first) = worker.receive().await else {
            return Err(io::Error::other("the process ended before Spark was up"));
        };
        if let Some(message) = optional(&first, "message") {
            return Err(io::Error::other(message.to_owned()));
        }
        let field = |key| optional(&first, key).unwrap_or_default().to_owned();
        let (questions, asked) = mpsc::unbounded_channel();
        let host = Self {
            questions: Mutex::new(Some(questions)),
            port: first
                .get("port")
                .and_then(Value::as_u64)
                .unwrap_or_default()
                .to_string(),
            secret: field("secret"),
            metastore: field("metastore"),
            spark: field("spark"),
            mounted: Mutex::default(),
        };
        Ok((host, tokio::spawn(converse(worker, asked))))
    }

    /// Asks one question.
    pub(crate) async fn ask(&self, operation: &'static str, arguments: Value) -> Answer {
        let (reply, answer) = oneshot::channel();
        let gone = || Refusal::new("InternalServiceException", "Spark has ended; see its log.");
        let question = Question {
            operation,
            arguments,
            reply,
        };
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .and_then(|questions| questions.send(question).ok())
            .ok_or_else(gone)?;
        answer.await.map_err(|_| gone())?
    }

    /// Takes no more questions, which ends the process.
    pub(crate) fn end(&self) {
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    /// Gives each bucket its folder. Buckets exist here as soon as they are named.
    pub(crate) async fn mount(&self, buckets: BTreeSet<String>) -> Result<(), Refusal> {
        let missing: Vec<String> = {
            let mounted = self.mounted.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.difference(&mounted).cloned().collect()
        };
        if missing.is_empty() {
            return Ok(());
        }
        self.ask("mount", json!({"buckets": missing})).await?;
        let mut mounted = self.mounted.lock().unwrap_or_else(PoisonError::into_inner);
        mounted.extend(missing);
        Ok(())
    }
}

/// Carries questions and answers until one side ends.
async fn converse(mut worker: Worker, mut asked: mpsc::UnboundedReceiver<Question>) {
    let mut waiting: BTreeMap<u64, oneshot::Sender<Answer>> = BTreeMap::new();
    let mut last = 0_u64;
    loop {
        tokio::select! {
            question = asked.recv() => {
                let Some(question) = question else { break };
                last += 1;
                waiting.insert(last, question.reply);
                let message = json!({"id": last, "operation": question.operation, "arguments": question.arguments});
                if worker.send(&message).await.is_err() {
                    break;
                }
            }
            message = worker.receive() => {
                let Some(mut message) = message else { break };
                let reply = message.get("id").and_then(Value::as_u64).and_then(|id| waiting.remove(&id));
                if let Some(reply) = reply {
                    let answer = match optional(&message, "refused") {
                        Some(kind) => Err(Refusal::new(kind, optional(&message, "message").unwrap_or_default())),
                        None => Ok(message.get_mut("answer").map(Value::take).unwrap_or_default()),
                    };
                    // Who asked may have gone.
                    let _ = reply.send(answer);
                }
            }
        }
    }
    worker.end().await;
}
