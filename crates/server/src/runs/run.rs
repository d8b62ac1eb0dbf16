//! `glueline.run`: progress, the question where data is at stake, diagnostics, the answer.

use std::time::Duration;

use glueline_ide::Analysis;
use serde_json::{Value, json};
use tower_lsp_server::ls_types::{MessageActionItem, MessageType};

use super::events::{Event, Node};
use super::task::{Progress, Task, why};
use crate::status::{RunLine, SessionLine};

/// What is to be run.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// What people call it.
    pub(super) title: String,
    /// dbt's command: `run`, `build`.
    pub(super) command: String,
    /// dbt's selection.
    pub(super) selector: String,
    pub(super) full_refresh: bool,
}

impl Wanted {
    fn arguments(&self, agreement: Option<&str>) -> Vec<String> {
        let mut arguments = vec![
            "run",
            "--log-format",
            "json",
            "--command",
            &self.command,
            "--select",
            &self.selector,
        ];
        arguments.extend(self.full_refresh.then_some("--full-refresh"));
        arguments.extend(agreement.iter().flat_map(|agreement| ["--agreed", agreement]));
        arguments.into_iter().map(str::to_owned).collect()
    }
}

/// What came of a run.
#[derive(Debug, Default)]
struct Outcome {
    status: String,
    message: Option<String>,
    total: u64,
    nodes: Vec<Value>,
    /// What nobody has agreed to yet, in sentences.
    asks: Vec<String>,
    /// What agrees to just that.
    agreement: String,
}

impl Outcome {
    /// How many nodes failed, and why the first did.
    fn failures(&self) -> String {
        let failed: Vec<&Value> = self.nodes.iter().filter(|node| is_failed(node)).collect();
        let nodes = if failed.len() == 1 { "node" } else { "nodes" };
        let count = format!(
            "{} {nodes} of {} did not end well",
            failed.len(),
            self.nodes.len()
        );
        let why = failed.iter().find_map(|node| {
            let words = node.get("message")?.as_str()?.lines().next()?;
            Some(format!(
                "{}: {}",
                node.get("unique_id")?.as_str()?,
                words.trim_end_matches('.')
            ))
        });
        match why {
            Some(why) => format!("{count}: {why}"),
            None => count,
        }
    }
}

/// How often it is looked whether a question is still worth an answer.
const LOOK: Duration = Duration::from_millis(100);

const AGREES: &str = "Run anyway";

/// Runs nodes; where data is at stake, somebody has to agree first.
pub(super) async fn run(task: &Task, analysis: &Analysis, wanted: Wanted) -> Result<Value, String> {
    let mut outcome = once(task, analysis, &wanted, None).await?;
    // Where something else is at stake by the time that somebody has agreed, it is asked again.
    while outcome.status == "asks" {
        // It goes on, and can be cancelled, for as long as nobody answers.
        let waiting = RunLine {
            title: format!("Run {}: asks", wanted.title),
            done: 0,
            total: outcome.total,
        };
        task.session.board.run(&task.project, Some(waiting));
        let agreed = agrees(task, &wanted, &outcome.asks).await;
        task.session.board.run(&task.project, None);
        if !agreed {
            break;
        }
        outcome = once(task, analysis, &wanted, Some(&outcome.agreement)).await?;
    }
    match &*outcome.status {
        "success" if outcome.nodes.is_empty() => {
            let words = format!("Run {}: there is nothing to run.", wanted.title);
            task.say(MessageType::INFO, words).await;
        }
        "success" | "asks" => {}
        "failed" => {
            let words = outcome.message.clone().unwrap_or_else(|| outcome.failures());
            task.say(MessageType::ERROR, format!("Run {}: {words}.", wanted.title))
                .await;
        }
        "interrupted" => {
            let words = outcome.message.clone().unwrap_or_else(|| "cancelled".to_owned());
            task.say(MessageType::WARNING, format!("Run {}: {words}.", wanted.title))
                .await;
        }
        _ => {
            return Err(outcome
                .message
                .unwrap_or_else(|| "The run did not say how it ended.".to_owned()));
        }
    }
    Ok(json!({"status": outcome.status, "nodes": outcome.nodes}))
}

fn is_failed(node: &Value) -> bool {
    let status = node.get("status").and_then(Value::as_str);
    matches!(status, Some("error" | "fail" | "partial success" | "skipped"))
}

/// Runs it once.
async fn once(
    task: &Task,
    analysis: &Analysis,
    wanted: &Wanted,
    agreement: Option<&str>,
) -> Result<Outcome, String> {
    let title = match &*wanted.command {
        "test" => format!("Test {}", wanted.title),
        "build" => format!("Build {}", wanted.title),
        _ => format!("Run {}", wanted.title),
    };
    let progress = task.progress(title.clone());
    let mut outcome = Outcome::default();
    let board = &task.session.board;
    let show = |outcome: &Outcome| {
        board.run(
            &task.project,
            Some(RunLine {
                title: title.clone(),
                done: u64::try_from(outcome.nodes.len()).unwrap_or_default(),
                total: outcome.total,
            }),
        );
    };
    show(&outcome);
    let ended = task
        .carry_out(wanted.arguments(agreement), |line| {
            let Some(event) = Event::read(line) else { return };
            hear(task, analysis, &progress, &mut outcome, event);
            show(&outcome);
        })
        .await;
    board.run(&task.project, None);
    progress.end().await;
    let ended = ended?;
    if outcome.status.is_empty() {
        // It fell before it could say so.
        return Err(why(&ended));
    }
    if outcome.status == "error" && outcome.message.is_none() {
        outcome.message = Some(why(&ended));
    }
    Ok(outcome)
}

