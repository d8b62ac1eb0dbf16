//! `s3tables-view`.

use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "s3tables-view",
    Sql,
    Warning,
    "s3tables_view.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::S3tables)
        || !model::is_sql_model(cx, "view")
        || model::replaces(cx, &["create_view_as"])
    {
        return;
    }
    let message = format!(
        "With `file_format: s3tables` dbt-glue sends `create view` into the catalogue of the table bucket for `{}`: that \
         catalogue has no views, and nothing replaces one that exists. Take the format out, or make it a table.",
        cx.node.name
    );
    let at = model::beside(cx, &["file_format", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
