//! What is left of a run: the session, the artifacts, and errors at the place where they are at home.

use std::collections::BTreeMap;

use glueline_artifacts::{Code, Invocation, Timing, manifest, run_results};
use glueline_base::{Cancel, Diagnostic, Utf8Path};
use glueline_glue::{Caller, Sessions};
use glueline_plan::fault::single;
use glueline_plan::{Plan, PlannedNode, Secrets, Status};
use glueline_render::{Failure as Refused, NodeRun, Renderer, SessionEnd};
use glueline_run::{Link, Runner};
use serde_json::{Map, Value as Json, json};

use super::args::{LogFormat, RunArgs};
use super::stream;
use crate::below_target::{DIRECTORY, Writer};
use crate::compile::Surroundings;
use crate::exit::Failure;
use crate::explain_error::{self, Sent};
use crate::report::{self, clean};
use crate::streams::Streams;

/// A run that is over.
pub(super) struct Ran<'a> {
    pub(super) renderer: &'a Renderer,
    pub(super) plan: &'a Plan,
    /// When each node was at work, by dbt's id.
    pub(super) timings: &'a BTreeMap<String, Timing>,
    /// How many milliseconds it took.
    pub(super) elapsed: i64,
}

impl Ran<'_> {
    fn id(&self, planned: &PlannedNode) -> String {
        super::events::Subject::of(self.renderer, planned.node, planned.operation.as_deref()).unique_id
    }
}

/// Stops what nobody is going to use: sessions of a model's own, and that of the target where `stops` asks for it. What is said of it,
/// a line each.
pub(super) fn close(runner: &Runner, link: &Link, doors: &glueline_run::Doors, stops: bool) -> Vec<String> {
    let mut said = Vec::new();
    // Whoever said stop wants that, too.
    let cancel = Cancel::new();
    let caller = Caller {
        cancel: &cancel,
        ..link.caller()
    };
    let records = doors.store.all().unwrap_or_default();
    for (key, id, end) in runner.sessions() {
        let is_own = key == doors.wanted.key;
        if !(if is_own { stops } else { end != SessionEnd::Never }) {
            continue;
        }
        if records
            .get(&key)
            .is_some_and(|record| record.id == id && !record.made)
        {
            said.push(format!(
                "note: session {id} was not made by Glueline, and others may use it: it is not stopped; `glueline session stop {id}` \
                 stops it all the same"
            ));
            continue;
        }
        let stopped = Sessions {
            caller,
            store: &doors.store,
            say: &mut |remark| said.push(format!("note: {}", clean(remark))),
        }
        .stop(&id, doors.wanted.patience);
        if let Err(error) = stopped {
            let why = error.to_string();
            said.push(format!("warning: session {id} was not stopped: {}", clean(&why)));
        }
    }
    said
}

/// Writes `run_results.json` and `manifest.json` below `target/glueline`.
pub(super) fn write_artifacts(ran: &Ran<'_>, args: &RunArgs, project_dir: &Utf8Path) -> Result<(), Failure> {
    let nodes: Vec<_> = ran
        .plan
        .nodes
        .iter()
        .map(|node| glueline_artifacts::Ran {
            node,
            timing: ran.timings.get(&ran.id(node)),
        })
        .collect();
    let invocation = Invocation {
        generated_at: crate::compile::now(),
        args: flags(args),
        elapsed: ran.elapsed,
    };
    let text = run_results(ran.renderer, &nodes, &invocation);
    let codes = Code::of_run(ran.renderer, &ran.plan.nodes);
    let mut writer = Writer::new(project_dir);
    let below = Utf8Path::new(DIRECTORY);
    writer.write(&below.join("manifest.json"), |out| {
        manifest(ran.renderer, &codes, &invocation, out)
    })?;
    writer.write(&below.join("run_results.json"), |out| {
        out.write_all(text.as_bytes())
    })
}

/// The flags of the command, as dbt names them.
fn flags(args: &RunArgs) -> Map<String, Json> {
    let which = super::command(args.command).name();
    let flags = json!({
        "which": which,
        "select": args.selection.select,
        "exclude": args.selection.exclude,
        "full_refresh": args.project.full_refresh,
        "fail_fast": args.fail_fast,
        "target": args.project.target,
    });
    match flags {
        Json::Object(flags) => flags,
        _ => Map::new(),
    }
}

/// What is said of a node that failed: what the session refused at its place, else what the failure tells.
fn found(
    ran: &Ran<'_>,
    planned: &PlannedNode,
    failure: Option<&Refused>,
    secrets: &Secrets,
) -> Vec<Diagnostic> {
    let (renderer, id) = (ran.renderer, ran.id(planned));
    let statements = planned.run.iter().flat_map(NodeRun::statements);
    let refused = statements.filter_map(|statement| Some((statement, statement.error.as_ref()?)));
    if let Some((statement, error)) = refused.last() {
        let sent = Sent::Code(&statement.code);
        return vec![explain_error::refused(renderer, &id, sent, error).finding(renderer)];
    }
    let Some(failure) = failure else {
        return Vec::new();
    };
    let told = explain_error::told(renderer, &failure.message, &id);
    if told.is_empty() {
        let mut plain = single(
            renderer.project(),
            planned.node,
            planned.operation.as_deref(),
            failure,
        );
        plain.message = secrets.mask(plain.message);
        return vec![plain];
    }
    told.iter().map(|error| error.finding(renderer)).collect()
}

/// Prints why nodes failed: what Spark says at its place in the model.
pub(super) fn bring_home(
    ran: &Ran<'_>,
    args: &RunArgs,
    prefix: &str,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let project = ran.renderer.project();
    let secrets = Secrets::of(project, &*ran.renderer.settings().system);
    // With whose each is, by dbt's id.
    let failed = ran.plan.nodes.iter().filter_map(|planned| {
        let failure = planned.run.as_ref()?.failure.as_ref();
        // Of a model some batches of which failed, dbt keeps no failure.
        if failure.is_none() && planned.status != Status::PartialSuccess {
            return None;
        }
        let found = found(ran, planned, failure, &secrets);
        Some(found.into_iter().map(|found| (found, ran.id(planned))))
    });
    let (found, owners): (Vec<Diagnostic>, Vec<String>) = failed.flatten().unzip();
    if found.is_empty() {
        return Ok(());
    }
    if args.log_format == LogFormat::Json {
        let events = stream::findings(&found, project, around.rules);
        for (mut event, owner) in events.into_iter().zip(&owners) {
            if let Some(fields) = event.as_object_mut() {
                fields.insert("event".to_owned(), json!("finding"));
                fields.insert("node".to_owned(), json!(owner));
            }
            stream::write(&event, streams.out)?;
        }
    }
    report::write_faults(&found, project, around.rules, prefix, around.color, streams.err)?;
    Ok(())
}
