//! The commands: what is asked for in the protocol, and what it is answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{Utf8Path, Utf8PathBuf};
use glueline_ide::Analysis;
use glueline_ide::documents::{node_at, node_named};
use glueline_ide::outline::{Item, ItemKind, outline};
use glueline_project::ResourceType;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::{ErrorCode, Result};
use tower_lsp_server::ls_types::{ExecuteCommandParams, LSPAny, MessageType, Position};

use super::task::{Task, work};
use super::{rows, run};
use crate::handlers::command::{REQUEST_FAILED, refusal};
use crate::moment::{Documents, Moment};
use crate::pool::CancelOnDrop;
use crate::project::{Event, Project};
use crate::session::Session;
use crate::status::SessionLine;
use crate::view::View;

/// The commands that speak with AWS.
pub(crate) const COMMANDS: [&str; 7] = [
    "glueline.run",
    "glueline.show",
    "glueline.runCancel",
    "glueline.session.start",
    "glueline.session.stop",
    "glueline.session.status",
    "glueline.catalogPull",
];

/// How many rows are shown where nobody says.
const ROWS: i64 = 100;

/// What a command is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Given {
    uri: Option<String>,
    position: Option<Position>,
    node: Option<String>,
    command: Option<String>,
    select: Option<String>,
    full_refresh: bool,
    cte: Part,
    query: Option<String>,
    limit: Option<i64>,
}

/// A part after `with`: by its name, or the one around the cursor.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Part {
    AtCursor(bool),
    Named(String),
}

impl Default for Part {
    fn default() -> Self {
        Self::AtCursor(false)
    }
}

impl Given {
    fn read(params: &ExecuteCommandParams) -> Result<Self> {
        match params.arguments.first() {
            Some(given @ Value::Object(_)) => {
                Self::deserialize(given).map_err(|error| refusal(ErrorCode::InvalidParams, error.to_string()))
            }
            _ => Ok(Self::default()),
        }
    }
}

/// What is run or shown: a node of the document.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// What people call it.
    name: String,
    /// What selects it, and nothing else of its kind.
    selector: String,
    /// dbt's command that runs it.
    command: &'static str,
    /// A part of its query after `with`.
    part: Option<String>,
}

/// Finds what a command is about: the node that it names, else the one at the cursor, else that of the file.
pub(crate) fn subject(view: &View, params: &ExecuteCommandParams) -> Result<Option<Subject>> {
    let given = Given::read(params)?;
    let at = view.at(given.position.unwrap_or_default());
    let found = match &given.node {
        Some(node) => node_named(&view.analysis, node),
        None => node_at(&view.analysis, at),
    };
    let Some(node) = found.map(|id| view.analysis.project().node(id)) else {
        return Ok(None);
    };
    let part = match given.cte {
        Part::Named(name) => Some(name),
        Part::AtCursor(true) => {
            let items = outline(&view.analysis, view.file);
            let part = part_at(&items, u32::from(at.offset));
            Some(part.ok_or_else(|| failed("The cursor stands in no part after `with`."))?)
        }
        Part::AtCursor(false) => None,
    };
    let mut selector = format!("fqn:{}", node.fqn.join("."));
    // A folder may have the name of a model, and everything in it would be meant, too. The path of what a package holds is no path here,
    // and one with a space or a pattern would be read as something else.
    let info = view.analysis.project().files().info(node.file());
    let is_plain = |c: char| c.is_alphanumeric() || "/_-.".contains(c);
    if info.shown == info.original && info.original.as_str().chars().all(is_plain) {
        selector.push_str(&format!(",path:{}", info.original));
    }
    Ok(Some(Subject {
        name: node.name.to_string(),
        selector,
        command: match node.kind {
            ResourceType::Seed => "seed",
            ResourceType::Snapshot => "snapshot",
            ResourceType::Test | ResourceType::UnitTest => "test",
            _ => "run",
        },
        part,
    }))
}

/// The outermost part after `with` around an offset.
fn part_at(items: &[Item], offset: u32) -> Option<String> {
    items.iter().find_map(|item| {
        let is_around = u32::from(item.range.start()) <= offset && offset <= u32::from(item.range.end());
        match item.kind {
            ItemKind::Cte => is_around.then(|| item.name.clone()),
            _ => part_at(&item.children, offset),
        }
    })
}

