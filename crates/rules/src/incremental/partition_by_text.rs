//! `partition-by-text`.

use glueline_base::Fix;
use glueline_catalog::FileFormat;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "partition-by-text",
    Data,
    Error,
    "partition_by_text.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(format @ (FileFormat::Delta | FileFormat::Hudi)) = model::format(cx) else {
        return;
    };
    let Some(set) = cx.config("partition_by").set() else {
        return;
    };
    let Some(columns) = set
        .value
        .value
        .as_str()
        .filter(|text| text.chars().nth(1).is_some())
    else {
        return;
    };
    if !model::is_sql_incremental(cx) {
        return;
    }
    let letters: Vec<String> = columns.chars().take(3).map(String::from).collect();
    let list = edit::list(
        cx,
        set,
        columns
            .split(',')
            .map(str::trim)
            .filter(|column| !column.is_empty()),
    );
    let message = format!(
        "On an incremental `{format}` model `partition_by` must be a list: a text is taken letter by letter, so that the \
         table is partitioned by `{}`, ... Write `{list}`.",
        letters.join("`, `")
    );
    let fix = Fix::safe(format!("Write `{list}`")).replace(set.value_at(), list);
    let severity = match format {
        FileFormat::Delta => model::when_creating(cx),
        _ => RULE.meta.severity,
    };
    sink.push(
        cx.diagnostic(&RULE.meta, set.value_at(), message)
            .severity(severity)
            .fix(fix),
    );
}
