//! Running a microbatch model: batch by batch (`MicrobatchModelRunner` in `dbt/task/run.py`).

use std::sync::Arc;

use glueline_project::{NodeId, ResourceType};
use glueline_template::{Args, Cx, Error, ErrorKind, Note, Value};

use super::batches::{self, Size};
use super::{NodeRun, Outcome, RanBatch, Run, Turn, materialize};
use crate::compile::{self, Compiled, Failure};
use crate::host::{Batch, NodeHost, Phase, Scene};
use crate::renderer::Shared;

/// The macro that a project may define to do batches in its own way; then dbt runs the model as any other.
const OWN: &str = "get_incremental_microbatch_sql";

/// Whether dbt runs a node batch by batch.
pub(super) fn is_batched(shared: &Arc<Shared>, node: NodeId) -> bool {
    if shared.project.node(node).kind != ResourceType::Model {
        return false;
    }
    let info = Shared::info(shared, node);
    let strategy = info.config.get_str("incremental_strategy");
    info.materialized() == "incremental"
        && strategy.is_some_and(|strategy| strategy.as_str().as_deref() == Some("microbatch"))
        && shared.project.macros().definitions(OWN).is_empty()
}

/// What a microbatch model does when its turn comes.
pub(super) fn run(run: &Run, turn: &Arc<Turn>, node: NodeId) -> NodeRun {
    let shared = &run.shared;
    let scene = Scene::from(turn);
    let host = Arc::new(NodeHost::node(shared, node, Phase::Execute, scene.clone()));
    let limits = shared.settings.limits;
    let (planned, mut notes) = shared
        .engine
        .with(host.clone(), limits, |cx| plan(cx, &host, node));
    let planned = match planned {
        Ok(planned) => planned,
        Err(error) => return run.end(turn, None, Err(Failure::ran(shared, node, error, None)), notes),
    };
    let (mut done, mut failed) = (0, None);
    let mut shown = None;
    let mut ran = Vec::new();
    for batch in &planned {
        let scene = Scene {
            batch: Some(batch.clone()),
            ..scene.clone()
        };
        let (compiled, outcome, more) = one(run, node, batch, &scene);
        notes.extend(more);
        ran.push(RanBatch::new(batch, outcome.is_ok()));
        match outcome {
            Ok(_) => done += 1,
            Err(failure) if failed.is_none() => failed = Some(failure),
            Err(_) => {}
        }
        shown.get_or_insert(compiled);
        if done == 0 {
            // Where the first batch fails the others are skipped, which counts as failed.
            let skipped = planned.iter().skip(ran.len());
            ran.extend(skipped.map(|batch| RanBatch::new(batch, false)));
            break;
        }
    }
    let outcome = match failed {
        None => Ok(Outcome::Success),
        Some(_) if done > 0 => Ok(Outcome::PartialSuccess),
        // dbt says no more; what is wrong stands in its log.
        Some(failure) => Err(Failure {
            message: "ERROR".to_owned(),
            ..failure
        }),
    };
    let message = match &outcome {
        Ok(Outcome::Success) => "SUCCESS".to_owned(),
        _ => format!("PARTIAL SUCCESS ({done}/{})", planned.len()),
    };
    turn.say(Some(message), None);
    NodeRun {
        batches: ran,
        ..run.end(turn, shown, outcome, notes)
    }
}

impl RanBatch {
    fn new(batch: &Batch, succeeded: bool) -> Self {
        let [start, end] = batch.span;
        Self {
            start,
            end,
            succeeded,
        }
    }
}

