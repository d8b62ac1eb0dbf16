//! `hudi-snapshot-runs-once`.

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
    // A table of another format in its place has a rule of its own.
    let in_the_way = cx
        .in_catalog()
        .is_some_and(|table| !table.is_iceberg() && !table.is_delta());
    if in_the_way {
        return;
    }
    let message = format!(
        "A Hudi snapshot works once: dbt-glue does not recognise the table that it made, and every run of `{}` after the \
         first fails with `is in another format`. Use `iceberg` or `delta`.",
        cx.node.name
    );
    sink.push(
        cx.diagnostic(&RULE.meta, set.value_at(), message)
            .severity(cx.later_severity()),
    );
}
