//! `hudi-snapshot-runs-once`.

use glueline_base::Severity;
use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-snapshot-runs-once",
    Fails,
    Error,
    "hudi_snapshot_runs_once.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_snapshot() {
        return;
    }
    let Some(set) = cx.config("file_format").set() else {
        return;
    };
    if set.value.value.as_str() != Some(FileFormat::Hudi.name()) {
        return;
    }
    let severity = match cx.in_catalog() {
        // A table of another format in its place has a rule of its own; an Iceberg or Delta table is taken for the
        // snapshot's own.
        Some(table) if !table.is_iceberg() && !table.is_delta() && table.parameters.is_some() => return,
        Some(_) => Severity::Warning,
        None => cx.later_severity(),
    };
    let message = format!(
        "A Hudi snapshot works once: dbt-glue does not recognise the table that it made, and every run of `{}` after the \
         first fails with `is in another format`. Use `iceberg` or `delta`.",
        cx.node.name
    );
    sink.push(
        cx.diagnostic(&RULE.meta, set.value_at(), message)
            .severity(severity),
    );
}
