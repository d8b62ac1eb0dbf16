//! `insert-overwrite-reads-itself`.

use glueline_base::Severity;
use glueline_catalog::{FileFormat, Strategy};

use super::body::{self, ReadFor};
use super::{model, session};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "insert-overwrite-reads-itself",
    Data,
    Error,
    "insert_overwrite_reads_itself.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::strategy(cx) != Some(Strategy::InsertOverwrite)
        || !model::format(cx).is_some_and(is_overwritten_in_place)
        || !model::is_sql_incremental(cx)
    {
        return;
    }
    let Some((read, at)) = body::reads_itself(cx) else {
        return;
    };
    if !body::is_reached_when_adding(cx, &read.site) || model::replaces(cx, &["get_insert_overwrite_sql"]) {
        return;
    }
    let whole_table = model::is_falsy(cx, "partition_by");
    let statically =
        model::truthy(cx, "partition_by").is_some() && session::overwrites_statically(cx).is_some();
    let Some(severity) = model::when_adding(cx).filter(|_| whole_table || statically) else {
        return;
    };
    let what = match body::reads_for(cx, at) {
        ReadFor::Value => {
            "from the second run on Spark deletes the table's files before this subquery reads them, and the table ends up \
             empty. Read the newest value from another table, or overwrite partitions dynamically."
        }
        ReadFor::Lookup => {
            "that is right only as long as Spark's adaptive execution reads this subquery before the table's files are \
             deleted; else the table ends up empty. Overwrite partitions dynamically."
        }
        ReadFor::Rows => {
            "from the second run on Spark refuses the statement, `Can't overwrite the target that is also being read \
             from`. Use `append` or `merge`, or overwrite partitions dynamically."
        }
    };
    let severity = match body::reads_for(cx, at) {
        ReadFor::Lookup => Severity::Warning,
        ReadFor::Value | ReadFor::Rows => severity,
    };
    let message = format!("`{}` reads the table that it overwrites: {what}", cx.node.name);
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}

/// Lake formats write a new version and keep the files of the old one; Spark's own tables do not.
const fn is_overwritten_in_place(format: FileFormat) -> bool {
    matches!(
        format,
        FileFormat::Csv | FileFormat::Json | FileFormat::Orc | FileFormat::Parquet | FileFormat::Text
    )
}
