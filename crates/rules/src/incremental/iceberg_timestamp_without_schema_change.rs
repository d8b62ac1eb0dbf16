//! `iceberg-timestamp-without-schema-change`.

use glueline_base::{Fix, Severity};
use glueline_catalog::{FileFormat, SchemaChange};

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "iceberg-timestamp-without-schema-change",
    Sql,
    Warning,
    "iceberg_timestamp_without_schema_change.md",
    Check::GlueNode(check)
);

/// The column that the config adds.
pub(crate) const COLUMN: &str = "update_iceberg_ts";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "add_iceberg_timestamp") else {
        return;
    };
    let change = cx.config("on_schema_change");
    let adds_columns = cx
        .text("on_schema_change")
        .and_then(SchemaChange::parse)
        .is_some_and(SchemaChange::adds_columns);
    if model::format(cx) != Some(FileFormat::Iceberg)
        || change.is_unknown()
        || adds_columns
        || !model::is_sql_incremental(cx)
        || cx.project.files().text(cx.node.file()).contains(COLUMN)
    {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`add_iceberg_timestamp` works on the first run alone: later runs stage the rows without `{COLUMN}` and then \
         select it, which Spark refuses. Set `on_schema_change` to `append_new_columns`."
    );
    let severity = severity.min(Severity::Warning);
    let mut finding = model::at_setting(cx, &RULE.meta, set, set.key_at(), message).severity(severity);
    let wanted = SchemaChange::AppendNewColumns.name();
    let title = format!("Set `on_schema_change` to `{wanted}`");
    if let Some(change) = change.set() {
        let fix = Fix::needs_consent(title).replace(change.value_at(), edit::text(cx, change, wanted));
        finding = finding.fix(fix);
    } else if let Some((at, text)) = edit::another(cx, set, "on_schema_change", wanted) {
        finding = finding.fix(Fix::needs_consent(title).insert_after(at, text));
    }
    sink.push(finding);
}
