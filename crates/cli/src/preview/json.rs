//! `glueline-preview/1`: the whole plan as one JSON document.

use std::io::{self, Write};

use glueline_plan::show::origin;
use glueline_plan::{PlannedNode, Status, Step};
use glueline_project::{Language, Project, ResourceType};
use glueline_render::{Event, OpenedSession, Reading, SparkError, Standing};
use serde::Serialize;
use serde_json::Value;

use super::shown::{Shown, unique_id};
use crate::stopped::Stopped;

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Versions<'a>>,
    run_error: Option<RunError<'a>>,
    session_bootstrap: Bootstrap<'a>,
    nodes: Vec<Entry<'a>>,
}

/// The releases that are played, and what says so.
#[derive(Serialize)]
struct Versions<'a> {
    #[serde(rename = "dbt-core")]
    dbt_core: &'a str,
    #[serde(rename = "dbt-glue")]
    dbt_glue: String,
    source: String,
}

impl<'a> Versions<'a> {
    fn of(project: &'a Project) -> Self {
        let release = project.release();
        Self {
            dbt_core: &release.dbt_core,
            dbt_glue: release.version.to_string(),
            source: release.source.to_string(),
        }
    }
}

/// A change that the release of dbt-glue has not.
#[derive(Serialize)]
struct Older {
    since: String,
    before: &'static str,
    source: &'static str,
}

/// What is sent once for a session, or again before each statement; the adapter's own preamble is left out.
#[derive(Serialize)]
struct Bootstrap<'a> {
    create_session: Vec<&'a Value>,
    statements: Vec<Code<'a>>,
}

/// Python code.
#[derive(Serialize)]
struct Code<'a> {
    kind: &'static str,
    raw: &'a str,
}

/// Why dbt stops before it runs any node.
#[derive(Serialize)]
struct RunError<'a> {
    r#type: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    unique_id: &'a str,
    resource_type: &'static str,
    name: &'a str,
    relation_name: Option<String>,
    materialized: String,
    language: &'static str,
    path: &'a str,
    status: &'static str,
    error: Option<String>,
    compiled_code: Option<&'a str>,
    statements: Vec<Statement<'a>>,
    api_calls: Vec<Call<'a>>,
    log: Vec<&'a str>,
    before: Option<&'static str>,
    replaced: Vec<Replaced<'a>>,
    older: Vec<Older>,
    unknown: Vec<Unknown<'a>>,
}

/// A macro of the project in the place of a shipped one.
#[derive(Serialize)]
struct Replaced<'a> {
    name: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct Unknown<'a> {
    message: &'a str,
    place: Option<String>,
}

#[derive(Serialize)]
struct Statement<'a> {
    seq: usize,
    kind: &'static str,
    raw: &'a str,
    sql: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spark_sql: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    python_syntax_error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_error: Option<Refusal<'a>>,
    title: &'a str,
    effect: &'static str,
    danger: Option<Danger<'a>>,
    source: Vec<Source<'a>>,
}

/// What a step takes away.
#[derive(Serialize)]
struct Danger<'a> {
    kind: &'static str,
    extent: &'a str,
    rule: Option<&'static str>,
}

/// Lines of a file, from 1, that a part of a statement was rendered from.
#[derive(Serialize)]
struct Source<'a> {
    path: &'a str,
    start_line: u32,
    end_line: u32,
}

#[derive(Serialize)]
struct Refusal<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Call<'a> {
    seq: usize,
    service: &'a str,
    op: &'a str,
    request: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    title: &'a str,
    effect: &'static str,
    danger: Option<Danger<'a>>,
}

