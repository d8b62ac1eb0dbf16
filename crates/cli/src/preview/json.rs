//! `glueline-preview/1`: the whole plan as one JSON document.

use std::io::{self, Write};

use glueline_plan::{Plan, PlannedNode};
use glueline_project::{Language, Project, ResourceType};
use glueline_render::{Event, Renderer, SparkError};
use serde::Serialize;
use serde_json::Value;

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    run_error: Option<RunError>,
    nodes: Vec<Entry<'a>>,
}

/// Why dbt stops before it runs any node.
#[derive(Serialize)]
struct RunError {
    message: String,
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
}

#[derive(Serialize)]
struct Statement<'a> {
    seq: usize,
    kind: &'static str,
    raw: &'a str,
    sql: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_error: Option<Refusal<'a>>,
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
}

/// Prints one document, and a line end.
pub(super) fn write(renderer: &Renderer, plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let mut seq = 0;
    let nodes = plan.nodes.iter().map(|node| entry(renderer, node, &mut seq));
    let document = Document {
        schema: "glueline-preview/1",
        run_error: None,
        nodes: nodes.collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn entry<'a>(renderer: &'a Renderer, planned: &'a PlannedNode, seq: &mut usize) -> Entry<'a> {
    let project: &Project = renderer.project();
    let node = planned.node.map(|id| project.node(id));
    let operation = planned.operation.as_deref();
    let mut entry = Entry {
        unique_id: node.map_or_else(
            || operation.map_or("", |operation| &operation.unique_id),
            |node| &node.unique_id,
        ),
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
    };
    let Some(run) = &planned.run else {
        return entry;
    };
    entry.error = run.failure.as_ref().map(|failure| failure.message.clone());
    entry.compiled_code = run
        .compiled
        .as_ref()
        // dbt keeps the definition of a unit test, not what it compiles of it.
        .filter(|_| node.is_none_or(|node| node.kind != ResourceType::UnitTest))
        .and_then(|compiled| compiled.code.as_deref());
    for event in &run.events {
        *seq += 1;
        match event {
            Event::Statement(statement) => entry.statements.push(Statement {
                seq: *seq,
                kind: if statement.sql.is_some() { "sql" } else { "python" },
                raw: &statement.code,
                sql: statement.sql.as_deref(),
                answer_error: statement.error.as_ref().map(refusal),
            }),
            Event::Call(call) => entry.api_calls.push(Call {
                seq: *seq,
                service: call.service,
                op: call.operation,
                request: &call.request,
                error: call.error,
            }),
            Event::Log(line) => entry.log.push(&line.message),
        }
    }
    entry
}

fn refusal(error: &SparkError) -> Refusal<'_> {
    Refusal {
        name: &error.name,
        value: &error.value,
    }
}
