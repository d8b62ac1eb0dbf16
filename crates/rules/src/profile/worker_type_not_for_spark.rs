//! `worker-type-not-for-spark`.

use glueline_base::Diagnostic;
use glueline_catalog::WorkerType;

use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "worker-type-not-for-spark",
    Fails,
    Warning,
    "worker_type_not_for_spark.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(worker) = cx.target.text("worker_type").and_then(WorkerType::parse) else {
        return;
    };
    let Some(why) = worker.facts().unusable else {
        return;
    };
    let message = format!(
        "`{worker}` is no worker type for a Spark session: {why}. Write another, for instance `{}`.",
        WorkerType::G1X
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("worker_type"), message),
    );
}