/// Prints one document, and a line end.
pub(super) fn write(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seq = 0;
    let nodes = shown
        .nodes()
        .map(|(planned, steps)| entry(shown, planned, steps, &mut seq));
    let document = Document {
        schema: "glueline-preview/1",
        versions: Some(Versions::of(shown.project)),
        run_error: None,
        session_bootstrap: bootstrap(&shown.plan.sessions),
        nodes: nodes.collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// What is sent for the sessions; threads that share one send the same.
fn bootstrap(sessions: &[OpenedSession]) -> Bootstrap<'_> {
    let mut create_session: Vec<&Value> = sessions.iter().map(|session| &session.create).collect();
    create_session.dedup();
    let mut schemas: Vec<&str> = sessions
        .iter()
        .map(|session| session.use_schema.as_str())
        .collect();
    schemas.dedup();
    let code = |raw| Code { kind: "python", raw };
    Bootstrap {
        create_session,
        statements: schemas.into_iter().map(code).collect(),
    }
}

/// Prints the document of a command that dbt ends before it runs any node.
pub(super) fn write_stopped(stopped: &Stopped, out: &mut dyn Write) -> io::Result<()> {
    let (class, message) = stopped.words();
    let document = Document {
        schema: "glueline-preview/1",
        versions: None,
        run_error: Some(RunError {
            r#type: class,
            message,
        }),
        session_bootstrap: bootstrap(&[]),
        nodes: Vec::new(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn entry<'a>(
    shown: &'a Shown<'_>,
    planned: &'a PlannedNode,
    steps: &'a [Step],
    seq: &mut usize,
) -> Entry<'a> {
    let (renderer, project) = (shown.renderer, shown.project);
    let node = planned.node.map(|id| project.node(id));
    let operation = planned.operation.as_deref();
    let mut entry = Entry {
        unique_id: unique_id(project, planned),
        resource_type: node.map_or("operation", |node| node.kind.name()),
        name: node.map_or_else(
            || operation.map_or("", |operation| &operation.name),
            |node| &node.name,
        ),
        relation_name: planned.node.and_then(|id| renderer.relation_name(id)),
        materialized: planned
            .node
            .map_or_else(|| "view".to_owned(), |id| renderer.info(id).materialized()),
        language: match node.map(|node| node.language) {
            Some(Language::Python) => "python",
            _ => "sql",
        },
        path: node.map_or("./dbt_project.yml", |node| {
            project.files().info(node.file()).original.as_str()
        }),
        status: planned.status.name(),
        error: None,
        compiled_code: None,
        statements: Vec::new(),
        api_calls: Vec::new(),
        log: Vec::new(),
        before: None,
        replaced: Vec::new(),
        older: Vec::new(),
        unknown: Vec::new(),
    };
    let Some(run) = &planned.run else {
        return entry;
    };
    entry.error = run.failure.as_ref().map(|failure| failure.message.clone());
    if matches!(planned.status, Status::Fail | Status::Warn) {
        entry.error.clone_from(&run.message);
    }
    entry.compiled_code = run
        .compiled
        .as_ref()
        // dbt keeps the definition of a unit test, not what it compiles of it.
        .filter(|_| node.is_none_or(|node| node.kind != ResourceType::UnitTest))
        .and_then(|compiled| compiled.code.as_deref());
    entry.before = run.before.as_ref().map(|before| stands(&before.standing));
    entry.replaced = run
        .replaced
        .iter()
        .map(|replaced| of_project(project, replaced))
        .collect();
    let older = run.older.iter().map(|change| change.dated());
    let older = older.map(|dated| Older {
        since: dated.since.to_string(),
        before: dated.before,
        source: dated.source,
    });
    entry.older = older.collect();
    let unknown = run.unknown.iter().map(|note| Unknown {
        message: &note.message,
        place: shown.place_of(note),
    });
    entry.unknown = unknown.collect();
    for (event, step) in run.events.iter().zip(steps) {
        *seq += 1;
        match event {
            Event::Statement(sent) => {
                let sent = statement(shown, planned, sent, step, *seq);
                entry.statements.push(sent);
            }
            Event::Call(call) => entry.api_calls.push(Call {
                seq: *seq,
                service: call.service,
                op: call.operation,
                request: &call.request,
                error: call.error,
                title: &step.title,
                effect: step.effect.name(),
                danger: danger(step),
            }),
            Event::Log(line) => entry.log.push(&line.message),
        }
    }
    entry
}

fn statement<'a>(
    shown: &'a Shown<'_>,
    planned: &PlannedNode,
    statement: &'a glueline_render::Statement,
    step: &'a Step,
    seq: usize,
) -> Statement<'a> {
    let sql = statement.sql.as_deref();
    let (spark_sql, python_syntax_error) = match sql.map(|_| &statement.reading) {
        Some(Reading::Pieces(pieces)) => (Some(pieces.as_slice()), None),
        Some(Reading::Refused(message)) => (None, Some(message.as_str())),
        Some(Reading::Same | Reading::Other | Reading::Unknown) | None => (None, None),
    };
    let line = |place| shown.start(place).line;
    let text = sql.unwrap_or(&statement.code);
    let origin = origin(shown.project, &line, planned, text);
    let source = origin.places.iter().map(|place| Source {
        path: shown.project.files().info(place.file).shown.as_str(),
        start_line: place.start,
        end_line: place.end,
    });
    Statement {
        seq,
        kind: if sql.is_some() { "sql" } else { "python" },
        raw: &statement.code,
        sql,
        spark_sql,
        python_syntax_error,
        answer_error: statement.error.as_ref().map(refusal),
        title: &step.title,
        effect: step.effect.name(),
        danger: danger(step),
        source: source.collect(),
    }
}

fn danger(step: &Step) -> Option<Danger<'_>> {
    step.danger.as_ref().map(|danger| Danger {
        kind: danger.harm.name(),
        extent: &danger.extent,
        rule: danger.rule,
    })
}

fn of_project<'a>(project: &'a Project, replaced: &'a glueline_render::Replaced) -> Replaced<'a> {
    Replaced {
        name: &replaced.name,
        path: project.files().info(replaced.file).shown.as_str(),
    }
}

/// How a relation stands, in a word.
const fn stands(standing: &Standing) -> &'static str {
    match standing {
        Standing::Unknown => "unknown",
        Standing::Absent => "absent",
        Standing::Temporary | Standing::View => "view",
        Standing::Table { .. } => "table",
    }
}

fn refusal(error: &SparkError) -> Refusal<'_> {
    Refusal {
        name: &error.name,
        value: &error.value,
    }
}
