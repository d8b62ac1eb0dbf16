//! `glueline iam-policy`: the least that AWS has to allow so that the project runs.

mod show;

use std::sync::Arc;

use glueline_plan::policy::{Facts, Policy, Principal, compare};
use glueline_plan::{Command, Plan, Request as PlanRequest, Status};
use glueline_render::Renderer;
use serde_json::Value;

use crate::args::{Assume, IamPolicyArgs, IamPrincipal, ProjectArgs, SelectionArgs, TalkArgs};
use crate::compile::{Opened, Surroundings, must_have_target, open, pool, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::report::clean;
use crate::stopped::Stopped;
use crate::streams::Streams;

/// Everything that a project can be told to do: what is built, and what is only compiled.
const COMMANDS: [Command; 2] = [Command::Build, Command::Compile];

/// Derives the policy and prints it, or what another one lacks of it.
pub(crate) fn iam_policy(
    args: &IamPolicyArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let there = args.diff.as_ref().map(|path| read(around, path)).transpose()?;
    let waiting = Progress::of(streams, talk.quiet, "Planning");
    let gathered = gather(&args.project, talk, around, streams)?;
    drop(waiting);
    let (facts, remarks) = match gathered {
        Ok(gathered) => gathered,
        Err(exit) => return Ok(exit),
    };
    for remark in facts.remarks().iter().chain(&remarks) {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    let principal = match args.principal {
        IamPrincipal::Role => Principal::Role,
        IamPrincipal::Caller => Principal::Caller,
    };
    let policy = Policy::new(&facts, principal);
    match (&args.diff, there) {
        (Some(path), Some(there)) => {
            let comparison = compare(&policy, &there)
                .map_err(|why| Failure::Usage(format!("{path}: no policy of IAM: {why}")))?;
            show::write(&comparison, args.output, streams)?;
            Ok(if comparison.lacks.is_empty() {
                Exit::Success
            } else {
                Exit::Findings
            })
        }
        _ => {
            show::print(&policy, streams)?;
            Ok(Exit::Success)
        }
    }
}

/// The policy that is there.
fn read(around: Surroundings<'_>, path: &glueline_base::Utf8Path) -> Result<Value, Failure> {
    let bytes = around
        .system
        .read(&around.current_dir.join(path))
        .map_err(|error| Failure::Usage(format!("{path}: {error}")))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::Usage(format!("{path}: no JSON: {error}")))
}

/// What all plans of the project do, and what is to be said of them; the exit where nothing can be planned, which is said then.
fn gather(
    project_args: &ProjectArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Result<(Facts, Vec<String>), Exit>, Failure> {
    let selection = SelectionArgs::default();
    let mut facts: Option<Facts> = None;
    let mut remarks = Vec::new();
    for life in lives(project_args) {
        let life_args = ProjectArgs {
            assume: life,
            ..project_args.clone()
        };
        let opened = match open(&life_args, &selection, talk, around, streams)? {
            Ok(opened) => opened,
            Err(exit) => return Ok(Err(exit)),
        };
        let Opened {
            directory,
            prefix,
            settings,
        } = &opened;
        let request = Request {
            project_dir: directory,
            settings,
            selection: &selection,
        };
        let project = Arc::new(engine::load_project(&**around.system, &request)?);
        let renderer = Renderer::new(project.clone(), renderer_settings(around.system, None));
        let pool = pool(settings.threads.as_ref().map(|threads| threads.value))?;
        if let Some(stopped) = Stopped::find(&renderer, &pool) {
            stopped.write(around.rules, prefix, around.color, streams.err)?;
            return Ok(Err(Exit::Findings));
        }
        must_have_target(&project)?;
        let facts = facts.get_or_insert_with(|| Facts::new(&project));
        for command in COMMANDS {
            let wanted = PlanRequest {
                command,
                ..PlanRequest::default()
            };
            let plan = pool.install(|| Plan::new(&renderer, &wanted));
            facts.add(&renderer, &plan);
            remarks.extend(failing(&plan));
        }
    }
    remarks.sort();
    remarks.dedup();
    Ok(Ok((facts.unwrap_or_default(), remarks)))
}

/// The lives of the project's relations that are looked at: both, where nothing says which it is.
fn lives(args: &ProjectArgs) -> Vec<Option<Assume>> {
    match (args.assume, &args.catalog) {
        (Some(assume), _) => vec![Some(assume)],
        (None, Some(_)) => vec![None],
        (None, None) => vec![Some(Assume::Absent), Some(Assume::Exists)],
    }
}

/// What is said of nodes that would fail: what they need beyond that is not known.
fn failing(plan: &Plan) -> Option<String> {
    let failing = plan.nodes.iter().filter(|node| node.status == Status::Error);
    match failing.count() {
        0 => None,
        1 => Some("1 node would fail, and what it needs is not all known: see `glueline preview`".to_owned()),
        count => Some(format!(
            "{count} nodes would fail, and what they need is not all known: see `glueline preview`"
        )),
    }
}
