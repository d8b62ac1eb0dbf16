//! `run_results.json` (`dbt/artifacts/schemas/run/v5/run.py`, `RunResultsArtifact`).

use glueline_plan::{PlannedNode, Status};
use glueline_project::{NodeId, ResourceType};
use glueline_render::{NodeRun, Operation, Renderer, RunHook};
use serde_json::{Map, Value, json};

use crate::invocation::Invocation;
use crate::json::Writer;
use crate::times::{of_millis, seconds_between, zoned, zulu};

/// When a node was at work, in milliseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// When its turn came.
    pub started: i64,
    /// When it was compiled; `None` where it could not be.
    pub compiled: Option<i64>,
    /// When all was done.
    pub completed: i64,
    /// Who did it: `Thread-1 (worker)`.
    pub thread: String,
}

/// A node or a hook of a run that is over.
#[derive(Debug, Clone, Copy)]
pub struct Ran<'a> {
    /// What it did, and how it came out.
    pub node: &'a PlannedNode,
    /// When; `None` for what was skipped.
    pub timing: Option<&'a Timing>,
}

/// The text of `run_results.json`. `ran` are the nodes in the order in which they came to their end.
pub fn run_results(renderer: &Renderer, ran: &[Ran<'_>], invocation: &Invocation) -> String {
    let settings = renderer.settings();
    let writer = Writer::new(glueline_plan::secrets(renderer.project(), &*settings.system));
    let metadata = invocation.metadata(renderer, "run-results/v6");
    let results: Vec<String> = ran
        .iter()
        .map(|ran| writer.json(&result(renderer, *ran)))
        .collect();
    format!(
        "{{\"metadata\":{},\"results\":[{}],\"elapsed_time\":{},\"args\":{}}}",
        writer.json(&metadata.into()),
        results.join(","),
        Value::from(seconds_between(0, invocation.elapsed)),
        writer.json(&Value::from(told(&invocation.args))),
    )
}

/// The flags, with what a variable of a secret name holds masked (`from_execution_results`).
fn told(args: &Map<String, Value>) -> Map<String, Value> {
    let mut args = args.clone();
    if let Some(Value::Object(vars)) = args.get_mut("vars") {
        for (name, value) in vars {
            if name.starts_with("DBT_ENV_SECRET") {
                *value = "*****".into();
            }
        }
    }
    args
}

/// What one node, or one hook, left behind. The order of keys is dbt's.
fn result(renderer: &Renderer, ran: Ran<'_>) -> Value {
    let Ran { node, timing } = ran;
    let run = node.run.as_ref();
    let id = match (node.node, &node.operation) {
        (Some(id), _) => renderer.project().node(id).unique_id.clone(),
        (None, Some(hook)) => hook.unique_id.clone(),
        (None, None) => "".into(),
    };
    let thread = timing.map_or(MAIN, |timing| &*timing.thread);
    let message = message(renderer, node);
    let code = code(renderer, node);
    let relation = node.node.filter(|id| is_compiled(renderer, *id));
    json!({
        "status": node.status.name(),
        "timing": timing.map_or_else(Vec::new, steps),
        "thread_id": if node.operation.is_some() { "main" } else { thread },
        "execution_time": timing.map_or(0.0, |timing| seconds_between(timing.started, timing.completed)),
        "adapter_response": response(renderer, node, message.as_deref()),
        "message": message,
        "failures": failures(node),
        "unique_id": &*id,
        "compiled": code.is_compiled,
        "compiled_code": code.text,
        "relation_name": relation.and_then(|id| renderer.relation_name(id)),
        "batch_results": run.map_or(Value::Null, batches),
        "overload_results": Value::Null,
    })
}

/// The thread of what nobody worked on: dbt's first.
const MAIN: &str = "Thread-1 (worker)";

/// `compile` and `execute`, each with its times.
fn steps(timing: &Timing) -> Vec<Value> {
    let step = |name: &str, from: i64, to: i64| {
        json!({
            "name": name,
            "started_at": zulu(of_millis(from)),
            "completed_at": zulu(of_millis(to)),
        })
    };
    match timing.compiled {
        Some(compiled) => vec![
            step("compile", timing.started, compiled),
            step("execute", compiled, timing.completed),
        ],
        // Who fails before that is not run (`compile_and_execute` in `dbt/task/base.py`).
        None => vec![step("compile", timing.started, timing.completed)],
    }
}

/// What a node was compiled to.
struct Code<'a> {
    /// `None` where dbt compiles no such node.
    is_compiled: Option<bool>,
    text: Option<&'a str>,
}

