//! `other-format-in-place`.

use glueline_catalog::FileFormat;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "other-format-in-place",
    Fails,
    Warning,
    "other_format_in_place.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(table) = cx.in_catalog() else { return };
    let Some(format) = model::format(cx) else { return };
    let fits = match format {
        FileFormat::Iceberg => table.is_iceberg(),
        // A Delta table that another program registered may say so in another way.
        FileFormat::Delta => !table.is_iceberg(),
        // Nothing tells a Hudi table, and S3 tables are in another catalogue.
        FileFormat::Hudi | FileFormat::S3tables => return,
        _ => !table.is_iceberg() && !table.is_delta(),
    };
    if fits || table.is_view() || !table.is_visible() || !model::is_sql_incremental(cx) {
        return;
    }
    if model::when_adding(cx).is_none() || cx.project.run_options().full_refresh {
        return;
    }
    let is = if table.is_iceberg() {
        "an Iceberg table"
    } else if table.is_delta() {
        "a Delta table"
    } else {
        "neither Iceberg nor Delta"
    };
    let message = format!(
        "What exists as `{}` is {is}, and `{}` is set to `{format}`: dbt-glue does not notice and sends statements for the \
         one to the other. Rebuild it with `--full-refresh`.",
        cx.node.relation().unwrap_or_default(),
        cx.node.name
    );
    let at = model::beside(cx, &["file_format", "materialized", "incremental_strategy"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
