//! A Glue session: a Python process, its statements, and the states of both.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use glueline_catalog::LONGEST_STATEMENT;
use serde_json::{Map, Value, json};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::answer::{Answer, Refusal, optional};
use crate::clock;
use crate::host::Host;
use crate::worker::{Places, Worker};

/// `GetStatement` waits this long for a statement to end, about as long as an answer of AWS is on its way: clients ask at once and
/// then only each second.
const PATIENCE: Duration = Duration::from_millis(200);

/// What a session is made of.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) id: String,
    /// What `GetSession` gives back as it came.
    pub(crate) facts: Map<String, Value>,
    /// Settings of Spark.
    pub(crate) conf: Map<String, Value>,
    /// What Python sees as its arguments.
    pub(crate) argv: Vec<String>,
    /// Archives and folders to import from.
    pub(crate) imports: Vec<String>,
    /// Ended after this long without a statement.
    pub(crate) idle: Duration,
    /// Ended after this long in any case.
    pub(crate) lifetime: Duration,
}

/// The states that Glue names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Provisioning,
    Ready,
    Stopping,
    Stopped,
    Failed,
    Timeout,
}

impl Status {
    /// As Glue spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Ready => "READY",
            Self::Stopping => "STOPPING",
            Self::Stopped => "STOPPED",
            Self::Failed => "FAILED",
            Self::Timeout => "TIMEOUT",
        }
    }

    /// Whether it is over.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Stopped | Self::Failed | Self::Timeout)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Waiting,
    Running,
    Available,
    Cancelling,
    Cancelled,
    Error,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Running => "RUNNING",
            Self::Available => "AVAILABLE",
            Self::Cancelling => "CANCELLING",
            Self::Cancelled => "CANCELLED",
            Self::Error => "ERROR",
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Cancelling)
    }
}

#[derive(Debug)]
struct Statement {
    code: String,
    step: Step,
    output: Option<Value>,
    started: u64,
    completed: Option<u64>,
}

#[derive(Debug)]
struct State {
    status: Status,
    error: Option<String>,
    created: u64,
    completed: Option<u64>,
    statements: Vec<Statement>,
}

/// What the task of a session is told.
enum Order {
    Look,
    Cancel(usize),
    Stop,
}

/// A session as the endpoint sees it; a task of its own keeps the process.
#[derive(Debug)]
pub(crate) struct Session {
    facts: Map<String, Value>,
    state: Mutex<State>,
    orders: mpsc::UnboundedSender<Order>,
    /// A statement has ended, or all have.
    ended: Notify,
}

