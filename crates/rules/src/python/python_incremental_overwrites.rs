//! `python-incremental-overwrites`.

use glueline_base::Severity;
use glueline_catalog::FileFormat;

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::beside;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-incremental-overwrites",
    Data,
    Warning,
    "python_incremental_overwrites.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(format) = model::incremental_format(cx) else {
        return;
    };
    // Iceberg is written as the strategy says; Delta and Hudi fail before.
    if matches!(format, FileFormat::Iceberg | FileFormat::Delta | FileFormat::Hudi) {
        return;
    }
    let reads_part = model::facts(cx)
        .is_some_and(|facts| facts.accesses.iter().any(|name| &*name.value == "is_incremental"));
    let (severity, loss) = if reads_part {
        (
            Severity::Error,
            "rows of earlier runs are lost, because this model then returns new ones alone",
        )
    } else {
        (Severity::Warning, "it is a `python_model` with another name")
    };
    let message = format!(
        "On `{format}` an incremental Python model replaces its table on each run, whatever the strategy: {loss}. Use \
         `file_format=\"iceberg\"`."
    );
    let at = beside(cx, &["file_format", "incremental_strategy", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}