/// An error with a sentence for people.
fn failed(message: &str) -> tower_lsp_server::jsonrpc::Error {
    refusal(ErrorCode::ServerError(REQUEST_FAILED), message.to_owned())
}

/// Carries a command out; the answer comes when it is over. Whoever cancels the request stops what it began.
pub(crate) async fn command(
    session: &Arc<Session>,
    params: &ExecuteCommandParams,
    subject: Option<Subject>,
) -> Result<Option<LSPAny>> {
    let given = Given::read(params)?;
    let moment = Moment::current();
    let place = moment.as_ref().and_then(|moment| moment.place.as_ref());
    let project = place.map(|place| Arc::clone(&place.ticket.project));
    let project = project.filter(|project| project.alone.is_none());
    if params.command == "glueline.runCancel" {
        let at_work = &session.runs.at_work;
        let here = project.as_ref().map(|project| at_work.cancel(Some(&project.dir)));
        // Whoever looks at something else means what goes on.
        let cancelled = here
            .filter(|count| *count > 0)
            .unwrap_or_else(|| at_work.cancel(None));
        return Ok(Some(json!({"cancelled": cancelled})));
    }
    let project = match project {
        Some(project) => project,
        None if given.uri.is_some() => return Err(failed("This file belongs to no dbt project.")),
        None => only_project(session)?,
    };
    let is_run = params.command == "glueline.run";
    let Some(begun) = session.runs.at_work.begin(&project.dir, is_run) else {
        return Err(failed("A run of this project goes on already."));
    };
    // What is on the screen when the command is given counts, and not what is typed meanwhile.
    let (documents, revision) = match &moment {
        Some(moment) => {
            let there = moment.place.as_ref().map(|place| place.ticket.revision);
            (Arc::clone(&moment.documents), there)
        }
        None => (Arc::clone(session.world().documents()), None),
    };
    let revision = revision.unwrap_or_else(|| project.ticket().revision);
    let state = project.at(revision, &session.pool).await;
    let analysis = state.ok().and_then(|state| state.analysis.ok());
    let analysis = analysis.ok_or_else(|| failed("The project cannot be read."))?;
    let cancel = begun.cancel.clone();
    let guard = CancelOnDrop::new(cancel.clone());
    let task = Task {
        texts: unsaved(&documents),
        asked: session.world().settings().asked.clone(),
        session: Arc::clone(session),
        project,
        begun,
    };
    let path = place.map(|place| place.path.clone());
    let name = params.command.clone();
    let answer = match &*name {
        "glueline.run" => {
            let wanted = wanted_run(&given, subject)?;
            work(async move { run::run(&task, &analysis, wanted).await }).await
        }
        "glueline.show" => {
            let path = path.unwrap_or_else(|| task.project.dir.join("query.sql"));
            let wanted = wanted_rows(&given, subject)?;
            work(async move { show(&task, &path, &wanted).await }).await
        }
        "glueline.catalogPull" => work(async move { pull(&task, &analysis).await }).await,
        other => {
            let action = other.rsplit('.').next().unwrap_or_default().to_owned();
            work(async move { of_session(&task, &action).await }).await
        }
    };
    let is_cancelled = cancel.is_cancelled();
    drop(guard);
    answer.map(Some).map_err(|why| {
        if is_cancelled {
            refusal(ErrorCode::RequestCancelled, why)
        } else {
            failed(&why)
        }
    })
}

/// The project, where there is but one.
fn only_project(session: &Arc<Session>) -> Result<Arc<Project>> {
    let world = session.world();
    let mut projects = world.projects();
    match (projects.next(), projects.next()) {
        (Some(only), None) => Ok(Arc::clone(only)),
        (None, _) => Err(failed("There is no dbt project here.")),
        (Some(_), Some(_)) => Err(failed(
            "There are several projects: open a file of the one that is meant.",
        )),
    }
}

/// The open documents: what is on the screen is what counts. The profiles and packages of a project may lie elsewhere.
fn unsaved(documents: &Documents) -> BTreeMap<Utf8PathBuf, Arc<str>> {
    let texts = documents
        .values()
        .filter_map(|document| Some((document.path.clone()?, document.text())));
    texts.collect()
}