/// Runs one batch.
fn one(
    run: &Run,
    node: NodeId,
    batch: &Batch,
    scene: &Scene,
) -> (Arc<Compiled>, Result<Outcome, Failure>, Vec<Note>) {
    let shared = &run.shared;
    let compiled = compile::compile(shared, node, scene, &mut Vec::new());
    if let Some(failure) = &compiled.failure {
        let failure = failure.clone();
        return (compiled, Err(failure), Vec::new());
    }
    let mut host = NodeHost::node(shared, node, Phase::Execute, scene.clone());
    host.code = compiled.code.as_deref().map(Into::into);
    if batch.incremental {
        let constant = |name: &'static str, value: fn(&Cx, Args) -> Result<Value, Error>| {
            (Arc::from(name), Value::function(name, value))
        };
        host.extra
            .push(constant("is_incremental", |_, _| Ok(Value::Bool(true))));
        host.extra
            .push(constant("should_full_refresh", |_, _| Ok(Value::Bool(false))));
    }
    let host = Arc::new(host);
    let limits = shared.settings.limits;
    let (outcome, notes) = shared
        .engine
        .with(host.clone(), limits, |cx| materialize::run(cx, &host, node));
    let outcome = outcome.map_err(|error| Failure::ran(shared, node, error, None));
    (compiled, outcome, notes)
}

/// The batches of a model. dbt asks for its relation three times.
fn plan(cx: &Cx, host: &NodeHost, node: NodeId) -> Result<Vec<Arc<Batch>>, Error> {
    let shared = &host.shared;
    let config = Shared::info(shared, node).config.clone();
    let text = |key: &str| {
        config
            .get_str(key)
            .and_then(|value| Some(value.as_str()?.into_owned()))
    };
    let refused = |what: &str| {
        let name = &shared.project.node(node).name;
        Error::new(
            ErrorKind::Python("DbtRuntimeError"),
            format!("Microbatch model '{name}' {what}"),
        )
    };
    let is_later = is_incremental(cx, host)?;
    let size = text("batch_size")
        .and_then(|name| Size::named(&name))
        .ok_or_else(|| {
            refused(
                "does not have a 'batch_size' config (one of ['hour', 'day', 'month', 'year']) specificed.",
            )
        })?;
    let [from, to] = shared.settings.event_times;
    let end = size.ceiling(to.unwrap_or(shared.settings.started_at));
    let start = match from {
        Some(from) => size.floor(from),
        None if is_later => {
            let lookback = match config.get_str("lookback") {
                Some(Value::Int(lookback)) => lookback,
                _ => 1,
            };
            size.look_back(end, lookback)
        }
        None => {
            let begin = text("begin").and_then(|begin| batches::read_time(&begin));
            size.floor(begin.ok_or_else(|| refused("requires a 'begin' configuration."))?)
        }
    };
    relation(cx)?;
    let is_later = is_incremental(cx, host)?;
    let found = size.between(start, end);
    if found.len() > batches::MOST {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("the model has more than {} batches", batches::MOST),
        ));
    }
    let last = found.len() - 1;
    let made = found.into_iter().enumerate().map(|(index, (start, end))| {
        Ok(Arc::new(Batch {
            id: size.name(start).replace('-', ""),
            start: crate::context::time(cx, start, true)?,
            end: crate::context::time(cx, end, true)?,
            span: [start, end],
            bounds: [batches::shown(start), batches::shown(end)],
            incremental: is_later || index > 0,
            is_first: index == 0,
            is_last: index == last,
        }))
    });
    made.collect()
}

/// The relation of the model, if it is there.
fn relation(cx: &Cx) -> Result<Value, Error> {
    let this = cx.lookup("this");
    let parts = ["database", "schema", "identifier"].map(|part| cx.attr(&this, part));
    let parts = parts.into_iter().collect::<Result<_, _>>()?;
    cx.call_method(&cx.lookup("adapter"), "get_relation", Args::of(parts))
}

/// Whether this is a later run.
fn is_incremental(cx: &Cx, host: &NodeHost) -> Result<bool, Error> {
    let found = relation(cx)?;
    if found.is_none() || cx.attr(&found, "type")?.as_str().as_deref() != Some("table") {
        return Ok(false);
    }
    let anew = cx.call_method(&cx.lookup("config"), "get", Args::of(vec!["full_refresh".into()]))?;
    Ok(!match anew {
        Value::None => host.shared.project.run_options().full_refresh,
        anew => anew.truth(),
    })
}
