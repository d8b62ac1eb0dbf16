//! `partition-transform-in-insert-overwrite`.

use glueline_base::{Spanned, Value};
use glueline_catalog::{FileFormat, Strategy};

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "partition-transform-in-insert-overwrite",
    Sql,
    Error,
    "partition_transform_in_insert_overwrite.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::strategy(cx) != Some(Strategy::InsertOverwrite)
        || model::format(cx).is_none_or(|format| format == FileFormat::Hudi)
    {
        return;
    }
    let Some(set) = cx.config("partition_by").set() else {
        return;
    };
    let items = set
        .value
        .value
        .as_list()
        .unwrap_or(std::slice::from_ref(&set.value));
    let Some((item, transform)) = items.iter().find_map(transform) else {
        return;
    };
    if !model::is_sql_incremental(cx) || model::replaces(cx, &["get_insert_overwrite_sql", "partition_cols"])
    {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`insert overwrite ... partition (...)` takes column names alone, and Spark stops at the bracket of `{transform}`: \
         the second run fails. Partition by a column of its own, or use `merge` or `append`."
    );
    sink.push(
        cx.diagnostic(&RULE.meta, set.at(item.range), message)
            .severity(severity),
    );
}

fn transform(item: &Spanned<Value>) -> Option<(&Spanned<Value>, &str)> {
    let text = item.value.as_str()?;
    text.contains('(').then_some((item, text))
}
