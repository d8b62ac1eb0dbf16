//! `hudi-table-adds-rows`.

use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-table-adds-rows",
    Data,
    Error,
    "hudi_table_adds_rows.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Hudi)
        || !model::is_sql_model(cx, "table")
        || model::replaces(cx, &["create_table_as", "drop_relation"])
    {
        return;
    }
    let message = format!(
        "From the second run on each run of `{}` adds all of its rows to those that are there: dbt-glue drops the table \
         and creates it anew, and Hudi takes up the files that the drop leaves. Use `incremental` with a `unique_key`, or \
         another format.",
        cx.node.name
    );
    let at = model::beside(cx, &["file_format", "materialized"]);
    let finding = cx.diagnostic(&RULE.meta, at, message);
    sink.push(finding.severity(cx.later_severity()));
}
