//! `glueline catalog diff`: how a run would change what the catalog holds.

use std::sync::Arc;

use glueline_plan::{Command, Plan, Request as PlanRequest};
use glueline_project::Project;
use glueline_run::catalog::{ColumnChange, Diff, Difference};
use glueline_schema::Schemas;
use serde_json::{Value, json};

use super::args::DiffArgs;
use super::{ask, remark};
use crate::args::{Output, TalkArgs};
use crate::compile::{Surroundings, lasting_renderer, must_have_target, open, pool, renderer_settings};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::report::{clean, counted};
use crate::stopped::Stopped;
use crate::streams::Streams;

/// Plays a run through over what is there, and prints what is different then.
pub(super) fn diff(
    args: &DiffArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let opened = match open(&args.project, &args.selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let settings = &opened.settings;
    let request = Request {
        project_dir: &opened.directory,
        settings,
        selection: &args.selection,
    };
    let system = &**around.system;
    let mut project = Arc::new(engine::load_project(system, &request)?);
    let mut unmatched = Vec::new();
    let selected = engine::select(system, &request, &project, &mut unmatched);
    let pool = pool(settings.threads.as_ref().map(|threads| threads.value))?;
    let meant = selected.as_ref().ok().cloned().flatten();
    let renderer_of = |project: &Arc<Project>| {
        let settings = renderer_settings(around.system, meant.clone());
        lasting_renderer(Arc::clone(project), settings)
    };
    let mut renderer = renderer_of(&project);
    if let Some(stopped) = Stopped::find(&renderer, &pool) {
        stopped.write(around.rules, &opened.prefix, around.color, streams.err)?;
        return Ok(Exit::Findings);
    }
    must_have_target(&project)?;
    let selected = selected?;
    for text in &unmatched {
        writeln!(streams.err, "warning: {}", clean(text))?;
    }
    if project.state().is_none() {
        let (pulled, _) = ask(&renderer, selected.as_deref(), settings.quiet.value, streams)?;
        remark(&pulled, streams)?;
        let state = pulled.state().map_err(Failure::Failed)?;
        project = Arc::new(project.with_state(state));
        renderer = renderer_of(&project);
    }
    let wanted = PlanRequest {
        command: Command::Build,
        selected,
        assume: None,
    };
    let found = pool.install(|| {
        let plan = Plan::new(&renderer, &wanted);
        Diff::of(&Schemas::new(&renderer), &plan)
    });
    match args.output {
        Output::Text => text(&found, settings.quiet.value, streams)?,
        Output::Json => {
            serde_json::to_writer_pretty(&mut *streams.out, &document(&found, &project))
                .map_err(std::io::Error::from)?;
            writeln!(streams.out)?;
        }
    }
    let differs = !found.databases.is_empty() || !found.relations.is_empty();
    Ok(if args.exit_code && differs {
        Exit::Findings
    } else {
        Exit::Success
    })
}

fn text(diff: &Diff, quiet: bool, streams: &mut Streams<'_>) -> Result<(), Failure> {
    for database in &diff.databases {
        writeln!(streams.out, "{} is made, a database", clean(database))?;
    }
    for line in diff.relations.iter().flat_map(Difference::lines) {
        writeln!(streams.out, "{}", clean(&line))?;
    }
    streams.out.flush()?;
    if quiet {
        return Ok(());
    }
    let differing = diff.relations.len();
    let all = counted(differing + diff.unchanged + diff.uncertain, "relation");
    let mut parts = vec![format!("Compared {all}: {differing} differ")];
    if diff.uncertain > 0 {
        parts.push(format!("of {} not all columns are known", diff.uncertain));
    }
    if diff.skipped > 0 {
        parts.push(format!("{} would be skipped", counted(diff.skipped, "node")));
    }
    writeln!(streams.err, "{}", parts.join(", "))?;
    Ok(())
}

fn document(diff: &Diff, project: &Project) -> Value {
    let relation = |difference: &Difference| {
        let facets = difference.facets.iter();
        let facets: Value = facets
            .map(|facet| json!({"name": facet.name, "before": facet.before, "after": facet.after}))
            .collect();
        json!({
            "node": &*project.node(difference.node).unique_id,
            "relation": difference.relation,
            "change": difference.change.name(),
            "facets": facets,
            "columns": difference.columns.iter().map(column).collect::<Value>(),
            "columns_known": difference.knows_columns,
            "why": difference.why,
        })
    };
    json!({
        "schema": "glueline-catalog-diff/1",
        "databases": diff.databases,
        "relations": diff.relations.iter().map(relation).collect::<Value>(),
        "unchanged": diff.unchanged,
        "uncertain": diff.uncertain,
        "skipped": diff.skipped,
    })
}

fn column(change: &ColumnChange) -> Value {
    let told = |name: &str, change: &str, before: Option<&str>, after: Option<&str>| json!({"name": name, "change": change, "before": before, "after": after});
    match change {
        ColumnChange::Added(name, ty) => told(name, "added", None, ty.as_deref()),
        ColumnChange::Dropped(name, ty) => told(name, "dropped", ty.as_deref(), None),
        ColumnChange::Retyped(name, before, after) => told(name, "retyped", Some(before), Some(after)),
        ColumnChange::NotWritten(name, ty) => told(name, "not written", None, ty.as_deref()),
    }
}