fn hear(task: &Task, analysis: &Analysis, progress: &Progress, outcome: &mut Outcome, event: Event) {
    let named = |node: &Node| format!("{} {}", node.resource_type, node.name);
    let done = u64::try_from(outcome.nodes.len()).unwrap_or_default();
    match event {
        Event::Planned { nodes } => outcome.total = nodes,
        Event::Remark { text } => progress.report(&text, done, outcome.total),
        Event::SessionOpening {} => progress.report("waits for the session", done, outcome.total),
        Event::SessionReady { session, spark } => {
            let line = SessionLine::ready(session, Some(&spark));
            task.session.board.session(&task.project, Some(line));
        }
        Event::NodeBegan { node } => {
            let count = format!("{} of {} {}", done + 1, outcome.total.max(done + 1), named(&node));
            progress.report(&count, done, outcome.total);
            if task.project.told().speaks_of(&node.unique_id) {
                task.project.tell(|told| told.forget(&node.unique_id));
            }
        }
        Event::NodeDone {
            node,
            status,
            message,
            failures,
            milliseconds,
        } => {
            outcome.nodes.push(json!({
                "unique_id": node.unique_id,
                "status": status,
                "message": message,
                "failures": failures,
                "milliseconds": milliseconds,
            }));
            progress.report(&named(&node), done + 1, outcome.total);
        }
        Event::Asks {
            dangers,
            findings,
            agreement,
        } => {
            outcome.agreement = agreement;
            outcome.asks = dangers.iter().map(super::events::Danger::sentence).collect();
            outcome
                .asks
                .extend(findings.iter().map(super::told::Finding::sentence));
        }
        Event::Finding(finding) => task.project.tell(|told| told.add(analysis, finding)),
        Event::Ended { status, message } => {
            outcome.status = status;
            outcome.message = message;
        }
        Event::Unknown => {}
    }
}

/// How long a question may be, in characters: VS Code cuts off what is longer than a thousand, and more is read by nobody.
const LONGEST_QUESTION: usize = 800;

/// As many sentences as a question has room for, and how many more there are.
fn bounded(sentences: &[String]) -> String {
    let mut room = LONGEST_QUESTION;
    let fit = sentences.iter().take_while(|sentence| {
        let left = room.checked_sub(sentence.chars().count());
        room = left.unwrap_or(0);
        left.is_some()
    });
    let (shown, more) = sentences.split_at(fit.count());
    let mut text: String = shown.join("\n");
    if let [next, others @ ..] = more {
        if shown.is_empty() {
            // The first is longer than that by itself: its beginning names the node and the step.
            text = next.chars().take(LONGEST_QUESTION).collect();
            text.push('…');
        }
        let count = others.len() + usize::from(!shown.is_empty());
        if count > 0 {
            text.push_str(&format!("\nand {count} more, which the log of the server lists"));
        }
    }
    text
}

/// Asks whether data may be lost.
async fn agrees(task: &Task, wanted: &Wanted, asks: &[String]) -> bool {
    let action = |title: &str| MessageActionItem {
        title: title.to_owned(),
        properties: std::collections::HashMap::new(),
    };
    let message = format!("Run {}? {}", wanted.title, bounded(asks));
    if !message.ends_with(&asks.join("\n")) {
        let all = format!("Run {} asks:\n{}", wanted.title, asks.join("\n"));
        task.session.client.log_message(MessageType::WARNING, all).await;
    }
    let question = task.session.client.show_message_request(
        MessageType::WARNING,
        message,
        Some(vec![action(AGREES), action("Cancel")]),
    );
    let nobody_waits = async {
        while !task.begun.cancel.is_cancelled() {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        biased;
        () = nobody_waits => false,
        answer = question => answer.is_ok_and(|chosen| chosen.is_some_and(|chosen| chosen.title == AGREES)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_room_for_what_it_says() {
        let sentences = |lengths: &[usize]| -> Vec<String> {
            lengths.iter().map(|length| "\u{e9}".repeat(*length)).collect()
        };
        for (lengths, ends, most) in [
            (&[5, 5][..], "\u{e9}\u{e9}", 11),
            (&[500, 300], "\u{e9}", 801),
            (
                &[500, 301, 2],
                "\nand 2 more, which the log of the server lists",
                550,
            ),
            (&[900], "\u{e9}…", 801),
            (&[900, 1], "…\nand 1 more, which the log of the server lists", 850),
        ] {
            let text = bounded(&sentences(lengths));
            assert!(text.ends_with(ends), "{lengths:?}: {text}");
            assert!(
                text.chars().count() <= most,
                "{lengths:?}: {}",
                text.chars().count()
            );
        }
    }
}
