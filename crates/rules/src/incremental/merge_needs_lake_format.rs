//! `merge-needs-lake-format`.

use glueline_catalog::Strategy;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "merge-needs-lake-format",
    Fails,
    Error,
    "merge_needs_lake_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("incremental_strategy").set() else {
        return;
    };
    if set.value.value.as_str() != Some(Strategy::Merge.name()) {
        return;
    }
    let Some(format) = model::format(cx).filter(|format| !format.is_transactional()) else {
        return;
    };
    if !cx.is_incremental() || model::replaces(cx, &["dbt_glue_validate_get_incremental_strategy"]) {
        return;
    }
    let whose = if cx.config("file_format").is_unset() {
        " files, the default"
    } else {
        " files"
    };
    let message = format!(
        "dbt-glue cannot `merge` into `{format}`{whose}: each run of `{}` fails. Set `file_format` to `iceberg`, \
         `delta`, `hudi` or `s3tables`, or use `append` or `insert_overwrite`.",
        cx.node.name
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(format) = cx.config("file_format").set() {
        finding = finding.related(format.value_at(), "the format is set here");
    }
    sink.push(finding);
}
