//! `glueline check --engine`: what the Spark of the session makes of queries, beside what Glueline says of them.

mod asked;
mod merge;

use std::sync::Arc;

use glueline_render::Renderer;
use glueline_run::{Runner, Verdict};
use glueline_schema::Schemas;

use self::asked::{Question, questions};
use super::args::SiteArgs;
use super::show::{Reads, Remarks, no_answer};
use super::site::Site;
use crate::compile::{Surroundings, lasting_renderer, must_have_target, pool, renderer_settings};
use crate::engine::{self, Analysis, Request};
use crate::exit::Failure;
use crate::report::counted;

/// Analyses a project, given what the catalog holds, and has Spark look at the queries that are meant.
pub(crate) fn analyse(request: &Request<'_>, around: Surroundings<'_>) -> Result<Analysis, Failure> {
    let system = &**around.system;
    let first = Arc::new(engine::load_project(system, request)?);
    must_have_target(&first)?;
    let site = Site::open(&first, request.project_dir, &SiteArgs::default(), around.system)?;
    let mut remarks = Vec::new();
    let project = site.known(first, request.settings, None, around.system, &mut remarks)?;
    let selected = engine::select(system, request, &project, &mut remarks)?;
    let rendering = glueline_render::Settings {
        marked: true,
        ..renderer_settings(around.system, selected.clone())
    };
    let renderer = lasting_renderer(project, rendering);
    let schemas = Schemas::new(&renderer);
    let (mut analysis, _) = engine::find(&schemas, selected.as_deref())?;
    let (questions, mut unasked) = pool(None)?.install(|| questions(&schemas, selected.as_deref()));
    let verdicts = ask(site, &renderer, &questions, &mut remarks)?;
    let mut answered = Vec::new();
    for (question, verdict) in questions.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Accepts => answered.push((question, None)),
            Verdict::Refuses(error) => answered.push((question, Some(error))),
            Verdict::NoQuery => unasked.add("with a text that is no query"),
        }
    }
    let merged = merge::merge(&schemas, &answered, &mut analysis.diagnostics, around);
    remarks.extend(merged.remarks);
    analysis.remarks = remarks;
    let asked = counted(answered.len(), "node");
    let disagreements = counted(merged.disagreements, "disagreement");
    analysis.summary = Some(format!(
        "Asked Spark about {asked}: {} refused, {disagreements}; {unasked}",
        merged.refused
    ));
    Ok(analysis)
}

/// What Spark makes of queries. Where there are none, no session is asked for.
fn ask(
    site: Site,
    renderer: &Renderer,
    questions: &[Question],
    remarks: &mut Vec<String>,
) -> Result<Vec<Verdict>, Failure> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let session = renderer
        .profile_session()
        .map_err(|error| Failure::Usage(error.message().to_owned()))?;
    let Site { link, doors } = site;
    let ear = Arc::new(Remarks::default());
    let runner = Runner::new(
        link.clone(),
        doors,
        Box::new(Reads(renderer.clone())),
        ear.clone(),
    );
    let queries: Vec<String> = questions.iter().map(|question| question.code.clone()).collect();
    let verdicts = runner.with(&session, |channel| {
        channel.verdicts(&session.use_schema, &queries)
    });
    remarks.extend(ear.take());
    verdicts.map_err(|why| no_answer(&why, &link))
}
