//! `glueline compile`: what nodes become once their Jinja is rendered.

mod faults;
mod invocation;
mod json;
mod outcome;
mod places;
mod talk;
mod text;
mod write;

use std::sync::Arc;
use std::time::Instant;

use glueline_base::{RuleMeta, Source, System, Utf8Path, Utf8PathBuf};
use glueline_plan::fault::no_target;
use glueline_project::{NodeId, Project, ResourceType};
use glueline_render::{Life, Operation, Renderer, RunHook};
use glueline_template::Limits;
use rayon::ThreadPool;
use rayon::prelude::*;

use self::outcome::Outcome;
use crate::args::{CheckArgs, CompileArgs, CompileOutput, ProjectArgs, SelectionArgs, TalkArgs};
use crate::check::{read_settings, unusable};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::paths::{Named, find_project, prefix};
use crate::progress::Progress;
use crate::report::{INLINE, clean};
use crate::settings::{Settings, SettingsFile, project_dir};
use crate::streams::Streams;

/// What a thread may use for its stack: macros within macros are calls within calls. Memory that is not used costs nothing.
pub(crate) const STACK: usize = 64 << 20;

/// The world around a compilation.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// Files and environment.
    pub system: &'a Arc<dyn System>,
    /// The directory the command runs in, from the root of the file system.
    pub current_dir: &'a Utf8Path,
    /// The rules that there are.
    pub rules: &'a [RuleMeta],
    /// Whether colours are wanted on standard error.
    pub color: bool,
}

/// A project that is meant, and how.
pub(crate) struct Opened {
    /// The directory of `dbt_project.yml`, from the root of the file system.
    pub directory: Utf8PathBuf,
    /// What leads there from where the command runs.
    pub prefix: String,
    /// What is set by arguments, environment and settings file.
    pub settings: Settings,
}