impl Session {
    /// Starts the process, and answers at once.
    pub(crate) fn start(spec: Spec, places: &Places, host: &Arc<Host>, say: crate::Say) -> Arc<Self> {
        let (orders, received) = mpsc::unbounded_channel();
        let session = Arc::new(Self {
            facts: spec.facts.clone(),
            state: Mutex::new(State {
                status: Status::Provisioning,
                error: None,
                created: clock::now(),
                completed: None,
                statements: Vec::new(),
            }),
            orders,
            ended: Notify::new(),
        });
        let task = Life {
            session: Arc::clone(&session),
            places: places.clone(),
            host: Arc::clone(host),
            say,
            spec,
        };
        tokio::spawn(task.live(received));
        session
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it stands.
    pub(crate) fn status(&self) -> Status {
        self.state().status
    }

    /// As `GetSession` shows it.
    pub(crate) fn shown(&self) -> Value {
        let state = self.state();
        let mut shown = self.facts.clone();
        shown.insert("Status".to_owned(), state.status.name().into());
        shown.insert("CreatedOn".to_owned(), clock::seconds(state.created));
        if let Some(error) = &state.error {
            shown.insert("ErrorMessage".to_owned(), error.as_str().into());
        }
        if let Some(completed) = state.completed {
            shown.insert("CompletedOn".to_owned(), clock::seconds(completed));
        }
        Value::Object(shown)
    }

    /// Takes a statement; its number.
    pub(crate) fn run(&self, code: &str) -> Answer {
        let mut state = self.state();
        if state.status != Status::Ready {
            return Err(Refusal::new(
                "IllegalSessionStateException",
                format!(
                    "Session is in {} status, and takes no statements.",
                    state.status.name()
                ),
            ));
        }
        if code.chars().count() > LONGEST_STATEMENT {
            return Err(Refusal::new(
                "ValidationException",
                format!(
                    "1 validation error detected: Value at 'code' failed to satisfy constraint: Member must have length less than or equal to {LONGEST_STATEMENT}"
                ),
            ));
        }
        let id = state.statements.len();
        state.statements.push(Statement {
            code: code.to_owned(),
            step: Step::Waiting,
            output: None,
            started: clock::now(),
            completed: None,
        });
        drop(state);
        // A task that has ended closed the state before.
        let _ = self.orders.send(Order::Look);
        Ok(json!({"Id": id}))
    }

    /// As `GetStatement` shows it, once it has ended or a moment has passed.
    pub(crate) async fn statement(&self, id: u64) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = self.ended.notified();
            let (answer, is_open) = self.look(id)?;
            if !is_open || tokio::time::timeout_at(deadline, ended).await.is_err() {
                return Ok(answer);
            }
        }
    }

    /// A statement as it stands, and whether that may change.
    fn look(&self, id: u64) -> Result<(Value, bool), Refusal> {
        let state = self.state();
        let found = usize::try_from(id)
            .ok()
            .and_then(|id| state.statements.get(id))
            .ok_or_else(|| Refusal::not_found(format!("Statement {id} not found")))?;
        Ok((shown(id, found), found.step.is_open()))
    }

    /// As `ListStatements` shows them.
    pub(crate) fn statements(&self) -> Vec<Value> {
        let state = self.state();
        (0..)
            .zip(&state.statements)
            .map(|(id, statement)| shown(id, statement))
            .collect()
    }

    /// Cancels a statement that is not over; one that waits is cancelled at once.
    pub(crate) fn cancel(&self, id: u64) -> Answer {
        let mut state = self.state();
        let id = usize::try_from(id).unwrap_or(usize::MAX);
        let Some(statement) = state.statements.get_mut(id) else {
            return Err(Refusal::not_found(format!("Statement {id} not found")));
        };
        match statement.step {
            Step::Waiting => {
                statement.step = Step::Cancelled;
                statement.completed = Some(clock::now());
            }
            Step::Running => {
                statement.step = Step::Cancelling;
                let _ = self.orders.send(Order::Cancel(id));
            }
            Step::Available | Step::Cancelling | Step::Cancelled | Step::Error => {}
        }
        Ok(json!({}))
    }

    /// Begins to stop; a session that is over, or not there yet, refuses.
    pub(crate) fn stop(&self) -> Result<(), Refusal> {
        let mut state = self.state();
        match state.status {
            Status::Ready => {
                state.status = Status::Stopping;
                let _ = self.orders.send(Order::Stop);
                Ok(())
            }
            Status::Stopping => Ok(()),
            other => Err(Refusal::new(
                "IllegalSessionStateException",
                format!("Session is in {} status, and cannot be stopped.", other.name()),
            )),
        }
    }

    /// Ends it in whatever state, without waiting: the endpoint goes down.
    pub(crate) fn abandon(&self) {
        let _ = self.orders.send(Order::Stop);
    }

    /// Closes the books: what was not over is cancelled, or failed with the session.
    fn close(&self, status: Status, error: Option<String>) {
        let mut state = self.state();
        let step = if status == Status::Failed {
            Step::Error
        } else {
            Step::Cancelled
        };
        let now = clock::now();
        for statement in state
            .statements
            .iter_mut()
            .filter(|statement| statement.step.is_open())
        {
            statement.step = step;
            statement.completed = Some(now);
        }
        state.status = status;
        state.error = error;
        state.completed = Some(now);
        drop(state);
        self.ended.notify_waiters();
    }
}

fn shown(id: u64, statement: &Statement) -> Value {
    let mut shown = json!({
        "Id": id,
        "Code": statement.code,
        "State": statement.step.name(),
        "Progress": if statement.step.is_open() { 0.0 } else { 1.0 },
        "StartedOn": statement.started,
    });
    if let Some(shown) = shown.as_object_mut() {
        if let Some(output) = &statement.output {
            shown.insert("Output".to_owned(), output.clone());
        }
        if let Some(completed) = statement.completed {
            shown.insert("CompletedOn".to_owned(), completed.into());
        }
    }
    shown
}

/// What the task of a session holds.
struct Life {
    session: Arc<Session>,
    places: Places,
    host: Arc<Host>,
    say: crate::Say,
    spec: Spec,
}

