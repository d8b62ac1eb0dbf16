//! Plays `dbt build` of a project through and prints the artifacts that it would leave behind, one line each: `manifest.json`, then
//! `run_results.json`. `tests/artifacts/compare.py` has the real dbt read them.
//!
//!     cargo run -p glueline-artifacts --example played -- PROJECT STATE.json

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use glueline_artifacts::{Code, Invocation, Ran, Timing, manifest, run_results};
use glueline_base::{OsSystem, System, Utf8Path};
use glueline_plan::{Command, Plan, Request, Status};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Renderer, Settings, read_time};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [project, state] = arguments.as_slice() else {
        return Err("what is wanted: PROJECT STATE.json".into());
    };
    let system = OsSystem;
    let mut options = LoadOptions::new(project.as_str());
    options.profiles_dir = Some(project.as_str().into());
    let state = String::from_utf8(system.read(Utf8Path::new(state))?)?;
    options.state = Some(CatalogState::read(&state)?);
    let loaded = load(&system, &options).map_err(|error| format!("{error:?}"))?;
    let mut settings = Settings::new(Arc::new(system));
    settings.event_times = ["2025-01-01", "2025-01-03"].map(read_time);
    let renderer = Renderer::new(Arc::new(loaded), settings);
    let request = Request {
        command: Command::Build,
        ..Request::default()
    };
    let plan = Plan::new(&renderer, &request);
    let timing = Timing {
        started: 1_735_689_600_000,
        compiled: Some(1_735_689_600_250),
        completed: 1_735_689_601_500,
        thread: "Thread-1 (worker)".to_owned(),
    };
    let ran: Vec<Ran<'_>> = plan
        .nodes
        .iter()
        .map(|node| Ran {
            node,
            timing: (node.status != Status::Skipped).then_some(&timing),
        })
        .collect();
    let invocation = Invocation {
        generated_at: 1_735_689_602_000_000,
        elapsed: 2_000,
        ..Invocation::default()
    };
    let codes = Code::of_run(&renderer, &plan.nodes);
    let mut out = std::io::stdout().lock();
    manifest(&renderer, &codes, &invocation, &mut out)?;
    writeln!(out, "\n{}", run_results(&renderer, &ran, &invocation))?;
    Ok(())
}