fn wanted_run(given: &Given, subject: Option<Subject>) -> Result<run::Wanted> {
    let (title, selector, command) = match (&given.select, subject) {
        (Some(select), _) => (select.clone(), select.clone(), "run"),
        (None, Some(subject)) => (subject.name, subject.selector, subject.command),
        (None, None) => return Err(failed("There is nothing here that dbt runs.")),
    };
    Ok(run::Wanted {
        command: given.command.clone().unwrap_or_else(|| command.to_owned()),
        title,
        selector,
        full_refresh: given.full_refresh,
    })
}

/// Which rows are wanted: the arguments of `glueline show`.
struct WantedRows {
    title: String,
    arguments: Vec<String>,
    part: Option<String>,
    limit: i64,
}

fn wanted_rows(given: &Given, subject: Option<Subject>) -> Result<WantedRows> {
    let limit = given.limit.unwrap_or(ROWS).max(-1);
    let mut arguments: Vec<String> = ["show", "--output", "json", "--limit"]
        .map(str::to_owned)
        .to_vec();
    arguments.push(limit.to_string());
    let (title, part) = match (&given.query, subject) {
        (Some(query), _) => {
            arguments.extend(["--inline".to_owned(), query.clone()]);
            ("a query".to_owned(), None)
        }
        (None, Some(subject)) => {
            arguments.extend(["--select".to_owned(), subject.selector]);
            if let Some(part) = &subject.part {
                arguments.extend(["--cte".to_owned(), part.clone()]);
            }
            (subject.name, subject.part)
        }
        (None, None) => return Err(failed("There is nothing here that has rows.")),
    };
    Ok(WantedRows {
        title,
        arguments,
        part,
        limit,
    })
}

async fn show(task: &Task, path: &Utf8Path, wanted: &WantedRows) -> std::result::Result<Value, String> {
    let progress = task.progress(format!("Show rows of {}", wanted.title));
    let printed = task.printed(wanted.arguments.clone()).await;
    progress.end().await;
    let unreadable = |error: serde_json::Error| format!("The rows cannot be read: {error}");
    let shown: rows::Shown = serde_json::from_value(printed?).map_err(unreadable)?;
    if let Some(id) = shown.session.clone() {
        let line = SessionLine::ready(id, None);
        task.session.board.session(&task.project, Some(line));
    }
    let texts = &task.session.runs.rows;
    let answer = texts.answer(&shown, path, wanted.part.as_deref(), wanted.limit);
    answer.ok_or_else(|| "The file has no name.".to_owned())
}

async fn pull(task: &Task, analysis: &Analysis) -> std::result::Result<Value, String> {
    let progress = task.progress("Pull the catalog".to_owned());
    let arguments = ["catalog", "pull", "--output", "json"]
        .map(str::to_owned)
        .to_vec();
    let printed = task.printed(arguments).await;
    progress.end().await;
    let printed = printed?;
    let path = task.project.dir.join("target/glueline/catalog.json");
    let dir = &analysis.options().load.project_dir;
    let is_read = task
        .asked
        .catalog
        .as_ref()
        .is_some_and(|catalog| dir.join(catalog) == path);
    if is_read {
        task.project.note(Event::Disk(path));
    } else {
        let message =
            "The catalog is in target/glueline/catalog.json: the setting glueline.catalog has it read.";
        task.say(MessageType::INFO, message.to_owned()).await;
    }
    Ok(printed)
}

async fn of_session(task: &Task, action: &str) -> std::result::Result<Value, String> {
    let progress = match action {
        "start" => Some(task.progress("Start the session".to_owned())),
        "stop" => Some(task.progress("Stop the session".to_owned())),
        _ => None,
    };
    let arguments = ["session", action, "--output", "json"]
        .map(str::to_owned)
        .to_vec();
    let printed = task.printed(arguments).await;
    if let Some(progress) = progress {
        progress.end().await;
    }
    let printed = printed?;
    let (line, sentence) = super::session::told(&printed);
    task.session.board.session(&task.project, line);
    task.say(MessageType::INFO, sentence).await;
    Ok(printed)
}
