//! `glueline run`: what the preview shows, carried out.

pub(crate) mod args;
mod asks;
mod ends;
pub(crate) mod events;
mod lines;
pub(crate) mod show;
mod site;
mod stream;
pub(crate) mod verdicts;
mod watch;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use glueline_plan::step::{Effect, Step, of_call, of_statement};
use glueline_plan::{Carrying, Command, Plan, Request as PlanRequest, Status};
use glueline_render::Renderer;
use glueline_run::{Runner, Sending};
use rayon::ThreadPool;

use self::args::{LogFormat, RunArgs, RunCommand};
use self::events::{Event, Subject, Teller};
use self::lines::Lines;
use self::site::Site;
use self::stream::End;
use self::watch::Watch;
use crate::args::TalkArgs;
use crate::compile::{
    Opened, Surroundings, lasting_renderer, must_have_target, open, pool, renderer_settings,
};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::report::{clean, counted};
use crate::stopped::Stopped;
use crate::streams::Streams;

/// Runs nodes: plays the run through, asks where data is at stake, and then does what was played through.
pub(crate) fn run(
    args: &RunArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let end = run_to_its_end(args, talk, around, streams);
    if args.log_format == LogFormat::Json {
        // However it ended: whoever reads the events is told.
        let told = stream::write(&stream::ended(&end), streams.out);
        return end.and_then(|end| told.map(|()| end.exit()).map_err(Failure::from));
    }
    end.map(End::exit)
}

fn run_to_its_end(
    args: &RunArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<End, Failure> {
    let files = crate::from_editor::files(args.site.from_editor, around.system)?;
    let around = Surroundings {
        system: &files,
        ..around
    };
    let opened = match open(&args.project, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(End::Refused(exit, "glueline.toml cannot be used".to_owned())),
    };
    let quiet = opened.settings.quiet.value;
    let waiting = Progress::of(streams, quiet, "Reading the project and the catalog");
    let mut remarks = Vec::new();
    let ready = get_ready(args, &opened, around, &mut remarks);
    drop(waiting);
    for remark in &remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    let ready = match ready? {
        Ok(ready) => ready,
        Err(stopped) => {
            stopped.write(around.rules, &opened.prefix, around.color, streams.err)?;
            let (class, words) = stopped.words();
            return Ok(End::Refused(Exit::Findings, format!("{class}: {words}")));
        }
    };
    let is_told = args.log_format == LogFormat::Json;
    if ready.preview.nodes.is_empty() {
        writeln!(
            streams.err,
            "Nothing to run: no node is selected that `{}` takes up",
            command(args.command).name()
        )?;
        return Ok(End::Success);
    }
    if !args.yes {
        let asks = asks::find(&ready, &opened.settings);
        if !asks.is_empty() && args.agreed != Some(asks.agreement()) {
            if is_told {
                stream::write(&asks::event(&asks, &ready, around), streams.out)?;
            }
            asks::write(&asks, &ready, &opened.prefix, around, streams.err)?;
            return Ok(End::Asks);
        }
    }
    carry_out(args, ready, &opened, around, streams)
}

/// A run, right before its first statement.
pub(super) struct Ready {
    /// The threads that think.
    pub(super) pool: ThreadPool,
    pub(super) renderer: Renderer,
    pub(super) request: PlanRequest,
    /// The run, played through.
    pub(super) preview: Plan,
    pub(super) site: Site,
}

/// What is about to be done by what is sent.
fn step_of(renderer: &Renderer, sending: Sending<'_>) -> Step {
    match sending {
        Sending::Statement(statement) => of_statement(renderer, statement),
        Sending::Call(call) => of_call(renderer, call),
    }
}

/// Whether something only reads.
fn reads(renderer: &Renderer, sending: Sending<'_>) -> bool {
    matches!(step_of(renderer, sending).effect, Effect::Settles | Effect::Reads)
}

/// Reads the project and the catalog, and plays the run through; unless dbt would not get as far.
fn get_ready(
    args: &RunArgs,
    opened: &Opened,
    around: Surroundings<'_>,
    remarks: &mut Vec<String>,
) -> Result<Result<Ready, Stopped>, Failure> {
    let system = &**around.system;
    let request = Request {
        project_dir: &opened.directory,
        settings: &opened.settings,
        selection: &args.selection,
    };
    let first = Arc::new(engine::load_project(system, &request)?);
    must_have_target(&first)?;
    let mut site = Site::open(&first, &opened.directory, &args.site, around.system)?;
    site.doors.sessions = usize::try_from(args.sessions).unwrap_or(1);
    let project = site.known(first, &opened.settings, None, around.system, remarks)?;
    let selected = engine::select(system, &request, &project, remarks);
    let meant = selected.as_ref().ok().cloned().flatten();
    let mut settings = renderer_settings(around.system, meant);
    settings.marked = true;
    settings.event_times = args.batches.times()?;
    settings.flags = glueline_render::Flags {
        which: command(args.command).name(),
        store_failures: args.store_failures,
    };
    let renderer = lasting_renderer(project, settings);
    let pool = pool(None)?;
    if let Some(stopped) = Stopped::find(&renderer, &pool) {
        return Ok(Err(stopped));
    }
    let request = PlanRequest {
        command: command(args.command),
        selected: selected?,
        assume: None,
    };
    let preview = pool.install(|| Plan::new(&renderer, &request));
    Ok(Ok(Ready {
        pool,
        renderer,
        request,
        preview,
        site,
    }))
}

fn carry_out(
    args: &RunArgs,
    ready: Ready,
    opened: &Opened,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<End, Failure> {
    let Ready {
        pool,
        renderer,
        request,
        preview,
        site,
    } = ready;
    let (sender, events) = mpsc::channel();
    let teller = Arc::new(Teller::new(sender));
    let Site { link, doors, .. } = site;
    let gate = asks::gate(&renderer, &preview, args);
    let runner = Runner::new(link.clone(), doors.clone(), gate, teller.clone());
    let (first, open) = if args.safe {
        asks::before_loss(&renderer, &preview)
    } else {
        Default::default()
    };
    for id in open {
        writeln!(
            streams.err,
            "warning: the query of {} depends on rows: Spark is not asked about it before something goes",
            clean(&id)
        )?;
    }
    let runner = Arc::new(runner.looking_first(first));
    let watch = Watch::new(renderer.clone(), link.clone(), teller.clone());
    let began = link.clock.now();
    let total = preview.nodes.len();
    drop(preview);
    if args.log_format == LogFormat::Json {
        stream::write(&stream::planned(total), streams.out)?;
    }
    let threads = args.project.threads.unwrap_or(args.sessions);
    let threads = usize::try_from(threads).unwrap_or(1);
    let ((plan, timings), told) = {
        let (renderer, runner, cancel) = (&renderer, runner.clone(), &link.cancel);
        let work = move || {
            let carrying = Carrying {
                live: runner,
                observer: &watch,
                threads,
                fail_fast: args.fail_fast,
                cancel,
            };
            // However it ends, whoever prints is told.
            let _over = Over(&teller);
            let plan = Plan::carry_out(renderer, &request, &carrying);
            (plan, watch.finish())
        };
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| pool.install(work));
            let told = tell(&events, args, total, opened, around, streams);
            let done = worker
                .join()
                .map_err(|_| Failure::Failed("the run broke off".to_owned()))?;
            Ok::<_, Failure>((done, told))
        })?
    };
    let stops = args.site.stop_session || opened.settings.stop_session.value;
    for line in ends::close(&runner, &link, &doors, stops) {
        writeln!(streams.err, "{line}")?;
    }
    let ran = ends::Ran {
        renderer: &renderer,
        plan: &plan,
        timings: &timings,
        elapsed: link.clock.now().saturating_sub(began),
    };
    let written = ends::write_artifacts(&ran, args, &opened.directory);
    // Whoever was told may have gone; what was done is written down all the same.
    told?;
    ends::bring_home(&ran, args, &opened.prefix, around, streams)?;
    written?;
    if let Some(why) = &plan.failure {
        return Err(Failure::Failed(why.clone()));
    }
    if link.cancel.is_cancelled() {
        return Err(Failure::Interrupted(
            "interrupted: what ran was cancelled, and nothing more is sent".to_owned(),
        ));
    }
    Ok(end(&plan))
}

