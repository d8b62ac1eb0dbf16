//! `glueline preview`: what a run would send, in order, before there is a session.

mod json;
mod sql;
mod text;

use std::sync::Arc;

use glueline_plan::{Plan, Request as PlanRequest, Status};
use glueline_render::Renderer;

use crate::args::{self, PreviewArgs, PreviewCommand, PreviewOutput, TalkArgs, WhichRun};
use crate::compile::{Opened, Surroundings, must_have_target, open, pool, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::progress::{self, Progress};
use crate::report::clean;
use crate::streams::Streams;

/// Plays a run through and prints what it would send.
pub(crate) fn preview(
    args: &PreviewArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let system = &**around.system;
    let mut project_args = args.project.clone();
    if let Some(which) = args.run {
        project_args.assume = Some(match which {
            WhichRun::First => args::Assume::Absent,
            WhichRun::Second => args::Assume::Exists,
        });
    }
    let opened = match open(&project_args, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let Opened {
        directory, settings, ..
    } = &opened;
    let request = Request {
        project_dir: directory,
        settings,
        selection: &args.selection,
    };
    let quiet = settings.quiet.value;
    let waiting = (streams.err_is_terminal && !quiet)
        .then(|| Progress::start(std::io::stderr(), "Previewing", progress::DELAY));
    let project = engine::load_project(system, &request)?;
    must_have_target(&project)?;
    let mut remarks = Vec::new();
    let selected = engine::select(system, &request, &project, &mut remarks)?;
    let renderer = Renderer::new(
        Arc::new(project),
        renderer_settings(around.system, selected.clone()),
    );
    let wanted = PlanRequest {
        command: command(args.command),
        selected,
    };
    let plan = pool(settings.threads.as_ref().map(|threads| threads.value))?
        .install(|| Plan::new(&renderer, &wanted));
    drop(waiting);
    for remark in &remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    match args.output {
        PreviewOutput::Json => json::write(&renderer, &plan, streams.out)?,
        PreviewOutput::Sql => sql::write(&renderer, &plan, streams.out)?,
        PreviewOutput::Text => text::write(&renderer, &plan, color, streams.out)?,
    }
    streams.out.flush()?;
    let fails = |status: Status| matches!(status, Status::Error | Status::Skipped);
    Ok(if plan.nodes.iter().any(|node| fails(node.status)) {
        Exit::Findings
    } else {
        Exit::Success
    })
}

const fn command(command: PreviewCommand) -> glueline_plan::Command {
    use glueline_plan::Command;
    match command {
        PreviewCommand::Run => Command::Run,
        PreviewCommand::Seed => Command::Seed,
        PreviewCommand::Snapshot => Command::Snapshot,
        PreviewCommand::Test => Command::Test,
        PreviewCommand::Build => Command::Build,
        PreviewCommand::Compile => Command::Compile,
    }
}