fn code<'a>(renderer: &Renderer, node: &'a PlannedNode) -> Code<'a> {
    let run = node.run.as_ref();
    if node.node.is_some_and(|id| !is_compiled(renderer, id)) {
        return Code {
            is_compiled: None,
            text: None,
        };
    }
    // Of a microbatch model only copies are compiled, one for each batch.
    let compiled = run
        .filter(|run| run.batches.is_empty())
        .and_then(|run| run.compiled.as_ref());
    let text = compiled
        .filter(|compiled| compiled.failure.is_none())
        .and_then(|compiled| compiled.code.as_deref());
    Code {
        is_compiled: Some(text.is_some()),
        text,
    }
}

/// Whether a node is one that dbt compiles (`CompiledResource`): neither seed nor exposure, nor unit test, which is a definition.
fn is_compiled(renderer: &Renderer, id: NodeId) -> bool {
    match renderer.project().node(id).kind {
        ResourceType::Model | ResourceType::Snapshot | ResourceType::Test | ResourceType::Analysis => true,
        ResourceType::Seed | ResourceType::Source | ResourceType::UnitTest | ResourceType::Exposure => false,
    }
}

fn message(renderer: &Renderer, node: &PlannedNode) -> Option<String> {
    let run = node.run.as_ref();
    let failure = run
        .and_then(|run| run.failure.as_ref())
        .map(|failure| failure.message.clone());
    if let Some(hook) = &node.operation {
        let name = name_of_hook(renderer, hook);
        return match node.status {
            Status::Success => Some(format!("{name} passed")),
            Status::Skipped => Some(format!("{name} skipped")),
            _ => failure,
        };
    }
    match node.status {
        Status::NoOp => Some("NO-OP".to_owned()),
        _ => failure.or_else(|| run?.message.clone()),
    }
}

/// What dbt's messages call a hook: `shop.on-run-start.0` (`safe_run_hooks` in `dbt/task/run.py`).
fn name_of_hook(renderer: &Renderer, hook: &Operation) -> String {
    let packages = renderer.project().packages();
    let package = packages.get(hook.package).map_or("", |package| &*package.name);
    let when = match hook.when {
        RunHook::Start => "on-run-start",
        RunHook::End => "on-run-end",
    };
    format!("{package}.{when}.{}", hook.index)
}

/// What the adapter answered. dbt-glue says `OK` of every query and counts the rows of seeds
/// (`get_response` in `dbt/adapters/glue/connections.py`).
fn response(renderer: &Renderer, node: &PlannedNode, message: Option<&str>) -> Value {
    let kind = node.node.map(|id| renderer.project().node(id).kind);
    let is_batched = node.run.as_ref().is_some_and(|run| !run.batches.is_empty());
    match (kind, node.status) {
        (None, _) => json!({}),
        (Some(ResourceType::Test | ResourceType::UnitTest), Status::Pass | Status::Warn | Status::Fail) => {
            json!({"_message": "OK"})
        }
        (_, Status::Success) if !is_batched => match message {
            Some(message) => json!({"_message": message}),
            None => json!({}),
        },
        _ => json!({}),
    }
}

/// How many rows a test found; for hooks and what there is nothing to run of, what dbt says instead.
fn failures(node: &PlannedNode) -> Option<i64> {
    match (&node.operation, node.status) {
        (Some(_), Status::Success) | (None, Status::NoOp) => Some(0),
        (Some(_), _) => Some(1),
        _ => {
            let run = node.run.as_ref()?;
            // A microbatch model counts none, whatever became of its batches.
            run.failures.or((!run.batches.is_empty()).then_some(0))
        }
    }
}

/// The batches of a microbatch model, by how they went.
fn batches(run: &NodeRun) -> Value {
    if run.batches.is_empty() {
        return Value::Null;
    }
    let those = |succeeded: bool| -> Vec<Value> {
        let batches = run.batches.iter().filter(|batch| batch.succeeded == succeeded);
        batches
            .map(|batch| json!([zoned(batch.start), zoned(batch.end)]))
            .collect()
    };
    json!({"successful": those(true), "failed": those(false)})
}
