//! `partitions-differ-from-table`.

use glueline_base::Value;
use glueline_catalog::Strategy;
use glueline_project::Table;

use super::columns;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "partitions-differ-from-table",
    Sql,
    Error,
    "partitions_differ_from_table.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(table) = cx.in_catalog().filter(|table| is_of_spark(table)) else {
        return;
    };
    let is_of_spark = model::format(cx).is_some_and(|format| !format.is_transactional());
    if !is_of_spark
        || model::strategy(cx) != Some(Strategy::InsertOverwrite)
        || !model::is_sql_incremental(cx)
        || columns::replaces(cx)
        || cx.project.run_options().full_refresh
    {
        return;
    }
    let (Some(severity), Some(set)) = (model::when_adding(cx), cx.config("partition_by").set()) else {
        return;
    };
    let Some(names) = names(&set.value.value).filter(|names| !names.is_empty()) else {
        return;
    };
    let is_key = |name: &str| has(&table.partition_keys, name);
    let relation = cx.node.relation().unwrap_or_default();
    let message = if let Some(other) = names
        .iter()
        .find(|name| !is_key(name) && has(&table.columns, name))
    {
        format!("`partition_by` names `{other}`, and `{relation}` is not partitioned by it")
    } else if let Some(other) = table
        .partition_keys
        .iter()
        .find(|key| !names.iter().any(|name| name.eq_ignore_ascii_case(&key.name)))
        && names.iter().all(|name| is_key(name))
    {
        format!(
            "`{relation}` is partitioned by `{}` too, which `partition_by` does not name",
            other.name
        )
    } else {
        return;
    };
    let message =
        format!("{message}: Spark refuses the `insert overwrite`. Rebuild the table with `--full-refresh`.");
    sink.push(
        cx.diagnostic(&RULE.meta, model::beside(cx, &["partition_by"]), message)
            .severity(severity),
    );
}

/// Whether it is a table of one of Spark's own formats, with columns that the catalog knows.
fn is_of_spark(table: &Table) -> bool {
    !table.is_iceberg()
        && !table.is_delta()
        && !table.is_view()
        && table.is_visible()
        && table.known_columns().is_some()
}

fn has(columns: &[glueline_project::StateColumn], name: &str) -> bool {
    columns
        .iter()
        .any(|column| column.name.eq_ignore_ascii_case(name))
}

/// The names in a setting; `None` where not all are known.
fn names(value: &Value) -> Option<Vec<&str>> {
    if let Some(list) = value.as_list() {
        return list
            .iter()
            .map(|item| Some(item.value.as_str()?.trim().trim_matches('`')))
            .collect();
    }
    let parts = value.as_str()?.split(',');
    Some(parts.map(|part| part.trim().trim_matches('`')).collect())
}