impl Life {
    async fn live(self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let name = &self.spec.id;
        (self.say)(&format!("session {name}: starting"));
        let begun = tokio::select! {
            begun = self.begin() => begun,
            // Only when the endpoint goes down: `stop` refuses a session that is not there yet.
            _ = orders.recv() => Err("The endpoint ended.".to_owned()),
        };
        let mut worker = match begun {
            Ok(worker) => worker,
            Err(why) => {
                (self.say)(&format!("session {name}: failed: {why}"));
                self.session.close(Status::Failed, Some(why));
                return;
            }
        };
        self.session.state().status = Status::Ready;
        (self.say)(&format!("session {name}: ready"));
        let (status, error) = self.serve(&mut worker, &mut orders).await;
        let end = Instant::now();
        worker.end().await;
        (self.say)(&format!(
            "session {name}: {}, {} ms to end",
            status.name(),
            end.elapsed().as_millis()
        ));
        self.session.close(status, error);
    }

    async fn begin(&self) -> Result<Worker, String> {
        let ours = "the process of the session cannot be started";
        let environment = [
            ("PYSPARK_GATEWAY_PORT", self.host.port.as_str()),
            ("PYSPARK_GATEWAY_SECRET", self.host.secret.as_str()),
        ];
        let mut worker = Worker::start(&self.places, "session.py", &environment)
            .map_err(|error| format!("{ours}: {error}"))?;
        let request = json!({
            "id": self.spec.id,
            "conf": self.spec.conf,
            "argv": self.spec.argv,
            "imports": self.spec.imports,
            "metastore": self.host.metastore,
        });
        worker
            .send(&request)
            .await
            .map_err(|error| format!("{ours}: {error}"))?;
        let Some(first) = worker.receive().await else {
            return Err("the process of the session ended before it was ready".to_owned());
        };
        if let Some(message) = optional(&first, "message") {
            return Err(message.to_owned());
        }
        for note in crate::answer::items(&first, "notes")
            .iter()
            .filter_map(Value::as_str)
        {
            (self.say)(&format!("session {}: {note}", self.spec.id));
        }
        Ok(worker)
    }

    /// Runs statements until something ends the session; what it is then.
    async fn serve(
        &self,
        worker: &mut Worker,
        orders: &mut mpsc::UnboundedReceiver<Order>,
    ) -> (Status, Option<String>) {
        let end = Instant::now() + self.spec.lifetime;
        let mut running: Option<usize> = None;
        let mut last = Instant::now();
        loop {
            let deadline = if running.is_some() {
                end
            } else {
                end.min(last + self.spec.idle)
            };
            tokio::select! {
                order = orders.recv() => match order {
                    None | Some(Order::Stop) => return (Status::Stopped, None),
                    Some(Order::Look) => {}
                    Some(Order::Cancel(id)) => {
                        let _ = worker.send(&json!({"cancel": id})).await;
                    }
                },
                message = worker.receive() => {
                    let Some(message) = message else {
                        return (Status::Failed, Some("The process of the session ended; see spark.log.".to_owned()));
                    };
                    if let Some(id) = running.take() {
                        self.finish(id, &message);
                    }
                    last = Instant::now();
                },
                () = tokio::time::sleep_until(deadline) => {
                    return (Status::Timeout, Some("The session timed out.".to_owned()));
                }
            }
            if running.is_none()
                && let Some((id, code)) = self.next()
            {
                running = Some(id);
                if worker.send(&json!({"run": id, "code": code})).await.is_err() {
                    return (
                        Status::Failed,
                        Some("The process of the session ended; see spark.log.".to_owned()),
                    );
                }
            }
        }
    }

    /// The next statement in line, which runs from now on.
    fn next(&self) -> Option<(usize, String)> {
        let mut state = self.session.state();
        let (id, statement) = state
            .statements
            .iter_mut()
            .enumerate()
            .find(|(_, statement)| statement.step == Step::Waiting)?;
        statement.step = Step::Running;
        statement.started = clock::now();
        Some((id, statement.code.clone()))
    }

    fn finish(&self, id: usize, message: &Value) {
        let mut state = self.session.state();
        if let Some(statement) = state.statements.get_mut(id) {
            // As Glue's kernel counts: what was being cancelled is cancelled, however its code came to its end.
            statement.step = if statement.step == Step::Cancelling {
                Step::Cancelled
            } else {
                Step::Available
            };
            statement.output = message.get("output").cloned();
            statement.completed = Some(clock::now());
        }
        drop(state);
        self.session.ended.notify_waiters();
    }
}
