//! `worker-type-needs-newer-glue`.

use glueline_base::Diagnostic;
use glueline_catalog::{GlueVersion, WorkerType};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "worker-type-needs-newer-glue",
    Fails,
    Warning,
    "worker_type_needs_newer_glue.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(worker) = cx.target.text("worker_type").and_then(WorkerType::parse) else {
        return;
    };
    let facts = worker.facts();
    let (Some(since), Some(glue), None) = (facts.since, output::glue_version(cx), facts.unusable) else {
        return;
    };
    // A release without sessions has a rule of its own.
    if glue >= since || glue <= GlueVersion::V2_0 {
        return;
    }
    let message = format!(
        "Glue {glue} has no workers of type `{worker}`, which came with Glue {since}: AWS refuses the session. Raise \
         `glue_version`, or take a smaller worker type."
    );
    let diagnostic = Diagnostic::new(&RULE.meta, cx.target.value_at("worker_type"), message);
    cx.report(
        sink,
        diagnostic.related(cx.target.value_at("glue_version"), "the version"),
    );
}
