//! `new-column-not-written`.

use glueline_base::Severity;
use glueline_catalog::{FileFormat, SchemaChange};

use super::added::{Adding, schema_change};
use super::merge_columns;
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "new-column-not-written",
    Data,
    Warning,
    "new_column_not_written.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for adding in cx.own_nodes().filter_map(|node| Adding::of(cx, node)) {
        let node = &adding.node;
        // Older releases of dbt-glue add columns to other formats too.
        if schema_change(node).is_none_or(SchemaChange::adds_columns) {
            continue;
        }
        let can_add = matches!(adding.format, FileFormat::Iceberg | FileFormat::S3tables);
        let way_out = if can_add {
            "Set `on_schema_change` to `append_new_columns`, or rebuild the table with `--full-refresh`."
        } else {
            "Rebuild the table with `--full-refresh`."
        };
        // What a merge goes by fails, and is told as that.
        for column in adding
            .unknown()
            .filter(|column| !merge_columns::names(&adding, &column.name))
        {
            let message = format!(
                "{}`{}` is a column of this query and none of {}: what it holds is dropped without a word. {way_out}",
                adding.when(),
                column.name,
                adding.table()
            );
            let at = adding.place(cx, &column.name);
            let severity = adding.severity.min(Severity::Warning);
            sink.push(node.diagnostic(&RULE.meta, at, message).severity(severity));
        }
    }
}
