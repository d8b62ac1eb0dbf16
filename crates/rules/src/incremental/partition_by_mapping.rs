//! `partition-by-mapping`.

use glueline_base::{Fix, Value};
use glueline_project::ResourceType;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "partition-by-mapping",
    Sql,
    Error,
    "partition_by_mapping.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("partition_by").set() else {
        return;
    };
    let Value::Map(entries) = &set.value.value else {
        return;
    };
    let Some(field) = set.value.value.get("field") else {
        return;
    };
    let is_written = cx.is_model("table")
        || cx.is_incremental()
        || (cx.node.kind == ResourceType::Snapshot && cx.is_snapshot());
    if !is_written || model::replaces(cx, &["partition_cols"]) {
        return;
    }
    let keys: Vec<&str> = entries.iter().map(|entry| &*entry.key.value).collect();
    let message = format!(
        "`partition_by` is a list of columns on Glue. Of a mapping, dbt-glue takes the keys for columns: `partitioned by \
         ({})`, which Spark does not find in the query.",
        keys.join(",")
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(column) = field.value.as_str() {
        let list = edit::list(cx, set, [column]);
        finding = finding.fix(Fix::needs_consent(format!("Write `{list}`")).replace(set.value_at(), list));
    }
    sink.push(finding);
}