/// Finds the project and resolves the settings; gives the exit where the settings file cannot be used, which is said then.
pub(crate) fn open(
    project: &ProjectArgs,
    selection: &SelectionArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Result<Opened, Exit>, Failure> {
    let system = &**around.system;
    // Settings are resolved from the arguments of `check`: what the commands have in common is all there is to resolve.
    let common = CheckArgs {
        project: project.clone(),
        selection: selection.clone(),
        ..CheckArgs::default()
    };
    let directory = match project_dir(system, around.current_dir, &common)? {
        Some(found) => found.value,
        None => find_project(system, around.current_dir, &Named::default())?,
    };
    let prefix = prefix(around.current_dir, &directory);
    let file: SettingsFile = match read_settings(system, &directory, around.rules)? {
        Ok(file) => file,
        Err((source, faults)) => {
            return unusable(&source, &faults, &prefix, around.rules, around.color, streams).map(Err);
        }
    };
    let settings = Settings::resolve(
        system,
        around.current_dir,
        &directory,
        &common,
        talk,
        &file,
        around.rules,
    )?;
    Ok(Ok(Opened {
        directory,
        prefix,
        settings,
    }))
}

/// Compiles nodes, or a query, and prints what came of it.
pub(crate) fn compile(
    args: &CompileArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let began = Instant::now();
    let system = &**around.system;
    let opened = match open(&args.project, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let Opened {
        directory,
        prefix,
        settings,
    } = &opened;
    let request = Request {
        project_dir: directory,
        settings,
        selection: &args.selection,
    };

    let quiet = settings.quiet.value;
    let waiting = Progress::of(streams, quiet, "Compiling");
    let project = engine::load_project(system, &request)?;
    must_have_target(&project)?;
    let mut remarks = Vec::new();
    let chosen = engine::select(system, &request, &project, &mut remarks)?;
    let is_selected = chosen.is_some();
    let nodes = compiled_nodes(&project, chosen);
    let renderer = lasting_renderer(
        Arc::new(project),
        renderer_settings(around.system, is_selected.then(|| nodes.clone())),
    );
    let threads = settings.threads.as_ref().map(|threads| threads.value);
    let pool = pool(threads)?;
    let outcomes = match &args.inline {
        Some(query) => vec![pool.install(|| Outcome::inline(&renderer, query))],
        None => {
            let hooks = wanted_hooks(&renderer, &args.selection.select);
            remarks.retain(|remark| !hooks.iter().any(|hook| *remark == engine::unmatched(&hook.name)));
            pool.install(|| everything(&renderer, &hooks, &nodes))
        }
    };
    drop(waiting);
    for remark in &remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }

    if args.write {
        pool.install(|| write::write(&renderer, directory, &outcomes))?;
    }
    let shown = text::Shown {
        project: renderer.project(),
        outcomes: &outcomes,
        select: &args.selection.select,
    };
    match args.output {
        CompileOutput::Json => {
            let columns = pool.install(|| json::columns(&renderer, &outcomes));
            json::write(renderer.project(), &outcomes, &columns, streams.out)?;
        }
        CompileOutput::Text if is_selected || args.inline.is_some() => shown.write(streams.out)?,
        CompileOutput::Text => {}
    }
    streams.out.flush()?;
    let mut sources = renderer.project().files().sources().to_vec();
    // Places in the query have the number after those of the files.
    let query = args.inline.as_deref();
    sources.extend(query.map(|text| Source::decode(INLINE.into(), text.into())));
    let say = talk::Talk {
        project: renderer.project(),
        sources: &sources,
        outcomes: &outcomes,
        prefix,
        color: around.color,
        rules: around.rules,
    };
    faults::write(&say, streams.err)?;
    if !quiet {
        if args.output == CompileOutput::Text && (is_selected || args.inline.is_some()) {
            say.unknowns(streams.err)?;
        }
        say.summary(streams.err_is_terminal.then(|| began.elapsed()), streams.err)?;
    }
    Ok(if outcomes.iter().any(Outcome::has_failed) {
        Exit::Findings
    } else {
        Exit::Success
    })
}

/// Nothing can be compiled for no target: schemas, and so the names of relations, are the target's.
pub(crate) fn must_have_target(project: &Project) -> Result<(), Failure> {
    match no_target(project) {
        None => Ok(()),
        Some(why) => Err(Failure::Usage(why)),
    }
}

/// The nodes that `dbt compile` takes up, in the order of their ids (`dbt/node_types.py`, `EXECUTABLE_NODE_TYPES`).
fn compiled_nodes(project: &Project, chosen: Option<Vec<NodeId>>) -> Vec<NodeId> {
    let mut nodes = chosen.unwrap_or_else(|| project.nodes().iter().map(|node| node.id).collect());
    nodes.retain(|node| {
        let node = project.node(*node);
        let compiled = match node.kind {
            ResourceType::Model
            | ResourceType::Seed
            | ResourceType::Snapshot
            | ResourceType::Test
            | ResourceType::Analysis => true,
            ResourceType::Source | ResourceType::UnitTest | ResourceType::Exposure => false,
        };
        compiled && node.enabled && !node.is_dropped()
    });
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The hooks of a run that are meant: all where nothing is selected, else those whose names are.
fn wanted_hooks(renderer: &Renderer, select: &[String]) -> Vec<Arc<Operation>> {
    let mut hooks = renderer.operations();
    if !select.is_empty() {
        hooks.retain(|hook| names(select, &hook.name));
    }
    hooks
}

/// Whether a selection has a name in it.
fn names(select: &[String], name: &str) -> bool {
    select
        .iter()
        .any(|word| word.split([',', ' ']).any(|part| part == name))
}

/// Compiles nodes, the hooks of the start of a run before them and those of its end behind.
fn everything(renderer: &Renderer, hooks: &[Arc<Operation>], nodes: &[NodeId]) -> Vec<Outcome> {
    let of = |when: RunHook| {
        let hooks = hooks.par_iter().filter(move |hook| hook.when == when);
        hooks.map(|hook| Outcome::hook(renderer, hook))
    };
    let nodes = nodes.par_iter().map(|node| Outcome::new(renderer, *node));
    of(RunHook::Start).chain(nodes).chain(of(RunHook::End)).collect()
}

pub(crate) fn renderer_settings(
    system: &Arc<dyn System>,
    selected: Option<Vec<NodeId>>,
) -> glueline_render::Settings {
    glueline_render::Settings {
        system: system.clone(),
        started_at: invocation::now(),
        invocation_id: invocation::id(),
        limits: Limits::default(),
        marked: false,
        selected,
        event_times: [None, None],
        flags: glueline_render::Flags::default(),
    }
}

/// A renderer for as long as the process runs. To free all that a large project is made of, at the very end, takes longer than to
/// preview one of its models.
pub(crate) fn lasting_renderer(project: Arc<Project>, settings: glueline_render::Settings) -> Renderer {
    let renderer = Renderer::new(project, settings);
    std::mem::forget(renderer.clone());
    renderer
}

/// Threads with room on their stacks for macros within macros.
pub(crate) fn pool(threads: Option<u32>) -> Result<ThreadPool, Failure> {
    // 0 means as many as the machine has. More than that would only wait, and each takes memory for its stack.
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.map_or(0, |threads| usize::try_from(threads).unwrap_or(most).min(most));
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .thread_name(|number| format!("compile-{number}"))
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start threads: {error}")))
}

#[cfg(feature = "run")]
pub(crate) use self::invocation::id;
pub(crate) use self::invocation::now;

/// Which lives of a node are meant: what the catalog or `--assume` says.
const LIFE: Life = Life::Known;