/// Tells at its end that nothing more happens.
struct Over<'a>(&'a Teller);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Prints what happens until nobody is left to tell of it.
fn tell(
    events: &Receiver<Event>,
    args: &RunArgs,
    total: usize,
    opened: &Opened,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let quiet = opened.settings.quiet.value;
    let mut lines = Lines::new(total, around.color);
    let mut live = None;
    let mut at_work: Vec<Subject> = Vec::new();
    for event in events {
        // The line is taken away before anything else is printed.
        drop(live.take());
        match args.log_format {
            LogFormat::Json => {
                stream::write(&event.json(), streams.out)?;
            }
            LogFormat::Text if quiet => {}
            LogFormat::Text => lines.write(&event, streams.err)?,
        }
        match event {
            Event::Began(subject) => at_work.push(subject),
            Event::Done { subject, .. } => at_work.retain(|other| *other != subject),
            Event::Session(_) => {}
        }
        if let (LogFormat::Text, Some(subject)) = (args.log_format, at_work.last()) {
            let what = format!("{} {}", subject.kind, clean(&subject.name));
            live = Progress::of(streams, quiet, what);
        }
    }
    drop(live);
    if !quiet && args.log_format == LogFormat::Text {
        writeln!(streams.err, "Ran {}: {}", counted(total, "node"), lines.summary())?;
    }
    Ok(())
}

/// How a run ends.
fn end(plan: &Plan) -> End {
    let fails = |status: Status| {
        matches!(
            status,
            Status::Error | Status::PartialSuccess | Status::Skipped | Status::Fail
        )
    };
    if plan.nodes.iter().any(|node| fails(node.status)) {
        End::Failed
    } else {
        End::Success
    }
}

const fn command(command: RunCommand) -> Command {
    match command {
        RunCommand::Run => Command::Run,
        RunCommand::Seed => Command::Seed,
        RunCommand::Snapshot => Command::Snapshot,
        RunCommand::Test => Command::Test,
        RunCommand::Build => Command::Build,
    }
}
