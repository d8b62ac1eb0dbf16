//! `insert-overwrite-without-partitions`.

use glueline_base::FileRange;
use glueline_catalog::{FileFormat, Strategy};

use super::{body, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "insert-overwrite-without-partitions",
    Data,
    Error,
    "insert_overwrite_without_partitions.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::strategy(cx) != Some(Strategy::InsertOverwrite)
        || !model::is_falsy(cx, "partition_by")
        || model::format(cx).is_none_or(|format| format == FileFormat::Hudi)
        || !model::is_sql_incremental(cx)
        || model::replaces(cx, &["get_insert_overwrite_sql", "is_incremental"])
    {
        return;
    }
    let Some(call) = body::asks_whether_incremental(cx) else {
        return;
    };
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`insert_overwrite` without `partition_by` replaces the whole table, and `{}` selects less once the table exists: \
         from the second run on only the rows of the last run are left. Set `partition_by`, or use `append` or `merge`.",
        cx.node.name
    );
    let at = model::beside(cx, &["incremental_strategy", "materialized"]);
    let filter = FileRange {
        file: cx.node.file(),
        range: call.site.range,
    };
    let finding = cx.diagnostic(&RULE.meta, at, message).severity(severity);
    sink.push(finding.related(filter, "later runs select other rows from here on"));
}
