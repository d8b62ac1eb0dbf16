//! `glueline-compile/1`: every node as one JSON document.

use std::io::{self, Write};

use glueline_base::{FileId, SharedVec, Source};
use glueline_project::{NodeId, Project, ResourceType};
use glueline_render::Renderer;
use glueline_schema::{Field, Schemas};
use glueline_template::Note;
use serde::Serialize;

use super::outcome::{Outcome, Verdict};
use super::places;
use crate::report::{Locator, Span};

/// dbt's id of a query that stands in no file.
const INLINE_NAME: &str = "inline_query";
/// dbt's kind of such a query.
const INLINE_KIND: &str = "sql_operation";

/// dbt's kind of a hook of a run, and the file that it says every one of them stands in.
const HOOK_KIND: &str = "operation";
const HOOK_PATH: &str = "./dbt_project.yml";

/// What is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    nodes: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    unique_id: String,
    resource_type: &'static str,
    path: &'a str,
    relation_name: Option<&'a str>,
    status: &'static str,
    error: Option<String>,
    compiled_code: Option<&'a str>,
    columns: Option<&'a [Column]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<Unknown<'a>>,
}

/// A column of what a node selects.
#[derive(Serialize)]
pub(super) struct Column {
    name: String,
    r#type: Option<String>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    message: &'a str,
    path: &'a str,
    range: Option<Span>,
}

/// The columns of each node, where they are known: computed on the threads of the pool that it is called in.
pub(super) fn columns(renderer: &Renderer, outcomes: &[Outcome]) -> Vec<Option<Vec<Column>>> {
    let schemas = Schemas::of_compiled(renderer);
    let of = |node: NodeId| {
        let columns = schemas.of(node).columns.clone()?;
        let column = |field: &Field| Column {
            name: field.name.to_string(),
            r#type: field.ty.is_certain().then(|| field.ty.to_string()),
        };
        Some(columns.iter().map(column).collect())
    };
    let nodes: Vec<NodeId> = outcomes.iter().filter_map(|outcome| outcome.node).collect();
    let mut known = schemas.ask(&nodes, of).into_iter();
    let of_outcome = |outcome: &Outcome| outcome.node.and_then(|_| known.next().flatten());
    outcomes.iter().map(of_outcome).collect()
}

/// Prints one document, and a line end. `columns` are those of each outcome.
pub(super) fn write(
    project: &Project,
    outcomes: &[Outcome],
    columns: &[Option<Vec<Column>>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let sources = project.files().sources();
    let locator = Locator::new(sources);
    let document = Document {
        schema: "glueline-compile/1",
        nodes: outcomes
            .iter()
            .zip(columns)
            .map(|(outcome, columns)| entry(project, sources, &locator, outcome, columns.as_deref()))
            .collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn entry<'a>(
    project: &'a Project,
    sources: &'a SharedVec<Source>,
    locator: &Locator<'_>,
    outcome: &'a Outcome,
    columns: Option<&'a [Column]>,
) -> Entry<'a> {
    let node = outcome.node.map(|node| project.node(node));
    let operation = outcome.operation.as_ref();
    let other_id = || match operation {
        Some(operation) => operation.unique_id.to_string(),
        None => format!("{INLINE_KIND}.{}.{INLINE_NAME}", project.root().name),
    };
    let (other_kind, other_path) = match operation {
        Some(_) => (HOOK_KIND, HOOK_PATH),
        None => (INLINE_KIND, INLINE_NAME),
    };
    let unknown = outcome.unknown().iter();
    Entry {
        unique_id: node.map_or_else(other_id, |node| node.unique_id.to_string()),
        resource_type: node.map_or(other_kind, |node| node.kind.name()),
        path: node.map_or(other_path, |node| places::path(project, node)),
        relation_name: outcome.relation_name.as_deref(),
        status: match outcome.verdict() {
            Verdict::Success => "success",
            Verdict::Error => "error",
            Verdict::Skipped => "skipped",
        },
        error: outcome.message(project),
        // dbt compiles a seed, to nothing.
        compiled_code: outcome
            .code()
            .or_else(|| (node?.kind == ResourceType::Seed).then_some("")),
        columns,
        unknown: unknown.map(|note| said(sources, locator, note)).collect(),
    }
}

fn said<'a>(sources: &'a SharedVec<Source>, locator: &Locator<'_>, note: &'a Note) -> Unknown<'a> {
    let known = |file: FileId| sources.get(usize::try_from(file.0).ok()?);
    // The first place in a file: what is asked for outside of any, as within a query of the command line, has none.
    let place = note
        .trace
        .iter()
        .find_map(|frame| Some((known(frame.place.file)?, frame.place)));
    Unknown {
        message: &note.message,
        path: place.map_or(INLINE_NAME, |(source, _)| source.path.as_str()),
        range: place.map(|(_, place)| locator.span(place)),
    }
}
