//! `iceberg-view-is-a-table`.

use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "iceberg-view-is-a-table",
    Ineffective,
    Warning,
    "iceberg_view_is_a_table.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Iceberg)
        || !model::is_sql_model(cx, "view")
        || model::replaces(cx, &["create_view_as"])
    {
        return;
    }
    let message = format!(
        "With `file_format: iceberg` the view `{}` is made as a table: it is written on each run, and shows what was true \
         then. Take the format out for a view, or say `materialized: table`.",
        cx.node.name
    );
    let at = model::beside(cx, &["file_format", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
