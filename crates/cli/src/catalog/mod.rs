//! `glueline catalog`: what the Glue Data Catalog holds, and how a run would change it.

pub(crate) mod args;
mod diff;
mod pull;

use glueline_glue::{Aws, Caller, Settings as AwsSettings, SystemClock};
use glueline_project::{NodeId, Project};
use glueline_render::Renderer;
use glueline_run::catalog::{Pulled, Wanted};
use serde_json::json;

use self::args::{CatalogArgs, CatalogCommand};
use crate::args::TalkArgs;
use crate::compile::{Surroundings, must_have_target};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::report::clean;
use crate::session::target::aws_settings;
use crate::streams::Streams;

/// Does what is asked for with the catalog.
pub(crate) fn catalog(
    args: &CatalogArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    match &args.command {
        CatalogCommand::Pull(args) => pull::pull(args, talk, around, streams),
        CatalogCommand::Diff(args) => diff::diff(args, talk, around, streams),
    }
}

/// What AWS says of the databases that some nodes of a project, or all, name; the region, too.
fn ask(
    renderer: &Renderer,
    nodes: Option<&[NodeId]>,
    quiet: bool,
    streams: &Streams<'_>,
) -> Result<(Pulled, String), Failure> {
    let aws = Aws::new(&settings(renderer.project())?)?;
    let waiting = Progress::of(streams, quiet, "Waiting for AWS");
    let (clock, cancel) = (SystemClock, crate::interrupt::cancel());
    let caller = Caller {
        api: &aws,
        clock: &clock,
        cancel: &cancel,
    };
    let pulled = glueline_run::catalog::pull(&caller, &Wanted::of(renderer, nodes), None);
    drop(waiting);
    let mut pulled = pulled?;
    if let Some(fields) = pulled.document.as_object_mut() {
        fields.insert("region".to_owned(), json!(aws.region()));
    }
    Ok((pulled, aws.region().to_owned()))
}

/// How the catalog of the target is asked.
fn settings(project: &Project) -> Result<AwsSettings, Failure> {
    must_have_target(project)?;
    let target = project
        .target()
        .ok_or_else(|| Failure::Usage("there is no target".to_owned()))?;
    if !target.is_glue() {
        let adapter = target.adapter().unwrap_or("none");
        return Err(Failure::Usage(format!(
            "the target `{}` is of type `{adapter}`, and only those of type `glue` have a catalog",
            target.name.value
        )));
    }
    Ok(aws_settings(target))
}

/// Says what could not be found out.
fn remark(pulled: &Pulled, streams: &mut Streams<'_>) -> Result<(), Failure> {
    for remark in &pulled.remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    Ok(())
}
