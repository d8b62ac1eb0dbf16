//! What has to be asked before data is at stake.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;

use glueline_base::{Cancel, Diagnostic, Group, Severity};
use glueline_plan::{Danger, Effect, Plan};
use glueline_render::{Event, Renderer};
use glueline_rules::Known;
use glueline_run::{Gate, Previewed, Sending};
use glueline_schema::Schemas;
use serde_json::{Value as Json, json};

use super::args::RunArgs;
use super::events::Subject;
use super::{Ready, step_of};
use crate::compile::Surroundings;
use crate::exit::Failure;
use crate::report::{self, clean, counted};
use crate::settings::Settings;

/// What nobody has agreed to yet.
#[derive(Debug, Default)]
pub(super) struct Asks {
    /// What each rule says that a run would do to the data.
    found: Vec<Diagnostic>,
    /// Whose step it is, what it does, and what is lost by it.
    steps: Vec<(String, String, Danger)>,
}

impl Asks {
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.steps.is_empty()
    }
}

/// Finds the steps that take something away from others than the node's own relation, and the errors of rules that say that data will be
/// lost or wrong.
pub(super) fn find(ready: &Ready, settings: &Settings) -> Asks {
    let Ready {
        renderer, preview, ..
    } = ready;
    let project = renderer.project();
    let asked = preview.asks(renderer).into_iter().filter_map(|ask| {
        let whose = Subject::of(renderer, ask.node.node, ask.node.operation.as_deref());
        Some((whose.unique_id, ask.step.title, ask.step.danger?))
    });
    let steps = asked.collect();
    let schemas = Schemas::new(renderer);
    let known = ready.pool.install(|| Known::find(&schemas, None, &Cancel::new()));
    let runs = |found: &Diagnostic| {
        let id = found.node.as_deref();
        preview.nodes.iter().any(|planned| {
            let own = planned.node.map(|node| &*project.node(node).unique_id);
            own.is_some() && own == id
        })
    };
    // What `glueline.toml` says of a rule holds here, too: who turned it off is not asked.
    let found = known
        .iter()
        .flat_map(Known::found)
        .filter(|found| found.group == Group::Data && runs(found))
        .filter_map(|found| settings.levels.apply(found.clone()))
        .filter(|found| found.severity == Severity::Error)
        .collect();
    Asks { found, steps }
}

impl Asks {
    /// What stands for having agreed to this, and to nothing else: files and tables may change until somebody has answered.
    pub(super) fn agreement(&self) -> String {
        let mut hasher = DefaultHasher::new();
        for (node, step, danger) in &self.steps {
            (node, step, danger.harm.name(), &danger.extent, danger.rule).hash(&mut hasher);
        }
        for found in &self.found {
            (found.rule, &found.message, &found.node).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }
}

/// What is asked, as an event.
pub(super) fn event(asks: &Asks, ready: &Ready, around: Surroundings<'_>) -> Json {
    let dangers = asks.steps.iter().map(|(node, step, danger)| {
        json!({"node": node, "step": step, "harm": danger.harm.name(), "extent": danger.extent, "rule": danger.rule})
    });
    let dangers: Vec<Json> = dangers.collect();
    let findings = super::stream::findings(&asks.found, ready.renderer.project(), around.rules);
    json!({"event": "asks", "dangers": dangers, "findings": findings, "agreement": asks.agreement()})
}

/// Prints what is asked.
pub(super) fn write(
    asks: &Asks,
    ready: &Ready,
    prefix: &str,
    around: Surroundings<'_>,
    err: &mut dyn Write,
) -> Result<(), Failure> {
    let project = ready.renderer.project();
    if !asks.found.is_empty() {
        report::write_faults(&asks.found, project, around.rules, prefix, around.color, err)?;
    }
    for (node, step, danger) in &asks.steps {
        let rule = danger.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        writeln!(
            err,
            "{}: {}: {} {}{rule}",
            clean(node),
            clean(step),
            danger.harm.name(),
            clean(&danger.extent)
        )?;
    }
    let count = counted(asks.found.len() + asks.steps.len(), "danger");
    writeln!(
        err,
        "Nothing was sent: {count} to the data. `glueline preview` shows the steps; --yes goes ahead."
    )?;
    Ok(())
}

/// Lets pass what was previewed; what was not, if it is no danger to others.
pub(super) fn gate(renderer: &Renderer, preview: &Plan, args: &RunArgs) -> Box<dyn Gate> {
    let runs = preview.nodes.iter().filter_map(|planned| planned.run.as_ref());
    let events = runs.flat_map(|run| &run.events);
    let seen = events.filter_map(|event| match event {
        Event::Statement(statement) => Some(Sending::Statement(statement)),
        Event::Call(call) => Some(Sending::Call(call)),
        Event::Log(_) => None,
    });
    let (renderer, yes) = (renderer.clone(), args.yes);
    Box::new(Previewed::new(seen, move |sending: Sending<'_>| {
        if yes {
            return Ok(());
        }
        let step = step_of(&renderer, sending);
        match step.danger.filter(Danger::asks) {
            None => Ok(()),
            Some(danger) => Err(format!(
                "not sent, for the preview did not show it: {}: {} {}; --yes goes ahead",
                step.title,
                danger.harm.name(),
                danger.extent
            )),
        }
    }))
}

/// For each node the first statement with which something goes away, by its code, and the query that Spark has to accept before:
/// dbt-glue drops a table before anybody has looked at the query that is to fill it again. And the ids of the nodes whose query depends on
/// rows, so that nobody knows it yet.
pub(super) fn before_loss(renderer: &Renderer, preview: &Plan) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut first, mut open) = (BTreeMap::new(), Vec::new());
    for (planned, steps) in preview.nodes.iter().zip(preview.steps(renderer)) {
        let Some(run) = &planned.run else { continue };
        let code = run
            .compiled
            .as_ref()
            .and_then(|compiled| compiled.code.as_deref());
        // What is no query cannot be looked at without being done.
        let Some(query) = code.filter(|code| glueline_spark::syntax::parse(code).query.is_some()) else {
            continue;
        };
        let loss = run
            .events
            .iter()
            .zip(&steps)
            .find_map(|(event, step)| match event {
                Event::Statement(statement) if step.effect >= Effect::Moves => Some(statement),
                _ => None,
            });
        let Some(statement) = loss else { continue };
        if run
            .compiled
            .as_ref()
            .is_some_and(|compiled| !compiled.unknown.is_empty())
        {
            open.push(Subject::of(renderer, planned.node, planned.operation.as_deref()).unique_id);
        } else {
            first.insert(statement.code.clone(), query.to_owned());
        }
    }
    (first, open)
}
