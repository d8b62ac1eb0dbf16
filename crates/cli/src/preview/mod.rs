//! `glueline preview`: what a run would send, in order, before there is a session.

mod diff;
mod heading;
mod highlight;
mod json;
mod revision;
mod shown;
mod sides;
mod sql;
mod text;

use std::sync::Arc;

use glueline_plan::{Plan, Request as PlanRequest, Status};
use glueline_render::Renderer;

use self::shown::Shown;
use self::sides::Side;
use crate::args::{self, PreviewArgs, PreviewCommand, PreviewOutput, TalkArgs, WhichRun};
use crate::compile::{
    Opened, Surroundings, lasting_renderer, must_have_target, open, pool, renderer_settings,
};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::fix::Printer;
use crate::progress::Progress;
use crate::report::{clean, counted};
use crate::stopped::Stopped;
use crate::streams::Streams;

/// A run that was played through.
struct Played {
    renderer: Renderer,
    plan: Plan,
}

/// Plays a run through and prints what it would send, or how that differs from another.
pub(crate) fn preview(
    args: &PreviewArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
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
    let quiet = opened.settings.quiet.value;
    let waiting = Progress::of(streams, quiet, "Previewing");
    let mut remarks = Vec::new();
    let sides = sides::sides(args, &opened, around.system, around.current_dir)?;
    let (before, after) = match sides {
        Some((before, after)) => {
            // What the older side says of the selection is nothing that the newer does not say.
            match play(args, &opened, &before, around, &mut Vec::new())? {
                Ok(played) => (Some((before.label, played)), after),
                Err(stopped) => {
                    drop(waiting);
                    let label = clean(&before.label);
                    writeln!(streams.err, "warning: nothing can be compared with: {label}")?;
                    return tell(&stopped, args, &opened, around, color, streams);
                }
            }
        }
        None => (None, sides::plain(&opened.settings, String::new())),
    };
    let label = after.label.clone();
    let played = play(args, &opened, &after, around, &mut remarks)?;
    drop(waiting);
    let played = match played {
        Ok(played) => played,
        Err(stopped) => return tell(&stopped, args, &opened, around, color, streams),
    };
    for remark in &remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    match before {
        None => print(args, &opened, &played, around, color, streams)?,
        Some((name, before)) => {
            let mut printer = Printer {
                out: streams.out,
                for_terminal: streams.out_is_terminal,
                color,
            };
            let differing = diff::write((&name, &before), (&label, &played), &mut printer)?;
            streams.out.flush()?;
            if !quiet {
                let nodes = counted(played.plan.nodes.len(), "node");
                writeln!(
                    streams.err,
                    "Compared {nodes}: {differing} differ in what is sent"
                )?;
            }
        }
    }
    let fails = |status: Status| matches!(status, Status::Error | Status::PartialSuccess | Status::Skipped);
    Ok(if played.plan.nodes.iter().any(|node| fails(node.status)) {
        Exit::Findings
    } else {
        Exit::Success
    })
}

/// Says why dbt runs nothing.
fn tell(
    stopped: &Stopped,
    args: &PreviewArgs,
    opened: &Opened,
    around: Surroundings<'_>,
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let prefix = &opened.prefix;
    match args.output {
        PreviewOutput::Json => json::write_stopped(stopped, streams.out)?,
        PreviewOutput::Sql => stopped.write(around.rules, prefix, around.color, streams.err)?,
        PreviewOutput::Text => stopped.write(around.rules, prefix, color, streams.out)?,
    }
    Ok(Exit::Findings)
}

/// Plays the run of one side through, unless dbt would not get as far.
fn play(
    args: &PreviewArgs,
    opened: &Opened,
    side: &Side,
    around: Surroundings<'_>,
    remarks: &mut Vec<String>,
) -> Result<Result<Played, Stopped>, Failure> {
    let system = &**around.system;
    let request = Request {
        project_dir: &opened.directory,
        settings: &side.settings,
        selection: &args.selection,
    };
    let files = side.files.as_deref().unwrap_or(system);
    let project = engine::load_project_of(system, files, &request)?;
    // dbt reads the whole project before it looks at what is selected.
    let selected = engine::select(system, &request, &project, remarks);
    let meant = selected.as_ref().ok().cloned().flatten();
    let mut settings = renderer_settings(around.system, meant);
    // The way back to the source is shown.
    settings.marked = true;
    settings.event_times = args.batches.times()?;
    settings.flags = glueline_render::Flags {
        which: command(args.command).name(),
        store_failures: args.store_failures,
    };
    let renderer = lasting_renderer(Arc::new(project), settings);
    let pool = pool(side.settings.threads.as_ref().map(|threads| threads.value))?;
    if let Some(stopped) = Stopped::find(&renderer, &pool) {
        return Ok(Err(stopped));
    }
    must_have_target(renderer.project())?;
    let wanted = PlanRequest {
        command: command(args.command),
        selected: selected?,
        assume: None,
    };
    let plan = pool.install(|| Plan::new(&renderer, &wanted));
    Ok(Ok(Played { renderer, plan }))
}

fn print(
    args: &PreviewArgs,
    opened: &Opened,
    played: &Played,
    around: Surroundings<'_>,
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let shown = Shown::new(&played.renderer, &played.plan, &opened.prefix);
    let quiet = opened.settings.quiet.value;
    match args.output {
        PreviewOutput::Json => json::write(&shown, streams.out)?,
        PreviewOutput::Sql => sql::write(&shown, streams.out)?,
        PreviewOutput::Text => {
            let text = text::Text {
                shown: &shown,
                color,
                rules: around.rules,
            };
            if !quiet {
                heading::write(&text, &opened.settings, around.current_dir, streams.out)?;
            }
            text.write(streams.out)?;
        }
    }
    streams.out.flush()?;
    if !quiet {
        heading::summary(&shown, streams.err)?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    #[test]
    fn rules_that_explain_dangers_exist() {
        for id in glueline_plan::step::rules::ALL {
            assert!(glueline_rules::ALL.iter().any(|rule| rule.meta.id == id), "{id}");
        }
    }
}
