//! `glueline show`: the rows that a node, a part of it or a query gives.

mod table;

use std::sync::Arc;

use glueline_project::{NodeId, ResourceType};
use glueline_render::{Compiled, NoAnswer, Renderer};
use glueline_run::{Ear, Gate, Heard, Link, Runner, Sending, Table};
use glueline_spark::syntax::parse;
use serde_json::json;

use super::args::{ShowArgs, ShowOutput};
use super::site::Site;
use crate::args::TalkArgs;
use crate::compile::{Opened, Surroundings, lasting_renderer, must_have_target, open, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::explain_error::{self, Explained, Sent};
use crate::progress::Progress;
use crate::report::{self, clean, counted};
use crate::streams::Streams;

/// Shows rows.
pub(crate) fn show(
    args: &ShowArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let files = crate::from_editor::files(args.site.from_editor, around.system)?;
    let around = Surroundings {
        system: &files,
        ..around
    };
    let opened = match open(&args.project, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let quiet = opened.settings.quiet.value;
    let waiting = Progress::of(streams, quiet, "Asking Spark");
    let mut said = Vec::new();
    let shown = rows(args, &opened, around, &mut said);
    drop(waiting);
    for line in &said {
        writeln!(streams.err, "{line}")?;
    }
    let Shown {
        subject,
        table,
        session,
    } = match shown? {
        Ok(shown) => shown,
        Err(refused) => {
            let Refused { renderer, error } = *refused;
            let finding = error.finding(&renderer);
            let project = renderer.project();
            report::write_faults(
                &[finding],
                project,
                around.rules,
                &opened.prefix,
                around.color,
                streams.err,
            )?;
            return Ok(Exit::Findings);
        }
    };
    match args.output {
        ShowOutput::Text => table::write(&table, streams.out)?,
        ShowOutput::Json => {
            let columns = table.columns.iter();
            let columns: Vec<_> = columns
                .map(|column| json!({"name": column.name, "type": column.data_type}))
                .collect();
            let mut shown =
                json!({"schema": "glueline-show/1", "node": subject, "columns": columns, "rows": table.rows});
            if let (true, Some(fields)) = (args.site.from_editor, shown.as_object_mut()) {
                let mut text = Vec::new();
                table::write(&table, &mut text)?;
                fields.insert("text".to_owned(), json!(String::from_utf8_lossy(&text)));
                fields.insert("session".to_owned(), json!(session));
            }
            writeln!(streams.out, "{shown}")?;
        }
    }
    streams.out.flush()?;
    if !quiet && args.output == ShowOutput::Text {
        let most = usize::try_from(args.limit).is_ok_and(|limit| limit == table.rows.len());
        let hint = if most { "; --limit shows more" } else { "" };
        writeln!(streams.err, "{}{hint}", counted(table.rows.len(), "row"))?;
    }
    Ok(Exit::Success)
}

/// Rows, and whose they are.
struct Shown {
    /// dbt's id of the node; `None` for a query.
    subject: Option<String>,
    table: Table,
    /// The session that gave them.
    session: Option<String>,
}

/// Why there are none: what Spark says of the query of a node.
struct Refused {
    renderer: Renderer,
    error: Explained,
}

fn rows(
    args: &ShowArgs,
    opened: &Opened,
    around: Surroundings<'_>,
    said: &mut Vec<String>,
) -> Result<Result<Shown, Box<Refused>>, Failure> {
    let system = &**around.system;
    let request = Request {
        project_dir: &opened.directory,
        settings: &opened.settings,
        selection: &args.selection,
    };
    let project = Arc::new(engine::load_project(system, &request)?);
    must_have_target(&project)?;
    let mut remarks = Vec::new();
    let node = match &args.inline {
        Some(_) => None,
        None => Some(one(
            &project,
            engine::select(system, &request, &project, &mut remarks)?,
        )?),
    };
    let site = Site::open(&project, &opened.directory, &args.site, around.system)?;
    // What a template asks of its own relation is answered as it stands: `is_incremental()`.
    let project = match node {
        Some(node) => site.known(
            project,
            &opened.settings,
            Some(&[node]),
            around.system,
            &mut remarks,
        )?,
        None => project,
    };
    let mut settings = renderer_settings(around.system, node.map(|id| vec![id]));
    // What Spark refuses is shown in the source.
    settings.marked = true;
    let renderer = lasting_renderer(project.clone(), settings);
    let session = renderer
        .profile_session()
        .map_err(|error| Failure::Usage(error.message().to_owned()))?;
    let ear = Arc::new(Remarks::default());
    let Site { link, doors } = site;
    let gate = Box::new(Reads(renderer.clone()));
    let runner = Arc::new(Runner::new(link.clone(), doors.clone(), gate, ear.clone()));
    let ask = || {
        let code = compiled(&renderer, &runner, node, args.inline.as_deref())?;
        let sql = wanted(&code, args.cte.as_deref(), args.limit)?;
        let asked = runner.with(&session, |channel| channel.show(&session.use_schema, &sql));
        let id = node.map(|id| project.node(id).unique_id.to_string());
        match (asked, &id) {
            (Ok(table), _) => Ok(Ok(Shown {
                subject: id,
                table: table.unwrap_or_default(),
                session: runner.sessions().into_iter().next().map(|(_, id, _)| id),
            })),
            (Err(NoAnswer::Refused(error)), Some(id)) if !link.cancel.is_cancelled() => {
                let error = explain_error::refused(&renderer, id, Sent::Query(&sql), &error);
                let renderer = renderer.clone();
                Ok(Err(Box::new(Refused { renderer, error })))
            }
            (Err(why), _) => Err(no_answer(&why, &link)),
        }
    };
    let asked = ask();
    remarks.extend(ear.take());
    said.extend(remarks.iter().map(|remark| format!("note: {}", clean(remark))));
    let stops = args.site.stop_session || opened.settings.stop_session.value;
    said.extend(super::ends::close(&runner, &link, &doors, stops));
    asked
}

/// The node that is meant: one, and one that is a query.
fn one(project: &glueline_project::Project, chosen: Option<Vec<NodeId>>) -> Result<NodeId, Failure> {
    let usage = |why: &str| Failure::Usage(why.to_owned());
    let chosen =
        chosen.ok_or_else(|| usage("say which node: `glueline show -s orders`, or --inline with a query"))?;
    let is_query = |id: &NodeId| {
        let node = project.node(*id);
        let is_query = matches!(
            node.kind,
            ResourceType::Model | ResourceType::Snapshot | ResourceType::Test | ResourceType::Analysis
        );
        is_query && node.language == glueline_project::Language::Sql && node.enabled
    };
    let mut chosen: Vec<NodeId> = chosen.into_iter().filter(is_query).collect();
    // Whoever names a model means it, and not the tests that come with it.
    let is_test = |id: &NodeId| project.node(*id).kind == ResourceType::Test;
    if !chosen.iter().all(is_test) {
        chosen.retain(|id| !is_test(id));
    }
    match chosen.as_slice() {
        [node] => Ok(*node),
        [] => Err(usage(
            "the selection has no model, snapshot, test or analysis in SQL",
        )),
        several => Err(Failure::Usage(format!(
            "the selection has {} nodes, and rows of one are shown",
            several.len()
        ))),
    }
}

/// What is compiled of a node, or of a query. What templates ask of the warehouse is asked in the session.
fn compiled(
    renderer: &Renderer,
    runner: &Arc<Runner>,
    node: Option<NodeId>,
    inline: Option<&str>,
) -> Result<String, Failure> {
    let of = |compiled: &Compiled| match (&compiled.failure, &compiled.code) {
        (Some(failure), _) => Err(Failure::Failed(failure.message.clone())),
        (None, Some(code)) => Ok(code.clone()),
        (None, None) => Err(Failure::Failed("nothing is compiled of it".to_owned())),
    };
    if let Some(query) = inline {
        let compiled = renderer.compile_inline(query);
        if let Some(note) = compiled.unknown.first() {
            return Err(Failure::Failed(format!(
                "the query asks the warehouse while it is rendered, which --inline cannot answer: {}",
                note.message
            )));
        }
        return of(&compiled);
    }
    let Some(node) = node else {
        return Err(Failure::Failed("there is nothing to show".to_owned()));
    };
    let run = renderer.start_run_live(runner.clone(), None).compile(node);
    match (&run.failure, &run.compiled) {
        (Some(failure), _) => Err(Failure::Failed(failure.message.clone())),
        (None, Some(compiled)) => of(compiled),
        (None, None) => Err(Failure::Failed("nothing is compiled of it".to_owned())),
    }
}

/// The query that is sent: that of a part where one is meant, and no more rows than are shown.
fn wanted(code: &str, cte: Option<&str>, limit: i64) -> Result<String, Failure> {
    let code = without_end(code);
    let code = match cte {
        None => code.to_owned(),
        Some(name) => part(code, name)?,
    };
    // Within brackets, Spark carries out nothing but a query. In a line of its own: the code may end with a comment.
    let query = format!("select * from (\n{code}\n)");
    Ok(if limit < 0 {
        query
    } else {
        format!("{query} limit {limit}")
    })
}

/// A query without the semicolons behind it: whoever puts it into another one cannot use them.
pub(super) fn without_end(code: &str) -> &str {
    code.trim_end().trim_end_matches(';')
}

/// The query that gives the rows of a part after `with`: what comes before the part stays, what comes behind goes.
fn part(code: &str, name: &str) -> Result<String, Failure> {
    let parsed = parse(code);
    let ctes = parsed.query.as_ref().map_or(&[][..], |query| &query.ctes);
    let found = ctes.iter().find(|cte| cte.name.text.eq_ignore_ascii_case(name));
    let Some(cte) = found else {
        let names: Vec<&str> = ctes.iter().map(|cte| &*cte.name.text).collect();
        return Err(Failure::Usage(if names.is_empty() {
            "the query begins with no `with`".to_owned()
        } else {
            format!(
                "the query has no part `{name}` after `with`; it has {}",
                names.join(", ")
            )
        }));
    };
    let before = code.get(..usize::from(cte.range.end())).unwrap_or_default();
    let quoted = cte.name.text.replace('`', "``");
    Ok(format!("{before}\nselect * from `{quoted}`"))
}

/// Why a session gave no answer.
pub(super) fn no_answer(why: &NoAnswer, link: &Link) -> Failure {
    if link.cancel.is_cancelled() {
        Failure::Interrupted(why.to_string())
    } else {
        Failure::Failed(why.to_string())
    }
}

/// Lets nothing pass but what reads.
#[derive(Debug)]
pub(super) struct Reads(pub(super) Renderer);

impl Gate for Reads {
    fn admit(&self, sending: Sending<'_>) -> Result<(), String> {
        if super::reads(&self.0, sending) {
            return Ok(());
        }
        let what = match sending {
            Sending::Statement(_) => "sends a statement that is no query".to_owned(),
            Sending::Call(call) => format!("calls {}", call.operation),
        };
        Err(format!(
            "the template {what}, and `glueline show` changes nothing"
        ))
    }
}

/// Keeps what is said of sessions until there is room to print it.
#[derive(Debug, Default)]
pub(super) struct Remarks(std::sync::Mutex<Vec<String>>);

impl Remarks {
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Ear for Remarks {
    fn hear(&self, heard: &Heard) {
        if let Heard::Remark(remark) = heard {
            self.0
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .push(remark.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_rows_are_asked_for_than_are_shown() {
        let code = "with a as (select 1 as x), b as (select * from a) select * from b -- end";
        for (cte, limit, want) in [
            (None, 5, format!("select * from (\n{code}\n) limit 5")),
            (None, -1, format!("select * from (\n{code}\n)")),
            (
                Some("A"),
                -1,
                "select * from (\nwith a as (select 1 as x)\nselect * from `a`\n)".to_owned(),
            ),
            (
                Some("b"),
                0,
                "select * from (\nwith a as (select 1 as x), b as (select * from a)\nselect * from `b`\n) limit 0".to_owned(),
            ),
        ] {
            assert_eq!(wanted(code, cte, limit).unwrap(), want);
        }
        assert_eq!(
            wanted("select 1;\n", None, -1).unwrap(),
            "select * from (\nselect 1\n)"
        );
        for (code, why) in [
            (code, "the query has no part `c` after `with`; it has a, b"),
            ("select 1", "the query begins with no `with`"),
        ] {
            let error = wanted(code, Some("c"), 5).unwrap_err();
            assert_eq!(error.message().unwrap(), why);
        }
    }
}
