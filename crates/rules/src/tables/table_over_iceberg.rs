//! `table-over-iceberg`.

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "table-over-iceberg",
    Fails,
    Error,
    "table_over_iceberg.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(table) = cx.in_catalog() else { return };
    if !table.is_iceberg() || !table.is_visible() {
        return;
    }
    let Some(format) = cx.file_format() else { return };
    let keeps_iceberg = model::format(cx).is_some_and(glueline_catalog::FileFormat::has_catalog_prefix);
    if keeps_iceberg || !model::is_sql_model(cx, "table") {
        return;
    }
    let message = format!(
        "What exists as `{}` is an Iceberg table, and dbt-glue cannot replace it by one in `{format}`: each run fails with \
         `invalid value 'iceberg_table'`. Drop the table by hand, or keep `file_format: iceberg`.",
        cx.node.relation().unwrap_or_default()
    );
    let at = model::beside(cx, &["file_format", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
