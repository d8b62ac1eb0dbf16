//! `glueline explain-error`: what a session answered, brought home to the model that it is about.

mod json;
#[cfg(feature = "run")]
mod suggestion;
mod text;

use std::io::Read;
use std::sync::Arc;

use glueline_plan::Secrets;
#[cfg(feature = "run")]
use glueline_plan::answer::{CountsIn, Position};
use glueline_plan::answer::{Home, Placed, Reported, read};
use glueline_project::Project;
use glueline_render::Renderer;

use crate::args::{ExplainErrorArgs, ExplainErrorOutput, TalkArgs};
use crate::compile::{Opened, Surroundings, lasting_renderer, open, pool, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::report::{clean, counted};
use crate::streams::Streams;

/// An error, and where it is at home.
pub(crate) struct Explained {
    /// What the text says.
    pub(crate) reported: Reported,
    /// Where in the project that is.
    pub(crate) placed: Placed,
}

/// What a session refused.
#[cfg(feature = "run")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sent<'a> {
    /// A query, as Spark was asked about it.
    Query(&'a str),
    /// A statement as it was sent, mostly with a query in a literal of Python.
    Code(&'a str),
}

/// A project that errors are brought home to.
struct Known {
    renderer: Renderer,
    /// What leads to it from where the command runs.
    prefix: String,
}

impl Known {
    fn project(&self) -> &Project {
        self.renderer.project()
    }
}

/// Reads a text, and prints each error in it with its place and what it means.
pub(crate) fn explain_error(
    args: &ExplainErrorArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let reported = read(&given(args, around)?);
    if reported.is_empty() {
        if args.output == ExplainErrorOutput::Json {
            json::write(&[], None, streams.out)?;
        }
        writeln!(
            streams.err,
            "warning: there is no error in the text that Glueline knows how to read"
        )?;
        return Ok(Exit::Findings);
    }
    let (known, explained) = match project(args, talk, around, streams)? {
        Ok((known, among)) => {
            let home = Home::new(&known.renderer, among.as_deref());
            let place = |reported: Reported| Explained {
                placed: home.place(&reported),
                reported,
            };
            let explained = pool(None)?.install(|| reported.into_iter().map(place).collect());
            (Some(known), explained)
        }
        Err(None) => {
            let unplaced = |reported| Explained {
                reported,
                placed: Placed::default(),
            };
            (None, reported.into_iter().map(unplaced).collect::<Vec<_>>())
        }
        Err(Some(exit)) => return Ok(exit),
    };
    let explained = masked(explained, known.as_ref().map(|known| &known.renderer));
    match args.output {
        ExplainErrorOutput::Json => json::write(&explained, known.as_ref(), streams.out)?,
        ExplainErrorOutput::Text => {
            text::write(&explained, known.as_ref(), around.rules, color, streams.out)?;
        }
    }
    streams.out.flush()?;
    if !talk.quiet {
        let placed = explained.iter().filter(|error| error.placed.at.is_some()).count();
        let errors = counted(explained.len(), "error");
        writeln!(
            streams.err,
            "Explained {errors}, {placed} with a place in the project"
        )?;
    }
    Ok(Exit::Success)
}

/// What a text tells of a node that failed, each at the place in the project where it is at home; nothing where the text holds no error
/// that Glueline knows how to read. `id` is dbt's id of the node.
#[cfg(feature = "run")]
pub(crate) fn told(renderer: &Renderer, text: &str, id: &str) -> Vec<Explained> {
    let home = Home::new(renderer, None);
    let explained = read(text).into_iter().map(|mut reported| {
        reported.subject.unique_id = Some(id.to_owned());
        Explained {
            placed: home.place(&reported),
            reported,
        }
    });
    masked(explained.collect(), Some(renderer))
}

/// What a session refuses of what a node sends, at the place in the project where it is at home. `id` is dbt's id of the node.
#[cfg(feature = "run")]
pub(crate) fn refused(
    renderer: &Renderer,
    id: &str,
    sent: Sent<'_>,
    error: &glueline_render::SparkError,
) -> Explained {
    let mut reported = read(&format!("{}: {}", error.name, error.value))
        .into_iter()
        .next()
        .unwrap_or_else(|| Reported {
            exception: Some(error.name.clone()),
            message: error.value.clone(),
            ..Reported::default()
        });
    reported.subject.unique_id = Some(id.to_owned());
    match sent {
        Sent::Query(query) => {
            reported.code = Some(query.to_owned());
            // What Spark prints of it is what it was asked about, without a literal of Python around it.
            reported.query = None;
        }
        Sent::Code(code) => reported.code = Some(code.to_owned()),
    }
    let home = Home::new(renderer, None);
    let mut placed = home.place(&reported);
    let project = renderer.project();
    let node = placed.node.map(|node| project.node(node));
    let is_python = node.is_some_and(|node| node.language == glueline_project::Language::Python);
    if is_python && placed.at.is_none() {
        // Where the trace leaves the lines of the model, it is among those that every program ends with.
        let of_model = error.lines.iter().rev().find_map(|line| {
            let mut there = reported.clone();
            there.at = Some(Position {
                line: *line,
                column: None,
            });
            there.counts_in = CountsIn::Program;
            let placed = home.place(&there);
            placed.at.is_some().then_some((there, placed))
        });
        if let Some(of_model) = of_model {
            (reported, placed) = of_model;
        }
    }
    let mut explained = masked(vec![Explained { reported, placed }], Some(renderer));
    explained.swap_remove(0)
}

/// The text of the file that is named, or of standard input.
fn given(args: &ExplainErrorArgs, around: Surroundings<'_>) -> Result<String, Failure> {
    let bytes = match args.file.as_ref().filter(|path| *path != "-") {
        Some(path) => around
            .system
            .read(&around.current_dir.join(path))
            .map_err(|error| Failure::Usage(format!("{path}: {error}")))?,
        None => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
            bytes
        }
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The project that is meant, with the nodes that are selected; an error is told all the same where there is none, unless somebody named
/// one.
#[expect(clippy::type_complexity, reason = "it is taken apart where it is used")]
fn project(
    args: &ExplainErrorArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Result<(Known, Option<Vec<glueline_project::NodeId>>), Option<Exit>>, Failure> {
    let opened = match open(&args.project, &args.selection, talk, around, streams) {
        Ok(Ok(opened)) => opened,
        Ok(Err(exit)) => return Ok(Err(Some(exit))),
        Err(Failure::Usage(why))
            if args.project.project_dir.is_none() && args.selection.select.is_empty() =>
        {
            writeln!(streams.err, "warning: nothing can be placed: {}", clean(&why))?;
            return Ok(Err(None));
        }
        Err(failure) => return Err(failure),
    };
    let Opened {
        directory,
        prefix,
        settings,
    } = opened;
    let request = Request {
        project_dir: &directory,
        settings: &settings,
        selection: &args.selection,
    };
    let system = &**around.system;
    let project = engine::load_project(system, &request)?;
    let mut remarks = Vec::new();
    let among = engine::select(system, &request, &project, &mut remarks)?;
    for remark in &remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    let rendering = glueline_render::Settings {
        marked: true,
        ..renderer_settings(around.system, None)
    };
    let renderer = lasting_renderer(Arc::new(project), rendering);
    Ok(Ok((Known { renderer, prefix }, among)))
}

/// Errors without what is secret in the profile: AWS tells the caller what it was sent.
fn masked(mut explained: Vec<Explained>, renderer: Option<&Renderer>) -> Vec<Explained> {
    let Some(renderer) = renderer else {
        return explained;
    };
    let secrets = Secrets::of(renderer.project(), &*renderer.settings().system);
    for error in &mut explained {
        error.reported.message = secrets.mask(std::mem::take(&mut error.reported.message));
    }
    explained
}

impl Explained {
    /// As a finding, in the words of [`explain_error`], with what Spark suggests as its fix.
    #[cfg(feature = "run")]
    pub(crate) fn finding(&self, renderer: &Renderer) -> glueline_base::Diagnostic {
        let project = renderer.project();
        let mut finding = text::diagnostic(self, Some(project));
        if self.placed.at.is_some() {
            finding.fix = suggestion::fix(&finding, &self.reported.message, project);
        }
        finding
    }

    /// The rule that says it before a run.
    fn rule(&self) -> Option<&'static str> {
        let known = self.reported.known?;
        engine::rule_of(self.reported.class.as_deref().unwrap_or(known.class), known)
    }

    /// The node's id: that of the project, or what the text says.
    fn node<'a>(&'a self, project: Option<&'a Project>) -> Option<&'a str> {
        let of_project = self
            .placed
            .node
            .zip(project)
            .map(|(node, project)| &*project.node(node).unique_id);
        let subject = &self.reported.subject;
        of_project
            .or(subject.unique_id.as_deref())
            .or(subject.name.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use crate::engine;

    #[test]
    fn rules_that_say_it_before_exist_and_errors_have_names_of_their_own() {
        for known in glueline_catalog::known_errors() {
            let is_rule = |id: &str| glueline_rules::ALL.iter().any(|rule| rule.meta.id == id);
            for id in known.rules {
                assert!(is_rule(id), "{}: {id}", known.class);
            }
            assert!(!is_rule(known.class), "{}", known.class);
            assert!(glueline_catalog::page(known.class).is_none(), "{}", known.class);
        }
        let page = engine::page_of_key("UNRESOLVED_COLUMN.WITH_SUGGESTION").unwrap();
        assert!(page.contains("glueline explain unresolved-column"), "{page}");
    }
}
